//! What all descriptors are read with: records one by one, lists of numbers, and texts that have to be names.

use crate::schema::descriptor_set::wire::{Part, Value, packed_varints};

/// What is wrong with a file, as a message says it.
pub(crate) type Fault = String;

pub(crate) type Read<T> = Result<T, Fault>;

/// Calls `take` with each record, in order.
pub(crate) fn each<'a>(part: Part<'a>, mut take: impl FnMut(u32, Value<'a>) -> Read<()>) -> Read<()> {
    for record in part.records() {
        let (number, value) = record.map_err(|fault| fault.words())?;
        take(number, value)?;
    }
    Ok(())
}

pub(crate) fn integers(value: Value<'_>, list: &mut Vec<i64>) -> Read<()> {
    match value {
        Value::Varint(number) => list.push(number as i64),
        Value::Bytes(part) => {
            for number in packed_varints(part.bytes).ok_or("a packed list of numbers is malformed")? {
                list.push(number as i64);
            }
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn text<'a>(part: Part<'a>, what: &str) -> Read<&'a str> {
    std::str::from_utf8(part.bytes).map_err(|_| format!("{what} at byte {} is not UTF-8", part.offset))
}

pub(super) fn name<'a>(part: Part<'a>, what: &str) -> Read<&'a str> {
    let name = text(part, &format!("the name of {what}"))?;
    if is_identifier(name) { Ok(name) } else { Err(format!("{} is not a valid name of {what}", quoted(name))) }
}

/// A type's name: with a leading dot, or relative as compilers write it before they resolve names.
pub(super) fn type_name(part: Part<'_>) -> Read<&str> {
    let name = text(part, "the name of a type")?;
    let is_name = is_full_name(name.strip_prefix('.').unwrap_or(name));
    if is_name { Ok(name) } else { Err(format!("{} is not a valid name of a type", quoted(name))) }
}

/// Whether sources can have `name` as a name.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(super) fn is_full_name(name: &str) -> bool {
    name.split('.').all(is_identifier)
}

/// A hostile name, as a message can show it.
pub(crate) fn quoted(name: &str) -> String {
    const MAX: usize = 60;
    let shown: String = name.chars().take(MAX).flat_map(char::escape_debug).collect();
    let more = if name.chars().nth(MAX).is_some() { "…" } else { "" };
    format!("`{shown}{more}`")
}

pub(super) fn named<'n>(name: &'n str, what: &str) -> Read<&'n str> {
    if name.is_empty() { Err(format!("{what} has no name")) } else { Ok(name) }
}
