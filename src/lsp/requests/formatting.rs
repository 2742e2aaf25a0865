//! How texts are written, as `protolint format` does.

use gen_lsp_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, TextEdit,
};

use super::context::Context;
use super::edits;
use crate::format::{self, Style};

pub(super) fn whole(at: &Context, _: &DocumentFormattingParams) -> Option<Vec<TextEdit>> {
    Some(edits::in_file(at, format::whole(at.text(), &style(at)).edits))
}

pub(super) fn range(at: &Context, params: &DocumentRangeFormattingParams) -> Option<Vec<TextEdit>> {
    Some(edits::in_file(at, format::range(at.text(), at.lines().span(params.range), &style(at)).edits))
}

pub(super) fn on_type(at: &Context, params: &DocumentOnTypeFormattingParams) -> Option<Vec<TextEdit>> {
    let offset = at.lines().offset(params.position);
    Some(edits::in_file(at, format::on_type(at.text(), offset, &style(at)).edits))
}

/// The style of the file: that of the configuration and of `.editorconfig`, whatever the client proposes, so that all
/// who work on it write alike.
fn style(at: &Context) -> Style {
    at.project().style_of(at.file)
}
