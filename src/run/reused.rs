//! Which numbers and names of a history were given to something else: by names and types where these say it, else by
//! what the schemas of both releases make of each other's data. It does not know where schemas come from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::compare::impact;
use crate::compare::pairing::{Comparison, Pair, RootPairs};
use crate::error::Error;
use crate::finding::Layer;
use crate::history::{Container, ContainerKind, History, Key, Life, Slot};
use crate::project::load::Loaded;
use crate::project::sides::RootMatches;
use crate::schema::{Field, FieldType, Message, Scalar, Schema};

/// Lives of a history that have a number or a name which was something else before.
#[derive(Default)]
pub(crate) struct Reuses {
    /// By container, slot and life.
    lives: BTreeSet<(usize, usize, usize)>,
    /// Elements that could not be compared, and why not.
    pub(crate) notes: Vec<Error>,
}

/// Reads files of a state.
pub(crate) trait Load: Fn(u32, &[&str]) -> Result<Loaded, Error> + Sync {}

impl<F: Fn(u32, &[&str]) -> Result<Loaded, Error> + Sync> Load for F {}

/// A life of an element and the one before.
#[derive(Clone, Copy)]
struct Step<'h> {
    at: (usize, usize, usize),
    container: &'h Container,
    key: &'h Key,
    old: &'h Life,
    new: &'h Life,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Same,
    Reused,
    /// The schemas decide it.
    Open,
}

impl Reuses {
    /// Finds those of some elements, given by the indices of container and slot. `load` reads some files of a state with
    /// what they import; all of it where none is named.
    pub(crate) fn new(history: &History, slots: &[(usize, usize)], load: impl Load) -> Reuses {
        let mut reuses = Reuses::default();
        let mut open: BTreeMap<(u32, u32), Vec<Step<'_>>> = BTreeMap::new();
        for &(container_at, slot_at) in slots {
            let container = &history.containers[container_at];
            let slot = &container.slots[slot_at];
            for (life, pair) in slot.lives.windows(2).enumerate() {
                let at = (container_at, slot_at, life + 1);
                let step = Step { at, container, key: &slot.key, old: &pair[0], new: &pair[1] };
                match step.kind(history) {
                    Kind::Same => {}
                    Kind::Reused => drop(reuses.lives.insert(at)),
                    Kind::Open => open.entry((step.old.last, step.new.first)).or_default().push(step),
                }
            }
        }
        let compared: Vec<_> = open.into_par_iter().map(|(states, steps)| compare(states, steps, &load)).collect();
        for (lives, error) in compared {
            reuses.lives.extend(lives);
            reuses.notes.extend(error);
        }
        reuses
    }

    /// Whether a life of an element has what was something else before.
    pub(crate) fn has(&self, container: usize, slot: usize, life: usize) -> bool {
        self.lives.contains(&(container, slot, life))
    }

    /// The elements with such a life, by the indices of the container and the slot.
    pub(crate) fn slots(&self) -> BTreeSet<(usize, usize)> {
        self.lives.iter().map(|&(container, slot, _)| (container, slot)).collect()
    }
}

impl Step<'_> {
    fn kind(self, history: &History) -> Kind {
        let Step { container, old, new, .. } = self;
        match container.kind {
            ContainerKind::Enum => self.kind_of_value(),
            _ if history.is_type_kept((&old.type_text, old.last), (&new.type_text, new.first)) => Kind::Same,
            ContainerKind::Message if old.name != new.name => Kind::Reused,
            ContainerKind::Message => match (Scalar::find(&old.type_text), Scalar::find(&new.type_text)) {
                (Some(old), Some(new)) if impact::have_same_bytes(old, new) => Kind::Same,
                (Some(_), Some(_)) => Kind::Reused,
                _ => Kind::Open,
            },
            ContainerKind::Service => Kind::Open,
        }
    }

    /// A value that has another name is another one where that was the name of another value, or has no word in common
    /// with the old one.
    fn kind_of_value(self) -> Kind {
        let Step { container, key, old, new, .. } = self;
        let is_earlier = |life: &Life| life.name == new.name && life.first < new.first;
        let others = container.slots.iter().filter(|slot| slot.key != *key);
        let was_another = others.flat_map(|slot: &Slot| &slot.lives).any(is_earlier);
        let enumeration = new.container.rsplit('.').next().unwrap_or_default();
        match old.name == new.name {
            true => Kind::Same,
            false if was_another || !impact::are_values_alike(&old.name, &new.name, enumeration) => Kind::Reused,
            false => Kind::Same,
        }
    }
}

/// Which of the steps between two states are reuses, by the schemas; and what could not be compared.
fn compare(
    (before, after): (u32, u32),
    mut steps: Vec<Step<'_>>,
    load: &impl Load,
) -> (Vec<(usize, usize, usize)>, Option<Error>) {
    let (mut reused, mut unknown) = (Vec::new(), Vec::new());
    // A file may have moved, or been renamed, since: then all files are read.
    for reads_all in [false, true] {
        let files = |life: for<'s> fn(&'s Step<'_>) -> &'s Life| -> Vec<&str> {
            if reads_all { Vec::new() } else { steps.iter().map(|step| &*life(step).path).collect() }
        };
        let (old, new) = (files(|step| step.old), files(|step| step.new));
        let (before, after) = rayon::join(|| load(before, &old), || load(after, &new));
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (Err(error), _) | (_, Err(error)) => return (reused, Some(error)),
        };
        let matches = RootMatches::new(&before, &after, Path::to_owned);
        let roots = RootPairs::new(&matches.later, matches.count);
        let comparison = Comparison::new(&before.schema, &after.schema, roots, true);
        let elements = Pair { before: Elements::new(&before.schema), after: Elements::new(&after.schema) };
        steps.retain(|step| match elements.is_incompatible(step, &comparison) {
            Outcome::Incompatible => {
                reused.push(step.at);
                false
            }
            Outcome::Compatible => false,
            Outcome::UnknownType => {
                unknown.push(format!("`{}.{}`", step.new.container, step.new.name));
                false
            }
            Outcome::NotFound => true,
        });
        if steps.is_empty() {
            break;
        }
    }
    unknown.extend(steps.iter().map(|step| format!("`{}.{}`", step.new.container, step.new.name)));
    (reused, not_compared(&unknown))
}

/// What is said of elements of which a type is not known.
fn not_compared(unknown: &[String]) -> Option<Error> {
    let first = unknown.first()?;
    let names = match unknown.len() {
        1 => first.clone(),
        count => format!("{first} and {} more", count - 1),
    };
    let error = Error::new(format!("{names} changed type, and what it was or is was not found in the schemas"));
    Some(error.help("add the directory that contains it: `includes: [DIR]` in protolint.yaml"))
}

/// Messages and services of a schema by name.
struct Elements<'s> {
    schema: &'s Schema,
    messages: FxHashMap<&'s str, Message<'s>>,
}

impl<'s> Elements<'s> {
    fn new(schema: &'s Schema) -> Elements<'s> {
        let messages = schema.files().flat_map(|file| file.all_messages());
        let mut by_name: FxHashMap<&str, Message<'_>> = FxHashMap::default();
        for message in messages {
            by_name.entry(message.full_name()).or_insert(message);
        }
        Elements { schema, messages: by_name }
    }

    fn field(&self, container: &str, number: i32) -> Option<Field<'s>> {
        self.messages.get(container)?.field_numbered(number)
    }

    /// What an rpc takes and gives, as far as these types are declared.
    fn rpc(&self, service: &str, name: &str) -> Option<[Option<Message<'s>>; 2]> {
        let mut services = self.schema.files().flat_map(|file| file.services());
        let service = services.find(|found| found.full_name() == service)?;
        let rpc = service.methods().find(|rpc| rpc.name() == name)?;
        Some([rpc.input(), rpc.output()])
    }
}

/// What two schemas make of each other's data for an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Compatible,
    /// Data that one side writes is not read by the other.
    Incompatible,
    /// A type is declared nowhere.
    UnknownType,
    /// A side does not have the element.
    NotFound,
}

impl<'s> Pair<Elements<'s>> {
    fn is_incompatible(&self, step: &Step<'_>, comparison: &'s Comparison<'s>) -> Outcome {
        let Step { key, old, new, container, .. } = *step;
        let of_new = container.name_at(new.first);
        match key {
            Key::Number(number) => {
                let before = self.before.field(&old.container, *number);
                let Some((before, after)) = before.zip(self.after.field(of_new, *number)) else {
                    return Outcome::NotFound;
                };
                let is_unknown = [before, after].iter().any(|field| field.field_type() == FieldType::Unresolved);
                match impact::is_incompatible_on_wire(Pair { before, after }, comparison) {
                    true => Outcome::Incompatible,
                    false if is_unknown => Outcome::UnknownType,
                    false => Outcome::Compatible,
                }
            }
            Key::Name(name) => {
                let before = self.before.rpc(&old.container, name);
                let Some((before, after)) = before.zip(self.after.rpc(of_new, name)) else {
                    return Outcome::NotFound;
                };
                let mut outcome = Outcome::Compatible;
                for pair in before.into_iter().zip(after) {
                    match pair {
                        (Some(before), Some(after)) => {
                            let impact = impact::rpc_type_changed(Pair { before, after }, comparison);
                            let on_wire = impact.verdict.on(&[Layer::Wire]);
                            if !on_wire.is_empty() && !on_wire.is_lossy() {
                                return Outcome::Incompatible;
                            }
                        }
                        _ => outcome = Outcome::UnknownType,
                    }
                }
                outcome
            }
        }
    }
}
