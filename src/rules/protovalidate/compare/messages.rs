//! Messages that are likely to show a difference between rules, and what else a message needs so that its writer may
//! send it.

use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage, Value};

use super::Version;
use super::constants::Constants;
use super::values::Values;
use crate::rules::protovalidate::evaluate::{Evaluator, Focus};
use crate::rules::protovalidate::lookup::View;

/// How many fields of a message are tried together.
const MAX_FIELDS: usize = 10;

/// How many values of each field are tried alone, and in pairs.
const MAX_ALONE: usize = 120;
const MAX_IN_PAIRS: usize = 14;

/// What a writer may send to a reader.
pub(super) struct Messages<'v> {
    pub(super) writer: Version<'v>,
    pub(super) reader: Version<'v>,
}

impl Messages<'_> {
    /// Messages that differ in what the focus looks at, the simplest first.
    pub(super) fn candidates(&self, focus: &Focus) -> Vec<DynamicMessage> {
        let of = self.writer.message;
        let empty = DynamicMessage::new(of.clone());
        let mut all = vec![empty.clone()];
        match focus {
            Focus::Field { number, .. } => {
                let Some(field) = of.get_field(*number) else { return all };
                let values = self.values_of(&field);
                all.extend(values.into_iter().filter_map(|value| set(&empty, &field, value)));
            }
            Focus::Oneof(name) => {
                let fields: Vec<FieldDescriptor> = of
                    .oneofs()
                    .filter(|oneof| oneof.name() == name)
                    .flat_map(|oneof| oneof.fields().collect::<Vec<_>>())
                    .collect();
                for field in fields {
                    let value = self.acceptable(&empty, &field);
                    all.extend(value.and_then(|value| set(&empty, &field, value)));
                }
            }
            Focus::Message => self.add_combinations(&mut all),
        }
        all
    }

    fn add_combinations(&self, all: &mut Vec<DynamicMessage>) {
        let empty = all[0].clone();
        let constants = self.constants_of_message();
        let fields: Vec<(FieldDescriptor, Vec<Value>)> = self
            .mentioned()
            .into_iter()
            .map(|field| {
                let values = self.values_with(&field, &constants);
                let is_possible = |value: &Value| {
                    let focus = Focus::Field { number: field.number(), is_deep: true };
                    set(&empty, &field, value.clone())
                        .is_some_and(|message| !self.writer.evaluator.part(&message, &focus).refuses())
                };
                let mut values: Vec<Value> = values.into_iter().filter(is_possible).collect();
                values.truncate(MAX_ALONE);
                (field, values)
            })
            .collect();
        for (field, values) in &fields {
            all.extend(values.iter().filter_map(|value| set(&empty, field, value.clone())));
        }
        for (at, (one, ones)) in fields.iter().enumerate() {
            for (other, others) in &fields[at + 1..] {
                for value in ones.iter().take(MAX_IN_PAIRS) {
                    let Some(with_one) = set(&empty, one, value.clone()) else { continue };
                    let pairs = others.iter().take(MAX_IN_PAIRS);
                    all.extend(pairs.filter_map(|value| set(&with_one, other, value.clone())));
                }
            }
        }
    }

    /// The fields that the rules of the message name; where they name none, all.
    fn mentioned(&self) -> Vec<FieldDescriptor> {
        let mut texts = String::new();
        for version in [&self.writer, &self.reader] {
            if let Some(rules) = version.evaluator.rules_of_message(version.message) {
                texts += &rules_text(View(&rules));
            }
        }
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let words: Vec<&str> = texts.split(|letter| !is_word(letter)).collect();
        let all: Vec<FieldDescriptor> = self.writer.message.fields().collect();
        let named = |field: &&FieldDescriptor| {
            let there = self.reader.message.get_field(field.number());
            words.contains(&field.name()) || there.is_some_and(|there| words.contains(&there.name()))
        };
        let mut fields: Vec<FieldDescriptor> = all.iter().filter(named).cloned().collect();
        if fields.is_empty() {
            fields = all;
        }
        fields.truncate(MAX_FIELDS);
        fields
    }

    fn values_of(&self, field: &FieldDescriptor) -> Vec<Value> {
        self.values_with(field, &self.constants_of(field))
    }

    fn values_with(&self, field: &FieldDescriptor, constants: &Constants) -> Vec<Value> {
        let there = self.reader.message.get_field(field.number());
        let sides: [(&Evaluator, Option<FieldDescriptor>); 2] =
            [(self.writer.evaluator, Some(field.clone())), (self.reader.evaluator, there)];
        Values { constants, sides }.of_field(field)
    }

    fn constants_of(&self, field: &FieldDescriptor) -> Constants {
        let mut constants = Constants::default();
        for version in [&self.reader, &self.writer] {
            let field = version.message.get_field(field.number());
            if let Some(rules) = field.and_then(|field| version.evaluator.rules_of(&field)) {
                constants.add(&rules);
            }
        }
        constants
    }

    fn constants_of_message(&self) -> Constants {
        let mut constants = Constants::default();
        for version in [&self.reader, &self.writer] {
            if let Some(rules) = version.evaluator.rules_of_message(version.message) {
                constants.add(&rules);
            }
            for field in version.message.fields() {
                if let Some(rules) = version.evaluator.rules_of(&field) {
                    constants.add(&rules);
                }
            }
        }
        constants
    }

    /// A value of a field that the writer accepts there, and the reader too if there is one.
    fn acceptable(&self, message: &DynamicMessage, field: &FieldDescriptor) -> Option<Value> {
        let focus = Focus::Field { number: field.number(), is_deep: true };
        let mut fallback = None;
        for value in self.values_of(field) {
            let Some(with) = set(message, field, value.clone()) else { continue };
            if !with.has_field(field) || self.writer.evaluator.part(&with, &focus).refuses() {
                continue;
            }
            if self.reader.evaluator.part(&self.read(&with)?, &focus).refuses() {
                fallback.get_or_insert(value);
            } else {
                return Some(value);
            }
        }
        fallback
    }

    /// What the reader makes of the bytes.
    pub(super) fn read(&self, message: &DynamicMessage) -> Option<DynamicMessage> {
        let mut read = DynamicMessage::new(self.reader.message.clone());
        read.transcode_from(message).is_ok().then_some(read)
    }

    /// Whether the reader refuses a message by the rules of a part.
    pub(super) fn is_refused(&self, message: &DynamicMessage, part: &Focus) -> bool {
        self.read(message).is_some_and(|read| self.reader.evaluator.part(&read, part).refuses())
    }

    /// The message with what else it needs so that no rule of the writer refuses it; `None` where nothing was found.
    pub(super) fn completed(&self, message: &DynamicMessage, focus: &Focus) -> Option<DynamicMessage> {
        let evaluator = self.writer.evaluator;
        if !evaluator.whole(message).refuses() {
            return Some(message.clone());
        }
        let mut message = message.clone();
        for field in message.descriptor().fields() {
            let is_focus = matches!(focus, Focus::Field { number, .. } if *number == field.number());
            let part = Focus::Field { number: field.number(), is_deep: true };
            if !is_focus && evaluator.part(&message, &part).refuses() {
                message = set(&message, &field, self.acceptable(&message, &field)?)?;
            }
        }
        let descriptor = message.descriptor();
        for oneof in descriptor.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            let part = Focus::Oneof(oneof.name().to_owned());
            if part != *focus && evaluator.part(&message, &part).refuses() {
                let others = |field: &FieldDescriptor| !matches!(focus, Focus::Field { number, .. } if *number == field.number());
                let member = oneof
                    .fields()
                    .filter(others)
                    .find_map(|field| set(&message, &field, self.acceptable(&message, &field)?));
                message = member?;
            }
        }
        if !evaluator.whole(&message).refuses() {
            return Some(message);
        }
        self.satisfying_message_rules(&message, focus)
    }

    /// The same with one or two fields more, for what the rules of the message want.
    fn satisfying_message_rules(&self, message: &DynamicMessage, focus: &Focus) -> Option<DynamicMessage> {
        if *focus == Focus::Message || !self.writer.evaluator.part(message, &Focus::Message).refuses() {
            return None;
        }
        let constants = self.constants_of_message();
        let is_focus =
            |field: &FieldDescriptor| matches!(focus, Focus::Field { number, .. } if *number == field.number());
        let fields: Vec<(FieldDescriptor, Vec<Value>)> = self
            .mentioned()
            .into_iter()
            .filter(|field| !is_focus(field))
            .map(|field| {
                let mut values = self.values_with(&field, &constants);
                values.truncate(MAX_IN_PAIRS);
                (field, values)
            })
            .collect();
        let mut tried = vec![message.clone()];
        for (field, values) in &fields {
            let with = |message: &DynamicMessage| {
                let message = message.clone();
                values.iter().filter_map(move |value| set(&message, field, value.clone())).collect::<Vec<_>>()
            };
            let more: Vec<DynamicMessage> = tried.iter().take(40).flat_map(with).collect();
            if let Some(found) = more.iter().find(|message| !self.writer.evaluator.whole(message).refuses()) {
                return Some(found.clone());
            }
            tried.extend(more);
        }
        None
    }
}

/// The texts of the rules of a message.
fn rules_text(rules: View<'_>) -> String {
    let mut texts = rules.strings("cel_expression").1;
    for (list, field) in [("cel", "expression"), ("oneof", "fields")] {
        for entry in rules.list(list).1.iter().filter_map(Value::as_message).map(View) {
            texts.extend(entry.text(field).map(|(_, text)| text));
            texts.extend(entry.strings(field).1);
        }
    }
    texts.join(" ") + " "
}

fn set(message: &DynamicMessage, field: &FieldDescriptor, value: Value) -> Option<DynamicMessage> {
    let mut message = message.clone();
    message.try_set_field(field, value).is_ok().then_some(message)
}
