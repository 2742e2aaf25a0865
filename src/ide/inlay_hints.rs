//! What a text leaves out and a reader may want to see beside it: JSON names that are derived, and the packages and
//! messages that a relative name of a type leaves out.

use super::file_of;
use crate::project::Project;
use crate::schema::{Element, Enum, Field, FieldType, Message, Part};
use crate::source::{FileId, Place, Span};

/// What a hint shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HintKind {
    /// Stands after the name of a field.
    JsonName,
    /// Stands before the name of a type.
    TypeScope,
}

/// A text to show within another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InlayHint {
    pub(crate) offset: u32,
    /// `userName`, or `acme.v1.` with the dot at its end.
    pub(crate) label: String,
    pub(crate) kind: HintKind,
}

/// The hints of a file that stand in a part of it, in order.
pub(crate) fn inlay_hints(project: &Project, file: FileId, range: Span) -> Vec<InlayHint> {
    let Some(file) = file_of(project, file) else { return Vec::new() };
    let text = super::text_of(project, file);
    let mut hints = Vec::new();
    for element in file.elements() {
        match element {
            Element::Field(field) if !field.is_in_map_entry() && !field.is_group() => {
                hints.extend(json_name(field));
                hints.extend(scope(text, element.locate(Part::Type), type_of(field)));
                hints.extend(scope(text, element.locate(Part::Extendee), field.extendee().map(Message::full_name)));
            }
            Element::Method(method) => {
                hints.extend(scope(text, element.locate(Part::Input), method.input().map(Message::full_name)));
                hints.extend(scope(text, element.locate(Part::Output), method.output().map(Message::full_name)));
            }
            _ => {}
        }
    }
    hints.retain(|hint| range.start <= hint.offset && hint.offset <= range.end);
    hints.sort_by_key(|hint| hint.offset);
    hints.dedup();
    hints
}

fn json_name(field: Field<'_>) -> Option<InlayHint> {
    // An extension is called by its full name in JSON.
    let place = Element::Field(field).locate(Part::Name).filter(|_| !field.is_extension())?;
    let label = field.derived_json_name();
    let differs = field.written_json_name().is_none() && label != field.name();
    differs.then_some(InlayHint { offset: place.span.end, label, kind: HintKind::JsonName })
}

/// The full name of the message or enum that a field holds, or that the values of a map are.
fn type_of(field: Field<'_>) -> Option<&str> {
    match field.field_type() {
        FieldType::Message(entry) if entry.is_map_entry() => type_of(entry.field_numbered(2)?),
        FieldType::Message(message) => Some(Message::full_name(message)),
        FieldType::Enum(enumeration) => Some(Enum::full_name(enumeration)),
        FieldType::Scalar(_) | FieldType::Unresolved => None,
    }
}

/// What a name leaves out of the full name.
fn scope(text: &str, place: Option<Place>, full_name: Option<&str>) -> Option<InlayHint> {
    let (place, full_name) = (place?, full_name?);
    let written = place.span.slice(text);
    // Of a map the type of the values, which is the last.
    let name = written.rsplit_once(',').map_or(written, |(_, value)| value.trim_end_matches('>').trim());
    let left_out = full_name.strip_suffix(name).filter(|left_out| left_out.ends_with('.'))?;
    let offset = place.span.start + written.rfind(name)? as u32;
    Some(InlayHint { offset, label: left_out.to_owned(), kind: HintKind::TypeScope })
}
