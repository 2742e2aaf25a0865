//! How names are written.

use crate::rules::placeholder::is_placeholder;
use crate::rules::settings::NameCase;
use crate::rules::{Check, Cx, Rule, case, rule};
use crate::schema::{Element, Enum, EnumValue, Field, File, Message, Method, Oneof, Part, Service};

pub(super) const RULES: &[&Rule] = &[
    &ENUM_PASCAL_CASE,
    &ENUM_VALUE_PREFIX,
    &ENUM_VALUE_UPPER_SNAKE_CASE,
    &ENUM_ZERO_VALUE_SUFFIX,
    &FIELD_LOWER_SNAKE_CASE,
    &FIELD_NO_DESCRIPTOR,
    &FILE_LOWER_SNAKE_CASE,
    &MESSAGE_PASCAL_CASE,
    &ONEOF_LOWER_SNAKE_CASE,
    &PACKAGE_LOWER_SNAKE_CASE,
    &RPC_NAME_CASE,
    &RPC_PASCAL_CASE,
    &SERVICE_PASCAL_CASE,
    &SERVICE_SUFFIX,
];

rule!(lint ENUM_PASCAL_CASE: Check::Enum(enum_pascal_case));
rule!(lint ENUM_VALUE_PREFIX: Check::Enum(enum_value_prefix));
rule!(lint ENUM_VALUE_UPPER_SNAKE_CASE: Check::EnumValue(enum_value_upper_snake_case));
rule!(lint ENUM_ZERO_VALUE_SUFFIX: Check::EnumValue(enum_zero_value_suffix));
rule!(lint FIELD_LOWER_SNAKE_CASE: Check::Field(field_lower_snake_case));
rule!(lint FIELD_NO_DESCRIPTOR: Check::Field(field_no_descriptor));
rule!(lint FILE_LOWER_SNAKE_CASE: Check::File(file_lower_snake_case));
rule!(lint MESSAGE_PASCAL_CASE: Check::Message(message_pascal_case));
rule!(lint ONEOF_LOWER_SNAKE_CASE: Check::Oneof(oneof_lower_snake_case));
rule!(lint PACKAGE_LOWER_SNAKE_CASE: Check::File(package_lower_snake_case));
rule!(lint RPC_NAME_CASE: Check::Method(rpc_name_case));
rule!(lint RPC_PASCAL_CASE: Check::Method(rpc_pascal_case));
rule!(lint SERVICE_PASCAL_CASE: Check::Service(service_pascal_case));
rule!(lint SERVICE_SUFFIX: Check::Service(service_suffix));

/// Says what a name should look like; a name of delimiters alone has no better form to offer.
fn misnamed<'e>(cx: &mut Cx<'_>, element: impl Into<Element<'e>>, what: &str, name: &str, style: &str, better: &str) {
    let example = if better.is_empty() { String::new() } else { format!(", such as `{better}`") };
    cx.report(element, Part::Name, format!("{what} name `{name}` should be {style}{example}")).rename(better);
}

fn enum_pascal_case(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let name = enumeration.name();
    if !case::is_pascal(name) {
        misnamed(cx, enumeration, "enum", name, "PascalCase", &case::pascal(name));
    }
}

fn enum_value_prefix(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let prefix = format!("{}_", case::upper_snake(enumeration.name()));
    for value in enumeration.values().filter(|value| !value.name().starts_with(&prefix)) {
        let name = value.name();
        let message = format!("enum value name `{name}` should be prefixed with `{prefix}`");
        let better = case::upper_snake(name);
        let better = format!("{prefix}{}", better.strip_prefix(&prefix).unwrap_or(&better));
        cx.report(value, Part::Name, message)
            .help(format!("enum values share the scope of their enum: rename to `{better}`"))
            .rename(better);
    }
}

fn enum_value_upper_snake_case(value: EnumValue<'_>, cx: &mut Cx<'_>) {
    let name = value.name();
    if !case::is_upper_snake(name) {
        misnamed(cx, value, "enum value", name, "UPPER_SNAKE_CASE", &case::upper_snake(name));
    }
}

fn enum_zero_value_suffix(value: EnumValue<'_>, cx: &mut Cx<'_>) {
    let suffixes = &cx.settings.enum_zero_value_suffix;
    let name = value.name();
    if value.number() != 0 || suffixes.iter().any(|suffix| name.ends_with(suffix.as_str())) {
        return;
    }
    let wanted: Vec<String> = suffixes.iter().map(|suffix| format!("`{suffix}`")).collect();
    let better = suffixes.first().map(|suffix| format!("{}{suffix}", case::upper_snake(value.parent().name())));
    let better = better.unwrap_or_default();
    let message = format!("zero value name `{name}` should end with {}", wanted.join(" or "));
    let report = cx.report(value, Part::Name, message);
    if is_placeholder(value) {
        report.help(format!("rename it to `{better}`")).rename_placeholder(better);
    } else {
        report.help(format!(
            "an unset field reads as `{name}`: add `{better} = 0;` and give `{name}` a number of its own, or ignore this \
             finding if that is intended"
        ));
    }
}

fn field_lower_snake_case(field: Field<'_>, cx: &mut Cx<'_>) {
    let name = field.name();
    if !field.is_in_map_entry() && !case::is_lower_snake(name) {
        let what = if field.is_extension() { "extension" } else { "field" };
        misnamed(cx, field, what, name, "lower_snake_case", &case::lower_snake(name));
    }
}

fn field_no_descriptor(field: Field<'_>, cx: &mut Cx<'_>) {
    let name = field.name();
    if name.trim_matches('_').eq_ignore_ascii_case("descriptor") {
        let message = format!("field `{name}` is named like what generators add to each message");
        cx.report(field, Part::Name, message).help("rename it after what it describes");
    }
}

fn file_lower_snake_case(file: File<'_>, cx: &mut Cx<'_>) {
    let base = file.name().rsplit('/').next().unwrap_or(file.name());
    let stem = base.strip_suffix(".proto").unwrap_or(base);
    let better = case::lower_snake(stem);
    if better != stem {
        let message = format!("file name `{base}` should be lower_snake_case, such as `{better}.proto`");
        cx.report(file, Part::Declaration, message);
    }
}

fn message_pascal_case(message: Message<'_>, cx: &mut Cx<'_>) {
    let name = message.name();
    if !message.is_map_entry() && !case::is_pascal(name) {
        misnamed(cx, message, "message", name, "PascalCase", &case::pascal(name));
    }
}

fn oneof_lower_snake_case(oneof: Oneof<'_>, cx: &mut Cx<'_>) {
    let name = oneof.name();
    if !oneof.is_synthetic() && !case::is_lower_snake(name) {
        misnamed(cx, oneof, "oneof", name, "lower_snake_case", &case::lower_snake(name));
    }
}

fn package_lower_snake_case(file: File<'_>, cx: &mut Cx<'_>) {
    let Some(package) = file.known_package() else { return };
    if package.split('.').all(case::is_lower_snake) {
        return;
    }
    let better: Vec<String> = package.split('.').map(case::lower_snake).collect();
    let message =
        format!("package name `{package}` should be lower_snake_case between dots, such as `{}`", better.join("."));
    cx.report(file, Part::Package, message).rename(better.join("."));
}

fn rpc_name_case(method: Method<'_>, cx: &mut Cx<'_>) {
    let (name, wanted) = (method.name(), cx.settings.rpc_name_case);
    let (is_right, better) = match wanted {
        NameCase::Pascal => (case::is_pascal(name), case::pascal(name)),
        NameCase::LowerCamel => (case::is_lower_camel(name), case::lower_camel(name)),
        NameCase::LowerSnake => (case::is_lower_snake(name), case::lower_snake(name)),
        NameCase::UpperSnake => (case::is_upper_snake(name), case::upper_snake(name)),
    };
    if !is_right {
        misnamed(cx, method, "rpc", name, wanted.name(), &better);
    }
}

fn rpc_pascal_case(method: Method<'_>, cx: &mut Cx<'_>) {
    let name = method.name();
    if !case::is_pascal(name) {
        misnamed(cx, method, "rpc", name, "PascalCase", &case::pascal(name));
    }
}

fn service_pascal_case(service: Service<'_>, cx: &mut Cx<'_>) {
    let name = service.name();
    if !case::is_pascal(name) {
        misnamed(cx, service, "service", name, "PascalCase", &case::pascal(name));
    }
}

fn service_suffix(service: Service<'_>, cx: &mut Cx<'_>) {
    let (name, suffix) = (service.name(), &cx.settings.service_suffix);
    if !name.ends_with(suffix.as_str()) {
        let message = format!("service name `{name}` should end with `{suffix}`, such as `{name}{suffix}`");
        cx.report(service, Part::Name, message).rename(format!("{name}{suffix}"));
    }
}
