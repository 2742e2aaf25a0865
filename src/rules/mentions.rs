//! Where a file names things: declarations, types, extensions, options with what their values name, and its package.

mod cel;
mod text;
mod value;

use cel::Held;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::schema::{Element, Field, FieldType, File, Message, OptionEntry, OptionStep, Part, options_message};
use crate::source::Span;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Named<'s> {
    /// A package, or the first components of one.
    Package(&'s str),
    Element(Element<'s>),
}

impl<'s> Named<'s> {
    pub(crate) fn full_name(self) -> String {
        match self {
            Named::Package(name) => name.to_owned(),
            Named::Element(element) => element.full_name(),
        }
    }

    /// What the component before its own stands for in a name with dots.
    pub(crate) fn enclosing(self) -> Option<Named<'s>> {
        let within = |message: Option<Message<'s>>, file: File<'s>| match message {
            Some(message) => Some(Named::Element(message.into())),
            None => file.package().map(Named::Package),
        };
        match self {
            Named::Package(name) => name.rsplit_once('.').map(|(package, _)| Named::Package(package)),
            Named::Element(Element::File(_) | Element::Import(_)) => None,
            Named::Element(Element::Message(message)) => within(message.parent(), message.file()),
            Named::Element(Element::Field(field)) => within(field.parent(), field.file()),
            Named::Element(Element::Enum(enumeration)) => within(enumeration.parent(), enumeration.file()),
            Named::Element(Element::Oneof(oneof)) => Some(Named::Element(oneof.parent().into())),
            Named::Element(Element::EnumValue(value)) => Some(Named::Element(value.parent().into())),
            Named::Element(Element::Method(method)) => Some(Named::Element(method.parent().into())),
            Named::Element(Element::Service(service)) => within(None, service.file()),
        }
    }
}

/// A name in a text.
#[derive(Clone, Copy)]
pub(crate) struct Mention<'s> {
    /// What it stands for.
    pub(crate) of: Named<'s>,
    /// What names it: that which is declared, or in whose declaration or options the name stands.
    pub(crate) by: Element<'s>,
    /// The name with its dots; it may leave out the first components of the full name.
    pub(crate) span: Span,
    /// Whether that is declared here.
    pub(crate) is_declaration: bool,
}

/// What receives names.
struct Visit<'v, 's> {
    /// The file that the names are in, and its text.
    file: File<'s>,
    source: &'v str,
    /// What names things: for options, what has them.
    of: Element<'s>,
    /// What expressions in the options call `this`.
    this: Held<'s>,
    found: &'v mut dyn FnMut(Mention<'s>),
    /// Receives the texts in option values that were read: where each is, and the words in it that may be names.
    read: &'v mut dyn FnMut(Span, Vec<String>),
}

impl<'s> Visit<'_, 's> {
    fn refer(&mut self, to: impl Into<Element<'s>>, span: Span) {
        let to = match to.into() {
            // A group is declared as a message.
            Element::Field(field) if field.is_group() => message_of(field).map_or(field.into(), Element::from),
            other => other,
        };
        (self.found)(Mention { of: Named::Element(to), by: self.of, span, is_declaration: false });
    }
}

/// Calls `found` for every name in a file that is resolved; `source` is its text.
pub(crate) fn mentions<'s>(file: File<'s>, source: &str, found: &mut dyn FnMut(Mention<'s>)) {
    visit(file, source, found, &mut |_, _| ());
}

/// The texts in option values whose language is read, by their places, each with the words that may be names and that
/// were not resolved. All other words of them are certain: they are no names, or are among the mentions.
pub(crate) fn texts_read(file: File<'_>, source: &str) -> FxHashMap<Span, Vec<String>> {
    let mut texts = FxHashMap::default();
    visit(file, source, &mut |_| (), &mut |span, unsure| _ = texts.insert(span, unsure));
    texts
}

fn visit<'s>(
    file: File<'s>,
    source: &str,
    found: &mut dyn FnMut(Mention<'s>),
    read: &mut dyn FnMut(Span, Vec<String>),
) {
    let mut visit = Visit { file, source, of: file.into(), this: Held::Unknown, found, read };
    if let (Some(package), Some(place)) = (file.package(), Element::File(file).locate(Part::PackageName)) {
        (visit.found)(Mention { of: Named::Package(package), by: file.into(), span: place.span, is_declaration: true });
    }
    for element in declared(file) {
        if let Some(place) = element.locate(Part::Name) {
            (visit.found)(Mention { of: Named::Element(element), by: element, span: place.span, is_declaration: true });
        }
    }
    for element in elements(file) {
        visit.of = element;
        types(element, &mut visit);
    }
    for (option, holder, element) in options_with_elements(file) {
        (visit.of, visit.this) = (element, Held::this(element));
        of_option(option, holder, &mut visit);
    }
}

/// All that is declared with a name of its own in the text. A group shares its name with its field, in another case; it
/// has none that could be changed alone.
pub(crate) fn named(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    let groups = file.all_fields().filter(|field| field.is_group()).filter_map(message_of);
    let groups: FxHashSet<u32> = groups.map(|message| message.index).collect();
    declared(file)
        .filter(move |element| !matches!(element, Element::Message(message) if groups.contains(&message.index)))
}

/// The same with groups, each as its message alone.
fn declared(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    elements(file).filter(|element| !matches!(element, Element::Field(field) if field.is_group()))
}

/// All that is declared in the text: neither map entries nor synthetic oneofs.
fn elements(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    file.elements().filter(|element| match element {
        Element::Message(message) => !message.is_map_entry(),
        Element::Field(field) => !field.is_in_map_entry(),
        Element::Oneof(oneof) => !oneof.is_synthetic(),
        _ => true,
    })
}

fn message_of(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(message) => Some(message),
        _ => None,
    }
}

/// The types that an element names.
fn types<'s>(element: Element<'s>, visit: &mut Visit<'_, 's>) {
    let mut name = |message: Option<Message<'s>>, part: Part<'_>| {
        if let (Some(message), Some(place)) = (message, element.locate(part)) {
            visit.refer(message, place.span);
        }
    };
    match element {
        Element::Method(method) => {
            name(method.input(), Part::Input);
            name(method.output(), Part::Output);
        }
        Element::Field(field) => {
            name(field.extendee(), Part::Extendee);
            let held = if field.is_map() { map_value(field).unwrap_or(field) } else { field };
            match held.field_type() {
                FieldType::Message(_) if field.is_group() => {}
                FieldType::Message(message) => name(Some(message), Part::Type),
                FieldType::Enum(enumeration) => {
                    if let Some(place) = element.locate(Part::Type) {
                        visit.refer(enumeration, place.span);
                    }
                    value::default(field, enumeration, visit);
                }
                FieldType::Scalar(_) | FieldType::Unresolved => {}
            }
        }
        _ => {}
    }
}

fn map_value(field: Field<'_>) -> Option<Field<'_>> {
    message_of(field)?.fields().find(|field| field.number() == 2)
}

/// An option, the message of `google/protobuf/descriptor.proto` that declares the like, and what it is an option of.
type OfElement<'s> = (OptionEntry<'s>, Message<'static>, Element<'s>);

/// All options of a file.
pub(crate) fn options_of(file: File<'_>) -> impl Iterator<Item = OptionEntry<'_>> {
    options_with_elements(file).map(|(option, ..)| option)
}

fn options_with_elements(file: File<'_>) -> impl Iterator<Item = OfElement<'_>> {
    let elements = std::iter::once(Element::File(file)).chain(elements(file));
    let own = elements.map(|element| (element.options(), element.options_type(), element));
    let ranges = file.all_messages().flat_map(|message| message.extension_ranges().map(move |range| (range, message)));
    let ranges = ranges.map(|(range, message)| (range.options(), "ExtensionRangeOptions", Element::from(message)));
    let known = own.chain(ranges).filter_map(|(options, kind, of)| Some((options, options_message(kind)?, of)));
    known.flat_map(|(options, holder, of)| options.iter().map(move |option| (option, holder, of)))
}

/// The fields and extensions in an option's name, and what its value names.
fn of_option<'s>(option: OptionEntry<'s>, known: Message<'s>, visit: &mut Visit<'_, 's>) {
    let (mut holder, mut found) = (Some(known), None);
    for (step, span) in option.steps().zip(option.part_spans()) {
        found = match step {
            OptionStep::Extension(field) => Some(field),
            OptionStep::Field(name) => holder.and_then(|holder| holder.field_named(name)),
            OptionStep::Unresolved => None,
        };
        if let Some(field) = found {
            visit.refer(field, span);
            visit.this = text::narrowed(&visit.this, field);
        }
        holder = found.and_then(message_of);
    }
    if let Some(field) = found {
        value::value(option.value(), option.value_span(), field, visit);
    }
}
