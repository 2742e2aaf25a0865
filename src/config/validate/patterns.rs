//! Paths and patterns over them, and what `check.ignore` says of the files they cover.

use crate::config::check::Ignore;
use crate::config::names::reportable;
use crate::config::own::OwnRules;
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Reader, Word};
use crate::pattern::PathPatterns;
use crate::rules::Family;
use crate::source::Place;

/// The longest pattern, in bytes: the time to compile one grows with the square of its length.
pub(in crate::config) const MAX_PATTERN_BYTES: usize = 250;

/// Whether a path or pattern is written as paths are; reports it otherwise.
pub(super) fn is_path(reader: &mut Reader, word: &Word, help_if_empty: &str) -> bool {
    if word.text.is_empty() {
        reader.fault(word.span, "an empty path matches nothing", help_if_empty);
    } else if word.text.contains('\\') {
        let message = format!("`{word}` separates directories by `\\`");
        reader.fault(word.span, message, format!("write `{}`, on Windows too", word.to_string().replace('\\', "/")));
    } else {
        return true;
    }
    false
}

/// Whether a pattern is one; reports it otherwise.
fn is_path_pattern(reader: &mut Reader, word: &Word) -> bool {
    is_path(reader, word, "`**` matches all files") && is_short(reader, word)
}

pub(super) fn is_short(reader: &mut Reader, word: &Word) -> bool {
    let is_short = word.text.len() <= MAX_PATTERN_BYTES;
    if !is_short {
        let message = format!("a pattern has {} bytes; at most {MAX_PATTERN_BYTES} are allowed", word.text.len());
        reader.fault(word.span, message, "write several patterns");
    }
    is_short
}

pub(super) fn malformed(reader: &mut Reader, word: &Word, reason: &str) {
    let help = "`*`, `**`, `?`, `[ab]` and `{a,b}` are special in patterns; put a special character in brackets to match it: `[*]`";
    reader.fault(word.span, format!("`{word}` is not a pattern: {reason}"), help);
}

/// The patterns that an entry lists, with the place of each.
pub(super) fn paths(reader: &mut Reader, entry: &Entry) -> (PathPatterns, Vec<Place>) {
    let words = reader.words(entry);
    compiled(reader, entry, words, "`**` matches all files")
}

/// The patterns of an entry that are written so, with the place of each; `help_if_empty` is for empty ones.
pub(super) fn compiled(
    reader: &mut Reader,
    entry: &Entry,
    mut words: Vec<Word>,
    help_if_empty: &str,
) -> (PathPatterns, Vec<Place>) {
    words.retain(|word| is_path(reader, word, help_if_empty) && is_short(reader, word));
    match PathPatterns::new(words.iter().map(|word| word.text.clone()).collect()) {
        Ok(patterns) => (patterns, words.iter().map(|word| reader.place(word.span)).collect()),
        Err((_, reason)) => {
            unusable(reader, entry, &words, &reason);
            Default::default()
        }
    }
}

/// Reports which of some patterns are malformed, or else that they are too many.
fn unusable(reader: &mut Reader, entry: &Entry, words: &[Word], reason: &str) {
    let before = reader.findings.len();
    for word in words {
        if let Err((_, reason)) = PathPatterns::new(vec![word.text.clone()]) {
            malformed(reader, word, &reason);
        }
    }
    if reader.findings.len() == before {
        let message = format!("there are too many patterns: {reason}");
        reader.fault(entry.key.span, message, "use fewer patterns that match more files");
    }
}

/// What `check.ignore` says: for each pattern the rules that are ignored in the files it covers.
pub(super) fn ignores(reader: &mut Reader, entry: &Entry, (own, family): (&OwnRules, Family)) -> Vec<Ignore> {
    let mut ignores = Vec::new();
    let example = if family == Family::Lint { "FIELD_LOWER_SNAKE_CASE" } else { "FIELD_NO_DELETE" };
    let help = || format!("write a pattern and the rules to ignore there: \"legacy/**\": [{example}]");
    for (word, entry) in reader.entries(&entry.value, entry.key.span, "ignore", help) {
        if reportable(own, family, &word.text).is_ok() {
            let help = format!("write the pattern as the key, and the rules as its value: \"legacy/**\": [{word}]");
            reader.fault(word.span, format!("`{word}` is a rule or group where a pattern belongs"), help);
            continue;
        }
        let rules = ignored_rules(reader, &word, entry, (own, family));
        if !is_path_pattern(reader, &word) {
            continue;
        }
        match PathPatterns::new(vec![word.text.clone()]) {
            Ok(pattern) => ignores.push(Ignore { pattern, rules, place: reader.place(word.span) }),
            Err((_, reason)) => malformed(reader, &word, &reason),
        }
    }
    ignores
}

fn ignored_rules(
    reader: &mut Reader,
    pattern: &Word,
    entry: &Entry,
    (own, family): (&OwnRules, Family),
) -> Vec<&'static str> {
    let is_empty = match &entry.value.value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        _ => false,
    };
    if is_empty {
        let message = format!("`{pattern}` has no rules to ignore");
        reader.fault(pattern.span, message, "list rules or groups, or ALL");
        return Vec::new();
    }
    let mut rules = Vec::new();
    for word in reader.word_or_words(entry) {
        match reportable(own, family, &word.text) {
            Ok(named) => rules.extend(named.rules.iter().map(|rule| rule.id)),
            Err((message, help)) => {
                reader.fault(word.span, message, help);
            }
        }
    }
    rules.sort_unstable();
    rules.dedup();
    rules
}
