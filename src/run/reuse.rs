//! Which numbers and names of a history were taken again for something else. What a change of type breaks is found by
//! comparing the schemas of the two releases.

use std::collections::BTreeMap;

use crate::compare::impact;
use crate::compare::pairing::{Comparison, Pair, RootPairs};
use crate::error::Error;
use crate::finding::{Direction, Layer, Verdict};
use crate::history::{Container, ContainerKind, History, Key, Life, Slot};
use crate::project::releases::Releases;
use crate::project::settings::Settings;
use crate::schema::{Field, Method, Schema};

/// A life that is a reuse of what the one before it had: indexes of the container, the slot and the life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reuse {
    pub(crate) container: usize,
    pub(crate) slot: usize,
    pub(crate) life: usize,
}

/// The two states between which a type changed, each with the file that declares the element.
type States<'h> = ((u32, &'h str), (u32, &'h str));

/// All reuses of a history, sorted.
///
/// # Errors
///
/// A release cannot be read.
pub(crate) fn reuses(settings: &Settings, releases: &Releases, history: &History) -> Result<Vec<Reuse>, Error> {
    let mut found = Vec::new();
    let mut doubtful: BTreeMap<States<'_>, Vec<Reuse>> = BTreeMap::new();
    for (at, container) in history.containers.iter().enumerate() {
        for (slot_at, slot) in container.slots.iter().enumerate() {
            for life in 1..slot.lives.len() {
                let reuse = Reuse { container: at, slot: slot_at, life };
                match by_names(container, slot, life) {
                    Some(true) => found.push(reuse),
                    Some(false) => {}
                    None => {
                        let (old, new) = (&slot.lives[life - 1], &slot.lives[life]);
                        doubtful.entry(((old.last, &old.path), (new.first, &new.path))).or_default().push(reuse);
                    }
                }
            }
        }
    }
    for (((before, old_file), (after, new_file)), reuses) in doubtful {
        let mut sources = settings.sources.clone();
        let before = releases.load(settings, before, &[old_file], &mut sources)?;
        let after = releases.load(settings, after, &[new_file], &mut sources)?;
        let comparison = Comparison::new(&before.schema, &after.schema, RootPairs::default(), true);
        found.extend(reuses.into_iter().filter(|reuse| {
            let container = &history.containers[reuse.container];
            let slot = &container.slots[reuse.slot];
            breaks(container, slot, reuse.life, &comparison)
        }));
    }
    found.sort_unstable();
    Ok(found)
}

/// Whether a life is a reuse as far as names and types alone say that; `None` where it takes a look at the types.
fn by_names(container: &Container, slot: &Slot, at: usize) -> Option<bool> {
    let (old, new) = (&slot.lives[at - 1], &slot.lives[at]);
    match container.kind {
        ContainerKind::Message if old.type_text == new.type_text => Some(false),
        ContainerKind::Message if old.name != new.name => Some(true),
        ContainerKind::Enum if old.name == new.name => Some(false),
        ContainerKind::Enum => Some(is_other_value(container, slot, old, new)),
        ContainerKind::Service if old.type_text == new.type_text => Some(false),
        ContainerKind::Message | ContainerKind::Service => None,
    }
}

/// Whether the name of a value shares no word with the one before, or is one that another value had.
fn is_other_value(container: &Container, slot: &Slot, old: &Life, new: &Life) -> bool {
    let enumeration = old.container.rsplit('.').next().unwrap_or_default();
    let others = container.slots.iter().filter(|other| other.key != slot.key);
    let had = |life: &Life| life.name == new.name && life.first < new.first;
    !impact::are_values_alike(&old.name, &new.name, enumeration) || others.flat_map(|other| &other.lives).any(had)
}

/// Whether the type of a life is one that does not read what the one before wrote, or the other way round.
fn breaks<'s>(container: &Container, slot: &Slot, at: usize, comparison: &'s Comparison<'s>) -> bool {
    let (old, new) = (&slot.lives[at - 1], &slot.lives[at]);
    match (&slot.key, container.kind) {
        (Key::Number(number), ContainerKind::Message) => {
            let fields = (field(comparison.before, old, *number), field(comparison.after, new, *number));
            let (Some(before), Some(after)) = fields else { return false };
            let pair = Pair { before, after };
            let lists = impact::cardinality_changed(pair, comparison).verdict;
            breaks_wire(impact::type_changed(pair, comparison).verdict.and(lists))
        }
        (Key::Name(name), ContainerKind::Service) => {
            let rpcs = (rpc(comparison.before, old, name), rpc(comparison.after, new, name));
            let (Some(before), Some(after)) = rpcs else { return false };
            let streams = |rpc: Method<'_>| (rpc.is_client_streaming(), rpc.is_server_streaming());
            if streams(before) != streams(after) {
                return true;
            }
            let request = before.input().zip(after.input());
            let response = before.output().zip(after.output());
            request.into_iter().chain(response).any(|(before, after)| {
                breaks_wire(impact::rpc_type_changed(Pair { before, after }, comparison).verdict)
            })
        }
        _ => false,
    }
}

/// Whether no value gets through in some direction.
fn breaks_wire(verdict: Verdict) -> bool {
    Direction::ALL.into_iter().any(|direction| verdict.has_all(Layer::Wire, direction))
}

/// The field that a life is about.
pub(crate) fn field<'s>(schema: &'s Schema, life: &Life, number: i32) -> Option<Field<'s>> {
    let messages = schema.files().flat_map(|file| file.all_messages());
    let mut named = messages.filter(|message| message.full_name() == &*life.container);
    named.find_map(|message| message.field_numbered(number)).filter(|field| field.name() == &*life.name)
}

/// The rpc that a life is about.
pub(crate) fn rpc<'s>(schema: &'s Schema, life: &Life, name: &str) -> Option<Method<'s>> {
    let services = schema.files().flat_map(|file| file.services());
    let mut named = services.filter(|service| service.full_name() == &*life.container);
    named.find_map(|service| service.methods().find(|method| method.name() == name))
}
