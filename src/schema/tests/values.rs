//! Interprets options as written into the messages of options that protoc makes of them, in the order of field numbers.

use std::collections::BTreeMap;

use super::render;
use super::text::{Tree, Value};
use crate::schema::{
    Field, FieldType, Label, Message, MessageValue, OptionStep, OptionValue, Options, Presence, Scalar, Schema,
    options_message,
};

/// A message by field number: the field's name in the text format, and its values.
#[derive(Default)]
struct Values(BTreeMap<i32, (String, Vec<Held>)>);

enum Held {
    Value(Value),
    Message(Values),
}

impl Values {
    fn tree(self) -> Tree {
        let mut tree = Tree::default();
        for (name, values) in self.0.into_values() {
            for value in values {
                let value = match value {
                    Held::Value(value) => value,
                    Held::Message(message) => Value::Tree(message.tree()),
                };
                tree.0.push((name.clone(), value));
            }
        }
        tree
    }

    fn of(&mut self, field: Field<'_>) -> &mut Vec<Held> {
        &mut self.0.entry(field.number()).or_insert_with(|| (text_name(field), Vec::new())).1
    }

    /// The message that a singular field holds.
    fn message(&mut self, field: Field<'_>) -> &mut Values {
        let held = self.of(field);
        if held.is_empty() {
            held.push(Held::Message(Values::default()));
        }
        match held.last_mut() {
            Some(Held::Message(message)) => message,
            _ => panic!("`{}` holds no message", field.full_name()),
        }
    }

    fn set(&mut self, schema: &Schema, field: Field<'_>, raw: Value) {
        let FieldType::Message(message) = field.field_type() else {
            let value = scalar(field, raw);
            // Without presence, what is zero is as if it were not set.
            if field.presence() == Presence::Implicit && !field.is_in_map_entry() && is_zero(field, &value) {
                return;
            }
            return self.of(field).push(Held::Value(value));
        };
        let Value::Tree(tree) = raw else { panic!("`{}` takes a message, not {raw:?}", field.full_name()) };
        if field.label() == Label::Repeated {
            self.of(field).push(Held::Message(Values::default()));
        }
        self.message(field).fill(schema, message, tree);
    }

    /// Sets the fields that a value in braces sets.
    fn fill(&mut self, schema: &Schema, message: Message<'_>, tree: Tree) {
        for (name, raw) in tree.0 {
            if let Some((_, type_name)) = name.split_once('/') {
                let packed = all_messages(schema)
                    .find(|known| known.full_name() == type_name.trim_end_matches(']'))
                    .expect("the schemas pack known messages");
                self.pack(schema, message, &name, packed, raw);
                continue;
            }
            let group = || message.fields().find(|field| text_name(*field) == name);
            // What a reserved name is given is skipped.
            if message.reserves(&name) {
                continue;
            }
            let field = match name.strip_prefix('[') {
                Some(extension) => extension_named(schema, message.full_name(), extension.trim_end_matches(']')),
                None => message.field_named(&name).or_else(group).unwrap_or_else(|| panic!("no field `{name}`")),
            };
            self.set(schema, field, raw);
        }
        if message.is_map_entry() {
            message.fields().for_each(|field| self.imply(field));
        }
    }

    /// The keys and the values of map entries are always written.
    fn imply(&mut self, field: Field<'_>) {
        let held = self.of(field);
        if held.is_empty() {
            held.push(match field.field_type() {
                FieldType::Message(_) => Held::Message(Values::default()),
                FieldType::Scalar(Scalar::String | Scalar::Bytes) => Held::Value(Value::Text(Vec::new())),
                _ => Held::Value(Value::Word("0".to_owned())),
            });
        }
    }

    /// Sets a `google.protobuf.Any` to the bytes of a message.
    fn pack(&mut self, schema: &Schema, any: Message<'_>, name: &str, packed: Message<'_>, raw: Value) {
        let Value::Tree(tree) = raw else { panic!("{name} holds a message") };
        let mut values = Values::default();
        values.fill(schema, packed, tree);
        let mut bytes = Vec::new();
        for (number, (name, held)) in values.0 {
            let shares_record = packed.field_named(&name).is_some_and(Field::is_packed);
            let mut record = Vec::new();
            for value in held {
                match value {
                    Held::Value(Value::Word(word)) => {
                        if !shares_record {
                            varint((number as u64) << 3, &mut bytes);
                        }
                        let word = word.parse().expect("packed messages hold small numbers");
                        varint(word, if shares_record { &mut record } else { &mut bytes });
                    }
                    Held::Value(Value::Text(text)) => delimited(number, &text, &mut bytes),
                    _ => panic!("packed messages hold numbers and texts"),
                }
            }
            if shares_record {
                delimited(number, &record, &mut bytes);
            }
        }
        let url = name.trim_start_matches('[').trim_end_matches(']').as_bytes().to_vec();
        for (field, value) in [("type_url", url), ("value", bytes)] {
            let field = any.field_named(field).expect("Any has it");
            if value.is_empty() {
                continue;
            }
            self.of(field).push(Held::Value(Value::Text(value)));
        }
    }
}

pub(super) fn delimited(number: i32, value: &[u8], bytes: &mut Vec<u8>) {
    varint((number as u64) << 3 | 2, bytes);
    varint(value.len() as u64, bytes);
    bytes.extend(value);
}

pub(super) fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn all_messages(schema: &Schema) -> impl Iterator<Item = Message<'_>> {
    schema.files().flat_map(|file| file.all_messages())
}

/// In braces a name counts from the scope around the message that is extended. Another file may have one of that name
/// that extends another message, and that is not seen.
fn extension_named<'s>(schema: &'s Schema, holder: &str, name: &str) -> Field<'s> {
    let mut scope = Some(holder.rfind('.').map_or("", |dot| &holder[..dot]));
    while let Some(here) = scope {
        let wanted = if here.is_empty() { name.to_owned() } else { format!("{here}.{name}") };
        let extends = |field: &Field<'_>| field.holder().is_some_and(|own| own.full_name() == holder);
        let extensions = schema.files().flat_map(|file| file.all_fields()).filter(extends);
        if let Some(found) = extensions.into_iter().find(|field| field.full_name() == wanted) {
            return found;
        }
        scope = if here.is_empty() { None } else { Some(here.rfind('.').map_or("", |dot| &here[..dot])) };
    }
    panic!("no extension `{name}`")
}

/// Groups have the name of their message, extensions by their full name in brackets; what a message set holds and its
/// own type declares has the name of that type.
pub(super) fn text_name(field: Field<'_>) -> String {
    let is_set = |message: Message<'_>| message.options().boolean("message_set_wire_format") == Some(true);
    let is_of_set = field.extendee().is_some_and(is_set) && field.label() == Label::Optional;
    match field.field_type() {
        FieldType::Message(message) if is_of_set && field.parent() == Some(message) => {
            format!("[{}]", message.full_name())
        }
        _ if field.is_extension() => format!("[{}]", field.full_name()),
        FieldType::Message(message) if field.is_group() => message.name().to_owned(),
        _ => field.name().to_owned(),
    }
}

/// Whether a value as printed is what a field has that is not set.
fn is_zero(field: Field<'_>, value: &Value) -> bool {
    match (value, field.field_type()) {
        (Value::Text(text), _) => text.is_empty(),
        (Value::Word(word), FieldType::Enum(known)) => known.values().next().is_some_and(|zero| zero.name() == word),
        (Value::Word(word), FieldType::Scalar(Scalar::Float | Scalar::Double)) => {
            float(word).is_some_and(|number| number.to_bits() == 0)
        }
        (Value::Word(word), _) => matches!(&word[..], "0" | "false"),
        (Value::Tree(_), _) => false,
    }
}

/// A value as the text format prints it.
fn scalar(field: Field<'_>, raw: Value) -> Value {
    let Value::Word(word) = raw else { return raw };
    Value::Word(match field.field_type() {
        FieldType::Scalar(Scalar::Bool) => matches!(&word[..], "true" | "True" | "t" | "1").to_string(),
        FieldType::Scalar(Scalar::Float) => float(&word).map_or(word, |number| render::float(number as f32)),
        FieldType::Scalar(Scalar::Double) => float(&word).map_or(word, |number| number.to_string()),
        FieldType::Enum(enumeration) => {
            let named = |number| enumeration.values().find(|value| i128::from(value.number()) == number);
            let number = enumeration.values().find(|value| value.name() == word).map(|value| value.number().into());
            // Of several names of one number the first is printed.
            number.or_else(|| integer(&word)).and_then(named).map_or(word, |value| value.name().to_owned())
        }
        _ => integer(&word).map_or(word, |number| number.to_string()),
    })
}

pub(super) fn float(word: &str) -> Option<f64> {
    match word {
        "inf" | "infinity" => Some(f64::INFINITY),
        "-inf" | "-infinity" => Some(f64::NEG_INFINITY),
        "nan" | "-nan" => Some(f64::NAN),
        _ => word.parse().ok().or_else(|| integer(word).map(|number| number as f64)),
    }
}

/// Decimal, hexadecimal or octal.
pub(super) fn integer(word: &str) -> Option<i128> {
    let (sign, digits) = word.strip_prefix('-').map_or((1, word), |digits| (-1, digits));
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => i128::from_str_radix(hex, 16),
        None if digits.len() > 1 && digits.starts_with('0') => i128::from_str_radix(&digits[1..], 8),
        None => digits.parse(),
    };
    number.ok().map(|number| sign * number)
}

/// The fields of a value in braces, lists as repeated fields.
fn tree_of(message: MessageValue<'_>) -> Tree {
    let mut tree = Tree::default();
    for field in message.fields() {
        let name = if field.is_bracketed() { format!("[{}]", field.name()) } else { field.name().to_owned() };
        for (element, _) in field.value().elements(field.value_span()) {
            tree.0.push((name.clone(), raw(element)));
        }
    }
    tree
}

fn raw(value: OptionValue<'_>) -> Value {
    match value {
        OptionValue::Identifier(word) => Value::Word(word.to_owned()),
        OptionValue::Positive(number) => Value::Word(number.to_string()),
        OptionValue::Negative(number) => Value::Word(number.to_string()),
        OptionValue::Float(number) => Value::Word(number.to_string()),
        OptionValue::String(text) => Value::Text(text.as_bytes().to_owned()),
        OptionValue::Bytes(bytes) => Value::Text(bytes.to_owned()),
        OptionValue::Message(message) => Value::Tree(tree_of(message)),
        OptionValue::List(_) => panic!("a list in a list"),
    }
}

/// The options of one element; `kind` is the message that holds them.
pub(super) fn options(schema: &Schema, options: Options<'_>, kind: &str) -> Tree {
    let known = options_message(kind).expect("a kind of options");
    let mut values = Values::default();
    for option in options.iter() {
        let (mut message, mut holder, mut last) = (known, &mut values, None);
        for step in option.steps() {
            if let Some(field) = last {
                holder = holder.message(field);
                if let FieldType::Message(inner) = field.field_type() {
                    message = inner;
                }
            }
            last = Some(match step {
                OptionStep::Field(name) => {
                    message.field_named(name).unwrap_or_else(|| panic!("no option `{}`", option.name()))
                }
                OptionStep::Extension(field) => field,
                OptionStep::Unresolved => panic!("option `{}` is unknown", option.name()),
            });
        }
        holder.set(schema, last.expect("a name has a part"), raw(option.value()));
    }
    values.tree()
}
