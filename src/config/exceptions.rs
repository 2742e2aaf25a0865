//! Reads the files of exceptions: baseline files, and accepted changes. It says what is wrong with them as
//! of a configuration, and does not depend on where they lie or what a run does with them.

mod accepted;
mod baseline;
mod yaml;

pub(crate) use accepted::{Acceptance, Accepted};
pub(crate) use baseline::{Baseline, Entry};

use std::path::Path;

use super::files::take_in;
use super::own::OwnRules;
use super::raw::{self, Entry as Item, Node, Value};
use super::reader::{Fields, Reader, Section};
use crate::date::Date;
use crate::finding::{Finding, Label};
use crate::nearest::nearest;
use crate::rules::{self, Family, Rule};
use crate::source::{FileId, Sources, Span};

/// The largest file that is read, in bytes: a line for each of half a million findings.
const MAX_BYTES: u64 = 32 << 20;
/// What its values may weigh.
const MAX_VALUES: usize = 128 << 20;

const FILE: usize = 0;
const ENTRY: usize = 1;

const BASELINE: [Section; 1] = [Section { path: "", keys: &["version", "known"] }];
const ACCEPTED: [Section; 2] = [
    Section { path: "", keys: &["version", "accepted"] },
    Section {
        path: "accepted",
        keys: &["fingerprint", "rule", "symbol", "change", "reason", "until", "by", "against"],
    },
];

/// Reads the baseline file at `path`, which findings show as `shown_path`, and takes its text into `sources`.
///
/// # Errors
///
/// Everything that is wrong with it: `CONFIG_INVALID` at the place of each fault, or `INPUT_UNREADABLE` without a
/// place.
pub(crate) fn load_baseline(
    path: &Path,
    shown_path: String,
    own: &OwnRules,
    sources: &mut Sources,
) -> Result<Baseline, Vec<Finding>> {
    let file = take_in(path, shown_path, MAX_BYTES, sources).map_err(|fault| vec![*fault])?;
    parse_baseline(sources.get(file).text(), file, own)
}

/// Reads the text of a baseline file, which `sources` name `file`, where a configuration declares rules of its own.
///
/// # Errors
///
/// Everything that is wrong with it: `CONFIG_INVALID` at the place of each fault.
pub(crate) fn parse_baseline(text: &str, file: FileId, own: &OwnRules) -> Result<Baseline, Vec<Finding>> {
    let mut baseline = Baseline::default();
    let mut reader = Reader { file, findings: Vec::new() };
    read(text, &mut reader, &BASELINE, |reader, fields| {
        let Some(known) = fields.get("known") else { return };
        baseline.entries = rules_of(reader, known, own);
    });
    finish(reader, baseline)
}

/// Reads the accepted changes at `path`, which findings show as `shown_path`, and takes their text into `sources`.
///
/// # Errors
///
/// As those of [`load_baseline`].
pub(crate) fn load_accepted(path: &Path, shown_path: String, sources: &mut Sources) -> Result<Accepted, Vec<Finding>> {
    let file = take_in(path, shown_path, MAX_BYTES, sources).map_err(|fault| vec![*fault])?;
    parse_accepted(sources.get(file).text(), file)
}

/// Reads a text of accepted changes, which `sources` name `file`.
///
/// # Errors
///
/// Everything that is wrong with it: `CONFIG_INVALID` at the place of each fault.
pub(crate) fn parse_accepted(text: &str, file: FileId) -> Result<Accepted, Vec<Finding>> {
    let mut accepted = Accepted::default();
    let mut reader = Reader { file, findings: Vec::new() };
    read(text, &mut reader, &ACCEPTED, |reader, fields| {
        let Some(list) = fields.get("accepted") else { return };
        let Value::List(items) = &list.value.value else {
            reader.wrong(list, "a list", "write a list of entries, each on a line: - {fingerprint: …, reason: …}");
            return;
        };
        let found = items.iter().filter_map(|item| acceptance(reader, item, list.key.span)).collect();
        accepted.entries = unique(reader, found);
    });
    finish(reader, accepted)
}

/// Reads the mapping that a file is, of version 1.
fn read(text: &str, reader: &mut Reader, sections: &[Section], rest: impl FnOnce(&mut Reader, &Fields<'_>)) {
    let root = match raw::read_within(text, MAX_VALUES) {
        Ok(root) => root,
        Err(fault) => {
            let began = fault
                .began
                .map(|span| Label { place: reader.place(span), text: "in the value that starts here".to_owned() });
            reader.fault(fault.span, fault.message, fault.help).labels.extend(began);
            return;
        }
    };
    let start = Span::new(0, 0);
    let fields = reader.fields(&root, start, &sections[FILE], sections);
    if !matches!(root.value, Value::Mapping(_) | Value::Null) {
        return;
    }
    match fields.get("version").map(|entry| &entry.value.value) {
        Some(Value::Number(1)) => rest(reader, &fields),
        Some(_) => {
            let at = fields["version"].value.span;
            reader.fault(at, "unsupported version of this file; version 1 is supported", "version: 1");
        }
        None => {
            reader.fault(start, "`version` is missing", "version: 1");
        }
    }
}

fn finish<T>(reader: Reader, found: T) -> Result<T, Vec<Finding>> {
    if reader.findings.is_empty() { Ok(found) } else { Err(reader.findings) }
}

/// `RULE: {symbol: count}` for each rule.
fn rules_of(reader: &mut Reader, known: &Item, own: &OwnRules) -> Vec<Entry> {
    let help = || "write a rule and its findings: FIELD_LOWER_SNAKE_CASE: {acme.v1.User.userName: 1}".to_owned();
    let mut entries = Vec::new();
    for (word, symbols) in reader.entries(&known.value, known.key.span, "known", help) {
        let rule = match knowable(&word.text, own) {
            Ok(rule) => rule.id,
            Err((message, help)) => {
                reader.fault(word.span, message, help);
                continue;
            }
        };
        let help = || "write a name and its number of findings: acme.v1.User.userName: 1".to_owned();
        for (symbol, count) in reader.entries(&symbols.value, symbols.key.span, rule, help) {
            let Value::Number(number) = count.value.value else {
                reader.wrong(count, "a number", "write the number of findings");
                continue;
            };
            let place = Some(reader.place(symbol.span));
            let count = usize::try_from(number).unwrap_or(usize::MAX);
            entries.push(Entry { rule, symbol: symbol.text, count, place });
        }
    }
    entries
}

/// The rule of that id, if its findings may be in a baseline file; else a message and help.
fn knowable(id: &str, own: &OwnRules) -> Result<&'static Rule, (String, String)> {
    match rules::find(id).or_else(|| own.find(id)) {
        Some(rule) if Family::of(rule) == Some(Family::Breaking) => {
            let help = "remove it; protolint breaking --accept FINGERPRINT accepts a change";
            Err((
                format!("`{id}` is a rule of `breaking`, and its findings cannot be in a baseline file"),
                help.to_owned(),
            ))
        }
        Some(rule) => Ok(rule),
        None => {
            let ids = rules::lint_rules().into_iter().chain(own.of(Family::Lint)).map(|rule| rule.id);
            let help = nearest(id, ids).map_or("remove it".to_owned(), |near| format!("did you mean `{near}`?"));
            Err((format!("unknown rule `{}`", super::names::shortened(id)), help))
        }
    }
}

fn acceptance(reader: &mut Reader, item: &Node, key: Span) -> Option<Acceptance> {
    let before = reader.findings.len();
    let fields = reader.fields(item, key, &ACCEPTED[ENTRY], &ACCEPTED[ENTRY..]);
    let mut text = |key: &str| {
        let word = fields.get(key).and_then(|entry| reader.word(entry));
        word.map(|word| (word.text, word.span))
    };
    let keys = ["fingerprint", "rule", "symbol", "change", "reason"];
    let [fingerprint, rule, symbol, change, reason] = keys.map(&mut text);
    let (until, by, against) = (text("until"), text("by"), text("against"));
    if reader.findings.len() == before {
        for (key, given) in [("fingerprint", &fingerprint), ("reason", &reason)] {
            if given.as_ref().is_none_or(|(text, _)| text.trim().is_empty()) {
                let help = "protolint breaking --accept FINGERPRINT --reason TEXT writes complete entries";
                reader.fault(item.span, format!("an entry of `accepted` has no `{key}`"), help);
            }
        }
    }
    if let Some((text, span)) = fingerprint.as_ref().filter(|(text, _)| !is_fingerprint(text) && !text.is_empty()) {
        let message = format!("invalid fingerprint `{}`", super::names::shortened(text));
        reader.fault(
            *span,
            message,
            "a fingerprint has 16 digits from 0 to 9 and a to f; `protolint breaking` prints them",
        );
    }
    let until = until.and_then(|(text, span)| {
        let date = Date::parse(&text);
        if date.is_none() {
            let message = format!("invalid date `{}`, expected YYYY-MM-DD", super::names::shortened(&text));
            reader.fault(span, message, "write a date such as 2027-01-31");
        }
        date
    });
    let of = |given: Option<(String, Span)>| given.map(|(text, _)| text);
    let or_empty = |given: Option<(String, Span)>| of(given).unwrap_or_default();
    (reader.findings.len() == before).then(|| Acceptance {
        fingerprint: or_empty(fingerprint),
        rule: or_empty(rule),
        symbol: or_empty(symbol),
        change: or_empty(change),
        reason: or_empty(reason),
        until,
        by: of(by),
        against: of(against),
        place: Some(reader.place(item.span)),
    })
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// The first entry for each fingerprint; the others are faults.
fn unique(reader: &mut Reader, entries: Vec<Acceptance>) -> Vec<Acceptance> {
    let mut first = std::collections::BTreeMap::new();
    let mut kept: Vec<Acceptance> = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(place) = entry.place else { continue };
        match first.get(&entry.fingerprint) {
            Some(&earlier) => {
                let message = format!("`{}` is accepted twice", entry.fingerprint);
                let label = Label { place: earlier, text: "first accepted here".to_owned() };
                reader.fault(place.span, message, "delete one of the lines").labels.push(label);
            }
            None => {
                first.insert(entry.fingerprint.clone(), place);
                kept.push(entry);
            }
        }
    }
    kept
}
