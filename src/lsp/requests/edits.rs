//! Edits of texts, for the client.

use std::collections::{BTreeMap, HashMap};

use gen_lsp_types::{
    DocumentChange, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri,
    WorkspaceEdit,
};

use super::context::Context;
use crate::finding::Edit;
use crate::fix;
use crate::source::{FileId, Span};

/// Edits of the file of a request.
pub(super) fn in_file(at: &Context, edits: Vec<(Span, String)>) -> Vec<TextEdit> {
    edits.into_iter().map(|(span, new_text)| TextEdit { range: at.range(span), new_text }).collect()
}

/// Edits of any files of the project. Where the client takes versions, it refuses what is outdated when it arrives.
pub(super) fn of_workspace(at: &Context, edits: &[Edit]) -> WorkspaceEdit {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let range = at.lines_of(edit.place.file).range(edit.place.span);
        let line_end = fix::line_end(at.project().sources().get(edit.place.file).text());
        let new_text = edit.text.replace('\n', line_end);
        by_file.entry(edit.place.file).or_default().push(TextEdit { range, new_text });
    }
    let files = by_file.into_iter().filter_map(|(file, edits)| Some((at.uri_of(file)?, version(at, file), edits)));
    of_files(at, files.collect())
}

/// Edits by document.
pub(super) fn of_files(at: &Context, files: Vec<(Uri, Option<i32>, Vec<TextEdit>)>) -> WorkspaceEdit {
    if !at.client.takes_document_changes() {
        let changes: HashMap<Uri, Vec<TextEdit>> = files.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let change = |(uri, version, edits): (Uri, Option<i32>, Vec<TextEdit>)| {
        let text_document = OptionalVersionedTextDocumentIdentifier {
            version,
            text_document_identifier: TextDocumentIdentifier { uri },
        };
        let edits = edits.into_iter().map(Into::into).collect();
        DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits })
    };
    let changes = files.into_iter().map(change).collect();
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}

/// The version of a file that is open.
pub(super) fn version(at: &Context, file: FileId) -> Option<i32> {
    let path = at.project().absolute(file)?;
    at.snapshot.documents.at(path).map(|document| document.version)
}
