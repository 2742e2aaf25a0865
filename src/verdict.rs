//! What a change breaks: layers and directions, from what the code of one schema makes of what the other's wrote. Types
//! are compared by structure, not by name. It knows no rules; `evidence` proves what it says.

mod structure;
mod types;

pub(crate) use crate::evidence::Freed;
use crate::evidence::Subject;
use crate::finding::{Direction, Layer, Verdict};
use crate::pair::{Comparison, Pair};
use crate::schema::{Enum, EnumValue, Field, Message, Presence};

/// What a change breaks, and what would prove it.
#[derive(Clone, Default)]
pub(crate) struct Judged<'s> {
    pub(crate) verdict: Verdict,
    pub(crate) proofs: Vec<Proof<'s>>,
}

/// What to write and read to see that a layer is broken.
#[derive(Clone)]
pub(crate) struct Proof<'s> {
    pub(crate) layer: Layer,
    pub(crate) direction: Direction,
    pub(crate) subject: Subject<'s>,
}

impl From<Verdict> for Judged<'_> {
    fn from(verdict: Verdict) -> Self {
        Judged { verdict, proofs: Vec::new() }
    }
}

impl<'s> Judged<'s> {
    /// Adds what else is broken, with a proof for each layer and direction.
    pub(crate) fn and(mut self, verdict: Verdict, subject: impl Fn(Direction) -> Subject<'s>) -> Judged<'s> {
        self.verdict = self.verdict.and(verdict);
        for layer in [Layer::Wire, Layer::Json] {
            for direction in Direction::ALL.into_iter().filter(|&direction| verdict.has(layer, direction)) {
                self.proofs.push(Proof { layer, direction, subject: subject(direction) });
            }
        }
        self
    }

    /// Adds what something else breaks.
    pub(crate) fn merge(mut self, other: Judged<'s>) -> Judged<'s> {
        self.verdict = self.verdict.and(other.verdict);
        self.proofs.extend(other.proofs);
        self
    }

    /// Adds what needs no proof.
    pub(crate) fn with(mut self, verdict: Verdict) -> Judged<'s> {
        self.verdict = self.verdict.and(verdict);
        self
    }
}

/// How much of what is written survives being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Survival {
    /// Every value.
    All,
    /// Some values; others are cut off or refused.
    Some,
    /// None, or none that anybody would send.
    None,
}

impl Survival {
    fn verdict(self, layer: Layer, direction: Direction) -> Verdict {
        match self {
            Survival::All => Verdict::NONE,
            Survival::Some => Verdict::lossy(layer, direction),
            Survival::None => Verdict::breaks(layer, direction),
        }
    }
}

/// One form of data, written by one side and read by the other.
#[derive(Clone, Copy)]
struct Reading<'s> {
    comparison: &'s Comparison<'s>,
    layer: Layer,
    direction: Direction,
}

impl<'s> Reading<'s> {
    fn is_same_message(self, writer: Message<'s>, reader: Message<'s>) -> bool {
        let pair = self.direction.sides(Pair { before: writer, after: reader });
        self.comparison.is_same_message(pair.writer, pair.reader)
    }

    fn is_same_enum(self, writer: Enum<'s>, reader: Enum<'s>) -> bool {
        let pair = self.direction.sides(Pair { before: writer, after: reader });
        self.comparison.is_same_enum(pair.writer, pair.reader)
    }
}

/// Who writes and who reads.
struct Sides<T> {
    writer: T,
    reader: T,
}

impl Direction {
    fn sides<T>(self, pair: Pair<T>) -> Sides<T> {
        match self {
            Direction::Backward => Sides { writer: pair.before, reader: pair.after },
            Direction::Forward => Sides { writer: pair.after, reader: pair.before },
        }
    }
}

/// Asks for both forms and both directions, and adds up the answers.
fn readings<'s>(comparison: &'s Comparison<'s>, survives: impl Fn(Reading<'s>) -> Survival) -> Verdict {
    let mut verdict = Verdict::NONE;
    for layer in [Layer::Wire, Layer::Json] {
        for direction in Direction::ALL {
            let survival = survives(Reading { comparison, layer, direction });
            verdict = verdict.and(survival.verdict(layer, direction));
        }
    }
    verdict
}

fn field_subject<'s>(pair: Pair<Field<'s>>) -> impl Fn(Direction) -> Subject<'s> {
    move |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Field { writer, reader }
    }
}

/// A field whose type changed.
pub(crate) fn of_type<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Judged<'s> {
    let verdict = readings(comparison, |reading| {
        let Sides { writer, reader } = reading.direction.sides(pair);
        types::survival(writer, reader, reading)
    });
    Judged::default().and(verdict, field_subject(pair)).with(Verdict::source())
}

/// A field that became, or ceased to be, a list, a map or required.
pub(crate) fn of_cardinality<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Judged<'s> {
    let verdict = readings(comparison, |reading| {
        let Sides { writer, reader } = reading.direction.sides(pair);
        types::list_survival(writer, reader, reading.layer)
    });
    let judged = Judged::default().and(verdict, field_subject(pair)).with(Verdict::source());
    judged.and_required(pair.before, pair.after)
}

impl<'s> Judged<'s> {
    /// Whoever requires a field refuses what was written by somebody who does not.
    fn and_required(self, before: Field<'s>, after: Field<'s>) -> Judged<'s> {
        let is_required = |field: Field<'_>| field.presence() == Presence::Required;
        match (is_required(before), is_required(after)) {
            (false, true) => self.and_absent(Direction::Backward, Some(before), after),
            (true, false) => self.and_absent(Direction::Forward, Some(after), before),
            _ => self,
        }
    }

    /// Whoever reads a message without the field takes it for something else, or refuses it.
    fn and_absent(self, direction: Direction, writer: Option<Field<'s>>, reader: Field<'s>) -> Judged<'s> {
        let verdict = Verdict::breaks(Layer::Wire, direction).and(Verdict::breaks(Layer::Json, direction));
        self.and(verdict, |_| Subject::Absent { writer, reader })
    }
}

/// A field that is required now and was not there, or was not required.
pub(crate) fn of_required_added<'s>(before: Option<Field<'s>>, after: Field<'s>) -> Judged<'s> {
    Judged::from(Verdict::source()).and_absent(Direction::Backward, before, after)
}

/// A field that was required and is not there any more, or not required.
pub(crate) fn of_required_removed<'s>(before: Field<'s>, after: Option<Field<'s>>) -> Judged<'s> {
    Judged::from(Verdict::source()).and_absent(Direction::Forward, after, before)
}

/// A field whose unset value reads as something else.
pub(crate) fn of_default(pair: Pair<Field<'_>>) -> Judged<'_> {
    let mut judged = Judged::from(Verdict::source());
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        if structure::has_other_default(writer, reader) {
            judged = judged.and_absent(direction, Some(writer), reader);
        }
    }
    judged
}

/// A field that was deleted. That is fine where its number and its name can never come back as something else.
pub(crate) fn of_deleted_field<'s>(field: Field<'s>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Judged<'s> {
    let subject = |_| Subject::Missing { writer: field, reader: after };
    let mut judged = Judged::from(Verdict::source());
    if !after.reserved().ranges().any(|range| range.contains(field.number())) {
        judged = judged.and(Verdict::breaks(Layer::Wire, Direction::Backward), subject);
    }
    // A field that only changed its number is still found by its key.
    let taker = structure::key_taker(field, after);
    let is_reserved = after.reserved().names().any(|(name, _)| name == field.name());
    let reading = Reading { comparison, layer: Layer::Json, direction: Direction::Backward };
    let lost = taker.filter(|&taker| structure::of_pair(field, taker, reading) != Survival::All);
    if let Some(taker) = lost {
        judged = judged.and_key(Direction::Backward, field, taker);
    } else if !is_reserved && taker.is_none() {
        judged = judged.and(Verdict::breaks(Layer::Json, Direction::Backward), subject);
    }
    judged = judged.and_taken_key(field, after, comparison);
    if field.presence() == Presence::Required { judged.and_absent(Direction::Forward, None, field) } else { judged }
}

impl<'s> Judged<'s> {
    /// Old readers of JSON take the key of a new field for that of one that was deleted: a key has no number.
    fn and_taken_key(self, field: Field<'s>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Judged<'s> {
        let Some(before) = field.parent().filter(|_| !field.is_extension()) else { return self };
        let reading = Reading { comparison, layer: Layer::Json, direction: Direction::Forward };
        let is_new = |new: &Field<'s>| before.fields().all(|old| old.number() != new.number());
        let takes = |new: &Field<'s>| structure::key_taker(*new, before) == Some(field);
        let keys = [field.json_name(), field.name().to_owned()];
        let mut writers = keys.iter().filter_map(|key| after.field_keyed(key)).filter(takes).filter(is_new);
        match writers.find(|&new| structure::of_pair(new, field, reading) != Survival::All) {
            Some(new) => self.and_key(Direction::Forward, new, field),
            None => self,
        }
    }

    /// The key of one field is read as another one, which has another number.
    fn and_key(self, direction: Direction, writer: Field<'s>, reader: Field<'s>) -> Judged<'s> {
        let rival = writer.parent().and_then(|of_writer| structure::rival(writer, reader, of_writer));
        let subject = match rival {
            Some((other_writer, other_reader)) => {
                Subject::Together { writer: vec![writer, other_writer], reader: vec![reader, other_reader] }
            }
            None if structure::has_other_default(writer, reader) => Subject::Absent { writer: Some(writer), reader },
            None => Subject::Field { writer, reader },
        };
        self.and(Verdict::breaks(Layer::Json, direction), |_| subject.clone())
    }
}

/// An extension that was deleted; nothing can be reserved in its place.
pub(crate) fn of_deleted_extension<'s>(extension: Field<'s>, comparison: &'s Comparison<'s>) -> Judged<'s> {
    let extendee = extension.extendee().and_then(|extendee| comparison.message(extendee));
    match extendee {
        Some(extendee) if comparison.extension(extension).is_none() => {
            of_deleted_field(extension, extendee, comparison)
        }
        _ => Judged::from(Verdict::source()),
    }
}

/// A field that moved between oneofs. It only matters together with another field: where both could be set and cannot be
/// any more, or the other way around, <https://protobuf.dev/programming-guides/proto3/#backward>.
pub(crate) fn of_oneof(pair: Pair<Field<'_>>) -> Judged<'_> {
    let mut judged = Judged::from(Verdict::source());
    let (Some(before), Some(after)) = (pair.before.parent(), pair.after.parent()) else { return judged };
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        let Sides { writer: writer_message, .. } = direction.sides(Pair { before, after });
        if let Some((other_writer, other_reader)) = structure::rival(writer, reader, writer_message) {
            let verdict = Verdict::breaks(Layer::Wire, direction).and(Verdict::breaks(Layer::Json, direction));
            let subject = Subject::Together { writer: vec![writer, other_writer], reader: vec![reader, other_reader] };
            judged = judged.and(verdict, |_| subject.clone());
        }
    }
    judged
}

/// A field that kept its number and its type and means something else now.
pub(crate) fn of_reuse(pair: Pair<Field<'_>>) -> Judged<'_> {
    let verdict = Verdict::both(Layer::Wire).and(Verdict::both(Layer::Json));
    Judged::from(Verdict::source()).and(verdict, |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Renamed { writer, reader }
    })
}

/// A field that is called something else in JSON. Readers also take the name of the schema,
/// <https://protobuf.dev/programming-guides/json/#field-names>.
pub(crate) fn of_json_name(pair: Pair<Field<'_>>) -> Judged<'_> {
    let mut verdict = Verdict::NONE;
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        if !structure::reads_key(writer, reader) {
            verdict = verdict.and(Verdict::breaks(Layer::Json, direction));
        }
    }
    Judged::default().and(verdict, field_subject(pair))
}

/// A string field whose readers began, or ceased, to refuse what is not UTF-8.
pub(crate) fn of_utf8(pair: Pair<Field<'_>>) -> Judged<'_> {
    let direction = if pair.after.validates_utf8() { Direction::Backward } else { Direction::Forward };
    Judged::from(Verdict::source()).and(Verdict::lossy(Layer::Wire, direction), field_subject(pair))
}

fn enum_subject<'s>(pair: Pair<Enum<'s>>, number: Option<i32>) -> impl Fn(Direction) -> Subject<'s> {
    move |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Enums { writer, reader, number }
    }
}

/// An enum that became open or closed.
pub(crate) fn of_closedness(pair: Pair<Enum<'_>>) -> Judged<'_> {
    let verdict = Direction::ALL.into_iter().fold(Verdict::NONE, |verdict, direction| {
        let Sides { writer, reader } = direction.sides(pair);
        match !writer.is_closed() && reader.is_closed() {
            true => verdict.and(Verdict::lossy(Layer::Wire, direction)).and(Verdict::lossy(Layer::Json, direction)),
            false => verdict,
        }
    });
    Judged::from(Verdict::source()).and(verdict, enum_subject(pair, None))
}

/// An enum value that was deleted. That is fine where its number and its names can never come back as something else.
pub(crate) fn of_deleted_value<'s>(pair: Pair<Enum<'s>>, number: i32, names: &[&str]) -> Judged<'s> {
    let mut verdict = Verdict::NONE;
    if !pair.after.reserved().ranges().any(|range| range.contains(number)) {
        verdict = verdict.and(Verdict::breaks(Layer::Wire, Direction::Backward));
    }
    if names.iter().any(|name| !pair.after.reserved().names().any(|(reserved, _)| reserved == *name)) {
        verdict = verdict.and(Verdict::breaks(Layer::Json, Direction::Backward));
    }
    Judged::from(Verdict::source()).and(verdict, enum_subject(pair, Some(number)))
}

/// A number whose enum values are called something else. JSON carries the first name of a number.
pub(crate) fn of_value_names(pair: Pair<Enum<'_>>, number: i32) -> Judged<'_> {
    let verdict = Direction::ALL.into_iter().fold(Verdict::NONE, |verdict, direction| {
        let Sides { writer, reader } = direction.sides(pair);
        match types::reads_value(writer, reader, number) {
            true => verdict,
            false => verdict.and(Verdict::breaks(Layer::Json, direction)),
        }
    });
    Judged::from(Verdict::source()).and(verdict, enum_subject(pair, Some(number)))
}

/// A number of a message or enum that is not reserved any more: whatever takes it reads what once was something else.
pub(crate) fn of_freed_number<'s>(what: Freed, number: i32) -> Judged<'s> {
    let verdict = Verdict::breaks(Layer::Wire, Direction::Backward);
    Judged::default().and(verdict, |_| Subject::Freed { what, number })
}

/// A name of a message or enum that is not reserved any more.
pub(crate) fn of_freed_name(what: Freed, name: &str) -> Judged<'_> {
    let verdict = Verdict::breaks(Layer::Json, Direction::Backward);
    Judged::default().and(verdict, |_| Subject::FreedName { what, name })
}

/// A field or extension with another name. JSON has names of its own for fields, but not for extensions.
pub(crate) fn of_field_name(pair: Pair<Field<'_>>) -> Judged<'_> {
    let in_json = if pair.after.is_extension() { Verdict::both(Layer::Json) } else { Verdict::NONE };
    Judged::from(Verdict::source()).and(in_json, field_subject(pair))
}

/// An rpc's request or response that is another message now.
pub(crate) fn of_rpc_type<'s>(pair: Pair<Message<'s>>, comparison: &'s Comparison<'s>) -> Judged<'s> {
    let verdict = readings(comparison, |reading| {
        let Sides { writer, reader } = reading.direction.sides(pair);
        structure::survival(writer, reader, reading)
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
    Judged::default().and(verdict, subject).with(rest)
}

/// Something that rpcs and callers name, and that is gone.
pub(crate) fn of_gone() -> Verdict {
    Verdict::breaks(Layer::Grpc, Direction::Backward).and(Verdict::source())
}

/// A message that was deleted from its file. What only moved, or was given another name with the same structure, is
/// missed by generated code alone.
pub(crate) fn of_gone_message<'s>(message: Message<'s>, comparison: &'s Comparison<'s>) -> Verdict {
    // A map's entry goes with its field.
    if message.is_map_entry() || comparison.message(message).is_some() || structure::has_successor(message, comparison)
    {
        return Verdict::source();
    }
    of_gone()
}

/// An enum that was deleted from its file; see [`of_gone_message`].
pub(crate) fn of_gone_enum<'s>(enumeration: Enum<'s>, comparison: &'s Comparison<'s>) -> Verdict {
    if comparison.enumeration(enumeration).is_some() || structure::has_enum_successor(enumeration, comparison) {
        return Verdict::source();
    }
    of_gone()
}

/// A number that two branches have given to different fields.
pub(crate) fn of_number_collision<'s>(theirs: Field<'s>, ours: Field<'s>) -> Judged<'s> {
    let on_wire = Verdict::breaks(Layer::Wire, Direction::Backward);
    if theirs.field_type() == ours.field_type() {
        return Judged::default().and(on_wire, |_| Subject::Renamed { writer: theirs, reader: ours });
    }
    Judged::default().and(on_wire, |_| Subject::Field { writer: theirs, reader: ours })
}

/// A name that two branches have given to fields of different numbers.
pub(crate) fn of_name_collision<'s>(theirs: Field<'s>, ours: Field<'s>) -> Judged<'s> {
    let Some(reader) = ours.parent() else { return Judged::default() };
    let on_wire = Verdict::breaks(Layer::Wire, Direction::Backward);
    Judged::default().and(on_wire, |_| Subject::Missing { writer: theirs, reader })
}

/// A number or a name that two branches have given to different values of an enum.
pub(crate) fn of_value_collision<'s>(theirs: EnumValue<'s>, ours: EnumValue<'s>) -> Judged<'s> {
    let verdict = Verdict::breaks(Layer::Json, Direction::Backward);
    let pair = Pair { before: theirs.parent(), after: ours.parent() };
    Judged::default().and(verdict, enum_subject(pair, Some(theirs.number())))
}

/// A symbol that two branches have declared: together they do not compile.
pub(crate) fn of_symbol_collision() -> Verdict {
    Verdict::both(Layer::Grpc).and(Verdict::source())
}
