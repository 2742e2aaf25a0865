//! What changes of fields break.

use super::{Compatibility, Impact, Reading, Sides, structure, types};
use crate::compare::evidence::Subject;
use crate::compare::names::are_unknown_and_differ;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Field, FieldType, Label, Message, Presence};

pub(super) fn field_subject<'s>(pair: Pair<Field<'s>>) -> impl Fn(Direction) -> Subject<'s> {
    move |direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Field { writer, reader }
    }
}

/// A field whose type changed.
pub(crate) fn type_changed<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    Impact::from(Verdict::source()).and_read(pair, comparison, types::compatibility)
}

/// A field that became, or ceased to be, a list, a map or required.
pub(crate) fn cardinality_changed<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let lists = |writer, reader, reading: Reading<'s>| types::list_compatibility(writer, reader, reading.layer);
    Impact::from(Verdict::source()).and_read(pair, comparison, lists).and_required(pair.before, pair.after)
}

/// Whether binary data of a field is lost altogether where the other one reads it, in either direction.
pub(crate) fn is_incompatible_on_wire<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> bool {
    Direction::ALL.into_iter().any(|direction| {
        let Sides { writer, reader } = direction.sides(pair);
        let reading = Reading { comparison, layer: Layer::Wire, direction };
        let of_types = types::compatibility(writer, reader, reading);
        of_types.max(types::list_compatibility(writer, reader, Layer::Wire)) == Compatibility::None
    })
}

impl<'s> Impact<'s> {
    /// Adds what is lost where a field is read as the one of its number; in JSON only where that has its key. What
    /// becomes of another key is reported where that changed.
    fn and_read(
        mut self,
        pair: Pair<Field<'s>>,
        comparison: &'s Comparison<'s>,
        compatibility: impl Fn(Field<'s>, Field<'s>, Reading<'s>) -> Compatibility,
    ) -> Impact<'s> {
        for direction in Direction::ALL {
            let Sides { writer, reader } = direction.sides(pair);
            let reading = |layer| Reading { comparison, layer, direction };
            let on_wire = compatibility(writer, reader, reading(Layer::Wire)).verdict(Layer::Wire, direction);
            self = self.and(on_wire, field_subject(pair));
            if by_key(writer, reader) == Some(reader) {
                let in_json = compatibility(writer, reader, reading(Layer::Json)).verdict(Layer::Json, direction);
                self = self.and(in_json, field_subject(pair));
            }
        }
        self
    }

    /// A reader that requires a field rejects what a writer wrote that does not.
    fn and_required(self, before: Field<'s>, after: Field<'s>) -> Impact<'s> {
        let is_required = |field: Field<'_>| field.presence() == Presence::Required;
        match (is_required(before), is_required(after)) {
            (false, true) => self.and_absent(Direction::Backward, before.parent(), Some(before), after),
            (true, false) => self.and_absent(Direction::Forward, after.parent(), Some(after), before),
            _ => self,
        }
    }

    /// A reader of JSON rejects a message without a key that it requires and the writer may leave out, where the numbers
    /// of both are required.
    fn and_required_key(self, writer: Field<'s>, reader: Field<'s>, direction: Direction) -> Impact<'s> {
        let is_required = |field: Field<'_>| field.presence() == Presence::Required;
        let by_number = writer.parent().and_then(|message| message.field_numbered(reader.number()));
        match is_required(reader) && !is_required(writer) && by_number.is_some_and(is_required) {
            true => {
                self.and(Verdict::breaks(Layer::Json, direction), |_| Subject::Absent { writer: Some(writer), reader })
            }
            false => self,
        }
    }

    /// A reader rejects a message without a field that it requires.
    pub(super) fn and_absent(
        self,
        direction: Direction,
        written: Option<Message<'s>>,
        writer: Option<Field<'s>>,
        reader: Field<'s>,
    ) -> Impact<'s> {
        let on_wire = self.and(Verdict::breaks(Layer::Wire, direction), |_| Subject::Absent { writer, reader });
        // In JSON another field may give it what it requires.
        match written.is_some_and(|message| structure::is_given(reader, message)) {
            true => on_wire,
            false => on_wire.and(Verdict::breaks(Layer::Json, direction), |_| Subject::Absent { writer, reader }),
        }
    }
}

/// What reads the key of a field, where `reader` reads its number.
fn by_key<'s>(writer: Field<'s>, reader: Field<'s>) -> Option<Field<'s>> {
    match writer.is_extension() {
        true => (writer.full_name() == reader.full_name()).then_some(reader),
        false => reader.parent().and_then(|message| structure::key_taker(writer, message)),
    }
}

/// A field of the later message that is required now and was not there, or was not required.
pub(crate) fn required_added<'s>(pair: Pair<Message<'s>>, after: Field<'s>) -> Impact<'s> {
    let before = pair.before.field_numbered(after.number());
    Impact::from(Verdict::source()).and_absent(Direction::Backward, Some(pair.before), before, after)
}

/// A field of the earlier message that was required and is not there any more, or not required.
pub(crate) fn required_removed<'s>(pair: Pair<Message<'s>>, before: Field<'s>) -> Impact<'s> {
    let after = pair.after.field_numbered(before.number());
    Impact::from(Verdict::source()).and_absent(Direction::Forward, Some(pair.after), after, before)
}

/// A field whose unset value reads as something else.
pub(crate) fn default_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let mut impact = Impact::from(Verdict::source());
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        if structure::has_other_default(writer, reader) {
            let mut verdict = Verdict::breaks(Layer::Wire, direction);
            if by_key(writer, reader) == Some(reader) {
                verdict = verdict.and(Verdict::breaks(Layer::Json, direction));
            }
            impact = impact.and(verdict, |_| Subject::Absent { writer: Some(writer), reader });
        }
    }
    impact
}

/// A field that moved between oneofs. It only matters together with another field: where both could be set and cannot
/// be any more, or the other way around, <https://protobuf.dev/programming-guides/proto3/#backward>.
pub(crate) fn oneof_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let mut impact = Impact::from(Verdict::source());
    for (layer, direction) in
        [Layer::Wire, Layer::Json].into_iter().flat_map(|layer| Direction::ALL.map(|to| (layer, to)))
    {
        let Sides { writer, reader } = direction.sides(pair);
        let reader = if layer == Layer::Json { by_key(writer, reader) } else { Some(reader) };
        let found = reader
            .zip(writer.parent())
            .and_then(|(reader, message)| Some((reader, structure::rival(writer, reader, message, layer)?)));
        if let Some((reader, (other_writer, other_reader))) = found {
            let subject = Subject::Together { writer: vec![writer, other_writer], reader: vec![reader, other_reader] };
            impact = impact.and(Verdict::breaks(layer, direction), |_| subject.clone());
        }
    }
    impact
}

/// Whether a field holds what it held: types that were given another name along with it are the same where each reads
/// all that the other writes.
pub(crate) fn has_same_type<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> bool {
    let Pair { before, after } = pair;
    let is_alike = |(one, other): (Field<'s>, Field<'s>)| match (one.field_type(), other.field_type()) {
        (FieldType::Message(_), FieldType::Message(_)) => Direction::ALL.into_iter().all(|direction| {
            let Sides { writer, reader } = direction.sides(Pair { before: one, after: other });
            let reading = Reading { comparison, layer: Layer::Wire, direction };
            types::compatibility(writer, reader, reading) == Compatibility::Full
        }),
        (FieldType::Enum(old), FieldType::Enum(new)) => {
            comparison.is_same_enum(old, new) || old.values().all(|value| new.value_numbered(value.number()).is_some())
        }
        (old, new) => old == new && !are_unknown_and_differ(one, other),
    };
    let is_list = |field: Field<'_>| field.label() == Label::Repeated;
    match (entry(before), entry(after)) {
        (Some(old), Some(new)) => old.fields().zip(new.fields()).all(is_alike),
        (None, None) => is_list(before) == is_list(after) && is_alike((before, after)),
        _ => false,
    }
}

/// Whether two maps have keys and values of the same types, by name.
pub(crate) fn has_same_entries<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> bool {
    let (Some(old), Some(new)) = (entry(pair.before), entry(pair.after)) else { return false };
    old.fields().zip(new.fields()).all(|(old, new)| match (old.field_type(), new.field_type()) {
        (FieldType::Message(old), FieldType::Message(new)) => comparison.is_same_message(old, new),
        (FieldType::Enum(old), FieldType::Enum(new)) => comparison.is_same_enum(old, new),
        (FieldType::Unresolved, _) | (_, FieldType::Unresolved) => true,
        (old, new) => old == new,
    })
}

/// The entries of a map.
fn entry<'s>(field: Field<'s>) -> Option<Message<'s>> {
    match field.field_type() {
        FieldType::Message(entry) if field.is_map() => Some(entry),
        _ => None,
    }
}

/// A field that kept its number and means something else now; that is only suspected where no more than its name
/// changed.
pub(crate) fn number_reused<'s>(pair: Pair<Field<'s>>, is_certain: bool, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let renamed = |direction: Direction| {
        let Sides { writer, reader } = direction.sides(pair);
        Subject::Renamed { writer, reader }
    };
    let mut verdict = Verdict::both(Layer::Wire);
    let by_key = json_name_changed(pair, comparison);
    let keeps_key = pair.before.json_name() == pair.after.json_name() && !pair.before.is_extension();
    if keeps_key {
        verdict = verdict.and(Verdict::both(Layer::Json));
    }
    let impact = match is_certain {
        true => Impact::from(Verdict::source()).and(verdict, renamed),
        false => Impact::from(Verdict::source()).and_maybe(verdict, renamed),
    };
    impact.merge(by_key)
}

/// A field that is called something else in JSON. Readers also take the name of the schema,
/// <https://protobuf.dev/programming-guides/json/#field-names>. A key that another field has now is still read, and
/// what has a new key while the old one stays is an addition.
pub(crate) fn json_name_changed<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let mut impact = Impact::default();
    let (Some(before), Some(after)) = (pair.before.parent(), pair.after.parent()) else { return impact };
    if pair.before.is_extension() {
        return impact;
    }
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        let Sides { writer: of_writer, reader: of_reader } = direction.sides(Pair { before, after });
        if structure::reads_key(writer, reader) {
            continue;
        }
        let reading = Reading { comparison, layer: Layer::Json, direction };
        match structure::key_taker(writer, of_reader) {
            Some(taker) => {
                impact = impact.and_key(writer, taker, reading).and_required_key(writer, taker, direction);
            }
            // What it was is read elsewhere, so this is an addition.
            None if direction == Direction::Forward
                && structure::key_taker(reader, of_writer).is_some_and(|other| other != writer) => {}
            None => {
                let verdict = Verdict::breaks(Layer::Json, direction);
                impact = impact.and(verdict, |_| Subject::Field { writer, reader });
            }
        }
    }
    impact
}

/// A string field whose readers began, or ceased, to refuse what is not UTF-8.
pub(crate) fn utf8_validation_changed(pair: Pair<Field<'_>>) -> Impact<'_> {
    let direction = if pair.after.validates_utf8() { Direction::Backward } else { Direction::Forward };
    Impact::from(Verdict::source()).and(Verdict::lossy(Layer::Wire, direction), field_subject(pair))
}

/// A field or extension with another name. JSON has names of its own for fields, but not for extensions.
pub(crate) fn field_renamed<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let mut impact = Impact::from(Verdict::source());
    let (Some(before), Some(after)) = (pair.before.extendee(), pair.after.extendee()) else { return impact };
    for direction in Direction::ALL {
        let Sides { writer, reader } = direction.sides(pair);
        let Sides { writer: of_writer, reader: of_reader } = direction.sides(Pair { before, after });
        let reading = Reading { comparison, layer: Layer::Json, direction };
        match structure::taker(writer, of_reader, reading) {
            Some(taker) => impact = impact.and_key(writer, taker, reading),
            // What it was is read elsewhere, so this is an addition.
            None if direction == Direction::Forward
                && structure::taker(reader, of_writer, reading).is_some_and(|other| other != writer) => {}
            _ => impact = impact.and(Verdict::breaks(Layer::Json, direction), |_| Subject::Field { writer, reader }),
        }
    }
    impact
}
