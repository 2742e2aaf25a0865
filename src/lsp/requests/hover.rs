//! What there is to say of a place: of the name there, and of what was found there.

use std::path::Path;

use gen_lsp_types::{Contents, Hover, HoverParams};

use super::context::Context;
use super::markdown;
use crate::finding::Finding;
use crate::ide::{self, rule_hover};
use crate::lsp::results::Results;
use crate::source::{SourceFile, Span};

/// `results` are those of the same snapshot, where it was checked already.
pub(super) fn hover(at: &Context, params: &HoverParams, results: Option<&Results>, path: &Path) -> Option<Hover> {
    let cursor = at.cursor(params.text_document_position_params.position);
    let named = ide::hover(at.project(), cursor);
    let found: Vec<String> = results.map(|results| found_at(results, path, cursor.offset)).unwrap_or_default();
    let range = named.as_ref().map(|named| at.range(named.span));
    let parts: Vec<String> = named.map(|named| named.markdown).into_iter().chain(found).collect();
    let content = markdown::content(parts.join("\n\n---\n\n"), at.client.shows_markdown());
    (!parts.is_empty()).then_some(Hover { contents: Contents::MarkupContent(content), range })
}

/// What there is to say of findings at an offset of a file: of each rule that reports something there.
fn found_at(results: &Results, path: &Path, offset: u32) -> Vec<String> {
    let sources = results.snapshot.project.sources();
    let of_check = results.of_check_in(path).iter().map(|finding| (sources, finding));
    let of_changes = results.of_changes_in(path).map(|(report, finding)| (&report.sources, finding));
    let is_there = |finding: &Finding, file: &SourceFile| {
        finding.place.is_some_and(|place| {
            let span = marked(file, place.span);
            file.revision().is_none() && span.start <= offset && offset <= span.end
        })
    };
    let there = of_check.chain(of_changes).filter_map(|(sources, finding)| {
        let file = sources.get(finding.place?.file);
        is_there(finding, file).then(|| rule_hover(finding))
    });
    let mut there: Vec<String> = there.collect();
    there.dedup();
    there
}

/// The part of a span that the client marks: its first line.
fn marked(file: &SourceFile, span: Span) -> Span {
    let first = span.slice(file.text()).find('\n').and_then(|at| u32::try_from(at).ok());
    first.map_or(span, |length| Span::new(span.start, span.start + length))
}
