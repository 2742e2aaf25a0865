//! Fields and extensions, as rules see them.

use super::super::data::{Declared, FieldData, Label, Scalar, WrittenType};
use super::super::link::Target;
use super::super::option::Options;
use super::{Enum, File, Message, Oneof};

handle!(
    /// A field of a message, or an extension.
    Field, FieldData, fields
);
declared!(Field);

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldType<'s> {
    /// A scalar.
    Scalar(Scalar),
    /// A message, map entries and groups included.
    Message(Message<'s>),
    /// An enum.
    Enum(Enum<'s>),
    /// A name that could not be resolved; nothing may be concluded from it.
    Unresolved,
}

impl<'s> Field<'s> {
    /// Package, enclosing names and name, joined by dots.
    pub fn full_name(self) -> String {
        let scope = match self.parent() {
            Some(message) => message.full_name(),
            None => self.file.package().unwrap_or_default(),
        };
        if scope.is_empty() { self.name().to_owned() } else { format!("{scope}.{}", self.name()) }
    }

    /// The field number.
    pub fn number(self) -> i32 {
        self.data().number
    }

    /// The label of the descriptor.
    pub fn label(self) -> Label {
        self.data().label
    }

    /// The message it is declared in; for a field the one it belongs to.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|index| Message { file: self.file, index })
    }

    /// Whether it extends a message from outside.
    pub fn is_extension(self) -> bool {
        self.data().extendee.is_some()
    }

    /// The message an extension extends, where that could be resolved.
    pub fn extendee(self) -> Option<Message<'s>> {
        match self.file.links().extendees[self.data().extendee? as usize].target() {
            Some(Target::Message(file, index)) => {
                Some(Message { file: File { schema: self.file.schema, index: file }, index })
            }
            _ => None,
        }
    }

    /// The message that has it: the one it extends, or is declared in.
    pub(crate) fn holder(self) -> Option<Message<'s>> {
        if self.is_extension() { self.extendee() } else { self.parent() }
    }

    /// Whether it was made for a map entry.
    pub fn is_in_map_entry(self) -> bool {
        !self.is_extension() && self.parent().is_some_and(Message::is_map_entry)
    }

    /// Whether it is written as a `group`.
    pub fn is_group(self) -> bool {
        self.data().written_type == WrittenType::Group
    }

    /// Whether it is a `map<K, V>`.
    pub fn is_map(self) -> bool {
        matches!(self.field_type(), FieldType::Message(message) if message.is_map_entry() && self.label() == Label::Repeated)
    }

    /// The oneof it is in, synthetic ones included.
    pub fn oneof(self) -> Option<Oneof<'s>> {
        self.data().oneof.map(|index| Oneof { file: self.file, index })
    }

    /// Whether `optional` is written in proto3.
    pub fn is_proto3_optional(self) -> bool {
        self.data().proto3_optional
    }

    /// What it holds.
    pub fn field_type(self) -> FieldType<'s> {
        match self.data().written_type {
            WrittenType::Scalar(scalar) => FieldType::Scalar(scalar),
            _ => self.file.schema.type_of(self.file.links().field_types[self.index as usize]),
        }
    }

    /// The name of the extended message as written; empty for fields that are no extensions.
    pub(crate) fn written_extendee(self) -> &'s str {
        let data = self.file.data();
        self.data().extendee.map_or("", |at| data.text(data.extendees[at as usize].name))
    }

    /// The type name as written; empty for scalars.
    pub(crate) fn written_type_name(self) -> &'s str {
        self.file.data().text(self.data().type_name)
    }

    /// `json_name` as written.
    pub fn written_json_name(self) -> Option<&'s str> {
        self.data().json_name.map(|text| self.file.data().text(text))
    }

    /// `default` as written, strings unescaped.
    pub fn written_default(self) -> Option<&'s str> {
        self.data().default.map(|text| self.file.data().text(text))
    }
}
