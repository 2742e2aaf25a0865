//! Scalars, aliases, and lists and mappings in brackets. It does not depend on blocks but the column of the parent.

use super::{MAX_DEPTH, Scanner, Spot, offset};
use crate::source::Span;

impl Scanner<'_> {
    /// Whether the scalar that starts there is written without quotes.
    pub(super) fn is_plain(&self, span: Span) -> bool {
        !matches!(self.text.get(span.start as usize), None | Some(b'"' | b'\'' | b'[' | b'{' | b'*'))
    }

    /// Adds the lines on which an unquoted scalar goes on.
    pub(super) fn continue_plain(&mut self, spot: Spot, parent: i64) -> Spot {
        let mut end = self.at;
        loop {
            self.skip_spaces();
            if !matches!(self.byte(0), Some(b'\n' | b'\r')) {
                break;
            }
            while self.byte(0).is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            }
            if self.ends() || self.column() <= parent || self.byte(0) == Some(b'#') || !self.plain_line(false) {
                break;
            }
            end = self.at;
        }
        self.at = end;
        Spot::at(Span { end: offset(end), ..spot.value }, Vec::new())
    }

    /// Reads what one line holds of an unquoted scalar, without the blanks after it; says whether there was any.
    fn plain_line(&mut self, in_brackets: bool) -> bool {
        let start = self.at;
        let mut end = start;
        while let Some(byte) = self.byte(0) {
            let stops = match byte {
                b'\n' => true,
                b':' => self.is_blank(1) || (in_brackets && self.byte(1).is_some_and(is_bracket_or_comma)),
                b'#' => end < self.at,
                _ => in_brackets && is_bracket_or_comma(byte),
            };
            if stops {
                break;
            }
            self.at += 1;
            if !byte.is_ascii_whitespace() {
                end = self.at;
            }
        }
        self.at = end;
        end > start
    }

    /// A scalar, an alias, or a list or mapping in brackets. Outside brackets, of an unquoted scalar only one line.
    pub(super) fn token(&mut self, in_brackets: bool) -> Spot {
        let start = self.at;
        match self.byte(0) {
            Some(b'[' | b'{') => return self.brackets(),
            Some(b'"') => self.quoted(b'"'),
            Some(b'\'') => self.quoted(b'\''),
            Some(b'*') => {
                while !self.is_blank(0) && !self.byte(0).is_some_and(|byte| byte == b':' || is_bracket_or_comma(byte)) {
                    self.at += 1;
                }
            }
            _ if in_brackets => self.plain_in_brackets(),
            _ => {
                self.plain_line(false);
            }
        }
        if self.at == start {
            self.lost = true;
        }
        Spot::at(Span::of(start..self.at), Vec::new())
    }

    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            self.at += 1;
            match byte {
                b'\\' if quote == b'"' => self.at += 1,
                // In single quotes, a quote is written twice.
                _ if byte == quote && quote == b'\'' && self.byte(0) == Some(quote) => self.at += 1,
                _ if byte == quote => break,
                _ => {}
            }
        }
        self.at = self.at.min(self.text.len());
    }

    fn plain_in_brackets(&mut self) {
        loop {
            self.plain_line(true);
            let end = self.at;
            while self.byte(0).is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            }
            let goes_on = match self.byte(0) {
                None | Some(b'#') => false,
                Some(b':') => !self.is_blank(1),
                Some(byte) => !is_bracket_or_comma(byte),
            };
            if !goes_on || end == self.at {
                self.at = end;
                break;
            }
        }
    }

    /// A list or mapping in brackets; the library decides which bracket closes it.
    fn brackets(&mut self) -> Spot {
        let start = self.at;
        let is_list = self.byte(0) == Some(b'[');
        let mut children = Vec::new();
        self.depth += 1;
        self.lost |= self.depth > MAX_DEPTH;
        self.at += 1;
        let mut wants_comma = false;
        while !self.lost {
            self.skip_blank();
            match self.byte(0) {
                Some(b',') => {
                    self.at += 1;
                    wants_comma = false;
                }
                Some(b']' | b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b'?') if self.is_blank(1) => self.lost = true,
                Some(_) if !wants_comma => {
                    children.push(self.bracket_entry(is_list));
                    wants_comma = true;
                }
                _ => self.lost = true,
            }
        }
        self.depth -= 1;
        Spot::at(Span::of(start..self.at), children)
    }

    fn bracket_entry(&mut self, in_list: bool) -> Spot {
        let first = self.bracket_value();
        let is_plain = self.is_plain(first.value);
        let end = self.at;
        self.skip_blank();
        let has_value = self.byte(0) == Some(b':')
            && (!is_plain || self.is_blank(1) || self.byte(1).is_some_and(is_bracket_or_comma));
        if !has_value {
            self.at = end;
            return if in_list { first } else { Spot { key: first.value, ..Spot::nothing() } };
        }
        self.at += 1;
        let entry = Spot { key: first.value, ..self.bracket_value() };
        // `[a: b]` is a list of a mapping.
        if in_list { Spot::at(first.value, vec![entry]) } else { entry }
    }

    /// What stands for a value in brackets, which may be nothing.
    fn bracket_value(&mut self) -> Spot {
        self.skip_blank();
        while self.skip_properties() {
            self.skip_blank();
        }
        match self.byte(0) {
            None | Some(b',' | b']' | b'}') => Spot::nothing(),
            _ => self.token(true),
        }
    }
}

fn is_bracket_or_comma(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
