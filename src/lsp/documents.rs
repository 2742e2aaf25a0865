//! The documents that are open in the client, and the edits that come for them. It knows nothing of schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::position::{Encoding, Lines};
use super::uri;
use crate::source::line_starts;

/// An open document.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) uri: Uri,
    /// Absolute; where the document is no file, the path that it would have.
    pub(super) path: PathBuf,
    pub(super) version: i32,
    pub(super) text: String,
    /// Where each line starts, in bytes.
    starts: Vec<u32>,
}

impl Document {
    /// The text by lines.
    pub(super) fn lines(&self, encoding: Encoding) -> Lines<'_> {
        Lines { text: &self.text, starts: &self.starts, encoding }
    }

    /// Whether it is the text of a schema.
    pub(super) fn is_schema(&self) -> bool {
        self.path.extension().is_some_and(|extension| extension == "proto")
    }
}

/// All open documents, by path. A copy shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents {
    open: BTreeMap<PathBuf, Arc<Document>>,
}

impl Documents {
    /// Opens a document, in the place of one that was not closed.
    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String, folder: &Path) {
        let path = path_of(&uri, folder);
        let starts = line_starts(&text);
        self.open.insert(path.clone(), Arc::new(Document { uri, path, version, text, starts }));
    }

    /// Makes edits, one after the other; none where the document is not open, or was there in a later version already.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Option<PathBuf> {
        let (path, document) = self.open.iter_mut().find(|(_, document)| document.uri == *uri)?;
        if version < document.version {
            return None;
        }
        let document = Arc::make_mut(document);
        document.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let span = document.lines(encoding).span(change.range);
                    document.text.replace_range(span.range(), &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    document.text = change.text;
                }
            }
            document.starts = line_starts(&document.text);
        }
        Some(path.clone())
    }

    /// Closes a document; its path, where it was open.
    pub(super) fn close(&mut self, uri: &Uri) -> Option<PathBuf> {
        let path = self.open.iter().find(|(_, document)| document.uri == *uri)?.0.clone();
        self.open.remove(&path);
        Some(path)
    }

    /// The document of a URI.
    pub(super) fn get(&self, uri: &Uri) -> Option<&Arc<Document>> {
        self.open.values().find(|document| document.uri == *uri)
    }

    /// The document at a path.
    pub(super) fn at(&self, path: &Path) -> Option<&Arc<Document>> {
        self.open.get(path)
    }

    /// All of them, by path.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Document>> + Clone {
        self.open.values()
    }
}

/// The path of a document; where it is no file, one in `folder` that is made of its name.
fn path_of(uri: &Uri, folder: &Path) -> PathBuf {
    uri::to_path(uri).unwrap_or_else(|| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name: String = uri.0.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        let name = if name.ends_with(".proto") { name } else { format!("{name}.proto") };
        folder.join(name)
    })
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::{Position, Range, TextDocumentContentChangePartial};

    use super::*;

    fn partial(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let position = |(line, character)| Position { line, character };
        let range = Range { start: position(start), end: position(end) };
        TextDocumentContentChangePartial::new(range, None, text.to_owned()).into()
    }

    fn edited(text: &str, version: i32, changes: Vec<TextDocumentContentChangeEvent>) -> Option<String> {
        let (mut documents, uri) = (Documents::default(), Uri("file:///a.proto".to_owned()));
        documents.open(uri.clone(), 5, text.to_owned(), Path::new("/"));
        documents.change(&uri, version, changes, Encoding::Utf16)?;
        Some(documents.get(&uri)?.text.clone())
    }

    #[test]
    fn edits_are_made_one_after_the_other() {
        let changes = vec![partial((0, 0), (0, 0), "x\n"), partial((1, 1), (1, 2), "Y")];
        assert_eq!(edited("abc", 6, changes).as_deref(), Some("x\naYc"));
    }

    #[test]
    fn edits_out_of_range_are_clamped() {
        assert_eq!(edited("ab\n", 6, vec![partial((0, 9), (7, 7), "!")]).as_deref(), Some("ab!"));
        assert_eq!(edited("ab\n", 6, vec![partial((0, 2), (0, 0), "!")]).as_deref(), Some("ab!\n"));
    }

    #[test]
    fn an_older_version_is_left_alone() {
        assert_eq!(edited("ab", 4, vec![partial((0, 0), (0, 1), "!")]), None);
    }
}
