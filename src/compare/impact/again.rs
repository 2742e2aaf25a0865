//! What breaks where a number or a name is taken again that an earlier release had for something else: data and calls of
//! then meet the new meaning. What was lost with the old element was lost when it was deleted, and does not count.

use super::fields::{cardinality_changed, field_subject, has_same_type, type_changed};
use super::{Compatibility, Impact, Reading, Sides, types, value_names_changed, whole};
use crate::compare::evidence::Subject;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Enum, Field, Method};

/// A field with the number of an old one. That data of one is read as the other is certain where the type is another one,
/// and suspected where only the name is.
pub(crate) fn number_taken_again<'s>(
    pair: Pair<Field<'s>>,
    is_other_name: bool,
    comparison: &'s Comparison<'s>,
) -> Impact<'s> {
    let is_same_type = has_same_type(pair, comparison);
    let mut impact = Impact::default();
    if !is_same_type {
        impact = type_changed(pair, comparison).merge(cardinality_changed(pair, comparison));
    }
    if !is_other_name {
        return impact;
    }
    let renamed = |direction: Direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Renamed { writer, reader }
    };
    match is_same_type {
        true => impact.and_maybe(Verdict::both(Layer::Wire), renamed),
        false => impact.and(Verdict::both(Layer::Wire), renamed),
    }
}

/// A field with the key that an old one of another number had in JSON.
pub(crate) fn key_taken_again<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let mut impact = Impact::default();
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        let reading = Reading { comparison, layer: Layer::Json, direction };
        let verdict =
            types::compatibility(writer, reader, reading).max(types::list_compatibility(writer, reader, Layer::Json));
        if verdict != Compatibility::Full {
            impact = impact.and(verdict.verdict(Layer::Json, direction), field_subject(pair));
        }
    }
    impact
}

/// A value with the number of an old one of another name.
pub(crate) fn value_taken_again<'s>(pair: Pair<Enum<'s>>, number: i32) -> Impact<'s> {
    let Impact { verdict, proofs, is_grave } = value_names_changed(pair, number);
    let proofs = proofs.into_iter().filter(|proof| proof.layer == Layer::Wire).collect();
    Impact { verdict: verdict.on(&[Layer::Wire]), proofs, is_grave }
}

/// An rpc with the name of an old one.
pub(crate) fn rpc_taken_again<'s>(pair: Pair<Method<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let Pair { before, after } = pair;
    let mut impact = Impact::default();
    let carried = [(before.input(), after.input()), (before.output(), after.output())];
    for (before, after) in carried.into_iter().filter_map(|(before, after)| before.zip(after)) {
        if !comparison.is_same_message(before, after) || before.full_name() != after.full_name() {
            impact = impact.merge(whole::rpc_type_changed(Pair { before, after }, comparison));
        }
    }
    let streams = |rpc: Method<'_>| (rpc.is_client_streaming(), rpc.is_server_streaming());
    match streams(before) == streams(after) {
        true => impact,
        false => impact.with(Verdict::both(Layer::Grpc).and(Verdict::source())),
    }
}
