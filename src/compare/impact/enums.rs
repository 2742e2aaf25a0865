//! What changes of enums break.

use super::{Impact, Sides, types};
use crate::compare::evidence::Subject;
use crate::compare::pairing::Pair;
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::Enum;

pub(super) fn enum_subject<'s>(pair: Pair<Enum<'s>>, number: Option<i32>) -> impl Fn(Direction) -> Subject<'s> {
    move |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Enums { writer, reader, number }
    }
}

/// An enum that became open or closed.
pub(crate) fn closedness_changed(pair: Pair<Enum<'_>>) -> Impact<'_> {
    let verdict = Direction::ALL.into_iter().fold(Verdict::NONE, |verdict, direction| {
        let Sides { writer, reader } = direction.sides(pair);
        match !writer.is_closed() && reader.is_closed() {
            true => verdict.and(Verdict::lossy(Layer::Wire, direction)).and(Verdict::lossy(Layer::Json, direction)),
            false => verdict,
        }
    });
    Impact::from(Verdict::source()).and(verdict, enum_subject(pair, None))
}

/// An enum value that was deleted. That is fine where its number and its names can never come back as something else.
pub(crate) fn value_deleted<'s>(pair: Pair<Enum<'s>>, number: i32, names: &[&str]) -> Impact<'s> {
    let mut verdict = Verdict::NONE;
    if !pair.after.reserved().ranges().any(|range| range.contains(number)) {
        verdict = verdict.and(Verdict::breaks(Layer::Wire, Direction::Backward));
    }
    if names.iter().any(|name| !pair.after.reserved().names().any(|(reserved, _)| reserved == *name)) {
        verdict = verdict.and(Verdict::breaks(Layer::Json, Direction::Backward));
    }
    Impact::from(Verdict::source()).and(verdict, enum_subject(pair, Some(number)))
}

/// A number whose enum values are called something else. JSON carries the first name of a number.
pub(crate) fn value_names_changed(pair: Pair<Enum<'_>>, number: i32) -> Impact<'_> {
    let verdict = Direction::ALL.into_iter().fold(Verdict::NONE, |verdict, direction| {
        let Sides { writer, reader } = direction.sides(pair);
        match types::reads_value(writer, reader, number) {
            true => verdict,
            false => verdict.and(Verdict::breaks(Layer::Json, direction)),
        }
    });
    Impact::from(Verdict::source()).and(verdict, enum_subject(pair, Some(number)))
}
