//! Values of options: words, numbers and strings, and messages in the text format,
//! <https://protobuf.dev/reference/protobuf/textformat-spec/>.

use super::{Damaged, Parsed, Parser};
use crate::source::Span;
use crate::syntax::MAX_OPTION_DEPTH;
use crate::syntax::fault::Fault;
use crate::syntax::lexer::TokenKind;
use crate::syntax::tree::NodeKind;

impl Parser<'_> {
    /// The value of an option whose statement begins at `start`.
    pub(super) fn option_value(&mut self, start: usize) -> Parsed {
        match self.token().kind {
            TokenKind::Punct(b'{') => self.message_value(start, b'}', 1),
            TokenKind::Punct(b'[') => {
                let fault = Fault::syntax(self.token().span(), "an option value cannot be a list");
                self.fault(
                    fault.help("set the option once for each element, or use braces around a field that is a list"),
                );
                Err(Damaged)
            }
            TokenKind::Ident if self.peek(1).is(b'.') && self.peek(2).kind == TokenKind::Ident => self.unquoted(),
            TokenKind::Ident if self.peek(1).is(b':') => self.unopened(),
            _ => self.scalar("a value", false),
        }
    }

    /// `com.example`, which is meant to be a string.
    fn unquoted(&mut self) -> Parsed {
        let start = self.token().start;
        while self.is_kind(TokenKind::Ident) || self.is(b'.') {
            self.bump();
        }
        let span = Span::new(start, self.end_before());
        let text = span.slice(self.text);
        let fault = Fault::syntax(span, format!("the value `{}` contains dots", super::shown(text)));
        self.fault(fault.help(format!("write `\"{text}\"`, if it is a string")));
        Err(Damaged)
    }

    /// `a: 1, b: 2}`, which lacks its brace; where no brace ends it, a word.
    fn unopened(&mut self) -> Parsed {
        let mut depth = 1_u32;
        let ends = self.tokens[self.at..].iter().position(|token| {
            match token.kind {
                TokenKind::Punct(b'{' | b'<' | b'[') => depth += 1,
                TokenKind::Punct(b'}' | b'>' | b']') => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let is_value =
            |end: &usize| self.peek(end + 1).is(b';') || self.peek(end + 1).is(b']') || self.peek(end + 1).is(b',');
        let Some(end) = ends.filter(is_value) else { return self.scalar("a value", false) };
        let fault = self.expected("`{`");
        self.fault(fault.help("write the fields of a message in braces"));
        (0..=end).for_each(|_| self.bump());
        Err(Damaged)
    }

    /// A word, a number or a string.
    fn scalar(&mut self, what: &str, in_message: bool) -> Parsed {
        let node = self.open(NodeKind::Scalar);
        let read = self.scalar_in(what, in_message);
        self.close(node);
        read
    }

    fn scalar_in(&mut self, what: &str, in_message: bool) -> Parsed {
        let sign = self.token().span();
        let is_negative = self.take(b'-');
        match self.token().kind {
            TokenKind::Int | TokenKind::Float => {
                self.bump();
                Ok(())
            }
            TokenKind::Ident => {
                let word = self.word();
                let is_number = match in_message {
                    true => ["inf", "infinity", "nan"].iter().any(|known| known.eq_ignore_ascii_case(word)),
                    false => matches!(word, "inf" | "nan"),
                };
                if is_negative && !is_number {
                    let fault = Fault::syntax(sign, format!("`{word}` cannot be negative"));
                    self.fault(fault.help("remove the `-`").replace(sign, ""));
                    return Err(Damaged);
                }
                self.bump();
                Ok(())
            }
            TokenKind::Str if !is_negative => {
                while self.is_kind(TokenKind::Str) {
                    self.bump();
                }
                if self.is_kind(TokenKind::BadStr) { Err(Damaged) } else { Ok(()) }
            }
            _ if is_negative => self.refuse("a number"),
            _ => self.refuse(what),
        }
    }

    /// `{ … }` or `< … >`.
    fn message_value(&mut self, start: usize, close: u8, depth: u32) -> Parsed {
        let node = self.open(NodeKind::MessageValue);
        let read = self.nested(depth).and_then(|()| self.message_value_in(start, close, depth));
        if read.is_err() {
            self.damage(node);
        }
        self.close(node);
        read
    }

    /// Whether a value may nest so deep.
    fn nested(&mut self, depth: u32) -> Parsed {
        if depth <= MAX_OPTION_DEPTH {
            return Ok(());
        }
        let message = format!("the option value is nested more than {MAX_OPTION_DEPTH} levels deep");
        let fault = Fault::nesting(self.token().span(), message);
        self.fault(fault.help(format!("nest messages and lists at most {MAX_OPTION_DEPTH} levels deep")));
        Err(Damaged)
    }

    fn message_value_in(&mut self, start: usize, close: u8, depth: u32) -> Parsed {
        let open = self.token().span();
        self.bump();
        loop {
            if self.take(close) {
                return Ok(());
            }
            if self.is_end() || self.is(b'}') || self.is_behind(start) {
                let fault = self.expected(&format!("`{}`", char::from(close)));
                self.fault(fault.label(open, "opened here"));
                return Err(Damaged);
            }
            if self.value_field(start, depth).is_err() {
                self.leave_value(start);
                return Err(Damaged);
            }
            if !self.take(b',') {
                self.take(b';');
            }
        }
    }

    /// Skips the rest of a damaged value, up to the bracket that closes it; where brackets do not say, up to the
    /// end of the statement.
    fn leave_value(&mut self, start: usize) {
        let mut depth = 1_u32;
        while !self.is_end() && !self.is_behind(start) {
            match self.token().kind {
                TokenKind::Punct(b'{' | b'<' | b'[') => depth += 1,
                TokenKind::Punct(b'}' | b'>' | b']') => depth -= 1,
                TokenKind::Punct(b';') if !self.is_balanced => return,
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return;
            }
        }
    }

    /// `name: value`.
    fn value_field(&mut self, start: usize, depth: u32) -> Parsed {
        let node = self.open(NodeKind::ValueField);
        let read = self.value_field_in(start, depth);
        self.close(node);
        read
    }

    fn value_field_in(&mut self, start: usize, depth: u32) -> Parsed {
        let name = self.open(NodeKind::ValueName);
        let read = self.value_name();
        self.close(name);
        read?;
        let mut has_colon = self.take(b':');
        if !has_colon && self.is(b'=') {
            let span = self.token().span();
            self.fault(Fault::syntax(span, "expected `:`, found `=`").help("write `:` in braces").replace(span, ":"));
            self.bump();
            has_colon = true;
        }
        match self.token().kind {
            TokenKind::Punct(b'{') => self.message_value(start, b'}', depth + 1),
            TokenKind::Punct(b'<') => self.message_value(start, b'>', depth + 1),
            TokenKind::Punct(b'[') => self.list_value(start, depth + 1),
            _ if has_colon => self.scalar("a value", true),
            _ => self.refuse("`:`"),
        }
    }

    /// A word, or in brackets the name of an extension, or where a packed message is declared.
    fn value_name(&mut self) -> Parsed {
        if self.is_kind(TokenKind::Ident) {
            self.bump();
            return Ok(());
        }
        if !self.take(b'[') {
            return self.refuse("the name of a field");
        }
        let read = self.bracketed_name();
        if read.is_err() {
            while !self.is_end() && !self.is_on_new_line() && !self.is(b'}') && !self.is(b';') {
                self.bump();
                if self.tokens[self.at - 1].is(b']') {
                    break;
                }
            }
        }
        read
    }

    fn bracketed_name(&mut self) -> Parsed {
        loop {
            self.dotted("the name of an extension or a type")?;
            if !self.take(b'/') {
                return self.expect(b']');
            }
        }
    }

    /// `[ … ]`.
    fn list_value(&mut self, start: usize, depth: u32) -> Parsed {
        let node = self.open(NodeKind::ListValue);
        let read = self.nested(depth).and_then(|()| {
            self.bump();
            let read = self.list_value_in(start, depth);
            if read.is_err() {
                self.leave_value(start);
            }
            read
        });
        self.close(node);
        read
    }

    fn list_value_in(&mut self, start: usize, depth: u32) -> Parsed {
        if self.take(b']') {
            return Ok(());
        }
        loop {
            match self.token().kind {
                TokenKind::Punct(b'{') => self.message_value(start, b'}', depth + 1)?,
                TokenKind::Punct(b'<') => self.message_value(start, b'>', depth + 1)?,
                _ => self.scalar("an element of the list", true)?,
            }
            if self.take(b']') {
                return Ok(());
            }
            if !self.is(b',') {
                return self.refuse("`,` or `]`");
            }
            self.bump();
        }
    }
}
