//! A message type with all it holds, compiled to tables: what a number means in each message, without the schema behind
//! it. It does not depend on bytes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::wire::{FIXED32, FIXED64, GROUP_START, LENGTH, VARINT};
use crate::schema::{Field, FieldType, Label, Message, Presence, Scalar, Schema};

/// What stands for no field and no type.
pub(super) const NONE: u32 = u32::MAX;
/// Numbers below this are found in a table.
const DENSE: u32 = 256;

/// A message type with all it holds; the first type is the one that it was made for.
pub(crate) struct Plan {
    pub(super) types: Vec<TypePlan>,
    /// How many fields all types have.
    pub(super) fields: u32,
    /// What cannot be distinguished in payloads, and why.
    pub(crate) notes: Vec<String>,
}

/// A message type.
pub(super) struct TypePlan {
    pub(super) name: String,
    /// In the order of declaration, extensions last.
    pub(super) fields: Vec<FieldPlan>,
    /// What there is to say of each field.
    pub(super) details: Vec<FieldDetail>,
    dense: Vec<u32>,
    sparse: FxHashMap<u32, u32>,
    pub(super) is_map_entry: bool,
    pub(super) is_any: bool,
    /// The index of its first field among those of all types.
    pub(super) first: u32,
}

/// What reading the bytes of a field takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldPlan {
    pub(super) number: u32,
    pub(super) kind: Kind,
    /// The wire type of its values.
    pub(super) wire: u8,
    pub(super) is_repeated: bool,
    /// Whether its values may share a record.
    pub(super) is_packable: bool,
    /// Whether writers let them, or would if the type allowed it.
    pub(super) packs: bool,
    pub(super) checks_utf8: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(Scalar),
    Enum,
    /// By its index among the types.
    Message(u32),
    /// The type is unknown: any value is taken as it is.
    Unresolved,
}

/// What people are to read of a field.
pub(super) struct FieldDetail {
    /// As paths have it: that of an extension is its full name in brackets.
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) presence: Presence,
    pub(super) is_map: bool,
    /// The index of its oneof among those of the file, and the name.
    pub(super) oneof: Option<(u32, String)>,
    /// What it reads as where it is not set, as text.
    pub(super) default: Option<String>,
    /// Whether the default is written in the schema.
    pub(super) has_written_default: bool,
    pub(super) values: Option<Arc<EnumPlan>>,
}

/// The values of an enum.
pub(super) struct EnumPlan {
    names: FxHashMap<i32, String>,
    pub(super) is_closed: bool,
}

impl EnumPlan {
    pub(super) fn name(&self, number: i32) -> Option<&str> {
        self.names.get(&number).map(String::as_str)
    }
}

impl TypePlan {
    /// The index of the field of that number.
    #[inline]
    pub(super) fn find(&self, number: u32) -> Option<usize> {
        let index = match self.dense.get(number as usize) {
            Some(&index) => index,
            None if number < DENSE => NONE,
            None => self.sparse.get(&number).copied().unwrap_or(NONE),
        };
        (index != NONE).then_some(index as usize)
    }

    /// The fields of the message itself are known: adds those of extensions.
    fn fill<'s>(&mut self, fields: &[Field<'s>], types: &mut Types<'s>) {
        for &field in fields {
            let Ok(number) = u32::try_from(field.number()) else { continue };
            // Of several with one number, runtimes have the first.
            if self.find(number).is_some() {
                continue;
            }
            let index = self.fields.len() as u32;
            if number < DENSE {
                if self.dense.len() <= number as usize {
                    self.dense.resize(number as usize + 1, NONE);
                }
                self.dense[number as usize] = index;
            } else {
                self.sparse.insert(number, index);
            }
            self.fields.push(types.field(field, number));
            self.details.push(types.detail(field));
        }
    }
}

/// The types of a plan that is made.
struct Types<'s> {
    /// In the order in which they were reached; their number is their index.
    messages: Vec<Message<'s>>,
    indexes: FxHashMap<(u32, u32), u32>,
    enums: FxHashMap<(u32, u32), Arc<EnumPlan>>,
    notes: Vec<String>,
}

impl Plan {
    /// Compiles a message with all that it holds, extensions of the whole schema included.
    pub(crate) fn new<'s>(schema: &'s Schema, root: Message<'s>) -> Plan {
        let mut extensions: FxHashMap<(u32, u32), Vec<Field<'s>>> = FxHashMap::default();
        for field in schema.files().flat_map(|file| file.all_fields()).filter(|field| field.is_extension()) {
            if let Some(extendee) = field.extendee() {
                extensions.entry(key(extendee)).or_default().push(field);
            }
        }
        let mut types = Types {
            messages: Vec::new(),
            indexes: FxHashMap::default(),
            enums: FxHashMap::default(),
            notes: Vec::new(),
        };
        types.index(root);
        let (mut plans, mut first) = (Vec::new(), 0);
        while let Some(&message) = types.messages.get(plans.len()) {
            let mut plan = TypePlan {
                name: message.full_name().to_owned(),
                fields: Vec::new(),
                details: Vec::new(),
                dense: Vec::new(),
                sparse: FxHashMap::default(),
                is_map_entry: message.is_map_entry(),
                is_any: message.full_name() == "google.protobuf.Any",
                first,
            };
            let own: Vec<Field<'s>> = message.fields().collect();
            plan.fill(&own, &mut types);
            plan.fill(extensions.get(&key(message)).map_or(&[][..], |fields| &fields[..]), &mut types);
            if message.options().boolean("message_set_wire_format") == Some(true) {
                let name = message.full_name();
                types.notes.push(format!("`{name}` has `message_set_wire_format`: its content is counted as unknown"));
            }
            first += plan.fields.len() as u32;
            plans.push(plan);
        }
        Plan { types: plans, fields: first, notes: types.notes }
    }

    /// The type of the messages that a field holds, by its index.
    pub(super) fn message_of(&self, holder: u32, field: u32) -> Option<u32> {
        match self.types[holder as usize].fields[field as usize].kind {
            Kind::Message(of) => Some(of),
            _ => None,
        }
    }

    /// The full name of the type that the plan was made for.
    pub(crate) fn name(&self) -> &str {
        &self.types[0].name
    }
}

fn key(message: Message<'_>) -> (u32, u32) {
    (message.file().index, message.index)
}

impl<'s> Types<'s> {
    /// The index of a message, which is compiled later if it is new.
    fn index(&mut self, message: Message<'s>) -> u32 {
        let next = self.messages.len() as u32;
        let index = *self.indexes.entry(key(message)).or_insert(next);
        if index == next {
            self.messages.push(message);
        }
        index
    }

    fn field(&mut self, field: Field<'s>, number: u32) -> FieldPlan {
        let (kind, wire) = match field.field_type() {
            FieldType::Scalar(scalar) => (Kind::Scalar(scalar), wire_of(scalar)),
            FieldType::Enum(_) => (Kind::Enum, VARINT),
            FieldType::Message(message) => {
                let wire = if field.is_delimited() { GROUP_START } else { LENGTH };
                (Kind::Message(self.index(message)), wire)
            }
            FieldType::Unresolved => {
                let (name, of) = (field.full_name(), field.written_type_name());
                self.notes
                    .push(format!("`{of}`, the type of `{name}`, is not found: its content is not counted by field"));
                (Kind::Unresolved, LENGTH)
            }
        };
        FieldPlan {
            number,
            kind,
            wire,
            is_repeated: field.label() == Label::Repeated,
            is_packable: field.is_packable(),
            packs: field.label() == Label::Repeated && field.packs_values(),
            checks_utf8: kind == Kind::Scalar(Scalar::String) && field.validates_utf8(),
        }
    }

    fn detail(&mut self, field: Field<'s>) -> FieldDetail {
        let type_name = match field.field_type() {
            FieldType::Scalar(scalar) => scalar.name().to_owned(),
            FieldType::Enum(found) => found.full_name().to_owned(),
            FieldType::Message(message) if field.is_map() => map_name(message),
            FieldType::Message(message) => message.full_name().to_owned(),
            FieldType::Unresolved => field.written_type_name().to_owned(),
        };
        let values = match field.field_type() {
            FieldType::Enum(found) => {
                let plan = || {
                    let names = found.values().rev().map(|value| (value.number(), value.name().to_owned())).collect();
                    Arc::new(EnumPlan { names, is_closed: found.is_closed() })
                };
                Some(Arc::clone(self.enums.entry((found.file().index, found.index)).or_insert_with(plan)))
            }
            _ => None,
        };
        let default = field.default_value().map(|default| match (&values, default.as_integer()) {
            (Some(values), Some(number)) => {
                let number = i32::try_from(number).unwrap_or_default();
                values.name(number).map_or_else(|| number.to_string(), str::to_owned)
            }
            _ if field.field_type() == FieldType::Scalar(Scalar::Bool) => {
                (if default.is_zero() { "false" } else { "true" }).to_owned()
            }
            _ => default.to_string().trim_matches('`').to_owned(),
        });
        FieldDetail {
            name: if field.is_extension() { format!("[{}]", field.full_name()) } else { field.name().to_owned() },
            type_name,
            presence: field.presence(),
            is_map: field.is_map(),
            oneof: field
                .oneof()
                .filter(|oneof| !oneof.is_synthetic())
                .map(|oneof| (oneof.index, oneof.name().to_owned())),
            default: default.filter(|_| field.label() != Label::Repeated),
            has_written_default: field.written_default().is_some(),
            values,
        }
    }
}

/// `map<string, acme.v1.Item>`.
fn map_name(entry: Message<'_>) -> String {
    let of = |number| {
        let found = entry.fields().find(|field| field.number() == number);
        found.map_or("?", |field| match field.field_type() {
            FieldType::Scalar(scalar) => scalar.name(),
            FieldType::Enum(found) => found.full_name(),
            FieldType::Message(message) => message.full_name(),
            FieldType::Unresolved => field.written_type_name(),
        })
    };
    format!("map<{}, {}>", of(1), of(2))
}

fn wire_of(scalar: Scalar) -> u8 {
    match scalar {
        Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64 => FIXED64,
        Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32 => FIXED32,
        Scalar::String | Scalar::Bytes => LENGTH,
        _ => VARINT,
    }
}
