//! What a field reads as where it is not set, <https://protobuf.dev/programming-guides/proto2/#default>.

use std::fmt;

use super::data::{Label, Scalar};
use super::element::{Field, FieldType};

/// The default of a singular field, written or implied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DefaultValue {
    /// Of strings and bytes.
    Bytes(Vec<u8>),
    /// Of integers, booleans and enums.
    Integer(i128),
    Float(f32),
    Double(f64),
}

impl DefaultValue {
    /// Whether it is what no statement means too.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            DefaultValue::Bytes(bytes) => bytes.is_empty(),
            DefaultValue::Integer(number) => *number == 0,
            DefaultValue::Float(number) => *number == 0.0,
            DefaultValue::Double(number) => *number == 0.0,
        }
    }

    /// The number of an enum's value, or any other integer.
    pub(crate) fn as_integer(&self) -> Option<i128> {
        match self {
            DefaultValue::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether both read as the same value, whatever their types; `float` decides where one of two fractions is one.
    pub(crate) fn is_same(&self, other: &DefaultValue) -> bool {
        use DefaultValue::{Bytes, Double, Float, Integer};
        let same = |one: f64, other: f64| one == other || (one.is_nan() && other.is_nan());
        match (self, other) {
            (Bytes(one), Bytes(other)) => one == other,
            (Integer(one), Integer(other)) => one == other,
            (Float(one), Float(other)) => same(f64::from(*one), f64::from(*other)),
            (Double(one), Double(other)) => same(*one, *other),
            (Float(one), Double(other)) | (Double(other), Float(one)) => {
                same(f64::from(*one), f64::from(*other as f32))
            }
            (Integer(whole), Float(number)) | (Float(number), Integer(whole)) => *whole as f64 == f64::from(*number),
            (Integer(whole), Double(number)) | (Double(number), Integer(whole)) => *whole as f64 == *number,
            (Bytes(_), _) | (_, Bytes(_)) => false,
        }
    }
}

impl fmt::Display for DefaultValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DefaultValue::Bytes(bytes) => write!(f, "`\"{}\"`", bytes.escape_ascii()),
            DefaultValue::Integer(number) => write!(f, "`{number}`"),
            DefaultValue::Float(number) => write!(f, "`{number}`"),
            DefaultValue::Double(number) => write!(f, "`{number}`"),
        }
    }
}

impl Field<'_> {
    /// The default; `None` for repeated fields, maps, messages and what could not be resolved.
    pub(crate) fn default_value(self) -> Option<DefaultValue> {
        if self.label() == Label::Repeated {
            return None;
        }
        let written = self.written_default();
        match self.field_type() {
            FieldType::Message(_) | FieldType::Unresolved => None,
            FieldType::Enum(enumeration) => {
                let mut values = enumeration.values();
                let value = match written {
                    Some(name) => values.find(|value| value.name() == name),
                    None => values.next(),
                };
                value.map(|value| DefaultValue::Integer(value.number().into()))
            }
            FieldType::Scalar(scalar) => {
                let data = self.file().data();
                let bytes = data.byte_defaults.get(&self.index).map(|&at| data.byte_strings[at as usize].clone());
                bytes.map(DefaultValue::Bytes).or_else(|| scalar_default(scalar, written))
            }
        }
    }
}

fn scalar_default(scalar: Scalar, written: Option<&str>) -> Option<DefaultValue> {
    let number = |text: Option<&str>| text.map_or(Some(0.0), |text| text.parse::<f64>().ok());
    match scalar {
        Scalar::String => Some(DefaultValue::Bytes(written.unwrap_or_default().as_bytes().to_owned())),
        Scalar::Bytes => Some(DefaultValue::Bytes(unescaped(written.unwrap_or_default()))),
        Scalar::Bool => Some(DefaultValue::Integer(i128::from(written == Some("true")))),
        Scalar::Float => number(written).map(|number| DefaultValue::Float(number as f32)),
        Scalar::Double => number(written).map(DefaultValue::Double),
        _ => written.map_or(Some(0), |text| text.parse().ok()).map(DefaultValue::Integer),
    }
}

/// Undoes the escapes in which descriptors write bytes.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes().peekable();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let escape = if byte == b'\\' { bytes.next() } else { None };
        let Some(escape) = escape else {
            out.push(byte);
            continue;
        };
        let (radix, mut value, most) = match escape {
            b'0'..=b'7' => (8, u32::from(escape - b'0'), 2),
            b'x' | b'X' => (16, 0, 2),
            b'n' => (0, u32::from(b'\n'), 0),
            b'r' => (0, u32::from(b'\r'), 0),
            b't' => (0, u32::from(b'\t'), 0),
            other => (0, u32::from(other), 0),
        };
        for _ in 0..most {
            let Some(digit) = bytes.peek().and_then(|byte| char::from(*byte).to_digit(radix)) else { break };
            value = value * radix + digit;
            bytes.next();
        }
        out.push(value as u8);
    }
    out
}
