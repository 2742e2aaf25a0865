//! Objects of the embedder: values with named, typed attributes that are read when an expression uses them.
//! It must not know what the objects are.

use std::fmt;

use super::types::Type;
use super::value::Value;

/// A named property of a kind of object.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    /// Its type; a function, as kinds of objects refer to each other.
    pub(crate) of: fn() -> Type,
    /// What it is, for readers of documentation.
    #[allow(dead_code, reason = "the engine has no use for it")]
    pub(crate) docs: &'static str,
}

/// A kind of object. There is one static of each kind: its address is its identity.
#[derive(Debug)]
pub(crate) struct ObjectType {
    pub(crate) name: &'static str,
    pub(crate) attributes: &'static [Attribute],
}

impl PartialEq for ObjectType {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for ObjectType {}

impl ObjectType {
    /// The position of an attribute.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.attributes.iter().position(|attribute| attribute.name == name)
    }
}

/// An object of the embedder.
pub(crate) trait Object<'v>: fmt::Debug {
    /// Its kind, which never changes.
    fn object_type(&self) -> &'static ObjectType;

    /// The value of an attribute, by its position in the kind's list. None if it is not set: `has` is false then, and
    /// the attribute reads as `null`.
    fn get(&self, attribute: usize) -> Option<Value<'v>>;

    /// Two objects of one kind with the same identity are equal.
    fn identity(&self) -> (usize, usize);
}
