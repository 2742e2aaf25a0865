//! The numbers of enums, and the presence of fields.

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Enum, Field, Part, Presence};

pub(super) const RULES: &[&Rule] = &[&ENUM_FIRST_VALUE_ZERO, &ENUM_NO_ALLOW_ALIAS, &FIELD_NOT_REQUIRED];

rule!(lint ENUM_FIRST_VALUE_ZERO: Check::Enum(enum_first_value_zero));
rule!(lint ENUM_NO_ALLOW_ALIAS: Check::Enum(enum_no_allow_alias));
rule!(lint FIELD_NOT_REQUIRED: Check::Field(field_not_required));

/// In an open enum this is an error of the language, which `COMPILE_ENUM_ZERO_FIRST` reports.
fn enum_first_value_zero(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let Some(first) = enumeration.values().next() else { return };
    if first.number() != 0 && enumeration.is_closed() {
        let (name, number) = (first.name(), first.number());
        let message =
            format!("first value `{name}` of enum `{}` should have number 0, not {number}", enumeration.name());
        cx.report(first, Part::Number, message)
            .help("the first value is the default: add a value with number 0 before it, which means \"not specified\"");
    }
}

fn enum_no_allow_alias(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    if enumeration.options().boolean("allow_alias") == Some(true) {
        let message = format!("enum `{}` should not set `allow_alias`", enumeration.name());
        cx.report(enumeration, Part::Option("allow_alias"), message)
            .help("give each number one name, and reserve the names that are no longer used");
    }
}

fn field_not_required(field: Field<'_>, cx: &mut Cx<'_>) {
    if field.presence() == Presence::Required {
        let message = format!("field `{}` should not be required", field.name());
        cx.report(field, Part::Name, message)
            .help("a required field can never be removed or relaxed safely; make it optional, and validate it in code");
    }
}
