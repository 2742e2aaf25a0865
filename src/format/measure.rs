//! How wide tokens are on one line, what stands between them there, and where the text has line ends and comments.

use super::layout::{Layout, Want};
use super::quotes;
use crate::source::Span;
use crate::syntax::{Node, Token, TokenKind};

impl<'t> Layout<'t, '_> {
    /// How many characters a line of a level is indented by.
    pub(super) fn indent(&self, level: u32) -> usize {
        self.unit_width * level as usize
    }

    /// How many characters tokens take up on one line, what stands before the first left out.
    pub(super) fn width(&self, first: u32, end: u32) -> usize {
        let tokens = self.tree.tokens();
        let token = |at: u32| quotes::width(tokens[at as usize], self.text, self.style);
        let space = |at: u32| usize::from(at > first && self.gaps[at as usize].want == Want::Space);
        (first..end).map(|at| space(at) + token(at)).sum()
    }

    /// The same with the space before the first.
    pub(super) fn width_behind(&self, first: u32, end: u32) -> usize {
        let has_space = first < end && self.gaps[first as usize].want == Want::Space;
        usize::from(has_space) + self.width(first, end)
    }

    /// Whether the text has a line end before a token and after the one before it.
    pub(super) fn is_broken_before(&self, token: u32) -> bool {
        let start = token.checked_sub(1).map_or(0, |before| self.tree.tokens()[before as usize].end);
        Span::new(start, self.tree.tokens()[token as usize].start).slice(self.text).contains('\n')
    }

    /// Whether the text has one anywhere after the first of tokens and before the last.
    pub(super) fn is_broken(&self, node: Node<'t>) -> bool {
        (node.first() + 1..node.end()).any(|token| self.is_broken_before(token))
    }

    /// Whether comments stand after the first of tokens and before the last.
    pub(super) fn has_comments(&self, first: u32, end: u32) -> bool {
        let comments = self.tree.comments();
        let start = comments.partition_point(|comment| comment.before <= first);
        comments.get(start).is_some_and(|comment| comment.before < end)
    }
}

/// What stands between two tokens of a statement on one line.
pub(super) fn between(before: Token, token: Token) -> Want {
    let closes = matches!(token.kind, TokenKind::Punct(b';' | b',' | b')' | b']' | b'>' | b'}' | b':'));
    let opens = matches!(before.kind, TokenKind::Punct(b'(' | b'[' | b'<' | b'{' | b'-'));
    if (closes || opens) && !become_one(before, token) { Want::Nothing } else { Want::Space }
}

/// Whether two tokens would be read as one, or as a comment, with nothing between them.
pub(super) fn become_one(before: Token, token: Token) -> bool {
    let is_word = |kind| {
        matches!(
            kind,
            TokenKind::Ident
                | TokenKind::Int
                | TokenKind::Float
                | TokenKind::BadNumber
                | TokenKind::Unknown
                | TokenKind::BadStr
        )
    };
    let is_number = |kind| matches!(kind, TokenKind::Int | TokenKind::Float | TokenKind::BadNumber);
    is_word(before.kind) && is_word(token.kind)
        || before.is(b'.') && is_number(token.kind)
        || is_number(before.kind) && token.is(b'.')
        || before.is(b'/') && (token.is(b'/') || token.is(b'*'))
}
