//! The values of messages as expressions see them: well-known messages stand for values of other types.

use std::rc::Rc;

use prost_reflect::{
    DynamicMessage, ExtensionDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage, Value as Reflected,
};

use super::Value;
use crate::cel::scope::message_type;
use crate::cel::time::{seconds_and_nanos, total_nanos};
use crate::cel::types::Type;

/// How deep messages in `google.protobuf.Any` may be.
const MAX_DEPTH: usize = 32;

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
        Self::from_nested(message, 0)
    }

    fn from_nested(message: &DynamicMessage, depth: usize) -> Self {
        let instant = || seconds_and_nanos(message).map(|(seconds, nanos)| total_nanos(seconds, nanos));
        let field = |name: &str| message.get_field_by_name(name);
        let descriptor = message.descriptor();
        let special = match descriptor.full_name() {
            "google.protobuf.Duration" => instant().map(Value::Duration),
            "google.protobuf.Timestamp" => instant().map(Value::Timestamp),
            "google.protobuf.Value" => Some(Self::from_value_message(message)),
            "google.protobuf.ListValue" => field("values").map(|values| Self::from_reflected(&values)),
            "google.protobuf.Struct" => field("fields").map(|fields| Self::from_reflected(&fields)),
            "google.protobuf.Any" if depth < MAX_DEPTH => {
                unpacked(message).map(|message| Self::from_nested(&message, depth + 1))
            }
            _ if is_wrapper(&descriptor) => field("value").map(|value| Self::from_reflected(&value)),
            _ => None,
        };
        special.unwrap_or_else(|| Value::Message(Rc::new(message.clone())))
    }

    /// What a `google.protobuf.Value` stands for.
    fn from_value_message(message: &DynamicMessage) -> Self {
        let kinds = ["number_value", "string_value", "bool_value", "struct_value", "list_value"];
        let kind = kinds.into_iter().find(|kind| message.has_field_by_name(kind));
        let value = kind.and_then(|kind| message.get_field_by_name(kind));
        value.map_or(Value::Null, |value| Self::from_reflected(&value))
    }

    /// A field of a message, or an extension by its full name; None if there is none.
    pub(crate) fn field(message: &DynamicMessage, name: &str) -> Option<Self> {
        let descriptor = message.descriptor();
        let Some(field) = descriptor.get_field_by_name(name) else {
            return Some(Self::from_reflected(&message.get_extension(&extension(&descriptor, name)?)));
        };
        let reads_null = match field.kind() {
            Kind::Message(of) if !field.is_list() && !field.is_map() => {
                is_wrapper(&of) || matches!(of.full_name(), "google.protobuf.Any" | "google.protobuf.Value")
            }
            _ => false,
        };
        if reads_null && !message.has_field(&field) {
            return Some(Value::Null);
        }
        Some(Self::from_reflected(&message.get_field(&field)))
    }

    /// Whether a field, or an extension by its full name, is set; None if there is none.
    pub(in crate::cel) fn has_field(message: &DynamicMessage, name: &str) -> Option<bool> {
        let descriptor = message.descriptor();
        match descriptor.get_field_by_name(name) {
            Some(field) => Some(message.has_field(&field)),
            None => Some(message.has_extension(&extension(&descriptor, name)?)),
        }
    }
}

/// The extension of a message with a full name.
pub(in crate::cel) fn extension(message: &MessageDescriptor, name: &str) -> Option<ExtensionDescriptor> {
    message.extensions().find(|extension| extension.full_name() == name)
}

/// The message in a `google.protobuf.Any`, if its type is there and its bytes can be read.
fn unpacked(any: &DynamicMessage) -> Option<DynamicMessage> {
    let url = any.get_field_by_name("type_url")?;
    let name = url.as_str()?.rsplit('/').next()?;
    let descriptor = any.descriptor().parent_pool().get_message_by_name(name)?;
    let bytes = any.get_field_by_name("value")?;
    DynamicMessage::decode(descriptor, bytes.as_bytes()?.clone()).ok()
}

/// Whether a message stands for a scalar that may also be null, such as `google.protobuf.StringValue`.
fn is_wrapper(message: &MessageDescriptor) -> bool {
    matches!(message_type(message), Type::Nullable(_))
}
