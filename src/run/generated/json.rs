//! JSON as writers write it: an enum value by the first name of its number, which the library does not promise.

use prost_reflect::{DynamicMessage, MapKey, ReflectMessage, Value};
use serde_json::Value as Json;

use super::world::{inner, members};
use crate::schema::{Field, FieldType, Message};

pub(super) fn to_json(message: &DynamicMessage, of: Message<'_>) -> Json {
    let mut json = serde_json::to_value(message).expect("keys are strings");
    rename(&mut json, message, of);
    json
}

fn rename(json: &mut Json, message: &DynamicMessage, of: Message<'_>) {
    let descriptor = message.descriptor();
    for field in members(of) {
        let number = u32::try_from(field.number()).unwrap_or_default();
        let (key, value) = match field.is_extension() {
            true => {
                let Some(extension) = descriptor.get_extension(number) else { continue };
                (format!("[{}]", field.full_name()), message.get_extension(&extension).into_owned())
            }
            false => {
                let Some(found) = descriptor.get_field(number) else { continue };
                (field.json_name(), message.get_field(&found).into_owned())
            }
        };
        let Some(json) = json.get_mut(&key) else { continue };
        match (&value, json) {
            (Value::List(values), Json::Array(elements)) => {
                elements.iter_mut().zip(values).for_each(|(json, value)| element(json, value, field));
            }
            (Value::Map(entries), Json::Object(elements)) => {
                let Some(half) = inner(field).and_then(|entry| entry.fields().find(|half| half.number() == 2)) else {
                    continue;
                };
                for (key, value) in entries {
                    let key = match key {
                        MapKey::String(text) => text.clone(),
                        MapKey::Bool(key) => key.to_string(),
                        MapKey::I32(key) => key.to_string(),
                        MapKey::I64(key) => key.to_string(),
                        MapKey::U32(key) => key.to_string(),
                        MapKey::U64(key) => key.to_string(),
                    };
                    if let Some(json) = elements.get_mut(&key) {
                        element(json, value, half);
                    }
                }
            }
            (value, json) => element(json, value, field),
        }
    }
}

fn element(json: &mut Json, value: &Value, field: Field<'_>) {
    match (value, field.field_type()) {
        (Value::EnumNumber(number), FieldType::Enum(enumeration)) => {
            if let Some(first) = enumeration.values().find(|value| value.number() == *number) {
                *json = Json::String(first.name().to_owned());
            }
        }
        (Value::Message(message), FieldType::Message(of)) => rename(json, message, of),
        _ => {}
    }
}
