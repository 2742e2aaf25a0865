//! What it breaks that something is gone, is another type, is not reserved any more, or was taken by another branch
//! too.

use super::enums::enum_subject;
use super::{Impact, Sides, readings, structure};
use crate::compare::evidence::{Subject, Unreserved};
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{EnumValue, Field, Message};

/// A number of a message or enum that is not reserved any more: whatever takes it reads what once was something else.
pub(crate) fn number_unreserved<'s>(what: Unreserved, number: i32) -> Impact<'s> {
    let verdict = Verdict::breaks(Layer::Wire, Direction::Backward);
    Impact::default().and(verdict, |_| Subject::Unreserved { what, number })
}

/// A name of a message or enum that is not reserved any more.
pub(crate) fn name_unreserved(what: Unreserved, name: &str) -> Impact<'_> {
    let verdict = Verdict::breaks(Layer::Json, Direction::Backward);
    Impact::default().and(verdict, |_| Subject::UnreservedName { what, name })
}

/// An rpc's request or response that is another message now.
pub(crate) fn rpc_type_changed<'s>(pair: Pair<Message<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let verdict = readings(comparison, |reading| {
        let Sides { writer, reader } = reading.direction.sides(pair);
        structure::compatibility(writer, reader, reading)
    });
    let on_wire = Direction::ALL.into_iter().filter(|&direction| verdict.has(Layer::Wire, direction));
    let on_grpc = on_wire.map(|direction| match verdict.on(&[Layer::Wire]).is_lossy() {
        true => Verdict::lossy(Layer::Grpc, direction),
        false => Verdict::breaks(Layer::Grpc, direction),
    });
    let rest = on_grpc.fold(Verdict::source(), Verdict::and);
    let subject = |direction: Direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Messages { writer, reader }
    };
    Impact::default().and(verdict, subject).with(rest)
}

/// Something that rpcs and callers name, and that is gone.
pub(crate) fn element_deleted() -> Verdict {
    Verdict::breaks(Layer::Grpc, Direction::Backward).and(Verdict::source())
}

/// A message that was deleted from its file. What only moved, or was given another name with the same structure, is
/// missed by generated code alone; so is what was held by something else, as that has changed too. Nothing reads what
/// was stored of any other one.
pub(crate) fn message_deleted<'s>(message: Message<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    // A map's entry goes with its field.
    if message.is_map_entry() || comparison.message(message).is_some() || structure::has_successor(message, comparison)
    {
        return Verdict::source().into();
    }
    let referrers = comparison.referrers();
    // What has something else in its place is reported for that.
    if comparison.carrier(message.into()).is_some() && !referrers.hold_another(message) {
        return element_deleted().into();
    }
    match referrers.hold(message) {
        true => Verdict::source().into(),
        false => stored_data_lost(),
    }
}

/// What nothing but its name makes readable is gone with the name: records in queues and stores, and what an `Any`
/// holds. Whether there is any, the schemas do not show.
pub(crate) fn stored_data_lost<'s>() -> Impact<'s> {
    let [wire, json] = [Layer::Wire, Layer::Json].map(|layer| Verdict::breaks(layer, Direction::Backward));
    Impact { is_grave: true, ..Impact::from(Verdict::source().and(wire.and(json).as_suspicion())) }
}

/// Extensions of a message in the old form of message sets have other bytes than in the usual one.
pub(crate) fn message_set_changed<'s>(pair: Pair<Message<'s>>) -> Impact<'s> {
    match structure::is_message_set(pair.before) == structure::is_message_set(pair.after) {
        true => Verdict::source().into(),
        false => Verdict::both(Layer::Wire).and(Verdict::source()).into(),
    }
}

/// A number that two branches have given to different fields.
pub(crate) fn number_collision<'s>(theirs: Field<'s>, ours: Field<'s>) -> Impact<'s> {
    let on_wire = Verdict::breaks(Layer::Wire, Direction::Backward);
    if theirs.field_type() == ours.field_type() {
        return Impact::default().and(on_wire, |_| Subject::Renamed { writer: theirs, reader: ours });
    }
    Impact::default().and(on_wire, |_| Subject::Field { writer: theirs, reader: ours })
}

/// A name that two branches have given to fields of different numbers.
pub(crate) fn name_collision<'s>(theirs: Field<'s>, ours: Field<'s>) -> Impact<'s> {
    let Some(reader) = ours.parent() else { return Impact::default() };
    let on_wire = Verdict::breaks(Layer::Wire, Direction::Backward);
    Impact::default().and(on_wire, |_| Subject::Missing { writer: theirs, reader })
}

/// A number or a name that two branches have given to different values of an enum. JSON uses the name, binary messages
/// the number.
pub(crate) fn value_collision<'s>(theirs: EnumValue<'s>, ours: EnumValue<'s>) -> Impact<'s> {
    let layer = if theirs.name() == ours.name() { Layer::Wire } else { Layer::Json };
    let verdict = Verdict::breaks(layer, Direction::Backward);
    let pair = Pair { before: theirs.parent(), after: ours.parent() };
    Impact::default().and(verdict, enum_subject(pair, Some(theirs.number())))
}

/// A symbol that two branches have declared: together they do not compile.
pub(crate) fn symbol_collision() -> Verdict {
    Verdict::both(Layer::Grpc).and(Verdict::source())
}
