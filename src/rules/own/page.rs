//! The page of a rule of one's own: what the configuration says of it, as Markdown. It does not know what expressions
//! mean.

use std::fmt::Write;

use super::{Declaration, Example, Kind};
use crate::rules::Page;

/// Summaries are cut here, in characters.
const MAX_SUMMARY: usize = 80;

/// The page of a rule, which is never freed.
pub(super) fn page(declaration: &Declaration) -> Page {
    Page::own(String::leak(text(declaration)), String::leak(summary(declaration)), declaration.severity)
}

/// What must hold, in one line.
fn summary(declaration: &Declaration) -> String {
    let plural = format!("{}s", declaration.on.noun());
    let text = match (declaration.require.trim(), &declaration.condition) {
        ("false", Some(condition)) => format!("no {} satisfies `{}`", declaration.on.noun(), one_line(condition)),
        ("false", None) => format!("there are no {plural}"),
        (require, _) => format!("{plural} satisfy `{}`", one_line(require)),
    };
    match text.char_indices().nth(MAX_SUMMARY) {
        Some((end, _)) => format!("{}…`", &text[..end]),
        None => text,
    }
}

/// A text with each run of white space as one space, and no control characters.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn text(declaration: &Declaration) -> String {
    let Declaration { id, on, condition, require, message, help, at, severity, docs, good, bad } = declaration;
    let mut text = format!("# {id}\n\n{}\n", what(*on, condition.is_some()));
    if let Some(help) = help {
        let _ = write!(text, "\nWhat to do: {}\n", one_line(help));
    }
    if let Some(docs) = docs {
        let docs = one_line(docs);
        let link = if is_address(&docs) { format!("<{docs}>") } else { format!("`{docs}`") };
        let _ = write!(text, "\nMore about it: {link}\n");
    }
    text.push_str("\n## Rule\n\n```yaml\n");
    let at = at.name();
    let lines = [("on", Some(on.name())), ("where", condition.as_deref()), ("require", Some(require))];
    let more = [("message", message.as_deref()), ("at", Some(at.as_ref())), ("severity", Some(severity.name()))];
    for (key, value) in lines.into_iter().chain(more) {
        if let Some(value) = value {
            key_and_value(&mut text, key, value);
        }
    }
    text.push_str("```\n");
    examples(&mut text, "Bad", bad);
    examples(&mut text, "Good", good);
    text
}

fn what(on: Kind, has_condition: bool) -> String {
    let about = if has_condition { " that satisfies `where`" } else { "" };
    let found = if on == Kind::Change { " that `breaking` finds" } else { "" };
    format!("This rule of the configuration reports each {}{found}{about}, unless it satisfies `require`.", on.noun())
}

/// Whether documentation is on the web.
pub(crate) fn is_address(docs: &str) -> bool {
    docs.starts_with("https://") || docs.starts_with("http://")
}

/// A key with a value of one line, or of several.
fn key_and_value(text: &mut String, key: &str, value: &str) {
    let value = value.trim_end();
    match value.contains('\n') {
        true => {
            let _ = writeln!(text, "{key}: |");
            value.lines().for_each(|line| code(text, "  ", line));
        }
        false => code(text, "", &format!("{key}: {value}")),
    }
}

fn examples(text: &mut String, title: &str, examples: &[Example]) {
    if examples.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {title}\n");
    for example in examples {
        let files = match example {
            Example::File(file) => vec![("proto", file)],
            Example::Change { before, after } => vec![("proto before", before), ("proto after", after)],
        };
        for (info, file) in files {
            let _ = write!(text, "\n```{info}\n");
            file.trim_end().lines().for_each(|line| code(text, "", line));
            text.push_str("```\n");
        }
    }
}

/// A line of code: without control characters, and not the end of the block it is in.
fn code(text: &mut String, indent: &str, line: &str) {
    let guard = if indent.is_empty() && line.starts_with("```") { " " } else { "" };
    let line = line.trim_end().replace(|letter: char| letter.is_control() && letter != '\t', "\u{fffd}");
    let _ = writeln!(text, "{guard}{}{line}", if line.is_empty() { "" } else { indent });
}
