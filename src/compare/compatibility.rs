//! How much of what one type writes another reads, for pairs of types that lead to other pairs: the worst of all that a
//! pair leads to, found once and remembered. It does not know what is lost when.

#[cfg(test)]
mod tests;
mod walk;

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::schema::Message;
use walk::Walk;

/// How many pairs one may lead to, itself among them, before its types count as different: types that refer to each
/// other in many ways would keep us forever.
const MAX_PAIRS: usize = 10_000;
/// How many pairs are remembered at a time; there can be more only on request.
const MAX_REMEMBERED: usize = 1 << 20;

/// How much of what is written can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Compatibility {
    /// Every value.
    Full,
    /// Some values; others are cut off or refused.
    Lossy,
    /// None, or none that a program would send.
    None,
}

/// Distinguishes a message from all others: its schema, its file there and its place in that.
pub(crate) type MessageKey = (usize, u32, u32);

pub(crate) fn message_key(message: Message<'_>) -> MessageKey {
    (std::ptr::from_ref(message.file().schema).addr(), message.file().index, message.index)
}

/// Pairs of types, and which lead to which.
pub(crate) trait Pairs {
    type Pair: Copy;

    fn key(&self, pair: Self::Pair) -> (MessageKey, MessageKey);

    /// How much can be read of a pair apart from what it leads to, and that.
    fn look(&self, pair: Self::Pair) -> (Compatibility, Vec<Self::Pair>);
}

/// A pair of types as it is remembered.
type Id = (u32, u32);

/// What is known of pairs of types.
pub(crate) struct Remembered {
    most_pairs: usize,
    most_remembered: usize,
    types: FxHashMap<MessageKey, u32>,
    /// The group of each pair of which something can be read; `None` where nothing can.
    answers: FxHashMap<Id, Option<u32>>,
    groups: Vec<Group>,
    /// How often pairs were counted.
    counts: u32,
}

/// Pairs that all lead to each other.
struct Group {
    compatibility: Compatibility,
    /// How many pairs they are.
    own: usize,
    /// How many they are with all that they lead to, or a number above that and not above the most that may be.
    total: usize,
    /// Other groups that they lead to.
    next: Box<[u32]>,
    /// The last count that met the group.
    counted: u32,
}

impl Remembered {
    fn new(most_pairs: usize, most_remembered: usize) -> Remembered {
        let (types, answers) = (FxHashMap::default(), FxHashMap::default());
        Remembered { most_pairs, most_remembered, types, answers, groups: Vec::new(), counts: 0 }
    }

    /// The worst of a pair and all that it leads to; [`Compatibility::None`] where that is too much. The answer depends
    /// on the pair alone, not on what was asked before.
    pub(crate) fn compatibility<P: Pairs>(&mut self, pairs: &P, pair: P::Pair) -> Compatibility {
        if let Some(known) = self.known(pairs, pair) {
            return known;
        }
        if self.answers.len() > self.most_remembered {
            *self = Remembered::new(self.most_pairs, self.most_remembered);
        }
        Walk::new(self, pairs).run(pair);
        self.known(pairs, pair).expect("a walk answers what it began with")
    }

    /// The same where it was found before.
    pub(crate) fn known<P: Pairs>(&mut self, pairs: &P, pair: P::Pair) -> Option<Compatibility> {
        let id = self.id(pairs.key(pair));
        let answer = *self.answers.get(&id)?;
        Some(answer.map_or(Compatibility::None, |group| self.groups[group as usize].compatibility))
    }

    fn id(&mut self, (writer, reader): (MessageKey, MessageKey)) -> Id {
        let mut of = |key: MessageKey| {
            let next = self.types.len() as u32;
            *self.types.entry(key).or_insert(next)
        };
        (of(writer), of(reader))
    }

    /// Takes in a group with the groups that it leads to; `None` where these are too many pairs.
    fn group(&mut self, compatibility: Compatibility, own: usize, next: Vec<u32>) -> Option<u32> {
        let compatibility =
            next.iter().map(|&at| self.groups[at as usize].compatibility).fold(compatibility, Compatibility::max);
        // What several groups lead to is in each of their numbers.
        let mut total = self.sum(own, &next);
        if total > self.most_pairs {
            total = self.sum(own, &self.heads(&next));
        }
        if total > self.most_pairs {
            total = own + self.count(&next);
        }
        if total > self.most_pairs {
            return None;
        }
        self.groups.push(Group { compatibility, own, total, next: next.into(), counted: 0 });
        Some(self.groups.len() as u32 - 1)
    }

    fn sum(&self, own: usize, groups: &[u32]) -> usize {
        groups.iter().fold(own, |sum, &at| sum.saturating_add(self.groups[at as usize].total))
    }

    /// Groups without those that others of them lead to at once.
    fn heads(&self, groups: &[u32]) -> Vec<u32> {
        let led_to: FxHashSet<u32> =
            groups.iter().flat_map(|&at| self.groups[at as usize].next.iter().copied()).collect();
        groups.iter().copied().filter(|at| !led_to.contains(at)).collect()
    }

    /// How many pairs groups and all that they lead to are, counted until there are too many.
    fn count(&mut self, groups: &[u32]) -> usize {
        self.counts += 1;
        let (mut next, mut sum) = (groups.to_vec(), 0);
        while let Some(at) = next.pop() {
            let group = &mut self.groups[at as usize];
            if group.counted == self.counts {
                continue;
            }
            group.counted = self.counts;
            sum += group.own;
            if sum > self.most_pairs {
                break;
            }
            next.extend(&group.next);
        }
        sum
    }
}

/// What is known of pairs of messages, apart for each form and direction.
pub(crate) struct Memory([Mutex<Remembered>; 4]);

impl Default for Memory {
    fn default() -> Self {
        Memory([(); 4].map(|()| Mutex::new(Remembered::new(MAX_PAIRS, MAX_REMEMBERED))))
    }
}

impl Memory {
    /// What is known where old messages are read, or old readers read, in JSON or on the wire.
    pub(crate) fn lock(&self, is_json: bool, is_old_reader: bool) -> MutexGuard<'_, Remembered> {
        let at = usize::from(is_json) * 2 + usize::from(is_old_reader);
        self.0[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
