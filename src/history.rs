//! What releases had: the lives of messages, enums, services and what is in them, from release to release. It is made from
//! outlines of files, and does not know where these come from: no git, no files on disk, no rules.

mod builder;
mod lookup;
mod outline;
mod resolve;
mod stored;
#[cfg(test)]
mod tests;
mod track;

use rustc_hash::FxHashMap;

pub(crate) use builder::{Builder, Changed};
pub(crate) use lookup::Found;
pub(crate) use outline::{FileOutline, field_type_text, rpc_type_text};
pub(crate) use stored::Stored;
pub(crate) use track::is_same_type;

use crate::date::Date;

/// A state of the schemas that was published: a release, or a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    /// The tag, or the first digits of the commit.
    pub(crate) name: String,
    /// The other tags of the same commit, sorted.
    pub(crate) others: Vec<String>,
    /// The day it was made, in UTC.
    pub(crate) day: Date,
}

/// What is an own space of numbers or names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ContainerKind {
    Message,
    Enum,
    Service,
}

/// What distinguishes an element from the others of its container: the number of a field or a value, the name of an rpc.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Number(i32),
    Name(Box<str>),
}

/// An unbroken run of releases with one name and one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) name: Box<str>,
    /// As [`type_text`](outline::TypeOutline) writes it; empty for what has none.
    pub(crate) type_text: Box<str>,
    /// The key in JSON, where it is not the one that the name gives.
    pub(crate) json_name: Option<Box<str>>,
    /// The first state, as an index into [`History::releases`]; their number stands for the present.
    pub(crate) first: u32,
    /// The last state, counted alike.
    pub(crate) last: u32,
    /// The file that declared it in the last state, from the top of the repository.
    pub(crate) path: Box<str>,
    /// The container's name in the last state.
    pub(crate) container: Box<str>,
}

/// All lives of one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) key: Key,
    /// In the order of the releases.
    pub(crate) lives: Vec<Life>,
    /// The first state of the run of states with `deprecated = true` that lasts to its last state.
    pub(crate) deprecated_since: Option<u32>,
}

/// A message, an enum or a service, through all its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) kind: ContainerKind,
    /// One for each full name; there is at least one.
    pub(crate) lives: Vec<Life>,
    /// Fields, values or rpcs, sorted.
    pub(crate) slots: Vec<Slot>,
    /// As for [`Slot::deprecated_since`].
    pub(crate) deprecated_since: Option<u32>,
}

impl Slot {
    /// The number of a field or a value.
    pub(crate) fn number(&self) -> Option<i32> {
        match self.key {
            Key::Number(number) => Some(number),
            Key::Name(_) => None,
        }
    }

    /// What it was last.
    pub(crate) fn last(&self) -> Option<&Life> {
        self.lives.last()
    }

    /// Whether a state lay before a life in which the element was not there, though it had been there earlier.
    pub(crate) fn is_after_gap(&self, life: usize) -> bool {
        life > 0 && self.lives[life].first > self.lives[life - 1].last + 1
    }
}

impl Life {
    /// The key of a field in JSON.
    pub(crate) fn json_key(&self) -> String {
        match &self.json_name {
            Some(name) => name.to_string(),
            None => crate::schema::derived_json_name(&self.name).collect(),
        }
    }
}

impl Container {
    /// Its full name in the last state that had it.
    pub(crate) fn name(&self) -> &str {
        self.lives.last().map_or("", |life| &life.name)
    }

    /// What has that number, or that name.
    pub(crate) fn slot(&self, key: &Key) -> Option<&Slot> {
        self.slots.binary_search_by(|slot| slot.key.cmp(key)).ok().map(|at| &self.slots[at])
    }

    /// Its full name in a state that had it.
    pub(crate) fn name_at(&self, state: u32) -> &str {
        let life = self.lives.iter().find(|life| life.first <= state && state <= life.last);
        life.map_or(self.name(), |life| &life.name)
    }

    /// The last state that had it.
    pub(crate) fn last(&self) -> u32 {
        self.lives.last().map_or(0, |life| life.last)
    }
}

/// A file that a state has and that was not read for what it is: as far as is known, it is what it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnreadFile {
    pub(crate) path: Box<str>,
    /// The first and the last state of an unbroken run.
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// The releases, oldest first, and all that was in them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    pub(crate) releases: Vec<Release>,
    /// Files that do not parse, sorted by state and path.
    pub(crate) unread: Vec<UnreadFile>,
    /// The files of the last state, sorted by path, with their packages.
    files: Vec<(Box<str>, Box<str>)>,
    /// Sorted by their last names.
    pub(crate) containers: Vec<Container>,
    /// By each name that a container had, its index.
    by_name: FxHashMap<Box<str>, Vec<u32>>,
}

impl History {
    /// Brings containers into order; nothing is unread.
    fn new(releases: Vec<Release>, files: Vec<(Box<str>, Box<str>)>, mut containers: Vec<Container>) -> History {
        containers.sort_by(|one, other| {
            let key = |of: &Container| (of.kind, of.lives.first().map(|life| (life.first, life.path.clone())));
            one.name().cmp(other.name()).then_with(|| key(one).cmp(&key(other)))
        });
        let mut by_name: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
        for (index, container) in (0..).zip(&containers) {
            for life in &container.lives {
                let known = by_name.entry(life.name.clone()).or_default();
                if known.last() != Some(&index) {
                    known.push(index);
                }
            }
        }
        History { releases, unread: Vec::new(), files, containers, by_name }
    }

    /// What had that full name in the last state that had it: that of the file at `path` where several files declared it,
    /// else the one that was there last.
    pub(crate) fn container(&self, kind: ContainerKind, name: &str, path: Option<&str>) -> Option<&Container> {
        self.index_of(kind, name, path).map(|index| &self.containers[index])
    }

    /// The container that was at `path` last, else the one that was there last.
    fn best<T>(named: impl Iterator<Item = T>, path: Option<&str>, container: impl Fn(&T) -> &Container) -> Option<T> {
        named.max_by_key(|named| {
            let life = container(named).lives.last();
            let is_there = path.is_some() && life.map(|life| &*life.path) == path;
            (is_there, life.map(|life| life.last))
        })
    }

    /// All that ever had that full name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Container> {
        self.by_name.get(name).into_iter().flatten().map(|index| &self.containers[*index as usize])
    }

    /// What a state is called; `None` for the present.
    pub(crate) fn release(&self, at: u32) -> Option<&Release> {
        self.releases.get(at as usize)
    }

    /// The index that stands for the present.
    pub(crate) fn present(&self) -> u32 {
        self.releases.len() as u32
    }
}
