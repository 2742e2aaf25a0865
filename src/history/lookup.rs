//! What a symbol means in a history: a container, an element of one, or a package or file that has containers.

use super::{Container, ContainerKind, History, Key, Slot};
use crate::nearest::nearest;

/// What a symbol stands for, as indices into [`History::containers`] and [`Container::slots`].
pub(crate) enum Found {
    /// Messages, enums and services of that full name.
    Containers(Vec<usize>),
    /// Elements, each with its container.
    Elements(Vec<(usize, usize)>),
    /// What a package or a file contains, or contained.
    Listed(Vec<usize>),
    /// Nothing; the name that is nearest to it.
    Unknown(Option<String>),
}

impl History {
    /// What may be the same under another name that was not followed: it begins where the other one ends and has half of
    /// its elements at least. With how many these are.
    pub(crate) fn heir(&self, gone: &Container) -> Option<(&Container, usize)> {
        self.alike(gone, |other| other.lives.first().is_some_and(|life| life.first == gone.last() + 1))
    }

    /// What it may have been before under another name, alike.
    pub(crate) fn origin(&self, new: &Container) -> Option<(&Container, usize)> {
        let first = new.lives.first()?.first;
        self.alike(new, |other| other.last() + 1 == first)
    }

    fn alike(&self, one: &Container, may_be: impl Fn(&Container) -> bool) -> Option<(&Container, usize)> {
        let others = self.containers.iter().filter(|other| other.kind == one.kind && may_be(other));
        let counted = others.map(|other| (other, shared_elements(one, other)));
        let most = counted.max_by_key(|(_, shared)| *shared)?;
        (most.1 > 0 && most.1 * 2 >= one.slots.len()).then_some(most)
    }

    /// Whether the types of two states are the same, though what declares them may be called something else in each.
    pub(crate) fn is_type_kept(&self, (one, of_one): (&str, u32), (other, of_other): (&str, u32)) -> bool {
        let words = |text| -> Vec<&str> { str::split_inclusive(text, [' ', '<', '>', '(', ')', ',']).collect() };
        let (one, other) = (words(one), words(other));
        one.len() == other.len()
            && one.into_iter().zip(other).all(|(one, other)| {
                let [(one, end), (other, other_end)] = [one, other].map(name_and_end);
                let declared = || Some((self.declaring(one, of_one)?, self.declaring(other, of_other)?));
                end == other_end && (one == other || declared().is_some_and(|(one, other)| one == other))
            })
    }

    /// The index of the container that had a full name last: that of the file at `path` where several files declared it.
    pub(crate) fn index_of(&self, kind: ContainerKind, name: &str, path: Option<&str>) -> Option<usize> {
        let known = self.indices_of(name).map(|index| (index, &self.containers[index]));
        let named = known.filter(|(_, container)| container.kind == kind && container.name() == name);
        History::best(named, path, |(_, container)| container).map(|(index, _)| index)
    }

    /// The index of the message or enum that had a full name in a state.
    fn declaring(&self, name: &str, state: u32) -> Option<usize> {
        let had_it = |index: &usize| {
            let container = &self.containers[*index];
            let mut lives = container.lives.iter().filter(|life| *life.name == *name);
            container.kind != ContainerKind::Service && lives.any(|life| life.first <= state && state <= life.last)
        };
        self.indices_of(name).find(had_it)
    }

    /// What a symbol stands for, under any of the names that it ever had: the full name of a container, that with the name
    /// or the number of an element behind it, a package, or a path from the top of the repository or its end.
    pub(crate) fn find(&self, symbol: &str) -> Found {
        let symbol = symbol.trim_start_matches('.');
        let named: Vec<usize> = self.indices_of(symbol).collect();
        if !named.is_empty() {
            return Found::Containers(named);
        }
        let elements = self.elements(symbol);
        if !elements.is_empty() {
            return Found::Elements(elements);
        }
        let (package, path) = (format!("{symbol}."), symbol.trim_start_matches("./"));
        let is_in = |container: &Container| {
            container.lives.iter().any(|life| life.name.starts_with(&package) || ends_with(&life.path, path))
        };
        let listed: Vec<usize> = (0..self.containers.len()).filter(|index| is_in(&self.containers[*index])).collect();
        if symbol.is_empty() || listed.is_empty() { Found::Unknown(self.near(symbol)) } else { Found::Listed(listed) }
    }

    /// The indices of all that ever had that full name.
    fn indices_of(&self, name: &str) -> impl Iterator<Item = usize> {
        self.by_name.get(name).into_iter().flatten().map(|index| *index as usize)
    }

    fn elements(&self, symbol: &str) -> Vec<(usize, usize)> {
        let Some((container, element)) = symbol.rsplit_once('.') else { return Vec::new() };
        let number = element.parse().ok().map(Key::Number);
        let is_meant =
            |slot: &Slot| Some(&slot.key) == number.as_ref() || slot.lives.iter().any(|life| *life.name == *element);
        let mut found = Vec::new();
        for index in self.indices_of(container) {
            let slots = self.containers[index].slots.iter().enumerate();
            found.extend(slots.filter(|(_, slot)| is_meant(slot)).map(|(slot, _)| (index, slot)));
        }
        found
    }

    /// The name that a symbol may be meant for: that of a container, of an element where it names its container, of a
    /// package, or of a container in another package.
    fn near(&self, symbol: &str) -> Option<String> {
        let last = |name: &str| name.rsplit('.').next() == Some(symbol);
        if let Some(container) = self.containers.iter().find(|container| last(container.name())) {
            return Some(container.name().to_owned());
        }
        if let Some((container, element)) = symbol.rsplit_once('.') {
            let slots = self.named(container).flat_map(|container| &container.slots);
            let names = slots.flat_map(|slot| slot.lives.iter().map(|life| &*life.name));
            if let Some(near) = nearest(element, names) {
                return Some(format!("{container}.{near}"));
            }
        }
        let mut names: Vec<&str> = self.containers.iter().map(Container::name).collect();
        let around = |name| str::rmatch_indices(name, '.').map(move |(dot, _)| &name[..dot]);
        names.extend(names.clone().into_iter().flat_map(around));
        names.sort_unstable();
        names.dedup();
        nearest(symbol, names).map(str::to_owned)
    }
}

/// How many elements two containers have with the same number and the same name.
fn shared_elements(one: &Container, other: &Container) -> usize {
    let has = |slot: &Slot, name: &str| slot.lives.iter().any(|life| *life.name == *name);
    let is_shared = |slot: &&Slot| {
        let same = other.slot(&slot.key);
        same.is_some_and(|same| slot.lives.iter().any(|life| has(same, &life.name)))
    };
    one.slots.iter().filter(is_shared).count()
}

/// A word of a type, and what ends it.
fn name_and_end(word: &str) -> (&str, &str) {
    word.split_at(word.trim_end_matches([' ', '<', '>', '(', ')', ',']).len())
}

/// Whether a path is another one, or ends with it.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}
