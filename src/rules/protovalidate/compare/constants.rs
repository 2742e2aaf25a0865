//! What rules hold that values can be made of: numbers, texts and times, those in CEL expressions included. It decides
//! nothing.

use prost_reflect::{DynamicMessage, ReflectMessage, Value};

use crate::cel::time::{seconds_and_nanos, total_nanos};
use crate::rules::protovalidate::lookup::{Extensions, View};

/// How many of each kind are used.
const MAX: usize = 40;

/// Constants of rules, each once.
#[derive(Debug, Default, Clone)]
pub(super) struct Constants {
    pub(super) numbers: Vec<i128>,
    pub(super) fractions: Vec<f64>,
    pub(super) texts: Vec<String>,
    pub(super) bytes: Vec<Vec<u8>>,
    /// Durations and instants in nanoseconds.
    pub(super) times: Vec<i128>,
    /// Patterns, and whether each is one of CEL.
    pub(super) patterns: Vec<String>,
    /// Whether a format is named, such as `email`.
    pub(super) has_format: bool,
}

impl Constants {
    /// Adds those of a rule message, and of what is in it.
    pub(super) fn add(&mut self, rules: &DynamicMessage) {
        for (field, value) in rules.fields() {
            match (field.name(), value) {
                ("pattern", Value::String(pattern)) => push(&mut self.patterns, pattern.clone()),
                ("expression", Value::String(expression)) => self.add_expression(expression),
                ("cel_expression", Value::List(expressions)) => {
                    expressions.iter().filter_map(Value::as_str).for_each(|text| self.add_expression(text));
                }
                ("id" | "message", Value::String(_)) => {}
                _ => self.add_value(value),
            }
            self.has_format |= rules.descriptor().full_name() == "buf.validate.StringRules"
                && matches!(value, Value::Bool(true) | Value::EnumNumber(1..));
        }
        let used = View(rules).extensions();
        let Some(extensions) = Extensions::find(&View(rules).pool()).filter(|_| !used.is_empty()) else { return };
        for (extension, value) in used {
            self.add_value(&value);
            if let Some(predefined) = extensions.predefined_rules(&extension.options()) {
                self.add(&predefined);
            }
        }
    }

    fn add_value(&mut self, value: &Value) {
        match value {
            Value::I32(value) | Value::EnumNumber(value) => push(&mut self.numbers, (*value).into()),
            Value::I64(value) => push(&mut self.numbers, (*value).into()),
            Value::U32(value) => push(&mut self.numbers, (*value).into()),
            Value::U64(value) => push(&mut self.numbers, (*value).into()),
            Value::F32(value) => push(&mut self.fractions, (*value).into()),
            Value::F64(value) => push(&mut self.fractions, *value),
            Value::String(text) => push(&mut self.texts, text.clone()),
            Value::Bytes(bytes) => push(&mut self.bytes, bytes.to_vec()),
            Value::List(values) => values.iter().for_each(|value| self.add_value(value)),
            Value::Message(message) => match (message.descriptor().full_name(), seconds_and_nanos(message)) {
                ("google.protobuf.Duration" | "google.protobuf.Timestamp", Some((seconds, nanos))) => {
                    push(&mut self.times, total_nanos(seconds, nanos));
                }
                ("google.protobuf.FieldMask", _) => {
                    View(message).strings("paths").1.into_iter().for_each(|path| push(&mut self.texts, path));
                }
                _ => self.add(message),
            },
            Value::Bool(_) | Value::Map(_) => {}
        }
    }

    /// The literals of an expression, found without its grammar.
    fn add_expression(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '"' | '\'' => {
                    let body = &rest[1..];
                    let end = body.find(first).unwrap_or(body.len());
                    self.add_literal(&body[..end]);
                    end + 2
                }
                '0'..='9' => {
                    let is_part = |next: char| next.is_ascii_digit() || next == '.';
                    let end = rest.find(|next| !is_part(next)).unwrap_or(rest.len());
                    self.add_number(&rest[..end]);
                    end
                }
                // The digits of a name are no number.
                _ if first.is_alphanumeric() || first == '_' => {
                    rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len())
                }
                _ => first.len_utf8(),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    fn add_literal(&mut self, text: &str) {
        let text = text.replace("\\\\", "\\");
        push(&mut self.bytes, text.as_bytes().to_vec());
        push(&mut self.patterns, text.clone());
        push(&mut self.texts, text);
    }

    fn add_number(&mut self, text: &str) {
        if let Ok(number) = text.parse::<i128>() {
            push(&mut self.numbers, number);
            push(&mut self.numbers, -number);
        }
        if let Ok(number) = text.parse::<f64>() {
            push(&mut self.fractions, number);
            push(&mut self.fractions, -number);
        }
    }
}

fn push<T: PartialEq>(known: &mut Vec<T>, value: T) {
    if known.len() < MAX && !known.contains(&value) {
        known.push(value);
    }
}
