//! What the values of a configuration mean. It goes on after the first fault, and says of each what to write instead.

use std::collections::BTreeMap;

mod breaking;
mod check;
mod deprecation;
mod extends;
mod history;
mod options;
mod own;
mod patterns;
mod scopes;
mod sections;
mod severity;
mod style;
mod version;

pub(super) use patterns::MAX_PATTERN_BYTES;
pub(super) use sections::{FILE, KEYS, Kind, MAX_SPACES, REQUIRED, SECTIONS};

use super::model::Config;
use super::raw::{self, Entry, Node, Value};
use super::reader::{Reader, Word};
use super::sets::Sets;
use super::shared::SharedFiles;
use crate::finding::{Finding, Label};
use crate::source::{FileId, Place, Span};
use extends::Extends;
use own::DeclaredIn;
use sections::defaults;

/// The configuration that a text stands for, and all that is wrong with it; with faults, the former lacks something. What
/// it extends is read from `files`, if there are any.
pub(super) fn validate(text: &str, file: FileId, files: Option<&mut SharedFiles<'_>>) -> (Config, Vec<Finding>) {
    let mut reader = Reader { file, findings: Vec::new() };
    let mut config = Config { source: Some(file), ..Config::default() };
    match raw::read(text) {
        Err(fault) => unreadable(&mut reader, fault),
        Ok(root) => whole(&mut reader, (text, &root), Extends::new(files), &mut config),
    }
    (config, reader.findings)
}

/// Reports why a text is no YAML.
fn unreadable(reader: &mut Reader, fault: raw::Fault) {
    let began =
        fault.began.map(|span| Label { place: reader.place(span), text: "in the value that starts here".to_owned() });
    reader.fault(fault.span, fault.message, fault.help).labels.extend(began);
}

fn whole(reader: &mut Reader, (text, root): (&str, &Node), mut extends: Extends<'_, '_>, config: &mut Config) {
    let start = Span::new(0, 0);
    if let Some(lint) = section_of_the_go_tool(root) {
        let message = "this is a configuration of the Go tool yoheimuta/protolint, not of this tool";
        let help = "to run both tools, rename it to .protolint.yaml, which only the Go tool reads; then convert it: protolint init --from .protolint.yaml";
        reader.fault(lint, message, help);
        return;
    }
    let before = reader.findings.len();
    let fields = reader.fields(root, start, &SECTIONS[FILE], &SECTIONS);
    let is_other = |reader: &mut Reader, key: &str, fits: fn(&mut Reader, &Entry) -> bool| {
        let is_other = fields.get(key).is_some_and(|entry| !fits(reader, entry));
        if is_other {
            // What another version means by its keys is anyone's guess.
            reader.findings.drain(before..reader.findings.len() - 1);
        }
        is_other
    };
    if is_other(reader, "required-version", version::is_required) || is_other(reader, "version", version::is_known) {
        return;
    }
    if !fields.contains_key("version") {
        reader.fault(start, "`version` is missing", "version: 1");
    }
    let sets = fields.get("preset").map_or(Sets::default(), |entry| version::preset(reader, entry));
    (config.check, config.breaking) = defaults(sets);
    (config.roots, config.places.roots) = directories(reader, fields.get("roots"), &[]);
    (config.includes, config.places.includes) = directories(reader, fields.get("includes"), &roots_of(config));
    if let Some(entry) = fields.get("exclude") {
        (config.exclude, config.places.exclude) = patterns::paths(reader, entry);
    }
    if let Some(entry) = fields.get("only") {
        (config.only, config.places.only) = patterns::paths(reader, entry);
    }
    // Sections name rules of one's own.
    if let Some(entry) = fields.get("extends") {
        extends.extend(reader, entry, "", config);
    }
    if let Some(entry) = fields.get("rules") {
        own::rules(reader, entry, &DeclaredIn { text, path: "", scope: None }, &mut config.own);
    }
    if let Some(entry) = fields.get("scopes") {
        scopes::rules(reader, entry, text, &mut config.own);
    }
    if let Some(entry) = fields.get("check") {
        config.check = check::check(reader, entry, (sets, &config.own));
    }
    if let Some(entry) = fields.get("breaking") {
        config.breaking = breaking::breaking(reader, entry, (sets, &config.own));
    }
    if let Some(entry) = fields.get("scopes") {
        config.scopes = scopes::scopes(reader, entry, config);
    }
    if let Some(entry) = fields.get("history") {
        config.history = history::history(reader, entry);
    }
    if let Some(entry) = fields.get("deprecation") {
        config.set_deprecation(&deprecation::deprecation(reader, entry));
    }
}

/// The key that only a configuration of that tool has at its top, if this is one.
fn section_of_the_go_tool(root: &Node) -> Option<Span> {
    let Value::Mapping(entries) = &root.value else { return None };
    let key = |name: &str| entries.iter().find(|entry| matches!(&entry.key.value, Value::Text(key) if key == name));
    if key("version").is_some() { None } else { key("lint").map(|entry| entry.key.span) }
}

fn roots_of(config: &Config) -> Vec<Word> {
    let roots = config.roots.iter().zip(&config.places.roots);
    roots.map(|(text, place)| Word { text: text.clone(), span: place.span }).collect()
}

/// Directories and their places; `others` are those of other lists.
fn directories(reader: &mut Reader, entry: Option<&&Entry>, others: &[Word]) -> (Vec<String>, Vec<Place>) {
    let Some(entry) = entry else { return Default::default() };
    let key = |word: &Word| word.text.trim_start_matches("./").trim_end_matches('/').to_owned();
    let mut known: BTreeMap<String, Span> = others.iter().map(|word| (key(word), word.span)).collect();
    let mut listed = Vec::new();
    for word in reader.words(entry) {
        if !patterns::is_path(reader, &word, "`.` is the directory of this file") {
            continue;
        }
        let place = reader.place(word.span);
        if let Some(earlier) = known.insert(key(&word), word.span) {
            let label = Label { place: reader.place(earlier), text: "first listed here".to_owned() };
            let message = format!("directory `{word}` is listed twice");
            reader.fault(word.span, message, "remove one of them").labels.push(label);
            continue;
        }
        listed.push((word.text, place));
    }
    listed.into_iter().unzip()
}
