//! Where a file names things: declarations, types, extensions, options with what their values name, and its package.

mod value;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::schema::{Element, Field, FieldType, File, Message, OptionEntry, OptionStep, Part, Schema, options_message};
use crate::source::Span;

/// A name in a text.
pub(super) struct Mention {
    /// What it stands for.
    pub(super) full_name: String,
    /// The name with its dots; it may leave out the first components of the full name.
    pub(super) span: Span,
}

/// What values in braces can name in brackets, by full names.
pub(super) struct Bracketed<'s> {
    extensions: FxHashMap<String, Field<'s>>,
    messages: FxHashMap<&'s str, Message<'s>>,
}

impl<'s> Bracketed<'s> {
    pub(super) fn of(schema: &'s Schema) -> Bracketed<'s> {
        let fields = schema.files().flat_map(File::all_fields).filter(|field| field.is_extension());
        let messages = schema.files().flat_map(File::all_messages);
        Bracketed {
            extensions: fields.map(|field| (field.full_name(), field)).collect(),
            messages: messages.map(|message| (message.full_name(), message)).collect(),
        }
    }

    /// The extension that a name stands for within a scope: the nearest that the scope or one around it has.
    fn find(&self, scope: &str, name: &str) -> Option<Field<'s>> {
        if let Some(absolute) = name.strip_prefix('.') {
            return self.extensions.get(absolute).copied();
        }
        let ends = std::iter::once(scope.len()).chain(scope.rmatch_indices('.').map(|(at, _)| at));
        let within = ends.map(|end| format!("{}.{name}", &scope[..end])).chain([name.to_owned()]);
        within.into_iter().find_map(|full_name| self.extensions.get(&full_name).copied())
    }
}

/// What receives names.
struct Visit<'v, 's> {
    known: &'v Bracketed<'s>,
    /// The full name that names in values are looked up from.
    scope: &'v str,
    tell: &'v mut dyn FnMut(Mention),
}

/// Calls `tell` for every name in a file that is resolved.
pub(super) fn mentions<'s>(file: File<'s>, known: &Bracketed<'s>, tell: &mut dyn FnMut(Mention)) {
    let mut visit = Visit { known, scope: "", tell };
    if let (Some(package), Some(place)) = (file.package(), Element::File(file).locate(Part::PackageName)) {
        (visit.tell)(Mention { full_name: package.to_owned(), span: place.span });
    }
    for element in named(file) {
        if let Some(place) = element.locate(Part::Name) {
            (visit.tell)(Mention { full_name: element.full_name(), span: place.span });
        }
    }
    elements(file).for_each(|element| types(element, &mut visit));
    for (option, holder, element) in options_with_elements(file) {
        let scope = element.full_name();
        of_option(option, holder, &mut Visit { scope: &scope, known, tell: &mut *visit.tell });
    }
}

/// All that is declared with a name of its own in the text. A group shares its name with its field, in another case; it
/// has none that could be changed alone.
pub(super) fn named(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    let groups = file.all_fields().filter(|field| field.is_group()).filter_map(message_of);
    let groups: FxHashSet<u32> = groups.map(|message| message.index).collect();
    elements(file).filter(move |element| match element {
        Element::Message(message) => !groups.contains(&message.index),
        Element::Field(field) => !field.is_group(),
        _ => true,
    })
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
fn types(element: Element<'_>, visit: &mut Visit<'_, '_>) {
    let mut name = |full_name: Option<&str>, part: Part<'_>| {
        if let (Some(full_name), Some(place)) = (full_name, element.locate(part)) {
            (visit.tell)(Mention { full_name: full_name.to_owned(), span: place.span });
        }
    };
    match element {
        Element::Method(method) => {
            name(method.input().map(Message::full_name), Part::Input);
            name(method.output().map(Message::full_name), Part::Output);
        }
        Element::Field(field) => {
            name(field.extendee().map(Message::full_name), Part::Extendee);
            let held = if field.is_map() { map_value(field).unwrap_or(field) } else { field };
            match held.field_type() {
                FieldType::Message(_) if field.is_group() => {}
                FieldType::Message(message) => name(Some(message.full_name()), Part::Type),
                FieldType::Enum(enumeration) => {
                    name(Some(enumeration.full_name()), Part::Type);
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
pub(super) fn options_of(file: File<'_>) -> impl Iterator<Item = OptionEntry<'_>> {
    options_with_elements(file).map(|(option, ..)| option)
}

fn options_with_elements(file: File<'_>) -> impl Iterator<Item = OfElement<'_>> {
    let elements = std::iter::once(Element::File(file)).chain(elements(file));
    let own = elements.map(|element| (element.options(), kind(element), element));
    let ranges = file.all_messages().flat_map(|message| message.extension_ranges().map(move |range| (range, message)));
    let ranges = ranges.map(|(range, message)| (range.options(), "ExtensionRangeOptions", Element::from(message)));
    let known = own.chain(ranges).filter_map(|(options, kind, of)| Some((options, options_message(kind)?, of)));
    known.flat_map(|(options, holder, of)| options.iter().map(move |option| (option, holder, of)))
}

fn kind(element: Element<'_>) -> &'static str {
    match element {
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

/// The fields and extensions in an option's name, and what its value names.
fn of_option(option: OptionEntry<'_>, known: Message<'_>, visit: &mut Visit<'_, '_>) {
    let (mut holder, mut found) = (Some(known), None);
    for (step, span) in option.steps().zip(option.part_spans()) {
        found = match step {
            OptionStep::Extension(field) => Some(field),
            OptionStep::Field(name) => holder.and_then(|holder| holder.field_named(name)),
            OptionStep::Unresolved => None,
        };
        if let Some(field) = found {
            (visit.tell)(Mention { full_name: field.full_name(), span });
        }
        holder = found.and_then(message_of);
    }
    if let Some(field) = found {
        value::value(option.value(), option.value_span(), field, visit);
    }
}
