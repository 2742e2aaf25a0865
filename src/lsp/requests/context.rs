//! What a request is answered from: one file of one snapshot, and how the client counts places in it.

use std::path::Path;
use std::sync::Arc;

use gen_lsp_types::{Location, Position, Range, Uri};

use crate::ide::Cursor;
use crate::lsp::client::ClientInfo;
use crate::lsp::folder::Snapshot;
use crate::lsp::position::Lines;
use crate::project::Project;
use crate::source::{FileId, Place, Span};

/// A file of a snapshot.
pub(in crate::lsp) struct Context {
    pub(in crate::lsp) snapshot: Arc<Snapshot>,
    pub(in crate::lsp) client: Arc<ClientInfo>,
    pub(in crate::lsp) file: FileId,
}

impl Context {
    /// The file at a path, if it is among the schemas of a snapshot.
    pub(in crate::lsp) fn new(snapshot: Arc<Snapshot>, client: Arc<ClientInfo>, path: &Path) -> Option<Context> {
        let file = snapshot.text_at(path)?;
        Some(Context { snapshot, client, file })
    }

    pub(in crate::lsp) fn project(&self) -> &Project {
        &self.snapshot.project
    }

    /// The text of the file.
    pub(in crate::lsp) fn text(&self) -> &str {
        self.project().sources().get(self.file).text()
    }

    /// A text by lines.
    pub(in crate::lsp) fn lines_of(&self, file: FileId) -> Lines<'_> {
        let file = self.project().sources().get(file);
        Lines { text: file.text(), starts: file.line_starts(), encoding: self.client.encoding }
    }

    /// The text of the file by lines.
    pub(in crate::lsp) fn lines(&self) -> Lines<'_> {
        self.lines_of(self.file)
    }

    /// A position in the file as the library counts.
    pub(in crate::lsp) fn cursor(&self, position: Position) -> Cursor {
        Cursor { file: self.file, offset: self.lines().offset(position) }
    }

    /// A span of the file as the client counts.
    pub(in crate::lsp) fn range(&self, span: Span) -> Range {
        self.lines().range(span)
    }

    /// The URI of a text; none where it is no file.
    pub(in crate::lsp) fn uri_of(&self, file: FileId) -> Option<Uri> {
        Some(self.snapshot.uri(self.project().absolute(file)?))
    }

    /// A place of any file, for the client.
    pub(in crate::lsp) fn location(&self, place: Place) -> Option<Location> {
        Some(Location { uri: self.uri_of(place.file)?, range: self.lines_of(place.file).range(place.span) })
    }
}
