//! Values that an expression spells out or that follow from it alone. A program keeps them, and threads share it.

use super::collection::{List, Map, Source};
use super::{Held, Value};

/// A value that a program keeps.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cel) enum Constant {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Duration(i128),
    Timestamp(i128),
    List(Box<[Constant]>),
    Map(Box<[(Constant, Constant)]>),
    Type(Box<str>),
}

impl Constant {
    /// The value, which borrows from the constant.
    #[inline]
    pub(in crate::cel) fn value(&self) -> Value<'_> {
        match self {
            Constant::Null => Value::Null,
            Constant::Bool(value) => Value::Bool(*value),
            Constant::Int(value) => Value::Int(*value),
            Constant::Uint(value) => Value::Uint(*value),
            Constant::Double(value) => Value::Double(*value),
            Constant::Text(text) => Value::Text(Held::Borrowed(text)),
            Constant::Bytes(bytes) => Value::Bytes(Held::Borrowed(bytes)),
            Constant::Duration(nanos) => Value::Duration(*nanos),
            Constant::Timestamp(nanos) => Value::Timestamp(*nanos),
            Constant::List(elements) => Value::List(List(Source::Program(elements))),
            Constant::Map(entries) => Value::Map(Map(Source::Program(entries))),
            Constant::Type(name) => Value::Type(Held::Borrowed(name)),
        }
    }

    /// A value as a constant; None for messages, objects and optional values.
    pub(in crate::cel) fn from_value(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Null => Constant::Null,
            Value::Bool(value) => Constant::Bool(*value),
            Value::Int(value) => Constant::Int(*value),
            Value::Uint(value) => Constant::Uint(*value),
            Value::Double(value) => Constant::Double(*value),
            Value::Text(text) => Constant::Text((**text).into()),
            Value::Bytes(bytes) => Constant::Bytes((**bytes).into()),
            Value::Duration(nanos) => Constant::Duration(*nanos),
            Value::Timestamp(nanos) => Constant::Timestamp(*nanos),
            Value::List(elements) => {
                Constant::List(elements.iter().map(|element| Self::from_value(&element)).collect::<Option<_>>()?)
            }
            Value::Map(entries) => {
                let entry = |(key, value)| Some((Self::from_value(&key)?, Self::from_value(&value)?));
                Constant::Map(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            Value::Type(name) => Constant::Type((**name).into()),
            Value::Message(_) | Value::Object(_) | Value::Optional(_) => return None,
        })
    }

    /// Its bytes and elements, about.
    pub(in crate::cel) fn size(&self) -> usize {
        match self {
            Constant::Text(text) | Constant::Type(text) => text.len(),
            Constant::Bytes(bytes) => bytes.len(),
            Constant::List(elements) => elements.iter().map(|element| element.size() + 1).sum(),
            Constant::Map(entries) => entries.iter().map(|(key, value)| key.size() + value.size() + 1).sum(),
            _ => 1,
        }
    }
}
