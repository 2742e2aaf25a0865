//! What should be explained by a leading comment.

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Element, Enum, EnumValue, Field, Message, Method, Oneof, Part, Service};

pub(super) const RULES: &[&Rule] = &[
    &COMMENT_ENUM,
    &COMMENT_ENUM_VALUE,
    &COMMENT_FIELD,
    &COMMENT_MESSAGE,
    &COMMENT_ONEOF,
    &COMMENT_RPC,
    &COMMENT_SERVICE,
];

rule!(lint COMMENT_ENUM: Check::Enum(comment_enum));
rule!(lint COMMENT_ENUM_VALUE: Check::EnumValue(comment_enum_value));
rule!(lint COMMENT_FIELD: Check::Field(comment_field));
rule!(lint COMMENT_MESSAGE: Check::Message(comment_message));
rule!(lint COMMENT_ONEOF: Check::Oneof(comment_oneof));
rule!(lint COMMENT_RPC: Check::Method(comment_rpc));
rule!(lint COMMENT_SERVICE: Check::Service(comment_service));

fn undocumented<'e>(cx: &mut Cx<'_>, element: impl Into<Element<'e>>, what: &str, name: &str) {
    cx.report(element, Part::Declaration, format!("{what} `{name}` should have a comment above it"));
}

fn comment_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    if !enumeration.is_documented() {
        undocumented(cx, enumeration, "enum", enumeration.name());
    }
}

fn comment_enum_value(value: EnumValue<'_>, cx: &mut Cx<'_>) {
    if !value.is_documented() {
        undocumented(cx, value, "enum value", value.name());
    }
}

/// The comment above a group explains the group's message.
fn comment_field(field: Field<'_>, cx: &mut Cx<'_>) {
    if !field.is_documented() && !field.is_in_map_entry() && !field.is_group() {
        let what = if field.is_extension() { "extension" } else { "field" };
        undocumented(cx, field, what, field.name());
    }
}

fn comment_message(message: Message<'_>, cx: &mut Cx<'_>) {
    if !message.is_documented() && !message.is_map_entry() {
        undocumented(cx, message, "message", message.name());
    }
}

fn comment_oneof(oneof: Oneof<'_>, cx: &mut Cx<'_>) {
    if !oneof.is_documented() && !oneof.is_synthetic() {
        undocumented(cx, oneof, "oneof", oneof.name());
    }
}

fn comment_rpc(method: Method<'_>, cx: &mut Cx<'_>) {
    if !method.is_documented() {
        undocumented(cx, method, "rpc", method.name());
    }
}

fn comment_service(service: Service<'_>, cx: &mut Cx<'_>) {
    if !service.is_documented() {
        undocumented(cx, service, "service", service.name());
    }
}
