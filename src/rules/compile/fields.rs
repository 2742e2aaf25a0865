//! What the language asks of the types, defaults and JSON names of fields.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Field, FieldType, Message, Part, Presence};

pub(super) const RULES: &[&Rule] = &[&COMPILE_DEFAULT_VALUE, &COMPILE_JSON_NAME_CONFLICT];

rule!(compile COMPILE_DEFAULT_VALUE: Check::Field(compile_default_value));
rule!(compile COMPILE_JSON_NAME_CONFLICT: Check::Message(compile_json_name_conflict));

/// Defaults of scalars are checked by the parser.
fn compile_default_value(field: Field<'_>, cx: &mut Cx<'_>) {
    let Some(default) = field.written_default() else { return };
    match field.field_type() {
        FieldType::Enum(enumeration) if !enumeration.values().any(|value| value.name() == default) => {
            let message = format!("default `{default}` is not a value of enum `{}`", enumeration.full_name());
            cx.report(field, Part::Default, message).label(enumeration, Part::Name, "declared here");
        }
        FieldType::Message(_) => {
            cx.report(field, Part::Default, format!("message field `{}` cannot have a default", field.name()));
        }
        _ if field.presence() == Presence::Implicit => {
            let message = format!("field `{}` has implicit presence, so its default is always zero", field.name());
            cx.report(field, Part::Default, message).help("remove the default, or give the field explicit presence");
        }
        _ => {}
    }
}

/// Two fields of one JSON name cannot be distinguished in JSON. Where a file may still have such names from before
/// (proto2, `features.json_format = LEGACY_BEST_EFFORT`), only two names that were both chosen are an error,
/// <https://protobuf.dev/programming-guides/json/>.
fn compile_json_name_conflict(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.is_map_entry() || message.fields().len() < 2 {
        return;
    }
    if message.options().boolean("deprecated_legacy_json_field_conflicts") == Some(true) {
        return;
    }
    let mut reported: FxHashSet<i32> = FxHashSet::default();
    if !message.is_legacy_json() && derived_may_clash(message) {
        let derived = message.fields().map(|field| (field, field.derived_json_name()));
        report_clashes(derived, |_, _| true, &mut reported, cx, "rename one of them; a `json_name` would not help");
    }
    if message.fields().any(|field| field.written_json_name().is_some()) {
        let names = message.fields().map(|field| (field, field.json_name()));
        let is_custom = |field: Field<'_>| field.written_json_name().is_some();
        let legacy = message.is_legacy_json();
        let counts = |one, other| {
            if legacy { is_custom(one) && is_custom(other) } else { is_custom(one) || is_custom(other) }
        };
        report_clashes(names, counts, &mut reported, cx, "rename one of them, or give it another `json_name`");
    }
}

fn report_clashes<'s>(
    names: impl Iterator<Item = (Field<'s>, String)>,
    counts: impl Fn(Field<'s>, Field<'s>) -> bool,
    reported: &mut FxHashSet<i32>,
    cx: &mut Cx<'_>,
    help: &str,
) {
    let mut seen: FxHashMap<String, Field<'s>> = FxHashMap::default();
    for (field, name) in names {
        let first = *seen.entry(name.clone()).or_insert(field);
        // Two fields of the very same name are a duplicate symbol.
        if first == field || first.name() == field.name() || !counts(first, field) || !reported.insert(field.number()) {
            continue;
        }
        let message = format!("fields `{}` and `{}` have the same JSON name `{name}`", first.name(), field.name());
        cx.report(field, Part::Name, message).label(first, Part::Name, "the other field").help(help);
    }
}

/// Whether two derived names are equal, by their hashes: almost always no, and then no name need be built.
fn derived_may_clash(message: Message<'_>) -> bool {
    let mut hashes: Vec<u64> = message.fields().map(Field::derived_json_name_hash).collect();
    hashes.sort_unstable();
    hashes.windows(2).any(|pair| pair[0] == pair[1])
}
