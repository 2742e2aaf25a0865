//! The default of a field, from how a descriptor writes it,
//! <https://protobuf.dev/reference/protobuf/google.protobuf/#field-descriptor-proto>, to how a lowered text has it.

use super::SetLowering;
use crate::schema::data::{Label, Scalar, Syntax, Text};
use crate::schema::descriptor_set::decode::{Read, is_identifier, quoted};
use crate::schema::descriptor_set::model::{Field, Kind};
use crate::schema::lower::index;

impl<'f> SetLowering<'_, 'f> {
    /// The default of the field at `at`.
    pub(super) fn default(&mut self, at: u32, field: &'f Field<'f>) -> Read<Option<Text>> {
        let Some(bytes) = field.default else { return Ok(None) };
        if let (Kind::Scalar(Scalar::String), Err(_)) = (field.kind, std::str::from_utf8(bytes)) {
            self.base.data.byte_strings.push(bytes.to_owned());
            self.base.data.byte_defaults.insert(at, index(self.base.data.byte_strings.len() - 1));
        }
        let text = String::from_utf8_lossy(bytes);
        let may_have_one = field.label != Label::Repeated && self.file.syntax != Syntax::Proto3;
        match written(field.kind, &text).filter(|_| may_have_one) {
            Some(written) => Ok(Some(self.base.intern(&written))),
            None => Err(format!("{} is not a valid default of field `{}`", quoted(&text), field.name)),
        }
    }
}

/// The default of a field of that kind; `None` where the descriptor has none such.
fn written(kind: Kind, text: &str) -> Option<String> {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    let integer = |least: i128, most: i128| {
        let number = text.parse::<i128>().ok().filter(|number| least <= *number && *number <= most)?;
        Some(number.to_string()).filter(|plain| plain == text)
    };
    match kind {
        Kind::Scalar(scalar) => match scalar {
            String => Some(text.to_owned()),
            Bytes => is_escaped(text).then(|| text.to_owned()),
            Bool => matches!(text, "true" | "false").then(|| text.to_owned()),
            Float | Double => float(text),
            Int32 | Sint32 | Sfixed32 => integer(i32::MIN.into(), i32::MAX.into()),
            Int64 | Sint64 | Sfixed64 => integer(i64::MIN.into(), i64::MAX.into()),
            Uint32 | Fixed32 => integer(0, u32::MAX.into()),
            Uint64 | Fixed64 => integer(0, u64::MAX.into()),
        },
        Kind::Enum | Kind::Unsaid => is_identifier(text).then(|| text.to_owned()),
        Kind::Message | Kind::Group => None,
    }
}

/// Whether every `\` has what it escapes after it.
fn is_escaped(text: &str) -> bool {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' && !letters.next().is_some_and(|next| next.is_ascii_graphic()) {
            return false;
        }
    }
    true
}

fn float(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = matches!(digits, "inf" | "nan") || digits.starts_with(|first: char| first.is_ascii_digit());
    let number = text.parse::<f64>().ok().filter(|_| is_number)?;
    Some(number.to_string().to_ascii_lowercase())
}
