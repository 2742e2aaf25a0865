//! Whether a value in braces is one of its message, <https://protobuf.dev/reference/protobuf/textformat-spec/>.

use super::seen::Seen;
use super::support::OptionTarget;
use super::value::{bounds, shown, takes};
use crate::schema::{Enum, Field, FieldType, Label, Message, MessageValue, OptionValue, Presence, Scalar, ValueField};
use crate::source::Span;

/// What may stand before the name of a packed message: `FindAnyType` of protoc's `descriptor.cc`.
const SITES: [&str; 2] = ["type.googleapis.com", "type.googleprod.com"];

type Checked = Result<(), String>;

/// What is first wrong with `value` as one of `message` on `target`.
pub(super) fn check(message: Message<'_>, value: MessageValue<'_>, target: OptionTarget<'_>) -> Checked {
    let mut seen = Seen::default();
    value.fields().try_for_each(|field| entry(message, field, &mut seen, target))?;
    match message.fields().find(|field| field.presence() == Presence::Required && !seen.has(*field)) {
        Some(missing) => Err(format!("lacks `{}`, which `{}` requires", missing.name(), message.full_name())),
        None => Ok(()),
    }
}

fn entry<'v>(message: Message<'_>, entry: ValueField<'v>, seen: &mut Seen<'v>, target: OptionTarget<'_>) -> Checked {
    if entry.is_bracketed() {
        return bracketed(message, entry, seen, target);
    }
    let name = entry.name();
    let Some(field) = field_named(message, name) else {
        if !message.reserves(name) {
            return Err(format!("has a field `{name}`, and `{}` has none of that name", message.full_name()));
        }
        return Ok(());
    };
    of_field(field, entry, seen, target)
}

/// An extension, or a packed message.
fn bracketed<'v>(holder: Message<'_>, entry: ValueField<'v>, seen: &mut Seen<'v>, target: OptionTarget<'_>) -> Checked {
    let (name, file) = (entry.name(), target.file);
    let is_any = holder.full_name() == "google.protobuf.Any";
    if let Some((site, packed)) = name.rsplit_once('/') {
        if !is_any {
            return Err(format!(
                "has the type URL `{name}`, but `{}` is not `google.protobuf.Any`",
                holder.full_name()
            ));
        }
        if !SITES.contains(&site) {
            return Err(format!("has the type URL `{name}`, but only `type.googleapis.com/` is supported"));
        }
        seen.note_packed()?;
        return match (file.message_packed(packed), entry.value()) {
            (Some(message), OptionValue::Message(value)) => check(message, value, target),
            (Some(_), _) => Err("contains a message without braces".to_owned()),
            (None, _) if file.sees_all() => Err(format!("contains a `{packed}`, which is not defined")),
            (None, _) => Ok(()),
        };
    }
    if is_any {
        return Err(format!("has `[{name}]`, but `google.protobuf.Any` requires `[type.googleapis.com/…]`"));
    }
    // In message sets, members can also have the name of their message.
    let member = || {
        let message = file.message_in_braces(holder, name)?;
        message.extensions().find(|extension| extension.extendee() == Some(holder))
    };
    let Some(field) = file.field_in_braces(holder, name).or_else(member) else {
        if file.sees_all() {
            return Err(format!("has `[{name}]`, but no extension of that name is defined"));
        }
        return Ok(());
    };
    if let Some(own) = field.holder().filter(|own| own.full_name() != holder.full_name()) {
        let (verb, own, holder) =
            (if field.is_extension() { "extends" } else { "is of" }, own.full_name(), holder.full_name());
        return Err(format!("has `[{name}]`, which {verb} `{own}`, not `{holder}`"));
    }
    of_field(field, entry, seen, target)
}

fn of_field<'v>(field: Field<'_>, entry: ValueField<'v>, seen: &mut Seen<'v>, target: OptionTarget<'_>) -> Checked {
    let name = entry.name();
    seen.note(field, name)?;
    if let Some(fault) = target.refuses(field) {
        return Err(format!("has the field `{name}`, which {fault}"));
    }
    match (field.field_type(), entry.value()) {
        (FieldType::Unresolved, _) => Ok(()),
        (FieldType::Scalar(_) | FieldType::Enum(_), _) if !entry.has_colon() => {
            Err(format!("has `{name}` without `:` after it"))
        }
        (_, OptionValue::List(list)) if field.label() == Label::Repeated => {
            list.elements().try_for_each(|element| value(field, element, target))
        }
        (_, element) => value(field, (element, entry.value_span()), target),
    }
}

fn value(field: Field<'_>, (value, span): (OptionValue<'_>, Span), target: OptionTarget<'_>) -> Checked {
    let fits = match (field.field_type(), value) {
        (FieldType::Unresolved, _) => true,
        (FieldType::Message(message), OptionValue::Message(value)) => return check(message, value, target),
        (FieldType::Message(_), _) => false,
        (FieldType::Enum(enumeration), value) => is_enum_value(enumeration, value, target),
        (FieldType::Scalar(Scalar::Float | Scalar::Double), _) if !is_decimal(value, span.slice(target.text)) => {
            let (written, field) = (span.slice(target.text), field.name());
            return Err(format!("has `{written}` for `{field}`, but fractions must be decimal in braces"));
        }
        (FieldType::Scalar(scalar), value) => is_scalar(scalar, value),
    };
    if fits {
        return Ok(());
    }
    Err(format!("has {} where {} for `{}` is expected", shown(value), takes(field), field.name()))
}

fn is_enum_value(enumeration: Enum<'_>, value: OptionValue<'_>, target: OptionTarget<'_>) -> bool {
    let number = match value {
        OptionValue::Identifier(word) => {
            let value = enumeration.value_named(word);
            return value.is_some_and(|value| target.refuses_value(value).is_none());
        }
        OptionValue::Positive(number) => i32::try_from(number).ok(),
        OptionValue::Negative(number) => i32::try_from(number).ok(),
        _ => None,
    };
    number.is_some_and(|number| !enumeration.is_closed() || enumeration.value_numbered(number).is_some())
}

fn is_scalar(scalar: Scalar, value: OptionValue<'_>) -> bool {
    match (scalar, value) {
        (Scalar::Bool, OptionValue::Identifier(word)) => {
            matches!(word, "true" | "True" | "t" | "false" | "False" | "f")
        }
        (Scalar::Bool, OptionValue::Positive(number)) => number <= 1,
        (Scalar::String | Scalar::Bytes, value) => matches!(value, OptionValue::String(_) | OptionValue::Bytes(_)),
        (Scalar::Float | Scalar::Double, OptionValue::Identifier(word)) => {
            ["inf", "infinity", "nan"].iter().any(|known| known.eq_ignore_ascii_case(word))
        }
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

/// Whether a number is neither octal nor hexadecimal, as `written`.
fn is_decimal(value: OptionValue<'_>, written: &str) -> bool {
    let is_integer = matches!(value, OptionValue::Positive(_) | OptionValue::Negative(_));
    let mut digits = written.trim_start_matches(|c: char| !c.is_ascii_digit()).bytes();
    !is_integer || digits.next() != Some(b'0') || digits.next().is_none()
}

/// A group has the name of its message too, written just so.
fn field_named<'s>(message: Message<'s>, name: &str) -> Option<Field<'s>> {
    let group = || message.field_named(&name.to_ascii_lowercase()).filter(|field| is_group(*field, name));
    message.field_named(name).or_else(group)
}

/// Whether a field looks like a group whose message is `name`: `IsGroupLike` of protoc's `descriptor.cc`.
fn is_group(field: Field<'_>, name: &str) -> bool {
    let FieldType::Message(message) = field.field_type() else { return false };
    let is_beside = message.file() == field.file() && message.parent() == field.parent();
    field.is_delimited() && is_beside && message.name() == name
}
