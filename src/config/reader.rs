//! Reads values of the types that a configuration wants, and reports those of other types. It does not depend on what
//! the values are for.

use std::collections::BTreeMap;
use std::fmt;

use super::names::{listed, shortened};
use super::raw::{Entry, Node, Value};
use crate::finding::{Finding, Label};
use crate::nearest::nearest;
use crate::rules::compile::CONFIG_INVALID;
use crate::source::{FileId, Place, Span};

/// A mapping with a fixed set of keys.
pub(super) struct Section {
    /// As the path of its key, such as `check.options`; empty for the whole file.
    pub(super) path: &'static str,
    pub(super) keys: &'static [&'static str],
}

/// A string and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}

/// As messages name it.
impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shortened(&self.text))
    }
}

/// The entries of a section by key; those without a value are left out.
pub(super) type Fields<'n> = BTreeMap<&'static str, &'n Entry>;

/// Reads values, gathering what is wrong.
pub(super) struct Reader {
    pub(super) file: FileId,
    pub(super) findings: Vec<Finding>,
}

impl Reader {
    pub(super) fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    /// Reports what is wrong at a place, and what to do.
    pub(super) fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> &mut Finding {
        let finding = Finding::error(CONFIG_INVALID.id, self.place(span), message).help(help);
        let last = self.findings.len();
        self.findings.push(finding);
        &mut self.findings[last]
    }

    /// The entries of a section. `sections` are all there are, to say where a key belongs instead.
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node,
        key: Span,
        section: &Section,
        sections: &[Section],
    ) -> Fields<'n> {
        let mut fields = Fields::new();
        for (word, entry) in self.entries(node, key, section.path, || format!("keys are {}", listed(section.keys))) {
            match section.keys.iter().find(|known| **known == word.text) {
                Some(_) if matches!(entry.value.value, Value::Null) => {}
                Some(known) => {
                    fields.insert(known, entry);
                }
                None => self.unknown_key(&word, section, sections),
            }
        }
        fields
    }

    fn unknown_key(&mut self, word: &Word, section: &Section, sections: &[Section]) {
        let elsewhere = sections.iter().find(|section| section.keys.contains(&word.text.as_str()));
        let help = match (elsewhere, nearest(&word.text, section.keys.iter().copied())) {
            (Some(Section { path: "", .. }), _) => format!("`{word}` belongs at the top level, without indentation"),
            (Some(section), _) => format!("`{word}` belongs under `{}`", section.path),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!("keys are {}", listed(section.keys)),
        };
        let within = if section.path.is_empty() { String::new() } else { format!(" in `{}`", section.path) };
        self.fault(word.span, format!("unknown key `{word}`{within}"), help);
    }

    /// The entries of a mapping, the first for each key; `name` is what the mapping is called, empty for the file.
    pub(super) fn entries<'n>(
        &mut self,
        node: &'n Node,
        key: Span,
        name: &str,
        help: impl Fn() -> String,
    ) -> Vec<(Word, &'n Entry)> {
        let subject = if name.is_empty() { "the file".to_owned() } else { format!("`{name}`") };
        let entries = match &node.value {
            Value::Null => return Vec::new(),
            Value::Mapping(entries) => entries,
            other => {
                let span = blame(node, key);
                self.fault(span, format!("{subject} is {}, not a mapping", found(other)), help());
                return Vec::new();
            }
        };
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        let mut known = Vec::new();
        for entry in entries {
            let span = entry.key.span;
            let Some(text) = scalar(&entry.key.value) else {
                self.fault(
                    span,
                    format!("a key of {subject} is {}", found(&entry.key.value)),
                    "write a name as the key",
                );
                continue;
            };
            if let Some(&earlier) = first.get(&text) {
                let label = Label { place: self.place(earlier), text: "first set here".to_owned() };
                let message = format!("`{}` is set twice", shortened(&text));
                self.fault(span, message, "merge the two").labels.push(label);
                continue;
            }
            first.insert(text.clone(), span);
            known.push((Word { text, span }, entry));
        }
        known
    }

    /// The items of a list of strings.
    pub(super) fn words(&mut self, entry: &Entry) -> Vec<Word> {
        let name = name_of(entry);
        match &entry.value.value {
            Value::List(items) => items.iter().filter_map(|item| self.item(item, &name)).collect(),
            other => {
                let help = match scalar(other) {
                    Some(text) => format!("write it in brackets: {name}: [{}]", quoted(&shortened(&text))),
                    None => "write a list".to_owned(),
                };
                self.fault(
                    blame(&entry.value, entry.key.span),
                    format!("`{name}` is {}, not a list", found(other)),
                    help,
                );
                Vec::new()
            }
        }
    }

    /// A string, or the items of a list of strings.
    pub(super) fn word_or_words(&mut self, entry: &Entry) -> Vec<Word> {
        match &entry.value.value {
            Value::Text(text) => vec![Word { text: text.clone(), span: entry.value.span }],
            _ => self.words(entry),
        }
    }

    fn item(&mut self, item: &Node, name: &str) -> Option<Word> {
        if let Value::Text(text) = &item.value {
            return Some(Word { text: text.clone(), span: item.span });
        }
        let help = match (&item.value, scalar(&item.value)) {
            (Value::Null, _) => "remove it".to_owned(),
            (_, Some(text)) => format!("put it in quotes: \"{text}\""),
            (_, None) => "write one string for each item".to_owned(),
        };
        self.fault(item.span, format!("an item of `{name}` is {}, not a string", found(&item.value)), help);
        None
    }

    /// A string.
    pub(super) fn word(&mut self, entry: &Entry) -> Option<Word> {
        if let Value::Text(text) = &entry.value.value {
            return Some(Word { text: text.clone(), span: entry.value.span });
        }
        let help = match scalar(&entry.value.value) {
            Some(text) => format!("put it in quotes: \"{text}\""),
            None => "write one string".to_owned(),
        };
        self.wrong(entry, "a string", help);
        None
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, entry: &Entry) -> Option<bool> {
        if let Value::Bool(value) = entry.value.value {
            return Some(value);
        }
        self.wrong(entry, "`true` or `false`", "write true or false, without quotes");
        None
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong(&mut self, entry: &Entry, expected: &str, help: impl Into<String>) {
        let name = name_of(entry);
        let message = format!("`{name}` is {}, not {expected}", found(&entry.value.value));
        self.fault(blame(&entry.value, entry.key.span), message, help);
    }
}

/// Where to report a value of the wrong type: scalars themselves, what has parts at the key.
fn blame(node: &Node, key: Span) -> Span {
    if scalar(&node.value).is_some() { node.span } else { key }
}

/// The key of an entry as messages name it.
fn name_of(entry: &Entry) -> String {
    shortened(&scalar(&entry.key.value).unwrap_or_default()).into_owned()
}

/// The text of a scalar.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::OtherNumber(text) | Value::Text(text) => Some(text.clone()),
        Value::List(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}

/// A value as messages name it.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(value) => format!("the number `{value}`"),
        Value::OtherNumber(text) => format!("the number `{text}`"),
        Value::Text(text) => format!("the string `{}`", shortened(text)),
        Value::List(_) => "a list".to_owned(),
        Value::Mapping(_) => "a mapping".to_owned(),
        Value::Tagged(tag) => format!("a value with the tag `{}`", shortened(tag)),
    }
}

/// As YAML writes it in a list in brackets.
fn quoted(text: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '/' | '-');
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}
