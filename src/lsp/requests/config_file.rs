//! Configurations: what may be written there, and what keys and rules mean.

use gen_lsp_types::{CompletionList, CompletionParams, Contents, Hover, HoverParams};

use super::{completion, markdown};
use crate::ide::config_file;
use crate::lsp::client::ClientInfo;
use crate::lsp::documents::Document;

pub(super) fn completion(document: &Document, params: &CompletionParams, client: &ClientInfo) -> CompletionList {
    let lines = document.lines(client.encoding);
    let offset = lines.offset(params.text_document_position_params.position);
    let found = config_file::completion(&document.path, &document.text, offset);
    let items = found.into_iter().map(|completion| completion::item(lines, client, completion)).collect();
    CompletionList { is_incomplete: false, items, ..CompletionList::default() }
}

pub(super) fn hover(document: &Document, params: HoverParams, client: &ClientInfo) -> Option<Hover> {
    let lines = document.lines(client.encoding);
    let offset = lines.offset(params.text_document_position_params.position);
    let found = config_file::hover(&document.path, &document.text, offset)?;
    let content = markdown::content(found.text, client.shows_markdown());
    Some(Hover { contents: Contents::MarkupContent(content), range: Some(lines.range(found.span)) })
}
