//! The shape of a configuration as YAML has it: values with the places they stand at, and no meaning yet. The only
//! place that uses `serde_yaml`; the text may come from anyone, so it is read with suspicion.

mod fault;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

pub(super) use fault::Fault;

use super::spans::{self, Spot};
use crate::source::Span;

/// A value and where it stands; where that was not found, the nearest value around it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Value {
    /// Nothing, `~` or `null`.
    Null,
    Bool(bool),
    /// A whole number that is not negative.
    Number(u64),
    /// Any other number, as shown.
    OtherNumber(String),
    Text(String),
    List(Vec<Node>),
    /// Entries in order, keys that occur twice included.
    Mapping(Vec<Entry>),
    /// Something with a tag of its own, such as `!x`.
    Tagged(String),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Node,
    pub(super) value: Node,
}

impl Entry {
    fn name(&self) -> Option<&str> {
        match &self.key.value {
            Value::Text(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it is a merge key with something to merge; in quotes it is a key like others.
    fn is_merge(&self, text: &str) -> bool {
        self.name() == Some(MERGE) && !self.key.span.slice(text).starts_with(['"', '\'']) && self.value.is_mergeable()
    }
}

/// Aliases may repeat values, but in all no more than this: each value counts as its text's bytes and [`VALUE`].
const MAX_VALUES: usize = 4 << 20;
/// What a value weighs beside its text.
const VALUE: usize = 16;

/// Reads a text.
///
/// # Errors
///
/// The text is not YAML, holds more than one document, or is made to exhaust its reader.
pub(super) fn read(text: &str) -> Result<Node, Fault> {
    read_within(text, MAX_VALUES)
}

/// The same with as many values as weigh `most`.
pub(super) fn read_within(text: &str, most: usize) -> Result<Node, Fault> {
    let found = spans::find(text);
    fault::refuse_exhausting(text, found.understood)?;
    // The library takes a byte order mark for indentation.
    let mut documents = serde_yaml::Deserializer::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let left = Cell::new(most);
    let first = documents.next().map_or(Ok(Node::new(Value::Null)), |document| Seed(&left).deserialize(document));
    let mut node = first.map_err(|error| match left.get() {
        0 => fault::too_many_values(&error, text),
        _ => fault::syntax(&error, text),
    })?;
    if let Some(second) = documents.next() {
        let next = serde::de::IgnoredAny::deserialize(second);
        return Err(next.map_or_else(|error| fault::syntax(&error, text), |_| fault::two_documents(text)));
    }
    node.place(Some(&found.root), Span::new(0, 0), text);
    node.merge(text);
    Ok(node)
}

/// The key by which a mapping takes over the entries of others, <https://yaml.org/type/merge.html>.
const MERGE: &str = "<<";

impl Node {
    fn new(value: Value) -> Node {
        Node { span: Span::NONE, value }
    }

    /// Gives this value and all below it the spans that were found, or `around` where there is none.
    fn place(&mut self, spot: Option<&Spot>, around: Span, text: &str) {
        self.span = spot.map_or(Span::NONE, |spot| spot.value).or(around);
        let children = spot.map_or(&[][..], |spot| &spot.children);
        match &mut self.value {
            Value::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    item.place(children.get(index), self.span, text);
                }
            }
            Value::Mapping(entries) => {
                for (index, Entry { key, value }) in entries.iter_mut().enumerate() {
                    let spot = children.get(index).filter(|spot| key.may_be(spot.key.slice(text)));
                    key.place(None, spot.map_or(Span::NONE, |spot| spot.key).or(self.span), text);
                    value.place(spot, key.span, text);
                }
            }
            _ => {}
        }
    }

    /// Takes over the entries that merge keys name, where a mapping has none of the key; of several mappings the first
    /// that has one counts.
    fn merge(&mut self, text: &str) {
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.merge(text)),
            Value::Mapping(entries) => {
                entries.iter_mut().for_each(|entry| entry.value.merge(text));
                if entries.iter().any(|entry| entry.is_merge(text)) {
                    let (merges, own): (Vec<Entry>, Vec<Entry>) =
                        std::mem::take(entries).into_iter().partition(|entry| entry.is_merge(text));
                    let merged = merges.into_iter().flat_map(|entry| entry.value.mappings()).flatten();
                    let mut known: BTreeSet<String> = own.iter().filter_map(Entry::name).map(str::to_owned).collect();
                    let new = merged.filter(|entry| entry.name().is_none_or(|name| known.insert(name.to_owned())));
                    *entries = own.into_iter().chain(new.collect::<Vec<_>>()).collect();
                }
            }
            _ => {}
        }
    }

    /// Whether a merge key may name it: a mapping, or a list of such.
    fn is_mergeable(&self) -> bool {
        match &self.value {
            Value::Mapping(_) => true,
            Value::List(items) => items.iter().all(|item| matches!(item.value, Value::Mapping(_))),
            _ => false,
        }
    }

    /// The entries of the mappings that a merge key names.
    fn mappings(self) -> Vec<Vec<Entry>> {
        match self.value {
            Value::Mapping(entries) => vec![entries],
            Value::List(items) => items.into_iter().flat_map(Node::mappings).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a key may be written so.
    fn may_be(&self, written: &str) -> bool {
        match &self.value {
            Value::Text(text) if !written.starts_with(['"', '\'', '*']) => text == written,
            _ => !written.is_empty(),
        }
    }
}

/// Reads a value, counting down what is still allowed; nothing is left once it was too much.
#[derive(Clone, Copy)]
struct Seed<'c>(&'c Cell<usize>);

impl Seed<'_> {
    fn spend<E: Error>(self, weight: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(weight);
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| E::custom("too much"))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.spend(VALUE)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::new(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::new(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::new(Value::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::new(Value::Number(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::new(Value::OtherNumber(value.to_string())))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
        Ok(Node::new(Value::OtherNumber(value.to_string())))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
        Ok(Node::new(Value::OtherNumber(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::new(Value::OtherNumber(format!("{value:?}"))))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        self.spend(value.len())?;
        Ok(Node::new(Value::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Node::new(Value::List(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(self)? {
            entries.push(Entry { key, value: map.next_value_seed(self)? });
        }
        Ok(Node::new(Value::Mapping(entries)))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Node, A::Error> {
        let (tag, content) = tagged.variant::<String>()?;
        self.spend(tag.len())?;
        content.newtype_variant_seed(self)?;
        Ok(Node::new(Value::Tagged(format!("!{tag}"))))
    }
}
