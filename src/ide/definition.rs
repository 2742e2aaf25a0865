//! Where something is declared.

use super::Cursor;
use super::names::{self, Meaning};
use crate::project::Project;
use crate::rules::mentions::Named;
use crate::schema::{Element, Field, FieldType, File, Part};
use crate::source::{Place, Span};
use crate::syntax::words;

/// Where what stands at a place is declared.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The name that was found at the place.
    pub(crate) origin: Span,
    /// Of packages, and of rpcs by their types, several.
    pub(crate) locations: Vec<Location>,
}

/// Where a declaration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// The name; of a file its start.
    pub(crate) name: Place,
    /// The whole declaration.
    pub(crate) declaration: Span,
}

/// Where what stands at a place is declared. Nothing where that is in no text, as in built-in files.
pub(crate) fn definition(project: &Project, at: Cursor) -> Option<Definition> {
    let name = names::at(project, at)?;
    let locations = match name.of {
        Meaning::Named(named) => of_named(project, named),
        Meaning::File(file) => Location::of_file(project, file).into_iter().collect(),
        Meaning::Scalar(_) | Meaning::Reserved(_) => Vec::new(),
    };
    (!locations.is_empty()).then_some(Definition { origin: name.span, locations })
}

/// Where the type of what stands at a place is declared: that of a field, of a value its enum, of an rpc its request and
/// response.
pub(crate) fn type_definition(project: &Project, at: Cursor) -> Option<Definition> {
    let name = names::at(project, at)?;
    let Meaning::Named(Named::Element(element)) = name.of else { return None };
    let types: Vec<Element<'_>> = match element {
        Element::Field(field) => type_of(field).into_iter().collect(),
        Element::EnumValue(value) => vec![value.parent().into()],
        Element::Method(method) => method.input().into_iter().chain(method.output()).map(Element::from).collect(),
        Element::Message(_) | Element::Enum(_) => vec![element],
        _ => Vec::new(),
    };
    let locations = types.into_iter().filter_map(|element| Location::of(project, element));
    let mut locations: Vec<Location> = locations.collect();
    locations.dedup();
    (!locations.is_empty()).then_some(Definition { origin: name.span, locations })
}

/// The message or enum that a field holds; of a map, that its values are.
fn type_of(field: Field<'_>) -> Option<Element<'_>> {
    match field.field_type() {
        FieldType::Message(entry) if entry.is_map_entry() => type_of(entry.field_numbered(2)?),
        FieldType::Message(message) => Some(message.into()),
        FieldType::Enum(enumeration) => Some(enumeration.into()),
        FieldType::Scalar(_) | FieldType::Unresolved => None,
    }
}

fn of_named(project: &Project, named: Named<'_>) -> Vec<Location> {
    match named {
        Named::Element(element) => Location::of(project, element).into_iter().collect(),
        Named::Package(package) => of_package(project, package),
    }
}

/// The last word of a package in the statements of its files; where it has none, in those of the packages in it.
fn of_package(project: &Project, package: &str) -> Vec<Location> {
    let last = package.matches('.').count();
    let statement = |file: File<'_>| {
        let source = file.source()?;
        let words = words(project.sources().get(source).text(), file.data().package_name_span);
        let name = Place { file: source, span: *words.get(last)? };
        Some(Location { name, declaration: file.data().package_span })
    };
    let is_in = |file: &File<'_>| is_within(file.package().unwrap_or_default(), package);
    let (own, within): (Vec<File<'_>>, Vec<File<'_>>) =
        project.schema().files().filter(is_in).partition(|file| file.package() == Some(package));
    let files = if own.is_empty() { within } else { own };
    files.into_iter().filter_map(statement).collect()
}

/// Whether a package is another one, or lies in it.
pub(super) fn is_within(package: &str, outer: &str) -> bool {
    package.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Location {
    /// Where an element is declared, if that is in a text.
    pub(super) fn of(project: &Project, element: Element<'_>) -> Option<Location> {
        let element = names::in_project(project, element);
        if let Element::File(file) = element {
            return Location::of_file(project, file);
        }
        let is_written = match element {
            Element::Message(message) => !message.is_map_entry(),
            Element::Field(field) => !field.is_in_map_entry(),
            Element::Oneof(oneof) => !oneof.is_synthetic(),
            _ => true,
        };
        let declaration = element.locate(Part::Declaration).filter(|_| is_written)?;
        let name = element.locate(Part::Name)?;
        let has_text = project.sources().get(name.file).has_text();
        has_text.then_some(Location { name, declaration: declaration.span })
    }

    fn of_file(project: &Project, file: File<'_>) -> Option<Location> {
        let source = file.source().filter(|source| project.sources().get(*source).has_text())?;
        let start = Span::new(0, 0);
        Some(Location { name: Place { file: source, span: start }, declaration: start })
    }
}
