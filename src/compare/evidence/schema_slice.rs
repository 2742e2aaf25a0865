//! The messages of one side, pruned: only those, and of them the fields, that a payload needs, so that its cost does
//! not grow with the schema.

mod compile;

use rustc_hash::{FxHashMap, FxHashSet};

use super::field_shape::{FieldShape, Kind, Many, readers};
use crate::finding::Layer;
use crate::schema::{Field, Message, Presence};

/// The messages that JSON has forms of their own for, <https://protobuf.dev/programming-guides/json/>.
const OWN_FORMS: [&str; 17] = [
    "google.protobuf.Any",
    "google.protobuf.BoolValue",
    "google.protobuf.BytesValue",
    "google.protobuf.DoubleValue",
    "google.protobuf.Duration",
    "google.protobuf.Empty",
    "google.protobuf.FieldMask",
    "google.protobuf.FloatValue",
    "google.protobuf.Int32Value",
    "google.protobuf.Int64Value",
    "google.protobuf.ListValue",
    "google.protobuf.StringValue",
    "google.protobuf.Struct",
    "google.protobuf.Timestamp",
    "google.protobuf.UInt32Value",
    "google.protobuf.UInt64Value",
    "google.protobuf.Value",
];
/// What an `Any` holds where it is written.
pub(super) const ANY_URL: &str = "type.googleapis.com/google.protobuf.Duration";
/// That as bytes: one second.
pub(super) const ANY_VALUE: &[u8] = &[0x08, 0x01];
/// The enum whose only value JSON writes as `null`.
pub(super) const NULL: &str = "google.protobuf.NullValue";

/// How many fields of a message with a form of its own are taken in; the real ones have fewer.
const MAX_OWN_FIELDS: usize = 8;
/// How many required fields of a message are taken in.
const MAX_REQUIRED: usize = 4;
/// Whether JSON has a form of its own for a message.
pub(crate) fn has_own_form(message: Message<'_>) -> bool {
    OWN_FORMS.binary_search(&message.full_name()).is_ok()
}

/// A message with the fields taken in so far.
pub(super) struct Node<'s> {
    message: Option<Message<'s>>,
    pub(super) fields: Vec<FieldShape<'s>>,
}

/// The values of enums that have to be taken in.
#[derive(Clone, Default)]
pub(super) struct Focus<'s> {
    pub(super) numbers: FxHashSet<i32>,
    pub(super) names: FxHashSet<&'s str>,
}

/// The messages of one side.
pub(super) struct SchemaSlice<'s> {
    nodes: Vec<Node<'s>>,
    places: FxHashMap<(u32, u32), usize>,
    pub(super) focus: Focus<'s>,
    role: Role,
    /// A field that only the other side has, and the node it would stand in.
    stranger: Option<(usize, FieldShape<'s>)>,
}

/// What a side does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Writes bytes; strings that may hold anything are described as bytes.
    ByteWriter,
    /// Writes JSON, in which a number has its first name.
    TextWriter,
    Reader,
}

impl<'s> SchemaSlice<'s> {
    /// Only the message that is written or read; the node 0. It is a known one where its JSON form depends on it.
    pub(super) fn new(root: Option<Message<'s>>, focus: Focus<'s>, role: Role) -> SchemaSlice<'s> {
        let mut slice = SchemaSlice { nodes: Vec::new(), places: FxHashMap::default(), focus, role, stranger: None };
        match root.filter(|&message| has_own_form(message)) {
            Some(message) => _ = slice.take_in(message),
            None => slice.nodes.push(Node { message: None, fields: Vec::new() }),
        }
        slice
    }

    pub(super) fn node(&self, at: usize) -> &Node<'s> {
        &self.nodes[at]
    }

    /// Adds a field, unless one of that number or name is there.
    pub(super) fn add(&mut self, node: usize, shape: &FieldShape<'s>) {
        let clashes = |other: &FieldShape<'_>| {
            other.number == shape.number
                || other.name == shape.name
                || other.json == shape.json
                || other.name == shape.json
                || other.json == shape.name
        };
        if self.nodes[node].fields.iter().any(clashes) {
            return;
        }
        self.nodes[node].fields.push(shape.clone());
        if let Kind::Message(message) = shape.kind {
            self.take_in(message);
        }
        self.focus.names.extend(default_name(shape));
    }

    /// Notes a field that only the other side has.
    pub(super) fn set_stranger(&mut self, node: usize, shape: &FieldShape<'s>) {
        self.stranger = Some((node, shape.clone()));
    }

    /// The field that only the other side has, in this node.
    pub(super) fn stranger(&self, node: usize) -> Option<&FieldShape<'s>> {
        self.stranger.as_ref().filter(|(at, _)| *at == node).map(|(_, shape)| shape)
    }

    /// The node of a message; a new one has no fields, but those of map entries and of messages with forms of their
    /// own.
    pub(super) fn take_in(&mut self, message: Message<'s>) -> usize {
        let key = (message.file.index, message.index);
        if let Some(&at) = self.places.get(&key) {
            return at;
        }
        let at = self.nodes.len();
        self.nodes.push(Node { message: Some(message), fields: Vec::new() });
        self.places.insert(key, at);
        if message.is_map_entry() || has_own_form(message) {
            for shape in message.fields().take(MAX_OWN_FIELDS).filter_map(FieldShape::from_field) {
                self.add(at, &shape);
            }
        }
        at
    }

    /// Takes in what reads the fields of the other side within messages: what is there is known to readers.
    pub(super) fn complete(&mut self, writer: &SchemaSlice<'s>, layer: Layer) {
        let mut next = vec![(0, 0)];
        let mut seen = FxHashSet::default();
        while let Some((from, to)) = next.pop() {
            if !seen.insert((from, to)) {
                continue;
            }
            if let Some((from, message)) = writer.nodes[from].message.zip(self.nodes[to].message) {
                required_anew(from, message, layer).iter().for_each(|shape| self.add(to, shape));
            }
            for shape in &writer.nodes[from].fields {
                let is_for = |field: &FieldShape<'s>| match layer {
                    Layer::Json => field.json == shape.json || field.name == shape.json,
                    _ => field.number == shape.number,
                };
                let known = self.nodes[to].fields.iter().find(|field| is_for(field)).cloned();
                let declared =
                    || readers(self.nodes[to].message?, shape, layer).into_iter().find_map(FieldShape::from_field);
                let Some(reader) = known.or_else(declared) else { continue };
                self.add(to, &reader);
                next.extend(writer.child(shape).zip(self.child(&reader)));
            }
        }
    }

    /// The map entry that a field of the root has a list of.
    pub(super) fn listed_entry(&self) -> Option<Message<'s>> {
        self.nodes[0].fields.iter().filter(|shape| shape.many == Many::List).find_map(|shape| match shape.kind {
            Kind::Message(message) => Some(message).filter(|message| message.is_map_entry()),
            _ => None,
        })
    }

    /// The node of what an element of a field is; entries for a map.
    pub(super) fn child(&self, shape: &FieldShape<'s>) -> Option<usize> {
        match shape.kind {
            Kind::Message(message) => self.places.get(&(message.file.index, message.index)).copied(),
            _ => None,
        }
    }

    /// The node of the message that an element of a field is; that of the values for a map.
    pub(super) fn inner(&self, shape: &FieldShape<'s>) -> Option<usize> {
        let message = shape.message()?;
        self.places.get(&(message.file.index, message.index)).copied()
    }

    pub(super) fn is_entry(&self, at: usize) -> bool {
        self.nodes[at].message.is_some_and(Message::is_map_entry)
    }
}

impl Node<'_> {
    /// Whether it is `google.protobuf.Any`, whose JSON form needs the message that is in it.
    pub(super) fn is_any(&self) -> bool {
        self.own_name() == Some("Any")
    }

    /// The short name of a message with a form of its own.
    pub(super) fn own_name(&self) -> Option<&str> {
        self.message.filter(|&message| has_own_form(message)).map(Message::name)
    }
}

/// The fields that the reader has to see and the writer may leave out.
fn required_anew<'s>(writer: Message<'s>, reader: Message<'s>, layer: Layer) -> Vec<FieldShape<'s>> {
    let is_required = |field: &Field<'_>| field.presence() == Presence::Required;
    let given: FxHashSet<i32> = writer
        .fields()
        .filter(is_required)
        .filter_map(FieldShape::from_field)
        .flat_map(|shape| readers(reader, &shape, layer))
        .map(Field::number)
        .collect();
    let anew = reader.fields().filter(is_required).filter(|field| !given.contains(&field.number()));
    anew.filter_map(FieldShape::from_field).take(MAX_REQUIRED).collect()
}

/// The first name of the enum value that a field has as its default; writers have no other.
fn default_name<'s>(shape: &FieldShape<'s>) -> Option<&'s str> {
    let (Kind::Enum(enumeration), Some(default)) = (shape.kind, shape.default) else { return None };
    let default = enumeration.value_named(default)?;
    enumeration.value_numbered(default.number()).map(|value| value.name())
}
