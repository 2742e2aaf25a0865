//! What is declared, as lists and trees; what can be folded, selected, and shown beside the text.

use std::sync::Arc;

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, FoldingRange, FoldingRangeKind, InlayHint, InlayHintKind, InlayHintParams,
    SelectionRange, SelectionRangeParams, SymbolKind, SymbolTag, WorkspaceSymbol,
};

use super::context::Context;
use crate::ide::{self, FoldKind, HintKind, Symbol};
use crate::lsp::analysis::Folders;
use crate::lsp::client::ClientInfo;
use crate::lsp::position::Lines;
use crate::syntax;

/// How many symbols of a workspace are sent at most.
const MAX_SYMBOLS: usize = 200;

pub(super) fn document_symbols(at: &Context) -> Option<Vec<DocumentSymbol>> {
    let symbols = ide::document_symbols(at.project(), at.file);
    Some(symbols.into_iter().map(|symbol| document_symbol(at, symbol)).collect())
}

#[allow(deprecated)] // The field stands in the type, and is left empty.
fn document_symbol(at: &Context, symbol: Symbol) -> DocumentSymbol {
    let children = symbol.children.into_iter().map(|child| document_symbol(at, child)).collect();
    // Clients refuse a name without characters.
    let name = if symbol.name.is_empty() { "?".to_owned() } else { symbol.name };
    DocumentSymbol {
        name,
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.kind),
        tags: symbol.is_deprecated.then(|| vec![SymbolTag::Deprecated]),
        deprecated: None,
        range: at.range(symbol.span),
        selection_range: at.range(symbol.name_span),
        children: Some(children),
    }
}

fn kind(kind: ide::SymbolKind) -> SymbolKind {
    match kind {
        ide::SymbolKind::Message => SymbolKind::Struct,
        ide::SymbolKind::Field | ide::SymbolKind::Extension => SymbolKind::Field,
        ide::SymbolKind::Oneof => SymbolKind::Property,
        ide::SymbolKind::Enum => SymbolKind::Enum,
        ide::SymbolKind::EnumValue => SymbolKind::EnumMember,
        ide::SymbolKind::Service => SymbolKind::Interface,
        ide::SymbolKind::Rpc => SymbolKind::Method,
        ide::SymbolKind::Extend => SymbolKind::Namespace,
    }
}

/// The symbols of all folders.
pub(super) fn workspace_symbols(folders: &Folders, query: &str, client: &Arc<ClientInfo>) -> Vec<WorkspaceSymbol> {
    let mut found = Vec::new();
    for snapshot in &folders.0 {
        let project = &snapshot.project;
        for symbol in ide::workspace_symbols(project, query, MAX_SYMBOLS - found.len()) {
            let Some(path) = project.absolute(symbol.place.file) else { continue };
            let file = project.sources().get(symbol.place.file);
            let lines = Lines { text: file.text(), starts: file.line_starts(), encoding: client.encoding };
            let location = gen_lsp_types::Location { uri: snapshot.uri(path), range: lines.range(symbol.place.span) };
            found.push(WorkspaceSymbol {
                location: location.into(),
                data: None,
                base_symbol_information: BaseSymbolInformation {
                    name: symbol.name,
                    kind: kind(symbol.kind),
                    tags: symbol.is_deprecated.then(|| vec![SymbolTag::Deprecated]),
                    container_name: Some(symbol.container).filter(|container| !container.is_empty()),
                },
            });
        }
    }
    found
}

pub(super) fn folding(at: &Context) -> Option<Vec<FoldingRange>> {
    let folds = ide::folding(&syntax::parse(at.text()));
    let range = |fold: ide::Fold| {
        let range = at.range(fold.span);
        FoldingRange {
            start_line: range.start.line,
            start_character: Some(range.start.character),
            end_line: range.end.line,
            end_character: Some(range.end.character),
            kind: match fold.kind {
                FoldKind::Body => None,
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Imports => Some(FoldingRangeKind::Imports),
            },
            collapsed_text: None,
        }
    };
    Some(folds.into_iter().map(range).collect())
}

pub(super) fn selections(at: &Context, params: &SelectionRangeParams) -> Option<Vec<SelectionRange>> {
    let tree = syntax::parse(at.text());
    let of_position = |position: &gen_lsp_types::Position| {
        let spans = ide::selection(&tree, at.lines().offset(*position));
        let wider = |parent: Option<Box<SelectionRange>>, span| {
            Some(Box::new(SelectionRange { range: at.range(span), parent }))
        };
        let empty = SelectionRange { range: gen_lsp_types::Range { start: *position, end: *position }, parent: None };
        spans.into_iter().rev().fold(None, wider).map_or(empty, |selection| *selection)
    };
    Some(params.positions.iter().map(of_position).collect())
}

pub(super) fn inlay_hints(at: &Context, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    let hints = ide::inlay_hints(at.project(), at.file, at.lines().span(params.range)).into_iter();
    let wanted = hints.filter(|hint| match hint.kind {
        HintKind::JsonName => at.client.hints.json_names,
        HintKind::TypeScope => at.client.hints.type_names,
    });
    let hint = |hint: ide::InlayHint| InlayHint {
        position: at.lines().position(hint.offset),
        label: hint.label.into(),
        kind: (hint.kind == HintKind::TypeScope).then_some(InlayHintKind::Type),
        text_edits: None,
        tooltip: None,
        padding_left: Some(hint.kind == HintKind::JsonName),
        padding_right: None,
        data: None,
    };
    Some(wanted.map(hint).collect())
}
