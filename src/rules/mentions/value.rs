//! The names in the values of options and defaults: enum values, and in braces fields too
//! (<https://protobuf.dev/reference/protobuf/textformat-spec/>). What does not fit its type is skipped.

use super::{Visit, text};
use crate::schema::{Element, Enum, Field, FieldType, Message, MessageValue, OptionValue, Part, ValueField};
use crate::source::Span;

/// The value that `default` names.
pub(super) fn default<'s>(field: Field<'s>, enumeration: Enum<'s>, visit: &mut Visit<'_, 's>) {
    let Some(word) = field.written_default() else { return };
    if let Some(place) = Element::Field(field).locate(Part::DefaultValue) {
        enum_value(enumeration, word, place.span, visit);
    }
}

fn enum_value<'s>(enumeration: Enum<'s>, word: &str, span: Span, visit: &mut Visit<'_, 's>) {
    if let Some(value) = enumeration.value_named(word) {
        visit.refer(value, span);
    }
}

/// The names in a value of a field.
pub(super) fn value<'s>(value: OptionValue<'s>, span: Span, field: Field<'s>, visit: &mut Visit<'_, 's>) {
    let outer = visit.this.clone();
    visit.this = text::narrowed(&outer, field);
    for (element, span) in value.elements(span) {
        match (element, field.field_type()) {
            (OptionValue::String(written), _) => text::names(written, span, field, visit),
            (OptionValue::Message(value), FieldType::Message(message)) => fields(value, message, visit),
            (OptionValue::Identifier(word), FieldType::Enum(enumeration)) => enum_value(enumeration, word, span, visit),
            _ => {}
        }
    }
    visit.this = outer;
}

/// The names in a value in braces.
fn fields<'s>(value: MessageValue<'s>, message: Message<'s>, visit: &mut Visit<'_, 's>) {
    for field in value.fields() {
        if field.is_bracketed() {
            in_brackets(field, message, visit);
        } else if let Some(named) = message.field_named(field.name()) {
            visit.refer(named, field.name_span());
            self::value(field.value(), field.value_span(), named, visit);
        }
    }
}

/// An extension, or the type of what an `Any` holds; and its value.
fn in_brackets<'s>(field: ValueField<'s>, holder: Message<'s>, visit: &mut Visit<'_, 's>) {
    let span = field.name_span();
    if let Some((_, name)) = field.name().rsplit_once('/') {
        let Some(message) = visit.file.message_packed(name) else { return };
        // The words before its own are those of the address.
        visit.refer(message, span);
        if let OptionValue::Message(value) = field.value() {
            fields(value, message, visit);
        }
    } else if let Some(extension) = visit.file.field_in_braces(holder, field.name()) {
        visit.refer(extension, span);
        value(field.value(), field.value_span(), extension, visit);
    }
}
