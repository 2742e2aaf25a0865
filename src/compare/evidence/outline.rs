//! The messages of one side, pruned: only those, and of them the fields, that a payload needs, so that its cost does not
//! grow with the schema.

mod compile;

use rustc_hash::{FxHashMap, FxHashSet};

use super::spec::{Kind, Many, Spec, readers};
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
pub(super) const ANY_URL: &str = "type.googleapis.com/google.protobuf.Empty";
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
    pub(super) fields: Vec<Spec<'s>>,
}

/// The values of enums that have to be taken in.
#[derive(Clone, Default)]
pub(super) struct Focus<'s> {
    pub(super) numbers: FxHashSet<i32>,
    pub(super) names: FxHashSet<&'s str>,
}

/// The messages of one side.
pub(super) struct Outline<'s> {
    nodes: Vec<Node<'s>>,
    places: FxHashMap<(u32, u32), usize>,
    pub(super) focus: Focus<'s>,
    role: Role,
    /// A field that only the other side has, and the node it would stand in.
    stranger: Option<(usize, Spec<'s>)>,
}

/// What a side does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Writes bytes; strings that may hold anything are told as bytes.
    ByteWriter,
    /// Writes JSON, in which a number has its first name.
    TextWriter,
    Reader,
}

impl<'s> Outline<'s> {
    /// Only the message that is written or read; the node 0. It is a known one where its JSON form depends on it.
    pub(super) fn new(root: Option<Message<'s>>, focus: Focus<'s>, role: Role) -> Outline<'s> {
        let mut outline = Outline { nodes: Vec::new(), places: FxHashMap::default(), focus, role, stranger: None };
        match root.filter(|&message| has_own_form(message)) {
            Some(message) => _ = outline.take_in(message),
            None => outline.nodes.push(Node { message: None, fields: Vec::new() }),
        }
        outline
    }

    pub(super) fn node(&self, at: usize) -> &Node<'s> {
        &self.nodes[at]
    }

    /// Adds a field, unless one of that number or name is there.
    pub(super) fn add(&mut self, node: usize, spec: &Spec<'s>) {
        let clashes = |other: &Spec<'_>| {
            other.number == spec.number
                || other.name == spec.name
                || other.json == spec.json
                || other.name == spec.json
                || other.json == spec.name
        };
        if self.nodes[node].fields.iter().any(clashes) {
            return;
        }
        self.nodes[node].fields.push(spec.clone());
        if let Kind::Message(message) = spec.kind {
            self.take_in(message);
        }
        self.focus.names.extend(default_name(spec));
    }

    /// Notes a field that only the other side has.
    pub(super) fn set_stranger(&mut self, node: usize, spec: &Spec<'s>) {
        self.stranger = Some((node, spec.clone()));
    }

    /// The field that only the other side has, in this node.
    pub(super) fn stranger(&self, node: usize) -> Option<&Spec<'s>> {
        self.stranger.as_ref().filter(|(at, _)| *at == node).map(|(_, spec)| spec)
    }

    /// The node of a message; a new one has no fields, but those of map entries and of messages with forms of their own.
    pub(super) fn take_in(&mut self, message: Message<'s>) -> usize {
        let key = (message.file.index, message.index);
        if let Some(&at) = self.places.get(&key) {
            return at;
        }
        let at = self.nodes.len();
        self.nodes.push(Node { message: Some(message), fields: Vec::new() });
        self.places.insert(key, at);
        if message.is_map_entry() || has_own_form(message) {
            for spec in message.fields().take(MAX_OWN_FIELDS).filter_map(Spec::of) {
                self.add(at, &spec);
            }
        }
        at
    }

    /// Takes in what reads the fields of the other side within messages: what is there is known to readers.
    pub(super) fn complete(&mut self, writer: &Outline<'s>, layer: Layer) {
        let mut next = vec![(0, 0)];
        let mut seen = FxHashSet::default();
        while let Some((from, to)) = next.pop() {
            if !seen.insert((from, to)) {
                continue;
            }
            if let Some((from, message)) = writer.nodes[from].message.zip(self.nodes[to].message) {
                required_anew(from, message).iter().for_each(|spec| self.add(to, spec));
            }
            for spec in &writer.nodes[from].fields {
                let is_for = |field: &Spec<'s>| match layer {
                    Layer::Json => field.json == spec.json || field.name == spec.json,
                    _ => field.number == spec.number,
                };
                let known = self.nodes[to].fields.iter().find(|field| is_for(field)).cloned();
                let declared = || readers(self.nodes[to].message?, spec, layer).into_iter().find_map(Spec::of);
                let Some(reader) = known.or_else(declared) else { continue };
                self.add(to, &reader);
                next.extend(writer.child(spec).zip(self.child(&reader)));
            }
        }
    }

    /// The map entry that a field of the root has a list of.
    pub(super) fn listed_entry(&self) -> Option<Message<'s>> {
        self.nodes[0].fields.iter().filter(|spec| spec.many == Many::List).find_map(|spec| match spec.kind {
            Kind::Message(message) => Some(message).filter(|message| message.is_map_entry()),
            _ => None,
        })
    }

    /// The node of what an element of a field is; entries for a map.
    pub(super) fn child(&self, spec: &Spec<'s>) -> Option<usize> {
        match spec.kind {
            Kind::Message(message) => self.places.get(&(message.file.index, message.index)).copied(),
            _ => None,
        }
    }

    /// The node of the message that an element of a field is; that of the values for a map.
    pub(super) fn inner(&self, spec: &Spec<'s>) -> Option<usize> {
        let message = spec.message()?;
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
fn required_anew<'s>(writer: Message<'s>, reader: Message<'s>) -> Vec<Spec<'s>> {
    let is_required = |field: &Field<'_>| field.presence() == Presence::Required;
    let given: FxHashSet<i32> = writer.fields().filter(is_required).map(Field::number).collect();
    let anew = reader.fields().filter(is_required).filter(|field| !given.contains(&field.number()));
    anew.filter_map(Spec::of).take(MAX_REQUIRED).collect()
}

/// The first name of the enum value that a field has as its default; writers have no other.
fn default_name<'s>(spec: &Spec<'s>) -> Option<&'s str> {
    let (Kind::Enum(enumeration), Some(default)) = (spec.kind, spec.default) else { return None };
    let default = enumeration.value_named(default)?;
    enumeration.value_numbered(default.number()).map(|value| value.name())
}
