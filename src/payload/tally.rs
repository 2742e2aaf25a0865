//! Counts the bytes of messages by the path of the field that they belong to. What is counted adds up to the messages,
//! to the byte. Memory is bounded by the schema, and by a number of paths; the order of messages changes nothing.

mod fold;
mod walk;

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

use super::histogram::Histogram;
use super::plan::{NONE, Plan};
use super::wire::{MAX_DEPTH, WireError};

/// How many paths are kept apart.
const MAX_NODES: usize = 1 << 16;
/// How many places for paths below others there are.
const MAX_SLOTS: usize = 1 << 22;
/// How many different texts of a field are counted.
pub(super) const MAX_TEXTS: usize = 64;

/// Messages of one type, counted.
pub(super) struct Tally {
    /// Parents before children; the first one is the message itself.
    pub(super) nodes: Vec<Node>,
    /// For each node with fields below it, their nodes in the order of the type's fields.
    slots: Vec<u32>,
    /// How deep paths are kept apart. What is deeper counts as the value of the field that holds it.
    pub(super) limit: usize,
    /// The number of the message that was last read.
    serial: u64,
    pub(super) payloads: u64,
    pub(super) bytes: u64,
    pub(super) unknown: u64,
    /// For each field of the plan, what is counted wherever it is.
    pub(super) stats: Vec<FieldStats>,
    max_nodes: usize,
}

/// A path.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) parent: u32,
    /// The type that has the field, and its index there.
    pub(super) holder: u32,
    pub(super) field: u32,
    pub(super) depth: u32,
    /// Where its fields are among the slots.
    slots: u32,
    /// The elements: of a repeated field, each of them.
    pub(super) elements: u64,
    /// The records, each with a tag.
    pub(super) records: u64,
    /// The messages that have it at least once.
    pub(super) messages: u64,
    pub(super) tag_bytes: u64,
    pub(super) length_bytes: u64,
    pub(super) value_bytes: u64,
    /// The bytes of all elements, without tags and lengths, what is below included.
    pub(super) sizes: u64,
    /// The message in which it was last.
    last: u64,
    pub(super) histogram: Option<Histogram>,
}

/// What is counted of a field, whatever the path.
#[derive(Clone, Default)]
pub(super) struct FieldStats {
    /// The bytes of its values as `sint32` or `sint64`, where they are `int32` or `int64`.
    pub(super) zigzag: u64,
    pub(super) negative: u64,
    /// How often it is where paths are not kept apart.
    pub(super) folded: u64,
    pub(super) texts: Texts,
}

/// How often texts occur, by their hashes.
#[derive(Clone, Default)]
pub(super) struct Texts {
    counts: FxHashMap<u64, u64>,
    are_many: bool,
}

impl Texts {
    fn add(&mut self, bytes: &[u8], times: u64) {
        if self.are_many {
            return;
        }
        let mut hasher = FxHasher::default();
        hasher.write(bytes);
        hasher.write_usize(bytes.len());
        let count = self.counts.entry(hasher.finish()).or_default();
        *count = count.wrapping_add(times);
        self.check();
    }

    fn check(&mut self) {
        if self.counts.len() > MAX_TEXTS {
            (self.counts, self.are_many) = (FxHashMap::default(), true);
        }
    }

    fn merge(&mut self, other: &Texts) {
        self.are_many |= other.are_many;
        if self.are_many {
            self.counts = FxHashMap::default();
            return;
        }
        for (hash, count) in &other.counts {
            let own = self.counts.entry(*hash).or_default();
            *own = own.wrapping_add(*count);
        }
        self.check();
    }

    /// How many different texts there are, unless these are many.
    pub(super) fn distinct(&self) -> Option<usize> {
        (!self.are_many).then(|| self.counts.values().filter(|count| **count > 0).count())
    }
}

impl Tally {
    pub(super) fn new(plan: &Plan) -> Tally {
        Tally::with_limits(plan, MAX_NODES)
    }

    pub(super) fn with_limits(plan: &Plan, max_nodes: usize) -> Tally {
        let root = Node::new(NONE, 0, NONE, 0);
        Tally {
            nodes: vec![root],
            slots: Vec::new(),
            limit: MAX_DEPTH + 1,
            serial: 0,
            payloads: 0,
            bytes: 0,
            unknown: 0,
            stats: vec![FieldStats::default(); plan.fields as usize],
            max_nodes,
        }
    }

    /// Counts a message; one that cannot be read is not counted.
    pub(super) fn add(&mut self, plan: &Plan, bytes: &[u8]) -> Result<(), WireError> {
        loop {
            match walk::walk(self, plan, bytes, 1) {
                Ok(()) => {
                    self.payloads += 1;
                    self.bytes += bytes.len() as u64;
                    return Ok(());
                }
                // The same way back takes away what was counted, and ends at the same place.
                Err(walk::Stop::Wire(error)) => {
                    let _ = walk::walk(self, plan, bytes, u64::MAX);
                    return Err(error);
                }
                Err(walk::Stop::Full) => {
                    let _ = walk::walk(self, plan, bytes, u64::MAX);
                    let limit = self.limit.min(self.deepest() + 1) - 1;
                    self.fold_to(plan, limit);
                }
            }
        }
    }

    fn deepest(&self) -> usize {
        self.nodes.iter().map(|node| node.depth as usize).max().unwrap_or_default()
    }

    /// The node of a field below another one, if it is there.
    fn child(&self, node: u32, field: u32) -> Option<u32> {
        let slots = self.nodes[node as usize].slots;
        let child = *self.slots.get((slots as usize).checked_add(field as usize)?)?;
        (slots != NONE && child != NONE).then_some(child)
    }

    /// How many elements there are of what holds a field: messages that may have it.
    pub(super) fn holders(&self, node: &Node) -> u64 {
        if node.parent == 0 { self.payloads } else { self.nodes[node.parent as usize].elements }
    }
}

impl Node {
    fn new(parent: u32, holder: u32, field: u32, depth: u32) -> Node {
        Node {
            parent,
            holder,
            field,
            depth,
            slots: NONE,
            elements: 0,
            records: 0,
            messages: 0,
            tag_bytes: 0,
            length_bytes: 0,
            value_bytes: 0,
            sizes: 0,
            last: 0,
            histogram: None,
        }
    }

    /// All bytes that are counted here.
    pub(super) fn own_bytes(&self) -> u64 {
        self.tag_bytes + self.length_bytes + self.value_bytes
    }
}
