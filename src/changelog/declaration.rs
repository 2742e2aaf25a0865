//! Elements as declarations, in one form however they are written and wherever they come from; types by their full
//! names. It is for people: comments and the order of options are lost.

use std::fmt::Write;

use rustc_hash::FxHashMap;

use super::kind_of;
use super::options;
use super::properties::{self, OPTION, Property};
use super::whole;
use crate::compare::pairing::nested_name;
use crate::schema::{
    Element, Enum, EnumValue, Field, File, Label, Message, Method, Oneof, Service, Syntax, Visibility,
};

/// Text of which lines are indented.
struct Writer {
    text: String,
    depth: usize,
}

/// The declaration of an element with all that lies in it, without the line end.
pub(super) fn whole(element: Element<'_>) -> String {
    let mut writer = Writer { text: String::new(), depth: 0 };
    writer.element(element);
    writer.text.trim_end().to_owned()
}

/// What files declare, by name only, one a line; without what `is_elsewhere`.
pub(super) fn outline<'s>(files: &[File<'s>], is_elsewhere: &dyn Fn(Element<'s>) -> bool) -> String {
    let mut lines = Vec::new();
    for file in files {
        lines.push(statement("file", file.name()));
        for element in whole::children((*file).into()).into_iter().filter(|element| !is_elsewhere(*element)) {
            let (kind, name) = (kind_of(element).name(), element.full_name());
            lines.push(format!("  {kind} {}", nested_name(&name, *file)));
        }
    }
    lines.join("\n")
}

/// Properties as statements, one a line.
pub(super) fn statements<'p>(properties: impl Iterator<Item = (&'p str, &'p str)>) -> Option<String> {
    let lines: Vec<String> = properties.map(|(name, value)| statement(name, value)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn statement(name: &str, value: &str) -> String {
    match name {
        "import" => match value.split_once(' ').filter(|(word, _)| matches!(*word, "public" | "weak" | "option")) {
            Some((word, path)) => format!("import {word} {};", options::quoted(path)),
            None => format!("import {};", options::quoted(value)),
        },
        "package" if value.is_empty() => "no package".to_owned(),
        "package" => format!("package {value};"),
        "syntax" => match value.strip_prefix("edition ") {
            Some(year) => format!("edition = \"{year}\";"),
            None => format!("syntax = \"{value}\";"),
        },
        "reserved" => format!("reserved {value};"),
        "reserved_name" => format!("reserved {};", options::quoted(value)),
        "extensions" => format!("extensions {value};"),
        "file" | "path" => format!("file {}", options::quoted(value)),
        "visibility" => format!("visibility {value}"),
        "closed" => (if value == "true" { "closed enum" } else { "open enum" }).to_owned(),
        "first_value" => format!("first value {value}"),
        "name" => format!("name {value}"),
        _ if name.starts_with(OPTION) => format!("{name} = {value};"),
        _ => format!("{} {value}", name.replace('_', " ")),
    }
}

impl Writer {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:width$}{text}", "", width = self.depth * 2);
    }

    /// A line that ends with a brace, what is in it, and the brace; on one line where there is nothing in it.
    fn block(&mut self, head: &str, body: impl FnOnce(&mut Writer)) {
        let start = self.text.len();
        self.line(&format!("{head} {{"));
        let inner = self.text.len();
        self.depth += 1;
        body(self);
        self.depth -= 1;
        if self.text.len() == inner {
            self.text.truncate(start);
            self.line(&format!("{head} {{}}"));
        } else {
            self.line("}");
        }
    }

    fn element(&mut self, element: Element<'_>) {
        match element {
            Element::File(_) | Element::Import(_) => {}
            Element::Message(message) => self.message(message),
            Element::Field(field) if field.is_extension() => self.extension(field),
            Element::Field(field) => self.field(field),
            Element::Oneof(oneof) => self.oneof(oneof, &oneof.fields().collect::<Vec<_>>()),
            Element::Enum(enumeration) => self.enumeration(enumeration),
            Element::EnumValue(value) => self.value(value),
            Element::Service(service) => self.service(service),
            Element::Method(method) => self.method(method),
        }
    }

    /// Those properties that are statements in a body.
    fn properties(&mut self, element: Element<'_>) {
        let is_statement = |property: &&Property| {
            let name = property.name.as_str();
            name.starts_with(OPTION) || matches!(name, "reserved" | "reserved_name" | "extensions")
        };
        for property in properties::of_element(element).iter().filter(is_statement) {
            self.line(&statement(&property.name, &property.value));
        }
    }

    fn message(&mut self, message: Message<'_>) {
        self.block(&format!("{}message {}", visibility(message.visibility()), message.name()), |body| {
            body.properties(message.into());
            let plain = |field: &Field<'_>| field.oneof().is_none_or(Oneof::is_synthetic);
            message.fields().filter(plain).for_each(|field| body.field(field));
            let members = members_of_oneofs(message);
            for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
                body.oneof(oneof, members.get(&oneof.index).map_or(&[], Vec::as_slice));
            }
            message.messages().filter(|inner| !inner.is_map_entry()).for_each(|inner| body.message(inner));
            message.enums().for_each(|inner| body.enumeration(inner));
            message.extensions().for_each(|extension| body.extension(extension));
        });
    }

    fn field(&mut self, field: Field<'_>) {
        self.line(&of_field(field));
    }

    fn extension(&mut self, extension: Field<'_>) {
        let written = extension.written_extendee().trim_start_matches('.');
        let extended = extension.extendee().map_or(written, Message::full_name);
        self.line(&format!("extend {extended} {{ {} }}", of_field(extension)));
    }

    fn oneof(&mut self, oneof: Oneof<'_>, members: &[Field<'_>]) {
        self.block(&format!("oneof {}", oneof.name()), |body| {
            body.properties(oneof.into());
            members.iter().for_each(|field| body.field(*field));
        });
    }

    fn enumeration(&mut self, enumeration: Enum<'_>) {
        self.block(&format!("{}enum {}", visibility(enumeration.visibility()), enumeration.name()), |body| {
            body.properties(enumeration.into());
            enumeration.values().for_each(|value| body.value(value));
        });
    }

    fn value(&mut self, value: EnumValue<'_>) {
        self.line(&format!("{} = {}{};", value.name(), value.number(), in_brackets(options::of_element(value.into()))));
    }

    fn service(&mut self, service: Service<'_>) {
        self.block(&format!("service {}", service.name()), |body| {
            body.properties(service.into());
            service.methods().for_each(|method| body.method(method));
        });
    }

    fn method(&mut self, method: Method<'_>) {
        let [request, response] = [method.is_client_streaming(), method.is_server_streaming()]
            .map(|is_stream| if is_stream { "stream " } else { "" });
        let (input, output) = (properties::request_of(method), properties::response_of(method));
        let head = format!("rpc {}({request}{input}) returns ({response}{output})", method.name());
        if options::of_element(method.into()).is_empty() {
            return self.line(&format!("{head};"));
        }
        self.block(&head, |body| body.properties(method.into()));
    }
}

/// Whether fields of the file say that they are optional.
fn is_proto2(file: File<'_>) -> bool {
    matches!(file.syntax(), Syntax::Proto2 | Syntax::Unspecified)
}

/// The fields of each oneof, by its position in the file: one look at each field, whatever many oneofs there are.
pub(super) fn members_of_oneofs(message: Message<'_>) -> FxHashMap<u32, Vec<Field<'_>>> {
    let mut members: FxHashMap<u32, Vec<Field<'_>>> = FxHashMap::default();
    for field in message.fields() {
        if let Some(oneof) = field.oneof() {
            members.entry(oneof.index).or_default().push(field);
        }
    }
    members
}

fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Default => "",
        Visibility::Export => "export ",
        Visibility::Local => "local ",
    }
}

fn of_field(field: Field<'_>) -> String {
    let is_member = field.oneof().is_some_and(|oneof| !oneof.is_synthetic());
    let label = match field.label() {
        Label::Required => "required ",
        Label::Repeated if !field.is_map() => "repeated ",
        Label::Optional if field.is_proto3_optional() || is_proto2(field.file()) && !is_member => "optional ",
        _ => "",
    };
    let group = if field.is_group() { "group " } else { "" };
    let mut brackets = Vec::new();
    if let Some(name) = field.written_json_name().filter(|name| *name != field.derived_json_name()) {
        brackets.push(("json_name".to_owned(), options::quoted(name)));
    }
    brackets.extend(properties::default(field).map(|default| ("default".to_owned(), default)));
    brackets.extend(options::of_element(field.into()));
    let (name, number) = (field.name(), field.number());
    format!("{label}{group}{} {name} = {number}{};", properties::type_of(field), in_brackets(brackets))
}

fn in_brackets(options: Vec<(String, String)>) -> String {
    let options: Vec<String> = options.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if options.is_empty() { String::new() } else { format!(" [{}]", options.join(", ")) }
}
