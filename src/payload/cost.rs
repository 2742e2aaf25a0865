//! What fields cost: the bytes of messages by path, and what would make them fewer.

use std::sync::Arc;

use super::advice::{self, Advice, Released};
use super::histogram::Histogram;
use super::input::{AllUnparsed, Input};
use super::plan::{Plan, TypePlan};
use super::read::{Counter, Known, Types, count};
use super::tally::{Node, Tally};
use super::wire::{MAX_DEPTH, WireError};
use crate::schema::Schema;

/// What the messages of all inputs cost.
pub(crate) struct Costs {
    /// By type, sorted by name.
    pub(crate) types: Vec<Cost>,
    pub(crate) unparsed: AllUnparsed,
}

/// What messages of a type cost.
pub(crate) struct Cost {
    pub(crate) type_name: String,
    pub(crate) payloads: u64,
    pub(crate) bytes: u64,
    /// Parents before children, in the order of declaration.
    pub(crate) fields: Vec<FieldCost>,
    pub(crate) unknown_bytes: u64,
    /// `None` where the inputs cannot be read twice.
    pub(crate) advice: Option<Vec<Advice>>,
    /// What is not counted as one would expect, and why.
    pub(crate) notes: Vec<String>,
}

/// What a field costs at a path.
pub(crate) struct FieldCost {
    /// The names of fields from the message down, with dots between.
    pub(crate) path: String,
    /// The index of the field that holds it.
    pub(crate) parent: Option<usize>,
    pub(crate) number: u32,
    pub(crate) type_name: String,
    pub(crate) occurrences: u64,
    /// How many of the messages that can have it do.
    pub(crate) messages: u64,
    /// How many messages can have it.
    pub(crate) holders: u64,
    pub(crate) tag_bytes: u64,
    pub(crate) length_bytes: u64,
    pub(crate) value_bytes: u64,
    /// With all that is below.
    pub(crate) total_bytes: u64,
    /// The mean size of an element, without tag and length.
    pub(crate) mean: f64,
    pub(crate) p99: u64,
}

impl Counter for Tally {
    fn add(&mut self, plan: &Plan, bytes: &[u8]) -> Result<(), WireError> {
        Tally::add(self, plan, bytes)
    }

    fn merge(&mut self, plan: &Plan, other: Tally) {
        Tally::merge(self, plan, other);
    }
}

/// Counts all messages of the inputs. `on_source` is called with numbers of sources that are read, each once.
pub(crate) fn cost(
    schema: &Schema,
    inputs: &[Input],
    released: Released<'_>,
    on_source: &(dyn Fn(usize) + Sync),
) -> Costs {
    let types = Types::new(schema);
    let (tallies, unparsed) = count(&types, inputs, on_source, |of| Tally::new(of.plan()));
    let mut tallies: Vec<_> = tallies.into_iter().filter(|(_, (_, tally))| tally.payloads > 0).collect();
    tallies.sort_by(|(one, _), (other, _)| one.cmp(other));
    let can_repeat = inputs.iter().all(|input| input.source.can_be_read_again());
    let plans: Vec<(&Plan, &Tally)> = tallies.iter().map(|(_, (of, tally))| (of.plan(), tally)).collect();
    let advice = can_repeat.then(|| advice::advice(&types, inputs, &plans, released));
    let mut advice = advice.into_iter().flatten();
    let of_type = |(name, (of, tally)): &(String, (Arc<Known<'_>>, Tally))| {
        let mut cost = of_tally(of.plan(), tally);
        cost.type_name.clone_from(name);
        cost.advice = if can_repeat { advice.next() } else { None };
        cost
    };
    Costs { types: tallies.iter().map(of_type).collect(), unparsed }
}

/// What a tally says of each path that occurs.
pub(super) fn of_tally(plan: &Plan, tally: &Tally) -> Cost {
    let mut totals: Vec<u64> = tally.nodes.iter().map(Node::own_bytes).collect();
    for (at, node) in tally.nodes.iter().enumerate().skip(1).rev() {
        totals[node.parent as usize] += totals[at];
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); tally.nodes.len()];
    for (at, node) in tally.nodes.iter().enumerate().skip(1).filter(|(at, node)| totals[*at] > 0 || node.records > 0) {
        children[node.parent as usize].push(at);
    }
    for below in &mut children {
        below.sort_by_key(|at| tally.nodes[*at].field);
    }
    let mut fields: Vec<FieldCost> = Vec::new();
    // Nodes that are still to come, the next one last, each with the index of what holds it.
    let mut open: Vec<(usize, Option<usize>)> = children[0].iter().rev().map(|at| (*at, None)).collect();
    while let Some((at, parent)) = open.pop() {
        let field = field_cost(plan, tally, at, totals[at], parent.map(|parent| (parent, &fields[parent])));
        let own = fields.len();
        fields.push(field);
        open.extend(children[at].iter().rev().map(|child| (*child, Some(own))));
    }
    let mut notes = plan.notes.clone();
    if tally.limit <= MAX_DEPTH {
        let limit = tally.limit;
        notes.push(format!("there are too many paths: what is more than {limit} fields deep counts as the value of the field that holds it"));
    }
    Cost {
        type_name: plan.name().to_owned(),
        payloads: tally.payloads,
        bytes: tally.bytes,
        fields,
        unknown_bytes: tally.unknown,
        advice: None,
        notes,
    }
}

fn field_cost(
    plan: &Plan,
    tally: &Tally,
    at: usize,
    total_bytes: u64,
    parent: Option<(usize, &FieldCost)>,
) -> FieldCost {
    let node = &tally.nodes[at];
    let of: &TypePlan = &plan.types[node.holder as usize];
    let (field, detail) = (&of.fields[node.field as usize], &of.details[node.field as usize]);
    FieldCost {
        path: parent.map_or_else(|| detail.name.clone(), |(_, parent)| format!("{}.{}", parent.path, detail.name)),
        parent: parent.map(|(at, _)| at),
        number: field.number,
        type_name: detail.type_name.clone(),
        occurrences: node.elements,
        messages: node.messages,
        holders: tally.holders(node),
        tag_bytes: node.tag_bytes,
        length_bytes: node.length_bytes,
        value_bytes: node.value_bytes,
        total_bytes,
        mean: if node.elements == 0 { 0.0 } else { node.sizes as f64 / node.elements as f64 },
        p99: node.histogram.as_ref().map_or(0, Histogram::p99),
    }
}
