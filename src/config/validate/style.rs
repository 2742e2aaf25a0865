//! What the keys of `check.options` mean that are about style: words from a fixed set, numbers within bounds, and words
//! of names.

use std::ops::RangeInclusive;

use super::sections::{LINE_LENGTH, MAX_SPACES, TAB_WIDTH};
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Fields, Reader, Word};
use crate::nearest::nearest;
use crate::rules::Settings;
use crate::rules::settings::{Commented, Indent, NameCase, Quote, SYNTAXES};

/// Fills in what is given.
pub(super) fn settings(reader: &mut Reader, fields: &Fields<'_>, settings: &mut Settings) {
    let named = |key: &str| fields.get(key).copied();
    if let Some(quote) = named("quote").and_then(|entry| chosen(reader, entry, &Quote::ALL, Quote::name)) {
        settings.quote = quote;
    }
    if let Some(indent) = named("indent").and_then(|entry| indent(reader, entry)) {
        (settings.indent, settings.given.indent) = (indent, true);
    }
    let given = &mut settings.given;
    for (key, bounds, setting, is_given) in [
        ("line_length", LINE_LENGTH, &mut settings.line_length, &mut given.line_length),
        ("tab_width", TAB_WIDTH, &mut settings.tab_width, &mut given.tab_width),
    ] {
        if let Some(number) = named(key).and_then(|entry| number(reader, entry, bounds)) {
            (*setting, *is_given) = (number, true);
        }
    }
    if let Some(syntax) = named("syntax").and_then(|entry| syntax(reader, entry)) {
        settings.syntax = syntax;
    }
    if let Some(case) = named("rpc_name_case").and_then(|entry| chosen(reader, entry, &NameCase::ALL, NameCase::name)) {
        settings.rpc_name_case = case;
    }
    for (key, setting) in [
        ("plurals", &mut settings.plurals),
        ("prepositions", &mut settings.prepositions),
        ("preposition_exceptions", &mut settings.preposition_exceptions),
    ] {
        if let Some(entry) = named(key) {
            let words = reader.words(entry);
            *setting = words.into_iter().filter_map(|word| word_of_names(reader, &word)).collect();
        }
    }
    if let Some(entry) = named("comment_starts_with_name") {
        let words = reader.words(entry);
        let kinds =
            words.iter().filter_map(|word| choice(reader, word, "kind of element", &Commented::ALL, Commented::name));
        settings.comment_starts_with_name = kinds.collect();
    }
}

/// One of a fixed set, given as a string.
fn chosen<T: Copy>(reader: &mut Reader, entry: &Entry, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
    let Value::Text(_) = entry.value.value else {
        reader.wrong(entry, &listed(all, name), format!("write {}", listed(all, name)));
        return None;
    };
    let word = reader.word(entry)?;
    let Value::Text(key) = &entry.key.value else { return None };
    choice(reader, &word, &format!("`{key}`"), all, name)
}

/// One of a fixed set; `what` is what they are.
pub(super) fn choice<T: Copy>(
    reader: &mut Reader,
    word: &Word,
    what: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Option<T> {
    let found = all.iter().copied().find(|&one| name(one) == word.text);
    if found.is_none() {
        let help = match nearest(&word.text, all.iter().map(|&one| name(one))) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", listed(all, name)),
        };
        reader.fault(word.span, format!("unknown {what} `{word}`"), help);
    }
    found
}

fn listed<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> String {
    let names: Vec<String> = all.iter().map(|&one| format!("`{}`", name(one))).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

pub(super) fn number(reader: &mut Reader, entry: &Entry, bounds: RangeInclusive<usize>) -> Option<usize> {
    if let Value::Number(number) = entry.value.value
        && let Some(number) = usize::try_from(number).ok().filter(|number| bounds.contains(number))
    {
        return Some(number);
    }
    let (least, most) = (bounds.start(), bounds.end());
    reader.wrong(entry, &format!("a number from {least} to {most}"), format!("write a number from {least} to {most}"));
    None
}

fn indent(reader: &mut Reader, entry: &Entry) -> Option<Indent> {
    let spaces = match &entry.value.value {
        Value::Text(text) if text == "tab" => return Some(Indent::Tab),
        Value::Text(text) => text.parse().ok(),
        Value::Number(number) => u8::try_from(*number).ok(),
        _ => None,
    };
    let spaces = spaces.filter(|spaces| (1..=MAX_SPACES).contains(spaces));
    if spaces.is_none() {
        reader.wrong(entry, "a number of spaces or `tab`", "write 2, 4 or tab");
    }
    spaces.map(Indent::Spaces)
}

/// An edition looks like a number.
fn syntax(reader: &mut Reader, entry: &Entry) -> Option<String> {
    if let Value::Number(edition) = entry.value.value
        && let Some(known) = SYNTAXES.iter().find(|known| **known == edition.to_string())
    {
        return Some((*known).to_owned());
    }
    chosen(reader, entry, &SYNTAXES, |syntax| syntax).map(str::to_owned)
}

/// A word as it stands in names in lower snake case.
fn word_of_names(reader: &mut Reader, word: &Word) -> Option<String> {
    let is_letter = |character: char| character == '_' || character.is_ascii_lowercase() || character.is_ascii_digit();
    if !word.text.is_empty() && word.text.chars().all(is_letter) {
        return Some(word.text.clone());
    }
    let help = "write words in lower_snake_case, as in field names";
    reader.fault(word.span, format!("no name can contain the word `{word}`"), help);
    None
}
