//! The default of a field: what may be one, and how a descriptor writes it,
//! <https://protobuf.dev/reference/protobuf/google.protobuf/#field-descriptor-proto>.

use super::TreeLowering;
use crate::schema::data::{Detail, FileData, Label, Scalar, Syntax, Text, ValueData, WrittenType};
use crate::source::Span;
use crate::syntax::Fault;
use crate::syntax::ast;

impl<'t> TreeLowering<'t> {
    /// Makes an option of the field at `at` its default.
    pub(super) fn default(&mut self, at: u32, option: ast::OptionEntry<'t>) {
        let span = option.0.span();
        self.base.data.details.push((at, Detail::Default, span));
        let Some((value, value_span)) = self.value_of(option) else { return };
        self.base.data.details.push((at, Detail::DefaultValue, value_span));
        let field = &self.base.data.fields[at as usize];
        let (written, label) = (field.written_type, field.label);
        let refused = match written {
            WrittenType::Map => Some("map fields have no default values"),
            WrittenType::Group => Some("groups have no default values"),
            _ if label == Label::Repeated => Some("repeated fields have no default values"),
            _ if self.base.data.syntax == Syntax::Proto3 => Some("proto3 has no default values"),
            _ => None,
        };
        if let Some(refused) = refused {
            return self.fault(Fault::syntax(span, refused).help("remove `default`"));
        }
        if let WrittenType::Scalar(scalar) = written {
            if let Some(message) = fault(scalar, value, value_span, self.tree.source(), &self.base.data) {
                self.fault(Fault::syntax(value_span, message));
                return;
            }
            if let (Scalar::String, ValueData::Bytes(index)) = (scalar, value) {
                self.base.data.byte_defaults.insert(at, index);
            }
        }
        let text = self.default_text(written, value, value_span);
        self.base.data.fields[at as usize].default = Some(text);
    }

    fn default_text(&mut self, written: WrittenType, value: ValueData, span: Span) -> Text {
        let data = &self.base.data;
        let is_bytes = written == WrittenType::Scalar(Scalar::Bytes);
        let is_fraction = matches!(written, WrittenType::Scalar(Scalar::Float | Scalar::Double));
        let text = match value {
            ValueData::String(text) if is_bytes => escaped(data.text(text).as_bytes()),
            ValueData::Bytes(index) if is_bytes => escaped(&data.byte_strings[index as usize]),
            // What names an enum's value stands without quotes.
            ValueData::String(text) if written == WrittenType::Named => format!("{:?}", data.text(text)),
            ValueData::Identifier(text) | ValueData::String(text) => return text,
            ValueData::Bytes(index) => String::from_utf8_lossy(&data.byte_strings[index as usize]).into_owned(),
            ValueData::Positive(number) if is_fraction => (number as f64).to_string(),
            ValueData::Positive(number) => number.to_string(),
            // A fraction keeps the sign of its zero.
            ValueData::Negative(number) if is_fraction => {
                if number == 0 {
                    "-0".to_owned()
                } else {
                    (number as f64).to_string()
                }
            }
            ValueData::Negative(number) => number.to_string(),
            ValueData::Float(number) => number.to_string().to_ascii_lowercase(),
            ValueData::Message(_) | ValueData::List(_) => span.slice(self.tree.source()).to_owned(),
        };
        self.intern(&text)
    }
}

/// Why `value` is no default of a `scalar` field; `None` where it is one.
fn fault(scalar: Scalar, value: ValueData, span: Span, text: &str, data: &FileData) -> Option<String> {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    let shown = span.slice(text);
    let expected = |what: &str| Some(format!("expected {what} as the default, found `{shown}`"));
    let integer = |what: &str, least: i128, most: i128| {
        let number = match value {
            ValueData::Positive(number) => i128::from(number),
            // An unsigned field does not even take a zero with a sign.
            ValueData::Negative(0) if least == 0 => -1,
            ValueData::Negative(number) => i128::from(number),
            _ => return expected("an integer"),
        };
        let fits = least <= number && number <= most;
        (!fits).then(|| format!("the default {shown} is out of range: the field is {what}"))
    };
    match scalar {
        Bool => match value {
            ValueData::Identifier(word) if matches!(data.text(word), "true" | "false") => None,
            _ => expected("`true` or `false`"),
        },
        String | Bytes => match value {
            ValueData::String(_) | ValueData::Bytes(_) => None,
            _ => expected("a string"),
        },
        Double | Float => match value {
            ValueData::Positive(_) | ValueData::Negative(_) | ValueData::Float(_) => None,
            ValueData::Identifier(word) if matches!(data.text(word), "inf" | "nan") => None,
            _ => expected("a number"),
        },
        Int32 | Sint32 | Sfixed32 => integer("a signed 32-bit integer", i32::MIN.into(), i32::MAX.into()),
        Int64 | Sint64 | Sfixed64 => integer("a signed 64-bit integer", i64::MIN.into(), i64::MAX.into()),
        Uint32 | Fixed32 => integer("an unsigned 32-bit integer", 0, u32::MAX.into()),
        Uint64 | Fixed64 => integer("an unsigned 64-bit integer", 0, u64::MAX.into()),
    }
}

/// Bytes as the descriptor of a field writes its default.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'"' | b'\'' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text
}
