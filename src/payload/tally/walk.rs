//! Reads a message, and counts each record where it belongs.

use super::{MAX_SLOTS, Node, Tally};
use crate::payload::histogram::Histogram;
use crate::payload::plan::{FieldPlan, Kind, NONE, Plan};
use crate::payload::wire::{
    Cursor, FIXED64, GROUP_END, GROUP_START, LENGTH, MAX_DEPTH, Tag, VARINT, WireError, WireErrorKind, varint_len,
    zigzag,
};
use crate::schema::Scalar;

/// Why a message is not counted.
pub(super) enum Stop {
    Wire(WireError),
    /// There are too many paths.
    Full,
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Wire(error)
    }
}

/// Counts a message `times` times, which may be -1 as the complement of two.
pub(super) fn walk(tally: &mut Tally, plan: &Plan, bytes: &[u8], times: u64) -> Result<(), Stop> {
    let mut walk = Walk { tally, plan, times, end_tag: 0 };
    walk.message(Cursor::new(bytes), Place { of: 0, node: 0, depth: 0, is_folded: false }, None).map(drop)
}

struct Walk<'t, 'p> {
    tally: &'t mut Tally,
    plan: &'p Plan,
    times: u64,
    /// The length of the tag that ended the last group.
    end_tag: u64,
}

/// A message that is read.
#[derive(Clone, Copy)]
struct Place {
    /// Its type.
    of: u32,
    node: u32,
    /// How many messages it is in.
    depth: usize,
    /// Whether the node is that of a message around it.
    is_folded: bool,
}

/// The sizes of a record.
#[derive(Clone, Copy, Default)]
struct Sizes {
    tag: u64,
    length: u64,
    value: u64,
}

impl Walk<'_, '_> {
    /// Reads a message up to the end of the cursor, or of its group; returns where that is.
    fn message(&mut self, mut cursor: Cursor<'_>, place: Place, group: Option<u32>) -> Result<usize, Stop> {
        let plan = self.plan;
        let of = &plan.types[place.of as usize];
        self.tally.serial += 1;
        let serial = self.tally.serial;
        while !cursor.is_at_end() {
            let start = cursor.at;
            let tag = cursor.tag()?;
            if tag.wire == GROUP_END {
                if group != Some(tag.number) {
                    return Err(WireError { at: start, kind: WireErrorKind::GroupEnd(tag.number) }.into());
                }
                self.end_tag = (cursor.at - start) as u64;
                return Ok(cursor.at);
            }
            let field = of.find(tag.number).map(|index| (index, &of.fields[index]));
            let Some((index, field)) = field.filter(|(_, field)| field.takes(tag.wire)) else {
                cursor.skip(tag, place.depth)?;
                self.tally.unknown =
                    self.tally.unknown.wrapping_add(self.times.wrapping_mul((cursor.at - start) as u64));
                continue;
            };
            let (node, is_folded) = self.node(place, index as u32)?;
            let sizes = Sizes { tag: (cursor.at - start) as u64, ..Sizes::default() };
            let inner = Place { of: NONE, node, depth: place.depth + 1, is_folded };
            if is_folded {
                let folded = &mut self.tally.stats[of.first as usize + index].folded;
                *folded = folded.wrapping_add(self.times);
            }
            match field.kind {
                Kind::Message(child) => {
                    self.nested(&mut cursor, Place { of: child, ..inner }, tag.number, (sizes, serial), tag.wire)?;
                }
                _ if tag.wire == LENGTH && field.is_packable => {
                    self.packed(&mut cursor, inner, field, (sizes, serial), of.first as usize + index)?;
                }
                _ => self.scalar(&mut cursor, inner, (field, tag.wire), (sizes, serial), of.first as usize + index)?,
            }
        }
        match group {
            Some(number) => Err(WireError { at: cursor.at, kind: WireErrorKind::OpenGroup(number) }.into()),
            None => Ok(cursor.at),
        }
    }

    /// The node of a field of a message, or that of the message where paths are not kept apart.
    #[inline]
    fn node(&mut self, place: Place, field: u32) -> Result<(u32, bool), Stop> {
        if place.is_folded || self.tally.nodes[place.node as usize].depth as usize >= self.tally.limit {
            return Ok((place.node, true));
        }
        match self.tally.child(place.node, field) {
            Some(child) => Ok((child, false)),
            None => self.new_node(place, field).map(|node| (node, false)),
        }
    }

    #[cold]
    fn new_node(&mut self, place: Place, field: u32) -> Result<u32, Stop> {
        let (fields, tally) = (self.plan.types[place.of as usize].fields.len(), &mut *self.tally);
        let needed = if tally.nodes[place.node as usize].slots == NONE { fields } else { 0 };
        let is_full = tally.nodes.len() > tally.max_nodes || tally.slots.len() + needed > MAX_SLOTS;
        // The fields of the message itself always have paths.
        if is_full && tally.limit > 1 {
            return Err(Stop::Full);
        }
        Ok(tally.add_node(place.node, place.of, field, fields))
    }

    /// Counts a record with so many elements of a size in all.
    #[inline]
    fn count(&mut self, place: Place, serial: u64, sizes: Sizes, elements: u64, size: u64) {
        let times = self.times;
        let node = &mut self.tally.nodes[place.node as usize];
        let add = |count: &mut u64, by: u64| *count = count.wrapping_add(times.wrapping_mul(by));
        if place.is_folded {
            return add(&mut node.value_bytes, sizes.tag + sizes.length + sizes.value);
        }
        add(&mut node.tag_bytes, sizes.tag);
        add(&mut node.length_bytes, sizes.length);
        add(&mut node.value_bytes, sizes.value);
        add(&mut node.records, 1);
        add(&mut node.elements, elements);
        add(&mut node.sizes, size);
        if node.last != serial && elements > 0 {
            node.last = serial;
            add(&mut node.messages, 1);
        }
    }

    /// Counts the size of an element.
    #[inline]
    fn size(&mut self, place: Place, size: u64) {
        if !place.is_folded {
            let histogram = &mut self.tally.nodes[place.node as usize].histogram;
            histogram.get_or_insert_with(Histogram::new).add(size, self.times);
        }
    }

    fn nested(
        &mut self,
        cursor: &mut Cursor<'_>,
        inner: Place,
        number: u32,
        (mut sizes, serial): (Sizes, u64),
        wire: u8,
    ) -> Result<(), Stop> {
        if inner.depth > MAX_DEPTH {
            return Err(WireError { at: cursor.at, kind: WireErrorKind::TooDeep }.into());
        }
        let start = cursor.at;
        let content = if wire == GROUP_START {
            // The group is counted when its end is found; what is in it, before.
            cursor.at = self.message(*cursor, inner, Some(number))?;
            sizes.tag += self.end_tag;
            (cursor.at - start) as u64 - self.end_tag
        } else {
            let end = cursor.length()?;
            let content = end - cursor.at;
            sizes.length = (cursor.at - start) as u64;
            self.message(cursor.part(cursor.at, end), inner, None)?;
            cursor.at = end;
            content as u64
        };
        self.count(inner, serial, sizes, 1, content);
        self.size(inner, content);
        Ok(())
    }

    fn packed(
        &mut self,
        cursor: &mut Cursor<'_>,
        place: Place,
        field: &FieldPlan,
        (mut sizes, serial): (Sizes, u64),
        stats: usize,
    ) -> Result<(), Stop> {
        let start = cursor.at;
        let end = cursor.length()?;
        sizes.length = (cursor.at - start) as u64;
        sizes.value = (end - cursor.at) as u64;
        let mut values = cursor.part(cursor.at, end);
        let mut elements = 0;
        while !values.is_at_end() {
            let start = values.at;
            let value = match field.wire {
                VARINT => values.varint(),
                wire => values.fixed(if wire == FIXED64 { 8 } else { 4 }),
            };
            let value = value.map_err(|error| WireError { at: error.at, kind: WireErrorKind::Packed })?;
            elements += 1;
            self.size(place, (values.at - start) as u64);
            self.number(field, value, stats);
        }
        cursor.at = end;
        self.count(place, serial, sizes, elements, sizes.value);
        Ok(())
    }

    fn scalar(
        &mut self,
        cursor: &mut Cursor<'_>,
        place: Place,
        (field, wire): (&FieldPlan, u8),
        (mut sizes, serial): (Sizes, u64),
        stats: usize,
    ) -> Result<(), Stop> {
        let start = cursor.at;
        match wire {
            VARINT => {
                let value = cursor.varint()?;
                self.number(field, value, stats);
            }
            LENGTH => {
                let end = cursor.length()?;
                sizes.length = (cursor.at - start) as u64;
                let text = cursor.at;
                cursor.at = end;
                let bytes = cursor.since(text);
                if field.checks_utf8 && std::str::from_utf8(bytes).is_err() {
                    return Err(WireError { at: text, kind: WireErrorKind::NotUtf8 }.into());
                }
                if field.kind == Kind::Scalar(Scalar::String) {
                    self.tally.stats[stats].texts.add(bytes, self.times);
                }
            }
            GROUP_START => {
                // Only of an unknown type: with its end, it is a value.
                let tag = Tag { number: field.number, wire };
                cursor.skip(tag, place.depth)?;
            }
            wire => drop(cursor.fixed(if wire == FIXED64 { 8 } else { 4 })?),
        }
        sizes.value = (cursor.at - start) as u64 - sizes.length;
        self.count(place, serial, sizes, 1, sizes.value);
        self.size(place, sizes.value);
        Ok(())
    }

    /// Counts what an integer would take as another type.
    #[inline]
    fn number(&mut self, field: &FieldPlan, value: u64, stats: usize) {
        let signed = match field.kind {
            Kind::Scalar(Scalar::Int32) => i64::from(value as i32),
            Kind::Scalar(Scalar::Int64) => value as i64,
            _ => return,
        };
        let stats = &mut self.tally.stats[stats];
        stats.zigzag = stats.zigzag.wrapping_add(self.times.wrapping_mul(varint_len(zigzag(signed))));
        if signed < 0 {
            stats.negative = stats.negative.wrapping_add(self.times);
        }
    }
}

impl Tally {
    /// Adds the node of a field below another one, of a type with so many fields.
    pub(super) fn add_node(&mut self, parent: u32, holder: u32, field: u32, fields: usize) -> u32 {
        let (index, depth) = (self.nodes.len() as u32, self.nodes[parent as usize].depth + 1);
        self.nodes.push(Node::new(parent, holder, field, depth));
        let above = &mut self.nodes[parent as usize];
        if above.slots == NONE {
            above.slots = self.slots.len() as u32;
            self.slots.resize(self.slots.len() + fields, NONE);
        }
        self.slots[(above.slots + field) as usize] = index;
        index
    }
}

impl FieldPlan {
    /// Whether a value of that wire type is one of the field.
    #[inline]
    pub(in crate::payload) fn takes(&self, wire: u8) -> bool {
        wire == self.wire || (wire == LENGTH && self.is_packable) || self.kind == Kind::Unresolved
    }
}
