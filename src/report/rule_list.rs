//! The list of all rules: for people at a terminal, as a table with a line for each rule, as Markdown, or as JSON for
//! programs.

use std::fmt::Write;

use serde::Serialize;

use super::explain::fixable_mark;
use super::paint::Paint;
use super::wrap::{BOUND, wrap};
use crate::finding::Severity;
use crate::rules::{self, Family, Rule};

/// One rule, as JSON has it.
#[derive(Serialize)]
pub(crate) struct Row {
    id: &'static str,
    groups: Vec<&'static str>,
    severity: &'static str,
    summary: &'static str,
    /// Whether it is on here.
    on: bool,
    /// `none`, or how safely its findings can be fixed: `safe` or `unsafe`.
    fix: &'static str,
    /// Whether the configuration declares it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    own: bool,
    #[serde(skip)]
    rule: &'static Rule,
    #[serde(skip)]
    level: Severity,
}

/// All built-in rules, those of the language last.
pub(crate) fn all() -> Vec<&'static Rule> {
    let switchable = rules::lint_rules().into_iter().chain(rules::breaking_rules());
    switchable.chain(rules::compile_rules()).collect()
}

/// A row for each built-in rule and each of one's own, of which those that are `on` matter as much as is said there.
pub(crate) fn rows(own: impl Iterator<Item = &'static Rule>, on: &[(&'static str, Severity)]) -> Vec<Row> {
    let row = |rule: &'static Rule| {
        let here = on.iter().find(|(known, _)| *known == rule.id);
        let level = here.map_or(rule.page.severity, |(_, severity)| *severity);
        Row {
            id: rule.id,
            groups: rule.page.groups().collect(),
            severity: level.name(),
            summary: rule.page.summary,
            on: here.is_some(),
            fix: rule.page.fix,
            own: rule.own().is_some(),
            rule,
            level,
        }
    };
    all().into_iter().chain(own).map(row).collect()
}

impl Row {
    fn star(&self) -> &'static str {
        if self.on { "*" } else { " " }
    }

    fn mark(&self) -> Option<&'static str> {
        (self.fix != "none").then(|| fixable_mark(self.fix == "safe"))
    }

    /// The summary and the mark, in lines of `width` columns that begin with `indent` spaces.
    fn summary(&self, paint: Paint, width: usize, indent: usize) -> String {
        let mark = self.mark().map(|mark| paint.quiet(mark.replace(' ', &BOUND.to_string())));
        let text = mark.map_or(self.summary.to_owned(), |mark| format!("{} {mark}", self.summary));
        wrap(&text, width, indent, indent)
    }
}

/// A table with a line for each rule.
pub(crate) fn table(rows: &[Row], paint: Paint) -> String {
    let width = |text: fn(&Row) -> usize| rows.iter().map(text).max().unwrap_or_default();
    let (ids, groups) = (width(|row| row.id.len()), width(|row| row.groups.join(" ").len()));
    let mut text = format!("on  {:ids$}  severity  {:groups$}  summary\n", "id", "groups");
    for row in rows {
        let severity = severity(row, paint);
        let (id, star, group) = (row.id, row.star(), row.groups.join(" "));
        let summary = row.summary(paint, usize::MAX, 0);
        let _ = writeln!(text, "{star}   {id:ids$}  {severity}  {group:groups$}  {summary}");
    }
    text
}

/// The severity in the columns of its heading, in its colour where the rule is on.
fn severity(row: &Row, paint: Paint) -> String {
    let padding = " ".repeat("severity".len() - row.severity.len());
    let severity = if row.on { paint.loud(row.level, row.severity) } else { row.severity.to_owned() };
    format!("{severity}{padding}")
}

/// Summaries in fewer columns than this would have a word or two in a line.
const MIN_SUMMARY: usize = 36;

/// A section for each kind of rule, whose lines have at most `width` columns. Ids are never cut: where they leave no
/// room, the rest stands below them.
pub(crate) fn sections(rows: &[Row], width: usize, paint: Paint) -> String {
    let kind = |row: &&Row| match Family::of(row.rule) {
        _ if row.own => "own rule",
        Some(Family::Lint) => "lint rule",
        Some(Family::Breaking) => "breaking rule",
        None => "compile rule",
    };
    let mut text = String::new();
    for kind_name in ["lint rule", "breaking rule", "compile rule", "own rule"] {
        let rows: Vec<&Row> = rows.iter().filter(|row| kind(row) == kind_name).collect();
        if rows.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        section(&mut text, kind_name, &rows, width, paint);
    }
    text
}

fn section(text: &mut String, kind: &str, rows: &[&Row], width: usize, paint: Paint) {
    let widest = |text: fn(&Row) -> usize| rows.iter().map(|row| text(row)).max().unwrap_or_default();
    let (ids, groups) = (widest(|row| row.id.len()), widest(|row| row.groups.join(" ").len()));
    let indent = "on  ".len() + ids + "  severity  ".len();
    let groups = if groups > 0 { groups.max("groups".len()) + 2 } else { 0 };
    let groups = if indent + groups + MIN_SUMMARY <= width { groups } else { 0 };
    if indent + MIN_SUMMARY <= width {
        let title = if groups > 0 { "groups" } else { "" };
        let _ = writeln!(text, "{}", paint.bold(format_args!("on  {kind:ids$}  severity  {title:groups$}summary")));
        for row in rows {
            let (id, summary) = (named(row, paint), row.summary(paint, width, indent + groups));
            let (padding, severity) = (ids - row.id.len(), severity(row, paint));
            let group = if groups > 0 { row.groups.join(" ") } else { String::new() };
            let _ = writeln!(text, "{}   {id}{:padding$}  {severity}  {group:groups$}{summary}", row.star(), "");
        }
        return;
    }
    let _ = writeln!(text, "{}", paint.bold(format_args!("on  {kind}")));
    let indent = "    severity  ".len();
    for row in rows {
        let (id, summary) = (named(row, paint), row.summary(paint, width, indent));
        let _ = writeln!(text, "{}   {id}\n    {}  {summary}", row.star(), severity(row, paint));
    }
}

/// The id, which stands out where the rule is on.
fn named(row: &Row, paint: Paint) -> String {
    if row.on { paint.bold(row.id) } else { row.id.to_owned() }
}

/// A table in Markdown, in which ids are links to the pages.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text = String::from("| rule | severity | groups | on | fix | summary |\n|---|---|---|---|---|---|\n");
    for row in rows {
        let fix = match row.fix {
            "safe" => "`--fix`",
            "unsafe" => "`--fix --unsafe`",
            _ => "",
        };
        let id = row.rule.url().map_or(row.id.to_owned(), |url| format!("[{}]({url})", row.id));
        let (severity, groups) = (row.severity, row.groups.join(", "));
        let (on, summary) = (if row.on { "on" } else { "" }, row.summary.replace('|', "\\|"));
        let _ = writeln!(text, "| {id} | {severity} | {groups} | {on} | {fix} | {summary} |");
    }
    text
}

/// A JSON object for each rule, a line each.
pub(crate) fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| serde_json::to_string(row).expect("a row is plain data") + "\n";
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{all, markdown, rows, sections, table};
    use crate::finding::Severity;
    use crate::report::paint::{Paint, columns, without_styles};

    fn lists(width: usize) -> (String, String) {
        let rows = rows(std::iter::empty(), &[("SERVICE_SUFFIX", Severity::Warning)]);
        (sections(&rows, width, Paint::new(false)), sections(&rows, width, Paint::new(true)))
    }

    #[test]
    fn a_terminal_of_any_width_shows_whole_ids() {
        for width in 60..140 {
            let (plain, colored) = lists(width);
            assert_eq!(without_styles(&colored), plain);
            for line in plain.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
            for rule in all() {
                let is_row = |line: &str| line.get(4..).is_some_and(|rest| rest.split(' ').next() == Some(rule.id));
                assert_eq!(plain.lines().filter(|line| is_row(line)).count(), 1, "{} at {width}", rule.id);
            }
        }
    }

    #[test]
    fn narrow_terminals_have_the_summary_below_the_id() {
        let (narrow, colored) = lists(60);
        let row =
            "*   SERVICE_SUFFIX\n    warning   service names end in Service\n              [fixable with --unsafe]\n";
        assert!(narrow.contains(row), "{narrow}");
        let row = "*   \u{1b}[1mSERVICE_SUFFIX\u{1b}[0m\n    \u{1b}[1;33mwarning\u{1b}[0m   service";
        assert!(colored.contains(row), "{colored}");
    }

    #[test]
    fn wide_terminals_have_groups() {
        let (wide, _) = lists(160);
        let row = |id: &str| wide.lines().find(|line| line.contains(&format!(" {id} "))).unwrap_or_default();
        assert_eq!(
            row("SERVICE_SUFFIX").split_whitespace().collect::<Vec<_>>()[..5],
            ["*", "SERVICE_SUFFIX", "warning", "STANDARD", "service"]
        );
        assert!(!lists(100).0.contains(" STANDARD "));
    }

    #[test]
    fn other_formats_have_a_line_for_each_rule() {
        let rows = rows(std::iter::empty(), &[("SERVICE_SUFFIX", Severity::Warning)]);
        let (table, markdown) = (table(&rows, Paint::new(false)), markdown(&rows));
        assert_eq!((table.lines().count(), markdown.lines().count()), (all().len() + 1, all().len() + 2));
        let row = "| [SERVICE_SUFFIX](https://github.com/protolint-rs/protolint/blob/main/rules/lint/SERVICE_SUFFIX.md) \
                   | warning | STANDARD | on | `--fix --unsafe` | service names end in Service |\n";
        assert!(markdown.contains(row), "{markdown}");
        assert!(table.contains("service names end in Service [fixable with --unsafe]\n"), "{table}");
    }
}
