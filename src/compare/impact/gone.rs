//! What it breaks that a field or an extension is gone from its number.

use super::fields::field_subject;
use super::{Compatibility, Impact, Reading, structure};
use crate::compare::evidence::Subject;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Field, Message, Presence};

/// What a field or an extension that is gone became.
#[derive(Clone, Copy)]
pub(crate) enum Heir<'s> {
    /// An extension where there was a field, or a field where there was an extension, of the same number.
    OtherKind(Field<'s>),
    /// One of the same name, and of another number.
    Renumbered(Field<'s>),
}

/// What became of a field or an extension that has no successor of its kind and number.
pub(crate) fn heir<'s>(gone: Field<'s>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Option<Heir<'s>> {
    // A message that the later schema did not have to read is extended by nothing there.
    let is_read = std::ptr::eq(after.file().schema, comparison.after);
    let extensions = || comparison.extensions_of(after).iter().copied().filter(move |_| is_read);
    let (same_number, same_name) = match gone.is_extension() {
        true => (after.field_numbered(gone.number()), {
            let name = gone.full_name();
            extensions().find(|extension| extension.name() == gone.name() && extension.full_name() == name)
        }),
        false => (extensions().find(|extension| extension.number() == gone.number()), after.field_named(gone.name())),
    };
    same_number.map(Heir::OtherKind).or(same_name.map(Heir::Renumbered))
}

/// A field that became an extension of the same number, or the other way around: binary messages are the same, JSON puts
/// the name of an extension in brackets.
fn kind_changed<'s>(pair: Pair<Field<'s>>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let Pair { before: gone, after: heir } = pair;
    let mut impact = Impact::from(Verdict::source());
    for direction in Direction::ALL {
        let (writer, reader) = if direction == Direction::Backward { (gone, heir) } else { (heir, gone) };
        let reading = Reading { comparison, layer: Layer::Wire, direction };
        let verdict = structure::pair_compatibility(writer, reader, reading).verdict(Layer::Wire, direction);
        impact = impact.and(verdict, field_subject(pair));
    }
    let in_json = |direction| Verdict::breaks(Layer::Json, direction);
    impact = impact.and(in_json(Direction::Backward), |_| Subject::Missing { writer: gone, reader: after });
    let holder = if gone.is_extension() { gone.extendee() } else { gone.parent() };
    if let Some(holder) = holder {
        impact = impact.and(in_json(Direction::Forward), |_| Subject::Missing { writer: heir, reader: holder });
    }
    if gone.presence() == Presence::Required {
        impact.and_absent(Direction::Forward, Some(after), Some(heir), gone)
    } else {
        impact
    }
}

/// A field that was deleted. That is fine where its number and its name can never come back as something else.
pub(crate) fn field_deleted<'s>(field: Field<'s>, after: Message<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    let subject = |_| Subject::Missing { writer: field, reader: after };
    let heir = heir(field, after, comparison);
    if let Some(Heir::OtherKind(heir)) = heir {
        return kind_changed(Pair { before: field, after: heir }, after, comparison);
    }
    let mut impact = Impact::from(Verdict::source());
    if !after.reserved().ranges().any(|range| range.contains(field.number())) {
        impact = impact.and(Verdict::breaks(Layer::Wire, Direction::Backward), subject);
    }
    // A field that only changed its number is still found by its key.
    let taker = match heir {
        Some(Heir::Renumbered(heir)) if field.is_extension() => Some(heir),
        _ => structure::key_taker(field, after),
    };
    let is_reserved = !field.is_extension() && after.reserves(field.name());
    let reading = Reading { comparison, layer: Layer::Json, direction: Direction::Backward };
    let lost = taker.filter(|&taker| structure::pair_compatibility(field, taker, reading) != Compatibility::Full);
    if let Some(taker) = lost {
        impact = impact.and_key(field, taker, reading);
    } else if !is_reserved && taker.is_none() {
        impact = impact.and(Verdict::breaks(Layer::Json, Direction::Backward), subject);
    }
    impact = match heir {
        Some(Heir::Renumbered(heir)) if field.is_extension() => impact.and_taken_name(field, heir, comparison),
        _ => impact.and_taken_key(field, after, comparison),
    };
    if field.presence() == Presence::Required {
        impact.and_absent(Direction::Forward, Some(after), None, field)
    } else {
        impact
    }
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
            Some(new) => self.and_key(new, field, reading),
            None => self,
        }
    }

    /// Old readers of JSON know an extension by its name, whatever its number.
    fn and_taken_name(self, old: Field<'s>, new: Field<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
        let reading = Reading { comparison, layer: Layer::Json, direction: Direction::Forward };
        self.and_key(new, old, reading)
    }

    /// The key of one field is read as another one, which has another number.
    pub(super) fn and_key(self, writer: Field<'s>, reader: Field<'s>, reading: Reading<'s>) -> Impact<'s> {
        let rival = writer.parent().and_then(|of_writer| structure::rival(writer, reader, of_writer, reading.layer));
        let subject = match rival {
            Some((other_writer, other_reader)) => {
                Subject::Together { writer: vec![writer, other_writer], reader: vec![reader, other_reader] }
            }
            None if structure::has_other_default(writer, reader) => Subject::Absent { writer: Some(writer), reader },
            None => Subject::Field { writer, reader },
        };
        let compatibility = structure::pair_compatibility(writer, reader, reading);
        self.and(compatibility.verdict(reading.layer, reading.direction), |_| subject.clone())
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
