//! Functions of the strings extension. Positions count characters.

use super::format::format;
use super::lists::reverse;
use crate::cel::functions::Sig::{Int, ListOfAny, ListOfText, Text};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::value::{self, Value};

const INDEX_OF: &[Overload] = &[Overload::method(&[Text, Text], Int), Overload::method(&[Text, Text, Int], Int)];

const TEXT_TO_TEXT: &[Overload] = &[Overload::method(&[Text], Text)];

pub(super) static FUNCTIONS: &[Function] = &[
    row("charAt", &[Overload::method(&[Text, Int], Text)], char_at),
    row("indexOf", INDEX_OF, index_of),
    row("lastIndexOf", INDEX_OF, last_index_of),
    row("lowerAscii", TEXT_TO_TEXT, |meter, args| changed(meter, args, str::to_ascii_lowercase)),
    row("upperAscii", TEXT_TO_TEXT, |meter, args| changed(meter, args, str::to_ascii_uppercase)),
    row("trim", TEXT_TO_TEXT, trim),
    row("reverse", TEXT_TO_TEXT, reverse),
    row(
        "replace",
        &[Overload::method(&[Text, Text, Text], Text), Overload::method(&[Text, Text, Text, Int], Text)],
        replace,
    ),
    row(
        "split",
        &[Overload::method(&[Text, Text], ListOfText), Overload::method(&[Text, Text, Int], ListOfText)],
        split,
    ),
    row("substring", &[Overload::method(&[Text, Int], Text), Overload::method(&[Text, Int, Int], Text)], substring),
    row("join", &[Overload::method(&[ListOfText], Text), Overload::method(&[ListOfText, Text], Text)], join),
    row("format", &[Overload::method(&[Text, ListOfAny], Text)], format),
    row("strings.quote", &[Overload::function(&[Text], Text)], quote),
];

/// The byte at which a character begins; the number of characters stands for the end.
fn offset(text: &str, at: i64) -> Result<usize, Failure> {
    let outside =
        || Failure::Failed(format!("the index {at} is outside of a string of {} characters", text.chars().count()));
    let position = usize::try_from(at).map_err(|_| outside())?;
    let mut offsets = text.char_indices().map(|(offset, _)| offset).chain([text.len()]);
    offsets.nth(position).ok_or_else(outside)
}

fn char_at<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text), Value::Int(at)] = args else { return Ok(None) };
    meter.read(text.len())?;
    let start = offset(text, *at)?;
    let length = text[start..].chars().next().map_or(0, char::len_utf8);
    Ok(Some(Value::Text(text.part(start, start + length))))
}

fn substring<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let (text, start, end) = match args {
        [Value::Text(text), Value::Int(start)] => (text, *start, None),
        [Value::Text(text), Value::Int(start), Value::Int(end)] => (text, *start, Some(*end)),
        _ => return Ok(None),
    };
    meter.make(text.len())?;
    let from = offset(text, start)?;
    let to = end.map_or(Ok(text.len()), |end| offset(text, end))?;
    match from <= to {
        true => Ok(Some(Value::Text(text.part(from, to)))),
        false => {
            let end = end.unwrap_or_default();
            Err(Failure::Failed(format!("a substring cannot begin at {start} and end at {end}")))
        }
    }
}

/// The number of the character that begins at a byte, or -1.
fn position<'v>(text: &str, at: Option<usize>) -> Called<'v> {
    Ok(Some(at.map_or(Value::Int(-1), |at| Value::length(text[..at].chars().count()))))
}

/// Counts a search.
fn search(meter: &mut Meter, text: &str, part: &str) -> Result<(), Failure> {
    meter.read(text.len().saturating_add(part.len()))
}

fn index_of<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Text(text), Value::Text(part)] => {
            search(meter, text, part)?;
            position(text, text.find(&**part))
        }
        [Value::Text(text), Value::Text(part), Value::Int(start)] => {
            search(meter, text, part)?;
            let start = offset(text, *start)?;
            position(text, text[start..].find(&**part).map(|at| at + start))
        }
        _ => Ok(None),
    }
}

fn last_index_of<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Text(text), Value::Text(part)] => {
            search(meter, text, part)?;
            position(text, text.rfind(&**part))
        }
        [Value::Text(text), Value::Text(part), Value::Int(last)] => {
            search(meter, text, part)?;
            let last = offset(text, *last)?;
            let end = last.saturating_add(part.len()).min(text.len());
            let end = (0..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            position(text, text[..end].rfind(&**part))
        }
        _ => Ok(None),
    }
}

fn changed<'v>(meter: &mut Meter, args: &[Value<'v>], change: fn(&str) -> String) -> Called<'v> {
    let [Value::Text(text)] = args else { return Ok(None) };
    meter.make(text.len())?;
    Ok(Some(Value::shared_text(change(text))))
}

fn trim<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text)] = args else { return Ok(None) };
    meter.make(text.len())?;
    let start = text.len() - text.trim_start().len();
    let end = start + text[start..].trim_end().len();
    Ok(Some(Value::Text(text.part(start, end))))
}

/// A count of pieces or replacements: any number of them if it is negative.
fn limit(count: &[Value<'_>]) -> Option<usize> {
    match count {
        [Value::Int(count)] => Some(usize::try_from(*count).unwrap_or(usize::MAX)),
        [] => Some(usize::MAX),
        _ => None,
    }
}

fn replace<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text), Value::Text(from), Value::Text(to), rest @ ..] = args else { return Ok(None) };
    let Some(count) = limit(rest) else { return Ok(None) };
    let found = match from.is_empty() {
        true => text.chars().count() + 1,
        false => text.matches(&**from).count(),
    };
    meter.make(text.len().saturating_add(found.min(count).saturating_mul(to.len())))?;
    Ok(Some(Value::shared_text(text.replacen(&**from, to, count))))
}

fn split<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text), Value::Text(by), rest @ ..] = args else { return Ok(None) };
    let Some(count) = limit(rest) else { return Ok(None) };
    let pieces = match by.is_empty() {
        true => text.chars().count(),
        false => text.matches(&**by).count() + 1,
    };
    meter.make_elements(pieces.min(count))?;
    meter.make(text.len())?;
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.len() < count {
        let is_last = parts.len() + 1 == count;
        let next = match by.is_empty() {
            true => text[start..].chars().next().map(|next| (next.len_utf8(), 0)),
            false => text[start..].find(&**by).map(|at| (at, by.len())),
        };
        match next.filter(|(length, _)| !is_last && (!by.is_empty() || start + length < text.len())) {
            Some((length, skip)) => {
                parts.push(Value::Text(text.part(start, start + length)));
                start += length + skip;
            }
            None => {
                if !by.is_empty() || start < text.len() {
                    parts.push(Value::Text(text.part(start, text.len())));
                }
                break;
            }
        }
    }
    Ok(Some(Value::list(parts)))
}

fn join<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let (parts, by) = match args {
        [Value::List(parts)] => (parts, None),
        [Value::List(parts), Value::Text(by)] => (parts, Some(by)),
        _ => return Ok(None),
    };
    let by: &str = by.map_or("", |by: &value::Text<'v>| by);
    let mut joined = String::new();
    for (at, part) in parts.iter().enumerate() {
        let Value::Text(part) = part else {
            let message = format!("`join` takes a list of strings, not of `{}`", &*part.type_name());
            return Err(Failure::Failed(message));
        };
        meter.make(part.len() + by.len() + 1)?;
        if at > 0 {
            joined.push_str(by);
        }
        joined.push_str(&part);
    }
    Ok(Some(Value::shared_text(joined)))
}

fn quote<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text)] = args else { return Ok(None) };
    meter.make(text.len().saturating_mul(2))?;
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for next in text.chars() {
        match next {
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0b' => quoted.push_str("\\v"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    Ok(Some(Value::shared_text(quoted)))
}
