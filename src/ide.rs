//! What an editor needs of a project at a place: by files and offsets in bytes, as plain values. It has no part in how
//! an editor is connected: no protocol, no threads, no disk. Each question is a file.
//!
//! Texts are damaged while they are typed: each question is answered as far as the tree and the schema go, and no offset
//! is out of place.

mod definition;
mod folding;
mod hover;
mod inlay_hints;
mod links;
mod names;
mod references;
mod rename;
mod rule_hover;
mod selection;
mod symbols;
#[cfg(test)]
mod tests;
mod workspace_symbols;

pub(crate) use definition::{Definition, Location, definition, type_definition};
pub(crate) use folding::{Fold, FoldKind, folding};
pub(crate) use hover::{Hover, hover};
pub(crate) use inlay_hints::{HintKind, InlayHint, inlay_hints};
pub(crate) use links::{Link, links};
pub(crate) use references::{highlights, references};
pub(crate) use rename::{PublishedBase, Refusal, RenameEdits, prepare_rename, rename};
pub(crate) use rule_hover::rule_hover;
pub(crate) use selection::selection;
pub(crate) use symbols::{Symbol, SymbolKind, document_symbols};
pub(crate) use workspace_symbols::{WorkspaceSymbol, workspace_symbols};

use crate::project::Project;
use crate::schema::File;
use crate::source::FileId;

/// An offset in the text of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    pub(crate) file: FileId,
    /// In bytes; beyond the end it means the end.
    pub(crate) offset: u32,
}

/// The file of the schema that was read from a text.
fn file_of(project: &Project, source: FileId) -> Option<File<'_>> {
    project.schema().files().find(|file| file.source() == Some(source))
}

/// The text of a file; empty for built-in ones.
fn text_of<'p>(project: &'p Project, file: File<'_>) -> &'p str {
    file.source().map_or("", |source| project.sources().get(source).text())
}
