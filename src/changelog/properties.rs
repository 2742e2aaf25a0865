//! The properties of elements: what descriptors say of them, each as a text. Where things are declared, and in which
//! order, is none of them, nor is what follows from others.

use super::options;
use crate::schema::{
    Element, Enum, EnumValue, Field, FieldType, File, ImportKind, Message, Method, NumberRange, Oneof, Presence,
    ReservedOf, Scalar, Service, Syntax, Visibility,
};

/// The names of properties that can be there several times.
pub(super) const SEVERAL: [&str; 4] = ["import", "reserved", "reserved_name", "extensions"];

/// What the name of an option begins with.
pub(super) const OPTION: &str = "option ";

/// A property with its value.
pub(super) struct Property {
    pub(super) name: String,
    pub(super) value: String,
}

/// The properties of one element.
#[derive(Default)]
struct Properties(Vec<Property>);

impl Properties {
    fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push(Property { name: name.into(), value: value.into() });
    }

    fn options(&mut self, element: Element<'_>) {
        for (name, value) in options::of_element(element) {
            self.add(format!("{OPTION}{name}"), value);
        }
    }

    /// Where it is declared: in a message, or in a file.
    fn declared(&mut self, parent: Option<Message<'_>>, file: File<'_>) {
        match parent {
            Some(message) => self.add("in", message.full_name()),
            None => self.add("file", file.name()),
        }
    }

    fn visibility(&mut self, visibility: Visibility) {
        match visibility {
            Visibility::Default => {}
            Visibility::Export => self.add("visibility", "export"),
            Visibility::Local => self.add("visibility", "local"),
        }
    }

    fn reserved(&mut self, reserved: ReservedOf<'_>, max: i32) {
        for (start, end) in merged(reserved.ranges()) {
            self.add("reserved", range(start, end, max));
        }
        let mut names: Vec<&str> = reserved.names().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.add("reserved_name", name);
        }
    }
}

/// The properties of an element.
pub(super) fn of_element(element: Element<'_>) -> Vec<Property> {
    let mut properties = Properties::default();
    match element {
        Element::File(file) => of_file(file, &mut properties),
        Element::Import(_) => {}
        Element::Message(message) => of_message(message, &mut properties),
        Element::Field(field) => of_field(field, &mut properties),
        Element::Oneof(oneof) => of_oneof(oneof, &mut properties),
        Element::Enum(enumeration) => of_enum(enumeration, &mut properties),
        Element::EnumValue(value) => of_value(value, &mut properties),
        Element::Service(service) => of_service(service, &mut properties),
        Element::Method(method) => of_method(method, &mut properties),
    }
    if !matches!(element, Element::Import(_)) {
        properties.options(element);
    }
    properties.0
}

fn of_file(file: File<'_>, properties: &mut Properties) {
    properties.add("package", file.package().unwrap_or_default());
    properties.add("syntax", syntax(file.syntax()));
    for import in file.imports() {
        let word = match import.kind() {
            ImportKind::Plain => "",
            ImportKind::Public => "public ",
            ImportKind::Weak => "weak ",
            ImportKind::Option => "option ",
        };
        properties.add("import", format!("{word}{}", import.path()));
    }
}

/// The word for how a file says which language it is written in; without a statement, that is proto2.
pub(super) fn syntax(syntax: Syntax) -> String {
    match syntax {
        Syntax::Unspecified | Syntax::Proto2 => "proto2".to_owned(),
        Syntax::Proto3 => "proto3".to_owned(),
        Syntax::Edition(year) => format!("edition {year}"),
    }
}

fn of_message(message: Message<'_>, properties: &mut Properties) {
    properties.declared(message.parent(), message.file());
    properties.visibility(message.visibility());
    properties.reserved(message.reserved(), MAX_FIELD);
    let mut ranges: Vec<_> = message.extension_ranges().collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    for found in ranges {
        properties.add("extensions", extension_range(message.file(), found));
    }
}

/// The largest number of a field.
pub(super) const MAX_FIELD: i32 = 0x1fff_ffff;

fn extension_range<'s>(file: File<'s>, found: NumberRange<'s>) -> String {
    let options = options::of_range(file, found.options());
    let options: Vec<String> = options.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    // In message sets, `max` is more.
    let numbers = range(found.start, found.end, if found.end > MAX_FIELD { found.end } else { MAX_FIELD });
    if options.is_empty() { numbers } else { format!("{numbers} [{}]", options.join(", ")) }
}

/// Ranges without gaps between them as one, sorted.
fn merged<'s>(ranges: impl Iterator<Item = NumberRange<'s>>) -> Vec<(i32, i32)> {
    let mut ranges: Vec<(i32, i32)> = ranges.map(|range| (range.start, range.end)).collect();
    ranges.sort_unstable();
    let mut merged: Vec<(i32, i32)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some((_, last)) if i64::from(start) <= i64::from(*last) + 1 => *last = (*last).max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// A range as `reserved` writes it.
fn range(start: i32, end: i32, max: i32) -> String {
    match (start, end) {
        _ if end == max && start != end => format!("{start} to max"),
        _ if start == end => start.to_string(),
        _ => format!("{start} to {end}"),
    }
}

fn of_field(field: Field<'_>, properties: &mut Properties) {
    match field.parent().filter(|_| !field.is_extension()) {
        Some(message) => properties.add("in", message.full_name()),
        None => {
            properties.declared(field.parent(), field.file());
            let written = field.written_extendee().trim_start_matches('.');
            properties.add("extendee", field.extendee().map_or(written, Message::full_name));
        }
    }
    properties.add("number", field.number().to_string());
    properties.add("type", type_of(field));
    properties.add("presence", presence(field));
    if field.is_delimited() {
        properties.add("encoding", "delimited");
    }
    if let Some(oneof) = field.oneof().filter(|oneof| !oneof.is_synthetic()) {
        properties.add("oneof", oneof.name());
    }
    if let Some(name) = field.written_json_name().filter(|name| *name != field.derived_json_name()) {
        properties.add("json_name", name);
    }
    if let Some(default) = default(field) {
        properties.add("default", default);
    }
}

/// The type by its full name; `map<K, V>` of a map.
pub(super) fn type_of(field: Field<'_>) -> String {
    match field.field_type() {
        FieldType::Scalar(scalar) => scalar.name().to_owned(),
        FieldType::Message(entry) if field.is_map() => {
            let part = |number| entry.field_numbered(number).map_or_else(String::new, type_of);
            format!("map<{}, {}>", part(1), part(2))
        }
        FieldType::Message(message) => message.full_name().to_owned(),
        FieldType::Enum(enumeration) => enumeration.full_name().to_owned(),
        FieldType::Unresolved => field.written_type_name().trim_start_matches('.').to_owned(),
    }
}

fn presence(field: Field<'_>) -> &'static str {
    match field.presence() {
        Presence::Explicit => "explicit",
        Presence::Implicit => "implicit",
        Presence::Required => "required",
        Presence::Repeated if field.is_map() => "map",
        Presence::Repeated => "repeated",
    }
}

/// The default that is written, as a literal.
pub(super) fn default(field: Field<'_>) -> Option<String> {
    let written = field.written_default()?;
    Some(match (field.field_type(), field.default_value()) {
        (FieldType::Scalar(Scalar::Bool), _) => written.to_owned(),
        (FieldType::Scalar(_), Some(value)) => value.to_string().trim_matches('`').to_owned(),
        _ => written.to_owned(),
    })
}

fn of_oneof(oneof: Oneof<'_>, properties: &mut Properties) {
    properties.add("in", oneof.parent().full_name());
}

fn of_enum(enumeration: Enum<'_>, properties: &mut Properties) {
    properties.declared(enumeration.parent(), enumeration.file());
    properties.visibility(enumeration.visibility());
    properties.add("closed", enumeration.is_closed().to_string());
    properties.reserved(enumeration.reserved(), i32::MAX);
    if let Some(first) = enumeration.values().next() {
        properties.add("first_value", first.number().to_string());
    }
}

fn of_value(value: EnumValue<'_>, properties: &mut Properties) {
    properties.add("in", value.parent().full_name());
    properties.add("number", value.number().to_string());
}

fn of_service(service: Service<'_>, properties: &mut Properties) {
    properties.add("file", service.file().name());
}

fn of_method(method: Method<'_>, properties: &mut Properties) {
    properties.add("in", method.parent().full_name());
    properties.add("request", request_of(method));
    properties.add("response", response_of(method));
    if method.is_client_streaming() {
        properties.add("request_stream", "true");
    }
    if method.is_server_streaming() {
        properties.add("response_stream", "true");
    }
}

/// What an rpc takes, by its full name.
pub(super) fn request_of(method: Method<'_>) -> String {
    method.input().map_or(method.written_input().trim_start_matches('.'), Message::full_name).to_owned()
}

/// What an rpc gives, by its full name.
pub(super) fn response_of(method: Method<'_>) -> String {
    method.output().map_or(method.written_output().trim_start_matches('.'), Message::full_name).to_owned()
}
