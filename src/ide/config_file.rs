//! The configuration in an editor: what is wrong with the text of `protolint.yaml`, `buf.yaml`, a baseline file or
//! accepted changes, and in the former two which keys and rules may stand at a place, and what they mean.

mod place;
#[cfg(test)]
mod tests;

use std::path::Path;

use super::completion::{Completion, CompletionKind, may_be};
use crate::config::{self, ALL, ConfigKind, Expected, Form, KeyOf, rule_names};
use crate::finding::Finding;
use crate::rules::{self, Family};
use crate::source::{Sources, Span};
use place::{ConfigPlace, Role};

/// What is said of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigHover {
    pub(crate) span: Span,
    /// Markdown.
    pub(crate) text: String,
}

/// What is wrong with the text of a configuration, a baseline file or accepted changes at an absolute path, as a run
/// reports it; with the texts that the findings are about.
pub(crate) fn diagnostics(path: &Path, shown: &str, text: &str) -> (Sources, Vec<Finding>) {
    config::faults_of_text(path, shown.to_owned(), text.to_owned())
}

/// Which configuration a file is, by its name; none where it has no keys to complete.
fn kind(path: &Path, text: &str) -> Option<ConfigKind> {
    match path.file_name()?.to_str()? {
        "protolint.yaml" | "protolint.yml" | ".protolint.yaml" => Some(ConfigKind::Own),
        "buf.yaml" => {
            let version = text.lines().find_map(|line| line.strip_prefix("version:"));
            Some(ConfigKind::Buf { is_v2: version.is_none_or(|version| version.contains("v2")) })
        }
        _ => None,
    }
}

/// What may stand at an offset of the text of a configuration.
pub(crate) fn completion(path: &Path, text: &str, offset: u32) -> Vec<Completion> {
    let Some((kind, place)) = kind(path, text).zip(ConfigPlace::new(text, offset)) else { return Vec::new() };
    let expected = config::expected(kind, &place.path);
    let has_list = place.is_in_list;
    let own = own_names(path, text);
    let own_of = |family: Family| own.iter().filter(move |own| own.family == family).map(|own| own.id.as_str());
    let mut found: Vec<Completion> = match (place.role, expected) {
        (Role::Key, Expected::Keys(keys)) => {
            let is_new = |key: &KeyOf| !place.siblings.contains(&key.name);
            keys.into_iter().filter(is_new).map(|key| of_key(key, &place)).collect()
        }
        (Role::Key, Expected::RuleKeys(family)) => {
            let named = |name: &&str| !place.siblings.contains(name);
            let names = rule_names(family, true).into_iter().chain(own_of(family)).filter(named);
            names.map(|name| with_end(of_name(name, place.word), &place)).collect()
        }
        (Role::Value, Expected::Words { words, is_list }) => {
            let written = |word: &String| if is_list && !has_list { format!("[{word}]") } else { word.clone() };
            let value = |word: &String| {
                Completion::new(word.as_str(), CompletionKind::Value, place.word).text(written(word)).filter(word)
            };
            words.iter().map(value).collect()
        }
        (Role::Value, Expected::Rules { family, with_all_compile_rules }) => {
            let named = |name: &&str| !place.siblings.contains(name);
            let names = rule_names(family, with_all_compile_rules).into_iter().chain(own_of(family)).filter(named);
            let item = |name: &str| {
                let completion = of_name(name, place.word);
                if has_list { completion } else { completion.text(format!("[{name}]")) }
            };
            names.map(item).collect()
        }
        _ => Vec::new(),
    };
    let typed = Span::new(place.word.start, offset.clamp(place.word.start, place.word.end)).slice(text);
    found.retain(|item| may_be(typed, &item.label));
    // Keys and words stand in the order of the tables, names by the alphabet.
    for (item, rank) in found.iter_mut().zip((0..=u8::MAX).chain(std::iter::repeat(u8::MAX))) {
        item.rank = if matches!(item.kind, CompletionKind::Rule | CompletionKind::Group) { item.rank } else { rank };
    }
    found
}

/// A rule that a configuration declares.
struct OwnName {
    id: String,
    family: Family,
}

/// The rules that a configuration declares: those of the text as far as it reads, and those of the file, which may extend
/// others.
fn own_names(path: &Path, text: &str) -> Vec<OwnName> {
    let saved = config::own_rules_of(path);
    let saved = saved.iter().filter_map(|own| Some((own.rule.id, Family::of(own.rule)?)));
    let mut names: Vec<OwnName> = saved.map(|(id, family)| OwnName { id: id.to_owned(), family }).collect();
    for (id, is_of_change) in place::declared_rules(text) {
        let family = if is_of_change { Family::Breaking } else { Family::Lint };
        if names.iter().all(|known| known.id != id) {
            names.push(OwnName { id: id.to_owned(), family });
        }
    }
    names
}

/// A key, and what its value begins with.
fn of_key(key: KeyOf, place: &ConfigPlace<'_>) -> Completion {
    let KeyOf { name, description, form } = key;
    let mut completion = Completion::new(name, CompletionKind::Field, place.word);
    completion.documentation = description;
    let indent = format!("\n{}", " ".repeat(place.column));
    completion.text(match form {
        _ if place.has_colon => name.to_owned(),
        Form::Scalar => format!("{name}: "),
        Form::List => format!("{name}: []"),
        Form::Mapping => format!("{name}:{indent}  "),
        Form::Mappings => format!("{name}:{indent}  - "),
    })
}

fn with_end(completion: Completion, place: &ConfigPlace<'_>) -> Completion {
    let text = if place.has_colon { completion.label.clone() } else { format!("{}: ", completion.label) };
    completion.text(text)
}

/// A rule, or a group.
fn of_name(name: &str, replaced: Span) -> Completion {
    match rules::find(name) {
        Some(rule) => super::completion::of_rule(rule, replaced),
        None if of_group(name).is_none() => Completion::new(name, CompletionKind::Rule, replaced),
        None => {
            let completion = Completion::new(name, CompletionKind::Group, replaced).rank(1);
            Completion { documentation: of_group(name), ..completion }
        }
    }
}

/// What is to be said of a group: its rules.
fn of_group(name: &str) -> Option<String> {
    if name == ALL {
        return Some("all rules that can be switched off".to_owned());
    }
    let of_family = |family: Family| {
        let rules = family.named(name);
        let ids: Vec<String> = rules.iter().map(|rule| format!("`{}`", rule.id)).collect();
        (!ids.is_empty())
            .then(|| format!("`{name}` of `{}`, {} rules: {}", family.command(), ids.len(), ids.join(", ")))
    };
    let groups: Vec<String> = [Family::Lint, Family::Breaking].into_iter().filter_map(of_family).collect();
    (!groups.is_empty()).then(|| groups.join("\n\n"))
}

/// What a key, a rule or a group at an offset means.
pub(crate) fn hover(path: &Path, text: &str, offset: u32) -> Option<ConfigHover> {
    let kind = kind(path, text)?;
    let place = ConfigPlace::new(text, offset)?;
    let word = place.word.slice(text);
    if place.role == Role::Key {
        let mut path = place.path.clone();
        path.push(word);
        if let Some(text) = config::description(kind, &path) {
            return Some(ConfigHover { span: place.word, text });
        }
    }
    let own = config::own_rules_of(path);
    let text = match rules::find(word).or_else(|| own.find(word)) {
        Some(rule) => {
            let groups: Vec<&str> = rule.page.groups().collect();
            let groups = if groups.is_empty() { String::new() } else { format!("\n\nGroups: {}", groups.join(", ")) };
            let link = rule.url().map_or(String::new(), |url| format!("\n\n[{}]({url})", rule.id));
            format!("**{}**: {}{groups}{link}", rule.id, rule.page.summary)
        }
        None => of_group(word)?,
    };
    Some(ConfigHover { span: place.word, text })
}
