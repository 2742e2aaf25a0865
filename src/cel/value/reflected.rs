//! The values of messages as expressions see them.

use std::rc::Rc;

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage, Value as Reflected,
};

use super::Value;
use crate::cel::scope::message_type;
use crate::cel::time::{seconds_and_nanos, total_nanos};
use crate::cel::types::Type;

impl<'v> Value<'v> {
    /// The value of a field or of an element of it.
    pub(crate) fn from_reflected(reflected: &Reflected) -> Self {
        match reflected {
            Reflected::Bool(value) => Value::Bool(*value),
            Reflected::I32(value) | Reflected::EnumNumber(value) => Value::Int((*value).into()),
            Reflected::I64(value) => Value::Int(*value),
            Reflected::U32(value) => Value::Uint((*value).into()),
            Reflected::U64(value) => Value::Uint(*value),
            Reflected::F32(value) => Value::Double((*value).into()),
            Reflected::F64(value) => Value::Double(*value),
            Reflected::String(value) => Value::shared_text(value.as_str()),
            Reflected::Bytes(value) => Value::shared_bytes(value.to_vec()),
            Reflected::Message(message) => Self::from_message(message),
            Reflected::List(values) => Value::list(values.iter().map(Self::from_reflected).collect()),
            Reflected::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by(|left, right| left.0.cmp(right.0));
                let entry = |(key, value)| (Self::from_key(key), Self::from_reflected(value));
                Value::map(entries.into_iter().map(entry).collect())
            }
        }
    }

    fn from_key(key: &MapKey) -> Self {
        Self::from_reflected(&Reflected::from(key.clone()))
    }

    /// A message, which may stand for a value of another type.
    pub(crate) fn from_message(message: &DynamicMessage) -> Self {
        let instant = || seconds_and_nanos(message).map(|(seconds, nanos)| total_nanos(seconds, nanos));
        let descriptor = message.descriptor();
        let special = match descriptor.full_name() {
            "google.protobuf.Duration" => instant().map(Value::Duration),
            "google.protobuf.Timestamp" => instant().map(Value::Timestamp),
            _ if is_wrapper(&descriptor) => {
                message.get_field_by_name("value").map(|value| Self::from_reflected(&value))
            }
            _ => None,
        };
        special.unwrap_or_else(|| Value::Message(Rc::new(message.clone())))
    }

    /// A field of a message; None if there is none, or if its value is not modelled here.
    pub(crate) fn field(message: &DynamicMessage, name: &str) -> Option<Self> {
        let field = message.descriptor().get_field_by_name(name)?;
        if is_unset_wrapper(message, &field) {
            return Some(Value::Null);
        }
        if let Kind::Message(of) = field.kind()
            && is_dynamic(of.full_name())
        {
            return None;
        }
        Some(Self::from_reflected(&message.get_field(&field)))
    }
}

/// Whether a message stands for a scalar that may also be null, such as `google.protobuf.StringValue`.
fn is_wrapper(message: &MessageDescriptor) -> bool {
    matches!(message_type(message), Type::Nullable(_))
}

fn is_unset_wrapper(message: &DynamicMessage, field: &FieldDescriptor) -> bool {
    let holds_wrapper = matches!(field.kind(), Kind::Message(of) if is_wrapper(&of));
    holds_wrapper && !field.is_list() && !message.has_field(field)
}

/// Messages whose value is known at run time only.
fn is_dynamic(full_name: &str) -> bool {
    matches!(
        full_name,
        "google.protobuf.Any" | "google.protobuf.Value" | "google.protobuf.Struct" | "google.protobuf.ListValue"
    )
}
