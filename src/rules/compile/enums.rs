//! What the language asks of enums, <https://protobuf.dev/programming-guides/proto3/#enum>.

use rustc_hash::FxHashMap;

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Enum, EnumValue, Field, FieldType, Part, Presence, Syntax};

pub(super) const RULES: &[&Rule] =
    &[&COMPILE_ENUM_CLOSED_IN_OPEN, &COMPILE_ENUM_EMPTY, &COMPILE_ENUM_VALUE_CONFLICT, &COMPILE_ENUM_ZERO_FIRST];

rule!(compile COMPILE_ENUM_CLOSED_IN_OPEN: Check::Field(compile_enum_closed_in_open));
rule!(compile COMPILE_ENUM_EMPTY: Check::Enum(compile_enum_empty));
rule!(compile COMPILE_ENUM_VALUE_CONFLICT: Check::Enum(compile_enum_value_conflict));
rule!(compile COMPILE_ENUM_ZERO_FIRST: Check::Each(&[Check::Enum(compile_enum_zero_first), Check::Field(zero_first_in_map)]));

fn compile_enum_empty(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    if enumeration.values().len() == 0 {
        cx.report(enumeration, Part::Name, format!("enum `{}` has no values", enumeration.name()))
            .help("an enum needs at least one value, its default");
    }
}

fn compile_enum_zero_first(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let Some(first) = enumeration.values().next() else { return };
    if first.number() != 0 && !enumeration.is_closed() {
        let message =
            format!("first value `{}` of open enum `{}` must have number 0", first.name(), enumeration.name());
        cx.report(first, Part::Number, message)
            .help("add a value with number 0 before it, which means \"not specified\"");
    }
}

/// The value of a map may be absent from an entry, and is zero then.
fn zero_first_in_map(field: Field<'_>, cx: &mut Cx<'_>) {
    let FieldType::Enum(enumeration) = field.field_type() else { return };
    if !field.is_in_map_entry() || !enumeration.is_closed() || field.file().syntax() == Syntax::Proto3 {
        return;
    }
    if let Some(first) = enumeration.values().next().filter(|first| first.number() != 0) {
        let message =
            format!("enum `{}` is the value of a map, but its first value does not have number 0", enumeration.name());
        cx.report(field, Part::Type, message).label(first, Part::Number, "the first value");
    }
}

fn compile_enum_closed_in_open(field: Field<'_>, cx: &mut Cx<'_>) {
    let FieldType::Enum(enumeration) = field.field_type() else { return };
    if !enumeration.is_closed() {
        return;
    }
    let (name, full_name) = (field.name(), enumeration.full_name());
    if field.file().syntax() == Syntax::Proto3 {
        cx.report(field, Part::Type, format!("proto3 field `{name}` cannot hold the closed enum `{full_name}`"))
            .label(enumeration, Part::Name, "a closed enum")
            .help("declare the enum in a proto3 file, or the message in a proto2 one");
    } else if field.presence() == Presence::Implicit {
        cx.report(
            field,
            Part::Type,
            format!("field `{name}` with implicit presence cannot hold the closed enum `{full_name}`"),
        )
        .label(enumeration, Part::Name, "a closed enum")
        .help("add `[features.field_presence = EXPLICIT]`");
    }
}

/// Generators may strip the enum's name from its values, so they must differ without it. Values of one number may be
/// alike, and proto2 enums from before this was asked may say so.
fn compile_enum_value_conflict(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let is_proto2 = matches!(enumeration.file().syntax(), Syntax::Proto2 | Syntax::Unspecified);
    if is_proto2 && enumeration.options().boolean("deprecated_legacy_json_field_conflicts") == Some(true) {
        return;
    }
    let prefix: String = letters(enumeration.name()).collect();
    let mut first: FxHashMap<String, EnumValue<'_>> = FxHashMap::default();
    for value in enumeration.values() {
        let stripped = words(without_prefix(value.name(), &prefix));
        let earlier = *first.entry(stripped).or_insert(value);
        if earlier.number() != value.number() && earlier.name() != value.name() {
            let message = format!(
                "values `{}` and `{}` are the same without case and the prefix of enum `{}`",
                earlier.name(),
                value.name(),
                enumeration.name()
            );
            cx.report(value, Part::Name, message).label(earlier, Part::Name, "the other value");
        }
    }
}

/// The name in lower case without underscores.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase())
}

/// A value's name without the enum's, if something is left then.
fn without_prefix<'n>(name: &'n str, prefix: &str) -> &'n str {
    let mut wanted = prefix.chars().peekable();
    let mut rest =
        name.char_indices().skip_while(|&(_, c)| c == '_' || wanted.next_if_eq(&c.to_ascii_lowercase()).is_some());
    let stripped = rest.next().map_or("", |(at, _)| &name[at..]);
    if wanted.peek().is_some() || stripped.is_empty() { name } else { stripped }
}

/// The words of a value's name as Pascal case has them: what decides whether two are alike.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut characters = word.chars();
        words.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        words.extend(characters.map(|c| c.to_ascii_lowercase()));
    }
    words
}
