//! Lowers the values of options as a source writes them. What no source could write is dropped.

use super::SetLowering;
use super::options::Form;
use crate::schema::data::{ElementData, Text, ValueData, ValueFieldData};
use crate::schema::descriptor_set::decode::Read;
use crate::schema::descriptor_set::model::Kind;
use crate::schema::descriptor_set::symbols::{Meaning, Member, Node};
use crate::schema::descriptor_set::values::{FieldValue, Scalar, grouped, values};
use crate::schema::descriptor_set::wire::Part;
use crate::schema::lower::{index, run_at};
use crate::source::Span;

/// Values may nest this deep: who reads them recurses that far.
const MAX_LEVELS: usize = 100;

impl<'f> SetLowering<'_, 'f> {
    /// One value; `None` where no source could write it. `is_option` says that it stands after the `=` of an option,
    /// not in a message.
    pub(super) fn value_of(
        &mut self,
        member: &Member<'f>,
        value: &FieldValue<'f>,
        level: usize,
        is_option: bool,
    ) -> Read<Option<ValueData>> {
        Ok(match value {
            FieldValue::Message(parts) => match member.target {
                Some(target) => self.message_value(target, parts, level)?,
                None => None,
            },
            FieldValue::Scalar(Scalar::Enum(number)) => match member.target {
                Some(target) => self.enum_value(target, *number, is_option)?,
                None => None,
            },
            FieldValue::Scalar(Scalar::Number(number)) => Some(integer(*number)),
            FieldValue::Scalar(Scalar::Double(number)) => Some(self.float(*number)),
            FieldValue::Scalar(Scalar::Float(number)) => Some(self.float(widened(*number))),
            FieldValue::Scalar(Scalar::Bool(flag)) => Some(self.word(if *flag { "true" } else { "false" })),
            FieldValue::Scalar(Scalar::Bytes(bytes)) => Some(self.string(bytes)),
        })
    }

    fn word(&mut self, word: &str) -> ValueData {
        ValueData::Identifier(self.base.intern(word))
    }

    /// Infinity and what is no number are words.
    fn float(&mut self, number: f64) -> ValueData {
        match number {
            _ if number.is_nan() => self.word("nan"),
            f64::INFINITY => self.word("inf"),
            _ => ValueData::Float(number),
        }
    }

    pub(super) fn string(&mut self, bytes: &[u8]) -> ValueData {
        match std::str::from_utf8(bytes) {
            Ok(text) => ValueData::String(self.base.intern(text)),
            Err(_) => {
                self.base.data.byte_strings.push(bytes.to_owned());
                ValueData::Bytes(index(self.base.data.byte_strings.len() - 1))
            }
        }
    }

    fn enum_value(&mut self, of: Node, number: i32, is_option: bool) -> Read<Option<ValueData>> {
        let Meaning::Enum(_, is_open) = self.symbols.meaning(of) else { return Ok(None) };
        let Some(name) = self.symbols.value(of, number) else {
            return Ok((is_open && !is_option).then(|| integer(number.into())));
        };
        let known = self.names.get(&(of, number, Form::Value)).copied();
        let text = known.unwrap_or_else(|| self.base.intern(name));
        self.names.insert((of, number, Form::Value), text);
        self.spend(name.len())?;
        Ok(Some(ValueData::Identifier(text)))
    }

    fn message_value(&mut self, node: Node, parts: &[Part<'f>], level: usize) -> Read<Option<ValueData>> {
        if level >= MAX_LEVELS || !matches!(self.symbols.meaning(node), Meaning::Message(_)) {
            return Ok(None);
        }
        let Ok(groups) = grouped(parts) else { return Ok(None) };
        let mut fields = Vec::new();
        for records in &groups {
            let Some(member) = self.symbols.member(node, records.number) else { continue };
            let name = self.field_name(node, &member)?;
            for value in values(&member, &records.values) {
                self.spend(name.len as usize)?;
                let Some(value) = self.value_of(&member, &value, level + 1, false)? else { continue };
                fields.push(ValueFieldData {
                    name,
                    is_bracketed: member.extension_of.is_some(),
                    has_colon: true,
                    name_span: Span::NONE,
                    value: ElementData { value, span: Span::NONE },
                });
            }
        }
        let run = run_at(&self.base.data.value_fields, fields.len());
        self.base.data.value_fields.append(&mut fields);
        Ok(Some(ValueData::Message(run)))
    }

    /// The name of a field within a value, <https://protobuf.dev/reference/protobuf/textformat-spec/#fields>.
    fn field_name(&mut self, node: Node, member: &Member<'f>) -> Read<Text> {
        match (member.extension_of, member.target.map(|target| self.symbols.meaning(target))) {
            (Some(_), _) => self.name(node, member, Form::Full),
            (None, Some(Meaning::Message(group))) if member.kind == Kind::Group => {
                let key = (node, member.field.number, Form::Full);
                let known = self.names.get(&key).copied();
                let name = known.unwrap_or_else(|| self.base.intern(group.name));
                self.names.insert(key, name);
                Ok(name)
            }
            (None, _) => self.name(node, member, Form::Plain),
        }
    }
}

fn integer(number: i128) -> ValueData {
    match (u64::try_from(number), i64::try_from(number)) {
        (Ok(number), _) => ValueData::Positive(number),
        (_, Ok(number)) => ValueData::Negative(number),
        (Err(_), Err(_)) => unreachable!("a record has at most 64 bits"),
    }
}

/// The number that sources write for a `float`: compilers read a double first and narrow it.
fn widened(number: f32) -> f64 {
    let short = format!("{number:?}").parse::<f64>();
    short.ok().filter(|wide| (*wide as f32).to_bits() == number.to_bits()).unwrap_or(number.into())
}
