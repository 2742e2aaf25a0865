//! Lowers the values of options.

use super::{Lowering, index, run_at};
use crate::schema::data::{ElementData, ValueData, ValueFieldData};
use crate::syntax::ast::{self, Literal, Value};
use crate::syntax::{Fault, literal};

impl Lowering {
    pub(super) fn value(&mut self, value: Value<'_>) -> Option<ValueData> {
        match value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::Message(message) => Some(self.message_value(message)),
            Value::List(list) => {
                let elements: Vec<ElementData> = list.elements().filter_map(|element| self.element(element)).collect();
                let run = run_at(&self.data.value_elements, elements.len());
                self.data.value_elements.extend(elements);
                Some(ValueData::List(run))
            }
        }
    }

    fn element(&mut self, value: Value<'_>) -> Option<ElementData> {
        Some(ElementData { value: self.value(value)?, span: value.node().span() })
    }

    fn message_value(&mut self, message: ast::MessageValue<'_>) -> ValueData {
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
        let run = run_at(&self.data.value_fields, fields.len());
        self.data.value_fields.append(&mut fields);
        ValueData::Message(run)
    }

    fn scalar(&mut self, scalar: ast::Scalar<'_>) -> Option<ValueData> {
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
                    self.data.byte_strings.push(bytes.into_owned());
                    ValueData::Bytes(index(self.data.byte_strings.len() - 1))
                }
            },
        })
    }

    /// protoc reads a decimal integer of more than 64 bits as a float.
    fn integer(&mut self, scalar: ast::Scalar<'_>, text: &str, is_negative: bool) -> Option<ValueData> {
        let is_decimal = !text.starts_with('0');
        match literal::integer(text) {
            Some(value) if !is_negative => Some(ValueData::Positive(value)),
            Some(value) if value <= i64::MIN.unsigned_abs() => Some(ValueData::Negative((value as i64).wrapping_neg())),
            _ if is_decimal => {
                let value = literal::float(text);
                Some(ValueData::Float(if is_negative { -value } else { value }))
            }
            _ => {
                self.faults.push(Fault::syntax(scalar.0.span(), "the integer has more than 64 bits"));
                None
            }
        }
    }
}
