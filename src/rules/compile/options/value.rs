//! Whether the value of an option is one of its type. It uses values as written outside braces.

use super::aggregate;
use super::support::OptionTarget;
use crate::schema::{Enum, Field, FieldType, OptionValue, Scalar};

/// What is wrong with `value` for `field` on `target`, in words that follow the option's name.
pub(super) fn check(field: Field<'_>, value: OptionValue<'_>, target: OptionTarget<'_>) -> Result<(), String> {
    let fits = match (field.field_type(), value) {
        (FieldType::Unresolved, _) => true,
        (FieldType::Message(message), OptionValue::Message(value)) => return aggregate::check(message, value, target),
        (FieldType::Enum(enumeration), OptionValue::Identifier(word)) => match enumeration.value_named(word) {
            None => false,
            Some(value) => match target.refuses_value(value) {
                None => true,
                Some(fault) => return Err(format!("cannot be `{word}`, which {fault}")),
            },
        },
        (FieldType::Scalar(Scalar::String), OptionValue::Bytes(_)) => !field.validates_utf8(),
        (FieldType::Scalar(scalar), value) => scalar_fits(scalar, value),
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("cannot be {}: it takes {}", shown(value), takes(field))) }
}

fn scalar_fits(scalar: Scalar, value: OptionValue<'_>) -> bool {
    match (scalar, value) {
        (Scalar::Bool, OptionValue::Identifier(word)) => matches!(word, "true" | "false"),
        (Scalar::String, OptionValue::String(_)) => true,
        (Scalar::Bytes, OptionValue::String(_) | OptionValue::Bytes(_)) => true,
        (Scalar::Float | Scalar::Double, OptionValue::Identifier(word)) => matches!(word, "inf" | "nan"),
        (Scalar::Float | Scalar::Double, value) => {
            matches!(value, OptionValue::Positive(_) | OptionValue::Negative(_) | OptionValue::Float(_))
        }
        (scalar, OptionValue::Positive(number)) => bounds(scalar).is_some_and(|(_, most)| number <= most),
        (scalar, OptionValue::Negative(number)) => {
            bounds(scalar).is_some_and(|(least, _)| least < 0 && number >= least)
        }
        _ => false,
    }
}

/// The least and the most that an integer type holds.
pub(super) fn bounds(scalar: Scalar) -> Option<(i64, u64)> {
    match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => Some((i32::MIN.into(), i32::MAX as u64)),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => Some((i64::MIN, i64::MAX as u64)),
        Scalar::Uint32 | Scalar::Fixed32 => Some((0, u32::MAX.into())),
        Scalar::Uint64 | Scalar::Fixed64 => Some((0, u64::MAX)),
        Scalar::Bool | Scalar::String | Scalar::Bytes | Scalar::Float | Scalar::Double => None,
    }
}

/// The values a field takes, in words.
pub(super) fn takes(field: Field<'_>) -> String {
    match field.field_type() {
        FieldType::Message(_) | FieldType::Unresolved => "fields in braces".to_owned(),
        FieldType::Enum(enumeration) => values_of(enumeration),
        FieldType::Scalar(Scalar::Bool) => "`true` or `false`".to_owned(),
        FieldType::Scalar(Scalar::String | Scalar::Bytes) => "a string".to_owned(),
        FieldType::Scalar(scalar) => bounds(scalar)
            .map_or_else(|| "a number".to_owned(), |(least, most)| format!("an integer from {least} to {most}")),
    }
}

/// How many values of an enum are listed.
const LISTED: usize = 8;

fn values_of(enumeration: Enum<'_>) -> String {
    let values: Vec<String> = enumeration.values().take(LISTED).map(|value| format!("`{}`", value.name())).collect();
    let more = if enumeration.values().len() > LISTED { ", …" } else { "" };
    format!("one of {}{more}", values.join(", "))
}

/// A value as a message shows it.
pub(super) fn shown(value: OptionValue<'_>) -> String {
    match value {
        OptionValue::Identifier(word) => format!("`{word}`"),
        OptionValue::Positive(number) => format!("`{number}`"),
        OptionValue::Negative(number) => format!("`{number}`"),
        OptionValue::Float(number) => format!("`{number}`"),
        OptionValue::String(_) => "a string".to_owned(),
        OptionValue::Bytes(_) => "a string that is not UTF-8".to_owned(),
        OptionValue::Message(_) => "a message".to_owned(),
        OptionValue::List(_) => "a list".to_owned(),
    }
}
