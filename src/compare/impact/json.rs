//! What the JSON form of one type is to another: by the text that is written, as
//! <https://protobuf.dev/programming-guides/json/> has it. Keys are paired elsewhere.

use super::types::{fits, full_or_lossy, range, written_values};
use super::{Compatibility, Reading, structure};
use crate::compare::evidence::has_own_form;
use crate::schema::{Field, FieldType, Label, Message, Scalar};

/// How an element of a field looks in JSON.
#[derive(Clone, Copy, PartialEq)]
enum Form<'s> {
    /// A scalar, or what a message around one is written as; an enum.
    Plain(FieldType<'s>),
    /// Any JSON: `google.protobuf.Value`.
    Anything,
    /// Any object: `google.protobuf.Struct`.
    AnyObject,
    /// Any list: `google.protobuf.ListValue`.
    AnyList,
    /// A message with a form like no other.
    Own(Message<'s>),
    /// An object with a key for each field.
    Object(Message<'s>),
}

fn form(field_type: FieldType<'_>) -> Form<'_> {
    let FieldType::Message(message) = field_type else { return Form::Plain(field_type) };
    // Nothing is in an empty one, and so it is written as an empty object.
    if !has_own_form(message) || message.fields().len() == 0 {
        return Form::Object(message);
    }
    match message.name() {
        "Value" => Form::Anything,
        "Struct" => Form::AnyObject,
        "ListValue" => Form::AnyList,
        "Any" | "Duration" | "FieldMask" | "Timestamp" => Form::Own(message),
        _ => message.field_numbered(1).map_or(Form::Own(message), |wrapped| Form::Plain(wrapped.field_type())),
    }
}

/// How much of the elements of a field another reads.
pub(super) fn compatibility<'s>(writer: Field<'s>, reader: Field<'s>, reading: Reading<'s>) -> Compatibility {
    let is_key = |field: Field<'_>| field.is_in_map_entry() && field.number() == 1;
    match (form(writer.field_type()), form(reader.field_type())) {
        (Form::Object(from), Form::Object(to)) => structure::compatibility(from, to, reading),
        (Form::Plain(from), Form::Plain(to)) if is_key(writer) && is_key(reader) => keys(from, to),
        (Form::Plain(from), Form::Plain(to)) => plain(writer, from, to),
        (from, to) => forms(from, to),
    }
}

/// How much of a message another reads where either has a form of its own; `None` where neither has.
pub(super) fn messages(writer: Message<'_>, reader: Message<'_>) -> Option<Compatibility> {
    match (form(FieldType::Message(writer)), form(FieldType::Message(reader))) {
        (Form::Object(_), Form::Object(_)) => None,
        (Form::Plain(from), Form::Plain(to)) => Some(scalars(from, to)),
        (from, to) => Some(forms(from, to)),
    }
}

/// How much of a list is read as a message that holds any list, or of a map as one that holds any object, and the other
/// way around; `None` where nothing of that kind is on either side.
pub(super) fn container<'s>(writer: Field<'s>, reader: Field<'s>) -> Option<Compatibility> {
    let one = |field: Field<'s>| (field.label() != Label::Repeated).then(|| form(field.field_type()));
    let worst = |whole: Compatibility, elements: Compatibility| Some(whole.max(elements));
    match (one(writer), one(reader)) {
        (None, Some(to)) => match (entry(writer), to) {
            (Some(entry), Form::Anything | Form::AnyObject) => {
                Some(forms(form(entry.field_numbered(2)?.field_type()), Form::Anything))
            }
            (None, Form::Anything | Form::AnyList) => Some(forms(form(writer.field_type()), Form::Anything)),
            _ => None,
        },
        (Some(from), None) => match (entry(reader), from) {
            (Some(entry), Form::Anything | Form::AnyObject) => {
                let key = entry.field_numbered(1)?.field_type();
                let is_whole = from == Form::AnyObject && key == FieldType::Scalar(Scalar::String);
                worst(full_or_lossy(is_whole), forms(Form::Anything, form(entry.field_numbered(2)?.field_type())))
            }
            (None, Form::Anything | Form::AnyList) => {
                let is_whole = from == Form::AnyList;
                worst(full_or_lossy(is_whole), forms(Form::Anything, form(reader.field_type())))
            }
            _ => None,
        },
        _ => None,
    }
}

fn entry(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(entry) if field.is_map() => Some(entry),
        _ => None,
    }
}

/// Forms of which at least one is not plain.
fn forms(from: Form<'_>, to: Form<'_>) -> Compatibility {
    use Compatibility::{Full, Lossy, None};
    let is_same = match (from, to) {
        (Form::Own(one), Form::Own(other)) => one.full_name() == other.full_name(),
        _ => from == to,
    };
    match (from, to) {
        _ if is_same => Full,
        (Form::Plain(FieldType::Scalar(scalar)), Form::Anything) => match scalar {
            // What is no number is written as a string.
            Scalar::Float | Scalar::Double => Lossy,
            Scalar::Bytes => None,
            _ if is_wide(scalar) => None,
            _ => Full,
        },
        (Form::AnyObject | Form::AnyList, Form::Anything) => Full,
        (Form::Anything, Form::Plain(FieldType::Scalar(scalar))) if scalar != Scalar::Bytes => Lossy,
        (Form::Anything, Form::AnyObject | Form::AnyList) => Lossy,
        _ => None,
    }
}

/// Keys of maps are strings in JSON, whatever they are.
fn keys(from: FieldType<'_>, to: FieldType<'_>) -> Compatibility {
    use FieldType::Scalar as S;
    match (from, to) {
        _ if from == to => Compatibility::Full,
        (_, S(Scalar::String)) => Compatibility::Full,
        (S(Scalar::String), _) => Compatibility::Lossy,
        // `true` is no number, and 1 no truth.
        (S(Scalar::Bool), _) | (_, S(Scalar::Bool)) => Compatibility::None,
        _ => full_or_lossy(fits(from, to)),
    }
}

fn is_fraction(of: FieldType<'_>) -> bool {
    matches!(of, FieldType::Scalar(Scalar::Float | Scalar::Double))
}

fn is_whole(of: FieldType<'_>) -> bool {
    matches!(of, FieldType::Scalar(scalar) if scalar != Scalar::Bool) && range(of).is_some()
}

/// Whether JSON writes a number as a string.
pub(super) fn is_wide(scalar: Scalar) -> bool {
    use Scalar::{Fixed64, Int64, Sfixed64, Sint64, Uint64};
    matches!(scalar, Int64 | Uint64 | Sint64 | Fixed64 | Sfixed64)
}

fn plain(writer: Field<'_>, from: FieldType<'_>, to: FieldType<'_>) -> Compatibility {
    use FieldType as T;
    match (from, to) {
        _ if from == to => Compatibility::Full,
        // Numbers without a name are written as numbers.
        (T::Enum(found), T::Scalar(scalar))
            if (is_whole(to) || is_fraction(to)) && written_values(writer, found).next().is_none() =>
        {
            full_or_lossy(scalar == Scalar::Double || fits(from, to))
        }
        // Numbers of 64 bits are strings, which an enum takes for names.
        (T::Scalar(scalar), T::Enum(_)) if is_whole(from) && !is_wide(scalar) => full_or_lossy(fits(from, to)),
        _ => scalars(from, to),
    }
}

fn scalars(from: FieldType<'_>, to: FieldType<'_>) -> Compatibility {
    use FieldType as T;
    let is_number = |of: FieldType<'_>| is_whole(of) || is_fraction(of);
    match (from, to) {
        _ if from == to => Compatibility::Full,
        _ if is_whole(from) && is_whole(to) => full_or_lossy(fits(from, to)),
        (T::Scalar(scalar), T::Scalar(Scalar::Double)) if is_whole(from) => full_or_lossy(!is_wide(scalar)),
        (T::Scalar(Scalar::Float), T::Scalar(Scalar::Double)) => Compatibility::Full,
        _ if is_number(from) && is_number(to) => Compatibility::Lossy,
        _ => Compatibility::None,
    }
}
