//! What a file says, as a list without places in which two readings of one text are compared. It uses no parser.

use std::fmt::{Display, Write as _};

use crate::schema::data::{EnumData, FieldData, FileData, MessageData, Reserved, Run, Syntax, ValueData, WrittenType};
use crate::source::Span;

/// One thing that a file says of an element.
pub(super) struct Fact {
    /// Its full name.
    pub(super) element: String,
    pub(super) what: &'static str,
    pub(super) value: String,
    /// Where the element stands.
    pub(super) span: Span,
}

impl Fact {
    /// Whether it says the same thing of the same element, whatever it says.
    pub(super) fn is_of(&self, other: &Fact) -> bool {
        (self.what, &self.element) == (other.what, &other.element)
    }

    pub(super) fn is_same(&self, other: &Fact) -> bool {
        self.is_of(other) && self.value == other.value
    }
}

/// All that a file says, in the order of its descriptor.
pub(super) fn facts(data: &FileData) -> Vec<Fact> {
    let mut facts = Facts { data, list: Vec::new() };
    facts.file();
    facts.list
}

struct Facts<'d> {
    data: &'d FileData,
    list: Vec<Fact>,
}

/// An element that facts are added to.
#[derive(Clone, Copy)]
struct Subject<'e> {
    name: &'e str,
    span: Span,
}

impl Facts<'_> {
    fn add(&mut self, subject: Subject<'_>, what: &'static str, value: impl Display) {
        let Subject { name, span } = subject;
        self.list.push(Fact { element: name.to_owned(), what, value: value.to_string(), span });
    }

    fn file(&mut self) {
        let data = self.data;
        let name = if data.package.is_some() { data.package_name() } else { "the file" };
        let file = Subject { name, span: data.package_span.or(data.syntax_span) };
        let syntax = if data.syntax == Syntax::Proto3 { "proto3" } else { "proto2" };
        self.add(file, "syntax", syntax);
        if data.package.is_some() {
            self.add(file, "package", data.package_name());
        }
        for import in &data.imports {
            let (path, kind) = (data.text(import.path), import.kind);
            self.add(Subject { name: path, span: import.span }, "import", format_args!("{kind:?}"));
        }
        self.messages(data.top_messages);
        self.enums(data.top_enums);
        self.fields(data.top_extensions);
        self.services();
        self.options(file, data.options_run);
    }

    fn messages(&mut self, run: Run) {
        for message in &self.data.messages[run.range()] {
            self.message(message);
        }
    }

    fn message(&mut self, message: &MessageData) {
        let data = self.data;
        let subject = Subject { name: data.text(message.full_name), span: message.place.name };
        self.add(subject, "kind", if message.map_entry { "map entry" } else { "message" });
        self.fields(message.fields);
        for oneof in &data.oneofs[message.oneofs.range()] {
            let name = format!("{}.{}", subject.name, data.text(oneof.name));
            let span = oneof.place.name.or(subject.span);
            let subject = Subject { name: &name, span };
            self.add(subject, "kind", if oneof.synthetic { "oneof of an optional field" } else { "oneof" });
            self.options(subject, oneof.options);
        }
        self.messages(message.messages);
        self.enums(message.enums);
        self.fields(message.extensions);
        for range in &data.ranges[message.extension_ranges.range()] {
            self.add(subject, "extension range", format_args!("{} to {}", range.start, range.end));
            self.options(subject, range.options);
        }
        self.reserved(subject, message.reserved);
        self.options(subject, message.options);
    }

    fn reserved(&mut self, subject: Subject<'_>, reserved: Reserved) {
        for range in &self.data.ranges[reserved.ranges.range()] {
            self.add(subject, "reserved range", format_args!("{} to {}", range.start, range.end));
        }
        for name in &self.data.reserved_names[reserved.names.range()] {
            self.add(subject, "reserved name", self.data.text(name.name));
        }
    }

    fn fields(&mut self, run: Run) {
        for field in &self.data.fields[run.range()] {
            self.field(field);
        }
    }

    fn field(&mut self, field: &FieldData) {
        let data = self.data;
        let (scope, name) = (data.scope(field.parent), data.text(field.name));
        let name = if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") };
        let subject = Subject { name: &name, span: field.place.name };
        self.add(subject, "number", field.number);
        self.add(subject, "label", format_args!("{:?}", field.label));
        match field.written_type {
            WrittenType::Scalar(scalar) => self.add(subject, "type", scalar.name()),
            written => self.add(subject, "type", format_args!("{written:?} {}", data.text(field.type_name))),
        }
        let texts = [
            ("extendee", field.extendee.map(|at| data.extendees[at as usize].name)),
            ("oneof", field.oneof.map(|at| data.oneofs[at as usize].name)),
            ("JSON name", field.json_name),
            ("default", field.default),
        ];
        for (what, text) in texts {
            if let Some(text) = text {
                self.add(subject, what, data.text(text));
            }
        }
        if field.proto3_optional {
            self.add(subject, "presence", "optional of proto3");
        }
        self.options(subject, field.options);
    }

    fn enums(&mut self, run: Run) {
        for enumeration in &self.data.enums[run.range()] {
            self.enumeration(enumeration);
        }
    }

    fn enumeration(&mut self, enumeration: &EnumData) {
        let data = self.data;
        let subject = Subject { name: data.text(enumeration.full_name), span: enumeration.place.name };
        self.add(subject, "kind", "enum");
        for value in &data.values[enumeration.values.range()] {
            let name = format!("{}.{}", subject.name, data.text(value.name));
            let subject = Subject { name: &name, span: value.place.name };
            self.add(subject, "number", value.number);
            self.options(subject, value.options);
        }
        self.reserved(subject, enumeration.reserved);
        self.options(subject, enumeration.options);
    }

    fn services(&mut self) {
        let data = self.data;
        for service in &data.services {
            let subject = Subject { name: data.text(service.full_name), span: service.place.name };
            self.add(subject, "kind", "service");
            for method in &data.methods[service.methods.range()] {
                let name = format!("{}.{}", subject.name, data.text(method.name));
                let subject = Subject { name: &name, span: method.place.name };
                let stream = |is_stream: bool| if is_stream { "stream " } else { "" };
                let (input, output) = (data.text(method.input), data.text(method.output));
                self.add(subject, "input", format_args!("{}{input}", stream(method.client_streaming)));
                self.add(subject, "output", format_args!("{}{output}", stream(method.server_streaming)));
                self.options(subject, method.options);
            }
            self.options(subject, service.options);
        }
    }

    fn options(&mut self, subject: Subject<'_>, run: Run) {
        let data = self.data;
        for option in &data.options[run.range()] {
            let mut text = String::new();
            for (at, part) in data.option_parts[option.parts.range()].iter().enumerate() {
                let (name, dot) = (data.text(part.name), if at > 0 { "." } else { "" });
                let (open, close) = if part.extension { ("(", ")") } else { ("", "") };
                text.extend([dot, open, name, close]);
            }
            text.push_str(" = ");
            self.value(option.value, &mut text);
            self.add(Subject { span: option.span.or(subject.span), ..subject }, "option", text);
        }
    }

    fn value(&self, value: ValueData, out: &mut String) {
        let data = self.data;
        let written = match value {
            ValueData::Identifier(word) => write!(out, "{}", data.text(word)),
            ValueData::Positive(number) => write!(out, "{number}"),
            ValueData::Negative(number) => write!(out, "-{}", number.unsigned_abs()),
            ValueData::Float(number) => write!(out, "{number:?}"),
            ValueData::String(text) => write!(out, "{:?}", data.text(text)),
            ValueData::Bytes(at) => write!(out, "bytes {:?}", data.byte_strings[at as usize]),
            ValueData::Message(run) => {
                out.push('{');
                for field in &data.value_fields[run.range()] {
                    let (open, close) = if field.is_bracketed { ("[", "]") } else { ("", "") };
                    let colon = if field.has_colon { ": " } else { " " };
                    out.extend([" ", open, data.text(field.name), close, colon]);
                    self.value(field.value.value, out);
                }
                write!(out, " }}")
            }
            ValueData::List(run) => {
                out.push('[');
                for element in &data.value_elements[run.range()] {
                    self.value(element.value, out);
                    out.push(' ');
                }
                write!(out, "]")
            }
        };
        written.expect("a string takes all that is written");
    }
}
