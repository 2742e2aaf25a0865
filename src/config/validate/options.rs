//! What `check.options` means: each key fills a field of [`Settings`].

use super::{patterns, style};
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Fields, Reader, Word};
use crate::pattern::NamePatterns;
use crate::rules::Settings;

/// Fills in what is given.
pub(super) fn settings(reader: &mut Reader, fields: &Fields<'_>, settings: &mut Settings) {
    if let Some(entry) = fields.get("enum_zero_value_suffix") {
        settings.enum_zero_value_suffix = suffixes(reader, entry, "ENUM_ZERO_VALUE_SUFFIX");
    }
    if let Some(word) = fields.get("service_suffix").and_then(|entry| reader.word(entry))
        && is_suffix(reader, &word, "SERVICE_SUFFIX")
    {
        settings.service_suffix = word.text;
    }
    let switches = [
        ("rpc_allow_same_request_response", &mut settings.rpc_allow_same_request_response),
        ("rpc_allow_google_protobuf_empty_requests", &mut settings.rpc_allow_google_protobuf_empty_requests),
        ("rpc_allow_google_protobuf_empty_responses", &mut settings.rpc_allow_google_protobuf_empty_responses),
        ("comment_exempt_requests_and_responses", &mut settings.comment_exempt_requests_and_responses),
    ];
    for (key, switch) in switches {
        if let Some(value) = fields.get(key).and_then(|entry| reader.boolean(entry)) {
            *switch = value;
        }
    }
    if let Some(entry) = fields.get("hot_fields") {
        let help = "write package, message and field, such as acme.user.v1.User.*";
        settings.hot_fields = name_patterns(reader, entry, help);
    }
    style::settings(reader, fields, settings);
}

fn suffixes(reader: &mut Reader, entry: &Entry, rule: &str) -> Vec<String> {
    if matches!(&entry.value.value, Value::List(items) if items.is_empty()) {
        let help = format!("to switch the rule off, list {rule} under `except`");
        reader.fault(entry.key.span, "the list of suffixes is empty, so no name would be valid", help);
    }
    let mut words = reader.word_or_words(entry);
    words.retain(|word| is_suffix(reader, word, rule));
    words.into_iter().map(|word| word.text).collect()
}

fn is_suffix(reader: &mut Reader, word: &Word, rule: &str) -> bool {
    let is_identifier = |character: char| character == '_' || character.is_ascii_alphanumeric();
    if word.text.is_empty() {
        let help = format!("to switch the rule off, list {rule} under `except`");
        reader.fault(word.span, "the suffix is empty", help);
    } else if let Some(character) = word.text.chars().find(|&character| !is_identifier(character)) {
        let message = format!("no name can end with `{word}`: `{character}` is not allowed in names");
        reader.fault(word.span, message, "names contain letters, digits and `_`");
    } else {
        return true;
    }
    false
}

/// Patterns over full names; `help` is for those that are none.
pub(super) fn name_patterns(reader: &mut Reader, entry: &Entry, help: &str) -> NamePatterns {
    let words = reader.words(entry);
    patterns_of(reader, words, help)
}

/// One pattern over full names.
pub(super) fn name_pattern(reader: &mut Reader, entry: &Entry, help: &str) -> NamePatterns {
    let word = reader.word(entry);
    patterns_of(reader, word.into_iter().collect(), help)
}

/// Patterns over full names of some words.
pub(super) fn patterns_of(reader: &mut Reader, words: Vec<Word>, help: &str) -> NamePatterns {
    let mut patterns = Vec::new();
    for word in words {
        let never_in_names = |character: char| matches!(character, '/' | '\\' | ':') || character.is_whitespace();
        if word.text.is_empty() || word.text.starts_with('.') || word.text.contains(never_in_names) {
            let message = format!("`{word}` is not a pattern of full names");
            reader.fault(word.span, message, help);
        } else if patterns::is_short(reader, &word) {
            match NamePatterns::new(vec![word.text.clone()]) {
                Ok(_) => patterns.push(word.text),
                Err((_, reason)) => patterns::malformed(reader, &word, &reason),
            }
        }
    }
    NamePatterns::new(patterns).unwrap_or_default()
}
