//! What of a schema is deprecated, by its own option or by that of what it is in, and what can replace it. It does not
//! know releases, and how long something has to stay deprecated.

mod notice;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::schema::{Element, Enum, Field, FieldType, File, Part, Schema};
use crate::syntax;

pub(crate) use notice::{MentionedName, Notice};

/// Whether an element has `deprecated = true` of its own.
pub(crate) fn is_marked(element: Element<'_>) -> bool {
    !matches!(element, Element::Import(_)) && element.options().boolean("deprecated") == Some(true)
}

/// What has the option that makes an element deprecated: itself, or the innermost element around it.
pub(crate) fn deprecated_by(element: Element<'_>) -> Option<Element<'_>> {
    let mut around = Some(element);
    while let Some(here) = around {
        if is_marked(here) {
            return Some(here);
        }
        around = here.around();
    }
    None
}

/// The elements of a file that have the option themselves, the file first.
pub(crate) fn marked(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    std::iter::once(Element::File(file)).chain(file.elements()).filter(|element| is_marked(*element))
}

/// The same in the order of their places, each with what its comments say; `text` is that of the file.
pub(crate) fn marked_with_notices<'s>(file: File<'s>, text: &str) -> Vec<(Element<'s>, Notice)> {
    let mut marked: Vec<Element<'s>> = marked(file).collect();
    if marked.is_empty() {
        return Vec::new();
    }
    marked.sort_by_key(|element| element.locate(Part::Name).map(|place| place.span));
    let tree = syntax::parse(text);
    marked.into_iter().map(|element| (element, Notice::new(&tree, element))).collect()
}

/// The word for the kind of an element, as messages have it.
pub(crate) fn kind(element: Element<'_>) -> &'static str {
    match element {
        Element::File(_) => "file",
        Element::Import(_) => "import",
        Element::Message(_) => "message",
        Element::Field(field) if field.is_extension() => "extension",
        Element::Field(_) => "field",
        Element::Oneof(_) => "oneof",
        Element::Enum(_) => "enum",
        Element::EnumValue(_) => "enum value",
        Element::Service(_) => "service",
        Element::Method(_) => "rpc",
    }
}

/// What an element is called where its container is known: its own name; of a file its path.
pub(crate) fn short_name(element: Element<'_>) -> &str {
    match element {
        Element::File(file) => file.name(),
        Element::Import(import) => import.path(),
        Element::Message(message) => message.name(),
        Element::Field(field) => field.name(),
        Element::Oneof(oneof) => oneof.name(),
        Element::Enum(enumeration) => enumeration.name(),
        Element::EnumValue(value) => value.name(),
        Element::Service(service) => service.name(),
        Element::Method(method) => method.name(),
    }
}

/// Whether what names a field is the message that has it, or something in that: a message may say what holds for its own
/// fields.
pub(crate) fn is_own_field(by: Element<'_>, of: Element<'_>) -> bool {
    let Element::Field(field) = of else { return false };
    let Some(holder) = field.parent().filter(|_| !field.is_extension()) else { return false };
    let is_in = |element: Element<'_>| matches!(element, Element::Field(field) if field.parent() == Some(holder));
    by == holder.into() || is_in(by) || by.around() == Some(holder.into())
}

/// What the names in comments can stand for: only elements with one of the words that are looked for.
pub(crate) struct NamesMeant<'s> {
    elements: FxHashMap<String, Element<'s>>,
    packages: FxHashSet<&'s str>,
    files: FxHashSet<&'s str>,
}

impl<'s> NamesMeant<'s> {
    /// Looks through a schema for all that the names may stand for.
    pub(crate) fn new<'n>(schema: &'s Schema, names: impl IntoIterator<Item = &'n str>) -> NamesMeant<'s> {
        let words: FxHashSet<&str> = names.into_iter().flat_map(|name| name.split('.')).collect();
        let mut meant =
            NamesMeant { elements: FxHashMap::default(), packages: FxHashSet::default(), files: FxHashSet::default() };
        if words.is_empty() {
            return meant;
        }
        for file in schema.files() {
            meant.packages.extend(file.package());
            meant.files.insert(file.name());
            for element in file.elements().filter(|element| words.contains(short_name(*element))) {
                if let Element::EnumValue(value) = element {
                    // Values are in the scope of their enum, and are written behind its name too.
                    let beside = joined(scope_of(value.parent()), value.name());
                    meant.elements.entry(beside).or_insert(element);
                }
                meant.elements.entry(element.full_name()).or_insert(element);
            }
        }
        meant
    }

    /// Whether a name in the comment of an element stands for another one, or for a package or a file.
    pub(crate) fn has(&self, name: &str, element: Element<'_>) -> bool {
        self.full_name(name, element).is_some()
    }

    /// The full name of that.
    pub(crate) fn full_name(&self, name: &str, element: Element<'_>) -> Option<String> {
        if self.packages.contains(name) || self.files.contains(name) {
            return Some(name.to_owned());
        }
        let inner = match element {
            Element::File(file) => file.package().unwrap_or_default().to_owned(),
            element => element.full_name(),
        };
        let mut scope = Some(inner.as_str());
        while let Some(here) = scope {
            if let Some(found) = self.find(here, name).filter(|found| *found != element) {
                return Some(found.symbol());
            }
            scope = match here.rsplit_once('.') {
                Some((outer, _)) => Some(outer),
                None if here.is_empty() => None,
                None => Some(""),
            };
        }
        None
    }

    /// What a name stands for in a scope: an element, or a field of what a field holds.
    fn find(&self, scope: &str, name: &str) -> Option<Element<'s>> {
        if let Some(found) = self.elements.get(&joined(scope, name)) {
            return Some(*found);
        }
        let (first, rest) = name.split_once('.')?;
        let Some(Element::Field(first)) = self.elements.get(&joined(scope, first)) else { return None };
        let last = rest.split('.').try_fold(*first, |holder: Field<'s>, name| match holder.field_type() {
            FieldType::Message(message) => message.field_named(name),
            _ => None,
        });
        last.map(Element::from)
    }
}

fn scope_of(enumeration: Enum<'_>) -> &str {
    enumeration.full_name().rsplit_once('.').map_or("", |(scope, _)| scope)
}

fn joined(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}
