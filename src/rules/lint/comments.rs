//! What should be explained by a leading comment.

mod text;

use crate::rules::settings::Commented;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Element, Enum, EnumValue, Field, File, Message, Method, Oneof, Part, Service};

pub(super) const RULES: &[&Rule] = &[
    &COMMENT_ENUM,
    &COMMENT_ENUM_VALUE,
    &COMMENT_FIELD,
    &COMMENT_FILE,
    &COMMENT_MESSAGE,
    &COMMENT_ONEOF,
    &COMMENT_RESERVED,
    &COMMENT_RPC,
    &COMMENT_SERVICE,
    &COMMENT_STARTS_WITH_NAME,
];

rule!(lint COMMENT_ENUM: Check::Enum(comment_enum));
rule!(lint COMMENT_ENUM_VALUE: Check::EnumValue(comment_enum_value));
rule!(lint COMMENT_FIELD: Check::Field(comment_field));
rule!(lint COMMENT_FILE: Check::File(comment_file));
rule!(lint COMMENT_MESSAGE: Check::Message(comment_message));
rule!(lint COMMENT_ONEOF: Check::Oneof(comment_oneof));
rule!(lint COMMENT_RESERVED: Check::File(comment_reserved));
rule!(lint COMMENT_RPC: Check::Method(comment_rpc));
rule!(lint COMMENT_SERVICE: Check::Service(comment_service));
rule!(lint COMMENT_STARTS_WITH_NAME: Check::File(comment_starts_with_name));

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

fn comment_file(file: File<'_>, cx: &mut Cx<'_>) {
    if cx.has_text(file) && !text::has_heading(&cx.tree(file)) {
        cx.report(file, Part::Declaration, "file should start with a comment")
            .help("add a comment about the file or its owner above the first statement");
    }
}

fn comment_message(message: Message<'_>, cx: &mut Cx<'_>) {
    let is_exempt = cx.settings.comment_exempt_requests_and_responses
        && ["Request", "Response"].iter().any(|suffix| message.name().ends_with(suffix));
    if !message.is_documented() && !message.is_map_entry() && !is_exempt {
        undocumented(cx, message, "message", message.name());
    }
}

fn comment_oneof(oneof: Oneof<'_>, cx: &mut Cx<'_>) {
    if !oneof.is_documented() && !oneof.is_synthetic() {
        undocumented(cx, oneof, "oneof", oneof.name());
    }
}

fn comment_reserved(file: File<'_>, cx: &mut Cx<'_>) {
    if !cx.has_text(file) {
        return;
    }
    let tree = cx.tree(file);
    for span in text::unexplained(&tree) {
        cx.report(
            file,
            Part::Exactly(span),
            format!("{} should have a comment", text::shortened(span.slice(tree.source()))),
        )
        .help("add a comment above or after it that says what was deleted, and why");
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

fn comment_starts_with_name(file: File<'_>, cx: &mut Cx<'_>) {
    let text = cx.text(file);
    let comments = text::leading(&cx.tree(file));
    for (kind, element, start, name) in documented(file) {
        let comment = comments.get(&start).filter(|_| cx.settings.comment_starts_with_name.contains(&kind));
        if comment.is_some_and(|comment| !text::starts_with(comment.slice(text), name)) {
            let message = format!("comment of {} `{name}` should start with its name", kind.spoken());
            cx.report(element, Part::Name, message).help(format!("start it with the name: `// {name} …`"));
        }
    }
}

/// Elements that have a comment, each with its kind, where it starts, and its name.
fn documented(file: File<'_>) -> impl Iterator<Item = (Commented, Element<'_>, u32, &str)> {
    macro_rules! all {
        ($kind:ident, $elements:expr) => {
            $elements
                .filter(|element| element.is_documented())
                .map(|element| (Commented::$kind, Element::from(element), element.place().span.start, element.name()))
        };
    }
    let oneofs = file.all_messages().flat_map(Message::oneofs).filter(|oneof| !oneof.is_synthetic());
    let fields = file.all_fields().filter(|field| !field.is_in_map_entry() && !field.is_group());
    let messages = file.all_messages().filter(|message| !message.is_map_entry());
    all!(Message, messages)
        .chain(all!(Field, fields))
        .chain(all!(Oneof, oneofs))
        .chain(all!(Enum, file.all_enums()))
        .chain(all!(EnumValue, file.all_enums().flat_map(Enum::values)))
        .chain(all!(Service, file.services()))
        .chain(all!(Rpc, file.services().flat_map(Service::methods)))
}
