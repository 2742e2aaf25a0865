//! Finds members by name or number: fields, also by their key in JSON, enum values and reserved names. Each file sorts
//! its members once, when it is first asked for some of that kind, so that a lookup never walks a message or an enum.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::data::{FileData, Run};
use super::element::{Enum, EnumValue, Field, File, Message};
use super::json;

/// Indexes into arenas of one file; those of one message or enum stay together and are sorted.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    fields: OnceLock<Vec<u32>>,
    keys: OnceLock<Vec<u32>>,
    field_numbers: OnceLock<Vec<u32>>,
    values: OnceLock<Vec<u32>>,
    value_numbers: OnceLock<Vec<u32>>,
    reserved: OnceLock<Vec<u32>>,
}

impl Sorted {
    fn fields(&self, file: &FileData) -> &[u32] {
        let name = |at: usize| file.text(file.fields[at].name);
        self.fields.get_or_init(|| sorted(file.fields.len(), fields_of_messages(file), name))
    }

    fn keys(&self, file: &FileData) -> &[u32] {
        self.keys.get_or_init(|| sorted(file.fields.len(), fields_of_messages(file), |at| json_name(file, at)))
    }

    fn field_numbers(&self, file: &FileData) -> &[u32] {
        let number = |at: usize| file.fields[at].number;
        self.field_numbers.get_or_init(|| sorted(file.fields.len(), fields_of_messages(file), number))
    }

    fn values(&self, file: &FileData) -> &[u32] {
        let name = |at: usize| file.text(file.values[at].name);
        self.values.get_or_init(|| sorted(file.values.len(), values_of_enums(file), name))
    }

    fn value_numbers(&self, file: &FileData) -> &[u32] {
        let number = |at: usize| file.values[at].number;
        self.value_numbers.get_or_init(|| sorted(file.values.len(), values_of_enums(file), number))
    }

    fn reserved(&self, file: &FileData) -> &[u32] {
        let names = file.messages.iter().map(|message| message.reserved.names);
        let names = names.chain(file.enums.iter().map(|enumeration| enumeration.reserved.names));
        let name = |at: usize| file.text(file.reserved_names[at].name);
        self.reserved.get_or_init(|| sorted(file.reserved_names.len(), names, name))
    }
}

fn fields_of_messages(file: &FileData) -> impl Iterator<Item = Run> {
    file.messages.iter().map(|message| message.fields)
}

fn values_of_enums(file: &FileData) -> impl Iterator<Item = Run> {
    file.enums.iter().map(|enumeration| enumeration.values)
}

fn sorted<K: Ord>(count: usize, runs: impl Iterator<Item = Run>, key: impl Fn(usize) -> K) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    for run in runs {
        order[run.range()].sort_by_cached_key(|&at| key(at as usize));
    }
    order
}

/// The first of some sorted members whose key is the one wanted.
fn find<K: Ord>(sorted: &[u32], wanted: K, key: impl Fn(usize) -> K) -> Option<u32> {
    find_all(sorted, wanted, key).next()
}

/// All sorted members whose key is the one wanted, in the order of declaration.
fn find_all<K: Ord>(sorted: &[u32], wanted: K, key: impl Fn(usize) -> K) -> impl Iterator<Item = u32> {
    let start = sorted.partition_point(|&at| key(at as usize) < wanted);
    sorted[start..].iter().copied().take_while(move |&at| key(at as usize) == wanted)
}

fn json_name(file: &FileData, at: usize) -> Cow<'_, str> {
    let field = &file.fields[at];
    let derived = || Cow::Owned(json::derived(file.text(field.name)).collect());
    field.json_name.map_or_else(derived, |name| Cow::Borrowed(file.text(name)))
}

impl<'s> Message<'s> {
    fn field_at(self, index: u32) -> Field<'s> {
        Field { file: self.file, index }
    }

    /// Its field of that name, the first declared.
    pub(crate) fn field_named(self, name: &str) -> Option<Field<'s>> {
        let file = self.file.data();
        let own = &self.file.links().sorted.fields(file)[self.data().fields.range()];
        find(own, name, |at| file.text(file.fields[at].name)).map(|index| self.field_at(index))
    }

    /// Its field of that key in JSON, the first declared.
    pub(crate) fn field_keyed(self, key: &str) -> Option<Field<'s>> {
        let file = self.file.data();
        let own = &self.file.links().sorted.keys(file)[self.data().fields.range()];
        find(own, Cow::Borrowed(key), |at| json_name(file, at)).map(|index| self.field_at(index))
    }

    /// Its field of that number, the first declared.
    pub(crate) fn field_numbered(self, number: i32) -> Option<Field<'s>> {
        let file = self.file.data();
        let own = &self.file.links().sorted.field_numbers(file)[self.data().fields.range()];
        find(own, number, |at| file.fields[at].number).map(|index| self.field_at(index))
    }

    /// Whether it reserves that name.
    pub(crate) fn reserves(self, name: &str) -> bool {
        reserves(self.file, self.data().reserved.names, name)
    }
}

impl<'s> Enum<'s> {
    /// Its value of that name, the first declared.
    pub(crate) fn value_named(self, name: &str) -> Option<EnumValue<'s>> {
        let file = self.file.data();
        let own = &self.file.links().sorted.values(file)[self.data().values.range()];
        find(own, name, |at| file.text(file.values[at].name)).map(|index| EnumValue { file: self.file, index })
    }

    /// Its value of that number, the first declared.
    pub(crate) fn value_numbered(self, number: i32) -> Option<EnumValue<'s>> {
        self.values_numbered(number).next()
    }

    /// Its values of that number in the order of declaration: one, or aliases.
    pub(crate) fn values_numbered(self, number: i32) -> impl Iterator<Item = EnumValue<'s>> {
        let file = self.file.data();
        let own = &self.file.links().sorted.value_numbers(file)[self.data().values.range()];
        find_all(own, number, |at| file.values[at].number).map(move |index| EnumValue { file: self.file, index })
    }

    /// Whether it reserves that name.
    pub(crate) fn reserves(self, name: &str) -> bool {
        reserves(self.file, self.data().reserved.names, name)
    }
}

fn reserves(file: File<'_>, names: Run, name: &str) -> bool {
    let data = file.data();
    let own = &file.links().sorted.reserved(data)[names.range()];
    find(own, name, |at| data.text(data.reserved_names[at].name)).is_some()
}
