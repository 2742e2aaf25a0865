//! Changes of what a server accepts, ignores and returns of a field: `google.api.field_behavior`, as AIP-203 has it, and
//! the format in `google.api.field_info`.

use crate::compare::pairing::{Comparison, Pair};
use crate::finding::Verdict;
use crate::rules::breaking::field_types::described;
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Annotations, Field, FieldType, File, Message, OptionValue, Part};
use crate::source::Span;

pub(in crate::rules::breaking) const RULES: &[&Rule] = &[
    &FIELD_BEHAVIOR_IDENTIFIER_REMOVED,
    &FIELD_BEHAVIOR_IMMUTABLE_ADDED,
    &FIELD_BEHAVIOR_INPUT_ONLY_ADDED,
    &FIELD_BEHAVIOR_OUTPUT_ONLY_ADDED,
    &FIELD_BEHAVIOR_OUTPUT_ONLY_REMOVED,
    &FIELD_BEHAVIOR_REQUIRED_ADDED,
    &FIELD_INFO_FORMAT_CHANGED,
];

const FIELD_BEHAVIOR: &str = "google.api.field_behavior";
const FIELD_INFO: &str = "google.api.field_info";

const REQUIRED: &str = "REQUIRED";
const OUTPUT_ONLY: &str = "OUTPUT_ONLY";
const INPUT_ONLY: &str = "INPUT_ONLY";
const IMMUTABLE: &str = "IMMUTABLE";
const IDENTIFIER: &str = "IDENTIFIER";

rule!(breaking FIELD_BEHAVIOR_IDENTIFIER_REMOVED: Check::FieldPair(|pair, cx| removed(pair, IDENTIFIER, &[], cx)));
rule!(breaking FIELD_BEHAVIOR_IMMUTABLE_ADDED: Check::FieldPair(
    // What could not be set before cannot have been changed either.
    |pair, cx| added(pair, IMMUTABLE, &[OUTPUT_ONLY, IDENTIFIER], cx)
));
rule!(breaking FIELD_BEHAVIOR_INPUT_ONLY_ADDED: Check::FieldPair(|pair, cx| added(pair, INPUT_ONLY, &[], cx)));
rule!(breaking FIELD_BEHAVIOR_OUTPUT_ONLY_ADDED: Check::FieldPair(
    // That a field is no identifier any more says so already.
    |pair, cx| added(pair, OUTPUT_ONLY, &[IDENTIFIER], cx)
));
rule!(breaking FIELD_BEHAVIOR_OUTPUT_ONLY_REMOVED: Check::FieldPair(
    // An identifier is not accepted at creation either; the other two are reported themselves.
    |pair, cx| removed(pair, OUTPUT_ONLY, &[IDENTIFIER, REQUIRED, INPUT_ONLY], cx)
));
rule!(breaking FIELD_BEHAVIOR_REQUIRED_ADDED: Check::Each(&[
    Check::FieldPair(required_added),
    Check::MessagePair(required_field_added),
]));
rule!(breaking FIELD_INFO_FORMAT_CHANGED: Check::FieldPair(field_info_format_changed));

/// The behaviors of a field, each with its option.
fn behaviors<'s>(field: Field<'s>) -> impl Iterator<Item = (&'s str, Span)> {
    field.options().of_extension(FIELD_BEHAVIOR).filter_map(|option| match option.value() {
        OptionValue::Identifier(word) => Some((word, option.span())),
        _ => None,
    })
}

/// Where a field is given a behavior.
fn behavior(field: Field<'_>, name: &str) -> Option<Span> {
    behaviors(field).find(|(word, _)| *word == name).map(|(_, span)| span)
}

fn has_any(field: Field<'_>, names: &[&str]) -> bool {
    behaviors(field).any(|(word, _)| names.contains(&word))
}

fn added<'s>(pair: Pair<Field<'s>>, name: &str, unless_before: &[&str], cx: &mut ChangeCx<'s>) {
    let Some(span) = behavior(pair.after, name) else { return };
    if behavior(pair.before, name).is_none() && !has_any(pair.before, unless_before) {
        let message = format!("{} became `{name}`", described(pair.after));
        cx.report(pair.after, Part::Exactly(span), message)
            .before(pair.before, Part::Name)
            .help(format!("remove `(google.api.field_behavior) = {name}`, or add a new field that is `{name}`"))
            .about(pair.before, Aspect::Annotation)
            .breaks(Verdict::source());
    }
}

fn removed<'s>(pair: Pair<Field<'s>>, name: &str, unless_after: &[&str], cx: &mut ChangeCx<'s>) {
    let Some(span) = behavior(pair.before, name) else { return };
    if behavior(pair.after, name).is_none() && !has_any(pair.after, unless_after) {
        let message = format!("{} is no longer `{name}`", described(pair.after));
        let place = behaviors(pair.after).next().map_or(Part::Name, |(_, span)| Part::Exactly(span));
        cx.report(pair.after, place, message)
            .before(pair.before, Part::Exactly(span))
            .help(format!("keep `[(google.api.field_behavior) = {name}]`"))
            .about(pair.before, Aspect::Annotation)
            .breaks(Verdict::source());
    }
}

fn required_added<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(span) = behavior(pair.after, REQUIRED) else { return };
    let is_returned = || pair.after.parent().is_some_and(|message| is_only_returned(message, cx.comparison));
    if behavior(pair.before, REQUIRED).is_none() && !is_returned() {
        cx.report(pair.after, Part::Exactly(span), format!("{} became `REQUIRED`", described(pair.after)))
            .before(pair.before, Part::Name)
            .help("remove `(google.api.field_behavior) = REQUIRED`, and use a default where the field is not set")
            .about(pair.before, Aspect::Annotation)
            .breaks(Verdict::source());
    }
}

fn required_field_added<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    for field in pair.after.fields() {
        let Some(span) = behavior(field, REQUIRED) else { continue };
        let had = |old: Field<'_>| old.name() == field.name() && behavior(old, REQUIRED).is_some();
        // A field that changed its number was required before.
        let is_new = pair.before.field_numbered(field.number()).is_none() && !pair.before.fields().any(had);
        if is_new && !is_only_returned(pair.after, cx.comparison) {
            let message = format!("{} is new, and `REQUIRED`", described(field));
            cx.report(field, Part::Exactly(span), message)
                .before(pair.before, Part::Name)
                .help("remove `(google.api.field_behavior) = REQUIRED`, and use a default where the field is not set")
                .breaks(Verdict::source());
        }
    }
}

/// Whether a message is only ever the response of rpcs, which no client writes.
fn is_only_returned(message: Message<'_>, comparison: &Comparison<'_>) -> bool {
    let methods = || comparison.after.files().flat_map(File::services).flat_map(|service| service.methods());
    let holds = |field: Field<'_>| field.field_type() == FieldType::Message(message);
    methods().any(|method| method.output() == Some(message))
        && !methods().any(|method| method.input() == Some(message))
        && !comparison.after.files().flat_map(File::all_fields).any(holds)
}

fn field_info_format_changed<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(old) = Annotations::of_extension(pair.before.into(), FIELD_INFO) else { return };
    let new = Annotations::of_extension(pair.after.into(), FIELD_INFO);
    const UNSPECIFIED: &str = "FORMAT_UNSPECIFIED";
    let Some(before) = old.field("format").filter(|format| format.word().is_none_or(|word| word != UNSPECIFIED)) else {
        return;
    };
    let after = new.as_ref().and_then(|info| info.field("format"));
    let [was, is] = [Some(before), after].map(|format| format.map_or(UNSPECIFIED.to_owned(), ToString::to_string));
    if was != is {
        let option = format!("[(google.api.field_info).format = {was}]");
        let of = described(pair.after);
        let (message, help) = match after {
            Some(_) => (
                format!("format of {of} changed from `{was}` to `{is}`"),
                format!("keep `{option}`, or add a new field with another format"),
            ),
            None => (format!("format `{was}` of {of} was removed"), format!("keep `{option}`")),
        };
        let place = after.or(new.as_ref()).map_or(Part::Name, |found| Part::Exactly(found.statement));
        cx.report(pair.after, place, message)
            .before(pair.before, Part::Exactly(before.statement))
            .help(help)
            .about(pair.before, Aspect::Annotation)
            .breaks(Verdict::source());
    }
}
