//! Which rpcs carry a type: those that both schemas have, by their requests, their responses and all that is in these.

use rustc_hash::FxHashMap;

use super::{Comparison, Pair};
use crate::compare::compatibility::{MessageKey, message_key};
use crate::schema::{Element, Enum, Field, FieldType, Message, Method};

/// Distinguishes an enum from all others, as [`MessageKey`] does messages.
type EnumKey = (usize, u32, u32);

/// An rpc for each type that one carries, in both schemas.
#[derive(Default)]
pub(crate) struct Carriers<'s> {
    messages: FxHashMap<MessageKey, Method<'s>>,
    enums: FxHashMap<EnumKey, Method<'s>>,
}

fn enum_key(found: Enum<'_>) -> EnumKey {
    (std::ptr::from_ref(found.file().schema).addr(), found.file().index, found.index)
}

impl<'s> Carriers<'s> {
    /// Those of rpcs that in the earlier schema are such.
    pub(super) fn new(comparison: &Comparison<'s>, is_such: impl Fn(Method<'s>) -> bool) -> Carriers<'s> {
        let mut carriers = Carriers::default();
        for &Pair { before, after } in comparison.methods.iter().filter(|pair| is_such(pair.before)) {
            for method in [before, after] {
                for message in [method.input(), method.output()].into_iter().flatten() {
                    carriers.add(message, method, comparison);
                }
            }
        }
        carriers
    }

    fn add(&mut self, message: Message<'s>, method: Method<'s>, comparison: &Comparison<'s>) {
        let mut next = vec![message];
        while let Some(message) = next.pop() {
            if self.messages.contains_key(&message_key(message)) {
                continue;
            }
            self.messages.insert(message_key(message), method);
            for field in message.fields().chain(comparison.extensions_of(message).iter().copied()) {
                match field.field_type() {
                    FieldType::Message(inner) => next.push(inner),
                    FieldType::Enum(inner) => _ = self.enums.entry(enum_key(inner)).or_insert(method),
                    FieldType::Scalar(_) | FieldType::Unresolved => {}
                }
            }
        }
    }

    pub(super) fn message(&self, message: Message<'_>) -> Option<Method<'s>> {
        self.messages.get(&message_key(message)).copied()
    }

    /// The rpc that carries what an element is part of.
    pub(super) fn element(&self, element: Element<'_>) -> Option<Method<'s>> {
        let of_enum = |found: Enum<'_>| self.enums.get(&enum_key(found)).copied();
        match element {
            Element::Message(message) => self.message(message),
            Element::Field(field) => holder(field).and_then(|message| self.message(message)),
            Element::Oneof(oneof) => self.message(oneof.parent()),
            Element::Enum(found) => of_enum(found),
            Element::EnumValue(value) => of_enum(value.parent()),
            Element::File(_) | Element::Import(_) | Element::Service(_) | Element::Method(_) => None,
        }
    }
}

/// The message that a field's bytes stand in.
fn holder(field: Field<'_>) -> Option<Message<'_>> {
    if field.is_extension() { field.extendee() } else { field.parent() }
}
