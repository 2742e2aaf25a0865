//! Edits that fixes share: how a statement goes without leaving a hole, and where one comes. They look at texts only.

use crate::finding::Edit;
use crate::source::{Place, Span};

/// Removes a statement: with its lines, the end of the last one included, where nothing but a comment stands beside it.
pub(crate) fn remove_statement(text: &str, place: Place) -> Edit {
    Edit { place: Place { file: place.file, span: lines_of(text, place.span) }, text: String::new() }
}

/// The whole lines that a statement and the comment after it take up; the span alone where more stands there.
fn lines_of(text: &str, span: Span) -> Span {
    let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
    let rest = after[..line_end].trim();
    let is_alone = before[start..].trim_matches('\u{feff}').trim().is_empty();
    if !is_alone || !(rest.is_empty() || rest.starts_with("//")) {
        return span;
    }
    let start = start + (before[start..].len() - before[start..].trim_start_matches('\u{feff}').len());
    Span::of(start..span.end as usize + line_end)
}
