//! The laws of reading messages, whatever the bytes: every byte is explained once, what is counted adds up, nothing is
//! counted of what cannot be read, and neither the order of messages nor a limit of paths changes a sum. Tests and
//! fuzzing call it; nothing else does.

use super::cost::{Cost, FieldCost, of_tally};
use super::explain::{ItemKind, explain, side_by_side};
use super::plan::Plan;
use super::read::Counter;
use super::sizes::Sizes;
use super::tally::Tally;
use super::types;
use crate::schema::{ParsedFile, Schema, parse};
use crate::source::SourceFile;

/// The schema of some files, by their names, sorted.
pub(crate) fn schema(files: &[(&str, &str)]) -> Schema {
    let parsed = |(name, text): &(&str, &str)| -> ParsedFile {
        let (mut file, _) = parse(&SourceFile::new((*name).to_owned(), (*text).to_owned()));
        file.identify((*name).to_owned(), None);
        file
    };
    Schema::link_one_root(files.iter().map(parsed).collect())
}

/// The first law that the bytes break as a message of a type, in words.
pub(crate) fn breach(schema: &Schema, type_name: &str, bytes: &[u8]) -> Option<String> {
    let Ok(message) = types::find(schema, type_name) else { return Some(format!("there is no `{type_name}`")) };
    let plan = Plan::new(schema, message);
    let explained = explain(schema, message, bytes);
    let mut at = 0;
    for item in &explained.items {
        if item.at != at || item.end < item.at || (item.end == item.at && item.kind == ItemKind::Field) {
            return Some(format!("an item is at {} after byte {at}: {item:?}", item.at));
        }
        at = item.end;
    }
    if at != bytes.len() {
        return Some(format!("{at} of {} bytes are explained", bytes.len()));
    }
    if let Some(row) = side_by_side(&explained, &explained).iter().find(|row| row.differs()) {
        return Some(format!("it differs from itself: {:?}", row.new));
    }
    let mut tally = Tally::new(&plan);
    let counted = tally.add(&plan, bytes);
    let is_whole = !explained.items.iter().any(|item| item.kind == ItemKind::Rest);
    if is_whole && counted.is_ok() != explained.error.is_none() {
        return Some(format!("counted {counted:?}, explained {:?}", explained.error));
    }
    let mut sizes = Sizes::new(&plan, &[]);
    if counted.is_ok() != sizes.add(&plan, bytes).is_ok() {
        return Some("what can be counted cannot be measured".to_owned());
    }
    // Varints may be longer than they have to be.
    if sizes.written > bytes.len() as u64 + 9 * bytes.len() as u64 {
        return Some(format!("{} bytes would be written", sizes.written));
    }
    sums(&of_tally(&plan, &tally), bytes.len(), counted.is_ok()).or_else(|| folds(&plan, bytes))
}

/// Whether the bytes of all paths are those of the message, or none.
fn sums(cost: &Cost, length: usize, is_counted: bool) -> Option<String> {
    let of_fields: u64 = cost.fields.iter().map(|field| field.tag_bytes + field.length_bytes + field.value_bytes).sum();
    let (all, wanted) = (of_fields + cost.unknown_bytes, if is_counted { length as u64 } else { 0 });
    if all != wanted || cost.bytes != wanted {
        return Some(format!("the paths have {all} bytes, the message {wanted}"));
    }
    let top: u64 = cost.fields.iter().filter(|field| field.parent.is_none()).map(|field| field.total_bytes).sum();
    if top + cost.unknown_bytes != wanted {
        return Some(format!("the totals are {top} bytes, the message {wanted}"));
    }
    let odd = cost.fields.iter().find(|field| field.messages > field.holders || field.messages > field.occurrences);
    odd.map(|field| format!("`{}` is in {} of {} messages", field.path, field.messages, field.holders))
}

/// Whether few paths have the same sums, whichever half of the message comes first.
fn folds(plan: &Plan, bytes: &[u8]) -> Option<String> {
    let halves = [bytes, &bytes[..bytes.len() / 2], &bytes[bytes.len() / 2..]];
    let count = |order: &[usize]| {
        let mut tally = Tally::with_limits(plan, 4);
        let length: usize =
            order.iter().filter(|at| tally.add(plan, halves[**at]).is_ok()).map(|at| halves[*at].len()).sum();
        (of_tally(plan, &tally), length)
    };
    let (one, length) = count(&[0, 1, 2]);
    let (other, _) = count(&[2, 1, 0]);
    let mut merged = Tally::with_limits(plan, 4);
    for half in [1, 2, 0] {
        let mut own = Tally::with_limits(plan, 4);
        let _ = own.add(plan, halves[half]);
        merged.merge(plan, own);
    }
    let merged = of_tally(plan, &merged);
    let shown = |cost: &Cost| {
        let of_field = |field: &FieldCost| {
            let bytes = [field.tag_bytes, field.length_bytes, field.value_bytes, field.occurrences, field.messages];
            (field.path.clone(), bytes, field.p99, field.mean.to_bits())
        };
        (cost.fields.iter().map(of_field).collect::<Vec<_>>(), cost.unknown_bytes, cost.payloads, cost.notes.clone())
    };
    if shown(&one) != shown(&other) || shown(&one) != shown(&merged) {
        return Some(format!("the order matters: {:?}, {:?}, {:?}", shown(&one), shown(&other), shown(&merged)));
    }
    sums(&one, length, true)
}
