//! Descriptions and defaults of keys, from a configuration that has them all: the comments above a key, which hold for
//! the keys below it too as far as there is no empty line, and its value.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::config::raw::{self, Value};
use crate::config::validate::SECTIONS;

/// What is said of keys, by the path of their section and their name.
pub(super) struct Described<'t> {
    comments: BTreeMap<(String, &'t str), String>,
    values: BTreeMap<(String, String), Json>,
}

/// Keys whose value in that file is not what holds without them.
const NO_DEFAULTS: [&str; 2] = ["version", "preset"];

impl<'t> Described<'t> {
    pub(super) fn new(text: &'t str) -> Described<'t> {
        let mut values = BTreeMap::new();
        if let Ok(root) = raw::read(text) {
            defaults(&root.value, "", &mut values);
        }
        Described { comments: comments(text), values }
    }

    /// Adds the description of a key to its schema.
    pub(super) fn describe(&self, schema: &mut Json, section: &str, key: &str) {
        if let Some(comment) = self.comments.get(&(described_at(section).to_owned(), key)) {
            schema["description"] = json!(comment);
        }
    }

    /// The same, and its default.
    pub(super) fn add_to(&self, schema: &mut Json, section: &str, key: &str) {
        self.describe(schema, section, key);
        if let Some(value) = self.values.get(&(section.to_owned(), key.to_owned())) {
            schema["default"] = value.clone();
        }
    }
}

impl Described<'_> {
    /// What is said of each key of a section: its comment, and what holds without it.
    pub(super) fn all(&self, section: &str) -> Vec<(String, String)> {
        let section = described_at(section);
        let of_key = |((of, key), comment): (&(String, &str), &String)| {
            let default = self.values.get(&(of.clone(), (*key).to_owned())).filter(|value| !value.is_null());
            let default = default.map_or(String::new(), |value| format!("\n\nDefault: `{value}`"));
            (of == section).then(|| ((*key).to_owned(), format!("{comment}{default}")))
        };
        self.comments.iter().filter_map(of_key).collect()
    }
}

/// Where the keys of a section are described.
fn described_at(section: &str) -> &str {
    if section.starts_with("deprecation.per_stability.") { "deprecation" } else { section }
}

/// A key in the section of that path, `check.options` for example.
fn is_key(section: &str, key: &str) -> bool {
    SECTIONS.iter().any(|known| known.path == section && known.keys.contains(&key))
}

fn below(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

fn comments(text: &str) -> BTreeMap<(String, &str), String> {
    let mut comments = BTreeMap::new();
    // The path of the section at each level of indentation.
    let mut sections = vec![String::new()];
    let (mut above, mut is_used) = (String::new(), false);
    for line in text.lines() {
        let content = line.trim_start();
        let level = (line.len() - content.len()) / 2;
        if content.is_empty() {
            (above, is_used) = (String::new(), false);
            continue;
        }
        sections.truncate(level + 1);
        let section = sections.last().cloned().unwrap_or_default();
        let comment = content.strip_prefix("# ");
        let key = comment.unwrap_or(content).split(':').next().unwrap_or_default();
        if is_key(&section, key) {
            if !above.is_empty() {
                comments.insert((section.clone(), key), above.clone());
            }
            is_used = true;
            if comment.is_none() {
                sections.push(below(&section, key));
            }
        } else if let Some(comment) = comment {
            if is_used {
                (above, is_used) = (String::new(), false);
            }
            add_line(&mut above, comment);
        }
    }
    comments
}

/// Sentences go on in the next line; examples and items of a list have lines of their own.
fn add_line(above: &mut String, comment: &str) {
    let is_own_line = |line: &str| line.starts_with(['-', '"', ' ']) || line.contains("_") && line.contains(": ");
    if !above.is_empty() {
        let is_apart = is_own_line(comment) || above.lines().last().is_some_and(is_own_line);
        above.push(if is_apart { '\n' } else { ' ' });
    }
    above.push_str(comment);
}

fn defaults(value: &Value, section: &str, values: &mut BTreeMap<(String, String), Json>) {
    let Value::Mapping(entries) = value else { return };
    for entry in entries {
        let Value::Text(key) = &entry.key.value else { continue };
        let path = below(section, key);
        if SECTIONS.iter().any(|known| known.path == path && matches!(entry.value.value, Value::Mapping(_))) {
            defaults(&entry.value.value, &path, values);
        } else if !NO_DEFAULTS.contains(&key.as_str()) {
            values.insert((section.to_owned(), key.clone()), as_json(&entry.value.value));
        }
    }
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Number(value) => json!(value),
        Value::OtherNumber(text) | Value::Text(text) | Value::Tagged(text) => json!(text),
        Value::List(items) => items.iter().map(|item| as_json(&item.value)).collect(),
        Value::Mapping(entries) => {
            let named = entries.iter().filter_map(|entry| match &entry.key.value {
                Value::Text(key) => Some((key.clone(), as_json(&entry.value.value))),
                _ => None,
            });
            Json::Object(named.collect::<Map<_, _>>())
        }
    }
}
