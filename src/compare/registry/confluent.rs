//! What Confluent's registry rejects. It pairs messages by name and their fields by number, and looks into types of
//! other files. Groups, extensions, enum values, services and options are not compared.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Encoding;
use super::difference::{Change, Difference, Differences, Entry, Spot};
use super::written::{
    Held, described, fields, group_messages, held, label, label_change, map_with, message_text, oneof, oneofs,
    package_change, type_change,
};
use crate::compare::pairing::nested_name;
use crate::schema::{Element, Field, File, Label, Message, Part};

pub(super) fn rejections<'s>(writer: File<'s>, reader: File<'s>) -> Vec<Difference<'s>> {
    let mut compare = Compare {
        files: (writer, reader),
        groups: FxHashMap::default(),
        seen: FxHashSet::default(),
        found: Differences::new(writer, reader),
        waiting: Vec::new(),
    };
    if writer.package() != reader.package() {
        let spots = (Spot::new(writer, Part::PackageName), Spot::new(reader, Part::PackageName));
        compare.found.add("PACKAGE_CHANGED", spots, package_change(writer, reader), None);
    }
    compare.types(writer.messages().collect(), reader.messages().collect(), reader.into(), None);
    while let Some((from, to, entry)) = compare.waiting.pop() {
        compare.messages(from, to, entry);
    }
    compare.found.into_vec()
}

struct Compare<'s> {
    files: (File<'s>, File<'s>),
    /// The messages of groups, by file.
    groups: FxHashMap<(bool, u32), FxHashSet<u32>>,
    /// The pairs of messages that were compared, or will be.
    seen: FxHashSet<[(u32, u32); 2]>,
    found: Differences<'s>,
    waiting: Vec<(Message<'s>, Message<'s>, Entry<'s>)>,
}

impl<'s> Compare<'s> {
    /// Adds two messages of one name to those that are compared.
    fn push(&mut self, from: Message<'s>, to: Message<'s>, entry: Entry<'s>) {
        if self.seen.insert([from, to].map(|message| (message.file().index, message.index))) {
            self.waiting.push((from, to, entry));
        }
    }

    /// The messages that the registry reads among these, by their names.
    fn named(&mut self, messages: Vec<Message<'s>>, is_writer: bool) -> FxHashMap<&'s str, Message<'s>> {
        let mut named = FxHashMap::default();
        for message in messages.into_iter().filter(|message| !message.is_map_entry()) {
            let file = message.file();
            let groups = self.groups.entry((is_writer, file.index)).or_insert_with(|| group_messages(file));
            if !groups.contains(&message.index) {
                named.insert(message.name(), message);
            }
        }
        named
    }

    fn types(&mut self, writer: Vec<Message<'s>>, reader: Vec<Message<'s>>, reader_at: Element<'s>, entry: Entry<'s>) {
        let order = writer.clone();
        let (from, to) = (self.named(writer, true), self.named(reader, false));
        for message in order.into_iter().filter(|message| from.get(message.name()) == Some(message)) {
            match to.get(message.name()) {
                Some(&other) => self.push(message, other, entry),
                None => {
                    let spots = (Spot::name(message), Spot::name(reader_at));
                    self.found.add("MESSAGE_REMOVED", spots, Change::Gone(message_text(message)), entry);
                }
            }
        }
    }

    fn messages(&mut self, from: Message<'s>, to: Message<'s>, entry: Entry<'s>) {
        let by_number = |message: Message<'s>| -> FxHashMap<i32, Field<'s>> {
            fields(message).map(|field| (field.number(), field)).collect()
        };
        let (old, new) = (by_number(from), by_number(to));
        self.oneofs(from, to, &old, entry);
        // A oneof that is gone with all its fields is no difference.
        let keeps = |field: Field<'s>| {
            let oneof = oneof(field)?;
            let is_there = oneofs(to).any(|other| other.name() == oneof.name());
            Some(is_there || oneof.fields().any(|member| new.contains_key(&member.number())))
        };
        for field in fields(from) {
            let spots = (Spot::name(field), Spot::name(to));
            match new.get(&field.number()) {
                Some(&other) => self.fields(field, other, entry),
                None => match keeps(field) {
                    Some(true) => {
                        self.found.add("ONEOF_FIELD_REMOVED", spots, Change::Gone(described(field)), entry);
                    }
                    None if label(field) == Some(Label::Required) => {
                        let change = Change::Gone(format!("required {}", described(field)));
                        self.found.add("REQUIRED_FIELD_REMOVED", spots, change, entry);
                    }
                    _ => {}
                },
            }
        }
        for field in fields(to).filter(|field| !old.contains_key(&field.number())) {
            if label(field) == Some(Label::Required) {
                let change = Change::New(format!("required {}", described(field)));
                self.found.add("REQUIRED_FIELD_ADDED", (Spot::name(from), Spot::name(field)), change, entry);
            }
        }
        self.types(from.messages().collect(), to.messages().collect(), to.into(), entry);
    }

    /// Fields that exclude each other now and did not.
    fn oneofs(&mut self, from: Message<'s>, to: Message<'s>, old: &FxHashMap<i32, Field<'s>>, entry: Entry<'s>) {
        for oneof_now in oneofs(to) {
            let members: Vec<Field<'s>> =
                oneof_now.fields().filter_map(|field| old.get(&field.number()).copied()).collect();
            let (within, alone): (Vec<Field<'s>>, Vec<Field<'s>>) =
                members.into_iter().partition(|field| oneof(*field).is_some());
            let sources: FxHashSet<u32> = within.iter().filter_map(|field| Some(oneof(*field)?.index)).collect();
            if sources.len() + alone.len() < 2 {
                continue;
            }
            let code = match alone.len() {
                0 | 1 => "FIELD_MOVED_TO_EXISTING_ONEOF",
                _ => "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
            };
            let moved = if alone.is_empty() { within } else { alone };
            let names: Vec<String> = moved.iter().map(|field| format!("`{}`", field.name())).collect();
            let what = format!("{} {}", if names.len() == 1 { "field" } else { "fields" }, names.join(", "));
            let what = format!("{what} of {}", message_text(to));
            let change = Change::Joined { what, is_one: names.len() == 1, oneof: oneof_now.name().to_owned() };
            self.found.add(code, (Spot::name(from), Spot::name(oneof_now)), change, entry);
        }
    }

    fn fields(&mut self, from: Field<'s>, to: Field<'s>, entry: Entry<'s>) {
        let [old, new] = [from, to].map(map_with);
        let spots = || (Spot::new(old, Part::Type), Spot::new(new, Part::Type));
        match (held(from), held(to)) {
            // The registry does not store what imports something that it has not.
            (Held::Unknown, _) | (_, Held::Unknown) => {}
            (Held::Map(old_key, old_value), Held::Map(new_key, new_value)) => {
                self.fields(old_key, new_key, entry);
                self.fields(old_value, new_value, entry);
            }
            (one, other) => match (one.encoding(), other.encoding()) {
                (Some(one), Some(other)) if one != other => {
                    self.found.add("FIELD_SCALAR_KIND_CHANGED", spots(), type_change(from, to), entry);
                }
                (Some(Encoding::Bytes), Some(_)) => {}
                (Some(_), Some(_)) => {
                    let labels = label(from).zip(label(to)).filter(|_| !from.is_in_map_entry());
                    if labels.is_some_and(|(one, other)| one != other) {
                        self.found.add("FIELD_NUMERIC_LABEL_CHANGED", spots(), label_change(from, to), entry);
                    }
                }
                (None, None) if !from.is_map() && !to.is_map() => self.held(from, to, entry),
                _ => self.found.add("FIELD_KIND_CHANGED", spots(), type_change(from, to), entry),
            },
        }
    }

    /// Compares the messages that two fields hold: by name, and what is in another file by what it is too.
    fn held(&mut self, from: Field<'s>, to: Field<'s>, entry: Entry<'s>) {
        let spots = (Spot::new(map_with(from), Part::Type), Spot::new(map_with(to), Part::Type));
        let (Held::Message(old), Held::Message(new)) = (held(from), held(to)) else { return };
        let local = |message: Message<'s>| nested_name(message.full_name(), message.file());
        if local(old) != local(new) {
            self.found.add("FIELD_NAMED_TYPE_CHANGED", spots, type_change(from, to), entry);
        } else if (old.file(), new.file()) != self.files {
            self.push(old, new, entry.or(Some((from, to))));
        }
    }
}
