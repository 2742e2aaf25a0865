//! One message, enum or service followed from state to state.

use std::collections::BTreeMap;

use super::outline::ElementOutline;
use super::{Container, ContainerKind, Key, Life, Slot};

/// Stands for the last state of a life that goes on.
const OPEN: u32 = u32::MAX;

/// What is known of one so far.
pub(super) struct Track {
    pub(super) kind: ContainerKind,
    /// Where it was declared last.
    pub(super) path: Box<str>,
    lives: Vec<Life>,
    slots: BTreeMap<Key, Lives>,
    deprecated_since: Option<u32>,
}

/// What is known of one element so far.
#[derive(Default)]
struct Lives {
    lives: Vec<Life>,
    deprecated_since: Option<u32>,
}

/// What an element is in a state.
pub(super) struct Present<'o> {
    pub(super) element: &'o ElementOutline,
    pub(super) type_text: String,
}

impl Track {
    pub(super) fn new(kind: ContainerKind, path: &str) -> Track {
        Track { kind, path: path.into(), lives: Vec::new(), slots: BTreeMap::new(), deprecated_since: None }
    }

    /// What was known after so many states.
    pub(super) fn resume(container: Container, states: u32) -> Track {
        let Container { kind, mut lives, slots, deprecated_since } = container;
        let path = lives.last().map_or_else(|| "".into(), |life| life.path.clone());
        reopen(&mut lives, states);
        let slot = |Slot { key, mut lives, deprecated_since }| {
            reopen(&mut lives, states);
            (key, Lives { lives, deprecated_since })
        };
        Track { kind, path, lives, slots: slots.into_iter().map(slot).collect(), deprecated_since }
    }

    /// Its full name in the last state that had it.
    pub(super) fn name(&self) -> &str {
        self.lives.last().map_or("", |life| &life.name)
    }

    /// Whether the last state had it.
    pub(super) fn is_open(&self) -> bool {
        self.lives.last().is_some_and(|life| life.last == OPEN)
    }

    /// The state `at` has it under this name, with these elements.
    pub(super) fn meet(&mut self, at: u32, name: &str, path: &str, is_deprecated: bool, present: Vec<Present<'_>>) {
        self.path = path.into();
        self.deprecated_since = deprecated_since(self.deprecated_since, self.is_open(), is_deprecated, at);
        let life = |first| Life {
            name: name.into(),
            type_text: "".into(),
            json_name: None,
            first,
            last: OPEN,
            path: path.into(),
            container: name.into(),
        };
        go_on(&mut self.lives, at, |known| *known.name == *name, life(at));
        let is_enum = self.kind == ContainerKind::Enum;
        let mut left: BTreeMap<Key, Vec<Present<'_>>> = BTreeMap::new();
        for present in present {
            left.entry(key(self.kind, present.element)).or_default().push(present);
        }
        for (key, lives) in &mut self.slots {
            if !left.contains_key(key) {
                lives.close(at);
            }
        }
        for (key, of_number) in left {
            let lives = self.slots.entry(key).or_default();
            // Where numbers are given twice only values may be meant so: the first counts, unless it was another before.
            let known = lives.lives.last().filter(|life| life.last == OPEN).map(|life| life.name.clone());
            let kept = of_number.iter().position(|present| is_enum && Some(&present.element.name) == known.as_ref());
            let present = &of_number[kept.unwrap_or(0)];
            let element = present.element;
            let is_open = lives.is_open();
            lives.deprecated_since = deprecated_since(lives.deprecated_since, is_open, element.is_deprecated, at);
            let new = Life {
                name: element.name.clone(),
                type_text: present.type_text.as_str().into(),
                json_name: element.json_name.clone(),
                ..life(at)
            };
            let is_same =
                |known: &Life| known.name == element.name && is_same_type(&known.type_text, &present.type_text, name);
            go_on(&mut lives.lives, at, is_same, new);
        }
    }

    /// The state `at` does not have it any more.
    pub(super) fn close(&mut self, at: u32) {
        close(&mut self.lives, at);
        self.slots.values_mut().for_each(|lives| lives.close(at));
    }

    /// What is known after so many states.
    pub(super) fn finish(mut self, states: u32) -> Container {
        self.close(states);
        let slot = |(key, Lives { lives, deprecated_since })| Slot { key, lives, deprecated_since };
        Container {
            kind: self.kind,
            lives: self.lives,
            slots: self.slots.into_iter().map(slot).collect(),
            deprecated_since: self.deprecated_since,
        }
    }
}

impl Lives {
    fn is_open(&self) -> bool {
        self.lives.last().is_some_and(|life| life.last == OPEN)
    }

    fn close(&mut self, at: u32) {
        close(&mut self.lives, at);
    }
}

/// Lets the last life go on if the state `at` has the same, else begins the new one. What can change within a life is as
/// the state has it.
fn go_on(lives: &mut Vec<Life>, at: u32, is_same: impl Fn(&Life) -> bool, new: Life) {
    match lives.last_mut().filter(|life| life.last == OPEN && is_same(life)) {
        Some(life) => {
            let Life { json_name, path, container, .. } = new;
            (life.json_name, life.path, life.container) = (json_name, path, container);
        }
        None => {
            close(lives, at);
            lives.push(new);
        }
    }
}

fn close(lives: &mut [Life], at: u32) {
    if let Some(life) = lives.last_mut().filter(|life| life.last == OPEN) {
        life.last = at.saturating_sub(1);
    }
}

/// Lets what the last of so many states had go on.
fn reopen(lives: &mut [Life], states: u32) {
    if let Some(life) = lives.last_mut().filter(|life| life.last + 1 == states) {
        life.last = OPEN;
    }
}

/// The first state of a run, given that of the run so far.
fn deprecated_since(known: Option<u32>, is_open: bool, is_deprecated: bool, at: u32) -> Option<u32> {
    is_deprecated.then(|| known.filter(|_| is_open).unwrap_or(at))
}

fn key(kind: ContainerKind, element: &ElementOutline) -> Key {
    match kind {
        ContainerKind::Service => Key::Name(element.name.clone()),
        ContainerKind::Message | ContainerKind::Enum => Key::Number(element.number),
    }
}

/// Whether two types are one, where one of them may only be known as it was written: the file that declares it was
/// missing. The scope is the name of the container.
pub(crate) fn is_same_type(one: &str, other: &str, scope: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other): (Vec<&str>, Vec<&str>) = (names(one), names(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| may_be(one, other, scope))
}

/// The words of a type, names with their dots.
fn names(text: &str) -> Vec<&str> {
    text.split(|letter: char| " <>(),".contains(letter)).filter(|word| !word.is_empty()).collect()
}

/// Whether the shorter name may stand for the longer one in a scope.
fn may_be(one: &str, other: &str, scope: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if short == long {
        return true;
    }
    let Some(outer) = long.strip_suffix(short).and_then(|outer| outer.strip_suffix('.')) else { return false };
    let is_around = scope.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    is_around && short.contains(|letter: char| letter.is_ascii_uppercase() || letter == '.')
}
