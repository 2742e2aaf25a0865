//! Makes messages of values: what an expression such as `pkg.Type{field: value}` gives.

use std::collections::HashMap;

use prost_reflect::prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage, Value as Reflected,
};

use super::Value;
use crate::cel::program::Failure;
use crate::cel::time::{NANOS, show_duration, show_timestamp};

/// Sets a field. `null` leaves one of a message unset.
pub(in crate::cel) fn set_field(
    message: &mut DynamicMessage,
    field: &FieldDescriptor,
    value: &Value<'_>,
) -> Result<(), Failure> {
    let reflected = match (field.kind(), value) {
        (Kind::Message(entry), Value::Map(entries)) if field.is_map() => {
            let (key_field, value_field) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            let mut map = HashMap::new();
            for (key, value) in entries.iter() {
                let key =
                    single(&key, &key_field)?.and_then(Reflected::into_map_key).ok_or_else(|| unfit(&key, field))?;
                map.insert(key, single(&value, &value_field)?.ok_or_else(|| unfit(&value, field))?);
            }
            Some(Reflected::Map(map))
        }
        (_, Value::List(elements)) if field.is_list() => {
            let element = |value: Value<'_>| single(&value, field)?.ok_or_else(|| unfit(&value, field));
            Some(Reflected::List(elements.iter().map(element).collect::<Result<_, _>>()?))
        }
        _ if field.is_map() || field.is_list() => return Err(unfit(value, field)),
        _ => single(value, field)?,
    };
    if let Some(reflected) = reflected {
        message.try_set_field(field, reflected).map_err(|_| unfit(value, field))?;
    }
    Ok(())
}

fn unfit(value: &Value<'_>, field: &FieldDescriptor) -> Failure {
    Failure::Failed(format!("the field `{}` cannot be set to a value of type `{}`", field.name(), &*value.type_name()))
}

/// The value of a field, or of an element of it; None if it stays unset.
#[expect(clippy::cast_possible_truncation, reason = "a float has fewer digits than a double")]
fn single(value: &Value<'_>, field: &FieldDescriptor) -> Result<Option<Reflected>, Failure> {
    let range = || Failure::Failed(format!("a value is outside of the range of the field `{}`", field.name()));
    Ok(Some(match (field.kind(), value) {
        (Kind::Message(of), Value::Null) if !matches!(of.full_name(), VALUE | ANY) || field.is_list() => {
            return match of.full_name() {
                VALUE | ANY => Ok(well_known(&of, value)?.map(Reflected::Message)),
                STRUCT | LIST => Err(unfit(value, field)),
                _ => Ok(None),
            };
        }
        (Kind::Message(of), value) => Reflected::Message(well_known(&of, value)?.ok_or_else(|| unfit(value, field))?),
        (Kind::Bool, Value::Bool(value)) => Reflected::Bool(*value),
        (Kind::String, Value::Text(text)) => Reflected::String(text.to_string()),
        (Kind::Bytes, Value::Bytes(bytes)) => Reflected::Bytes(bytes.to_vec().into()),
        (Kind::Double, Value::Double(value)) => Reflected::F64(*value),
        (Kind::Float, Value::Double(value)) => Reflected::F32(*value as f32),
        (Kind::Int32 | Kind::Sint32 | Kind::Sfixed32, Value::Int(value)) => {
            Reflected::I32(i32::try_from(*value).map_err(|_| range())?)
        }
        (Kind::Enum(_), Value::Int(value)) => Reflected::EnumNumber(i32::try_from(*value).map_err(|_| range())?),
        (Kind::Int64 | Kind::Sint64 | Kind::Sfixed64, Value::Int(value)) => Reflected::I64(*value),
        (Kind::Uint32 | Kind::Fixed32, Value::Uint(value)) => {
            Reflected::U32(u32::try_from(*value).map_err(|_| range())?)
        }
        (Kind::Uint64 | Kind::Fixed64, Value::Uint(value)) => Reflected::U64(*value),
        _ => return Err(unfit(value, field)),
    }))
}

const ANY: &str = "google.protobuf.Any";
const VALUE: &str = "google.protobuf.Value";
const STRUCT: &str = "google.protobuf.Struct";
const LIST: &str = "google.protobuf.ListValue";

/// A value as a message; None if it is no value of that message.
fn well_known(of: &MessageDescriptor, value: &Value<'_>) -> Result<Option<DynamicMessage>, Failure> {
    let mut message = DynamicMessage::new(of.clone());
    let mut set = |name: &str, value: Reflected| message.try_set_field_by_name(name, value).is_ok();
    let is_set = match (of.full_name(), value) {
        (ANY, value) => return pack(of, value),
        (VALUE, value) => return value_message(of, value),
        (STRUCT, Value::Map(entries)) => set("fields", fields_of(of, entries)?),
        (LIST, Value::List(elements)) => set("values", values_of(of, elements)?),
        (
            "google.protobuf.Duration" | "google.protobuf.Timestamp",
            Value::Duration(nanos) | Value::Timestamp(nanos),
        ) => {
            let is_duration = matches!(value, Value::Duration(_));
            let (seconds, rest) = match is_duration {
                true => (nanos / NANOS, nanos % NANOS),
                false => (nanos.div_euclid(NANOS), nanos.rem_euclid(NANOS)),
            };
            let fits = is_duration == (of.name() == "Duration");
            fits && set("seconds", Reflected::I64(i64::try_from(seconds).unwrap_or_default()))
                && set("nanos", Reflected::I32(i32::try_from(rest).unwrap_or_default()))
        }
        (_, Value::Message(given)) => return Ok((given.descriptor() == *of).then(|| (**given).clone())),
        (name, value) if name.starts_with("google.protobuf.") && name.ends_with("Value") => {
            match of.get_field_by_name("value") {
                Some(field) => {
                    set_field(&mut message, &field, value)?;
                    true
                }
                None => false,
            }
        }
        _ => false,
    };
    Ok(is_set.then_some(message))
}

/// The message of a well-known type in the same pool.
fn sibling(of: &MessageDescriptor, name: &str) -> Result<MessageDescriptor, Failure> {
    let missing = || Failure::Unknown(format!("`{name}` is not declared"));
    of.parent_pool().get_message_by_name(name).ok_or_else(missing)
}

fn fields_of(of: &MessageDescriptor, entries: &super::Map<'_>) -> Result<Reflected, Failure> {
    let value_type = sibling(of, VALUE)?;
    let mut fields = HashMap::new();
    for (key, value) in entries.iter() {
        let Value::Text(key) = key else {
            return Err(Failure::failed("the keys of a `google.protobuf.Struct` are strings"));
        };
        fields.insert(MapKey::String(key.to_string()), json(&value_type, &value)?);
    }
    Ok(Reflected::Map(fields))
}

fn values_of(of: &MessageDescriptor, elements: &super::List<'_>) -> Result<Reflected, Failure> {
    let value_type = sibling(of, VALUE)?;
    Ok(Reflected::List(elements.iter().map(|value| json(&value_type, &value)).collect::<Result<_, _>>()?))
}

fn json(value_type: &MessageDescriptor, value: &Value<'_>) -> Result<Reflected, Failure> {
    let message = value_message(value_type, value)?;
    let unfit = || Failure::Failed(format!("JSON has no value for `{}`", &*value.type_name()));
    message.map(Reflected::Message).ok_or_else(unfit)
}

/// Whole numbers beyond this are texts in JSON, as doubles do not have them all.
const MAX_EXACT: u64 = 1 << 53;

/// A value as a `google.protobuf.Value`.
#[expect(clippy::cast_precision_loss, reason = "the number is exact")]
fn value_message(of: &MessageDescriptor, value: &Value<'_>) -> Result<Option<DynamicMessage>, Failure> {
    let (name, set) = match value {
        Value::Null => ("null_value", Reflected::EnumNumber(0)),
        Value::Bool(value) => ("bool_value", Reflected::Bool(*value)),
        Value::Double(value) => ("number_value", Reflected::F64(*value)),
        Value::Int(value) if value.unsigned_abs() <= MAX_EXACT => ("number_value", Reflected::F64(*value as f64)),
        Value::Uint(value) if *value <= MAX_EXACT => ("number_value", Reflected::F64(*value as f64)),
        Value::Int(value) => ("string_value", Reflected::String(value.to_string())),
        Value::Uint(value) => ("string_value", Reflected::String(value.to_string())),
        Value::Text(text) => ("string_value", Reflected::String(text.to_string())),
        Value::Bytes(bytes) => ("string_value", Reflected::String(crate::cel::library::base64(bytes))),
        Value::Duration(nanos) => ("string_value", Reflected::String(show_duration(*nanos))),
        Value::Timestamp(nanos) => ("string_value", Reflected::String(show_timestamp(*nanos))),
        Value::List(elements) => {
            let mut list = DynamicMessage::new(sibling(of, LIST)?);
            list.try_set_field_by_name("values", values_of(of, elements)?).ok();
            ("list_value", Reflected::Message(list))
        }
        Value::Map(entries) => {
            let mut fields = DynamicMessage::new(sibling(of, STRUCT)?);
            fields.try_set_field_by_name("fields", fields_of(of, entries)?).ok();
            ("struct_value", Reflected::Message(fields))
        }
        Value::Message(message) if message.descriptor().full_name() == "google.protobuf.FieldMask" => {
            ("string_value", Reflected::String(mask(message)))
        }
        Value::Message(message) if message.descriptor().full_name() == "google.protobuf.Empty" => {
            ("struct_value", Reflected::Message(DynamicMessage::new(sibling(of, STRUCT)?)))
        }
        Value::Message(_) | Value::Object(_) | Value::Type(_) | Value::Optional(_) => return Ok(None),
    };
    let mut message = DynamicMessage::new(of.clone());
    message.try_set_field_by_name(name, set).ok();
    Ok(Some(message))
}

/// A field mask in JSON: its paths, in camel case.
fn mask(message: &DynamicMessage) -> String {
    let paths = message.get_field_by_name("paths");
    let paths = paths.as_ref().and_then(|paths| paths.as_list()).unwrap_or_default();
    let camel = |path: &str| {
        let mut words = path.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |mut camel, word| {
            let mut letters = word.chars();
            camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
            camel + letters.as_str()
        })
    };
    paths.iter().filter_map(Reflected::as_str).map(camel).collect::<Vec<_>>().join(",")
}

/// A value as a `google.protobuf.Any`.
fn pack(of: &MessageDescriptor, value: &Value<'_>) -> Result<Option<DynamicMessage>, Failure> {
    let name = match value {
        Value::Message(message) => return Ok(any(of, message)),
        Value::Null => VALUE,
        Value::Bool(_) => "google.protobuf.BoolValue",
        Value::Int(_) => "google.protobuf.Int64Value",
        Value::Uint(_) => "google.protobuf.UInt64Value",
        Value::Double(_) => "google.protobuf.DoubleValue",
        Value::Text(_) => "google.protobuf.StringValue",
        Value::Bytes(_) => "google.protobuf.BytesValue",
        Value::Duration(_) => "google.protobuf.Duration",
        Value::Timestamp(_) => "google.protobuf.Timestamp",
        Value::List(_) => LIST,
        Value::Map(_) => STRUCT,
        Value::Object(_) | Value::Type(_) | Value::Optional(_) => return Ok(None),
    };
    let inner = well_known(&sibling(of, name)?, value)?;
    Ok(inner.and_then(|inner| any(of, &inner)))
}

fn any(of: &MessageDescriptor, message: &DynamicMessage) -> Option<DynamicMessage> {
    if message.descriptor() == *of {
        return Some(message.clone());
    }
    let url = format!("type.googleapis.com/{}", message.descriptor().full_name());
    let mut any = DynamicMessage::new(of.clone());
    any.try_set_field_by_name("type_url", Reflected::String(url)).ok()?;
    any.try_set_field_by_name("value", Reflected::Bytes(message.encode_to_vec().into())).ok()?;
    Some(any)
}
