//! Numbers that a field of another meaning took.

use crate::compare::impact;
use crate::compare::pairing::Pair;
use crate::nearest::likeness;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Field, FieldType, Part};

pub(super) const RULES: &[&Rule] = &[&FIELD_REUSED];

rule!(breaking FIELD_REUSED: Check::FieldPair(field_reused));

fn field_reused<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if pair.before.is_in_map_entry() || pair.before.name() == pair.after.name() {
        return;
    }
    let is_same_type = match (pair.before.field_type(), pair.after.field_type()) {
        (FieldType::Message(before), FieldType::Message(after)) => cx.comparison.is_same_message(before, after),
        (FieldType::Enum(before), FieldType::Enum(after)) => cx.comparison.is_same_enum(before, after),
        (before, after) => before == after,
    };
    if !is_same_type || (are_related(pair.before.name(), pair.after.name()) && !took_a_name(pair)) {
        return;
    }
    let (before, after, number) = (pair.before.name(), pair.after.name(), pair.after.number());
    cx.report(pair.after, Part::Name, format!("number {number} was `{before}` and is `{after}` now"))
        .before(pair.before, Part::Name)
        .help(format!(
            "{} and give `{after}` a number that was never used",
            super::reserve(pair.after.file(), number, &[before])
        ))
        .breaks(impact::number_reused(pair));
}

/// Whether its new name was that of another field before.
fn took_a_name(pair: Pair<Field<'_>>) -> bool {
    let message = pair.before.parent().filter(|_| !pair.before.is_extension());
    message.is_some_and(|message| message.fields().any(|other| other.name() == pair.after.name()))
}

/// Whether one name looks like the other written anew: they share a word, or nearly.
fn are_related(before: &str, after: &str) -> bool {
    let after = words(after);
    words(before).iter().any(|one| {
        after.iter().any(|other| {
            let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
            one == other || abbreviates(short, long) || likeness(one, other) >= SPELLED_ANEW
        })
    })
}

/// How alike two words are that are one word spelled anew: `colour` and `color`.
const SPELLED_ANEW: f32 = 0.8;

/// Whether a word is another one with letters left out: `id` and `identifier`, `addr` and `address`, `qty` and `quantity`.
fn abbreviates(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let is_within = short.len() >= 2 && short.chars().all(|letter| rest.any(|other| other == letter));
    is_within && short.chars().next() == long.chars().next() && (short.len() >= 3 || long.starts_with(short))
}

/// The words of a name in lower case: it is cut at underscores and before capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        if character == '_' || (character.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase() || character.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| character != '_') {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
