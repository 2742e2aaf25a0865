//! What would make messages smaller, each with the bytes that it saves: found by what was counted, and then measured by
//! the sizes that all messages would have. Values are neither kept nor shown.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::input::Input;
use super::plan::{FieldPlan, Kind, NONE, Plan, TypePlan};
use super::read::{Known, Types, count};
use super::sizes::{Candidate, Change, LANES, Sizes};
use super::tally::Tally;
use super::wire::tag_len;
use crate::schema::Scalar;

/// What would make messages smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) saves_bytes: u64,
}

/// Which messages are released, so that their numbers cannot change.
#[derive(Clone, Copy)]
pub(crate) enum Released<'a> {
    /// Those that a base has, by full name.
    By(&'a (dyn Fn(&str) -> bool + Sync)),
    /// None.
    Nothing,
    /// All, as there is no base to say.
    Everything,
}

impl Released<'_> {
    fn has(self, message: &str) -> bool {
        match self {
            Released::By(has) => has(message),
            Released::Nothing => false,
            Released::Everything => true,
        }
    }
}

/// How many fields of a message are swapped at most.
const MAX_SWAPS: usize = 3;
/// How often a text occurs at least, on average, that could be a value of an enum.
const MIN_REPEATS: u64 = 4;

/// How long such texts are at most, on average.
const MAX_TEXT: u64 = 40;

/// What was counted of a field of a type, wherever it is.
#[derive(Clone, Copy, Default)]
struct Use {
    elements: u64,
    records: u64,
    messages: u64,
    value_bytes: u64,
}

/// What would make messages of each type smaller, in the order of the plans.
pub(super) fn advice(
    types: &Types<'_>,
    inputs: &[Input],
    plans: &[(&Plan, &Tally)],
    released: Released<'_>,
) -> Vec<Vec<Advice>> {
    let candidates: Vec<Vec<Candidate>> = plans.iter().map(|(plan, tally)| candidates(plan, tally, released)).collect();
    let by_name: FxHashMap<&str, &Vec<Candidate>> =
        plans.iter().zip(&candidates).map(|((plan, _), candidates)| (plan.name(), candidates)).collect();
    let mut saved: FxHashMap<String, [i64; LANES]> = FxHashMap::default();
    if candidates.iter().any(|candidates| !candidates.is_empty()) {
        let new = |of: &Known<'_>| {
            let candidates = by_name.get(of.message.full_name()).map_or(&[][..], |candidates| candidates);
            Sizes::new(of.plan(), candidates)
        };
        let (sizes, _) = count(types, inputs, &|_| (), new);
        saved = sizes.into_iter().map(|(name, (_, sizes))| (name, sizes.saved())).collect();
    }
    let of_type = |((plan, tally), candidates): (&(&Plan, &Tally), Vec<Candidate>)| {
        let saved = saved.get(plan.name()).copied().unwrap_or_default();
        let measured = candidates.into_iter().zip(saved).filter_map(|(candidate, saved)| {
            let saves_bytes = u64::try_from(saved).ok().filter(|saved| *saved > 0)?;
            Some(Advice { kind: candidate.kind, message: candidate.message, saves_bytes })
        });
        let mut advice: Vec<Advice> = measured.collect();
        advice.sort_by(|one, other| {
            (Reverse(one.saves_bytes), &one.message).cmp(&(Reverse(other.saves_bytes), &other.message))
        });
        advice.extend(never_present(plan, tally));
        advice
    };
    plans.iter().zip(candidates).map(of_type).collect()
}

/// For each field of the plan, what was counted of it.
fn uses(plan: &Plan, tally: &Tally) -> Vec<Use> {
    let mut uses = vec![Use::default(); plan.fields as usize];
    for node in tally.nodes.iter().filter(|node| node.field != NONE) {
        let used = &mut uses[(plan.types[node.holder as usize].first + node.field) as usize];
        used.elements += node.elements;
        used.records += node.records;
        used.messages += node.messages;
        used.value_bytes += node.value_bytes;
    }
    uses
}

/// The most promising changes, by what they save without the lengths of messages around them.
fn candidates(plan: &Plan, tally: &Tally, released: Released<'_>) -> Vec<Candidate> {
    let uses = uses(plan, tally);
    let mut found: Vec<(u64, Candidate)> = Vec::new();
    for (at, of) in plan.types.iter().enumerate() {
        for index in 0..of.fields.len() {
            let global = of.first + index as u32;
            let used = uses[global as usize];
            if used.elements == 0 {
                continue;
            }
            let candidates = [retyped(plan, tally, (at, index), used), packed(plan, (at, index), used)];
            found.extend(candidates.into_iter().flatten());
            found.extend(as_enum(plan, tally, (at, index), used));
        }
        if !of.is_map_entry && !released.has(&of.name) {
            found.extend(swaps(plan, at, &uses));
        }
    }
    found.sort_by(|(one, first), (other, second)| {
        (Reverse(one), &first.message).cmp(&(Reverse(other), &second.message))
    });
    found.truncate(LANES);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// "`field` of `acme.v1.Order`".
fn called(plan: &Plan, (of, field): (usize, usize)) -> String {
    let of = &plan.types[of];
    format!("`{}` of `{}`", of.details[field].name, of.name)
}

fn global(plan: &Plan, (of, field): (usize, usize)) -> u32 {
    plan.types[of].first + field as u32
}

/// Another type for an integer whose values are negative, or large.
fn retyped(plan: &Plan, tally: &Tally, place: (usize, usize), used: Use) -> Option<(u64, Candidate)> {
    let field: &FieldPlan = &plan.types[place.0].fields[place.1];
    let Kind::Scalar(scalar) = field.kind else { return None };
    let stats = &tally.stats[global(plan, place) as usize];
    let (zigzag, fixed, width) = match scalar {
        Scalar::Int32 => (Some("sint32"), "sfixed32", 4),
        Scalar::Int64 => (Some("sint64"), "sfixed64", 8),
        Scalar::Sint32 => (None, "sfixed32", 4),
        Scalar::Sint64 => (None, "sfixed64", 8),
        Scalar::Uint32 => (None, "fixed32", 4),
        Scalar::Uint64 => (None, "fixed64", 8),
        _ => return None,
    };
    let name = plan.types[place.0].details[place.1].type_name.clone();
    let by_zigzag = zigzag.map(|zigzag| (used.value_bytes.saturating_sub(stats.zigzag), zigzag, Change::Zigzag));
    let by_fixed = (used.value_bytes.saturating_sub(width * used.elements), fixed, Change::Fixed(width));
    let best = by_zigzag.into_iter().chain([by_fixed]).max_by_key(|(saved, ..)| *saved)?;
    let (saved, to, change) = best;
    let mean = used.value_bytes as f64 / used.elements as f64;
    let why = match change {
        Change::Zigzag => format!("{} of {} values are negative", stats.negative, used.elements),
        _ => format!("a value takes {mean:.1} bytes on average"),
    };
    let kind = if change == Change::Zigzag { "zigzag" } else { "fixed" };
    let message = format!("{} as {to} instead of {name}: {why}", called(plan, place));
    (saved > 0).then(|| (saved, Candidate { kind, message, changes: vec![(global(plan, place), change)] }))
}

/// Values of a repeated field in one record.
fn packed(plan: &Plan, place: (usize, usize), used: Use) -> Option<(u64, Candidate)> {
    let field = &plan.types[place.0].fields[place.1];
    if !field.is_packable || field.packs {
        return None;
    }
    let saved = (used.elements * tag_len(field.number)).saturating_sub(used.messages * (tag_len(field.number) + 1));
    let per = used.elements as f64 / used.messages.max(1) as f64;
    let message = format!("{} packed: a message has {per:.1} values on average", called(plan, place));
    let changes = vec![(global(plan, place), Change::Packed)];
    (saved > 0).then_some((saved, Candidate { kind: "packed", message, changes }))
}

/// An enum for texts that are few.
fn as_enum(plan: &Plan, tally: &Tally, place: (usize, usize), used: Use) -> Option<(u64, Candidate)> {
    let of = &plan.types[place.0];
    let field = &of.fields[place.1];
    let is_key = of.is_map_entry && field.number == 1;
    if field.kind != Kind::Scalar(Scalar::String) || is_key {
        return None;
    }
    let distinct = tally.stats[global(plan, place) as usize].texts.distinct()? as u64;
    let is_prose = used.value_bytes > MAX_TEXT * used.elements;
    if distinct == 0 || is_prose || used.elements < MIN_REPEATS * distinct {
        return None;
    }
    let saved = used.value_bytes;
    let values = if distinct == 1 { "1 value".to_owned() } else { format!("{distinct} different values") };
    let message = format!("{} as an enum: {values} in {} strings", called(plan, place), used.elements);
    let changes = vec![(global(plan, place), Change::Enum)];
    (saved > 0).then_some((saved, Candidate { kind: "enum", message, changes }))
}

/// Fields of a message that change their numbers: one that is there often, with one of a shorter tag that is rare.
fn swaps(plan: &Plan, at: usize, uses: &[Use]) -> Vec<(u64, Candidate)> {
    let of = &plan.types[at];
    let records = |index: usize| uses[of.first as usize + index].records;
    let is_own = |index: &usize| !of.details[*index].name.starts_with('[');
    let all = || (0..of.fields.len()).filter(is_own);
    let length = |index: usize| tag_len(of.fields[index].number);
    let mut long: Vec<usize> = all().filter(|index| length(*index) > 1 && records(*index) > 0).collect();
    let mut short: Vec<usize> = all().filter(|index| length(*index) == 1).collect();
    long.sort_by_key(|index| (Reverse(records(*index)), *index));
    short.sort_by_key(|index| (records(*index), *index));
    let pairs = long.into_iter().zip(short).take(MAX_SWAPS).filter(|(long, short)| records(*long) > records(*short));
    let swap = |(long, short): (usize, usize)| {
        let (high, low) = (of.fields[long].number, of.fields[short].number);
        let saved = (records(long) - records(short)) * (length(long) - 1);
        let names = (&of.details[long].name, &of.details[short].name);
        let message = format!("`{}` {high} ↔ `{}` {low} of `{}`: swap their numbers", names.0, names.1, of.name);
        let change = |index: usize, number| (of.first + index as u32, Change::Number(number));
        (saved, Candidate { kind: "swap", message, changes: vec![change(long, low), change(short, high)] })
    };
    pairs.map(swap).collect()
}

/// Fields of messages that occur, which none of them has.
fn never_present(plan: &Plan, tally: &Tally) -> Vec<Advice> {
    let uses = uses(plan, tally);
    // How many messages there are of each type.
    let mut messages = vec![0; plan.types.len()];
    messages[0] = tally.payloads;
    for node in tally.nodes.iter().filter(|node| node.field != NONE) {
        if let Some(of) = plan.message_of(node.holder, node.field) {
            messages[of as usize] += node.elements;
        }
    }
    let of_type = |(of, count): (&TypePlan, u64)| {
        let is_absent = |index: &usize| {
            let global = of.first as usize + index;
            uses[global].records == 0 && tally.stats[global].folded == 0 && !of.details[*index].name.starts_with('[')
        };
        let names: Vec<String> =
            (0..of.fields.len()).filter(is_absent).map(|index| format!("`{}`", of.details[index].name)).collect();
        let is_told = count > 0 && !of.is_map_entry && !names.is_empty();
        let what = if count == 1 { "the only message".to_owned() } else { format!("{count} messages") };
        is_told.then(|| Advice {
            kind: "never_present",
            message: format!("never present in {what} of `{}`: {}", of.name, names.join(", ")),
            saves_bytes: 0,
        })
    };
    plan.types.iter().zip(messages).filter_map(of_type).collect()
}
