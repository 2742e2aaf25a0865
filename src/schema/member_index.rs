//! Finds members of one file by name or number: fields, also by their key in JSON, enum values and reserved names. The
//! members of one kind are sorted when the first of them is asked for, so that a lookup never walks a message or an enum.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::data::{FileData, Run, derived_json_name};

/// Indexes into arenas of one file; those of one message or enum stay together and are sorted.
#[derive(Debug, Default)]
pub(crate) struct MemberIndex {
    fields: OnceLock<Vec<u32>>,
    keys: OnceLock<Vec<u32>>,
    field_numbers: OnceLock<Vec<u32>>,
    values: OnceLock<Vec<u32>>,
    value_numbers: OnceLock<Vec<u32>>,
    reserved: OnceLock<Vec<u32>>,
}

impl MemberIndex {
    /// The field of that name among the `own` of a message, the first declared.
    pub(super) fn field_named(&self, file: &FileData, own: Run, name: &str) -> Option<u32> {
        find(&self.fields(file)[own.range()], name, |at| file.text(file.fields[at].name))
    }

    /// The field of that key in JSON among the `own` of a message, the first declared.
    pub(super) fn field_keyed(&self, file: &FileData, own: Run, key: &str) -> Option<u32> {
        find(&self.keys(file)[own.range()], Cow::Borrowed(key), |at| json_name(file, at))
    }

    /// The field of that number among the `own` of a message, the first declared.
    pub(super) fn field_numbered(&self, file: &FileData, own: Run, number: i32) -> Option<u32> {
        find(&self.field_numbers(file)[own.range()], number, |at| file.fields[at].number)
    }

    /// The value of that name among the `own` of an enum, the first declared.
    pub(super) fn value_named(&self, file: &FileData, own: Run, name: &str) -> Option<u32> {
        find(&self.values(file)[own.range()], name, |at| file.text(file.values[at].name))
    }

    /// The values of that number among the `own` of an enum, in the order of declaration.
    pub(super) fn values_numbered<'f>(
        &'f self,
        file: &'f FileData,
        own: Run,
        number: i32,
    ) -> impl Iterator<Item = u32> + use<'f> {
        find_all(&self.value_numbers(file)[own.range()], number, |at| file.values[at].number)
    }

    /// Whether that name is among the `own` reserved names of a message or an enum.
    pub(super) fn reserves(&self, file: &FileData, own: Run, name: &str) -> bool {
        find(&self.reserved(file)[own.range()], name, |at| file.text(file.reserved_names[at].name)).is_some()
    }

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
    let derived = || Cow::Owned(derived_json_name(file.text(field.name)).collect());
    field.json_name.map_or_else(derived, |name| Cow::Borrowed(file.text(name)))
}
