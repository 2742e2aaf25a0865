//! What changes of fields break.

use super::{Compatibility, Impact, Reading, Sides, readings, structure, types};
use crate::compare::evidence::Subject;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Field, Message, Presence};

pub(super) fn field_subject<'s>(pair: Pair<Field<'s>>) -> impl Fn(Direction) -> Subject<'s> {
    move |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Field { writer, reader }
    }
}

/// A field whose type changed.
pub(crate) fn type_changed<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let verdict = readings(comparison, |reading| {
        let Sides { writer, reader } = reading.direction.sides(pair);
        types::compatibility(writer, reader, reading)
    });
    Impact::default().and(verdict, field_subject(pair)).with(Verdict::source())
}

/// A field that became, or ceased to be, a list, a map or required.
pub(crate) fn cardinality_changed<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let verdict = readings(comparison, |reading| {
        let Sides { writer, reader } = reading.direction.sides(pair);
        types::list_compatibility(writer, reader, reading.layer)
    });
    let impact = Impact::default().and(verdict, field_subject(pair)).with(Verdict::source());
    impact.and_required(pair.before, pair.after)
}

impl<'s> Impact<'s> {
    /// Whoever requires a field refuses what was written by somebody who does not.
    fn and_required(self, before: Field<'s>, after: Field<'s>) -> Impact<'s> {
        let is_required = |field: Field<'_>| field.presence() == Presence::Required;
        match (is_required(before), is_required(after)) {
            (false, true) => self.and_absent(Direction::Backward, Some(before), after),
            (true, false) => self.and_absent(Direction::Forward, Some(after), before),
            _ => self,
        }
    }

    /// Whoever reads a message without the field takes it for something else, or refuses it.
    fn and_absent(self, direction: Direction, writer: Option<Field<'s>>, reader: Field<'s>) -> Impact<'s> {
        let verdict = Verdict::breaks(Layer::Wire, direction).and(Verdict::breaks(Layer::Json, direction));
        self.and(verdict, |_| Subject::Absent { writer, reader })
    }
}

/// A field that is required now and was not there, or was not required.
pub(crate) fn required_added<'s>(before: Option<Field<'s>>, after: Field<'s>) -> Impact<'s> {
    Impact::from(Verdict::source()).and_absent(Direction::Backward, before, after)
}

/// A field that was required and is not there any more, or not required.
pub(crate) fn required_removed<'s>(before: Field<'s>, after: Option<Field<'s>>) -> Impact<'s> {
    Impact::from(Verdict::source()).and_absent(Direction::Forward, after, before)
}

/// A field whose unset value reads as something else.
pub(crate) fn default_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let mut impact = Impact::from(Verdict::source());
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        if structure::has_other_default(writer, reader) {
            impact = impact.and_absent(direction, Some(writer), reader);
        }
    }
    impact
}

/// A field that was deleted. That is fine where its number and its name can never come back as something else.
pub(crate) fn field_deleted<'s>(field: Field<'s>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let subject = |_| Subject::Missing { writer: field, reader: after };
    let mut impact = Impact::from(Verdict::source());
    if !after.reserved().ranges().any(|range| range.contains(field.number())) {
        impact = impact.and(Verdict::breaks(Layer::Wire, Direction::Backward), subject);
    }
    // A field that only changed its number is still found by its key.
    let taker = structure::key_taker(field, after);
    let is_reserved = after.reserved().names().any(|(name, _)| name == field.name());
    let reading = Reading { comparison, layer: Layer::Json, direction: Direction::Backward };
    let lost = taker.filter(|&taker| structure::pair_compatibility(field, taker, reading) != Compatibility::Full);
    if let Some(taker) = lost {
        impact = impact.and_key(Direction::Backward, field, taker);
    } else if !is_reserved && taker.is_none() {
        impact = impact.and(Verdict::breaks(Layer::Json, Direction::Backward), subject);
    }
    impact = impact.and_taken_key(field, after, comparison);
    if field.presence() == Presence::Required { impact.and_absent(Direction::Forward, None, field) } else { impact }
}

impl<'s> Impact<'s> {
    /// Old readers of JSON take the key of a new field for that of one that was deleted: a key has no number.
    fn and_taken_key(self, field: Field<'s>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
        let Some(before) = field.parent().filter(|_| !field.is_extension()) else { return self };
        let reading = Reading { comparison, layer: Layer::Json, direction: Direction::Forward };
        let is_new = |new: &Field<'s>| before.fields().all(|old| old.number() != new.number());
        let takes = |new: &Field<'s>| structure::key_taker(*new, before) == Some(field);
        let keys = [field.json_name(), field.name().to_owned()];
        let mut writers = keys.iter().filter_map(|key| after.field_keyed(key)).filter(takes).filter(is_new);
        match writers.find(|&new| structure::pair_compatibility(new, field, reading) != Compatibility::Full) {
            Some(new) => self.and_key(Direction::Forward, new, field),
            None => self,
        }
    }

    /// The key of one field is read as another one, which has another number.
    fn and_key(self, direction: Direction, writer: Field<'s>, reader: Field<'s>) -> Impact<'s> {
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
pub(crate) fn extension_deleted<'s>(extension: Field<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let extendee = extension.extendee().and_then(|extendee| comparison.message(extendee));
    match extendee {
        Some(extendee) if comparison.extension(extension).is_none() => field_deleted(extension, extendee, comparison),
        _ => Impact::from(Verdict::source()),
    }
}

/// A field that moved between oneofs. It only matters together with another field: where both could be set and cannot be
/// any more, or the other way around, <https://protobuf.dev/programming-guides/proto3/#backward>.
pub(crate) fn oneof_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let mut impact = Impact::from(Verdict::source());
    let (Some(before), Some(after)) = (pair.before.parent(), pair.after.parent()) else { return impact };
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        let Sides { writer: writer_message, .. } = direction.sides(Pair { before, after });
        if let Some((other_writer, other_reader)) = structure::rival(writer, reader, writer_message) {
            let verdict = Verdict::breaks(Layer::Wire, direction).and(Verdict::breaks(Layer::Json, direction));
            let subject = Subject::Together { writer: vec![writer, other_writer], reader: vec![reader, other_reader] };
            impact = impact.and(verdict, |_| subject.clone());
        }
    }
    impact
}

/// A field that kept its number and its type and means something else now.
pub(crate) fn number_reused(pair: Pair<Field<'_>>) -> Impact<'_> {
    let verdict = Verdict::both(Layer::Wire).and(Verdict::both(Layer::Json));
    Impact::from(Verdict::source()).and(verdict, |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Renamed { writer, reader }
    })
}

/// A field that is called something else in JSON. Readers also take the name of the schema,
/// <https://protobuf.dev/programming-guides/json/#field-names>.
pub(crate) fn json_name_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let mut verdict = Verdict::NONE;
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        if !structure::reads_key(writer, reader) {
            verdict = verdict.and(Verdict::breaks(Layer::Json, direction));
        }
    }
    Impact::default().and(verdict, field_subject(pair))
}

/// A string field whose readers began, or ceased, to refuse what is not UTF-8.
pub(crate) fn utf8_validation_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let direction = if pair.after.validates_utf8() { Direction::Backward } else { Direction::Forward };
    Impact::from(Verdict::source()).and(Verdict::lossy(Layer::Wire, direction), field_subject(pair))
}

/// A field or extension with another name. JSON has names of its own for fields, but not for extensions.
pub(crate) fn field_renamed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let in_json = if pair.after.is_extension() { Verdict::both(Layer::Json) } else { Verdict::NONE };
    Impact::from(Verdict::source()).and(in_json, field_subject(pair))
}
