//! What reading and writing has to know of a field: that of a schema, or one made up to hold a type. It uses no
//! descriptors and no payloads.

use crate::finding::Layer;
use crate::schema::{Enum, Field, FieldType, Label, Message, Oneof, Presence, Scalar};

/// What one element of a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'s> {
    Scalar(Scalar),
    Enum(Enum<'s>),
    Message(Message<'s>),
}

/// How many elements a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Many {
    One,
    List,
    Map,
}

/// A field.
#[derive(Clone)]
pub(super) struct FieldShape<'s> {
    /// As the text form shows it: extensions in brackets.
    pub(super) name: String,
    /// The key that JSON writers use.
    pub(super) json: String,
    pub(super) number: i32,
    pub(super) kind: Kind<'s>,
    pub(super) many: Many,
    pub(super) presence: Presence,
    pub(super) packed: bool,
    /// Whether messages stand between group tags.
    pub(super) delimited: bool,
    /// A string that may hold what is no UTF-8.
    pub(super) unchecked: bool,
    pub(super) default: Option<&'s str>,
    pub(super) oneof: Option<Oneof<'s>>,
}

impl<'s> FieldShape<'s> {
    /// `None` where the type is not known.
    pub(super) fn from_field(field: Field<'s>) -> Option<FieldShape<'s>> {
        let kind = match field.field_type() {
            FieldType::Scalar(scalar) => Kind::Scalar(scalar),
            FieldType::Enum(enumeration) => Kind::Enum(enumeration),
            FieldType::Message(message) => Kind::Message(message),
            FieldType::Unresolved => return None,
        };
        let many = match (field.label(), kind) {
            (Label::Repeated, Kind::Message(message)) if is_entry(message) => Many::Map,
            (Label::Repeated, _) => Many::List,
            _ => Many::One,
        };
        let (name, json) = if field.is_extension() {
            let name = format!("[{}]", field.full_name());
            (name.clone(), name)
        } else {
            (field.name().to_owned(), field.json_name())
        };
        Some(FieldShape {
            name,
            json,
            number: field.number(),
            kind,
            many,
            // Of an entry, both halves are written.
            presence: if field.is_in_map_entry() { Presence::Explicit } else { field.presence() },
            packed: field.is_packed(),
            delimited: field.is_delimited(),
            unchecked: kind == Kind::Scalar(Scalar::String) && !field.validates_utf8(),
            default: field.written_default(),
            oneof: field.oneof().filter(|oneof| !oneof.is_synthetic()),
        })
    }

    /// A field that no schema has.
    pub(super) fn made_up(name: &str, number: i32, kind: Kind<'s>) -> FieldShape<'s> {
        FieldShape {
            name: name.to_owned(),
            json: name.to_owned(),
            number,
            kind,
            many: Many::One,
            presence: Presence::Explicit,
            packed: false,
            delimited: false,
            unchecked: false,
            default: None,
            oneof: None,
        }
    }

    /// The message that an element is; that of the values for a map.
    pub(super) fn message(&self) -> Option<Message<'s>> {
        match (self.kind, self.many) {
            (Kind::Message(_), Many::Map) => self.half(2)?.message(),
            (Kind::Message(message), _) => Some(message),
            _ => None,
        }
    }

    /// The key (1) or the value (2) of a map.
    pub(super) fn half(&self, number: i32) -> Option<FieldShape<'s>> {
        match (self.kind, self.many) {
            (Kind::Message(entry), Many::Map) => FieldShape::from_field(entry_field(entry, number)?),
            _ => None,
        }
    }

    /// The wire type of one element, <https://protobuf.dev/programming-guides/encoding/#structure>.
    pub(super) fn wire_type(&self) -> u8 {
        use Scalar::{Bytes, Double, Fixed32, Fixed64, Float, Sfixed32, Sfixed64, String};
        match self.kind {
            Kind::Scalar(Fixed64 | Sfixed64 | Double) => 1,
            Kind::Scalar(String | Bytes) => 2,
            Kind::Scalar(Fixed32 | Sfixed32 | Float) => 5,
            Kind::Scalar(_) | Kind::Enum(_) => 0,
            Kind::Message(_) if self.delimited => 3,
            Kind::Message(_) => 2,
        }
    }

    /// Whether several elements may share a record.
    pub(super) fn is_packable(&self) -> bool {
        self.many == Many::List && matches!(self.wire_type(), 0 | 1 | 5)
    }

    /// The type in words, for "is …".
    pub(super) fn type_name(&self) -> String {
        let element = match self.kind {
            Kind::Scalar(scalar) => scalar.name().to_owned(),
            Kind::Enum(enumeration) => format!("enum `{}`", enumeration.name()),
            Kind::Message(_) if self.many == Many::Map => return "a map".to_owned(),
            Kind::Message(message) if self.delimited => format!("group `{}`", message.name()),
            Kind::Message(message) => format!("message `{}`", message.name()),
        };
        if self.many == Many::List { format!("repeated {element}") } else { element }
    }

    /// Whether both have the same form for every value on the wire; what messages hold is another question.
    pub(super) fn is_alike(&self, other: &FieldShape<'_>) -> bool {
        let same_kind = match (self.kind, other.kind) {
            (Kind::Scalar(one), Kind::Scalar(other)) => one == other,
            (Kind::Enum(one), Kind::Enum(other)) => is_same_enum(one, other),
            (Kind::Message(_), Kind::Message(_)) => self.delimited == other.delimited,
            _ => false,
        };
        same_kind && self.many == other.many && (other.unchecked || !self.unchecked)
    }
}

/// Whether two enums have the same values in the same order, and are closed alike.
fn is_same_enum(one: Enum<'_>, other: Enum<'_>) -> bool {
    one.values().len() == other.values().len()
        && one.is_closed() == other.is_closed()
        && one.values().zip(other.values()).all(|(a, b)| a.number() == b.number() && a.name() == b.name())
}

/// The fields of a message that may read what is written for a field, in the order of declaration: that of its number,
/// or those that its key finds.
pub(super) fn readers<'s>(message: Message<'s>, writer: &FieldShape<'_>, layer: Layer) -> Vec<Field<'s>> {
    declared(match layer {
        Layer::Json => [message.field_keyed(&writer.json), message.field_named(&writer.json)],
        _ => [message.field_numbered(writer.number), None],
    })
}

/// Fields in the order of declaration.
pub(super) fn declared<'s>(fields: impl IntoIterator<Item = Option<Field<'s>>>) -> Vec<Field<'s>> {
    let mut fields: Vec<Field<'s>> = fields.into_iter().flatten().collect();
    fields.sort_unstable_by_key(|field| field.index);
    fields.dedup();
    fields
}

/// The key or the value of a map entry.
fn entry_field(entry: Message<'_>, number: i32) -> Option<Field<'_>> {
    entry.field_numbered(number)
}

/// Whether it is a map's entry, and one that can be read as such.
fn is_entry(message: Message<'_>) -> bool {
    let is_key = |field: Field<'_>| match field.field_type() {
        FieldType::Scalar(scalar) => !matches!(scalar, Scalar::Double | Scalar::Float | Scalar::Bytes),
        _ => false,
    };
    let is_single = |field: &Field<'_>| field.label() != Label::Repeated;
    let key = entry_field(message, 1).filter(is_single);
    let value = entry_field(message, 2).filter(is_single);
    message.is_map_entry()
        && message.fields().len() == 2
        && key.is_some_and(is_key)
        && value.is_some_and(|value| value.field_type() != FieldType::Unresolved)
}
