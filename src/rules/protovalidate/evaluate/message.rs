//! Messages against their rules: those of their fields and oneofs, and their own.

use std::cell::RefCell;
use std::rc::Rc;

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, MessageDescriptor, OneofDescriptor, ReflectMessage, Value,
};
use rustc_hash::FxHashMap;

use super::{Outcome, Programs};
use crate::rules::protovalidate::lookup::{Extensions, View};

/// Messages that are nested deeper are not looked at.
const MAX_DEPTH: usize = 32;

/// Rules by the full name of what has them.
type Known = RefCell<FxHashMap<String, Option<Rc<DynamicMessage>>>>;

/// Evaluates the rules that the descriptors of one pool have. What it reads is kept, as many values are evaluated.
pub(in crate::rules::protovalidate) struct Evaluator {
    extensions: Extensions,
    pub(super) programs: Programs,
    fields: Known,
    messages: Known,
    oneofs: Known,
}

/// Whose rules are looked at alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Focus {
    /// Those of the field of that number; those of messages within where `is_deep`.
    Field { number: u32, is_deep: bool },
    /// Those of the oneof of that name.
    Oneof(String),
    /// Those of the message itself.
    Message,
}

impl Evaluator {
    /// Where the pool has no such rules, every value is accepted.
    pub(in crate::rules::protovalidate) fn new(pool: &DescriptorPool) -> Evaluator {
        let extensions = Extensions::find(pool).unwrap_or_default();
        let [fields, messages, oneofs] = [Known::default(), Known::default(), Known::default()];
        Evaluator { extensions, programs: Programs::default(), fields, messages, oneofs }
    }

    /// What all rules make of a message and of what is within.
    pub(in crate::rules::protovalidate) fn whole(&self, message: &DynamicMessage) -> Outcome {
        self.message_within(message, 0)
    }

    /// What some rules make of a message; there are none where it does not have what they belong to.
    pub(in crate::rules::protovalidate) fn part(&self, message: &DynamicMessage, focus: &Focus) -> Outcome {
        let descriptor = message.descriptor();
        let rules = self.rules_of_message(&descriptor);
        if is_disabled(rules.as_deref()) {
            return Outcome::default();
        }
        match focus {
            Focus::Field { number, is_deep } => {
                let depth = if *is_deep { 0 } else { MAX_DEPTH };
                let field = descriptor.get_field(*number);
                let in_oneof = |field: &FieldDescriptor| is_alternative(rules.as_deref(), field);
                field.map(|field| self.field(message, &field, in_oneof(&field), depth)).unwrap_or_default()
            }
            Focus::Oneof(name) => {
                let oneof = descriptor.oneofs().find(|oneof| oneof.name() == name);
                oneof.map(|oneof| self.oneof(message, &oneof)).unwrap_or_default()
            }
            Focus::Message => self.own(message, rules.as_deref()),
        }
    }

    pub(super) fn message_within(&self, message: &DynamicMessage, depth: usize) -> Outcome {
        let mut out = Outcome::default();
        if depth >= MAX_DEPTH {
            return out;
        }
        let descriptor = message.descriptor();
        let rules = self.rules_of_message(&descriptor);
        if is_disabled(rules.as_deref()) {
            return out;
        }
        out.add(self.own(message, rules.as_deref()), "", "");
        for oneof in descriptor.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            out.add(self.oneof(message, &oneof), "", "");
        }
        for field in descriptor.fields() {
            let in_oneof = is_alternative(rules.as_deref(), &field);
            out.add(self.field(message, &field, in_oneof, depth + 1), "", "");
        }
        out
    }

    /// The rules of the message itself.
    fn own(&self, message: &DynamicMessage, rules: Option<&DynamicMessage>) -> Outcome {
        let mut out = Outcome::default();
        let Some(rules) = rules.map(View) else { return out };
        self.programs.expressions(&Value::Message(message.clone()), rules, &mut out);
        for entry in rules.list("oneof").1 {
            let Some(entry) = entry.as_message().map(View) else { continue };
            let names = entry.strings("fields").1;
            let set = names.iter().filter(|name| message.has_field_by_name(name)).count();
            let shown = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            if names.iter().any(|name| message.descriptor().get_field_by_name(name).is_none()) || names.is_empty() {
                // Such a rule does not compile.
                out.is_undecided = true;
            } else if set > 1 {
                out.breaks("oneof", format!("have at most one of {shown}"));
            } else if set == 0 && entry.flag("required") == Some(true) {
                out.breaks("oneof", format!("have one of {shown}"));
            }
        }
        out
    }

    fn oneof(&self, message: &DynamicMessage, oneof: &OneofDescriptor) -> Outcome {
        let mut out = Outcome::default();
        let read = || self.extensions.oneof_rules(&oneof.options());
        let rules = remembered(&self.oneofs, oneof.full_name(), read);
        let is_required = rules.is_some_and(|rules| View(&rules).flag("required") == Some(true));
        if is_required && !oneof.fields().any(|field| message.has_field(&field)) {
            out.breaks("required", "have one of its fields set");
        }
        out.named(oneof.name())
    }

    /// The rules of a field.
    pub(in crate::rules::protovalidate) fn rules_of(&self, field: &FieldDescriptor) -> Option<Rc<DynamicMessage>> {
        remembered(&self.fields, field.full_name(), || self.extensions.field_rules(&field.options()))
    }

    /// The rules of a message itself.
    pub(in crate::rules::protovalidate) fn rules_of_message(
        &self,
        message: &MessageDescriptor,
    ) -> Option<Rc<DynamicMessage>> {
        remembered(&self.messages, message.full_name(), || self.extensions.message_rules(&message.options()))
    }
}

fn remembered(known: &Known, name: &str, read: impl FnOnce() -> Option<DynamicMessage>) -> Option<Rc<DynamicMessage>> {
    if let Some(rules) = known.borrow().get(name) {
        return rules.clone();
    }
    let rules = read().map(Rc::new);
    known.borrow_mut().insert(name.to_owned(), rules.clone());
    rules
}

/// Whether older versions of the rules switch a message off.
fn is_disabled(rules: Option<&DynamicMessage>) -> bool {
    rules.is_some_and(|rules| View(rules).flag("disabled") == Some(true))
}

/// Whether a rule of the message lets only one of several fields be set, this one among them.
fn is_alternative(rules: Option<&DynamicMessage>, field: &FieldDescriptor) -> bool {
    let Some(rules) = rules.map(View) else { return false };
    let names = |entry: &Value| entry.as_message().map(|entry| View(entry).strings("fields").1).unwrap_or_default();
    rules.list("oneof").1.iter().flat_map(names).any(|name| name == field.name())
}
