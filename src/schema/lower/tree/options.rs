//! Lowers options and their values.

use super::TreeLowering;
use crate::schema::data::{ElementData, OptionData, OptionPartData, Run, ValueData, ValueFieldData};
use crate::schema::lower::{index, run_at};
use crate::source::Span;
use crate::syntax::ast::{self, Literal, Statement, Value};
use crate::syntax::{Fault, Node, literal};

impl<'t> TreeLowering<'t> {
    /// The `option` statements directly in a file or a body.
    pub(super) fn option_statements(&mut self, holder: Node<'t>) -> Run {
        let options = ast::statements(holder).filter_map(|member| match member {
            Statement::Option(option) => Some(option),
            _ => None,
        });
        self.listed_options(options)
    }

    /// Options side by side, the damaged ones left out.
    pub(super) fn listed_options(&mut self, options: impl Iterator<Item = ast::OptionEntry<'t>>) -> Run {
        let start = self.base.data.options.len();
        for option in options.filter(|option| !option.0.is_damaged()) {
            let (Some(name), Some((value, value_span))) = (option.name(), self.value_of(option)) else { continue };
            let parts_at = self.base.data.option_parts.len();
            for part in name.parts() {
                let text = self.intern(&part.name());
                self.base.data.option_parts.push(OptionPartData { name: text, extension: part.is_extension() });
            }
            let parts = Run { start: index(parts_at), len: index(self.base.data.option_parts.len() - parts_at) };
            self.base.data.options.push(OptionData { parts, value, span: option.0.span(), value_span });
        }
        Run { start: index(start), len: index(self.base.data.options.len() - start) }
    }

    /// The value of an option, and where it stands.
    pub(super) fn value_of(&mut self, option: ast::OptionEntry<'t>) -> Option<(ValueData, Span)> {
        let value = option.value()?;
        Some((self.value(value)?, value.node().span()))
    }

    fn value(&mut self, value: Value<'t>) -> Option<ValueData> {
        match value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::Message(message) => Some(self.message_value(message)),
            Value::List(list) => {
                let elements: Vec<ElementData> = list.elements().filter_map(|element| self.element(element)).collect();
                let run = run_at(&self.base.data.value_elements, elements.len());
                self.base.data.value_elements.extend(elements);
                Some(ValueData::List(run))
            }
        }
    }

    fn element(&mut self, value: Value<'t>) -> Option<ElementData> {
        Some(ElementData { value: self.value(value)?, span: value.node().span() })
    }

    fn message_value(&mut self, message: ast::MessageValue<'t>) -> ValueData {
        let mut fields = Vec::new();
        for field in message.fields() {
            let Some(value) = field.value().and_then(|value| self.element(value)) else { continue };
            fields.push(ValueFieldData {
                name: self.intern(&field.name()),
                is_bracketed: field.is_bracketed(),
                has_colon: field.has_colon(),
                name_span: ast::span(field.name_node()),
                value,
            });
        }
        let run = run_at(&self.base.data.value_fields, fields.len());
        self.base.data.value_fields.append(&mut fields);
        ValueData::Message(run)
    }

    fn scalar(&mut self, scalar: ast::Scalar<'t>) -> Option<ValueData> {
        let is_negative = scalar.is_negative();
        Some(match scalar.literal()? {
            Literal::Word(word) if is_negative => {
                let is_nan = word.eq_ignore_ascii_case("nan");
                ValueData::Float(if is_nan { f64::NAN } else { f64::NEG_INFINITY })
            }
            Literal::Word(word) => ValueData::Identifier(self.intern(word)),
            Literal::Float(text) => {
                let value = literal::float(text);
                ValueData::Float(if is_negative { -value } else { value })
            }
            Literal::Int(text) => self.integer(scalar, text, is_negative)?,
            Literal::String(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => ValueData::String(self.intern(text)),
                Err(_) => {
                    self.base.data.byte_strings.push(bytes.into_owned());
                    ValueData::Bytes(index(self.base.data.byte_strings.len() - 1))
                }
            },
        })
    }

    /// protoc reads a decimal integer of more than 64 bits as a float.
    fn integer(&mut self, scalar: ast::Scalar<'t>, text: &str, is_negative: bool) -> Option<ValueData> {
        let is_decimal = !text.starts_with('0');
        match literal::integer(text) {
            Some(value) if !is_negative => Some(ValueData::Positive(value)),
            Some(value) if value <= i64::MIN.unsigned_abs() => Some(ValueData::Negative((value as i64).wrapping_neg())),
            _ if is_decimal => {
                let value = literal::float(text);
                Some(ValueData::Float(if is_negative { -value } else { value }))
            }
            _ => {
                self.fault(Fault::syntax(scalar.0.span(), "the integer has more than 64 bits"));
                None
            }
        }
    }

    /// Whether a message is a set of extensions.
    pub(super) fn is_message_set(&self, options: Run) -> bool {
        let data = &self.base.data;
        let is_set = |option: &&OptionData| {
            let parts = &data.option_parts[option.parts.range()];
            matches!(parts, [only] if !only.extension && data.text(only.name) == "message_set_wire_format")
        };
        let found = data.options[options.range()].iter().find(is_set);
        found.is_some_and(|option| matches!(option.value, ValueData::Identifier(word) if data.text(word) == "true"))
    }
}
