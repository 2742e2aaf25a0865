//! The declaration of an element in the language, on few lines: the head of what has a body, with its members shortened.
//! What the text has of options is shown as written; the rest comes from the schema, so that built-in files have
//! signatures too.

use crate::schema::{
    Element, Enum, EnumValue, Field, FieldType, File, Label, Message, Method, Oneof, Part, Service, Syntax, Visibility,
};
use crate::source::Span;

/// Members of a body beyond these are counted.
const MAX_MEMBERS: usize = 12;

/// Options longer than this are cut, in characters.
const MAX_OPTION: usize = 80;

/// The declaration of an element; `text` is that of its file.
pub(super) fn of(element: Element<'_>, text: &str) -> String {
    match element {
        Element::File(file) => of_file(file),
        Element::Import(import) => format!("import \"{}\";", import.path()),
        Element::Message(message) => of_message(message, text),
        Element::Field(field) if field.is_extension() => {
            let extendee = field.written_extendee().trim_start_matches('.');
            format!("extend {extendee} {{\n  {}\n}}", of_field(field, text))
        }
        Element::Field(field) => of_field(field, text),
        Element::Oneof(oneof) => of_oneof(oneof, text),
        Element::Enum(enumeration) => of_enum(enumeration, text),
        Element::EnumValue(value) => of_value(value, text),
        Element::Service(service) => of_service(service),
        Element::Method(method) => of_method(method, text),
    }
}

fn of_file(file: File<'_>) -> String {
    file.package().map_or_else(String::new, |package| format!("package {package};"))
}

fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Default => "",
        Visibility::Export => "export ",
        Visibility::Local => "local ",
    }
}

/// A body with its first members, each on a line.
fn body(head: &str, members: Vec<String>, what: &str) -> String {
    if members.is_empty() {
        return format!("{head} {{}}");
    }
    let more = members.len().saturating_sub(MAX_MEMBERS);
    let mut lines: Vec<String> = members.into_iter().take(MAX_MEMBERS).map(|member| format!("  {member}")).collect();
    if more > 0 {
        lines.push(format!("  // {more} more {what}{}", if more == 1 { "" } else { "s" }));
    }
    format!("{head} {{\n{}\n}}", lines.join("\n"))
}

fn of_message(message: Message<'_>, text: &str) -> String {
    let deprecated = deprecated(message.into());
    let fields = message.fields().map(|field| of_field(field, text));
    let members: Vec<String> = deprecated.into_iter().chain(fields).collect();
    body(&format!("{}message {}", visibility(message.visibility()), message.name()), members, "field")
}

fn of_oneof(oneof: Oneof<'_>, text: &str) -> String {
    let fields = oneof.fields().map(|field| of_field(field, text)).collect();
    body(&format!("oneof {}", oneof.name()), fields, "field")
}

fn of_enum(enumeration: Enum<'_>, text: &str) -> String {
    let deprecated = deprecated(enumeration.into());
    let values = enumeration.values().map(|value| of_value(value, text));
    let members = deprecated.into_iter().chain(values).collect();
    body(&format!("{}enum {}", visibility(enumeration.visibility()), enumeration.name()), members, "value")
}

fn of_service(service: Service<'_>) -> String {
    let deprecated = deprecated(service.into());
    let methods = service.methods().map(|method| rpc(method) + ";");
    body(&format!("service {}", service.name()), deprecated.into_iter().chain(methods).collect(), "rpc")
}

fn deprecated(element: Element<'_>) -> Option<String> {
    (element.options().boolean("deprecated") == Some(true)).then(|| "option deprecated = true;".to_owned())
}

fn of_value(value: EnumValue<'_>, text: &str) -> String {
    format!("{} = {}{};", value.name(), value.number(), options(value.into(), text))
}

fn rpc(method: Method<'_>) -> String {
    let part = |is_stream: bool, name: &str| {
        format!("({}{})", if is_stream { "stream " } else { "" }, name.trim_start_matches('.'))
    };
    let input = part(method.is_client_streaming(), method.written_input());
    let output = part(method.is_server_streaming(), method.written_output());
    format!("rpc {}{input} returns {output}", method.name())
}

fn of_method(method: Method<'_>, text: &str) -> String {
    let options: Vec<String> = written_options(method.into(), text).into_iter().map(one_line).collect();
    match options.is_empty() {
        true => format!("{};", rpc(method)),
        false => body(&rpc(method), options, "option"),
    }
}

fn of_field(field: Field<'_>, text: &str) -> String {
    let number = field.number();
    let options = options(field.into(), text);
    format!("{}{} {} = {number}{options};", label(field), type_name(field), field.name())
}

fn label(field: Field<'_>) -> &'static str {
    match (field.label(), field.file().syntax()) {
        (Label::Repeated, _) if field.is_map() => "",
        (Label::Repeated, _) => "repeated ",
        (Label::Required, Syntax::Proto2 | Syntax::Unspecified) => "required ",
        (Label::Optional, Syntax::Proto2 | Syntax::Unspecified) if field.oneof().is_none() => "optional ",
        (Label::Optional, Syntax::Proto3) if field.is_proto3_optional() => "optional ",
        _ => "",
    }
}

/// The type as written, without a dot before it.
pub(super) fn type_name(field: Field<'_>) -> String {
    if let (true, FieldType::Message(entry)) = (field.is_map(), field.field_type()) {
        let part = |number: i32| entry.field_numbered(number).map_or_else(String::new, type_name);
        return format!("map<{}, {}>", part(1), part(2));
    }
    match field.field_type() {
        FieldType::Scalar(scalar) => scalar.name().to_owned(),
        _ if field.is_group() => format!("group {}", field.written_type_name().trim_start_matches('.')),
        _ => field.written_type_name().trim_start_matches('.').to_owned(),
    }
}

/// The options in brackets.
fn options(element: Element<'_>, text: &str) -> String {
    let written = written_options(element, text);
    let mut options: Vec<String> = written.into_iter().map(one_line).collect();
    if options.is_empty() && text.is_empty() && element.options().boolean("deprecated") == Some(true) {
        options.push("deprecated = true".to_owned());
    }
    if options.is_empty() { String::new() } else { format!(" [{}]", options.join(", ")) }
}

/// The options of an element as the text has them, in order.
fn written_options<'t>(element: Element<'_>, text: &'t str) -> Vec<&'t str> {
    let mut spans: Vec<Span> = element.options().iter().map(|option| option.span()).collect();
    if let Element::Field(field) = element {
        let has =
            [(field.written_json_name().is_some(), Part::JsonName), (field.written_default().is_some(), Part::Default)];
        let parts = has.into_iter().filter(|(has, _)| *has).filter_map(|(_, part)| element.locate(part));
        spans.extend(parts.map(|place| place.span));
    }
    spans.sort_unstable();
    spans.into_iter().map(|span| span.slice(text)).filter(|option| !option.is_empty()).collect()
}

/// A text on one line, cut where it is long.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_OPTION) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
