//! What refers to the messages of the earlier schema, and to what it refers in the later one: whatever everything that
//! referred to a message refers to now has taken its place.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Comparison, Pair, own_files};
use crate::schema::{FieldType, File, Message};

/// A message of the earlier schema: its file and its place there.
type Key = (u32, u32);

#[derive(Default)]
pub(crate) struct Referrers<'s> {
    /// What the fields and rpcs that referred to a message hold now: one entry each, empty where that is no message.
    now: FxHashMap<Key, Vec<Option<Message<'s>>>>,
    /// The messages whose fields hold one.
    holders: FxHashMap<Key, Vec<Message<'s>>>,
    /// Requests and responses.
    called: FxHashSet<Key>,
}

fn key(message: Message<'_>) -> Key {
    (message.file().index, message.index)
}

impl<'s> Referrers<'s> {
    pub(super) fn new(comparison: &Comparison<'s>) -> Referrers<'s> {
        let mut referrers = Referrers::default();
        for &Pair { before, after } in &comparison.fields {
            if let FieldType::Message(old) = before.field_type() {
                let new = match after.field_type() {
                    FieldType::Message(new) => Some(new),
                    _ => None,
                };
                referrers.now.entry(key(old)).or_default().push(new);
            }
        }
        for &Pair { before, after } in &comparison.methods {
            for (old, new) in [(before.input(), after.input()), (before.output(), after.output())] {
                if let Some(old) = old {
                    referrers.now.entry(key(old)).or_default().push(new);
                }
            }
        }
        for field in own_files(comparison.before).flat_map(File::all_fields) {
            let holder = if field.is_extension() { field.extendee() } else { field.parent() };
            if let (FieldType::Message(held), Some(holder)) = (field.field_type(), holder) {
                referrers.holders.entry(key(held)).or_default().push(holder);
            }
        }
        let methods = own_files(comparison.before).flat_map(File::services).flat_map(|service| service.methods());
        for message in methods.flat_map(|method| [method.input(), method.output()]).flatten() {
            referrers.called.insert(key(message));
        }
        referrers
    }

    /// Whether there are referrers to a message, and all refer to `new` now.
    pub(crate) fn all_moved(&self, old: Message<'_>, new: Message<'_>) -> bool {
        self.now.get(&key(old)).is_some_and(|now| now.iter().all(|found| *found == Some(new)))
    }

    /// Whether fields or rpcs that are still there held a message and hold something else now.
    pub(crate) fn hold_another(&self, old: Message<'_>) -> bool {
        self.now.contains_key(&key(old))
    }

    /// Whether something else than the message itself held it: an rpc, or a field of a message that it does not hold.
    pub(crate) fn hold(&self, message: Message<'s>) -> bool {
        if self.called.contains(&key(message)) {
            return true;
        }
        let holders = self.holders.get(&key(message)).map_or(&[][..], Vec::as_slice);
        if holders.is_empty() {
            return false;
        }
        let held = held_by(message);
        holders.iter().any(|holder| !held.contains(&key(*holder)))
    }
}

/// A message, and all that it holds.
fn held_by(message: Message<'_>) -> FxHashSet<Key> {
    let (mut held, mut next) = (FxHashSet::default(), vec![message]);
    while let Some(message) = next.pop() {
        if held.insert(key(message)) {
            next.extend(message.fields().filter_map(|field| match field.field_type() {
                FieldType::Message(inner) => Some(inner),
                _ => None,
            }));
        }
    }
    held
}
