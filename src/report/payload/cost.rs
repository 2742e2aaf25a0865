//! What fields cost, for people and for programs. It decides nothing about that.

mod html;
mod human;
mod markdown;

use serde::Serialize;

use crate::payload::cost::{Cost, Costs, FieldCost};
use crate::report::paint::Paint;

pub(crate) use html::html;
pub(crate) use human::human;
pub(crate) use markdown::markdown;

/// Where text goes.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) width: usize,
    pub(crate) unicode: bool,
    pub(crate) paint: Paint,
}

/// The messages of a type, as JSON has them.
#[derive(Serialize)]
struct CostOf<'c> {
    r#type: &'c str,
    payloads: u64,
    bytes: u64,
    unparsed: u64,
    fields: Vec<FieldOf<'c>>,
    unknown_bytes: u64,
    advice: Vec<AdviceOf<'c>>,
}

#[derive(Serialize)]
struct FieldOf<'c> {
    path: &'c str,
    number: u32,
    r#type: &'c str,
    occurrences: u64,
    messages: u64,
    tag_bytes: u64,
    length_bytes: u64,
    value_bytes: u64,
}

#[derive(Serialize)]
struct AdviceOf<'c> {
    kind: &'c str,
    message: &'c str,
    saves_bytes: u64,
}

/// A JSON object on a line for each type. What could not be read is counted with the first one, as its type is unknown.
pub(crate) fn json(costs: &Costs) -> String {
    let mut unparsed = costs.unparsed.count;
    let mut text = String::new();
    for cost in &costs.types {
        let advice = cost.advice.iter().flatten();
        let object = CostOf {
            r#type: &cost.type_name,
            payloads: cost.payloads,
            bytes: cost.bytes,
            unparsed: std::mem::take(&mut unparsed),
            fields: cost.fields.iter().map(field).collect(),
            unknown_bytes: cost.unknown_bytes,
            advice: advice
                .map(|one| AdviceOf { kind: one.kind, message: &one.message, saves_bytes: one.saves_bytes })
                .collect(),
        };
        text.push_str(&serde_json::to_string(&object).expect("texts and numbers are JSON"));
        text.push('\n');
    }
    text
}

fn field(field: &FieldCost) -> FieldOf<'_> {
    FieldOf {
        path: &field.path,
        number: field.number,
        r#type: &field.type_name,
        occurrences: field.occurrences,
        messages: field.messages,
        tag_bytes: field.tag_bytes,
        length_bytes: field.length_bytes,
        value_bytes: field.value_bytes,
    }
}

/// Fields with those below them, the largest first.
fn by_size(cost: &Cost) -> Vec<(&FieldCost, usize)> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); cost.fields.len() + 1];
    for (at, field) in cost.fields.iter().enumerate() {
        children[field.parent.map_or(0, |parent| parent + 1)].push(at);
    }
    for below in &mut children {
        below.sort_by_key(|at| std::cmp::Reverse(cost.fields[*at].total_bytes));
    }
    let mut open: Vec<(usize, usize)> = children[0].iter().rev().map(|at| (*at, 0)).collect();
    let mut rows = Vec::with_capacity(cost.fields.len());
    while let Some((at, depth)) = open.pop() {
        rows.push((&cost.fields[at], depth));
        open.extend(children[at + 1].iter().rev().map(|child| (*child, depth + 1)));
    }
    rows
}

/// A part of a whole in percent, with a digit after the point.
fn percent(part: u64, whole: u64) -> String {
    format!("{:.1} %", if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 })
}

/// A mean size.
fn mean(field: &FieldCost) -> String {
    format!("{:.1}", field.mean)
}
