//! Changes of fields other than their types.

use super::field_types::{described, of_message};
use crate::compare::impact;
use crate::compare::pairing::Pair;
use crate::finding::Verdict;
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Field, FieldType, Message, Oneof, OptionValue, Part, Presence, Scalar, Syntax};

pub(super) const RULES: &[&Rule] = &[
    &FIELD_REQUIRED_ADDED,
    &FIELD_SAME_CPP_STRING_TYPE,
    &FIELD_SAME_DEFAULT,
    &FIELD_SAME_JAVA_UTF8_VALIDATION,
    &FIELD_SAME_JSON_NAME,
    &FIELD_SAME_JSTYPE,
    &FIELD_SAME_NAME,
    &FIELD_SAME_ONEOF,
    &FIELD_SAME_PACKED,
    &FIELD_SAME_UTF8_VALIDATION,
];

rule!(breaking FIELD_REQUIRED_ADDED: Check::MessagePair(field_required_added));
rule!(breaking FIELD_SAME_CPP_STRING_TYPE: Check::FieldPair(field_same_cpp_string_type));
rule!(breaking FIELD_SAME_DEFAULT: Check::FieldPair(field_same_default));
rule!(breaking FIELD_SAME_JAVA_UTF8_VALIDATION: Check::FieldPair(field_same_java_utf8_validation));
rule!(breaking FIELD_SAME_JSON_NAME: Check::FieldPair(field_same_json_name));
rule!(breaking FIELD_SAME_JSTYPE: Check::FieldPair(field_same_jstype));
rule!(breaking FIELD_SAME_NAME: Check::FieldPair(field_same_name));
rule!(breaking FIELD_SAME_ONEOF: Check::FieldPair(field_same_oneof));
rule!(breaking FIELD_SAME_PACKED: Check::FieldPair(field_same_packed));
rule!(breaking FIELD_SAME_UTF8_VALIDATION: Check::FieldPair(field_same_utf8_validation));

fn field_same_name<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if !pair.after.is_extension() && pair.before.name() == pair.after.name() {
        return;
    }
    let name = |field: Field<'_>| if field.is_extension() { field.full_name() } else { field.name().to_owned() };
    let [before, after] = [pair.before, pair.after].map(name);
    if before != after {
        let of = of_message(pair.after);
        let what = if pair.after.is_extension() { "extension" } else { "field" };
        let message = format!("{what} {}{of} changed its name from `{before}` to `{after}`", pair.after.number());
        let impact = impact::field_renamed(pair, cx.comparison);
        cx.report(pair.after, Part::Name, message)
            .before(pair.before, Part::Name)
            .about(pair.before, Aspect::Name)
            .breaks(impact);
    }
}

fn field_same_json_name<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let written = |field: Field<'s>| (field.name(), field.written_json_name());
    if pair.before.is_extension() || written(pair.before) == written(pair.after) {
        return;
    }
    let [before, after] = [pair.before, pair.after].map(Field::json_name);
    if before != after {
        let message = format!("{} changed its JSON name from `{before}` to `{after}`", described(pair.after));
        let impact = impact::json_name_changed(pair, cx.comparison);
        cx.report(pair.after, Part::JsonName, message)
            .before(pair.before, Part::JsonName)
            .help(help_for_key(pair))
            .about(pair.before, Aspect::JsonName)
            .breaks(impact);
    }
}

/// The option that keeps the key of a field; none where another field has that key now.
fn json_name_pin(pair: Pair<Field<'_>>) -> Option<String> {
    let Pair { before, after } = pair;
    let message = after.parent().filter(|_| !after.is_extension())?;
    let key = before.json_name();
    let is_taken = message.fields().any(|other| other.number() != after.number() && other.json_name() == key);
    let is_plain = key.chars().all(|letter| letter != '"' && letter != '\\' && !letter.is_control());
    (!is_taken && is_plain && key != after.json_name()).then(|| format!("[json_name = \"{key}\"]"))
}

/// How a field keeps its key; none where another field has that key now.
pub(super) fn keep_key(pair: Pair<Field<'_>>) -> Option<String> {
    let pin = json_name_pin(pair)?;
    Some(match pair.after.written_json_name() {
        Some(_) => format!("keep the JSON name: write `{pin}` again"),
        None => format!("keep the JSON name: add `{pin}`"),
    })
}

fn help_for_key(pair: Pair<Field<'_>>) -> String {
    let (before, after) = (pair.before, pair.after);
    keep_key(pair).unwrap_or_else(|| {
        let (key, name) = (before.json_name(), after.name());
        format!("another field now has the JSON name `{key}`: give `{name}` a number that was never used")
    })
}

fn field_same_jstype<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let is_wide = |field: Field<'_>| {
        use Scalar::{Fixed64, Int64, Sfixed64, Sint64, Uint64};
        matches!(field.field_type(), FieldType::Scalar(Int64 | Uint64 | Sint64 | Fixed64 | Sfixed64))
    };
    if !is_wide(pair.before) || !is_wide(pair.after) {
        return;
    }
    let [before, after] = [pair.before, pair.after].map(|field| word(field, "jstype").unwrap_or("JS_NORMAL"));
    if before != after {
        let message = format!("{} changed its `jstype` from `{before}` to `{after}`", described(pair.after));
        cx.report(pair.after, Part::Option("jstype"), message)
            .before(pair.before, Part::Option("jstype"))
            .about(pair.before, Aspect::Detail)
            .breaks(Verdict::source());
    }
}

/// The value of an option that is a word.
fn word<'s>(field: Field<'s>, option: &str) -> Option<&'s str> {
    match field.options().get(option)?.value() {
        OptionValue::Identifier(word) => Some(word),
        _ => None,
    }
}

fn field_same_oneof<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if pair.before.is_extension() {
        return;
    }
    let oneof = |field: Field<'s>| field.oneof().filter(|oneof| !oneof.is_synthetic()).map(Oneof::name);
    let message = match (oneof(pair.before), oneof(pair.after)) {
        (before, after) if before == after => return,
        (None, Some(after)) => format!("{} moved into oneof `{after}`", described(pair.after)),
        (Some(before), None) => format!("{} moved out of oneof `{before}`", described(pair.after)),
        (Some(before), Some(after)) => {
            format!("{} moved from oneof `{before}` to oneof `{after}`", described(pair.after))
        }
        (None, None) => return,
    };
    cx.report(pair.after, Part::Declaration, message)
        .before(pair.before, Part::Declaration)
        .about(pair.before, Aspect::Oneof)
        .breaks(impact::oneof_changed(pair));
}

fn field_same_default<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let (Some(before), Some(after)) = (pair.before.default_value(), pair.after.default_value()) else { return };
    if before.is_zero() && after.is_zero() || before.is_same(&after) {
        return;
    }
    let message = format!("{} changed its default from {before} to {after}", described(pair.after));
    // What no option gives follows from the type.
    let is_written = pair.before.written_default().is_some() || pair.after.written_default().is_some();
    let aspect = if is_written { Aspect::Default } else { Aspect::Detail };
    cx.report(pair.after, Part::Default, message)
        .before(pair.before, Part::Default)
        .about(pair.before, aspect)
        .breaks(impact::default_changed(pair));
}

fn is_text(field: Field<'_>) -> bool {
    field.field_type() == FieldType::Scalar(Scalar::String)
}

fn field_same_utf8_validation<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if !is_text(pair.before) || !is_text(pair.after) {
        return;
    }
    let [before, after] = [pair.before, pair.after].map(Field::validates_utf8);
    if before != after {
        let message = format!(
            "{} {} invalid UTF-8",
            described(pair.after),
            if after { "now rejects" } else { "no longer rejects" }
        );
        cx.report(pair.after, Part::Option("features.utf8_validation"), message)
            .before(pair.before, Part::Declaration)
            .about(pair.before, Aspect::Detail)
            .breaks(impact::utf8_validation_changed(pair));
    }
}

fn field_same_java_utf8_validation<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    const OPTION: &str = "java_string_check_utf8";
    if !is_text(pair.before) || !is_text(pair.after) {
        return;
    }
    let checks = |field: Field<'_>| {
        field.file().options().boolean(OPTION) == Some(true)
            || field.language_feature("pb.java", "utf8_validation") == Some("VERIFY")
            || field.validates_utf8()
    };
    let [before, after] = [pair.before, pair.after].map(checks);
    if before == after {
        return;
    }
    let change = if after { "now checks" } else { "no longer checks" };
    let message = format!("Java {change} {} for invalid UTF-8", described(pair.after));
    let report = match pair.after.file().options().get(OPTION) {
        Some(option) => cx.report(pair.after.file(), Part::Exactly(option.span()), message),
        None => cx.report(pair.after, Part::Option("features.(pb.java).utf8_validation"), message),
    };
    report.before(pair.before, Part::Declaration).about(pair.before, Aspect::Detail).breaks(Verdict::source());
}

fn field_same_cpp_string_type<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let is_stringlike = |field: Field<'_>| {
        matches!(field.field_type(), FieldType::Scalar(Scalar::String | Scalar::Bytes)) && !field.is_in_map_entry()
    };
    if !is_stringlike(pair.before) || !is_stringlike(pair.after) {
        return;
    }
    let [before, after] = [pair.before, pair.after].map(cpp_string_type);
    if before != after && (before, after) != ("STRING_PIECE", "STRING") {
        let message = format!("{} changed its C++ type from `{before}` to `{after}`", described(pair.after));
        let part = if pair.after.options().get("ctype").is_some() { "ctype" } else { "features.(pb.cpp).string_type" };
        cx.report(pair.after, Part::Option(part), message)
            .before(pair.before, Part::Declaration)
            .about(pair.before, Aspect::Detail)
            .breaks(Verdict::source());
    }
}

fn cpp_string_type(field: Field<'_>) -> &str {
    let edition = match field.file().syntax() {
        Syntax::Edition(edition) => edition,
        _ => 0,
    };
    if let Some(ctype) = word(field, "ctype").filter(|_| edition < 2024) {
        return ctype;
    }
    let default = if edition >= 2024 { "VIEW" } else { "STRING" };
    field.language_feature("pb.cpp", "string_type").unwrap_or(default)
}

fn field_required_added<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    for field in pair.after.fields().filter(|field| field.presence() == Presence::Required) {
        let before = pair.before.field_numbered(field.number());
        let message = match before {
            Some(before) if before.presence() == Presence::Required => continue,
            Some(_) => format!("{} became required", described(field)),
            None => format!("{} was added as a required field", described(field)),
        };
        let report = cx.report(field, Part::Declaration, message).help("make it optional, and validate it in code");
        let report = report.breaks(impact::required_added(pair, field));
        match before {
            Some(before) => report.before(before, Part::Declaration).about(before, Aspect::Required),
            None => report.before(pair.before, Part::Declaration),
        };
    }
}

fn field_same_packed<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let are_lists = pair.before.is_packable() && pair.after.is_packable();
    if !are_lists || pair.before.is_packed() == pair.after.is_packed() {
        return;
    }
    let [before, after] = [pair.before, pair.after].map(|field| if field.is_packed() { "packed" } else { "expanded" });
    let message = format!("{} changed from {before} to {after}; readers accept both", described(pair.after));
    cx.report(pair.after, Part::Declaration, message)
        .before(pair.before, Part::Declaration)
        .about(pair.before, Aspect::Detail)
        .breaks(Verdict::source());
}
