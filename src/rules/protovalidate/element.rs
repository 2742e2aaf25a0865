//! What the checks need to know of a field, an extension, a list item, a map key or a map value.
//! It must not know of rules.

use prost_reflect::{DescriptorPool, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use super::HasPresence;

/// A thing that field rules can sit on.
#[derive(Clone)]
pub(super) struct Element {
    /// The short name of the field that carries the rules (for a map's key or value: of the map).
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) is_list: bool,
    pub(super) is_map: bool,
    pub(super) is_extension: bool,
    pub(super) has_presence: bool,
    /// The oneof the field is in, if that is not one made by proto3 `optional`.
    pub(super) oneof: Option<String>,
    /// Whether this is a map's key or value.
    pub(super) of_map: bool,
    pool: DescriptorPool,
    /// Key and value of a map.
    entry: Option<Box<(Element, Element)>>,
}

impl Element {
    pub(super) fn from_field(field: &FieldDescriptor, has_presence: HasPresence<'_>) -> Self {
        let kind = field.kind();
        let entry = match (field.is_map(), &kind) {
            (true, Kind::Message(entry)) => Some(Box::new((
                Self::from_entry_field(field, &entry.map_entry_key_field(), has_presence),
                Self::from_entry_field(field, &entry.map_entry_value_field(), has_presence),
            ))),
            _ => None,
        };
        let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic());
        Element {
            name: field.name().to_owned(),
            is_list: field.is_list(),
            is_map: entry.is_some(),
            is_extension: false,
            has_presence: !field.is_list() && entry.is_none() && has_presence(field),
            oneof: oneof.map(|oneof| oneof.name().to_owned()),
            of_map: false,
            pool: field.parent_pool().clone(),
            entry,
            kind,
        }
    }

    pub(super) fn from_extension(extension: &ExtensionDescriptor) -> Self {
        Element {
            name: extension.name().to_owned(),
            kind: extension.kind(),
            is_list: extension.is_list(),
            is_map: false,
            is_extension: true,
            has_presence: !extension.is_list(),
            oneof: None,
            of_map: false,
            pool: extension.parent_pool().clone(),
            entry: None,
        }
    }

    fn from_entry_field(map: &FieldDescriptor, field: &FieldDescriptor, has_presence: HasPresence<'_>) -> Self {
        Element {
            name: map.name().to_owned(),
            kind: field.kind(),
            is_list: false,
            is_map: false,
            is_extension: false,
            has_presence: has_presence(field),
            oneof: None,
            of_map: true,
            pool: field.parent_pool().clone(),
            entry: None,
        }
    }

    pub(super) fn pool(&self) -> &DescriptorPool {
        &self.pool
    }

    pub(super) fn map_key(&self) -> Option<&Element> {
        self.entry.as_ref().map(|entry| &entry.0)
    }

    pub(super) fn map_value(&self) -> Option<&Element> {
        self.entry.as_ref().map(|entry| &entry.1)
    }

    /// The message type of the field, or of its items.
    pub(super) fn message(&self) -> Option<&MessageDescriptor> {
        match &self.kind {
            Kind::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The type as written in a schema, without `repeated`.
    pub(super) fn type_name(&self) -> String {
        match (&self.entry, &self.kind) {
            (Some(entry), _) => format!("map<{}, {}>", entry.0.type_name(), entry.1.type_name()),
            (None, Kind::Message(message)) => message.full_name().to_owned(),
            (None, Kind::Enum(descriptor)) => descriptor.full_name().to_owned(),
            (None, kind) => scalar_name(kind).to_owned(),
        }
    }
}

/// The keyword of a scalar type.
pub(super) fn scalar_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Double => "double",
        Kind::Float => "float",
        Kind::Int32 => "int32",
        Kind::Int64 => "int64",
        Kind::Uint32 => "uint32",
        Kind::Uint64 => "uint64",
        Kind::Sint32 => "sint32",
        Kind::Sint64 => "sint64",
        Kind::Fixed32 => "fixed32",
        Kind::Fixed64 => "fixed64",
        Kind::Sfixed32 => "sfixed32",
        Kind::Sfixed64 => "sfixed64",
        Kind::Bool => "bool",
        Kind::String => "string",
        Kind::Bytes => "bytes",
        Kind::Message(_) => "message",
        Kind::Enum(_) => "enum",
    }
}
