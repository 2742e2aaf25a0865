//! Reads a whole text statement by statement and notes the edits it needs: what has to do with option values stands
//! here, the statements themselves in `statement`. Bodies are flat runs of statements, so nothing recurses.

use std::borrow::Cow;
use std::ops::Range;

use super::edit::{self, Edit};
use super::limit::MAX_COPIED_OPTIONS;
use super::literal;
use super::{EditionStatement, Fault, FaultKind, MAX_OPTION_DEPTH, Prepared, STAND_IN_DEFAULT};
use crate::schema::lexer::{self, Token, TokenKind};

/// Which rules a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// Those of proto2 and proto3.
    Syntax,
    Edition2023,
    /// Those of edition 2024 and later ones; an unknown edition is read the same way.
    Edition2024,
}

/// What is known of the place of an option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The list of a singular field, which may give it a default.
    SingularField,
    Elsewhere,
}

/// The state of one reading. Offsets are those of `body`, and the lists of `found` too until [`Walk::finish`].
pub(super) struct Walk<'t> {
    pub(super) body: &'t str,
    /// The tokens, comments left out.
    pub(super) tokens: Vec<Token>,
    pub(super) edits: Vec<Edit>,
    pub(super) found: Prepared<'t>,
    pub(super) rules: Rules,
    /// Whether the statements at hand are those of an enum.
    pub(super) in_enum: bool,
    /// Whether they are those of an `extend` block.
    pub(super) in_extend: bool,
    dropped: u32,
    /// Bytes of options that the parser copies.
    copied: usize,
}

/// Reads `body`, the text without the `dropped` bytes of its byte order mark.
pub(super) fn walk<'t>(user_text: &'t str, dropped: u32, body: &'t str) -> Prepared<'t> {
    let mut walk = Walk {
        body,
        tokens: lexer::tokens(body).filter(|token| !token.is_comment()).collect(),
        edits: Vec::new(),
        found: Prepared::unedited(user_text, dropped, body),
        rules: Rules::Syntax,
        in_enum: false,
        in_extend: false,
        dropped,
        copied: 0,
    };
    walk.mend_strings();
    walk.file();
    walk.finish()
}

impl<'t> Walk<'t> {
    /// The token at `at` as written; empty behind the last one.
    pub(super) fn slice(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.slice(self.body))
    }

    /// The identifier at `at`; empty where something else stands.
    pub(super) fn word(&self, at: usize) -> &'t str {
        if self.is(at, TokenKind::Ident) { self.slice(at) } else { "" }
    }

    /// The punctuation at `at`; 0 where something else stands.
    pub(super) fn punct(&self, at: usize) -> u8 {
        match self.tokens.get(at).map(|token| token.kind) {
            Some(TokenKind::Punct(byte)) => byte,
            _ => 0,
        }
    }

    pub(super) fn is(&self, at: usize, kind: TokenKind) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == kind)
    }

    pub(super) fn range(&self, at: usize) -> Range<u32> {
        self.tokens[at].start..self.tokens[at].end
    }

    pub(super) fn blank(&mut self, at: usize) {
        self.edits.push(Edit::blank(self.range(at)));
    }

    pub(super) fn fault(&mut self, range: Range<u32>, kind: FaultKind, message: String, help: String) {
        let (start, end) = (range.start + self.dropped, range.end + self.dropped);
        self.found.faults.push(Fault { start, end, kind, message, help: Some(help) });
    }

    /// Notes the edition; offsets become the user's.
    pub(super) fn note_edition(&mut self, value: String, statement: Range<u32>, literals: Range<u32>) {
        self.found.edition = Some(EditionStatement {
            value,
            start: statement.start + self.dropped,
            end: statement.end + self.dropped,
            value_start: literals.start + self.dropped,
            value_end: literals.end + self.dropped,
        });
    }

    /// Offset in the user's text.
    pub(super) fn user_offset(&self, offset: u32) -> u32 {
        offset + self.dropped
    }

    fn mend_strings(&mut self) {
        for token in self.tokens.iter().filter(|token| token.kind == TokenKind::Str) {
            for (range, octal) in literal::unreadable_escapes(token.slice(self.body)) {
                let at = |offset: usize| token.start + offset as u32;
                self.edits.push(Edit::replace(at(range.start)..at(range.end), octal));
            }
        }
    }

    fn finish(mut self) -> Prepared<'t> {
        let mut found = self.found;
        found.walked = true;
        found.faults.sort_by_key(|fault| fault.start);
        if self.edits.is_empty() {
            return found;
        }
        let (text, map) = edit::apply(self.body, self.dropped, &mut self.edits);
        for list in [&mut found.option_imports, &mut found.negated, &mut found.defaults, &mut found.map_types] {
            list.iter_mut().for_each(|offset| *offset = map.forward(*offset));
        }
        found.visibility.iter_mut().for_each(|mark| mark.keyword = map.forward(mark.keyword));
        found.reserved_names.iter_mut().for_each(|(offset, _)| *offset = map.forward(*offset));
        found.numbers.iter_mut().for_each(|(offset, ..)| *offset = map.forward(*offset));
        (found.text, found.map) = (Cow::Owned(text), map);
        found
    }

    fn file(&mut self) {
        let mut at = self.edition();
        while at < self.tokens.len() {
            match self.punct(at) {
                b';' => at += 1,
                b'}' => {
                    (self.in_enum, self.in_extend) = (false, false);
                    at += 1;
                }
                _ => at = self.statement(at),
            }
        }
    }

    /// Reads on to the end of a statement: behind its `;` or the `{` of its body, or before a `}`. Gives where that is.
    pub(super) fn rest(&mut self, mut at: usize, place: Place) -> usize {
        while at < self.tokens.len() {
            match self.punct(at) {
                b';' | b'{' => return at + 1,
                b'}' => return at,
                b'[' => at = self.option_list(at, place),
                _ => at += 1,
            }
        }
        at
    }

    /// An option statement from its keyword on.
    pub(super) fn option(&mut self, at: usize) -> usize {
        let equals = self.equals(at + 1);
        let behind = if self.punct(equals) == b'=' { self.value(equals + 1, false) } else { equals };
        self.rest(behind, Place::Elsewhere)
    }

    /// The `=` behind an option's name, or what ends the name otherwise.
    pub(super) fn equals(&self, mut at: usize) -> usize {
        while at < self.tokens.len() && !matches!(self.punct(at), b'=' | b';' | b'{' | b'}' | b']') {
            at += 1;
        }
        at
    }

    /// The options in brackets that start at `at`. Gives where they end: behind the `]`, or before what cannot belong.
    pub(super) fn option_list(&mut self, mut at: usize, place: Place) -> usize {
        loop {
            let name = at + 1;
            at = self.equals(name);
            if self.punct(at) != b'=' {
                return at + usize::from(self.punct(at) == b']');
            }
            let is_default = at == name + 1 && self.word(name) == "default";
            let stands_in = is_default
                && place == Place::SingularField
                && (self.rules != Rules::Syntax || self.is_not_text(at + 1));
            if stands_in {
                self.edits.push(Edit::replace(self.range(name), STAND_IN_DEFAULT));
                self.found.defaults.push(self.tokens[name].start);
            }
            // The parser takes any number as the default of a float, in proto2 files.
            at = self.value(at + 1, is_default && !stands_in);
            while at < self.tokens.len() && !matches!(self.punct(at), b',' | b']' | b';' | b'{' | b'}') {
                at += 1;
            }
            match self.punct(at) {
                b',' => {}
                b']' => return at + 1,
                _ => return at,
            }
        }
    }

    /// Whether the literals at `at` make bytes that are no UTF-8, which the parser takes in options only.
    fn is_not_text(&self, mut at: usize) -> bool {
        let mut bytes = Vec::new();
        while self.is(at, TokenKind::Str) {
            bytes.extend(literal::bytes(self.slice(at)));
            at += 1;
        }
        std::str::from_utf8(&bytes).is_err()
    }

    /// The value of an option; gives where it ends, string literals aside.
    fn value(&mut self, at: usize, is_default: bool) -> usize {
        if self.punct(at) == b'{' {
            return self.aggregate(at);
        }
        let negative = self.punct(at) == b'-';
        let at = at + usize::from(negative);
        if negative && !is_default && matches!(self.word(at), "inf" | "nan") {
            self.blank(at - 1);
            self.found.negated.push(self.tokens[at].start);
        }
        self.mend_number(at, negative && !is_default);
        if self.is(at, TokenKind::Number) || self.is(at, TokenKind::Ident) { at + 1 } else { at }
    }

    /// Marks an integer that is too large as a float.
    fn mend_number(&mut self, at: usize, negative: bool) {
        if self.is(at, TokenKind::Number) && literal::needs_float(self.slice(at), negative) {
            let end = self.tokens[at].end;
            if self.tokens.get(at + 1).is_none_or(|next| next.start > end || next.kind != TokenKind::Ident) {
                self.edits.push(Edit::insert(end, "."));
            }
        }
    }

    /// A value in braces; gives where it ends. As the parser does, it only minds braces to find the end.
    fn aggregate(&mut self, mut at: usize) -> usize {
        let (mut depth, mut braces, mut is_too_deep) = (0u32, 0u32, false);
        while at < self.tokens.len() {
            match self.punct(at) {
                open @ (b'{' | b'[' | b'<') => {
                    depth += 1;
                    braces += u32::from(open == b'{');
                    if depth > MAX_OPTION_DEPTH && !is_too_deep {
                        is_too_deep = true;
                        self.too_deep(at);
                    }
                }
                close @ (b'}' | b']' | b'>') => {
                    depth = (depth - 1).max(1);
                    braces -= u32::from(close == b'}');
                    if braces == 0 {
                        return at + 1;
                    }
                }
                _ => self.mend_number(at, false),
            }
            at += 1;
        }
        at
    }

    fn too_deep(&mut self, at: usize) {
        let message = format!("the option value nests more than {MAX_OPTION_DEPTH} levels deep");
        let help = format!("nest messages and lists at most {MAX_OPTION_DEPTH} levels deep");
        self.fault(self.range(at), FaultKind::Nesting, message, help);
    }

    /// Counts the options that stand in the brackets from `open` to before `close` and that the parser copies `times`.
    pub(super) fn count_copies(&mut self, open: usize, close: usize, times: usize) {
        let length = (self.tokens[close - 1].end - self.tokens[open].start) as usize;
        let before = self.copied;
        self.copied = before.saturating_add(length.saturating_mul(times));
        if before <= MAX_COPIED_OPTIONS && self.copied > MAX_COPIED_OPTIONS {
            let message = "too many extension ranges share too many options".to_owned();
            let help = "give the options to fewer ranges".to_owned();
            self.fault(self.range(open), FaultKind::Nesting, message, help);
        }
    }
}
