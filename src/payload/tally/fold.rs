//! Brings tallies together, and gives up deep paths where there are too many. How deep paths are kept apart is the most
//! that all messages together allow, whichever was counted first.

use super::{MAX_SLOTS, Node, Tally};
use crate::payload::plan::{NONE, Plan};

impl Tally {
    /// Keeps paths apart only up to a depth, and not deeper than what the most of paths allows.
    pub(super) fn fold_to(&mut self, plan: &Plan, limit: usize) {
        self.limit = self.limit.min(limit.max(1));
        let (mut paths, mut slots) = (vec![0_usize; self.limit + 1], vec![0_usize; self.limit + 1]);
        for node in &self.nodes {
            if let Some(count) = paths.get_mut(node.depth as usize) {
                *count += 1;
            }
            if let Some(count) = slots.get_mut(node.depth as usize + 1).filter(|_| node.slots != NONE) {
                *count += self.fields_below(plan, node);
            }
        }
        let (mut all_paths, mut all_slots) = (0, 0);
        for depth in 0..=self.limit {
            all_paths += paths[depth];
            all_slots += slots[depth];
            if depth > 1 && (all_paths > self.max_nodes + 1 || all_slots > MAX_SLOTS) {
                self.limit = depth - 1;
                break;
            }
        }
        if self.nodes.iter().any(|node| node.depth as usize > self.limit) {
            self.rebuild(plan);
        }
    }

    /// How many fields the message of a node has.
    fn fields_below(&self, plan: &Plan, node: &Node) -> usize {
        let of = if node.field == NONE { Some(0) } else { plan.message_of(node.holder, node.field) };
        of.map_or(0, |of| plan.types[of as usize].fields.len())
    }

    /// Counts deeper nodes as values of the node above them that is kept.
    fn rebuild(&mut self, plan: &Plan) {
        let old = std::mem::take(&mut self.nodes);
        self.slots.clear();
        // Where each node went.
        let mut new: Vec<u32> = Vec::with_capacity(old.len());
        for node in old {
            let Some(&parent) = new.get(node.parent as usize) else {
                self.nodes.push(Node { slots: NONE, ..node });
                new.push(0);
                continue;
            };
            if node.depth as usize <= self.limit {
                let fields = plan.types[node.holder as usize].fields.len();
                let index = self.add_node(parent, node.holder, node.field, fields);
                self.nodes[index as usize] = Node { parent, slots: NONE, ..node };
                new.push(index);
                continue;
            }
            let kept = &mut self.nodes[parent as usize];
            kept.value_bytes = kept.value_bytes.wrapping_add(node.tag_bytes);
            kept.value_bytes = kept.value_bytes.wrapping_add(node.length_bytes);
            kept.value_bytes = kept.value_bytes.wrapping_add(node.value_bytes);
            let first = plan.types[node.holder as usize].first;
            let folded = &mut self.stats[(first + node.field) as usize].folded;
            *folded = folded.wrapping_add(node.records);
            new.push(parent);
        }
    }

    /// Adds what another one counted.
    pub(in crate::payload) fn merge(&mut self, plan: &Plan, mut other: Tally) {
        let limit = self.limit.min(other.limit);
        self.fold_to(plan, limit);
        other.fold_to(plan, limit);
        let mut new: Vec<u32> = Vec::with_capacity(other.nodes.len());
        for node in &other.nodes {
            let index = match new.get(node.parent as usize) {
                None => 0,
                Some(&parent) => self.child(parent, node.field).unwrap_or_else(|| {
                    let fields = plan.types[node.holder as usize].fields.len();
                    self.add_node(parent, node.holder, node.field, fields)
                }),
            };
            self.nodes[index as usize].merge(node);
            new.push(index);
        }
        for (own, other) in self.stats.iter_mut().zip(&other.stats) {
            own.zigzag = own.zigzag.wrapping_add(other.zigzag);
            own.negative = own.negative.wrapping_add(other.negative);
            own.folded = own.folded.wrapping_add(other.folded);
            own.texts.merge(&other.texts);
        }
        self.payloads += other.payloads;
        self.bytes += other.bytes;
        self.unknown = self.unknown.wrapping_add(other.unknown);
        self.serial = self.serial.max(other.serial);
        let limit = self.limit;
        self.fold_to(plan, limit);
    }
}

impl Node {
    fn merge(&mut self, other: &Node) {
        let counts = [
            (&mut self.elements, other.elements),
            (&mut self.records, other.records),
            (&mut self.messages, other.messages),
            (&mut self.tag_bytes, other.tag_bytes),
            (&mut self.length_bytes, other.length_bytes),
            (&mut self.value_bytes, other.value_bytes),
            (&mut self.sizes, other.sizes),
        ];
        for (own, other) in counts {
            *own = own.wrapping_add(other);
        }
        match (&mut self.histogram, &other.histogram) {
            (Some(own), Some(other)) => own.merge(other),
            (own @ None, Some(other)) => *own = Some(other.clone()),
            _ => {}
        }
    }
}
