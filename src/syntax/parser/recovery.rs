//! Where a statement ends that has a fault, and where a body ends of which a brace is missing or too many: by
//! semicolons and braces, by words that only begin declarations, and by where lines begin. It reports braces alone.

use super::{Block, Parsed, Parser};
use crate::source::Span;
use crate::syntax::fault::Fault;
use crate::syntax::lexer::TokenKind;

/// What is at hand where a body may end.
pub(super) enum BodyEnd {
    /// Its brace.
    Brace,
    /// Something after the body, whose brace is missing.
    Missing,
    /// A brace that closes nothing.
    Stray,
    /// Something in the body.
    Not,
}

impl Parser<'_> {
    /// The column, 0-based in bytes, of a token that is the first one on its line.
    fn column(&self, at: usize) -> Option<u32> {
        if !super::is_first_on_line(self.text, self.tokens, at) {
            return None;
        }
        let start = self.tokens[at].start;
        let before = at.checked_sub(1).map_or(0, |before| self.tokens[before].end);
        let gap = Span::new(before, start).slice(self.text);
        Some(gap.rfind('\n').map_or(start, |newline| start - before - newline as u32 - 1))
    }

    /// The column at which the line of a token begins.
    fn line_column(&self, at: usize) -> Option<u32> {
        const MAX_BACK: usize = 64;
        (at.saturating_sub(MAX_BACK)..=at).rev().find_map(|at| self.column(at))
    }

    /// Opens a body whose declaration begins with the token at `start`; the brace was read.
    pub(super) fn open_block(&mut self, start: usize) {
        let column = self.column(start);
        let first = self.column(self.at);
        let is_indented = match (first, column) {
            (Some(first), Some(column)) => first > column,
            // On the line of the brace; what is at the top of a file is not indented either way.
            (None, Some(column)) => column > 0,
            _ => false,
        };
        self.blocks.push(Block { column, inside: self.at, is_indented });
    }

    /// Whether a `service`, `import` or another word that never begins what is in a body begins a declaration here.
    fn begins_file_statement(&self) -> bool {
        match self.word() {
            "service" => self.peek(1).kind == TokenKind::Ident && self.peek(2).is(b'{'),
            "import" => self.peek(1).kind == TokenKind::Str || self.peek(2).kind == TokenKind::Str,
            "package" => self.peek(1).kind == TokenKind::Ident && (self.peek(2).is(b';') || self.peek(2).is(b'.')),
            "syntax" | "edition" => self.peek(1).is(b'=') && self.peek(2).kind == TokenKind::Str,
            _ => false,
        }
    }

    /// Whether a type is declared here.
    fn begins_type(&self) -> bool {
        matches!(self.word(), "message" | "enum" | "extend" | "oneof")
            && self.peek(1).kind == TokenKind::Ident
            && (self.peek(2).is(b'{') || self.word() == "extend" && self.peek(2).is(b'.'))
    }

    /// What the token at hand means for the innermost body.
    pub(super) fn body_end(&self) -> BodyEnd {
        let is_brace = self.is(b'}');
        if self.is_balanced && is_brace {
            return BodyEnd::Brace;
        }
        if self.is_end() || !is_brace && self.begins_file_statement() {
            return BodyEnd::Missing;
        }
        if self.is_balanced {
            return BodyEnd::Not;
        }
        let block = *self.blocks.last().expect("a body is open");
        let columns = self.column(self.at).zip(block.column);
        match (is_brace, columns) {
            (true, Some((at, own))) if at == own => BodyEnd::Brace,
            (true, Some((at, own))) if at < own => {
                let is_outer = |outer: &Block| outer.column.is_some_and(|column| at >= column);
                let outer = &self.blocks[..self.blocks.len() - 1];
                if outer.iter().any(is_outer) { BodyEnd::Missing } else { BodyEnd::Brace }
            }
            (true, Some((_, own))) => {
                if self.goes_on_within(own) {
                    BodyEnd::Stray
                } else {
                    BodyEnd::Brace
                }
            }
            (true, None) => match block.column.filter(|_| !self.is_one_line(block)) {
                Some(own) if self.goes_on_within(own) => BodyEnd::Stray,
                _ => BodyEnd::Brace,
            },
            (false, Some((at, own))) if at <= own && (block.is_indented || self.begins_type()) => BodyEnd::Missing,
            _ => BodyEnd::Not,
        }
    }

    /// Whether a body is still on the line it began on.
    fn is_one_line(&self, block: Block) -> bool {
        let start = self.tokens[block.inside.saturating_sub(1)].start;
        !Span::new(start, self.token().start).slice(self.text).contains('\n')
    }

    /// Whether what follows the brace at hand stands within a body at that column, or ends it.
    fn goes_on_within(&self, own: u32) -> bool {
        let next = self.at + 1;
        match self.tokens.get(next).map(|token| token.kind) {
            None | Some(TokenKind::End) => false,
            Some(kind) => match self.column(next) {
                Some(column) if kind == TokenKind::Punct(b'}') => column >= own,
                Some(column) => column > own,
                None => false,
            },
        }
    }

    /// Says that the innermost body has no closing brace.
    pub(super) fn missing_brace(&mut self, what: &str) {
        // Of several bodies that the end of the file finds open, the innermost is named.
        if self.is_end() && std::mem::replace(&mut self.has_open_end, true) {
            return;
        }
        let (end, block) = (self.end_before(), *self.blocks.last().expect("a body is open"));
        let open = self.tokens[block.inside.saturating_sub(1)].span();
        let fault = Fault::syntax(Span::new(end, end), format!("expected `}}` at the end of {what}"));
        self.fault(fault.label(open, "opened here").help("write `}`"));
    }

    /// Says that the brace at hand closes nothing, and skips it.
    pub(super) fn stray_brace(&mut self) {
        let span = self.token().span();
        self.fault(Fault::syntax(span, "this `}` closes nothing").help("remove it"));
        self.bump();
    }

    /// Reads the brace of a body. Where it is missing and the body begins, what is there counts as the body.
    pub(super) fn open_brace(&mut self, what: &str) -> Parsed {
        if self.take(b'{') {
            return Ok(());
        }
        if self.is_on_new_line() && !self.is_end() || self.is(b'}') || self.begins_statement(0) {
            let end = self.end_before();
            let fault = Fault::syntax(Span::new(end, end), format!("expected `{{` after the name of {what}"));
            self.fault(fault.help("write `{`").insert(end, " {"));
            return Ok(());
        }
        self.refuse(&format!("`{{` after the name of {what}"))
    }

    /// Skips the rest of a damaged header; whether its body follows, whose brace is read then.
    pub(super) fn skip_to_body(&mut self) -> bool {
        loop {
            if self.take(b'{') {
                return true;
            }
            if self.is_end() || self.is(b'}') || self.is_on_new_line() {
                return false;
            }
            if self.take(b';') {
                return false;
            }
            self.bump();
        }
    }

    /// Whether what stands `ahead` begins a statement, whatever it stands after.
    pub(super) fn begins_statement(&self, ahead: usize) -> bool {
        let word = self.word_at(ahead);
        let (next, third) = (self.peek(ahead + 1), self.peek(ahead + 2));
        let is_name = next.kind == TokenKind::Ident;
        match word {
            "" => false,
            "message" | "enum" | "service" | "oneof" | "extend" if is_name => third.is(b'{') || third.is(b'.'),
            "import" => next.kind == TokenKind::Str || third.kind == TokenKind::Str,
            "option" => is_name && (third.is(b'=') || third.is(b'.')) || next.is(b'('),
            "package" => is_name && (third.is(b';') || third.is(b'.')),
            "rpc" => is_name && third.is(b'('),
            "reserved" | "extensions" => matches!(next.kind, TokenKind::Int | TokenKind::Str),
            "optional" | "required" | "repeated" => is_name || next.is(b'.'),
            "map" if next.is(b'<') => true,
            _ if is_name => third.is(b'=') && self.peek(ahead + 3).kind == TokenKind::Int,
            _ => next.is(b'=') && (third.kind == TokenKind::Int || third.is(b'-')),
        }
    }

    /// Skips the rest of a damaged statement that begins with the token at `start`: after its `;`, before the
    /// brace of what it stands in, or before the line at which another statement begins.
    pub(super) fn recover(&mut self, start: usize) {
        let column = self.line_column(start);
        let mut depth = 0_u32;
        while !self.is_end() {
            match self.token().kind {
                TokenKind::Punct(b';') if depth == 0 => return self.bump(),
                TokenKind::Punct(b'{') => depth += 1,
                TokenKind::Punct(b'}') if depth > 0 => {
                    depth -= 1;
                    if depth == 0 && self.ends_statement(column) {
                        self.bump();
                        self.take(b';');
                        return;
                    }
                }
                TokenKind::Punct(b'}') if self.is_balanced || !self.is_within_block() => return,
                TokenKind::Ident if self.at > start && self.begins_line(column, depth) => return,
                _ => {}
            }
            self.bump();
        }
    }

    /// Whether a statement, whose line begins at `column`, ends with the brace at hand.
    fn ends_statement(&self, column: Option<u32>) -> bool {
        let next = self.peek(1);
        match next.kind {
            TokenKind::Punct(b';') | TokenKind::End => return true,
            // Another brace on the line may be one of the statement too.
            TokenKind::Punct(b'}') => return self.is_balanced || self.column(self.at + 1).is_some(),
            _ => {}
        }
        match self.column(self.at + 1) {
            Some(own) => column.is_none_or(|column| own <= column),
            None => self.begins_statement(1) && !self.peek(2).is(b':'),
        }
    }

    /// Whether a line begins here that is not indented more than one at `column`.
    fn begins_line(&self, column: Option<u32>, depth: u32) -> bool {
        let Some(own) = self.column(self.at) else { return false };
        let is_left = column.is_none_or(|column| own <= column);
        is_left && depth == 0 || column.is_some_and(|column| own <= column) || depth == 0 && self.begins_type()
    }

    /// Whether the brace at hand stands further to the right than that of the innermost body would.
    fn is_within_block(&self) -> bool {
        let own = self.blocks.last().map_or(Some(0), |block| block.column);
        match self.column(self.at) {
            Some(column) => match self.blocks.is_empty() {
                true => true,
                false => own.is_some_and(|own| column > own),
            },
            None => match self.blocks.last() {
                None => true,
                Some(block) if self.is_one_line(*block) => self.statement_goes_on(),
                Some(block) => {
                    let is_line_end = super::is_first_on_line(self.text, self.tokens, self.at + 1);
                    !is_line_end || block.column.is_some_and(|own| self.goes_on_within(own))
                }
            },
        }
    }

    /// Whether a semicolon follows on the line of the brace at hand, before any other brace.
    fn statement_goes_on(&self) -> bool {
        let mut at = self.at + 1;
        while !super::is_first_on_line(self.text, self.tokens, at) {
            match self.tokens[at].kind {
                TokenKind::Punct(b';') => return true,
                TokenKind::Punct(b'{') | TokenKind::End => return false,
                _ => at += 1,
            }
        }
        false
    }

    /// Whether a line begins here that the value or the list of a statement at `start` does not reach.
    pub(super) fn is_behind(&self, start: usize) -> bool {
        if self.is_balanced {
            return false;
        }
        let column = self.column(self.at);
        column.is_some_and(|own| self.line_column(start).is_some_and(|column| own <= column))
    }
}
