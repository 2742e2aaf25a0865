//! Takes a message apart, record by record.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::notes::{LEFT_OUT, is_implicit, is_message, note_length, note_varint, raw};
use super::{Explained, Item, ItemKind};
use crate::payload::plan::{FieldDetail, FieldPlan, Kind, Plan};
use crate::payload::wire::{
    Cursor, FIXED32, FIXED64, GROUP_END, GROUP_START, LENGTH, MAX_DEPTH, Tag, WireError, WireErrorKind, tag_len,
};
use crate::payload::{any, types, value};
use crate::schema::{Message, Presence, Scalar, Schema};

/// How many items are made of a message; the bytes after that are one.
const MAX_ITEMS: usize = 200_000;

/// Explains the bytes of a message.
pub(crate) fn explain(schema: &Schema, root: Message<'_>, bytes: &[u8]) -> Explained {
    let plan = Rc::new(Plan::new(schema, root));
    let mut walk = Walk { schema, plans: FxHashMap::default(), items: Vec::new(), error: None };
    let level = Level { of: Some((plan, 0)), depth: 0, path: String::new(), group: None };
    if let Err(Stop::Full) = walk.message(Cursor::new(bytes), &level) {
        walk.rest(bytes.len(), &level);
    }
    Explained { items: walk.items, error: walk.error }
}

struct Walk<'s> {
    schema: &'s Schema,
    /// Those of the types in an `Any`, by name.
    plans: FxHashMap<String, Option<Rc<Plan>>>,
    items: Vec<Item>,
    error: Option<WireError>,
}

/// A message that is read.
struct Level {
    /// Its type, in a plan; `None` where that is unknown.
    of: Option<(Rc<Plan>, u32)>,
    depth: usize,
    path: String,
    /// The number of the group that it is.
    group: Option<u32>,
}

/// What was read so far of a message.
#[derive(Default)]
struct Seen {
    /// For each field by its index, where it was last.
    fields: FxHashMap<usize, usize>,
    /// For each oneof, which field of it was last, and where.
    oneofs: FxHashMap<u32, (usize, usize)>,
    /// The keys of map entries, where they were.
    keys: FxHashMap<(usize, String), usize>,
    /// The `type_url` of an `Any`.
    url: Option<String>,
}

/// Why a message is not read to its end.
enum Stop {
    Wire(WireError),
    /// The bytes up to the end of the enclosing message are in an item already.
    Damaged,
    /// There are too many items.
    Full,
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Wire(error)
    }
}

/// Where the parts of a record are.
struct Record<'p> {
    start: usize,
    tag: Tag,
    /// Where the value, or its length, begins.
    value: usize,
    known: Option<(usize, &'p FieldPlan, &'p FieldDetail)>,
}

impl Walk<'_> {
    /// Reads a message to the end of the cursor, or of its group. Returns where that is.
    fn message(&mut self, mut cursor: Cursor<'_>, level: &Level) -> Result<usize, Stop> {
        let mut seen = Seen::default();
        if level.of.as_ref().is_some_and(|(plan, of)| plan.types[*of as usize].is_any) {
            seen.url = any::parts(cursor.rest()).map(|(url, _)| url.to_owned());
        }
        loop {
            let start = cursor.at;
            if cursor.is_at_end() {
                let Some(number) = level.group else { break };
                return self.damaged(
                    start,
                    cursor,
                    level,
                    WireError { at: start, kind: WireErrorKind::OpenGroup(number) },
                );
            }
            if self.items.len() >= MAX_ITEMS {
                return Err(Stop::Full);
            }
            match self.record(&mut cursor, level, &mut seen) {
                Ok(true) => {}
                Ok(false) => break,
                Err(Stop::Wire(error)) => return self.damaged(start, cursor, level, error),
                Err(stop) => return Err(stop),
            }
        }
        self.absent(cursor.at, level, &seen);
        Ok(cursor.at)
    }

    /// Puts what is left of the enclosing message into an item.
    fn damaged(&mut self, start: usize, cursor: Cursor<'_>, level: &Level, error: WireError) -> Result<usize, Stop> {
        self.error.get_or_insert(error);
        let mut item = self.item(ItemKind::Damaged, start, cursor.end(), level);
        item.notes.push(format!("byte {}: {}", error.at, error.kind));
        self.items.push(item);
        Err(Stop::Damaged)
    }

    /// Puts all that was not taken apart into an item.
    fn rest(&mut self, end: usize, level: &Level) {
        let start = self.items.last().map_or(0, |item| item.end);
        let mut item = self.item(ItemKind::Rest, start, end, level);
        item.notes.push(format!("the message has more than {MAX_ITEMS} fields: the rest is not shown"));
        self.items.push(item);
    }

    fn item(&self, kind: ItemKind, at: usize, end: usize, level: &Level) -> Item {
        Item {
            at,
            end,
            depth: level.depth,
            kind,
            path: level.path.clone(),
            number: None,
            wire: None,
            field: None,
            type_name: String::new(),
            value: None,
            notes: Vec::new(),
            absent: Vec::new(),
        }
    }

    /// An item of a record, with its field.
    fn field_item(&self, kind: ItemKind, record: &Record<'_>, end: usize, level: &Level) -> Item {
        let Tag { number, wire } = record.tag;
        let name = record.known.map(|(_, _, detail)| detail.name.clone());
        let mut item = self.item(kind, record.start, end, level);
        item.path = inner_path(level, record);
        (item.number, item.wire) = (Some(number), Some(wire));
        item.type_name = record.known.map_or(String::new(), |(_, _, detail)| detail.type_name.clone());
        item.field = name;
        let length = (record.value - record.start) as u64;
        if length > tag_len(number) {
            item.notes.push(format!("the tag takes {length} bytes instead of {}", tag_len(number)));
        }
        item
    }

    /// Reads a record; `false` where that is the end of the group.
    fn record(&mut self, cursor: &mut Cursor<'_>, level: &Level, seen: &mut Seen) -> Result<bool, Stop> {
        let start = cursor.at;
        let tag = cursor.tag()?;
        let of = level.of.as_ref().map(|(plan, of)| &plan.types[*of as usize]);
        let known = of.and_then(|of| {
            let index = of.find(tag.number)?;
            Some((index, &of.fields[index], &of.details[index]))
        });
        let mut record = Record { start, tag, value: cursor.at, known };
        if tag.wire == GROUP_END {
            if level.group != Some(tag.number) {
                return Err(WireError { at: start, kind: WireErrorKind::GroupEnd(tag.number) }.into());
            }
            let mut item = self.item(ItemKind::GroupEnd, start, cursor.at, level);
            (item.number, item.wire, item.depth) = (Some(tag.number), Some(tag.wire), level.depth.saturating_sub(1));
            self.items.push(item);
            return Ok(false);
        }
        let Some((index, plan, detail)) = known else {
            self.unknown(cursor, level, &record, None)?;
            return Ok(true);
        };
        match (plan.kind, tag.wire) {
            (Kind::Unresolved, _) => {
                let note = format!("the type `{}` is not found", detail.type_name);
                self.unknown(cursor, level, &record, Some(note))?;
            }
            (Kind::Message(of), wire) if wire == plan.wire => {
                let at = self.items.len();
                let inner = level.of.as_ref().map(|(plan, _)| (Rc::clone(plan), of));
                self.content(cursor, level, &record, inner, Vec::new())?;
                self.note_order(at, index, &record, seen);
            }
            (_, LENGTH) if plan.is_packable => {
                seen.fields.insert(index, start);
                self.packed(cursor, level, &record, plan, detail)?;
            }
            (_, wire) if wire == plan.wire => {
                let at = self.items.len();
                self.scalar(cursor, level, &record, seen.url.as_deref())?;
                self.note_order(at, index, &record, seen);
            }
            (_, wire) => {
                let note = format!(
                    "`{}` is {}: wire type {} where {} is expected, kept as an unknown field",
                    detail.name, detail.type_name, wire, plan.wire
                );
                record.known = None;
                self.unknown(cursor, level, &record, Some(note))?;
            }
        }
        Ok(true)
    }

    /// Says what the record replaces; `at` is its item.
    fn note_order(&mut self, at: usize, index: usize, record: &Record<'_>, seen: &mut Seen) {
        let Some((_, plan, detail)) = record.known else { return };
        let mut notes = Vec::new();
        if detail.is_map {
            // The key is an item of the entry.
            let depth = self.items[at].depth + 1;
            let entry = self.items[at + 1..].iter().take_while(|item| item.depth >= depth);
            let key = entry
                .filter(|item| item.depth == depth && item.number == Some(1))
                .filter_map(|item| item.value.clone());
            let key = key.last().unwrap_or_default();
            if let Some(before) = seen.keys.insert((index, key), record.start) {
                notes.push(format!("replaces the entry of the same key at byte {before}"));
            }
        } else if !plan.is_repeated
            && let Some(before) = seen.fields.get(&index)
        {
            let what = if matches!(plan.kind, Kind::Message(_)) { "is merged with" } else { "replaces" };
            notes.push(format!("{what} the value at byte {before}"));
        }
        if let Some((oneof, name)) = &detail.oneof
            && let Some((other, before)) = seen.oneofs.insert(*oneof, (index, record.start))
            && other != index
        {
            notes.push(format!("replaces the value of oneof `{name}` at byte {before}"));
            seen.fields.remove(&other);
        }
        seen.fields.insert(index, record.start);
        self.items[at].notes.extend(notes);
    }

    /// The content of a message or group, of a type or of an unknown one.
    fn content(
        &mut self,
        cursor: &mut Cursor<'_>,
        level: &Level,
        record: &Record<'_>,
        of: Option<(Rc<Plan>, u32)>,
        notes: Vec<String>,
    ) -> Result<(), Stop> {
        if level.depth + 1 > MAX_DEPTH {
            return Err(WireError { at: record.start, kind: WireErrorKind::TooDeep }.into());
        }
        let is_group = record.tag.wire == GROUP_START;
        let end = if is_group { cursor.end() } else { cursor.length()? };
        let kind = if is_group { ItemKind::GroupStart } else { ItemKind::Message };
        let mut item = self.field_item(kind, record, cursor.at, level);
        if !is_group {
            note_length(&mut item, cursor.at - record.value, end - cursor.at);
            item.value = Some(format!("{} bytes", end - cursor.at));
        }
        item.notes.extend(notes);
        self.items.push(item);
        let group = is_group.then_some(record.tag.number);
        let inner = Level { of, depth: level.depth + 1, path: inner_path(level, record), group };
        match self.message(cursor.part(cursor.at, end), &inner) {
            Ok(end) => cursor.at = end,
            // What follows a message whose length is known can be read.
            Err(Stop::Damaged) if !is_group => cursor.at = end,
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    /// A value that is no message.
    fn scalar(
        &mut self,
        cursor: &mut Cursor<'_>,
        level: &Level,
        record: &Record<'_>,
        url: Option<&str>,
    ) -> Result<(), Stop> {
        let Some((_, plan, detail)) = record.known else { return Ok(()) };
        if plan.wire == LENGTH {
            return self.text(cursor, level, record, url);
        }
        let raw = raw(cursor, plan.wire)?;
        let shown = value::number(plan.kind, detail, raw);
        let mut item = self.field_item(ItemKind::Field, record, cursor.at, level);
        note_varint(&mut item, plan.wire, cursor.at - record.value, raw);
        item.value = Some(shown.text);
        item.notes.extend(shown.notes);
        if raw == 0 && is_implicit(detail) {
            item.notes.push(LEFT_OUT.to_owned());
        }
        self.items.push(item);
        Ok(())
    }

    /// A string, or bytes; the value of an `Any` is the message of its type.
    fn text(
        &mut self,
        cursor: &mut Cursor<'_>,
        level: &Level,
        record: &Record<'_>,
        url: Option<&str>,
    ) -> Result<(), Stop> {
        let Some((_, plan, detail)) = record.known else { return Ok(()) };
        let is_value_of_any =
            plan.number == 2 && level.of.as_ref().is_some_and(|(plan, of)| plan.types[*of as usize].is_any);
        if is_value_of_any && let Some(plan) = url.and_then(|url| self.plan_of(url)) {
            let note = format!("a message of type `{}`", plan.name());
            return self.content(cursor, level, record, Some((plan, 0)), vec![note]);
        }
        let end = cursor.length()?;
        let start = cursor.at;
        cursor.at = end;
        let bytes = cursor.since(start);
        let mut item = self.field_item(ItemKind::Field, record, end, level);
        note_length(&mut item, start - record.value, bytes.len());
        let text = if plan.kind == Kind::Scalar(Scalar::String) { value::string(bytes) } else { None };
        if plan.kind == Kind::Scalar(Scalar::String) && text.is_none() {
            let what = if plan.checks_utf8 { "runtimes reject the message" } else { "most runtimes keep it as it is" };
            item.notes.push(format!("not UTF-8: {what}"));
            if plan.checks_utf8 {
                self.error.get_or_insert(WireError { at: start, kind: WireErrorKind::NotUtf8 });
            }
        }
        if bytes.is_empty() && is_implicit(detail) {
            item.notes.push(LEFT_OUT.to_owned());
        }
        item.value = Some(text.unwrap_or_else(|| value::bytes(bytes)));
        self.items.push(item);
        Ok(())
    }

    fn plan_of(&mut self, url: &str) -> Option<Rc<Plan>> {
        let (name, schema) = (types::of_url(url), self.schema);
        let plan = || types::find(schema, name).ok().map(|found| Rc::new(Plan::new(schema, found)));
        self.plans.entry(name.to_owned()).or_insert_with(plan).clone()
    }

    /// Values that share a record.
    fn packed(
        &mut self,
        cursor: &mut Cursor<'_>,
        level: &Level,
        record: &Record<'_>,
        plan: &FieldPlan,
        detail: &FieldDetail,
    ) -> Result<(), Stop> {
        let end = cursor.length()?;
        let mut item = self.field_item(ItemKind::Packed, record, cursor.at, level);
        note_length(&mut item, cursor.at - record.value, end - cursor.at);
        item.value = Some(format!("{} bytes", end - cursor.at));
        self.items.push(item);
        let mut values = cursor.part(cursor.at, end);
        cursor.at = end;
        let inner = Level { of: None, depth: level.depth + 1, path: inner_path(level, record), group: None };
        while !values.is_at_end() {
            if self.items.len() >= MAX_ITEMS {
                return Err(Stop::Full);
            }
            let start = values.at;
            let Ok(raw) = raw(&mut values, plan.wire) else {
                let error = WireError { at: start, kind: WireErrorKind::Packed };
                // What follows the record can be read.
                let _ = self.damaged(start, values, &inner, error);
                return Ok(());
            };
            let shown = value::number(plan.kind, detail, raw);
            let mut item = self.item(ItemKind::Element, start, values.at, &inner);
            item.type_name.clone_from(&detail.type_name);
            note_varint(&mut item, plan.wire, values.at - start, raw);
            item.value = Some(shown.text);
            item.notes.extend(shown.notes);
            self.items.push(item);
        }
        Ok(())
    }

    /// A record that no field of the schema explains; what its value looks like is shown.
    fn unknown(
        &mut self,
        cursor: &mut Cursor<'_>,
        level: &Level,
        record: &Record<'_>,
        note: Option<String>,
    ) -> Result<(), Stop> {
        let is_typed = level.of.is_some();
        let note = note.or_else(|| is_typed.then(|| "unknown field".to_owned()));
        let notes: Vec<String> = note.into_iter().collect();
        match record.tag.wire {
            GROUP_START => return self.content(cursor, level, record, None, notes),
            LENGTH => {
                let mut ahead = *cursor;
                let end = ahead.length()?;
                let bytes = &ahead.rest()[..end - ahead.at];
                let text = std::str::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control));
                if text.is_none() && is_message(bytes) && level.depth + 1 < MAX_DEPTH {
                    return self.content(cursor, level, record, None, notes);
                }
                let mut item = self.field_item(ItemKind::Field, record, end, level);
                note_length(&mut item, ahead.at - record.value, bytes.len());
                item.value = Some(
                    text.map_or_else(|| value::bytes(bytes), |text| value::string(text.as_bytes()).unwrap_or_default()),
                );
                item.notes.extend(notes);
                cursor.at = end;
                self.items.push(item);
            }
            wire => {
                let raw = raw(cursor, wire)?;
                let mut item = self.field_item(ItemKind::Field, record, cursor.at, level);
                note_varint(&mut item, wire, cursor.at - record.value, raw);
                item.value = Some(match wire {
                    FIXED32 => format!("{raw} or {} as float", f32::from_bits(raw as u32)),
                    FIXED64 => format!("{raw} or {} as double", f64::from_bits(raw)),
                    _ => raw.to_string(),
                });
                item.notes.extend(notes);
                self.items.push(item);
            }
        }
        Ok(())
    }

    /// Says which fields a message does not have, and what they read as.
    fn absent(&mut self, at: usize, level: &Level, seen: &Seen) {
        let Some((plan, of)) = &level.of else { return };
        let of = &plan.types[*of as usize];
        let mut item = self.item(ItemKind::Absent, at, at, level);
        for (index, detail) in of.details.iter().enumerate() {
            let is_extension = detail.name.starts_with('[');
            let is_there = seen.fields.contains_key(&index) || seen.keys.keys().any(|(of, _)| *of == index);
            let is_replaced = detail.oneof.as_ref().is_some_and(|(oneof, _)| seen.oneofs.contains_key(oneof));
            if is_there || is_replaced || (is_extension && detail.presence != Presence::Required) {
                continue;
            }
            if detail.presence == Presence::Required {
                item.notes.push(format!("`{}` is required: most runtimes reject the message", detail.name));
            }
            item.absent.push((detail.name.clone(), detail.default.clone()));
        }
        if !item.absent.is_empty() {
            self.items.push(item);
        }
    }
}

fn inner_path(level: &Level, record: &Record<'_>) -> String {
    let name = record.known.map_or_else(|| record.tag.number.to_string(), |(_, _, detail)| detail.name.clone());
    if level.path.is_empty() { name } else { format!("{}.{name}", level.path) }
}
