//! The words that names are made of.

mod plural;

use crate::rules::{Check, Cx, Rule, case, rule};
use crate::schema::{Element, Field, FieldType, Label, Message, Part};

pub(super) const RULES: &[&Rule] = &[&FIELD_NO_PREPOSITION, &FIELD_REPEATED_PLURAL, &MESSAGE_NO_PREPOSITION];

rule!(lint FIELD_NO_PREPOSITION: Check::Field(field_no_preposition));
rule!(lint FIELD_REPEATED_PLURAL: Check::Field(field_repeated_plural));
rule!(lint MESSAGE_NO_PREPOSITION: Check::Message(message_no_preposition));

fn field_no_preposition(field: Field<'_>, cx: &mut Cx<'_>) {
    if !field.is_in_map_entry() && !field.is_group() {
        let what = if field.is_extension() { "extension" } else { "field" };
        preposition(field.into(), what, field.name(), cx);
    }
}

fn message_no_preposition(message: Message<'_>, cx: &mut Cx<'_>) {
    if !message.is_map_entry() {
        preposition(message.into(), "message", message.name(), cx);
    }
}

fn preposition(element: Element<'_>, what: &str, name: &str, cx: &mut Cx<'_>) {
    // Words are looked for between underscores, so that an exception of several words is one search too.
    let mut words = format!("_{}_", case::lower_snake(name));
    for exception in &cx.settings.preposition_exceptions {
        words = words.replace(&format!("_{exception}_"), "__");
    }
    let found = words.split('_').find(|word| cx.settings.prepositions.iter().any(|preposition| preposition == word));
    if let Some(word) = found {
        cx.report(element, Part::Name, format!("{what} name `{name}` should not contain the preposition `{word}`"))
            .help("use an adjective or a noun, such as `error_reason` instead of `reason_for_error`");
    }
}

fn field_repeated_plural(field: Field<'_>, cx: &mut Cx<'_>) {
    if field.label() != Label::Repeated || field.is_map() {
        return;
    }
    // A group's field is named by its message.
    let name = match field.field_type() {
        FieldType::Message(message) if field.is_group() => message.name(),
        _ => field.name(),
    };
    let is_known = |word: &str| cx.settings.plurals.iter().any(|plural| plural == word);
    let Some(better) = plural::plural_name(&case::lower_snake(name), is_known) else { return };
    let better = if field.is_group() { case::pascal(&better) } else { better };
    let what = if field.is_group() { "group" } else { "field" };
    let report = cx.report(field, Part::Name, format!("repeated {what} `{name}` should have a plural name"));
    let report = report.help(format!("rename it to `{better}`, or list the word under `plurals` in protolint.yaml"));
    if !field.is_group() {
        report.rename(better);
    }
}
