//! What comments say, read from the tokens of a text: the schema only knows whether there is one.

use rustc_hash::FxHashMap;

use crate::schema::{TokenKind, tokens};
use crate::source::Span;

/// For the offset of each token that has a comment right above it, that comment: a block, or `//` lines that follow each
/// other.
pub(super) fn leading(text: &str) -> FxHashMap<u32, Span> {
    let mut found = FxHashMap::default();
    let mut comment: Option<(TokenKind, Span)> = None;
    let (mut end, mut is_after_comment) = (0, true);
    for token in tokens(text) {
        let line_ends = text[end as usize..token.start as usize].bytes().filter(|&byte| byte == b'\n').count();
        let span = Span::new(token.start, token.end);
        if token.is_comment() {
            let is_behind = line_ends == 0 && !is_after_comment;
            comment = match comment {
                _ if is_behind => None,
                Some((TokenKind::LineComment, first)) if token.kind == TokenKind::LineComment && line_ends == 1 => {
                    Some((token.kind, Span::new(first.start, span.end)))
                }
                _ => Some((token.kind, span)),
            };
        } else if let Some((_, span)) = comment.take().filter(|_| line_ends <= 1) {
            found.insert(token.start, span);
        }
        (end, is_after_comment) = (token.end, token.is_comment() || token.kind == TokenKind::Unknown);
    }
    found
}

/// Whether a comment stands above the first statement of a text and says something.
pub(super) fn has_heading(text: &str) -> bool {
    let comments = tokens(text).filter(|token| token.kind != TokenKind::Unknown).take_while(|token| token.is_comment());
    comments.flat_map(|token| lines(token.slice(text))).next().is_some()
}

/// The lines of a comment that say something, without its marks and directives.
pub(super) fn lines(comment: &str) -> impl Iterator<Item = &str> {
    let lines = comment.trim_end_matches("*/").lines();
    let said = lines.map(|line| line.trim().trim_start_matches(['/', '*', '!', '#']).trim());
    said.filter(|line| !line.is_empty() && !line.starts_with("protolint:") && !line.starts_with("buf:lint:"))
}

/// Whether a comment starts with a name, after an article or not.
pub(super) fn starts_with(comment: &str, name: &str) -> bool {
    let Some(line) = lines(comment).next() else { return false };
    let quotes = ['`', '"', '\'', '[', '*', '_'];
    let is_name = |text: &str| {
        let rest = text.trim_start().trim_start_matches(quotes).strip_prefix(name.trim_start_matches('_'));
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
    };
    is_name(line) || ["A ", "An ", "The "].iter().any(|article| line.strip_prefix(article).is_some_and(is_name))
}
