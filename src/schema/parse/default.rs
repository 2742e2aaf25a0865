//! What is wrong with a scalar's default in an edition file, whose defaults the parser does not get to see; its words
//! are those of the parser for the same fault in proto2. It knows no types by name: those are resolved later.

use crate::schema::data::{FileData, Scalar, ValueData};

/// Why `value` is no default of a `scalar` field; `None` where it is one.
pub(super) fn fault(scalar: Scalar, value: ValueData, data: &FileData) -> Option<String> {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    match scalar {
        Bool => match value {
            ValueData::Identifier(word) if matches!(data.text(word), "true" | "false") => None,
            _ => expected("either `true` or `false`", value, data),
        },
        String | Bytes => match value {
            ValueData::String(_) | ValueData::Bytes(_) => None,
            _ => expected("a string", value, data),
        },
        Double | Float => match value {
            ValueData::Positive(_) | ValueData::Negative(_) | ValueData::Float(_) => None,
            ValueData::Identifier(word) if matches!(data.text(word), "inf" | "nan") => None,
            _ => expected("a floating-point number", value, data),
        },
        Int32 | Sint32 | Sfixed32 => integer(value, "a signed 32-bit integer", i32::MIN.into(), i32::MAX.into(), data),
        Int64 | Sint64 | Sfixed64 => integer(value, "a signed 64-bit integer", i64::MIN.into(), i64::MAX.into(), data),
        Uint32 | Fixed32 => integer(value, "an unsigned 32-bit integer", 0, u32::MAX.into(), data),
        Uint64 | Fixed64 => integer(value, "an unsigned 64-bit integer", 0, u64::MAX.into(), data),
    }
}

fn integer(value: ValueData, what: &str, least: i128, most: i128, data: &FileData) -> Option<String> {
    let number = match value {
        ValueData::Positive(number) => i128::from(number),
        // An unsigned field does not even take a zero with a sign.
        ValueData::Negative(0) if least == 0 => -1,
        ValueData::Negative(number) => i128::from(number),
        _ => return expected("an integer", value, data),
    };
    let fits = least <= number && number <= most;
    (!fits).then(|| format!("expected value to be {what}, but the value {} is out of range", shown(value, data)))
}

fn expected(what: &str, value: ValueData, data: &FileData) -> Option<String> {
    Some(format!("expected value to be {what}, but found `{}`", shown(value, data)))
}

fn shown(value: ValueData, data: &FileData) -> String {
    match value {
        ValueData::Identifier(text) => data.text(text).to_owned(),
        ValueData::Positive(number) => number.to_string(),
        ValueData::Negative(0) => "-0".to_owned(),
        ValueData::Negative(number) => number.to_string(),
        ValueData::Float(number) => format!("{number:?}"),
        ValueData::String(text) => format!("{:?}", data.text(text)),
        ValueData::Bytes(_) => "\"…\"".to_owned(),
        ValueData::Aggregate(_) | ValueData::Message(_) | ValueData::List(_) => "{".to_owned(),
    }
}
