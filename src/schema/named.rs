//! Finds members by name: fields, also by their key in JSON, enum values and reserved names. Each file sorts its members once, when it is first
//! asked, so that a lookup never walks a message or an enum.

use std::sync::OnceLock;

use super::data::{FileData, Run, Text};
use super::element::{Enum, EnumValue, Field, Message};
use super::json;

/// Indexes into arenas of one file; those of one message or enum stay together and are sorted by name.
#[derive(Debug, Default)]
pub(crate) struct ByName(OnceLock<Sorted>);

#[derive(Debug)]
struct Sorted {
    fields: Vec<u32>,
    keys: Vec<u32>,
    values: Vec<u32>,
    /// The values of each enum by their numbers.
    numbers: Vec<u32>,
    reserved: Vec<u32>,
}

impl ByName {
    fn of(&self, file: &FileData) -> &Sorted {
        self.0.get_or_init(|| Sorted {
            fields: sorted(file, file.fields.len(), file.messages.iter().map(|m| m.fields), |at| file.fields[at].name),
            keys: sorted_by_key(file),
            values: sorted(file, file.values.len(), file.enums.iter().map(|e| e.values), |at| file.values[at].name),
            numbers: sorted_by_number(file),
            reserved: sorted(file, file.reserved_names.len(), file.messages.iter().map(|m| m.reserved.names), |at| {
                file.reserved_names[at].name
            }),
        })
    }
}

fn sorted(file: &FileData, count: usize, runs: impl Iterator<Item = Run>, name: impl Fn(usize) -> Text) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    for run in runs {
        order[run.range()].sort_by_key(|&at| file.text(name(at as usize)));
    }
    order
}

/// The fields of each message by their keys in JSON.
fn sorted_by_key(file: &FileData) -> Vec<u32> {
    let mut order: Vec<u32> = (0..file.fields.len() as u32).collect();
    for message in &file.messages {
        order[message.fields.range()].sort_by_cached_key(|&at| json_name(file, at));
    }
    order
}

fn sorted_by_number(file: &FileData) -> Vec<u32> {
    let mut order: Vec<u32> = (0..file.values.len() as u32).collect();
    for enumeration in &file.enums {
        order[enumeration.values.range()].sort_by_key(|&at| file.values[at as usize].number);
    }
    order
}

fn json_name(file: &FileData, at: u32) -> String {
    let field = &file.fields[at as usize];
    field.json_name.map_or_else(|| json::derived(file.text(field.name)).collect(), |name| file.text(name).to_owned())
}

fn find(file: &FileData, sorted: &[u32], wanted: &str, name: impl Fn(usize) -> Text) -> Option<u32> {
    let at = sorted.partition_point(|&at| file.text(name(at as usize)) < wanted);
    sorted.get(at).copied().filter(|&at| file.text(name(at as usize)) == wanted)
}

impl<'s> Message<'s> {
    /// Its field of that name, the first declared.
    pub(crate) fn field_named(self, name: &str) -> Option<Field<'s>> {
        let file = self.file.data();
        let sorted = &self.file.links().by_name.of(file).fields[self.data().fields.range()];
        find(file, sorted, name, |at| file.fields[at].name).map(|index| Field { file: self.file, index })
    }

    /// Its field of that key in JSON, the first declared.
    pub(crate) fn field_keyed(self, key: &str) -> Option<Field<'s>> {
        let file = self.file.data();
        let sorted = &self.file.links().by_name.of(file).keys[self.data().fields.range()];
        let at = sorted.partition_point(|&at| json_name(file, at).as_str() < key);
        let found = sorted.get(at).copied().filter(|&at| json_name(file, at) == key);
        found.map(|index| Field { file: self.file, index })
    }

    /// Whether it reserves that name.
    pub(crate) fn reserves(self, name: &str) -> bool {
        let file = self.file.data();
        let sorted = &self.file.links().by_name.of(file).reserved[self.data().reserved.names.range()];
        find(file, sorted, name, |at| file.reserved_names[at].name).is_some()
    }
}

impl<'s> Enum<'s> {
    /// Its value of that name, the first declared.
    pub(crate) fn value_named(self, name: &str) -> Option<EnumValue<'s>> {
        let file = self.file.data();
        let sorted = &self.file.links().by_name.of(file).values[self.data().values.range()];
        find(file, sorted, name, |at| file.values[at].name).map(|index| EnumValue { file: self.file, index })
    }

    /// Its value of that number, the first declared.
    pub(crate) fn value_numbered(self, number: i32) -> Option<EnumValue<'s>> {
        let file = self.file.data();
        let sorted = &self.file.links().by_name.of(file).numbers[self.data().values.range()];
        let at = sorted.partition_point(|&at| file.values[at as usize].number < number);
        let found = sorted.get(at).copied().filter(|&at| file.values[at as usize].number == number);
        found.map(|index| EnumValue { file: self.file, index })
    }
}
