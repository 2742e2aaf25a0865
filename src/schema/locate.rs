//! Where the parts of an element stand. Rules name a part; this is the only place that finds it.

use super::Schema;
use super::data::{Detail, FileIndex};
use super::element::{Enum, EnumValue, Field, File, Import, Message, Method, Oneof, Service};
use super::option::{OptionEntry, Options};
use crate::source::{Place, Span};

/// Any element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element<'s> {
    File(File<'s>),
    Import(Import<'s>),
    Message(Message<'s>),
    Field(Field<'s>),
    Oneof(Oneof<'s>),
    Enum(Enum<'s>),
    EnumValue(EnumValue<'s>),
    Service(Service<'s>),
    Method(Method<'s>),
}

/// Names an element within its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ElementKey {
    kind: u8,
    file: FileIndex,
    index: u32,
}

macro_rules! from_handles {
    ($($Handle:ident)*) => { $(
        impl<'s> From<$Handle<'s>> for Element<'s> {
            fn from(handle: $Handle<'s>) -> Self {
                Element::$Handle(handle)
            }
        }
    )* };
}
from_handles!(File Import Message Field Oneof Enum EnumValue Service Method);

/// A part of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'n> {
    /// The name token.
    Name,
    /// The whole declaration, comments outside; of a file, its start.
    Declaration,
    /// The number of a field or an enum value.
    Number,
    /// The type of a field.
    Type,
    /// The message an extension extends.
    Extendee,
    /// The request type of an rpc.
    Input,
    /// The response type of an rpc.
    Output,
    /// The `syntax` or `edition` statement of a file.
    Syntax,
    /// The `package` statement of a file.
    Package,
    /// The name in that statement.
    PackageName,
    /// The first `reserved` statement of a message or enum.
    Reserved,
    /// `json_name` with its value.
    JsonName,
    /// `default` with its value.
    Default,
    /// That value.
    DefaultValue,
    /// The option of that plain name; where it is not set, the declaration.
    Option(&'n str),
    /// A span that the schema gave out itself.
    Exactly(Span),
}

impl<'s> Element<'s> {
    /// The file it is in.
    pub(crate) fn file(self) -> File<'s> {
        match self {
            Element::File(file) => file,
            Element::Import(import) => import.file(),
            Element::Message(message) => message.file(),
            Element::Field(field) => field.file(),
            Element::Oneof(oneof) => oneof.file(),
            Element::Enum(enumeration) => enumeration.file(),
            Element::EnumValue(value) => value.file(),
            Element::Service(service) => service.file(),
            Element::Method(method) => method.file(),
        }
    }

    /// What names it among all elements of its schema.
    pub(crate) fn key(self) -> ElementKey {
        let (kind, file, index) = match self {
            Element::File(file) => (0, file, 0),
            Element::Import(import) => (1, import.file(), import.index),
            Element::Message(message) => (2, message.file(), message.index),
            Element::Field(field) => (3, field.file(), field.index),
            Element::Oneof(oneof) => (4, oneof.file(), oneof.index),
            Element::Enum(enumeration) => (5, enumeration.file(), enumeration.index),
            Element::EnumValue(value) => (6, value.file(), value.index),
            Element::Service(service) => (7, service.file(), service.index),
            Element::Method(method) => (8, method.file(), method.index),
        };
        ElementKey { kind, file: file.index, index }
    }

    /// What distinguishes it from all other elements in memory, those of other schemas included.
    pub(crate) fn identity(self) -> (usize, usize) {
        let ElementKey { kind, index, .. } = self.key();
        let of_kind = (usize::from(kind) << 28) ^ index as usize;
        (std::ptr::from_ref(self.file().data()) as usize, of_kind)
    }

    /// What it lies in: the oneof of a field, the message or file of a type.
    pub(crate) fn around(self) -> Option<Element<'s>> {
        let outer = |message: Option<Message<'s>>| message.map_or(self.file().into(), Element::from);
        match self {
            Element::File(_) => None,
            Element::Import(import) => Some(import.file().into()),
            Element::Message(message) => Some(outer(message.parent())),
            Element::Field(field) => match field.oneof().filter(|oneof| !oneof.is_synthetic()) {
                Some(oneof) => Some(oneof.into()),
                None => Some(outer(field.parent())),
            },
            Element::Oneof(oneof) => Some(oneof.parent().into()),
            Element::Enum(enumeration) => Some(outer(enumeration.parent())),
            Element::EnumValue(value) => Some(value.parent().into()),
            Element::Service(service) => Some(service.file().into()),
            Element::Method(method) => Some(method.parent().into()),
        }
    }

    /// The place of a part; the next larger thing where the part is not written. `None` for built-in files.
    pub(crate) fn locate(self, part: Part<'_>) -> Option<Place> {
        let file = self.file().source()?;
        let span = self.span(part).or(self.declaration()).or(Span::new(0, 0));
        Some(Place { file, span })
    }

    /// The whole declaration, comments outside; of a file its start.
    pub(crate) fn declaration(self) -> Span {
        match self {
            Element::File(_) => Span::new(0, 0),
            Element::Import(import) => import.span(),
            Element::Message(message) => message.place().span,
            Element::Field(field) => field.place().span,
            Element::Oneof(oneof) => oneof.place().span,
            Element::Enum(enumeration) => enumeration.place().span,
            Element::EnumValue(value) => value.place().span,
            Element::Service(service) => service.place().span,
            Element::Method(method) => method.place().span,
        }
    }

    fn name(self) -> Span {
        match self {
            Element::File(_) | Element::Import(_) => Span::NONE,
            Element::Message(message) => message.place().name,
            Element::Field(field) => field.place().name,
            Element::Oneof(oneof) => oneof.place().name,
            Element::Enum(enumeration) => enumeration.place().name,
            Element::EnumValue(value) => value.place().name,
            Element::Service(service) => service.place().name,
            Element::Method(method) => method.place().name,
        }
    }

    fn span(self, part: Part<'_>) -> Span {
        match (part, self) {
            (Part::Exactly(span), _) => span,
            (Part::Name, element) => element.name(),
            (Part::Declaration, element) => element.declaration(),
            (Part::Number, Element::Field(field)) => field.data().number_span,
            (Part::Number, Element::EnumValue(value)) => value.data().number_span,
            (Part::Type, Element::Field(field)) => field.data().type_span,
            (Part::Extendee, Element::Field(field)) => field.extendee_span(),
            (Part::Input, Element::Method(method)) => method.data().input_span,
            (Part::Output, Element::Method(method)) => method.data().output_span,
            (Part::Syntax, Element::File(file)) => file.data().syntax_span,
            (Part::Package, Element::File(file)) => file.data().package_span,
            (Part::PackageName, Element::File(file)) => file.data().package_name_span,
            (Part::Reserved, Element::Message(message)) => message.reserved().span(),
            (Part::Reserved, Element::Enum(enumeration)) => enumeration.reserved().span(),
            (Part::JsonName, Element::Field(field)) => field.detail(Detail::JsonName),
            (Part::Default, Element::Field(field)) => field.detail(Detail::Default),
            (Part::DefaultValue, Element::Field(field)) => field.detail(Detail::DefaultValue),
            (Part::Option(name), element) => element.options().get(name).map_or(Span::NONE, OptionEntry::span),
            _ => Span::NONE,
        }
    }

    /// Package, enclosing names and name, joined by dots; of a file or an import the package.
    pub(crate) fn full_name(self) -> String {
        let within = |scope: &str, name: &str| format!("{scope}.{name}");
        match self {
            Element::File(_) | Element::Import(_) => self.file().package().unwrap_or_default().to_owned(),
            Element::Message(message) => message.full_name().to_owned(),
            Element::Field(field) => field.full_name(),
            Element::Oneof(oneof) => within(oneof.parent().full_name(), oneof.name()),
            Element::Enum(enumeration) => enumeration.full_name().to_owned(),
            Element::EnumValue(value) => within(value.parent().full_name(), value.name()),
            Element::Service(service) => service.full_name().to_owned(),
            Element::Method(method) => within(method.parent().full_name(), method.name()),
        }
    }

    /// What names it across commits: its full name; of a file or an import the file's name below its root.
    pub(crate) fn symbol(self) -> String {
        match self {
            Element::File(_) | Element::Import(_) => self.file().name().to_owned(),
            element => element.full_name(),
        }
    }

    /// The name of the message of descriptor.proto that holds its options.
    pub(crate) fn options_type(self) -> &'static str {
        match self {
            Element::File(_) | Element::Import(_) => "FileOptions",
            Element::Message(_) => "MessageOptions",
            Element::Field(_) => "FieldOptions",
            Element::Oneof(_) => "OneofOptions",
            Element::Enum(_) => "EnumOptions",
            Element::EnumValue(_) => "EnumValueOptions",
            Element::Service(_) => "ServiceOptions",
            Element::Method(_) => "MethodOptions",
        }
    }

    /// Its options as written; imports have none, so the file's.
    pub(crate) fn options(self) -> Options<'s> {
        match self {
            Element::File(file) => file.options(),
            Element::Import(import) => import.file().options(),
            Element::Message(message) => message.options(),
            Element::Field(field) => field.options(),
            Element::Oneof(oneof) => oneof.options(),
            Element::Enum(enumeration) => enumeration.options(),
            Element::EnumValue(value) => value.options(),
            Element::Service(service) => service.options(),
            Element::Method(method) => method.options(),
        }
    }
}

impl Schema {
    /// The element of that name, if there is one.
    pub(crate) fn element(&self, key: ElementKey) -> Option<Element<'_>> {
        let ElementKey { kind, file, index } = key;
        let data = self.files.get(file as usize)?;
        let file = self.file_at(file);
        let is_in = |count: usize| (index as usize) < count;
        Some(match kind {
            0 => file.into(),
            1 if is_in(data.imports.len()) => Import { file, index }.into(),
            2 if is_in(data.messages.len()) => Message { file, index }.into(),
            3 if is_in(data.fields.len()) => Field { file, index }.into(),
            4 if is_in(data.oneofs.len()) => Oneof { file, index }.into(),
            5 if is_in(data.enums.len()) => Enum { file, index }.into(),
            6 if is_in(data.values.len()) => EnumValue { file, index }.into(),
            7 if is_in(data.services.len()) => Service { file, index }.into(),
            8 if is_in(data.methods.len()) => Method { file, index }.into(),
            _ => return None,
        })
    }
}

impl<'s> File<'s> {
    /// All that is declared in it at any depth, map entries and synthetic oneofs included.
    pub(crate) fn elements(self) -> impl Iterator<Item = Element<'s>> {
        let messages = self.all_messages().map(Element::from);
        let fields = self.all_fields().map(Element::from);
        let oneofs = self.all_messages().flat_map(Message::oneofs).map(Element::from);
        let enums = self.all_enums().map(Element::from);
        let values = self.all_enums().flat_map(Enum::values).map(Element::from);
        let services = self.services().map(Element::from);
        let methods = self.services().flat_map(Service::methods).map(Element::from);
        messages.chain(fields).chain(oneofs).chain(enums).chain(values).chain(services).chain(methods)
    }

    /// The message, field, oneof or extension at a path as in `SourceCodeInfo`: `[4, 0, 2, 1]` is the second field of
    /// the first message.
    pub(crate) fn element_at(self, path: &[i32]) -> Option<Element<'s>> {
        let nth = |index: i32| usize::try_from(index).ok();
        let (mut message, mut rest) = match *path {
            [4, index, ref rest @ ..] => (self.messages().nth(nth(index)?)?, rest),
            [7, index] => return Some(self.extensions().nth(nth(index)?)?.into()),
            _ => return None,
        };
        while let [3, index, ref inner @ ..] = *rest {
            message = message.messages().nth(nth(index)?)?;
            rest = inner;
        }
        match *rest {
            [] => Some(message.into()),
            [2, index] => Some(message.fields().nth(nth(index)?)?.into()),
            [6, index] => Some(message.extensions().nth(nth(index)?)?.into()),
            [8, index] => Some(message.oneofs().nth(nth(index)?)?.into()),
            _ => None,
        }
    }
}

impl Field<'_> {
    fn extendee_span(self) -> Span {
        self.data().extendee.map_or(Span::NONE, |at| self.file().data().extendees[at as usize].span)
    }

    fn detail(self, detail: Detail) -> Span {
        let details = &self.file().data().details;
        // The parser may place the whole of it and its value: the former starts earlier.
        let at = details.partition_point(|&(field, kind, _)| (field, kind) < (self.index, detail));
        let found = details.get(at).filter(|&&(field, kind, _)| (field, kind) == (self.index, detail));
        found.map_or(Span::NONE, |&(_, _, span)| span)
    }
}
