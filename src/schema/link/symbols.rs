//! All names that other elements may refer to, from many files at once. It says which files know a name, not which
//! of them may be seen.

use rustc_hash::FxHashMap;

use super::Target;
use super::files::Files;
use crate::schema::data::{FileData, FileIndex};

/// Full names and what they stand for.
pub(super) struct Symbols<'f> {
    first: FxHashMap<&'f str, u32>,
    entries: Vec<Entry>,
    /// The package of each file that has one, sorted.
    packages: Vec<(&'f str, FileIndex)>,
}

#[derive(Clone, Copy)]
struct Entry {
    target: Target,
    /// The next entry of the same name.
    next: Option<u32>,
}

impl<'f> Symbols<'f> {
    /// The names of the files at `indexes`, which are in order.
    pub(super) fn new(files: Files<'f>, indexes: &[FileIndex]) -> Symbols<'f> {
        let all = || indexes.iter().map(|&at| (at, files.data(at)));
        let count = all().map(|(_, file)| file.messages.len() + file.enums.len() + file.services.len()).sum();
        let package = |(at, file): (FileIndex, &'f FileData)| Some((file.text(file.package?), at));
        let mut packages: Vec<(&str, FileIndex)> = all().filter_map(package).collect();
        packages.sort_unstable();
        let mut symbols = Symbols { first: FxHashMap::default(), entries: Vec::with_capacity(count), packages };
        symbols.first.reserve(count);
        for (at, file) in all() {
            symbols.add_file(at, file);
        }
        symbols
    }

    fn add_file(&mut self, at: FileIndex, file: &'f FileData) {
        for (index, message) in (0..).zip(&file.messages) {
            self.add(file.text(message.full_name), Target::Message(at, index));
        }
        for (index, enumeration) in (0..).zip(&file.enums) {
            self.add(file.text(enumeration.full_name), Target::Enum(at, index));
        }
        for (index, service) in (0..).zip(&file.services) {
            self.add(file.text(service.full_name), Target::Service(at, index));
        }
    }

    fn add(&mut self, name: &'f str, target: Target) {
        let at = self.entries.len() as u32;
        // The first of a name stays first, so that the earlier file is the one that counts.
        self.entries.push(Entry { target, next: None });
        let first = *self.first.entry(name).or_insert(at);
        if first != at {
            self.entries[at as usize].next = self.entries[first as usize].next;
            self.entries[first as usize].next = Some(at);
        }
    }

    /// The files of the package of that name, and of those within it.
    pub(super) fn files_within(&self, name: &str) -> impl Iterator<Item = FileIndex> {
        let from = self.packages.partition_point(|(package, _)| *package < name);
        let starts = self.packages[from..].iter().take_while(move |(package, _)| package.starts_with(name));
        starts
            .filter(move |(package, _)| matches!(package.as_bytes().get(name.len()), None | Some(b'.')))
            .map(|(_, at)| *at)
    }

    /// All that `name` stands for, the first declared first.
    pub(super) fn get(&self, name: &str) -> impl Iterator<Item = Target> {
        let mut next = self.first.get(name).copied();
        std::iter::from_fn(move || {
            let entry = self.entries[next? as usize];
            next = entry.next;
            Some(entry.target)
        })
    }
}
