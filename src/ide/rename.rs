//! New names, in all files of a project that use the old ones.

use super::names::{self, Meaning, Name};
use super::references::{in_damaged_files, name_of};
use super::{Cursor, file_of};
use crate::finding::Edit;
use crate::fix;
use crate::project::Project;
use crate::rules::mentions::Named;
use crate::schema::{Element, Field, FieldType, Message};
use crate::source::Span;

/// The word at a place that can get a new name.
///
/// # Errors
///
/// Why it cannot.
pub(crate) fn prepare_rename(project: &Project, at: Cursor) -> Result<(Span, String), String> {
    let (name, _) = renamable(project, at)?;
    let text = project.sources().get(at.file).text();
    Ok((name.span, name.span.slice(text).to_owned()))
}

/// Gives what stands at a place a new name, wherever the project uses the old one: also in option values, in paths of
/// `google.api.http` and in expressions of protovalidate.
///
/// # Errors
///
/// Why it does not get it.
pub(crate) fn rename(project: &Project, at: Cursor, to: &str) -> Result<Vec<Edit>, String> {
    let (name, named) = renamable(project, at)?;
    let symbol = named.full_name();
    let is_package = matches!(named, Named::Package(_));
    if symbol.rsplit('.').next() == Some(to) {
        return Ok(Vec::new());
    }
    let mut edits = fix::rename(project, &symbol, is_package, to)?;
    // Damaged statements are not checked, but follow.
    for place in in_damaged_files(project, name.of) {
        if !edits.iter().any(|edit| edit.place == place) {
            edits.push(Edit { place, text: to.to_owned() });
        }
    }
    edits.sort();
    Ok(edits)
}

/// What stands at a place, if its declaration is in a text that can be changed.
fn renamable(project: &Project, at: Cursor) -> Result<(Name<'_>, Named<'_>), String> {
    let file = file_of(project, at.file).ok_or("the file is not part of the project")?;
    if !project.sources().get(at.file).has_text() {
        return Err(format!("`{}` has no text", file.name()));
    }
    let name = names::at(project, at).ok_or("no name that can be changed is here")?;
    let named = match name.of {
        Meaning::Named(Named::Element(element)) => Named::Element(names::in_project(project, element)),
        Meaning::Named(package) => package,
        Meaning::File(file) => return Err(format!("`{}` is the path of a file: move the file instead", file.name())),
        Meaning::Scalar(scalar) => return Err(format!("`{}` is a type of the language", scalar.name())),
        Meaning::Reserved(_) => return Err("a reserved name belongs to nothing".to_owned()),
    };
    if let Named::Element(element) = named {
        let declared = element.file();
        if declared.source().is_none() {
            return Err(format!("`{}` is declared in `{}`, which is built in", element.full_name(), declared.name()));
        }
        if let Element::Message(message) = element
            && message.file().all_fields().any(|field| field.is_group() && is_of(field, message))
        {
            return Err("a group and its field share the name".to_owned());
        }
        if name_of(element).is_none() {
            return Err("no name that can be changed is here".to_owned());
        }
    }
    Ok((name, named))
}

fn is_of(field: Field<'_>, message: Message<'_>) -> bool {
    field.field_type() == FieldType::Message(message)
}
