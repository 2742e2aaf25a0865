//! Options as expressions see them: a map by name, whose values have the types that the options are declared with,
//! however they are written. As in messages, what is not set reads as its default, and `in` says that it is not set.

use std::collections::BTreeMap;

use super::reader::Reader;
use crate::cel::{Defaults, Value};
use crate::schema::{
    Annotation, AnnotationValue, Annotations, DefaultValue, Element, Field, FieldType, Label, Message, OptionValue,
    Scalar, options_message,
};

/// The options of an element.
pub(super) fn value<'v>(element: Element<'v>, reader: Reader<'v>) -> Value<'v> {
    if matches!(element, Element::File(_) | Element::Import(_)) && !element.file().are_options_known() {
        reader.unknown();
    }
    let options = Annotations::of_element(element);
    let entries = options.iter().map(|(name, option)| (key(name), annotation(option, reader))).collect();
    Value::map_with_defaults(entries, Unset { of: Holder::Options(element), reader })
}

/// A name without parentheses or brackets.
fn key<'v>(name: &str) -> Value<'v> {
    Value::shared_text(name.trim_matches(['(', ')', '[', ']']))
}

fn annotation<'v>(option: &Annotation<'v>, reader: Reader<'v>) -> Value<'v> {
    match &option.value {
        AnnotationValue::Scalar(value) => scalar(option.declared, *value),
        AnnotationValue::Message(fields) => message(option.declared.and_then(held), fields, reader),
        AnnotationValue::List(elements) => match option.declared.filter(|field| field.is_map()) {
            Some(map) => Value::map(elements.iter().filter_map(|element| entry(map, element, reader)).collect()),
            None => Value::list(elements.iter().map(|element| annotation(element, reader)).collect()),
        },
    }
}

fn message<'v>(of: Option<Message<'v>>, fields: &BTreeMap<String, Annotation<'v>>, reader: Reader<'v>) -> Value<'v> {
    let entries = fields.iter().map(|(name, field)| (key(name), annotation(field, reader))).collect();
    Value::map_with_defaults(entries, Unset { of: Holder::Message(of), reader })
}

fn held(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(message) => Some(message),
        _ => None,
    }
}

/// An entry of a map; what it leaves out is as in messages.
fn entry<'v>(map: Field<'v>, written: &Annotation<'v>, reader: Reader<'v>) -> Option<(Value<'v>, Value<'v>)> {
    let of = held(map)?;
    let part = |name: &str| match written.field(name) {
        Some(part) => Some(annotation(part, reader)),
        None => default(of.field_named(name)?, reader),
    };
    Some((part("key")?, part("value")?))
}

/// A value without parts, as its type has it where that is known.
fn scalar<'v>(declared: Option<Field<'v>>, value: OptionValue<'v>) -> Value<'v> {
    let of = declared.map(Field::field_type);
    let fraction = |number: f64| match of {
        Some(FieldType::Scalar(Scalar::Float)) => Value::Double((number as f32).into()),
        _ => Value::Double(number),
    };
    let is_fraction = matches!(of, Some(FieldType::Scalar(Scalar::Float | Scalar::Double)));
    match value {
        OptionValue::Identifier("inf" | "infinity") if is_fraction => fraction(f64::INFINITY),
        OptionValue::Identifier("nan") if is_fraction => fraction(f64::NAN),
        OptionValue::Identifier(word) => match (of, word) {
            (Some(FieldType::Enum(_)), word) => Value::text(word),
            (_, "true" | "t" | "True") => Value::Bool(true),
            (_, "false" | "f" | "False") => Value::Bool(false),
            (_, word) => Value::text(word),
        },
        OptionValue::Positive(number) if is_fraction => fraction(number as f64),
        OptionValue::Negative(number) if is_fraction => fraction(number as f64),
        OptionValue::Positive(number) => match (of, i64::try_from(number)) {
            (Some(FieldType::Scalar(Scalar::Bool)), _) => Value::Bool(number != 0),
            (_, Ok(number)) => of_number(of, number),
            (_, Err(_)) => Value::Uint(number),
        },
        OptionValue::Negative(number) => of_number(of, number),
        OptionValue::Float(number) => fraction(number),
        OptionValue::String(text) => match of {
            Some(FieldType::Scalar(Scalar::Bytes)) => Value::shared_bytes(text.as_bytes().to_vec()),
            _ => Value::text(text),
        },
        OptionValue::Bytes(bytes) => Value::shared_bytes(bytes.to_vec()),
        OptionValue::Message(_) | OptionValue::List(_) => Value::Null,
    }
}

/// A whole number, which may stand for the value of an enum.
fn of_number<'v>(of: Option<FieldType<'v>>, number: i64) -> Value<'v> {
    let named = match of {
        Some(FieldType::Enum(enumeration)) => i32::try_from(number).ok().and_then(|at| enumeration.value_numbered(at)),
        _ => None,
    };
    named.map_or(Value::Int(number), |value| Value::text(value.name()))
}

/// What a field reads as where it is not set; `None` where its type is not known.
fn default<'v>(field: Field<'v>, reader: Reader<'v>) -> Option<Value<'v>> {
    if field.is_map() {
        return Some(Value::map(Vec::new()));
    }
    if field.label() == Label::Repeated {
        return Some(Value::list(Vec::new()));
    }
    let written = field.written_default();
    match field.field_type() {
        FieldType::Message(of) => Some(message(Some(of), &BTreeMap::new(), reader)),
        FieldType::Enum(of) => Some(Value::text(written.or_else(|| Some(of.values().next()?.name()))?)),
        FieldType::Unresolved => None,
        FieldType::Scalar(of) => Some(match of {
            Scalar::Bool => Value::Bool(written == Some("true")),
            Scalar::String => Value::text(written.unwrap_or_default()),
            Scalar::Bytes => match field.default_value() {
                Some(DefaultValue::Bytes(bytes)) => Value::shared_bytes(bytes),
                _ => Value::shared_bytes(Vec::new()),
            },
            Scalar::Float | Scalar::Double => Value::Double(written.and_then(|text| text.parse().ok()).unwrap_or(0.0)),
            _ => match written.unwrap_or("0") {
                number if number.parse::<i64>().is_err() => Value::Uint(number.parse().ok()?),
                number => Value::Int(number.parse().ok()?),
            },
        }),
    }
}

/// What has the options or fields that are not set.
#[derive(Clone, Copy)]
enum Holder<'v> {
    Options(Element<'v>),
    /// None of a type that is not known.
    Message(Option<Message<'v>>),
}

/// What is not set.
struct Unset<'v> {
    of: Holder<'v>,
    reader: Reader<'v>,
}

impl<'v> Defaults<'v> for Unset<'v> {
    fn default(&self, name: &str) -> Option<Value<'v>> {
        let field = match self.of {
            Holder::Options(element) => option(element, name),
            Holder::Message(Some(of)) => of.field_named(name).or_else(|| extension(of.full_name(), of.file(), name)),
            Holder::Message(None) => {
                self.reader.unknown();
                None
            }
        };
        default(field?, self.reader)
    }
}

/// The option of a name that an element can have: one of the language, or an extension that any file declares, be it
/// imported by the element's or not.
fn option<'v>(element: Element<'v>, name: &str) -> Option<Field<'v>> {
    let holder = options_message(element.options_type())?;
    let own: Option<Field<'v>> = holder.field_named(name);
    own.or_else(|| extension(holder.full_name(), element.file(), name))
}

fn extension<'v>(holder: &str, file: crate::schema::File<'v>, name: &str) -> Option<Field<'v>> {
    let found = file.schema.extension_named(name)?;
    found.extendee().is_some_and(|extendee| extendee.full_name() == holder).then_some(found)
}
