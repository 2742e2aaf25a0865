//! New names.

use gen_lsp_types::{Position, PrepareRenameParams, PrepareRenameResult, RenameParams, WorkspaceEdit};

use super::context::Context;
use super::edits;
use crate::finding::Edit;
use crate::ide::{self, published};
use crate::project::view::Edited;

/// The range that would get a new name, or why there is none.
pub(super) fn prepare(at: &Context, params: &PrepareRenameParams) -> Result<Option<PrepareRenameResult>, String> {
    let cursor = at.cursor(params.text_document_position_params.position);
    let (span, _) = ide::prepare_rename(at.project(), cursor)?;
    Ok(Some(PrepareRenameResult::Range(at.range(span))))
}

pub(super) fn rename(at: &Context, params: &RenameParams) -> Result<Option<WorkspaceEdit>, String> {
    let position = params.text_document_position_params.position;
    let edits = renamed(at, position, &params.new_name)?;
    if let Some(broken) = broken(at, &edits)? {
        return Err(broken);
    }
    Ok(Some(edits::of_workspace(at, &edits)))
}

/// The edits that give what stands at a position a new name, whatever that breaks.
pub(super) fn renamed(at: &Context, position: Position, to: &str) -> Result<Vec<Edit>, String> {
    ide::rename(at.project(), at.cursor(position), to)
}

/// Why those who have the base would suffer from edits.
fn broken(at: &Context, edits: &[Edit]) -> Result<Option<String>, String> {
    let Ok(held) = &at.snapshot.held else { return Ok(None) };
    let mut new: Edited = at.snapshot.edited.as_ref().clone();
    for (file, text) in crate::fix::edited_texts(edits, at.project().sources()) {
        if let Some(path) = at.project().absolute(file) {
            new.insert(path.to_owned(), text);
        }
    }
    let broken = published::broken(&held.breaking, &at.snapshot.edited, &new).map_err(|error| error.message)?;
    Ok(broken.map(|broken| {
        let layers: Vec<&str> = broken.layers.iter().map(|layer| layer.name()).collect();
        let how = "the command `protolint.renameAnyway` renames it nevertheless";
        format!("the new name breaks {} against {}; {how}", layers.join(", "), broken.base)
    }))
}
