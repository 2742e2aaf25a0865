//! What the later schema has and the earlier one has not: candidates for what is gone, the likeliest first. It does not
//! compare them with it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::roots::{RootKey, RootPairs};
use super::{Comparison, own_files};
use crate::schema::{Field, File, FileIndex, Message};

/// How many types are looked at for one that stands in for a type that is gone.
const MAX_CANDIDATES: usize = 100;

/// Types of the later schema alone, by the root they lie in.
pub(crate) struct Additions<'s> {
    /// By the numbers of their fields, sorted; those that share them are sorted by name.
    messages: FxHashMap<(RootKey, Vec<i32>), Vec<Message<'s>>>,
}

impl<'s> Additions<'s> {
    pub(super) fn new(comparison: &Comparison<'s>) -> Additions<'s> {
        let roots = &comparison.names.roots;
        let known = |(file, index): (File<'_>, u32)| (file.index, index);
        let known_messages: FxHashSet<(FileIndex, u32)> =
            comparison.messages.iter().map(|pair| known((pair.after.file(), pair.after.index))).collect();
        let mut messages: FxHashMap<(RootKey, Vec<i32>), Vec<Message<'s>>> = FxHashMap::default();
        for message in own_files(comparison.after).flat_map(File::all_messages) {
            if !known_messages.contains(&known((message.file(), message.index))) {
                messages.entry((roots.key(message.file()), numbers(message))).or_default().push(message);
            }
        }
        messages.values_mut().for_each(|alike| alike.sort_by_key(|message| message.name()));
        Additions { messages }
    }

    /// Messages in the root of one that is gone whose fields have its numbers, those of its name first.
    pub(super) fn messages_like(&self, gone: Message<'_>, roots: &RootPairs) -> impl Iterator<Item = Message<'s>> {
        let numbers = numbers(gone);
        let in_root = |root: &RootKey| {
            let alike = self.messages.get(&(*root, numbers.clone())).map_or(&[][..], Vec::as_slice);
            let (before, rest) = alike.split_at(alike.partition_point(|message| message.name() < gone.name()));
            let (namesakes, after) = rest.split_at(rest.partition_point(|message| message.name() == gone.name()));
            namesakes.iter().chain(before).chain(after).take(MAX_CANDIDATES).copied()
        };
        let found: Vec<Message<'s>> = roots.keys(gone.file()).iter().flat_map(in_root).take(MAX_CANDIDATES).collect();
        found.into_iter()
    }
}

/// The numbers of a message's fields, sorted.
fn numbers(message: Message<'_>) -> Vec<i32> {
    let mut numbers: Vec<i32> = message.fields().map(Field::number).collect();
    numbers.sort_unstable();
    numbers
}
