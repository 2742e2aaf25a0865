//! Values of CEL expressions. Texts are borrowed from where they come from or shared; a copy of a value copies nothing
//! else.

use std::ops::Deref;
use std::rc::Rc;

use prost_reflect::DynamicMessage;

use super::object::Object;
use collection::Source;
pub(crate) use collection::{List, Map};
pub(super) use constant::Constant;

mod collection;
mod compare;
mod constant;
mod reflected;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Value<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'v>),
    Bytes(Bytes<'v>),
    /// In nanoseconds.
    Duration(i128),
    /// In nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i128),
    List(List<'v>),
    Map(Map<'v>),
    Message(Rc<DynamicMessage>),
    /// An object of the embedder.
    Object(Rc<dyn Object<'v> + 'v>),
    /// A type, by its name.
    Type(Text<'v>),
    /// A value that may be missing.
    Optional(Option<Rc<Value<'v>>>),
}

/// Something borrowed or shared.
#[derive(Debug)]
pub(crate) enum Held<'v, T: ?Sized> {
    Borrowed(&'v T),
    Shared(Rc<T>),
}

/// A text.
pub(crate) type Text<'v> = Held<'v, str>;

/// Bytes.
pub(crate) type Bytes<'v> = Held<'v, [u8]>;

impl<T: ?Sized> Clone for Held<'_, T> {
    fn clone(&self) -> Self {
        match self {
            Held::Borrowed(value) => Held::Borrowed(value),
            Held::Shared(value) => Held::Shared(Rc::clone(value)),
        }
    }
}

impl<T: ?Sized> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Held::Borrowed(value) => value,
            Held::Shared(value) => value,
        }
    }
}

impl<'v> Text<'v> {
    /// A part of it, which must begin and end between characters.
    pub(super) fn part(&self, start: usize, end: usize) -> Text<'v> {
        match self {
            Held::Borrowed(text) => Held::Borrowed(text.get(start..end).unwrap_or_default()),
            Held::Shared(text) => Held::Shared(text.get(start..end).unwrap_or_default().into()),
        }
    }
}

impl<'v> Value<'v> {
    /// A text that is kept where it is.
    pub(crate) fn text(text: &'v str) -> Self {
        Value::Text(Held::Borrowed(text))
    }

    /// A text of one's own.
    pub(crate) fn shared_text(text: impl Into<Rc<str>>) -> Self {
        Value::Text(Held::Shared(text.into()))
    }

    /// Bytes of one's own.
    pub(super) fn shared_bytes(bytes: Vec<u8>) -> Self {
        Value::Bytes(Held::Shared(bytes.into()))
    }

    /// A list.
    pub(crate) fn list(elements: Vec<Value<'v>>) -> Self {
        Value::List(List(Source::Shared(Rc::new(elements))))
    }

    /// A map, in this order. Keys are of the types `bool`, `int`, `uint` and `string`, and occur once.
    pub(crate) fn map(entries: Vec<(Value<'v>, Value<'v>)>) -> Self {
        Value::Map(Map(Source::Shared(Rc::new(entries))))
    }

    /// An object of the embedder.
    pub(crate) fn object(object: impl Object<'v> + 'v) -> Self {
        Value::Object(Rc::new(object))
    }

    /// A whole number that `int` has room for.
    pub(super) fn length(length: usize) -> Self {
        Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
    }

    pub(super) fn some(value: Value<'v>) -> Self {
        Value::Optional(Some(Rc::new(value)))
    }

    /// The name of its type, as `type(value)` gives it.
    pub(super) fn type_name(&self) -> Text<'v> {
        Held::Borrowed(match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::Text(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::Duration(_) => "google.protobuf.Duration",
            Value::Timestamp(_) => "google.protobuf.Timestamp",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Message(message) => {
                return Held::Shared(prost_reflect::ReflectMessage::descriptor(&**message).full_name().into());
            }
            Value::Object(object) => object.object_type().name,
            Value::Type(_) => "type",
            Value::Optional(_) => "optional_type",
        })
    }
}
