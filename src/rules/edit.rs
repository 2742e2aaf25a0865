//! The edits that fixes share, as findings hold them: how a statement goes, and where one comes.

use crate::finding::Edit;
use crate::schema::{Element, Part};
use crate::source::{FileId, Place};
use crate::syntax::{Repair, Tree, edit};

/// Removes the statement at a place.
pub(crate) fn remove_statement(tree: &Tree<'_>, place: Place) -> Edit {
    in_file(place.file, edit::remove_statement(tree, place.span))
}

/// Adds statements to the body of a message or enum. `None` where the body is not found.
pub(crate) fn add_to_body(tree: &Tree<'_>, element: Element<'_>, statements: &[String]) -> Option<Edit> {
    let declaration = element.locate(Part::Declaration)?;
    let reserved = element.locate(Part::Reserved)?.span;
    let reserved = Some(reserved).filter(|&reserved| reserved != declaration.span);
    let added = edit::add_to_body(tree, declaration.span.start, reserved, statements)?;
    Some(in_file(declaration.file, added))
}

/// Puts a statement before the first one of a file.
pub(crate) fn add_first(tree: &Tree<'_>, place: Place, statement: &str) -> Edit {
    in_file(place.file, edit::add_first(tree, statement))
}

fn in_file(file: FileId, Repair { span, text }: Repair) -> Edit {
    Edit { place: Place { file, span }, text }
}
