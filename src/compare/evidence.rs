//! Payloads that show what a schema change does: a smallest value, really written under one schema and really read
//! under the other. It decides nothing about rules, layers or severities.

mod attempt;
mod candidates;
mod compare;
mod field_shape;
mod path;
mod populate;
mod read;
mod schema_slice;
mod search;
#[cfg(test)]
mod tests;
mod text;
mod unreserved;
mod wire;

pub(crate) use schema_slice::has_own_form;
pub(crate) use text::write_list;

use crate::finding::{Direction, Evidence, Layer};
use crate::schema::{Enum, Field, FieldType, Message};
use attempt::{Attempt, Shown, Want};
use field_shape::{FieldShape, Kind};
use search::Search;

/// What is written, and what reads it.
#[derive(Clone)]
pub(crate) enum Subject<'s> {
    /// A field of one number in two messages, or two extensions of one message; the rest of the message is left empty.
    Field { writer: Field<'s>, reader: Field<'s> },
    /// The same where the type stayed and the meaning changed: any value shows it.
    Renamed { writer: Field<'s>, reader: Field<'s> },
    /// A field that the reader's message does not have.
    Missing { writer: Field<'s>, reader: Message<'s> },
    /// Fields that share a oneof of the reader and none of the writer, in the same order on both sides: several are
    /// written, the last one is kept.
    Together { writer: Vec<Field<'s>>, reader: Vec<Field<'s>> },
    /// A field that is not written: what the reader takes it for, or that it refuses the message. `None` where the
    /// writer does not know the field.
    Absent { writer: Option<Field<'s>>, reader: Field<'s> },
    /// Two messages; the difference is searched within.
    Messages { writer: Message<'s>, reader: Message<'s> },
    /// Two enums as the types of a field, and the number that is concerned, if it is one.
    Enums { writer: Enum<'s>, reader: Enum<'s>, number: Option<i32> },
    /// A number that is not reserved any more: what takes it makes something else of old data.
    Unreserved { what: Unreserved, number: i32 },
    /// A name that is not reserved any more.
    UnreservedName { what: Unreserved, name: &'s str },
    /// What was found where the change was, as [`Evidence`] has it.
    Found { written: String, payload: String, read: String },
}

/// What a number or a name belonged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreserved {
    Field,
    /// A value of an enum.
    Value,
}

/// A payload of `layer` that is read as something else than was written; `None` where none is found. Payloads are
/// searched for the wire and JSON; `direction` is recorded.
pub(crate) fn find(subject: &Subject<'_>, layer: Layer, direction: Direction) -> Option<Evidence> {
    if let Subject::Found { written, payload, read } = subject {
        let [written, payload, read] = [written, payload, read].map(String::clone);
        return Some(Evidence { layer, direction, written, payload, read });
    }
    if !matches!(layer, Layer::Wire | Layer::Json) {
        return None;
    }
    let Shown { written, payload, read, .. } = show(subject, layer, direction)?;
    Some(Evidence { layer, direction, written, payload, read })
}

fn show(subject: &Subject<'_>, layer: Layer, direction: Direction) -> Option<Shown> {
    match subject {
        Subject::Field { writer, reader } => {
            let (writer, reader) = (whole(*writer), whole(*reader));
            Search::new(layer, direction).fields(FieldShape::from_field(writer)?, FieldShape::from_field(reader)?)
        }
        Subject::Renamed { writer, reader } => run(
            layer,
            direction,
            Want::Meaning,
            vec![FieldShape::from_field(*writer)?],
            vec![FieldShape::from_field(*reader)?],
        ),
        Subject::Missing { writer, reader } => missing(FieldShape::from_field(*writer)?, *reader, layer, direction),
        Subject::Together { writer, reader } => {
            run(layer, direction, Want::Difference, shapes(writer)?, shapes(reader)?)
        }
        Subject::Absent { writer, reader } => {
            run(layer, direction, Want::Absence, shapes(writer.as_slice())?, vec![FieldShape::from_field(*reader)?])
        }
        Subject::Messages { writer, reader } => Search::new(layer, direction).messages(*writer, *reader),
        Subject::Enums { writer, reader, number } => {
            let shape = |kind| FieldShape::made_up("value", 1, kind);
            let want = number.map_or(Want::Difference, Want::Number);
            run(layer, direction, want, vec![shape(Kind::Enum(*writer))], vec![shape(Kind::Enum(*reader))])
        }
        Subject::Unreserved { what, number } => match (layer, what) {
            (Layer::Wire, Unreserved::Field) => unreserved::number(*number),
            (Layer::Wire, Unreserved::Value) => unreserved::value_number(*number),
            _ => None,
        },
        Subject::UnreservedName { what, name } => match (layer, what) {
            (Layer::Json, Unreserved::Field) => unreserved::name(name),
            (Layer::Json, Unreserved::Value) => unreserved::value_name(name),
            _ => None,
        },
        Subject::Found { .. } => None,
    }
}

/// The map that a field of entries belongs to, and any other field itself: an entry is never written alone.
pub(crate) fn whole(field: Field<'_>) -> Field<'_> {
    let entry = field.parent().filter(|_| field.is_in_map_entry());
    let holds = |entry: Message<'_>, map: Field<'_>| map.field_type() == FieldType::Message(entry);
    entry.and_then(|entry| entry.parent()?.fields().find(|&map| holds(entry, map))).unwrap_or(field)
}

fn shapes<'s>(fields: &[Field<'s>]) -> Option<Vec<FieldShape<'s>>> {
    fields.iter().map(|field| FieldShape::from_field(*field)).collect()
}

fn run<'s>(
    layer: Layer,
    direction: Direction,
    want: Want,
    writers: Vec<FieldShape<'s>>,
    readers: Vec<FieldShape<'s>>,
) -> Option<Shown> {
    Attempt { layer, direction, want, roots: (None, None), steps: &[], writers, readers }.run()
}

/// The reader may have a field of that number, or, in JSON, of that name.
fn missing<'s>(writer: FieldShape<'s>, reader: Message<'s>, layer: Layer, direction: Direction) -> Option<Shown> {
    let readers = field_shape::readers(reader, &writer, layer).into_iter().filter_map(FieldShape::from_field).collect();
    run(layer, direction, Want::Difference, vec![writer], readers)
}
