//! Finds tokens, statements and the braces of bodies by where they stand, each without a walk over the whole tree. It
//! changes nothing.

#[cfg(test)]
mod tests;

use super::ast::Statement;
use super::lexer::{TokenKind, lex};
use super::literal;
use super::tree::{Node, Tree};
use crate::source::Span;

impl Tree<'_> {
    /// The index of the token at an offset, or of the first one after it.
    pub(crate) fn token_at(&self, offset: u32) -> u32 {
        let last = self.tokens.len() - 1;
        self.tokens.partition_point(|token| token.end <= offset).min(last) as u32
    }

    /// The statement whose first token begins at an offset.
    pub(crate) fn statement_at(&self, offset: u32) -> Option<Node<'_>> {
        let token = self.token_at(offset);
        let first = self.nodes.partition_point(|node| node.first < token);
        let beginning = self.nodes[first..].iter().take_while(|node| node.first == token).count();
        let mut nodes = (first..first + beginning).map(|index| self.node(index as u32));
        nodes.find(|node| Statement::cast(*node).is_some() && node.span().start == offset)
    }

    /// Where the text begins, after a byte order mark.
    pub(crate) fn start(&self) -> u32 {
        (self.text.len() - self.text.trim_start_matches('\u{feff}').len()) as u32
    }

    /// Where the token or the comment ends that stands before the token of that index.
    pub(crate) fn end_before(&self, token: u32) -> u32 {
        let before = token.checked_sub(1).map(|before| self.tokens[before as usize].end);
        let comment = self.comments_before(token).last().map(|comment| comment.end);
        comment.or(before).unwrap_or_else(|| self.start())
    }
}

impl Node<'_> {
    /// The index of the brace that opens the body of a declaration.
    pub(crate) fn opening_brace(self) -> Option<u32> {
        let has_body = matches!(
            Statement::cast(self)?,
            Statement::Message(_)
                | Statement::Enum(_)
                | Statement::Service(_)
                | Statement::Extend(_)
                | Statement::Group(_)
                | Statement::Oneof(_)
                | Statement::Rpc(_)
        );
        let (mut header, mut body) = (self.first(), self.end());
        for child in self.children() {
            if Statement::cast(child).is_some() {
                body = child.first();
                break;
            }
            header = child.end();
        }
        let between = self.tree().tokens().get(header as usize..body as usize)?;
        let at = between.iter().position(|token| token.is(b'{')).filter(|_| has_body)?;
        Some(header + at as u32)
    }
}

/// Where the value of string literals side by side is written.
pub(crate) struct Quote {
    /// Parts of the value that are written as they are: where each begins in the value and in the text, and its length.
    runs: Vec<(usize, u32, usize)>,
}

impl Quote {
    /// The literals in a part of a text.
    pub(crate) fn new(text: &str, span: Span) -> Quote {
        let part = span.slice(text);
        let (mut runs, mut value) = (Vec::new(), 0);
        for token in lex(part, part.len()).tokens.into_iter().filter(|token| token.kind == TokenKind::Str) {
            let (own, length) = literal::plain_runs(token.slice(part));
            let start = span.start + token.start;
            runs.extend(own.into_iter().map(|run| (value + run.value, start + run.written as u32, run.length)));
            value += length;
        }
        Quote { runs }
    }

    /// Where a part of the value stands in the text; `None` where it is not written as it is, or in two literals.
    pub(crate) fn locate(&self, start: usize, length: usize) -> Option<Span> {
        let holds = |(value, _, run): &&(usize, u32, usize)| *value <= start && start + length <= value + run;
        let (value, written, _) = self.runs.iter().find(holds)?;
        let at = written + (start - value) as u32;
        Some(Span::new(at, at + length as u32))
    }
}

/// The words in a part of a text, such as those of a dotted name.
pub(crate) fn words(text: &str, span: Span) -> Vec<Span> {
    let part = span.slice(text);
    let words = lex(part, part.len()).tokens.into_iter().filter(|token| token.kind == TokenKind::Ident);
    words.map(|word| Span::new(span.start + word.start, span.start + word.end)).collect()
}
