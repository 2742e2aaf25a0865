//! The page of a rule as text for a terminal: its Markdown without the marks. It knows the Markdown that pages are written
//! in, one line for a paragraph or an item of a list, and nothing else of it.

use std::collections::HashSet;
use std::iter::Peekable;
use std::str::Lines;

use super::paint::{Paint, columns};
use super::wrap::{BOUND, wrap};

/// Lines of text longer than this are hard to read, however wide the terminal is.
const MAX_WIDTH: usize = 100;

/// Terminals narrower than this get lines of this many columns.
const MIN_WIDTH: usize = 30;

/// Code with spaces in it stays on one line up to this length.
const MAX_BOUND: usize = 30;

/// The body of a page in lines of at most `width` columns, except for code, which stays as it is.
pub(crate) fn render(body: &str, width: usize, paint: Paint) -> String {
    let width = width.clamp(MIN_WIDTH, MAX_WIDTH);
    let mut page = Page { paint, width, text: String::with_capacity(body.len()), linked: HashSet::new() };
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            page.code(info, &mut lines);
        } else if line.starts_with('|') {
            page.table(line, &mut lines);
        } else if let Some(item) = line.strip_prefix("- ") {
            let item = page.inline(item);
            page.text.push_str(&format!("- {}\n", wrap(&item, width, 2, 2)));
        } else if line.starts_with('#') {
            let heading = page.inline(line.trim_start_matches('#').trim());
            page.text.push_str(&format!("{}\n", paint.bold(heading)));
        } else {
            let paragraph = page.inline(line);
            page.text.push_str(&format!("{}\n", wrap(&paragraph, width, 0, 0)));
        }
    }
    page.text
}

struct Page<'p> {
    paint: Paint,
    width: usize,
    text: String,
    /// The addresses that were shown already.
    linked: HashSet<&'p str>,
}

impl<'p> Page<'p> {
    /// A block of code, indented, under the name of its file.
    fn code(&mut self, info: &str, lines: &mut Peekable<Lines<'p>>) {
        if let Some((_, file)) = info.split_once(' ') {
            self.text.push_str(&format!("  {}\n", self.paint.quiet(file)));
        }
        for line in lines.by_ref().take_while(|line| !line.starts_with("```")) {
            let indent = if line.is_empty() { "" } else { "    " };
            self.text.push_str(&format!("{indent}{line}\n"));
        }
    }

    /// A table, its columns aligned; the last one is wrapped.
    fn table(&mut self, head: &'p str, lines: &mut Peekable<Lines<'p>>) {
        let mut rows = vec![self.cells(head)];
        while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
            if !line.starts_with("|-") {
                rows.push(self.cells(line));
            }
        }
        let longest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell)).max();
        let widths: Vec<usize> = (0..rows[0].len()).filter_map(longest).collect();
        for (number, row) in rows.iter().enumerate() {
            let mut line = String::from("  ");
            for (cell, width) in row.iter().zip(&widths).take(row.len() - 1) {
                line.push_str(&format!("{cell}{:1$}", "", width + 2 - columns(cell)));
            }
            let used = columns(&line);
            // Beside columns that leave no room, a cell stands below them.
            let (used, start) = if used + 20 > self.width { (6, "\n      ") } else { (used, "") };
            let last = wrap(row.last().map_or("", String::as_str), self.width, used, used);
            let line = format!("{}{start}{last}", if start.is_empty() { &line } else { line.trim_end() });
            self.text.push_str(&if number == 0 { self.paint.bold(line) } else { line });
            self.text.push('\n');
        }
    }

    fn cells(&mut self, line: &'p str) -> Vec<String> {
        let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").collect();
        cells.into_iter().map(|cell| self.inline(cell.trim())).collect()
    }

    /// Text without the marks of code, bold words and links.
    fn inline(&mut self, text: &'p str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['`', '*', '[']) {
            shown.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some((code, after)) = between(rest, "`", "`") {
                shown.push_str(&self.paint.quiet(bound(code)));
                rest = after;
            } else if let Some((bold, after)) = between(rest, "**", "**") {
                let bold = self.inline(bold);
                shown.push_str(&self.paint.bold(bold));
                rest = after;
            } else if let Some((words, after)) = between(rest, "[", "](")
                && let Some((address, after)) = after.split_once(')')
            {
                let link = self.link(words, address);
                shown.push_str(&link);
                rest = after;
            } else {
                let (mark, after) = rest.split_at(1);
                shown.push_str(mark);
                rest = after;
            }
        }
        shown + rest
    }

    /// The words of a link and, the first time, its address. Pages of rules are known by the rule's id.
    fn link(&mut self, words: &'p str, address: &'p str) -> String {
        let shown = self.inline(words);
        let is_new = address.contains("://") && address != words && self.linked.insert(address);
        if is_new { format!("{shown} ({})", self.paint.quiet(address)) } else { shown }
    }
}

/// What stands between two marks at the start of a text, and what follows them.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<(&'t str, &'t str)> {
    text.strip_prefix(start)?.split_once(end)
}

/// Code that is not broken, unless it is long.
fn bound(code: &str) -> String {
    if code.chars().count() > MAX_BOUND { code.to_owned() } else { code.replace(' ', &BOUND.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::{columns, render};
    use crate::report::paint::{Paint, without_styles};
    use crate::report::rule_list;

    const PAGE: &str = "# RULE\n\nIt reports `int32 a` and **bold `x`** [words](https://a.example/b), see [OTHER](OTHER.md), \
                        [again](https://a.example/b), <https://c.example> and 2 * 3 [not a link].\n\n## Bad\n\n\
                        - one\n- two words that are longer\n\n\
                        ```proto a/b.proto\nmessage `M` {\n\n  [x](y) **z**\n}\n```\n\n\
                        | from | to |\n|---|---|\n| `int32`, `bool` | each other |\n| an enum | another with all of its numbers |\n";

    #[test]
    fn marks_are_gone() {
        assert_eq!(
            render(PAGE, 50, Paint::new(false)),
            "RULE\n\nIt reports int32 a and bold x words\n(https://a.example/b), see OTHER, again,\n<https://c.example> and 2 * 3 \
             [not a link].\n\nBad\n\n- one\n- two words that are longer\n\n  a/b.proto\n    message `M` {\n\n      [x](y) **z**\n    }\n\n  \
             from         to\n  int32, bool  each other\n  an enum      another with all of its numbers\n"
        );
        let narrow = render(PAGE, 30, Paint::new(false));
        assert!(narrow.contains("\n  an enum\n      another with all of its\n      numbers\n"), "{narrow}");
    }

    #[test]
    fn colours_change_no_text() {
        let colored = render(PAGE, 50, Paint::new(true));
        assert!(colored.starts_with("\u{1b}[1mRULE\u{1b}[0m\n"), "{colored}");
        assert_eq!(without_styles(&colored), render(PAGE, 50, Paint::new(false)));
    }

    /// Only code and addresses, which cannot be broken, may be longer than the terminal is wide.
    #[test]
    fn all_pages_fit() {
        for rule in rule_list::all() {
            let body = rule.page.body();
            for width in [60, 100, 200] {
                let text = render(body, width, Paint::new(false));
                for line in text.lines().filter(|line| !line.starts_with("  ")) {
                    let is_one_word = !line.trim_start_matches("- ").contains(' ');
                    assert!(columns(line) <= width.min(100) || is_one_word, "{} at {width}: {line}", rule.id);
                    assert!(
                        !line.contains("](") && !line.starts_with('#') && !line.contains("**"),
                        "{}: {line}",
                        rule.id
                    );
                }
            }
        }
    }
}
