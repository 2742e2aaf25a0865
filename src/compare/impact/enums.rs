//! What changes of enums break.

use super::names::are_values_alike;
use super::{Impact, Sides, types};
use crate::compare::evidence::Subject;
use crate::compare::pairing::Pair;
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Enum, EnumValue, Field};

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

/// An enum value that was deleted. That is fine where its number and its names can never come back as something else. A
/// name that has another number now is read in JSON, and on the wire both sides know it and do not understand each other.
pub(crate) fn value_deleted<'s>(pair: Pair<Enum<'s>>, number: i32, names: &[&str]) -> Impact<'s> {
    let lives = |name: &&str| pair.after.value_named(name).is_some();
    let mut verdict = Verdict::NONE;
    if !pair.after.reserved().ranges().any(|range| range.contains(number)) {
        verdict = verdict.and(Verdict::breaks(Layer::Wire, Direction::Backward));
    }
    if names.iter().any(|name| !pair.after.reserves(name) && !lives(name)) {
        verdict = verdict.and(Verdict::breaks(Layer::Json, Direction::Backward));
    }
    let impact = Impact::from(Verdict::source()).and(verdict, enum_subject(pair, Some(number)));
    let is_renumbered = names.iter().any(lives) && !verdict.has(Layer::Wire, Direction::Backward);
    match is_renumbered {
        true => impact.and_maybe(Verdict::both(Layer::Wire), enum_subject(pair, Some(number))),
        false => impact,
    }
}

/// What the names of a number say about its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// It is what it was, under another name.
    Renamed,
    /// Its new name has nothing in common with the old one.
    Doubtful,
    /// A name of it was, or is now, that of another number.
    Other,
}

/// What a number of an enum means whose values are called something else.
fn value_meaning(pair: Pair<Enum<'_>>, number: i32) -> Meaning {
    let Pair { before, after } = pair;
    let elsewhere = |in_: Enum<'_>, name: &str| in_.value_named(name).is_some_and(|value| value.number() != number);
    let mut old = before.values_numbered(number).map(|value| value.name());
    let mut new = after.values_numbered(number).map(|value| value.name());
    if old.any(|name| elsewhere(after, name)) || new.any(|name| elsewhere(before, name)) {
        return Meaning::Other;
    }
    let alike = before
        .values_numbered(number)
        .any(|old| after.values_numbered(number).any(|new| are_values_alike(old.name(), new.name(), before.name())));
    if alike { Meaning::Renamed } else { Meaning::Doubtful }
}

/// A number whose enum values are called something else. JSON carries the first name of a number, whatever number has it.
pub(crate) fn value_names_changed(pair: Pair<Enum<'_>>, number: i32) -> Impact<'_> {
    let verdict = Direction::ALL.into_iter().fold(Verdict::NONE, |verdict, direction| {
        let Sides { writer, reader } = direction.sides(pair);
        // What the reader calls the number lives on elsewhere, so this is another value, which is new.
        let lives_on = |old: EnumValue<'_>| writer.value_named(old.name()).is_some_and(|new| new.number() != number);
        let is_new = direction == Direction::Forward && reader.value_numbered(number).is_some_and(lives_on);
        match is_new || types::reads_value(writer, reader, number) {
            true => verdict,
            false => verdict.and(Verdict::breaks(Layer::Json, direction)),
        }
    });
    let subject = enum_subject(pair, Some(number));
    let impact = Impact::from(Verdict::source()).and(verdict, &subject);
    let keeps_a_name = pair
        .before
        .values_numbered(number)
        .any(|old| pair.after.value_named(old.name()).is_some_and(|new| new.number() == number));
    let meaning = value_meaning(pair, number);
    // What is not set reads as zero, and is not written as a name.
    let impact = match (meaning, number) {
        (Meaning::Other, 0) => impact.with(Verdict::both(Layer::Json).as_suspicion()),
        _ => impact,
    };
    match meaning {
        // Some code may have meant the name that stayed.
        Meaning::Other if keeps_a_name => impact.and_maybe(Verdict::both(Layer::Wire), subject),
        Meaning::Other => impact.and(Verdict::both(Layer::Wire), subject),
        Meaning::Doubtful => impact.and_maybe(Verdict::both(Layer::Wire), subject),
        Meaning::Renamed => impact,
    }
}

/// A value that a closed enum did not have: old readers put it among the fields they do not know, and miss the field
/// where they require it. In JSON they still read a name that only has a new number.
pub(crate) fn required_value_added<'s>(writer: Field<'s>, reader: Field<'s>, is_new_name: bool) -> Impact<'s> {
    let subject = |_| Subject::Field { writer, reader };
    let impact = Impact::default().and(Verdict::breaks(Layer::Wire, Direction::Forward), subject);
    match is_new_name {
        true => impact.and(Verdict::breaks(Layer::Json, Direction::Forward), subject),
        false => impact,
    }
}
