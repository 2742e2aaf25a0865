//! Looks for a difference within two messages: field by field, nearest first, so that the payload is small. Types that
//! contain themselves end the search, and so does a bound on attempts.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::attempt::{Attempt, Shown, Step, Want};
use super::field_shape::{FieldShape, Many};
use super::schema_slice::has_own_form;
use crate::finding::{Direction, Layer};
use crate::schema::{Field, Message, Presence};

/// How deep a difference may lie.
const MAX_STEPS: usize = 8;
/// How many fields are tried.
const MAX_ATTEMPTS: usize = 2_000;
/// How many fields are tried where there is a payload already, if only one that most would not mind.
const MAX_AFTER_WEAK: usize = 200;

/// How many messages are searched for extensions that are lost.
const MAX_EXTENDED: usize = 16;
/// How many fields of a message are tried where JSON has a form of its own for one side.
const MAX_OWN: usize = 4;

/// A search for a payload.
pub(super) struct Search<'s> {
    layer: Layer,
    direction: Direction,
    roots: (Option<Message<'s>>, Option<Message<'s>>),
    queue: VecDeque<(Vec<Step<'s>>, Message<'s>, Message<'s>)>,
    /// The first messages that were searched.
    searched: Vec<(Vec<Step<'s>>, Message<'s>, Message<'s>)>,
    seen: FxHashSet<[u32; 4]>,
    attempts: usize,
    /// The first payload that most would not mind.
    weak: Option<Shown>,
}

impl<'s> Search<'s> {
    pub(super) fn new(layer: Layer, direction: Direction) -> Search<'s> {
        Search {
            layer,
            direction,
            roots: (None, None),
            queue: VecDeque::new(),
            searched: Vec::new(),
            seen: FxHashSet::default(),
            attempts: 0,
            weak: None,
        }
    }

    /// Looks within two messages.
    pub(super) fn messages(mut self, writer: Message<'s>, reader: Message<'s>) -> Option<Shown> {
        self.roots = (Some(writer), Some(reader));
        if has_other_form(writer, reader, self.layer) {
            let fields: Vec<FieldShape<'s>> =
                writer.fields().take(MAX_OWN).filter_map(FieldShape::from_field).collect();
            let others: Vec<FieldShape<'s>> =
                reader.fields().take(MAX_OWN).filter_map(FieldShape::from_field).collect();
            let found = fields
                .into_iter()
                .find_map(|field| self.try_fields(&[], Want::Difference, vec![field], others.clone()));
            if found.is_some() {
                return found;
            }
        }
        self.enqueue(Vec::new(), writer, reader);
        self.rest()
    }

    /// Looks at two fields, and within them.
    pub(super) fn fields(mut self, writer: FieldShape<'s>, reader: FieldShape<'s>) -> Option<Shown> {
        self.pair(&[], writer, reader).or_else(|| self.rest())
    }

    fn rest(mut self) -> Option<Shown> {
        while let Some((steps, writer, reader)) = self.queue.pop_front() {
            if let Some(shown) = self.within(&steps, writer, reader) {
                return Some(shown);
            }
            if self.searched.len() < MAX_EXTENDED {
                self.searched.push((steps, writer, reader));
            }
        }
        if self.weak.is_none() {
            self.extensions();
        }
        self.weak
    }

    /// Extensions that the reader's messages do not have. They are looked for in all files, and so at last.
    fn extensions(&mut self) {
        let extending = |message: Message<'s>| {
            let fields = message.file().schema.files().flat_map(|file| file.all_fields());
            fields.filter(move |field| field.is_extension() && field.extendee() == Some(message))
        };
        for (steps, writer, reader) in std::mem::take(&mut self.searched) {
            let is_read = |field: Field<'s>| match self.layer {
                Layer::Json => extending(reader).any(|other| other.full_name() == field.full_name()),
                _ => {
                    reader.field_numbered(field.number()).is_some()
                        || extending(reader).any(|other| other.number() == field.number())
                }
            };
            let found = extending(writer).find(|&field| self.is_missed(field, reader) && !is_read(field));
            if let Some(shape) = found.and_then(FieldShape::from_field) {
                self.lost(&steps, shape);
            }
        }
    }

    fn enqueue(&mut self, steps: Vec<Step<'s>>, writer: Message<'s>, reader: Message<'s>) {
        let key = [writer.file.index, writer.index, reader.file.index, reader.index];
        if steps.len() < MAX_STEPS && self.seen.insert(key) {
            self.queue.push_back((steps, writer, reader));
        }
    }

    /// The fields of two messages.
    fn within(&mut self, steps: &[Step<'s>], writer: Message<'s>, reader: Message<'s>) -> Option<Shown> {
        let index = Index::new(reader);
        let mut pairs = Vec::new();
        for field in writer.fields() {
            let Some(shape) = FieldShape::from_field(field) else { continue };
            match index.reader_of(&shape, self.layer) {
                Some(other) => pairs.push((shape, other)),
                None if self.weak.is_none() && self.is_missed(field, reader) => self.lost(steps, shape),
                None => {}
            }
        }
        for (field, other) in &pairs {
            if let Some(shown) = self.pair(steps, field.clone(), other.clone()) {
                return Some(shown);
            }
        }
        self.required(steps, (writer, reader), &pairs).or_else(|| self.oneofs(steps, &pairs))
    }

    /// Whether a field that the reader does not have should be there: it is neither retired nor new to old code.
    fn is_missed(&self, field: Field<'s>, reader: Message<'s>) -> bool {
        let is_renamed = self.layer == Layer::Json && reader.field_numbered(field.number()).is_some();
        let is_reserved = match self.layer {
            Layer::Json => reader.reserves(field.name()),
            _ => reader.reserved().ranges().any(|range| range.contains(field.number())),
        };
        is_renamed || (self.direction == Direction::Backward && !is_reserved)
    }

    /// A field that the reader does not have.
    fn lost(&mut self, steps: &[Step<'s>], field: FieldShape<'s>) {
        if let Some(shown) = self.try_fields(steps, Want::Difference, vec![field], Vec::new()) {
            self.weak.get_or_insert(Shown { is_weak: true, ..shown });
        }
    }

    fn pair(&mut self, steps: &[Step<'s>], writer: FieldShape<'s>, reader: FieldShape<'s>) -> Option<Shown> {
        // Of several entries, one is read; as a list they have an order. As a list they also have keys that are no text.
        let is_unchecked = |map: &FieldShape<'s>| map.half(1).is_some_and(|key| key.unchecked);
        let is_loose = reader.many == Many::Map && is_unchecked(&writer) && !is_unchecked(&reader);
        if self.layer == Layer::Wire && writer.many == Many::Map && (reader.many == Many::One || is_loose) {
            let entries = FieldShape { many: Many::List, ..writer.clone() };
            let found = self.try_fields(steps, Want::Difference, vec![entries], vec![reader.clone()]);
            if found.is_some() {
                return found;
            }
        }
        let is_key_read = self.layer == Layer::Wire || reader.json == writer.json || reader.name == writer.json;
        let is_alike = writer.is_alike(&reader) && is_key_read;
        let inner = (writer.message(), reader.message());
        let is_form_other = matches!(inner, (Some(one), Some(other)) if has_other_form(one, other, self.layer));
        // The values of maps are looked at in their turn where they are messages.
        let is_other_map = writer.many == Many::Map && !is_map_alike(&writer, &reader);
        if !is_alike || is_form_other || is_other_map {
            let found = self.try_fields(steps, Want::Difference, vec![writer.clone()], vec![reader.clone()]);
            if found.is_some() {
                return found;
            }
        }
        let defaults = writer.default != reader.default || !is_alike;
        let absence = writer.presence != Presence::Required
            && writer.many == Many::One
            && (reader.presence == Presence::Required || defaults);
        if absence && reader.many == Many::One {
            let found = self.try_fields(steps, Want::Absence, vec![writer.clone()], vec![reader.clone()]);
            if found.is_some() {
                return found;
            }
        }
        // JSON has no keys for what is in a message with a form of its own; on the wire the same one is the same.
        let is_closed = |one: Message<'_>, other: Message<'_>| match self.layer {
            Layer::Json => has_own_form(one) || has_own_form(other),
            _ => has_own_form(one) && one.full_name() == other.full_name(),
        };
        match inner {
            (Some(one), Some(other)) if writer.many == reader.many && !is_closed(one, other) => {
                let steps = steps.iter().cloned().chain([Step { writer, reader }]).collect();
                self.enqueue(steps, one, other);
            }
            _ => {}
        }
        None
    }

    /// Fields that the reader has to see and the writer does not know.
    fn required(
        &mut self,
        steps: &[Step<'s>],
        (writer, reader): (Message<'s>, Message<'s>),
        pairs: &[(FieldShape<'s>, FieldShape<'s>)],
    ) -> Option<Shown> {
        let is_required = |field: &Field<'s>| field.presence() == Presence::Required;
        let known = pairs.iter().map(|(_, other)| other.number);
        // What JSON has of a required field is found by its key, among the pairs.
        let given = writer.fields().filter(is_required).filter(|_| self.layer == Layer::Wire).map(Field::number);
        let known: FxHashSet<i32> = known.chain(given).collect();
        let is_new = |field: &Field<'s>| !known.contains(&field.number());
        let field = reader.fields().filter(is_required).find(is_new)?;
        self.try_fields(steps, Want::Absence, Vec::new(), vec![FieldShape::from_field(field)?])
    }

    /// Fields that share a oneof of the reader and none of the writer.
    fn oneofs(&mut self, steps: &[Step<'s>], pairs: &[(FieldShape<'s>, FieldShape<'s>)]) -> Option<Shown> {
        let mut first: FxHashMap<u32, (&FieldShape<'s>, &FieldShape<'s>)> = FxHashMap::default();
        for (writer, reader) in pairs {
            let Some(oneof) = reader.oneof else { continue };
            let (one, other) = *first.entry(oneof.index).or_insert((writer, reader));
            let is_apart = one.oneof.is_none() || one.oneof != writer.oneof;
            if one.number != writer.number && is_apart {
                let found = self.try_fields(
                    steps,
                    Want::Difference,
                    vec![one.clone(), writer.clone()],
                    vec![other.clone(), reader.clone()],
                );
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// A strong payload is given, a weak one kept.
    fn try_fields(
        &mut self,
        steps: &[Step<'s>],
        want: Want,
        writers: Vec<FieldShape<'s>>,
        readers: Vec<FieldShape<'s>>,
    ) -> Option<Shown> {
        self.attempts += 1;
        if self.attempts > if self.weak.is_some() { MAX_AFTER_WEAK } else { MAX_ATTEMPTS } {
            return None;
        }
        let attempt =
            Attempt { layer: self.layer, direction: self.direction, want, roots: self.roots, steps, writers, readers };
        let shown = attempt.run()?;
        if shown.is_weak {
            self.weak.get_or_insert(shown);
            return None;
        }
        Some(shown)
    }
}

/// Whether the keys of two maps are alike, and their values too, or messages both.
fn is_map_alike(writer: &FieldShape<'_>, reader: &FieldShape<'_>) -> bool {
    [1, 2].into_iter().all(
        |number| matches!((writer.half(number), reader.half(number)), (Some(one), Some(other)) if one.is_alike(&other)),
    )
}

/// Whether one of two messages has a form of its own in JSON that the other does not have.
fn has_other_form(writer: Message<'_>, reader: Message<'_>, layer: Layer) -> bool {
    layer == Layer::Json && (has_own_form(writer) || has_own_form(reader)) && writer.full_name() != reader.full_name()
}

/// The fields of a message, by what finds them.
struct Index<'s> {
    numbers: FxHashMap<i32, Field<'s>>,
    keys: FxHashMap<String, Field<'s>>,
    names: FxHashMap<&'s str, Field<'s>>,
}

impl<'s> Index<'s> {
    fn new(message: Message<'s>) -> Index<'s> {
        Index {
            numbers: message.fields().rev().map(|field| (field.number(), field)).collect(),
            keys: message.fields().rev().map(|field| (field.json_name(), field)).collect(),
            names: message.fields().rev().map(|field| (field.name(), field)).collect(),
        }
    }

    fn reader_of(&self, writer: &FieldShape<'s>, layer: Layer) -> Option<FieldShape<'s>> {
        let found = match layer {
            Layer::Json => self.keys.get(&writer.json).or_else(|| self.names.get(writer.json.as_str())),
            _ => self.numbers.get(&writer.number),
        };
        FieldShape::from_field(*found?)
    }
}
