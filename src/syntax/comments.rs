//! Which comments belong to a declaration, as `Tokenizer::NextWithComments` of protoc's `tokenizer.cc` has it, and what they
//! say. It does not know what declarations mean.

use memchr::memchr_iter;

use super::lexer::Comment;
use super::tree::Tree;
use crate::source::Span;

impl Tree<'_> {
    /// The comment before the declaration that begins at a token: line comments on lines of their own make one.
    pub(crate) fn leading_comment(&self, token: u32) -> &[Comment] {
        let comments = self.comments_before(token);
        let Some(last) = comments.last() else { return &[] };
        let after = self.newlines(last.end, self.tokens()[token as usize].start);
        if after > 1 {
            return &[];
        }
        let is_beside = |at: usize| at == 0 && self.is_beside(token);
        let at = comments.len() - 1;
        if is_beside(at) && (!last.is_block || after == 0) {
            return &[];
        }
        if last.is_block {
            return &comments[at..];
        }
        let first = (1..=at).rev().take_while(|&at| self.joins(comments, at) && !is_beside(at - 1)).last();
        &comments[first.map_or(at, |joined| joined - 1)..]
    }

    /// The comment after the token that ends a declaration, or opens its body: beside it, or on the lines below if a blank
    /// line, or the end of what encloses it, follows.
    pub(crate) fn trailing_comment(&self, token: u32) -> &[Comment] {
        let next = token + 1;
        let comments = self.comments_before(next);
        let (Some(first), Some(follower)) = (comments.first(), self.tokens().get(next as usize)) else { return &[] };
        let start_of_next = |at: usize| comments.get(at + 1).map_or(follower.start, |comment| comment.start);
        if self.is_beside(next) {
            let is_alone = self.newlines(first.end, start_of_next(0)) > 0;
            return if is_alone { &comments[..1] } else { &[] };
        }
        if self.newlines(self.tokens()[token as usize].end, first.start) > 1 {
            return &[];
        }
        let last = match first.is_block {
            true => 0,
            false => (1..comments.len()).take_while(|&at| self.joins(comments, at)).last().unwrap_or(0),
        };
        let is_apart = self.newlines(comments[last].end, start_of_next(last)) > 1;
        let ends_body = last + 1 == comments.len() && follower.is(b'}');
        if is_apart || ends_body { &comments[..=last] } else { &[] }
    }

    /// Whether the comments before a token begin on the line on which the token before it ends.
    fn is_beside(&self, token: u32) -> bool {
        let before = token.checked_sub(1).map(|before| self.tokens()[before as usize].end);
        let first = self.comments_before(token).first();
        matches!((before, first), (Some(end), Some(first)) if self.newlines(end, first.start) == 0)
    }

    /// Whether a comment continues the one before it.
    fn joins(&self, comments: &[Comment], at: usize) -> bool {
        let (one, next) = (comments[at - 1], comments[at]);
        !one.is_block && !next.is_block && self.newlines(one.end, next.start) == 1
    }

    /// How many lines end between two places: none, one, or two for more.
    fn newlines(&self, start: u32, end: u32) -> usize {
        memchr_iter(b'\n', Span::new(start, end).slice(self.source()).as_bytes()).take(2).count()
    }

    /// What comments say, without the marks that begin and end them; a line for each line.
    pub(crate) fn comment_text(&self, comments: &[Comment]) -> String {
        let mut lines = Vec::new();
        for comment in comments {
            let written = comment.span().slice(self.source());
            if !comment.is_block {
                let line = written.trim_start_matches('/').trim_start_matches('#');
                lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end());
                continue;
            }
            let inner = written.strip_prefix("/*").unwrap_or(written);
            let inner = inner.strip_suffix("*/").unwrap_or(inner);
            for (at, line) in inner.lines().enumerate() {
                let plain = match at {
                    0 => line.trim_start_matches('*'),
                    _ => line.trim_start().strip_prefix('*').unwrap_or(line),
                };
                lines.push(plain.strip_prefix(' ').unwrap_or(plain).trim_end());
            }
        }
        lines.join("\n").trim_matches('\n').to_owned()
    }
}
