//! The sizes that messages would have if their types were others: what runtimes would write, lengths of messages around
//! a change included. Each candidate is measured on its own, all in one go.

use super::plan::{FieldPlan, Kind, Plan};
use super::read::Counter;
use super::wire::{
    Cursor, FIXED64, GROUP_END, GROUP_START, LENGTH, MAX_DEPTH, VARINT, WireError, WireErrorKind, tag_len, varint_len,
    zigzag,
};
use crate::schema::Scalar;

/// How many candidates are measured at once.
pub(super) const LANES: usize = 16;

/// What could be changed.
pub(super) struct Candidate {
    pub(super) kind: &'static str,
    pub(super) message: String,
    /// Fields by their index among those of all types, each with what becomes of it.
    pub(super) changes: Vec<(u32, Change)>,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It has this number.
    Number(u32),
    /// It is a `sint32` or `sint64`.
    Zigzag,
    /// Its values have so many bytes.
    Fixed(u64),
    /// Its values share a record.
    Packed,
    /// It is an enum with few values.
    Enum,
}

/// What all messages of a type would save.
pub(super) struct Sizes {
    /// For each field of the plan, its changes by candidate.
    changes: Vec<Vec<(usize, Change)>>,
    /// The bytes that runtimes would write.
    pub(super) written: u64,
    more: [i64; LANES],
}

/// The size of a message as it is, and by how much each candidate changes it.
#[derive(Clone, Copy, Default)]
struct Size {
    base: u64,
    more: [i64; LANES],
}

/// What a message has of a field whose values are only counted when all are there.
struct Values {
    field: usize,
    count: u64,
    /// Their bytes, lengths of strings included.
    bytes: u64,
    zigzag: u64,
}

impl Sizes {
    pub(super) fn new(plan: &Plan, candidates: &[Candidate]) -> Sizes {
        let mut changes = vec![Vec::new(); plan.fields as usize];
        for (lane, candidate) in candidates.iter().take(LANES).enumerate() {
            for (field, change) in &candidate.changes {
                changes[*field as usize].push((lane, *change));
            }
        }
        Sizes { changes, written: 0, more: [0; LANES] }
    }

    /// How many bytes each candidate saves.
    pub(super) fn saved(&self) -> [i64; LANES] {
        self.more.map(|more| -more)
    }

    /// The size of a message up to the end of the cursor or of its group, and where that is.
    fn message(
        &self,
        plan: &Plan,
        mut cursor: Cursor<'_>,
        of: u32,
        at: (usize, Option<u32>),
    ) -> Result<(Size, usize), WireError> {
        let (depth, group) = at;
        let of = &plan.types[of as usize];
        let (mut size, mut values, mut is_open) = (Size::default(), Vec::new(), true);
        while !cursor.is_at_end() {
            let start = cursor.at;
            let tag = cursor.tag()?;
            if tag.wire == GROUP_END {
                if group != Some(tag.number) {
                    return Err(WireError { at: start, kind: WireErrorKind::GroupEnd(tag.number) });
                }
                is_open = false;
                break;
            }
            let field = of.find(tag.number).filter(|index| of.fields[*index].takes(tag.wire));
            let Some(index) = field else {
                cursor.skip(tag, depth)?;
                size.base += (cursor.at - start) as u64;
                continue;
            };
            let field = &of.fields[index];
            let changes = &self.changes[of.first as usize + index];
            if let Kind::Message(child) = field.kind {
                if depth >= MAX_DEPTH {
                    return Err(WireError { at: start, kind: WireErrorKind::TooDeep });
                }
                self.nested(plan, &mut cursor, (child, depth + 1), field, &mut size)?;
                add(&mut values, index, 1, 0, 0);
            } else if tag.wire == LENGTH && field.is_packable {
                let end = cursor.length()?;
                let mut packed = cursor.part(cursor.at, end);
                cursor.at = end;
                while !packed.is_at_end() {
                    let (bytes, zigzag) = scalar(&mut packed, field, field.wire)?;
                    add(&mut values, index, 1, bytes, zigzag);
                }
            } else if field.kind == Kind::Unresolved {
                cursor.skip(tag, depth)?;
                size.base += (cursor.at - start) as u64;
            } else {
                let (bytes, zigzag) = scalar(&mut cursor, field, tag.wire)?;
                if changes.is_empty() && !field.is_packable {
                    size.base += tag_len(field.number) + bytes;
                } else {
                    add(&mut values, index, 1, bytes, zigzag);
                }
            }
        }
        if is_open && let Some(number) = group {
            return Err(WireError { at: cursor.at, kind: WireErrorKind::OpenGroup(number) });
        }
        for values in &values {
            let field = &of.fields[values.field];
            let own = total(field, None, values);
            size.base += own;
            for (lane, change) in &self.changes[of.first as usize + values.field] {
                size.more[*lane] += total(field, Some(*change), values) as i64 - own as i64;
            }
        }
        Ok((size, cursor.at))
    }

    /// Adds the content of a message to that of the one around it, with its length.
    fn nested(
        &self,
        plan: &Plan,
        cursor: &mut Cursor<'_>,
        (of, depth): (u32, usize),
        field: &FieldPlan,
        around: &mut Size,
    ) -> Result<(), WireError> {
        if field.wire == GROUP_START {
            let (inner, end) = self.message(plan, *cursor, of, (depth, Some(field.number)))?;
            cursor.at = end;
            around.base += inner.base;
            for (around, inner) in around.more.iter_mut().zip(inner.more) {
                *around += inner;
            }
            return Ok(());
        }
        let end = cursor.length()?;
        let (inner, _) = self.message(plan, cursor.part(cursor.at, end), of, (depth, None))?;
        cursor.at = end;
        let whole = |content: u64| varint_len(content) + content;
        around.base += whole(inner.base);
        for (around, more) in around.more.iter_mut().zip(inner.more).filter(|(_, more)| *more != 0) {
            *around += whole(inner.base.saturating_add_signed(more)) as i64 - whole(inner.base) as i64;
        }
        Ok(())
    }
}

/// Adds a value of a field.
fn add(values: &mut Vec<Values>, field: usize, count: u64, bytes: u64, zigzag: u64) {
    match values.iter_mut().rev().find(|values| values.field == field) {
        Some(values) => {
            values.count += count;
            values.bytes += bytes;
            values.zigzag += zigzag;
        }
        None => values.push(Values { field, count, bytes, zigzag }),
    }
}

/// The bytes of all values of a field in a message, tags and lengths included; of messages only the tags.
fn total(field: &FieldPlan, change: Option<Change>, values: &Values) -> u64 {
    let Values { count, .. } = *values;
    let number = if let Some(Change::Number(number)) = change { number } else { field.number };
    let tag = tag_len(number);
    if let Kind::Message(_) = field.kind {
        return count * tag * if field.wire == GROUP_START { 2 } else { 1 };
    }
    let bytes = match change {
        Some(Change::Zigzag) => values.zigzag,
        Some(Change::Fixed(width)) => count * width,
        // Few values have numbers of one byte.
        Some(Change::Enum) => count,
        _ => values.bytes,
    };
    let is_packed = match change {
        Some(Change::Packed) => true,
        Some(Change::Enum) => field.packs,
        _ => field.is_packable && field.packs,
    };
    match is_packed && count > 0 {
        true => tag + varint_len(bytes) + bytes,
        false => count * tag + bytes,
    }
}

/// Reads a value: the bytes that runtimes write for it, the length of a string included, and those as `sint32` or
/// `sint64`.
fn scalar(cursor: &mut Cursor<'_>, field: &FieldPlan, wire: u8) -> Result<(u64, u64), WireError> {
    match wire {
        VARINT => {
            let value = cursor.varint()?;
            let signed = match field.kind {
                Kind::Scalar(Scalar::Uint32 | Scalar::Sint32) => return Ok((varint_len(value & 0xffff_ffff), 0)),
                Kind::Scalar(Scalar::Bool) => return Ok((1, 0)),
                Kind::Scalar(Scalar::Int32) | Kind::Enum => i64::from(value as i32),
                _ => value as i64,
            };
            Ok((varint_len(signed as u64), varint_len(zigzag(signed))))
        }
        LENGTH => {
            let end = cursor.length()?;
            let start = cursor.at;
            let length = (end - start) as u64;
            cursor.at = end;
            if field.checks_utf8 && std::str::from_utf8(cursor.since(start)).is_err() {
                return Err(WireError { at: start, kind: WireErrorKind::NotUtf8 });
            }
            Ok((varint_len(length) + length, 0))
        }
        wire => {
            let width = if wire == FIXED64 { 8 } else { 4 };
            cursor.fixed(width)?;
            Ok((width as u64, 0))
        }
    }
}

impl Counter for Sizes {
    fn add(&mut self, plan: &Plan, bytes: &[u8]) -> Result<(), WireError> {
        let (size, _) = self.message(plan, Cursor::new(bytes), 0, (0, None))?;
        self.written += size.base;
        for (own, more) in self.more.iter_mut().zip(size.more) {
            *own += more;
        }
        Ok(())
    }

    fn merge(&mut self, _: &Plan, other: Sizes) {
        self.written += other.written;
        for (own, more) in self.more.iter_mut().zip(other.more) {
            *own += more;
        }
    }
}
