//! Puts back on the descriptor what the prepare step took out of the text.

use rustc_hash::FxHashMap;

use super::super::data::{Detail, FileData, ImportKind, Run, Scalar, Syntax, Text, ValueData, WrittenType};
use super::super::prepare::{Prepared, STAND_IN_DEFAULT, STAND_IN_MAP};
use super::{Fault, FaultKind, default};
use crate::source::Span;

/// Puts everything back; gives what is wrong with defaults.
pub(super) fn restore(data: &mut FileData, prepared: &Prepared<'_>) -> Vec<Fault> {
    if let Some(edition) = &prepared.edition {
        data.syntax = Syntax::Edition(edition.value.parse().unwrap_or_default());
        data.syntax_span = Span::new(edition.start, edition.end);
    }
    let starts = |offsets: &[u32]| offsets.iter().map(|&offset| prepared.original(offset)).collect::<Vec<u32>>();
    let option_imports = starts(&prepared.option_imports);
    for import in &mut data.imports {
        if option_imports.binary_search(&import.span.start).is_ok() {
            import.kind = ImportKind::Option;
        }
    }
    negate(data, &starts(&prepared.negated));
    visibilities(data, prepared);
    reserved_names(data, prepared);
    numbers(data, prepared);
    let faults = if prepared.defaults.is_empty() { Vec::new() } else { defaults(data) };
    if !prepared.map_types.is_empty() {
        map_types(data);
    }
    faults
}

fn visibilities(data: &mut FileData, prepared: &Prepared<'_>) {
    if prepared.visibility.is_empty() {
        return;
    }
    let mut messages = FxHashMap::default();
    let mut enums = FxHashMap::default();
    for (at, message) in data.messages.iter().enumerate().filter(|(_, message)| !message.map_entry) {
        messages.insert(message.place.span.start, at);
    }
    for (at, enumeration) in data.enums.iter().enumerate() {
        enums.insert(enumeration.place.span.start, at);
    }
    for mark in &prepared.visibility {
        let keyword = prepared.original(mark.keyword);
        if let Some(&at) = messages.get(&keyword) {
            data.messages[at].visibility = mark.visibility;
        } else if let Some(&at) = enums.get(&keyword) {
            data.enums[at].visibility = mark.visibility;
        }
    }
}

fn reserved_names(data: &mut FileData, prepared: &Prepared<'_>) {
    if prepared.reserved_names.is_empty() {
        return;
    }
    let by_start: FxHashMap<u32, usize> =
        data.reserved_names.iter().enumerate().map(|(at, name)| (name.span.start, at)).collect();
    for (offset, true_name) in &prepared.reserved_names {
        if let Some(&at) = by_start.get(&prepared.original(*offset)) {
            data.reserved_names[at].name = intern(data, true_name);
        }
    }
}

/// Puts the numbers back that the parser takes in no place.
fn numbers(data: &mut FileData, prepared: &Prepared<'_>) {
    if prepared.numbers.is_empty() {
        return;
    }
    let fields: FxHashMap<u32, usize> =
        data.fields.iter().enumerate().map(|(at, field)| (field.number_span.start, at)).collect();
    let mut ranges: Vec<(Span, usize)> = data.ranges.iter().map(|range| range.span).zip(0..).collect();
    ranges.sort_unstable();
    for &(offset, number, is_start) in &prepared.numbers {
        let place = prepared.original(offset);
        if let Some(&at) = fields.get(&place) {
            data.fields[at].number = number;
            continue;
        }
        let next = ranges.partition_point(|(span, _)| span.start <= place);
        if let Some(&(span, at)) = ranges[..next].last().filter(|(span, _)| place < span.end) {
            if !is_start {
                data.ranges[at].end = number;
            }
            if span.start == place {
                data.ranges[at].start = number;
            }
        }
    }
}

fn intern(data: &mut FileData, text: &str) -> Text {
    let start = data.strings.len() as u32;
    data.strings.push_str(text);
    Text { start, len: text.len() as u32 }
}

/// Takes the stand-in for `default` out of the options of each field and makes it the field's default.
fn defaults(data: &mut FileData) -> Vec<Fault> {
    let mut faults = Vec::new();
    for at in 0..data.fields.len() {
        let run = data.fields[at].options;
        let Some(option) = run.range().find(|&option| is_stand_in(data, option)) else { continue };
        let (written, span) = (data.options[option].value, data.options[option].span);
        if let WrittenType::Scalar(scalar) = data.fields[at].written_type {
            let fault = default::fault(scalar, written, data);
            faults.extend(fault.map(|message| Fault {
                kind: FaultKind::Syntax,
                span,
                message,
                help: None,
                label: None,
            }));
        }
        if let (WrittenType::Scalar(Scalar::String), ValueData::Bytes(index)) = (data.fields[at].written_type, written)
        {
            data.byte_defaults.insert(at as u32, index);
        }
        let is_fraction = matches!(data.fields[at].written_type, WrittenType::Scalar(Scalar::Float | Scalar::Double));
        let is_bytes = data.fields[at].written_type == WrittenType::Scalar(Scalar::Bytes);
        let value = match written {
            ValueData::String(text) if is_bytes => {
                let escaped = escaped(data.text(text).as_bytes());
                intern(data, &escaped)
            }
            ValueData::Bytes(index) if is_bytes => {
                let escaped = escaped(&data.byte_strings[index as usize]);
                intern(data, &escaped)
            }
            // What names an enum's value stands without quotes.
            ValueData::String(text) if data.fields[at].written_type == WrittenType::Named => {
                let quoted = format!("{:?}", data.text(text));
                intern(data, &quoted)
            }
            ValueData::Identifier(text) | ValueData::String(text) | ValueData::Aggregate(text) => text,
            ValueData::Message(_) | ValueData::List(_) => continue,
            ValueData::Bytes(index) => {
                let text = String::from_utf8_lossy(&data.byte_strings[index as usize]).into_owned();
                intern(data, &text)
            }
            ValueData::Positive(number) => intern(data, &number.to_string()),
            // A fraction keeps the sign of its zero.
            ValueData::Negative(0) if is_fraction => intern(data, "-0"),
            ValueData::Negative(number) => intern(data, &number.to_string()),
            ValueData::Float(number) => intern(data, &number.to_string().to_ascii_lowercase()),
        };
        data.details.push((at as u32, Detail::Default, span));
        data.options[option..run.range().end].rotate_left(1);
        data.fields[at].default = Some(value);
        data.fields[at].options = Run { start: run.start, len: run.len - 1 };
    }
    data.details.sort_unstable();
    faults
}

/// Bytes as the descriptor of a field writes its default.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'"' | b'\'' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text
}

fn is_stand_in(data: &FileData, option: usize) -> bool {
    let parts = &data.option_parts[data.options[option].parts.range()];
    matches!(parts, [only] if !only.extension && data.text(only.name) == STAND_IN_DEFAULT)
}

fn map_types(data: &mut FileData) {
    for at in 0..data.fields.len() {
        let field = &data.fields[at];
        if field.written_type == WrittenType::Named && data.text(field.type_name) == STAND_IN_MAP {
            data.fields[at].type_name = intern(data, "map");
        }
    }
}

/// Gives option values their sign back. A value is the last token of its statement.
fn negate(data: &mut FileData, starts: &[u32]) {
    for at in 0..data.options.len() {
        let span = data.options[at].span;
        let inside = starts.partition_point(|&start| start < span.start);
        let is_negated = starts.get(inside).is_some_and(|&start| start < span.end);
        if let (true, ValueData::Identifier(word)) = (is_negated, data.options[at].value) {
            let value = if data.text(word) == "nan" { f64::NAN } else { f64::NEG_INFINITY };
            data.options[at].value = ValueData::Float(value);
        }
    }
}
