//! Values of CEL expressions, and the values of messages as expressions see them.

use std::cmp::Ordering;

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage, Value as Reflected,
};

use super::scope::message_type;
use super::time::{seconds_and_nanos, total_nanos};
use super::types::Type;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// In nanoseconds.
    Duration(i128),
    /// In nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i128),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Message(DynamicMessage),
}

impl Value {
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
            Reflected::String(value) => Value::Text(value.clone()),
            Reflected::Bytes(value) => Value::Bytes(value.to_vec()),
            Reflected::Message(message) => Self::from_message(message),
            Reflected::List(values) => Value::List(values.iter().map(Self::from_reflected).collect()),
            Reflected::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by(|left, right| left.0.cmp(right.0));
                Value::Map(
                    entries
                        .into_iter()
                        .map(|(key, value)| (Self::from_key(key), Self::from_reflected(value)))
                        .collect(),
                )
            }
        }
    }

    fn from_key(key: &MapKey) -> Self {
        Self::from_reflected(&Reflected::from(key.clone()))
    }

    fn from_message(message: &DynamicMessage) -> Self {
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
        special.unwrap_or_else(|| Value::Message(message.clone()))
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

    /// The order of two values, if there is one.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            (Value::Bytes(left), Value::Bytes(right)) => Some(left.cmp(right)),
            (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
            (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(right)),
            (Value::Double(left), right) => left.partial_cmp(&right.double()?),
            (left, Value::Double(right)) => left.double()?.partial_cmp(right),
            (left, right) => Some(left.integer()?.cmp(&right.integer()?)),
        }
    }

    fn integer(&self) -> Option<i128> {
        match self {
            Value::Int(value) => Some((*value).into()),
            Value::Uint(value) => Some((*value).into()),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are compared as doubles")]
    fn double(&self) -> Option<f64> {
        match self {
            Value::Double(value) => Some(*value),
            other => other.integer().map(|value| value as f64),
        }
    }

    /// Whether two values are equal; None where that is not modelled here.
    pub(crate) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Value::Null, Value::Null) => Some(true),
            (Value::List(left), Value::List(right)) => all_equal(left.len() == right.len(), left.iter().zip(right)),
            (Value::Map(left), Value::Map(right)) => {
                let found = left.iter().map(|(key, value)| Some((value, lookup(right, key)?)));
                let pairs: Option<Vec<_>> = found.collect();
                pairs.map_or(Some(false), |pairs| all_equal(left.len() == right.len(), pairs.into_iter()))
            }
            (Value::Message(_), _) | (_, Value::Message(_)) => None,
            _ => Some(self.order(other) == Some(Ordering::Equal)),
        }
    }
}

fn all_equal<'v>(same_length: bool, mut pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    if !same_length {
        return Some(false);
    }
    pairs.try_fold(true, |equal, (left, right)| Some(equal && left.equals(right)?))
}

/// The value at a key.
pub(super) fn lookup<'m>(entries: &'m [(Value, Value)], key: &Value) -> Option<&'m Value> {
    entries.iter().find(|(entry, _)| entry.equals(key) == Some(true)).map(|(_, value)| value)
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
