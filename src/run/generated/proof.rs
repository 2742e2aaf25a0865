//! Looks at evidence again: reads its payload with the full schemas of both sides, and compares what they see.

use prost_reflect::DynamicMessage;

use super::laws::read_json;
use super::see::{Comparing, difference, see};
use super::world::{World, holder};
use crate::compare::evidence::{Subject, whole};
use crate::finding::{Evidence, Layer};
use crate::schema::{Enum, Field, Message, Presence};

/// What a subject is, to see whether two are the same.
pub(super) fn key(subject: &Subject<'_>) -> String {
    let field = |field: &Field<'_>| format!("{}#{}", field.full_name(), field.number());
    let fields = |fields: &[Field<'_>]| fields.iter().map(field).collect::<Vec<_>>().join(" ");
    match subject {
        Subject::Field { writer, reader } => format!("field {} {}", field(writer), field(reader)),
        Subject::Renamed { writer, reader } => format!("renamed {} {}", field(writer), field(reader)),
        Subject::Missing { writer, reader } => format!("missing {} {}", field(writer), reader.full_name()),
        Subject::Together { writer, reader } => format!("together {} {}", fields(writer), fields(reader)),
        Subject::Absent { writer, reader } => format!("absent {} {}", fields(writer.as_slice()), field(reader)),
        Subject::Messages { writer, reader } => format!("messages {} {}", writer.full_name(), reader.full_name()),
        Subject::Enums { writer, reader, number } => {
            format!("enums {} {} {number:?}", writer.full_name(), reader.full_name())
        }
        Subject::Unreserved { what, number } => format!("unreserved {what:?} {number}"),
        Subject::UnreservedName { what, name } => format!("unreserved {what:?} {name}"),
        Subject::Found { payload, .. } => format!("found {payload}"),
    }
}

/// Whether the payload is read as something else than was written; how that was found out, or why it was not.
pub(super) fn check(
    subject: &Subject<'_>,
    evidence: &Evidence,
    writer_side: &World,
    reader_side: &World,
) -> Result<&'static str, String> {
    let (writer, reader) = match subject {
        Subject::Field { writer, reader } if is_read_elsewhere(*writer, *reader, evidence.layer) => {
            return Ok("evidence by meaning");
        }
        Subject::Field { writer, reader } => (holder(whole(*writer)), holder(whole(*reader))),
        Subject::Missing { writer, reader } => (holder(*writer), Some(*reader)),
        Subject::Together { writer, reader } => {
            (writer.first().copied().and_then(holder), reader.first().copied().and_then(holder))
        }
        Subject::Absent { writer, reader } => match writer {
            // A payload leaves out what it is not about: what is required by number is the same on both sides here.
            Some(writer) if is_required_by_key(*writer, *reader, evidence.layer) => {
                return required_key(*writer, *reader, evidence);
            }
            Some(writer) => (holder(*writer), holder(*reader)),
            None if reader.presence() == Presence::Required => return Ok("evidence of requirements"),
            None => return Err("nothing is required".to_owned()),
        },
        Subject::Messages { writer, reader } => (Some(*writer), Some(*reader)),
        Subject::Renamed { writer, reader } if writer.name() != reader.name() => return Ok("evidence by meaning"),
        Subject::Renamed { .. } => return Err("the name is the same".to_owned()),
        Subject::Enums { writer, reader, .. } => return enums(*writer, *reader, evidence),
        Subject::Unreserved { .. } | Subject::UnreservedName { .. } | Subject::Found { .. } => {
            return Ok("evidence by meaning");
        }
    };
    let (Some(writer), Some(reader)) = (writer, reader) else { return Err("no message holds it".to_owned()) };
    if evidence.payload.contains('…') {
        return Ok("evidence too long");
    }
    read(evidence, (writer_side, writer), (reader_side, reader))
}

/// Whether what a reader of JSON requires had another number.
fn is_required_by_key(writer: Field<'_>, reader: Field<'_>, layer: Layer) -> bool {
    layer == Layer::Json && reader.presence() == Presence::Required && writer.number() != reader.number()
}

/// Whether a payload lacks a key that its reader requires, and its writer may leave it out.
fn required_key(writer: Field<'_>, reader: Field<'_>, evidence: &Evidence) -> Result<&'static str, String> {
    let json: serde_json::Value = serde_json::from_str(&evidence.payload).map_err(|error| error.to_string())?;
    let has_key = |key: &str| json.get(key).is_some();
    match writer.presence() {
        Presence::Required => Err("its writer always writes it".to_owned()),
        _ if has_key(&reader.json_name()) || has_key(reader.name()) => Err("it is there".to_owned()),
        _ => Ok("evidence of requirements"),
    }
}

/// Whether another field of the reader has the key of the writer's field in JSON.
fn is_read_elsewhere(writer: Field<'_>, reader: Field<'_>, layer: Layer) -> bool {
    let key = writer.json_name();
    let takes = |field: Field<'_>| field.json_name() == key || field.name() == key;
    let others = || reader.parent().is_some_and(|message| message.fields().any(takes));
    layer == Layer::Json && !writer.is_extension() && !reader.is_extension() && !takes(reader) && others()
}

/// The bytes that hexadecimal numbers stand for.
fn bytes(payload: &str) -> Vec<u8> {
    payload.split(' ').filter_map(|digits| u8::from_str_radix(digits, 16).ok()).collect()
}

fn read(
    evidence: &Evidence,
    (writer_side, writer): (&World, Message<'_>),
    (reader_side, reader): (&World, Message<'_>),
) -> Result<&'static str, String> {
    let parse = |world: &World, message: Message<'_>| -> Result<DynamicMessage, String> {
        let descriptor = world.descriptor(message);
        match evidence.layer {
            Layer::Json => {
                let json = serde_json::from_str(&evidence.payload).map_err(|error| error.to_string())?;
                read_json(descriptor, &json)
            }
            _ => DynamicMessage::decode(descriptor, &bytes(&evidence.payload)[..]).map_err(|error| error.to_string()),
        }
    };
    let written = match parse(writer_side, writer) {
        Ok(written) => written,
        // The library takes no string that is not UTF-8, whichever side wrote it.
        Err(error) if error.contains("UTF-8") => return Ok("evidence of bytes that are no text"),
        Err(error) => return Err(format!("its own writer refuses it: {error}")),
    };
    let Ok(read) = parse(reader_side, reader) else { return Ok("evidence refused") };
    let written = see(&written, writer, false)?;
    let how = Comparing { layer: evidence.layer, is_proof: true };
    match see(&read, reader, true).map(|read| difference(&written, &read, how)) {
        Err(_) | Ok(Some(_)) => Ok("evidence read otherwise"),
        Ok(None) => Err("both see the same".to_owned()),
    }
}

/// A message whose first field is of the enum.
fn enums(writer: Enum<'_>, reader: Enum<'_>, evidence: &Evidence) -> Result<&'static str, String> {
    if evidence.layer == Layer::Wire {
        let bytes = bytes(&evidence.payload);
        let mut number: u64 = 0;
        for (at, byte) in bytes.iter().skip(1).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * at);
        }
        let number = number as i32;
        if bytes.first() != Some(&8) || writer.is_closed() && !writer.values().any(|value| value.number() == number) {
            return Err("it is none of its writer's".to_owned());
        }
        let name =
            |of: Enum<'_>| of.values().find(|value| value.number() == number).map(|value| value.name().to_owned());
        return match name(reader) {
            None => Ok("evidence of numbers"),
            known if known == name(writer) => Err("the reader knows the number".to_owned()),
            _ => Ok("evidence of names"),
        };
    }
    let json: serde_json::Value = serde_json::from_str(&evidence.payload).map_err(|error| error.to_string())?;
    let value = json.get("value").ok_or("no value")?;
    let Some(name) = value.as_str() else {
        let number = value.as_i64().ok_or("neither name nor number")?;
        let is_known = reader.values().any(|value| i64::from(value.number()) == number);
        return if reader.is_closed() && !is_known { Ok("evidence of numbers") } else { Err("it is read".to_owned()) };
    };
    let number = |of: Enum<'_>| of.values().find(|value| value.name() == name).map(|value| value.number());
    match number(writer) {
        None => Err("it is none of its writer's".to_owned()),
        known if known == number(reader) => Err("the reader knows the name".to_owned()),
        _ => Ok("evidence of names"),
    }
}
