//! What encloses a place, from the word there to the whole file: for commands that widen a selection.

use super::folding::comment_runs;
use crate::source::Span;
use crate::syntax::{TokenKind, Tree};

/// The parts of a text that an offset is in, the innermost first; each lies in the next. The last one is the text.
pub(crate) fn selection(tree: &Tree<'_>, offset: u32) -> Vec<Span> {
    let text = tree.source();
    let mut offset = offset.min(text.len() as u32);
    while !text.is_char_boundary(offset as usize) {
        offset -= 1;
    }
    let holds = |span: Span| span.start <= offset && offset <= span.end;
    let mut spans = vec![Span::of(0..text.len())];
    for node in tree.nodes().filter(|node| holds(node.span())) {
        spans.push(node.span());
        if let Some(open) = node.opening_brace() {
            let (start, last) = (tree.tokens()[open as usize].end, tree.tokens()[node.end() as usize - 1]);
            spans.extend(last.is(b'}').then(|| Span::new(start, last.start)).filter(|body| holds(*body)));
        }
    }
    // At the border of two tokens, the word counts.
    let at = tree.token_at(offset) as usize;
    let touching = tree.tokens()[at.saturating_sub(1)..=at].iter();
    let touching = touching.filter(|token| token.kind != TokenKind::End && holds(token.span()));
    if let Some(token) = touching.max_by_key(|token| (is_word(token.kind), offset < token.end)) {
        spans.push(token.span());
        if token.kind == TokenKind::Str && token.start < offset && offset < token.end {
            spans.push(Span::new(token.start + 1, token.end - 1));
            spans.push(word(text, offset));
        }
    }
    let comments =
        tree.comments().iter().map(|comment| comment.span()).filter(|span| span.start < offset && holds(*span));
    for comment in comments {
        spans.extend(comment_runs(tree).into_iter().filter(|run| run.contains(comment)));
        spans.extend([comment, line(text, comment, offset), word(text, offset)]);
    }
    nested(spans, offset)
}

fn is_word(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Punct(_) | TokenKind::Unknown)
}

/// Those of some spans that lie in each other, without empty ones and without repetition.
fn nested(mut spans: Vec<Span>, offset: u32) -> Vec<Span> {
    spans.sort_by_key(|span| (span.end - span.start, span.start));
    let mut kept: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| span.start < span.end && span.start <= offset && offset <= span.end) {
        if kept.last().is_none_or(|last| span != *last && span.contains(*last)) {
            kept.push(span);
        }
    }
    kept
}

/// The letters and digits around an offset.
fn word(text: &str, offset: u32) -> Span {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let (before, after) = text.split_at(offset as usize);
    let start = before.trim_end_matches(is_inside).len();
    let end = text.len() - after.trim_start_matches(is_inside).len();
    Span::of(start..end)
}

/// The part of a comment on the line of an offset, without white space around it.
fn line(text: &str, comment: Span, offset: u32) -> Span {
    let (start, at) = (comment.start as usize, offset as usize);
    let start = text[start..at].rfind('\n').map_or(start, |found| start + found + 1);
    let end = text[at..comment.end as usize].find('\n').map_or(comment.end as usize, |found| at + found);
    let line = &text[start..end];
    let start = start + line.len() - line.trim_start().len();
    Span::of(start..start + line.trim().len())
}
