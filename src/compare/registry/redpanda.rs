//! What Redpanda's registry rejects. It compares linked descriptors: messages by full name, fields by number, and each
//! message that reads once, with the first that it is compared with. Labels other than `required`, extensions, enum
//! values, the package as such, services and options are not compared.

use rustc_hash::{FxHashMap, FxHashSet};

use super::difference::{Change, Difference, Differences, Entry, Spot};
use super::written::{described, map_with, message_text, oneof, oneofs, type_change};
use super::{Encoding, written};
use crate::schema::{Field, FieldType, File, Message, Part, Presence};

pub(super) fn rejections<'s>(writer: File<'s>, reader: File<'s>) -> Vec<Difference<'s>> {
    let mut compare = Compare {
        readers: FxHashMap::default(),
        seen: FxHashSet::default(),
        found: Differences::new(writer, reader),
        waiting: Vec::new(),
    };
    for file in reader.closure().into_iter().filter(|file| *file != reader).chain([reader]) {
        compare.readers.extend(file.messages().map(|message| (message.full_name(), message)));
    }
    let mut roots = Vec::new();
    for message in writer.messages() {
        match compare.readers.get(message.full_name()) {
            Some(&other) => roots.push((message, other, None)),
            None => compare.gone(message, Spot::name(reader), None),
        }
    }
    roots.reverse();
    compare.waiting = roots;
    // Depth first, in the order of declaration: it counts what a message is compared with first.
    while let Some((from, to, entry)) = compare.waiting.pop() {
        if compare.seen.insert((to.file().index, to.index)) {
            compare.messages(from, to, entry);
        }
    }
    compare.found.into_vec()
}

struct Compare<'s> {
    /// The messages at the top of the files that the reader reaches.
    readers: FxHashMap<&'s str, Message<'s>>,
    /// The messages of the reader that were compared.
    seen: FxHashSet<(u32, u32)>,
    found: Differences<'s>,
    waiting: Vec<(Message<'s>, Message<'s>, Entry<'s>)>,
}

impl<'s> Compare<'s> {
    fn gone(&mut self, message: Message<'s>, at: Spot<'s>, entry: Entry<'s>) {
        let map = message.parent().filter(|_| message.is_map_entry());
        let map = map.and_then(|outer| outer.fields().find(|map| map.field_type() == FieldType::Message(message)));
        let (spot, what) = match map {
            Some(map) => (Spot::name(map), format!("the entry message of map `{}`", map.name())),
            None => (Spot::name(message), message_text(message)),
        };
        self.found.add("MESSAGE_REMOVED", (spot, at), Change::Gone(what), entry);
    }

    fn messages(&mut self, from: Message<'s>, to: Message<'s>, entry: Entry<'s>) {
        let mut next = Vec::new();
        let nested = |name: &str| to.messages().find(|other| other.name() == name);
        for message in from.messages() {
            match nested(message.name()) {
                Some(other) => next.push((message, other, entry)),
                None => self.gone(message, Spot::name(to), entry),
            }
        }
        self.oneofs(from, to, entry);
        let is_required = |field: Field<'s>| field.presence() == Presence::Required;
        let (old, new) = (by_number(from), by_number(to));
        for field in from.fields() {
            match new.get(&field.number()) {
                // That its entry is gone says it all.
                Some(_) if entry_of(field).is_some_and(|entry| nested(entry.name()).is_none()) => {}
                Some(&other) => next.extend(self.fields(field, other, entry)),
                None if is_required(field) => {
                    let change = Change::Gone(format!("required {}", described(field)));
                    self.found.add("REQUIRED_FIELD_REMOVED", (Spot::name(field), Spot::name(to)), change, entry);
                }
                None => {}
            }
        }
        for field in to.fields().filter(|field| is_required(*field)) {
            match old.get(&field.number()) {
                Some(&other) if is_required(other) => {}
                Some(&other) => {
                    let change = Change::Differs {
                        what: described(field),
                        property: "label",
                        writer: written::label_text(written::label(other)),
                        reader: "`required`".to_owned(),
                    };
                    self.found.add("REQUIRED_FIELD_ADDED", (Spot::name(other), Spot::name(field)), change, entry);
                }
                None => {
                    let change = Change::New(format!("required {}", described(field)));
                    self.found.add("REQUIRED_FIELD_ADDED", (Spot::name(from), Spot::name(field)), change, entry);
                }
            }
        }
        next.reverse();
        self.waiting.extend(next);
    }

    fn oneofs(&mut self, from: Message<'s>, to: Message<'s>, entry: Entry<'s>) {
        let new = by_number(to);
        for old in oneofs(from).filter(|old| to.oneofs().any(|other| other.name() == old.name())) {
            for field in old.fields() {
                let change = match new.get(&field.number()) {
                    Some(other) if oneof(*other).is_some() => continue,
                    Some(_) => Change::Left { what: described(field), oneof: old.name().to_owned() },
                    None => Change::Gone(described(field)),
                };
                let reader = new.get(&field.number()).map_or(Spot::name(to), |other| Spot::name(*other));
                self.found.add("ONEOF_FIELD_REMOVED", (Spot::name(field), reader), change, entry);
            }
        }
        let old = by_number(from);
        for now in oneofs(to) {
            let alone = now.fields().filter_map(|field| old.get(&field.number()).copied());
            let alone: Vec<String> =
                alone.filter(|field| oneof(*field).is_none()).map(|field| format!("`{}`", field.name())).collect();
            if alone.len() > 1 {
                let what = format!("fields {} of {}", alone.join(", "), message_text(to));
                let change = Change::Joined { what, is_one: false, oneof: now.name().to_owned() };
                let spots = (Spot::name(from), Spot::name(now));
                self.found.add("MULTIPLE_FIELDS_MOVED_TO_ONEOF", spots, change, entry);
            }
        }
    }

    /// Compares two fields of one number; what they hold is compared next.
    fn fields(
        &mut self,
        from: Field<'s>,
        to: Field<'s>,
        entry: Entry<'s>,
    ) -> Option<(Message<'s>, Message<'s>, Entry<'s>)> {
        let spots = (Spot::new(map_with(from), Part::Type), Spot::new(map_with(to), Part::Type));
        let code = match (from.field_type(), to.field_type()) {
            // The registry does not store what does not link.
            (FieldType::Unresolved, _) | (_, FieldType::Unresolved) => return None,
            (FieldType::Message(old), FieldType::Message(new)) if old.name() == new.name() => {
                let is_in_file = old.file() == from.file() && new.file() == to.file();
                return Some((old, new, entry.or_else(|| (!is_in_file).then_some((from, to)))));
            }
            (FieldType::Message(_), FieldType::Message(_)) => "FIELD_NAMED_TYPE_CHANGED",
            (old, new) => match (encoding(old), encoding(new)) {
                (Some(old), Some(new)) if old == new => return None,
                (Some(_), Some(_)) => "FIELD_SCALAR_KIND_CHANGED",
                _ => "FIELD_KIND_CHANGED",
            },
        };
        self.found.add(code, spots, type_change(from, to), entry);
        None
    }
}

fn encoding(held: FieldType<'_>) -> Option<Encoding> {
    match held {
        FieldType::Scalar(scalar) => Some(Encoding::of(scalar)),
        FieldType::Enum(_) => Some(Encoding::Varint),
        FieldType::Message(_) | FieldType::Unresolved => None,
    }
}

/// The entry message of a map.
fn entry_of(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(entry) if entry.is_map_entry() => Some(entry),
        _ => None,
    }
}

fn by_number(message: Message<'_>) -> FxHashMap<i32, Field<'_>> {
    message.fields().map(|field| (field.number(), field)).collect()
}
