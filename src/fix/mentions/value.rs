//! The names in the values of options and defaults: enum values, and in braces fields too
//! (<https://protobuf.dev/reference/protobuf/textformat-spec/>). What does not fit its type is passed over.

use super::{Mention, Visit};
use crate::schema::{Element, Enum, Field, FieldType, Message, Part, Token, TokenKind, tokens};
use crate::source::Span;

/// Deeper values are not looked at.
const DEEPEST: usize = 100;

/// The value that `default` names.
pub(super) fn default(field: Field<'_>, enumeration: Enum<'_>, text: &str, visit: &mut Visit<'_, '_>) {
    if field.written_default().is_none() {
        return;
    }
    let Some(place) = Element::Field(field).locate(Part::Default) else { return };
    let words = tokens(place.span.slice(text)).filter(|token| token.kind == TokenKind::Ident);
    if let Some(word) = words.last() {
        let span = Span::new(place.span.start + word.start, place.span.start + word.end);
        enum_value(enumeration, span, text, visit);
    }
}

fn enum_value(enumeration: Enum<'_>, span: Span, text: &str, visit: &mut Visit<'_, '_>) {
    if let Some(value) = enumeration.value_named(span.slice(text)) {
        (visit.tell)(Mention { full_name: Element::EnumValue(value).full_name(), span });
    }
}

/// What a value in braces gives a value to.
enum Held<'s> {
    Field(Field<'s>),
    /// The message in an `Any`.
    Message(Message<'s>),
}

/// The tokens of a statement, read from left to right.
pub(super) struct Words<'t> {
    text: &'t str,
    /// Where the statement starts in the text, in bytes.
    start: u32,
    tokens: Vec<Token>,
    at: usize,
}

impl<'t> Words<'t> {
    pub(super) fn of(statement: Span, text: &'t str) -> Words<'t> {
        let tokens = tokens(statement.slice(text)).filter(|token| !token.is_comment()).collect();
        Words { text, start: statement.start, tokens, at: 0 }
    }

    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn span(&self) -> Option<Span> {
        self.tokens.get(self.at).map(|token| Span::new(self.start + token.start, self.start + token.end))
    }

    /// Passes over a punctuation character; whether it is there.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_there = self.kind() == Some(TokenKind::Punct(byte));
        self.at += usize::from(is_there);
        is_there
    }

    /// Passes over `option`, which starts a statement but no entry of a list.
    pub(super) fn skip_keyword(&mut self) {
        let is_name = |token: &Token| matches!(token.kind, TokenKind::Ident | TokenKind::Punct(b'('));
        let is_keyword = self.span().is_some_and(|span| span.slice(self.text) == "option");
        if is_keyword && self.tokens.get(self.at + 1).is_some_and(is_name) {
            self.at += 1;
        }
    }

    /// Passes over a name, which has dots between its components only where `dots` says so.
    pub(super) fn dotted(&mut self, dots: bool) -> Option<Span> {
        let first = self.span()?;
        let mut last = None;
        while match self.kind() {
            Some(TokenKind::Ident) => dots || last.is_none(),
            Some(TokenKind::Punct(b'.')) => dots,
            _ => false,
        } {
            last = self.span();
            self.at += 1;
        }
        last.map(|last| Span::new(first.start, last.end))
    }

    /// Reads a value of a field, and tells the names in it.
    pub(super) fn value(&mut self, field: Field<'_>, depth: usize, visit: &mut Visit<'_, '_>) {
        if self.take(b'[') {
            while self.at < self.tokens.len() && !self.take(b']') {
                self.one_value(field, depth, visit);
                self.take(b',');
            }
            return;
        }
        self.one_value(field, depth, visit);
    }

    fn one_value(&mut self, field: Field<'_>, depth: usize, visit: &mut Visit<'_, '_>) {
        match field.field_type() {
            FieldType::Message(message) if self.opens() && depth < DEEPEST => {
                self.at += 1;
                self.message(message, depth + 1, visit);
            }
            FieldType::Enum(enumeration) if self.kind() == Some(TokenKind::Ident) => {
                if let Some(span) = self.span() {
                    enum_value(enumeration, span, self.text, visit);
                }
                self.at += 1;
            }
            _ => self.skip_value(),
        }
    }

    fn opens(&self) -> bool {
        matches!(self.kind(), Some(TokenKind::Punct(b'{' | b'<')))
    }

    fn closes(&mut self) -> bool {
        self.take(b'}') || self.take(b'>')
    }

    /// The fields of a message up to the closing brace.
    fn message(&mut self, message: Message<'_>, depth: usize, visit: &mut Visit<'_, '_>) {
        while self.at < self.tokens.len() && !self.closes() {
            let before = self.at;
            if self.take(b'[') {
                let held = self.in_brackets(visit);
                self.value_of(held, depth, visit);
            } else {
                let held = self.named(message, visit).map(Held::Field);
                self.value_of(held, depth, visit);
            }
            // Whatever cannot be read is passed over.
            self.at = self.at.max(before + 1);
            if !self.take(b',') {
                self.take(b';');
            }
        }
    }

    fn value_of(&mut self, held: Option<Held<'_>>, depth: usize, visit: &mut Visit<'_, '_>) {
        let has_colon = self.take(b':');
        match held {
            Some(Held::Field(field)) if has_colon || self.opens() => self.value(field, depth, visit),
            Some(Held::Message(message)) if self.opens() && depth < DEEPEST => {
                self.at += 1;
                self.message(message, depth + 1, visit);
            }
            _ => self.skip_value(),
        }
    }

    fn named<'s>(&mut self, message: Message<'s>, visit: &mut Visit<'_, '_>) -> Option<Field<'s>> {
        let span = self.dotted(false)?;
        let field = message.field_named(span.slice(self.text))?;
        (visit.tell)(Mention { full_name: field.full_name(), span });
        Some(field)
    }

    /// An extension, or the type of what an `Any` holds.
    fn in_brackets<'s>(&mut self, visit: &mut Visit<'_, 's>) -> Option<Held<'s>> {
        let mut first = self.dotted(true)?;
        let is_url = self.kind() == Some(TokenKind::Punct(b'/'));
        while self.at < self.tokens.len() && !self.take(b']') {
            if self.take(b'/') {
                first = self.dotted(true)?;
            } else {
                self.at += 1;
            }
        }
        let name: String = first.slice(self.text).split_whitespace().collect();
        if is_url {
            let message = visit.known.messages.get(name.as_str()).copied();
            (visit.tell)(Mention { full_name: name, span: first });
            return message.map(Held::Message);
        }
        let field = visit.known.find(visit.scope, &name)?;
        (visit.tell)(Mention { full_name: field.full_name(), span: first });
        Some(Held::Field(field))
    }

    /// Passes over a value of any type.
    fn skip_value(&mut self) {
        let mut open = 0usize;
        loop {
            match self.kind() {
                None => return,
                Some(TokenKind::Punct(b'-')) => {
                    self.at += 1;
                    continue;
                }
                Some(TokenKind::Punct(b'{' | b'<' | b'[')) => open += 1,
                Some(TokenKind::Punct(b'}' | b'>' | b']')) if open == 0 => return,
                Some(TokenKind::Punct(b'}' | b'>' | b']')) => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                // Literals side by side are one string.
                while self.kind() == Some(TokenKind::Str) {
                    self.at += 1;
                }
                return;
            }
        }
    }
}
