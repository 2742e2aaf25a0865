//! Whether a value in braces is one of its message, <https://protobuf.dev/reference/protobuf/textformat-spec/>.

mod seen;

use super::support::OptionTarget;
use super::value::{bounds, integer, takes};
use crate::schema::{Enum, Field, FieldType, Label, Message, Scalar, Token, TokenKind, tokens};
use seen::Seen;

/// What may stand before the name of a packed message: `FindAnyType` of protoc's `descriptor.cc`.
const SITES: [&str; 2] = ["type.googleapis.com", "type.googleprod.com"];

/// What is first wrong with `text`, which stands between the braces, as a value of `message` on `target`.
pub(super) fn check(message: Message<'_>, text: &str, target: OptionTarget<'_>) -> Result<(), String> {
    let tokens: Vec<Token> = tokens(text).filter(|token| !token.is_comment()).collect();
    Reader { text, tokens: &tokens, target, at: 0, depth: 0 }.message(message, None)
}

/// Deeper values are not looked at.
const DEEPEST: usize = 100;

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
    target: OptionTarget<'t>,
    at: usize,
    depth: usize,
}

type Checked = Result<(), String>;

impl<'t> Reader<'t> {
    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn word(&self) -> &'t str {
        self.tokens.get(self.at).map_or("", |token| token.slice(self.text))
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.kind() == Some(TokenKind::Punct(byte));
        self.at += usize::from(is_there);
        is_there
    }

    fn expected(&self, what: &str) -> Checked {
        match self.word() {
            "" => Err(format!("has a value that ends where {what} is expected")),
            word => Err(format!("has `{word}` where {what} is expected")),
        }
    }

    /// The fields up to `close`, or up to the end.
    fn message(&mut self, message: Message<'_>, close: Option<u8>) -> Checked {
        let mut seen = Seen::default();
        loop {
            match close {
                Some(close) if self.take(close) => return Ok(()),
                None if self.at >= self.tokens.len() => return Ok(()),
                _ => self.entry(message, &mut seen)?,
            }
            if !self.take(b',') {
                self.take(b';');
            }
        }
    }

    fn entry(&mut self, message: Message<'_>, seen: &mut Seen<'t>) -> Checked {
        if self.take(b'[') {
            return self.bracketed(message, seen);
        }
        let name = self.word();
        if self.kind() != Some(TokenKind::Ident) {
            return self.expected("the name of a field");
        }
        self.at += 1;
        let Some(field) = field_named(message, name) else {
            if !message.reserves(name) {
                return Err(format!("has a field `{name}`, and `{}` has none of that name", message.full_name()));
            }
            self.take(b':');
            return self.skip_value();
        };
        self.field(field, name, seen)
    }

    /// A name in brackets, from behind the first one on, with its value.
    fn bracketed(&mut self, holder: Message<'_>, seen: &mut Seen<'t>) -> Checked {
        let start = self.at;
        let mut name = String::new();
        while self.at < self.tokens.len() && self.kind() != Some(TokenKind::Punct(b']')) {
            name.push_str(self.word());
            self.at += 1;
        }
        let end = self.tokens.get(self.at).map_or(self.text.len(), |token| token.start as usize);
        let written = self.tokens.get(start).map_or("", |token| self.text[token.start as usize..end].trim_end());
        self.take(b']');
        let file = self.target.file;
        if let Some((site, packed)) = name.rsplit_once('/') {
            if !SITES.contains(&site) {
                return Err(format!("packs `{name}`, and only `type.googleapis.com/` leads to types"));
            }
            seen.note_packed()?;
            self.take(b':');
            return match file.message_in_braces(holder, packed) {
                Some(message) => self.nested(message),
                None if file.sees_all() => Err(format!("holds a `{packed}`, and that is not defined")),
                None => self.skip_value(),
            };
        }
        // In message sets, members go by the name of their message too.
        let member = || {
            let message = file.message_in_braces(holder, &name)?;
            message.extensions().find(|extension| extension.extendee() == Some(holder))
        };
        let Some(extension) = file.extension_in_braces(holder, &name).or_else(member) else {
            if file.sees_all() {
                return Err(format!("has `[{name}]`, and no extension of that name is known"));
            }
            self.take(b':');
            return self.skip_value();
        };
        if let Some(extendee) = extension.extendee().filter(|extendee| extendee.full_name() != holder.full_name()) {
            let (extended, holder) = (extendee.full_name(), holder.full_name());
            return Err(format!("has `[{name}]`, which extends `{extended}`, not `{holder}`"));
        }
        self.field(extension, written, seen)
    }

    /// What stands behind the name of a field.
    fn field(&mut self, field: Field<'_>, name: &'t str, seen: &mut Seen<'t>) -> Checked {
        seen.note(field, name)?;
        if let Some(fault) = self.target.refuses(field) {
            return Err(format!("has the field `{name}`, which {fault}"));
        }
        let has_colon = self.take(b':');
        match field.field_type() {
            FieldType::Unresolved => return self.skip_value(),
            FieldType::Scalar(_) | FieldType::Enum(_) if !has_colon => return self.expected("`:`"),
            _ => {}
        }
        if field.label() == Label::Repeated && self.take(b'[') { self.list(field) } else { self.value(field) }
    }

    fn list(&mut self, field: Field<'_>) -> Checked {
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value(field)?;
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.expected("`,` or `]`");
            }
        }
    }

    fn value(&mut self, field: Field<'_>) -> Checked {
        let start = self.at;
        let fits = match field.field_type() {
            FieldType::Message(message) => return self.nested(message),
            FieldType::Enum(enumeration) => self.enum_value(enumeration),
            FieldType::Scalar(Scalar::Bool) => self.boolean(),
            FieldType::Scalar(Scalar::String | Scalar::Bytes) => self.string(),
            FieldType::Scalar(scalar) => {
                let is_negative = self.take(b'-');
                match bounds(scalar) {
                    Some(bounds) => self.integer(bounds, is_negative),
                    None => self.float(),
                }
            }
            FieldType::Unresolved => return self.skip_value(),
        };
        if fits {
            return Ok(());
        }
        self.at = start + usize::from(self.tokens.get(start).is_some_and(|token| token.kind == TokenKind::Punct(b'-')));
        self.expected(&format!("{} for `{}`", takes(field), field.name()))
    }

    fn nested(&mut self, message: Message<'_>) -> Checked {
        let close = match self.kind() {
            Some(TokenKind::Punct(b'{')) => b'}',
            Some(TokenKind::Punct(b'<')) => b'>',
            _ => return self.expected("`{`"),
        };
        if self.depth == DEEPEST {
            return self.skip_value();
        }
        self.at += 1;
        self.depth += 1;
        self.message(message, Some(close))?;
        self.depth -= 1;
        Ok(())
    }

    fn enum_value(&mut self, enumeration: Enum<'_>) -> bool {
        if self.kind() == Some(TokenKind::Ident) {
            self.at += 1;
            let value = enumeration.value_named(self.tokens[self.at - 1].slice(self.text));
            return value.is_some_and(|value| self.target.refuses_value(value).is_none());
        }
        let is_negative = self.take(b'-');
        let start = self.at;
        if !self.integer((i32::MIN.into(), i32::MAX as u64), is_negative) {
            return false;
        }
        let number = integer(self.tokens[start].slice(self.text)).map_or(0, i128::from);
        let number = if is_negative { -number } else { number };
        !enumeration.is_closed()
            || i32::try_from(number).is_ok_and(|number| enumeration.value_numbered(number).is_some())
    }

    fn boolean(&mut self) -> bool {
        let fits = matches!(self.word(), "true" | "True" | "t" | "false" | "False" | "f");
        self.at += usize::from(fits);
        fits || self.integer((0, 1), false)
    }

    /// Literals side by side are one string.
    fn string(&mut self) -> bool {
        let start = self.at;
        while self.kind() == Some(TokenKind::Str) {
            self.at += 1;
        }
        self.at > start
    }

    /// The text of a number.
    fn number(&mut self) -> Option<&'t str> {
        let token = *self.tokens.get(self.at).filter(|token| token.kind == TokenKind::Number)?;
        self.at += 1;
        Some(token.slice(self.text))
    }

    fn integer(&mut self, (least, most): (i64, u64), is_negative: bool) -> bool {
        let Some(text) = self.number() else { return false };
        let limit = if is_negative { least.unsigned_abs() } else { most };
        (!is_negative || least < 0) && integer(text).is_some_and(|number| number <= limit)
    }

    fn float(&mut self) -> bool {
        if self.kind() == Some(TokenKind::Ident) {
            let word = self.word();
            self.at += 1;
            return ["inf", "infinity", "nan"].iter().any(|known| known.eq_ignore_ascii_case(word));
        }
        self.number().is_some()
    }

    /// Passes over a value of any type.
    fn skip_value(&mut self) -> Checked {
        self.take(b'-');
        let mut open = 0usize;
        loop {
            match self.kind() {
                None => return if open == 0 { Ok(()) } else { self.expected("`}`") },
                Some(TokenKind::Punct(b'{' | b'<' | b'[')) => open += 1,
                Some(TokenKind::Punct(b'}' | b'>' | b']')) if open == 0 => return self.expected("a value"),
                Some(TokenKind::Punct(b'}' | b'>' | b']')) => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                self.string();
                return Ok(());
            }
        }
    }
}

/// A group goes by the name of its message.
fn field_named<'s>(message: Message<'s>, name: &str) -> Option<Field<'s>> {
    let group = || message.field_named(&name.to_ascii_lowercase()).filter(|field| field.is_group());
    message.field_named(name).or_else(group)
}
