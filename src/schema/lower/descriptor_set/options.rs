//! Lowers options as if a source wrote them: their records, read by the fields and extensions that the set defines, or
//! that are built in. What these do not explain has neither a name nor a type, and is left out.

use super::{SetLowering, run_from};
use crate::schema::data::{OptionData, OptionPartData, Run, Text, ValueData};
use crate::schema::descriptor_set::decode::{self, Fault, Read};
use crate::schema::descriptor_set::model::{Kind, Scalar as Type, UninterpretedValue};
use crate::schema::descriptor_set::symbols::{Member, Node};
use crate::schema::descriptor_set::values::{FieldRecords, FieldValue, Scalar, grouped, values};
use crate::schema::descriptor_set::wire::{Part, Value, WireFault};
use crate::schema::lower::{index, run_at};
use crate::source::Span;

/// The field of all options messages for what a compiler did not interpret.
const UNINTERPRETED: u32 = 999;

/// The field of `MessageOptions` that sources say as `map<…>`.
const MAP_ENTRY: (&str, u32) = ("MessageOptions", 7);

/// The forms in which a name is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// Of a field.
    Plain,
    /// Of an extension, its full name.
    Full,
    /// The same with a leading dot, where something nearer hides it.
    Absolute,
    /// Of an enum value.
    Value,
}

/// How far an option is within `features`, which sources mostly set one by one, those of a language too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Options,
    Features,
    LanguageFeatures,
}

/// What leads to an option.
struct Prefix {
    /// The components of its name so far, each with whether it is an extension.
    parts: Vec<(Text, bool)>,
    /// The path of the options, as in `SourceCodeInfo`.
    path: Vec<i32>,
    within: Within,
}

impl<'f> SetLowering<'_, 'f> {
    /// The options of an element, `message` being `FieldOptions` or the like; `tag` is the field of the element's
    /// descriptor that holds them.
    pub(super) fn options(&mut self, message: &'static str, parts: &[Part<'f>], tag: i32) -> Read<Run> {
        let start = self.base.data.options.len();
        if parts.is_empty() {
            return Ok(Run { start: index(start), len: 0 });
        }
        let google = self.symbols.find("google.protobuf");
        let node = google.and_then(|google| self.symbols.child(google, message));
        for records in grouped(parts).map_err(WireFault::words)? {
            if records.number == UNINTERPRETED {
                self.uninterpreted(&records.values)?;
            } else if (message, records.number) != MAP_ENTRY
                && let Some(node) = node
            {
                let prefix = Prefix { parts: Vec::new(), path: vec![tag], within: Within::Options };
                self.entries(node, &records, &prefix)?;
            }
        }
        Ok(run_from(&self.base.data.options, start))
    }

    /// Sets a feature of the element at hand.
    pub(super) fn feature(&mut self, name: &str, value: &str) {
        let parts = [("features", false), (name, false)].map(|(name, _)| (self.base.intern(name), false));
        let value = ValueData::Identifier(self.base.intern(value));
        self.push(&parts, value, Span::NONE);
    }

    /// The options that the records of one field of an options message say.
    fn entries(&mut self, node: Node, records: &FieldRecords<'f>, prefix: &Prefix) -> Read<()> {
        let Some(member) = self.symbols.member(node, records.number) else { return Ok(()) };
        let name = self.option_name(node, &member)?;
        let parts: Vec<(Text, bool)> = prefix.parts.iter().copied().chain([name]).collect();
        let path: Vec<i32> = prefix.path.iter().copied().chain([member.field.number]).collect();
        let is_features = member.field.type_name == ".google.protobuf.FeatureSet" && member.extension_of.is_none();
        let within = match prefix.within {
            Within::Options if is_features => Some(Within::Features),
            Within::Features => Some(Within::LanguageFeatures),
            _ => None,
        };
        for (at, value) in values(&member, &records.values).into_iter().enumerate() {
            self.spend(parts.iter().map(|(name, _)| name.len as usize).sum())?;
            match (value, within, member.target) {
                (FieldValue::Message(inner), Some(within), Some(target)) => {
                    let prefix = Prefix { parts: parts.clone(), path: path.clone(), within };
                    for records in grouped(&inner).unwrap_or_default() {
                        self.entries(target, &records, &prefix)?;
                    }
                }
                (FieldValue::Scalar(Scalar::Bytes(bytes)), ..) if is_broken_text(&member, bytes) => {
                    return Err(format!("the value of option `{}` is not UTF-8", member.field.name));
                }
                (value, ..) => {
                    if let Some(value) = self.value_of(&member, &value, 0, true)? {
                        let span = self.option_span(&path, at);
                        self.push(&parts, value, span);
                    }
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, names: &[(Text, bool)], value: ValueData, span: Span) {
        let data = &mut self.base.data;
        let parts = run_at(&data.option_parts, names.len());
        data.option_parts.extend(names.iter().map(|&(name, extension)| OptionPartData { name, extension, span }));
        data.options.push(OptionData { parts, value, span, value_span: Span::NONE });
    }

    fn option_span(&mut self, path: &[i32], at: usize) -> Span {
        let of_element = [path, &[i32::try_from(at).unwrap_or(-1)]].concat();
        self.places.at(&of_element).or(self.places.at(path))
    }

    fn option_name(&mut self, node: Node, member: &Member<'f>) -> Read<(Text, bool)> {
        let Some(scope) = member.extension_of else { return Ok((self.name(node, member, Form::Plain)?, false)) };
        let full_name = self.name(node, member, Form::Full)?;
        let text = self.base.data.text(full_name);
        let first = text.split('.').next().unwrap_or(text);
        // A scope between the option and the root that has the first component decides what the name means. Of a name
        // of one component, that may be any element.
        let is_hidden = match self.symbols.is_root(scope) {
            true => !self.scopes.is_empty(),
            false => self.scopes.iter().any(|scope| self.symbols.child(*scope, first).is_some()),
        };
        let name = if is_hidden { self.name(node, member, Form::Absolute)? } else { full_name };
        Ok((name, true))
    }

    /// The name of a field, which is kept once however often it is used.
    pub(super) fn name(&mut self, node: Node, member: &Member<'f>, form: Form) -> Read<Text> {
        let key = (node, member.field.number, form);
        if let Some(&known) = self.names.get(&key) {
            return Ok(known);
        }
        let mut name = String::new();
        match member.extension_of {
            Some(scope) if form != Form::Plain => {
                name.push_str(if form == Form::Absolute { "." } else { "" });
                self.symbols.write_full_name(scope, member.field.name, &mut name);
            }
            _ => name.push_str(member.field.name),
        }
        let name = self.base.intern(&name);
        self.names.insert(key, name);
        Ok(name)
    }

    /// Takes so many bytes of names from what options may repeat.
    pub(super) fn spend(&mut self, bytes: usize) -> Read<()> {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(self.too_long()),
        }
        Ok(())
    }

    fn too_long(&self) -> Fault {
        let size = self.file.size;
        format!(
            "the names in its options are more than {} times as long as its {size} bytes in the descriptor set",
            super::MAX_GROWTH
        )
    }

    /// Options that the set's writer left as they are written.
    fn uninterpreted(&mut self, records: &[Value<'f>]) -> Read<()> {
        for record in records {
            let Value::Bytes(part) = record else { continue };
            let option = decode::uninterpreted(*part)?;
            let (false, Some(value)) = (option.name.is_empty(), option.value) else { continue };
            let names: Vec<(Text, bool)> =
                option.name.iter().map(|&(name, is_extension)| (self.base.intern(name), is_extension)).collect();
            let value = match value {
                UninterpretedValue::Identifier(word) => ValueData::Identifier(self.base.intern(word)),
                UninterpretedValue::Positive(number) => ValueData::Positive(number),
                UninterpretedValue::Negative(number) => ValueData::Negative(number),
                UninterpretedValue::Double(number) => ValueData::Float(number),
                UninterpretedValue::String(bytes) => self.string(bytes),
                UninterpretedValue::Aggregate(text) => self.aggregate(text),
            };
            self.push(&names, value, Span::NONE);
        }
        Ok(())
    }

    /// The places in what is read here are those in the braces alone, which no file has.
    fn aggregate(&mut self, text: &str) -> ValueData {
        let (fields, elements) = (self.base.data.value_fields.len(), self.base.data.value_elements.len());
        let value = self.base.aggregate(text);
        for field in &mut self.base.data.value_fields[fields..] {
            (field.name_span, field.value.span) = (Span::NONE, Span::NONE);
        }
        self.base.data.value_elements[elements..].iter_mut().for_each(|element| element.span = Span::NONE);
        value
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

/// Whether an option of the language is a string and its value is none.
fn is_broken_text(member: &Member<'_>, bytes: &[u8]) -> bool {
    member.kind == Kind::Scalar(Type::String) && member.extension_of.is_none() && std::str::from_utf8(bytes).is_err()
}
