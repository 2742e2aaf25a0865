//! Costs as Markdown.

use std::fmt::Write;

use super::{by_size, mean, percent};
use crate::payload::cost::{Cost, Costs, FieldCost};
use crate::report::markdown::inline::{Code, Prose};
use crate::report::summary::{counted, grouped};

/// A section for each type.
pub(crate) fn markdown(costs: &Costs) -> String {
    costs.types.iter().map(of_type).collect::<Vec<_>>().join("\n")
}

fn of_type(cost: &Cost) -> String {
    let (payloads, bytes) = (counted(cost.payloads as usize, "payload"), grouped(cost.bytes as usize));
    let mut text = format!("## {}\n\n{payloads}, {bytes} bytes.\n\n", Code(&cost.type_name));
    text.push_str("| field | bytes | share | tag | length | value | present | count | mean | p99 |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (field, _) in by_size(cost) {
        text.push_str(&row(cost, field));
    }
    if cost.unknown_bytes > 0 {
        let (bytes, share) = (grouped(cost.unknown_bytes as usize), percent(cost.unknown_bytes, cost.bytes));
        let _ = writeln!(text, "\n{bytes} bytes of unknown fields, {share}.");
    }
    let advice = cost.advice.as_deref().unwrap_or_default();
    if !advice.is_empty() {
        text.push_str("\n### Advice\n\n");
    }
    for one in advice {
        let saves = match one.saves_bytes {
            0 => String::new(),
            saves => format!(": −{} ({} bytes)", percent(saves, cost.bytes), grouped(saves as usize)),
        };
        let _ = writeln!(text, "- {}{saves}", Prose(&one.message));
    }
    text
}

fn row(cost: &Cost, field: &FieldCost) -> String {
    let number = |bytes: u64| grouped(bytes as usize);
    let cells = [
        Code(&field.path).to_string(),
        number(field.total_bytes),
        percent(field.total_bytes, cost.bytes),
        number(field.tag_bytes),
        number(field.length_bytes),
        number(field.value_bytes),
        percent(field.messages, field.holders),
        number(field.occurrences),
        mean(field),
        number(field.p99),
    ];
    format!("| {} |\n", cells.join(" | "))
}
