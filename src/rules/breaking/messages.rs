//! Changes of messages.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Body;
use super::field_types::described;
use crate::compare::impact::{self, Heir};
use crate::compare::pairing::Pair;
use crate::finding::Verdict;
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Field, JsonFormat, Message, Part, Presence};

pub(super) const RULES: &[&Rule] = &[
    &FIELD_NO_DELETE,
    &FIELD_NO_DELETE_UNLESS_NAME_RESERVED,
    &FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED,
    &MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR,
    &MESSAGE_SAME_JSON_FORMAT,
    &MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT,
    &MESSAGE_SAME_REQUIRED_FIELDS,
    &ONEOF_NO_DELETE,
];

rule!(breaking FIELD_NO_DELETE: Check::MessagePair(|pair, cx| deleted(pair, cx, |_, _| true)));
rule!(breaking FIELD_NO_DELETE_UNLESS_NAME_RESERVED: Check::MessagePair(|pair, cx| deleted(pair, cx, name_is_free)));
rule!(breaking FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED: Check::MessagePair(|pair, cx| deleted(pair, cx, number_is_free)));
rule!(breaking MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR: Check::MessagePair(accessor_removed));
rule!(breaking MESSAGE_SAME_JSON_FORMAT: Check::MessagePair(message_same_json_format));
rule!(breaking MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT: Check::MessagePair(message_same_message_set_wire_format));
rule!(breaking MESSAGE_SAME_REQUIRED_FIELDS: Check::MessagePair(message_same_required_fields));
rule!(breaking ONEOF_NO_DELETE: Check::MessagePair(oneof_no_delete));

fn name_is_free(field: Field<'_>, after: Message<'_>) -> bool {
    !after.reserved().names().any(|(name, _)| name == field.name())
}

fn number_is_free(field: Field<'_>, after: Message<'_>) -> bool {
    !after.reserved().ranges().any(|range| range.contains(field.number()))
}

fn deleted<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>, counts: fn(Field<'_>, Message<'_>) -> bool) {
    if pair.before.fields().map(Field::number).eq(pair.after.fields().map(Field::number)) {
        return;
    }
    let kept: FxHashSet<i32> = pair.after.fields().map(Field::number).collect();
    for field in pair.before.fields().filter(|field| !kept.contains(&field.number()) && counts(*field, pair.after)) {
        let (name, number) = (field.name(), field.number());
        let heir = impact::heir(field, pair.after, cx.comparison);
        let of = pair.after.name();
        let message = match heir {
            Some(Heir::OtherKind(heir)) => {
                format!("field `{name}` ({number}) of message `{of}` became extension `{}`", heir.full_name())
            }
            Some(Heir::Renumbered(heir)) => {
                format!("field `{name}` of message `{of}` changed its number from {number} to {}", heir.number())
            }
            None => format!("field `{name}` ({number}) of message `{of}` was deleted"),
        };
        let impact = impact::field_deleted(field, pair.after, cx.comparison);
        let body = Body::Message(pair.after);
        // What is still there under its number has nothing to reserve.
        let edit = match heir {
            Some(Heir::OtherKind(_)) => None,
            _ => body.reserve(&[number], &[name], &cx.tree(body.element().file())),
        };
        cx.report(pair.after, Part::Declaration, message)
            .before(field, Part::Declaration)
            .help(help_for_deleted(body, heir, field))
            .fix(edit)
            .about(field, Aspect::Deleted)
            .breaks(impact);
    }
}

fn help_for_deleted(body: Body<'_>, heir: Option<Heir<'_>>, field: Field<'_>) -> String {
    let (name, number) = (field.name(), field.number());
    match (heir, body.reservation(Some(number), &[name])) {
        (Some(Heir::OtherKind(_)), _) => {
            format!("keep `{name}` as a field of the message: JSON has the full name of an extension in brackets")
        }
        (Some(Heir::Renumbered(_)), Some(reserved)) => {
            format!("give `{name}` its number {number} again, or prevent reuse of that number: add `{reserved}`")
        }
        (Some(Heir::Renumbered(_)), None) => format!("give `{name}` its number {number} again"),
        (None, Some(reserved)) => format!("prevent reuse of the number and the name: add `{reserved}`"),
        (None, None) => "keep the field, with `[deprecated = true]`, until no code uses it".to_owned(),
    }
}

fn message_same_message_set_wire_format<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    const OPTION: &str = "message_set_wire_format";
    let [before, after] = [pair.before, pair.after].map(|message| message.options().boolean(OPTION) == Some(true));
    if before != after {
        let change = if after { "became a message set" } else { "is no longer a message set" };
        let message = format!("message `{}` {change}, so its extensions are encoded differently", pair.after.name());
        let undo = if after { "remove" } else { "keep" };
        cx.report(pair.after, Part::Option(OPTION), message)
            .before(pair.before, Part::Option(OPTION))
            .help(format!("{undo} `option message_set_wire_format = true;`"))
            .breaks(impact::message_set_changed(pair));
    }
}

fn accessor_removed<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    const OPTION: &str = "no_standard_descriptor_accessor";
    let is_set = |message: Message<'_>| message.options().boolean(OPTION) == Some(true);
    if !is_set(pair.before) && is_set(pair.after) {
        let message = format!("message `{}` no longer has the standard `descriptor` accessor", pair.after.name());
        cx.report(pair.after, Part::Option(OPTION), message)
            .before(pair.before, Part::Declaration)
            .breaks(Verdict::source());
    }
}

fn message_same_json_format<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    if pair.before.json_format() == JsonFormat::Allow && pair.after.json_format() == JsonFormat::LegacyBestEffort {
        let message =
            format!("JSON format of message `{}` changed from `ALLOW` to `LEGACY_BEST_EFFORT`", pair.after.name());
        cx.report(pair.after, Part::Option("features.json_format"), message)
            .before(pair.before, Part::Declaration)
            .breaks(Verdict::source());
    }
}

/// buf counts the label `required` only; an edition's `LEGACY_REQUIRED` means the same and counts here too.
fn message_same_required_fields<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    let any = |message: Message<'s>| message.fields().any(|field| field.presence() == Presence::Required);
    if !any(pair.before) && !any(pair.after) {
        return;
    }
    let required = |message: Message<'s>| -> FxHashMap<i32, Field<'s>> {
        let fields = message.fields().filter(|field| field.presence() == Presence::Required);
        fields.map(|field| (field.number(), field)).collect()
    };
    let (before, after) = (required(pair.before), required(pair.after));
    for field in pair.before.fields() {
        let number = field.number();
        if before.contains_key(&number) && !after.contains_key(&number) {
            let message = format!("{} is no longer required", described(field));
            cx.report(pair.after, Part::Declaration, message)
                .before(field, Part::Declaration)
                .breaks(impact::required_removed(pair, field));
        }
    }
    for field in pair.after.fields() {
        let number = field.number();
        if after.contains_key(&number) && !before.contains_key(&number) {
            cx.report(field, Part::Declaration, format!("{} became required", described(field)))
                .before(pair.before, Part::Declaration)
                .breaks(impact::required_added(pair, field));
        }
    }
}

fn oneof_no_delete<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    for oneof in pair.before.oneofs().filter(|oneof| !oneof.is_synthetic()) {
        let kept = pair.after.oneofs().any(|after| !after.is_synthetic() && after.name() == oneof.name());
        if !kept {
            let message = format!("oneof `{}` of message `{}` was deleted", oneof.name(), pair.after.name());
            cx.report(pair.after, Part::Declaration, message)
                .before(oneof, Part::Declaration)
                .breaks(Verdict::source());
        }
    }
}
