//! Which comments belong to a declaration, as `Tokenizer::NextWithComments` of protoc's `tokenizer.cc` has it, and what they
//! say. It does not know what declarations mean.

use memchr::memchr_iter;

use std::ops::Range;

use super::lexer::{Comment, TokenKind};
use super::tree::Tree;
use crate::source::Span;

/// The comments between two tokens, as far as each is known to belong to one of them.
#[derive(Default)]
struct Attached {
    /// To the token before; the others in front of `leading` belong to none.
    trailing: Range<usize>,
    /// To the token after.
    leading: Range<usize>,
}

/// Comments that are gone through, in order.
#[derive(Default)]
struct Collector {
    /// The comment that is open: block comments are one each, line comments one as long as nothing ends them.
    open: Range<usize>,
    is_line: bool,
    trailing: Range<usize>,
    /// Whether a comment that ends can belong to the token before.
    can_trail: bool,
    ended: usize,
}

impl Collector {
    /// The open comment does not belong to the token after.
    fn end(&mut self) {
        if self.open.is_empty() {
            return;
        }
        if self.can_trail {
            self.trailing = self.open.clone();
            self.can_trail = false;
        }
        self.open = Range::default();
        self.ended += 1;
    }

    fn blank_line(&mut self) {
        self.end();
        self.can_trail = false;
    }

    fn add(&mut self, at: usize, is_block: bool) {
        if is_block || !self.is_line {
            self.end();
        }
        self.is_line = !is_block;
        self.open = if self.open.is_empty() { at..at + 1 } else { self.open.start..at + 1 };
    }

    /// Tokens side by side: an only comment between them belongs to neither.
    fn detach_only(&mut self) {
        if self.ended + usize::from(!self.open.is_empty()) == 1 {
            self.trailing = Range::default();
            self.can_trail = false;
            self.end();
        }
    }
}

impl Tree<'_> {
    /// The comment before the declaration that begins at a token: line comments on lines of their own make one.
    pub(crate) fn leading_comment(&self, token: u32) -> &[Comment] {
        &self.comments_before(token)[self.attached(token).leading]
    }

    /// The comment after the token that ends a declaration, or opens its body.
    pub(crate) fn trailing_comment(&self, token: u32) -> &[Comment] {
        &self.comments_before(token + 1)[self.attached(token + 1).trailing]
    }

    /// What the comments say that belong to the declaration at an offset: before it, and behind its end or its opening
    /// brace. `None` where no declaration begins there.
    pub(crate) fn comments_on(&self, declaration: u32) -> Option<[String; 2]> {
        let name = self.token_at(declaration);
        let before = name.checked_sub(1).map(|before| self.tokens()[before as usize].slice(self.source()));
        // `export` and `local` are no part of a declaration's place.
        let first = if matches!(before, Some("export" | "local")) { name - 1 } else { name };
        let node = self.statement_at(self.tokens()[first as usize].start)?;
        let last = node.opening_brace().unwrap_or(node.end() - 1);
        Some([self.leading_comment(first), self.trailing_comment(last)].map(|comment| self.comment_text(comment)))
    }

    /// Which of the comments before a token belong to it, or to the token before.
    fn attached(&self, token: u32) -> Attached {
        let comments = self.comments_before(token);
        let Some(&next) = self.tokens().get(token as usize).filter(|_| !comments.is_empty()) else {
            return Attached::default();
        };
        let before = token.checked_sub(1).map(|before| self.tokens()[before as usize].end);
        let mut collector = Collector { can_trail: before.is_some(), ..Collector::default() };
        let mut end = before.unwrap_or_else(|| self.start());
        // Whether the end of a line between the last piece and the next is not that of a blank line.
        let mut ends_line = before.is_some();
        let (mut is_beside, mut trails_to) = (before.is_some(), None);
        for (at, comment) in comments.iter().enumerate() {
            let lines = self.newlines(end, comment.start);
            is_beside &= lines == 0;
            if lines > usize::from(ends_line) {
                collector.blank_line();
            }
            collector.add(at, comment.is_block);
            (end, ends_line) = (comment.end, true);
            if is_beside {
                // What begins beside the token before ends with the line, or the block.
                collector.end();
                trails_to = Some(comment.end);
                (is_beside, ends_line) = (false, !comment.is_block);
            }
        }
        if self.newlines(end, next.start) > usize::from(ends_line) {
            collector.blank_line();
        }
        let is_on_line = |place: Option<u32>| place.is_some_and(|place| self.newlines(place, next.start) == 0);
        if is_on_line(before) || is_on_line(trails_to) {
            collector.detach_only();
        }
        if next.kind == TokenKind::End || [b'}', b']', b')'].into_iter().any(|close| next.is(close)) {
            collector.end();
        }
        Attached { trailing: collector.trailing, leading: collector.open }
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

#[cfg(test)]
mod tests {
    use crate::syntax::ast::statements;
    use crate::syntax::parse;

    /// The comments before and after the last statement of a text.
    fn attached(text: &str) -> (String, String) {
        let tree = parse(text);
        let node = statements(tree.root()).last().expect("a statement").node();
        let last = node.opening_brace().unwrap_or(node.end() - 1);
        let text = |comments| tree.comment_text(comments).replace('\n', " ");
        (text(tree.leading_comment(node.first())), text(tree.trailing_comment(last)))
    }

    #[test]
    fn comments_belong_to_what_protoc_attaches_them_to() {
        let cases = [
            ("// a\nmessage A {}", "a", ""),
            ("// a\n\n// b\n// c\nmessage A {}", "b c", ""),
            ("// a\n\nmessage A {}", "", ""),
            ("import \"a\"; // a\nmessage A {}", "", ""),
            ("import \"a\"; // a\n// b\nmessage A {}", "b", ""),
            ("import \"a\"; /* a */ message A {}", "", ""),
            ("import \"a\";\n/* a */ message A {}", "a", ""),
            ("import \"a\";\n// a\n\nmessage A {}", "", ""),
            ("import \"a\"; /* a\n * b */ message A {}", "", ""),
            ("/* a */ /* b */ message A {}", "b", ""),
            ("message A { // a\n // b\n}", "", "a"),
            ("message A {\n // a\n // b\n\n // c\n}", "", "a b"),
            ("message A {\n // a\n}", "", "a"),
            ("message A {\n\n // a\n}", "", ""),
            ("message A {\n /* a\n  * b */ int32 c = 1; }", "", ""),
            ("message A { /* a */ }", "", ""),
            ("message A { /* a */\n}", "", "a"),
        ];
        for (text, leading, trailing) in cases {
            assert_eq!(attached(text), (leading.to_owned(), trailing.to_owned()), "{text}");
        }
    }
}
