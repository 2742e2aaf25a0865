//! Numbers reused by a field with another meaning.

use super::Body;
use super::field_types::{of_message, written_type};
use crate::compare::impact;
use crate::compare::pairing::Pair;
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Field, Part};

pub(super) const RULES: &[&Rule] = &[&FIELD_REUSED];

rule!(breaking FIELD_REUSED: Check::FieldPair(field_reused));

fn field_reused<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if pair.before.name() == pair.after.name() || pair.before.is_in_map_entry() {
        return;
    }
    let is_other_field = took_a_name(pair, cx) || left_its_name(pair, cx);
    if !is_other_field && impact::are_alike(pair.before.name(), pair.after.name()) {
        return;
    }
    let is_same_type = impact::has_same_type(pair, cx.comparison);
    let number = pair.after.number();
    let typed = |field: Field<'s>| match is_same_type {
        true => field.name().to_owned(),
        false => format!("{} {}", written_type(field), field.name()),
    };
    let [before, after] = [pair.before, pair.after].map(typed);
    let of = of_message(pair.after);
    let message = format!("number {number}{of} was `{before}`, and is now `{after}`");
    let is_certain = is_other_field || !is_same_type;
    let impact = impact::number_reused(pair, is_certain, cx.comparison);
    cx.report(pair.after, Part::Name, message)
        .before(pair.before, Part::Name)
        .help(help(pair, is_certain))
        .about(pair.before, Aspect::Meaning)
        .breaks(impact);
}

/// What to do: a field that was only renamed keeps its key, another one takes another number.
fn help(pair: Pair<Field<'_>>, is_certain: bool) -> String {
    let Pair { before, after } = pair;
    let (old, new, number) = (before.name(), after.name(), after.number());
    let other = match after.parent().filter(|_| !after.is_extension()) {
        Some(message) if message.field_named(old).is_some() => {
            format!("give `{old}` its number {number} again, and `{new}` a number that was never used")
        }
        Some(message) => {
            let named = Body::Message(message).reservation(None, &[old]);
            let reserved = named.map_or(format!("reserved {number};"), |named| format!("reserved {number}; {named}"));
            format!("give `{new}` a number that was never used, and prevent reuse of the old one: `{reserved}`")
        }
        None => format!("give `{new}` a number that was never used, and keep `{old}`"),
    };
    if is_certain {
        return other;
    }
    match super::fields::keep_key(pair) {
        Some(keep) => format!("if this is a rename, {keep}; if it is another field, {other}"),
        None => format!("if this is a rename, ignore or accept it; if it is another field, {other}"),
    }
}

/// The fields that share names with one: those of its message, or the extensions of what it extends.
fn named<'s>(field: Field<'s>, name: &str, cx: &ChangeCx<'s>) -> Option<Field<'s>> {
    match field.is_extension() {
        true => {
            let extensions = cx.comparison.extensions_of(field.extendee()?);
            extensions.iter().copied().find(|other| other.name() == name && other.file() == field.file())
        }
        false => field.parent()?.field_named(name),
    }
}

/// Whether its new name was that of another field before.
fn took_a_name<'s>(pair: Pair<Field<'s>>, cx: &ChangeCx<'s>) -> bool {
    named(pair.before, pair.after.name(), cx).is_some()
}

/// Whether its old name is that of another field now.
fn left_its_name<'s>(pair: Pair<Field<'s>>, cx: &ChangeCx<'s>) -> bool {
    named(pair.after, pair.before.name(), cx).is_some()
}
