//! The types that Karapace knows of one side, by the names that it gives them. It does not know what scopes are beyond
//! that: nested types are known by their short names too once they were compared.

use rustc_hash::FxHashMap;

use super::written::group_messages;
use crate::schema::{Enum, File, Message};

/// A message or an enum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Named<'s> {
    Message(Message<'s>),
    Enum(Enum<'s>),
}

impl<'s> Named<'s> {
    pub(super) fn name(self) -> &'s str {
        match self {
            Named::Message(message) => message.name(),
            Named::Enum(found) => found.name(),
        }
    }
}

/// What a name stands for, with the package that it was stored for.
#[derive(Clone, Copy)]
struct Record<'s> {
    package: &'s str,
    named: Named<'s>,
}

/// The types of one side.
pub(super) struct TypeNames<'s> {
    package: &'s str,
    records: FxHashMap<String, Record<'s>>,
    /// The messages of groups, by file: they are not read.
    groups: FxHashMap<u32, rustc_hash::FxHashSet<u32>>,
    /// How often a name was given to another type.
    pub(super) version: u32,
}

/// A type that was found.
pub(super) struct FoundType<'s> {
    pub(super) named: Named<'s>,
    /// Its name without its package.
    pub(super) short_name: String,
}

impl<'s> TypeNames<'s> {
    /// The types of the files that a file imports; its own are added when they are compared.
    pub(super) fn new(file: File<'s>) -> TypeNames<'s> {
        let package = file.package().unwrap_or_default();
        let mut names = TypeNames { package, records: FxHashMap::default(), groups: FxHashMap::default(), version: 0 };
        for import in file.closure().into_iter().filter(|import| *import != file && !is_known(import.name())) {
            let package = import.package().unwrap_or_default();
            for named in names.of_file(import) {
                names.add(package, package, named);
            }
        }
        names
    }

    /// The types at the top of a file.
    pub(super) fn of_file(&mut self, file: File<'s>) -> Vec<Named<'s>> {
        let messages: Vec<Message<'s>> = file.messages().collect();
        self.read(messages).into_iter().chain(file.enums().map(Named::Enum)).collect()
    }

    /// The types nested in a message.
    pub(super) fn of_message(&mut self, message: Message<'s>) -> Vec<Named<'s>> {
        let messages: Vec<Message<'s>> = message.messages().collect();
        self.read(messages).into_iter().chain(message.enums().map(Named::Enum)).collect()
    }

    fn read(&mut self, mut messages: Vec<Message<'s>>) -> Vec<Named<'s>> {
        messages.retain(|message| {
            let file = message.file();
            let groups = self.groups.entry(file.index).or_insert_with(|| group_messages(file));
            !message.is_map_entry() && !groups.contains(&message.index)
        });
        messages.into_iter().map(Named::Message).collect()
    }

    /// Adds types that are about to be compared, as if they were at the top of the file.
    pub(super) fn add_compared(&mut self, compared: &[Named<'s>]) {
        for &named in compared {
            self.add(self.package, self.package, named);
        }
    }

    fn add(&mut self, prefix: &str, package: &'s str, named: Named<'s>) {
        let mut waiting = vec![(prefix.to_owned(), named)];
        while let Some((prefix, named)) = waiting.pop() {
            let name = if prefix.is_empty() { named.name().to_owned() } else { format!("{prefix}.{}", named.name()) };
            if let Named::Message(message) = named {
                waiting.extend(self.of_message(message).into_iter().map(|nested| (name.clone(), nested)));
            }
            let former = self.records.insert(name, Record { package, named });
            if former.is_none_or(|former| former.named != named) {
                self.version += 1;
            }
        }
    }

    /// What a written name stands for in a field of the message called `scope` within the package.
    pub(super) fn find(&self, written: &str, scope: &str) -> Option<FoundType<'s>> {
        if let Some(full) = written.strip_prefix('.') {
            return self.get(full);
        }
        let is_there = |name: &&str| !name.is_empty();
        let inner = std::iter::once(scope).chain(scope.rmatch_indices('.').map(|(dot, _)| &scope[..dot]));
        let in_scopes = inner.filter(is_there).find_map(|inner| match self.package {
            "" => self.get(&format!("{inner}.{written}")),
            package => self.get(&format!("{package}.{inner}.{written}")),
        });
        let in_package =
            || Some(self.package).filter(is_there).and_then(|package| self.get(&format!("{package}.{written}")));
        in_scopes.or_else(in_package).or_else(|| self.get(written))
    }

    fn get(&self, name: &str) -> Option<FoundType<'s>> {
        let Record { package, named } = *self.records.get(name)?;
        let short = match name.strip_prefix(package) {
            // Without a package, a letter is lost.
            Some(_) => name.get(package.len() + 1..).unwrap_or_default(),
            None => name,
        };
        Some(FoundType { named, short_name: short.to_owned() })
    }
}

/// Whether the registry has a file itself; then it does not look into it.
fn is_known(path: &str) -> bool {
    ["google/protobuf/", "google/type/", "confluent/"].iter().any(|directory| path.starts_with(directory))
}
