//! Changes of enums.

use super::Body;
use crate::compare::impact;
use crate::compare::pairing::{Pair, values};
use crate::finding::Verdict;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Enum, EnumValue, Field, FieldType, JsonFormat, Part, Presence};

pub(super) const RULES: &[&Rule] = &[
    &ENUM_SAME_JSON_FORMAT,
    &ENUM_SAME_TYPE,
    &ENUM_VALUE_NO_DELETE,
    &ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED,
    &ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED,
    &ENUM_VALUE_SAME_NAME,
    &REQUIRED_ENUM_VALUE_ADDED,
];

rule!(breaking ENUM_SAME_JSON_FORMAT: Check::EnumPair(enum_same_json_format));
rule!(breaking ENUM_SAME_TYPE: Check::EnumPair(enum_same_type));
rule!(breaking ENUM_VALUE_NO_DELETE: Check::EnumPair(|pair, cx| deleted(pair, cx, |_, _| true)));
rule!(breaking ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED: Check::EnumPair(|pair, cx| deleted(pair, cx, names_are_free)));
rule!(breaking ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED: Check::EnumPair(|pair, cx| deleted(pair, cx, number_is_free)));
rule!(breaking ENUM_VALUE_SAME_NAME: Check::EnumPair(enum_value_same_name));
rule!(breaking REQUIRED_ENUM_VALUE_ADDED: Check::FieldPair(required_enum_value_added));

fn enum_same_json_format<'s>(pair: Pair<Enum<'s>>, cx: &mut ChangeCx<'s>) {
    if pair.before.json_format() == JsonFormat::Allow && pair.after.json_format() == JsonFormat::LegacyBestEffort {
        let message =
            format!("JSON format of enum `{}` changed from `ALLOW` to `LEGACY_BEST_EFFORT`", pair.after.name());
        cx.report(pair.after, Part::Option("features.json_format"), message)
            .before(pair.before, Part::Declaration)
            .breaks(Verdict::source());
    }
}

fn enum_same_type<'s>(pair: Pair<Enum<'s>>, cx: &mut ChangeCx<'s>) {
    let [before, after] = [pair.before, pair.after].map(|e| if e.is_closed() { "closed" } else { "open" });
    if before != after {
        let message = format!("enum `{}` changed from {before} to {after}", pair.after.name());
        cx.report(pair.after, Part::Option("features.enum_type"), message)
            .before(pair.before, Part::Declaration)
            .breaks(impact::closedness_changed(pair));
    }
}

/// Whether both have the same values in the same order, as in most pairs.
fn is_same(pair: Pair<Enum<'_>>) -> bool {
    let values = |enumeration: Enum<'_>| enumeration.values().len();
    values(pair.before) == values(pair.after)
        && pair
            .before
            .values()
            .zip(pair.after.values())
            .all(|(one, other)| one.number() == other.number() && one.name() == other.name())
}

fn names_are_free(names: &[EnumValue<'_>], after: Enum<'_>) -> bool {
    names.iter().any(|value| !after.reserved().names().any(|(name, _)| name == value.name()))
}

fn number_is_free(names: &[EnumValue<'_>], after: Enum<'_>) -> bool {
    names.iter().any(|value| !after.reserved().ranges().any(|range| range.contains(value.number())))
}

fn deleted<'s>(pair: Pair<Enum<'s>>, cx: &mut ChangeCx<'s>, counts: fn(&[EnumValue<'_>], Enum<'_>) -> bool) {
    if is_same(pair) {
        return;
    }
    let after = values(pair.after);
    let is_gone = |number: i32| after.binary_search_by_key(&number, |(number, _)| *number).is_err();
    let gone = values(pair.before).into_iter().filter(|(number, _)| is_gone(*number));
    for (number, values) in gone.filter(|(_, names)| counts(names, pair.after)) {
        let names: Vec<&str> = values.iter().map(|value| value.name()).collect();
        let enumeration = pair.after.name();
        let renumbered = names.iter().find_map(|name| pair.after.value_named(name));
        let message = match renumbered {
            Some(value) => {
                let (name, now) = (value.name(), value.number());
                format!("enum value `{name}` of `{enumeration}` changed its number from {number} to {now}")
            }
            None => format!("enum value `{}` ({number}) of `{enumeration}` was deleted", names.join("`, `")),
        };
        let body = Body::Enum(pair.after);
        let edit = body.reserve(&[number], &names, &cx.tree(body.element().file()));
        cx.report(pair.after, Part::Declaration, message)
            .before(values[0], Part::Declaration)
            .help(help_for_deleted(body, renumbered, number, &names))
            .fix(edit)
            .breaks(impact::value_deleted(pair, number, &names));
    }
}

fn help_for_deleted(body: Body<'_>, renumbered: Option<EnumValue<'_>>, number: i32, names: &[&str]) -> String {
    if let Some(value) = renumbered {
        return format!("give `{}` its number {number} again", value.name());
    }
    match body.reservation(Some(number), names) {
        Some(reserved) => format!("prevent reuse of the number and the name: add `{reserved}`"),
        None => "keep the value, with `[deprecated = true]`, until no code uses it".to_owned(),
    }
}

fn enum_value_same_name<'s>(pair: Pair<Enum<'s>>, cx: &mut ChangeCx<'s>) {
    if is_same(pair) {
        return;
    }
    let after = values(pair.after);
    for (number, old) in values(pair.before) {
        let Ok(at) = after.binary_search_by_key(&number, |(number, _)| *number) else { continue };
        let new = &after[at].1;
        let gone: Vec<EnumValue<'s>> =
            old.iter().copied().filter(|old| !new.iter().any(|new| new.name() == old.name())).collect();
        let impact = impact::value_names_changed(pair, number);
        let Some(first) = gone.first() else {
            report_new_first_name(pair, number, (&old, new), cx);
            continue;
        };
        let names: Vec<String> = gone.iter().map(|value| format!("`{}`", value.name())).collect();
        let help = help_for_names(pair, number, &gone);
        for &value in new {
            let enumeration = pair.after.name();
            let names = names.join(", ");
            let message = match old.iter().any(|old| old.name() == value.name()) {
                true => format!("enum value {number} of `{enumeration}` no longer has the name {names}"),
                false => {
                    format!("enum value {number} of `{enumeration}` was renamed from {names} to `{}`", value.name())
                }
            };
            let help = help.clone();
            cx.report(value, Part::Number, message).before(*first, Part::Name).help(help).breaks(impact.clone());
            // One is enough, but each value is a finding of its own in buf's groups.
            if cx.by_layers {
                break;
            }
        }
    }
}

/// How a number keeps the names that it lost, where nothing else has them.
fn help_for_names(pair: Pair<Enum<'_>>, number: i32, gone: &[EnumValue<'_>]) -> String {
    let first = pair.after.value_numbered(number).map_or("", EnumValue::name);
    let taken = gone.iter().find(|old| pair.after.value_named(old.name()).is_some());
    if let Some(old) = taken {
        return format!("give `{}` its number {number} again, and `{first}` a number that was never used", old.name());
    }
    if let Some(old) = gone.iter().find(|old| pair.after.reserves(old.name())) {
        let name = old.name();
        return format!("keep `{name}` instead of reserving it, as an alias of `{first}` and before it");
    }
    let kept: Vec<String> = gone.iter().map(|old| format!("{} = {number};", old.name())).collect();
    let is_allowed = pair.after.options().boolean("allow_alias") == Some(true);
    let allow = if is_allowed { "" } else { "`option allow_alias = true;`, and " };
    format!("keep the old name as an alias: add {allow}`{}` before `{first}`", kept.join(" "))
}

/// An alias that comes before the old name is the name in JSON from now on, and old readers do not have it.
/// buf's groups allow any alias.
fn report_new_first_name<'s>(
    pair: Pair<Enum<'s>>,
    number: i32,
    (old, new): (&[EnumValue<'s>], &[EnumValue<'s>]),
    cx: &mut ChangeCx<'s>,
) {
    let (Some(before), Some(after)) = (old.first(), new.first()) else { return };
    if !cx.by_layers || old.iter().any(|old| old.name() == after.name()) {
        return;
    }
    let message = format!(
        "enum value {number} of `{}` is now `{}` in JSON instead of `{}`",
        pair.after.name(),
        after.name(),
        before.name()
    );
    cx.report(*after, Part::Number, message)
        .before(*before, Part::Name)
        .help(format!("declare `{}` after `{}`: JSON has the first name of a number", after.name(), before.name()))
        .breaks(impact::value_names_changed(pair, number));
}

fn required_enum_value_added<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if [pair.before, pair.after].iter().any(|field| field.presence() != Presence::Required) {
        return;
    }
    let (FieldType::Enum(before), FieldType::Enum(after)) = (pair.before.field_type(), pair.after.field_type()) else {
        return;
    };
    if !before.is_closed() || !cx.comparison.is_same_enum(before, after) {
        return;
    }
    for value in after.values().filter(|value| before.value_numbered(value.number()).is_none()) {
        let message = format!(
            "enum value `{}` ({}) was added to closed enum `{}` of required field `{}`: old readers reject the message",
            value.name(),
            value.number(),
            after.name(),
            pair.after.full_name()
        );
        cx.report(value, Part::Name, message)
            .before(pair.before, Part::Declaration)
            .beside(pair.after, Part::Declaration, "required here")
            .help("make the field optional first, and add the value when all readers have that change")
            .breaks(impact::required_value_added(pair.after, pair.before, before.value_named(value.name()).is_none()));
    }
}
