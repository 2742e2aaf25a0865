//! Fields, enum values, reserved and extension ranges.

use super::body::Body;
use super::{Damaged, Dialect, Parsed, Parser};
use crate::source::Span;
use crate::syntax::fault::Fault;
use crate::syntax::lexer::TokenKind;
use crate::syntax::tree::NodeKind;

/// The words that are types and no names of types, <https://protobuf.dev/programming-guides/proto3/#scalar>.
pub(in crate::syntax) const SCALARS: [&str; 15] = [
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
    "sfixed64", "bool", "string", "bytes",
];

fn is_scalar(word: &str) -> bool {
    // Most names of types are none, and none of these is longer.
    word.len() <= 8 && SCALARS.contains(&word)
}

impl Parser<'_> {
    /// A field of any kind in a message, a oneof or an `extend` block.
    pub(super) fn field(&mut self, body: Body) {
        let label = matches!(self.word(), "optional" | "required" | "repeated");
        if self.word_at(usize::from(label)) == "group" {
            return self.group(body, label);
        }
        self.statement(NodeKind::Field, |parser| parser.plain_field(body, label));
    }

    fn plain_field(&mut self, body: Body, label: bool) -> Parsed {
        let start = self.at;
        if label {
            self.keyword();
        }
        let is_map = self.word() == "map" && self.peek(1).is(b'<');
        self.check_label(body, start, label, if is_map { Some("map") } else { None });
        if is_map {
            self.map_type(body)?;
        } else {
            self.field_type()?;
        }
        self.field_name()?;
        self.equals()?;
        self.number("a field number")?;
        self.option_list()?;
        self.semicolon("the field")
    }

    fn field_name(&mut self) -> Parsed {
        if self.is(b'=') && self.at > 0 && self.tokens[self.at - 1].kind == TokenKind::Ident {
            let name = self.tokens[self.at - 1];
            let word = name.slice(self.text);
            if !is_scalar(word) && word != "map" {
                let fault = Fault::syntax(name.span(), format!("the field `{word}` has no type"));
                self.fault(fault.help("write the type before its name"));
                return Err(Damaged);
            }
        }
        if self.is(b'[') && self.peek(1).is(b']') {
            let fault = Fault::syntax(self.token().span(), "lists are declared with `repeated`");
            self.fault(fault.help("write `repeated` before the type, without brackets"));
            return Err(Damaged);
        }
        self.name("the field")
    }

    /// The `=` before a number; where only that is missing, the rest is read as if it stood there.
    fn equals(&mut self) -> Parsed {
        if self.take(b'=') {
            self.once_more(b'=');
            return Ok(());
        }
        match self.token().kind {
            TokenKind::Int => {
                let at = self.token().start;
                let fault = self.expected("`=`").help("write `=` before the number");
                self.fault(fault.insert(at, "= "));
                Ok(())
            }
            TokenKind::Punct(b':') if self.peek(1).kind == TokenKind::Int => {
                let span = self.token().span();
                self.fault(Fault::syntax(span, "expected `=`, found `:`").help("write `=`").replace(span, " ="));
                self.bump();
                Ok(())
            }
            TokenKind::Punct(b';') => {
                let name = self.tokens[self.at - 1];
                let message = format!("`{}` has no number", name.slice(self.text));
                let fault = Fault::syntax(name.span(), message);
                self.fault(fault.help("write `= N` after its name, with an unused number"));
                Err(Damaged)
            }
            _ => self.refuse("`=`"),
        }
    }

    /// An integer without a sign.
    fn number(&mut self, what: &str) -> Parsed {
        if self.is_kind(TokenKind::Int) {
            self.leaf(NodeKind::Number, 1);
            return Ok(());
        }
        if self.is_kind(TokenKind::Str) {
            let fault = self.expected(what).help("write the number without quotes");
            self.fault(fault);
            return Err(Damaged);
        }
        self.refuse(what)
    }

    /// An integer that may have a sign.
    fn signed_number(&mut self, what: &str) -> Parsed {
        if self.is(b'-') && self.peek(1).kind == TokenKind::Int {
            self.leaf(NodeKind::Number, 2);
            return Ok(());
        }
        self.number(what)
    }

    /// What the language says of labels, besides that they stand before the type.
    fn check_label(&mut self, body: Body, start: usize, has_label: bool, special: Option<&str>) {
        let (word, span) = (self.tokens[start].slice(self.text), self.tokens[start].span());
        let label = if has_label { word } else { "" };
        let fault = match (body, label, special) {
            (Body::Oneof, "", _) | (Body::Message, "", Some("map")) => return,
            (Body::Oneof, _, _) => {
                Fault::syntax(span, "the fields of a oneof have no labels").help(format!("remove `{label}`"))
            }
            (Body::Extend, "required", _) => {
                Fault::syntax(span, "extensions cannot be required").help("write `optional`").replace(span, "optional")
            }
            (Body::Message, _, Some("map")) => {
                Fault::syntax(span, "maps have no labels").help(format!("remove `{label}`"))
            }
            (_, "required", _) if self.dialect == Dialect::Proto3 => {
                Fault::syntax(span, "proto3 has no required fields")
                    .help("remove `required`, or write `optional` to distinguish unset from zero")
            }
            (_, "", None | Some("group")) if self.dialect == Dialect::Proto2 => {
                Fault::syntax(span, "proto2 fields need a label")
                    .help("write `optional`, `required` or `repeated` before the type")
            }
            (_, "optional", _) if self.dialect.is_edition() => {
                Fault::edition(span, "editions have no label `optional`")
                    .help("remove it, and add `[features.field_presence = EXPLICIT]` if the file has another default")
            }
            (_, "required", _) if self.dialect.is_edition() => {
                Fault::edition(span, "editions have no label `required`")
                    .help("remove it, and add `[features.field_presence = LEGACY_REQUIRED]`")
            }
            _ => return,
        };
        self.fault(fault);
    }

    /// The type of a field: a scalar or a name.
    fn field_type(&mut self) -> Parsed {
        let word = self.word();
        // protoc's parser takes no dots after these words.
        if is_scalar(word) || word == "map" {
            self.leaf(NodeKind::TypeName, 1);
            return Ok(());
        }
        self.type_name("a type")
    }

    /// A name of a type, dots included.
    pub(super) fn type_name(&mut self, what: &str) -> Parsed {
        let node = self.open(NodeKind::TypeName);
        self.take(b'.');
        let read = self.dotted(what);
        self.close(node);
        read
    }

    /// The name of a message, where no scalar may stand.
    pub(super) fn message_type(&mut self, what: &str) -> Parsed {
        if is_scalar(self.word()) || self.word() == "group" {
            let fault = Fault::syntax(self.token().span(), format!("{what} must be a message, not `{}`", self.word()));
            self.fault(fault.help("declare a message with a field of that type"));
            return Err(Damaged);
        }
        self.type_name(what)
    }

    /// `map<K, V>`.
    fn map_type(&mut self, body: Body) -> Parsed {
        let node = self.open(NodeKind::MapType);
        let read = self.map_type_in(body);
        self.close(node);
        read
    }

    fn map_type_in(&mut self, body: Body) -> Parsed {
        let span = self.token().span();
        match body {
            Body::Oneof => {
                let fault = Fault::syntax(span, "a oneof cannot hold a map");
                self.fault(fault.help("declare a message with the map, and a field of it"));
            }
            Body::Extend => {
                let fault = Fault::syntax(span, "an extension cannot be a map");
                self.fault(fault.help("declare a message with the map, and extend with a field of it"));
            }
            _ => {}
        }
        self.bump();
        self.expect(b'<')?;
        let key = self.token();
        self.field_type()?;
        let word = Span::new(key.start, self.end_before()).slice(self.text);
        if !is_scalar(word) || matches!(word, "float" | "double" | "bytes") {
            let fault =
                Fault::syntax(Span::new(key.start, self.end_before()), format!("`{word}` cannot be the key of a map"));
            self.fault(fault.help("keys are integers, bools or strings"));
        }
        self.expect(b',')?;
        if self.word() == "map" && self.peek(1).is(b'<') {
            let fault = Fault::syntax(self.token().span(), "a map cannot hold maps");
            self.fault(fault.help("declare a message with the inner map"));
            return Err(Damaged);
        }
        self.field_type()?;
        self.expect(b'>')
    }

    /// `repeated group Name = 1 { … }`.
    fn group(&mut self, body: Body, label: bool) {
        let (start, node) = (self.at, self.open(NodeKind::Group));
        if label {
            self.bump();
        }
        if self.group_header(body, start, label).is_err() || self.open_brace("a group").is_err() {
            self.damage(node);
            self.recover(start);
            if self.at == start {
                self.bump();
            }
        } else if self.members(Body::Message, start).is_err() {
            self.damage(node);
        }
        self.close(node);
    }

    fn group_header(&mut self, body: Body, start: usize, label: bool) -> Parsed {
        let keyword = self.token().span();
        self.check_label(body, start, label, Some("group"));
        self.bump();
        let name = self.token();
        self.name("a group")?;
        match self.dialect {
            Dialect::Proto3 => {
                let fault = Fault::syntax(keyword, "proto3 has no groups");
                self.fault(fault.help("declare a message, and a field of it"));
            }
            Dialect::Edition2023 | Dialect::Edition2024 => {
                let help = "declare a message, and a field of it with `[features.message_encoding = DELIMITED]`";
                self.fault(Fault::edition(keyword, "editions have no groups").help(help));
            }
            Dialect::Proto2 | Dialect::Unknown => {}
        }
        let is_capital = name.slice(self.text).starts_with(|first: char| first.is_ascii_uppercase());
        if !is_capital {
            let fault = Fault::syntax(
                name.span(),
                format!("the name of the group `{}` must start with a capital letter", name.slice(self.text)),
            );
            self.fault(fault.help("the field has the same name in lower case"));
        }
        self.equals()?;
        self.number("a field number")?;
        self.option_list()?;
        // Field and message would have one name.
        if is_capital { Ok(()) } else { Err(Damaged) }
    }

    pub(super) fn enum_value(&mut self) -> Parsed {
        self.name("an enum value")?;
        if self.is(b',') || self.is(b'}') {
            let name = self.tokens[self.at - 1];
            let fault = Fault::syntax(name.span(), format!("`{}` has no number", name.slice(self.text)));
            self.fault(fault.help("write `= N;` after its name, with an unused number"));
            self.take(b',');
            return if self.is(b'}') { Ok(()) } else { Err(Damaged) };
        }
        self.equals()?;
        self.signed_number("the number of an enum value")?;
        self.option_list()?;
        self.semicolon("the enum value")
    }

    pub(super) fn extensions(&mut self) -> Parsed {
        self.keyword();
        self.ranges(Body::Message)?;
        self.option_list()?;
        self.semicolon("the ranges")
    }

    /// Reserved numbers or names.
    pub(super) fn reserved(&mut self, body: Body) -> Parsed {
        self.keyword();
        match self.token().kind {
            TokenKind::Str | TokenKind::Ident => self.reserved_names()?,
            _ => self.ranges(body)?,
        }
        self.semicolon("what is reserved")
    }

    fn reserved_names(&mut self) -> Parsed {
        let mut wrong: Option<Span> = None;
        let mut right = Vec::new();
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::Str => {
                    self.strings("a name")?;
                    if self.dialect.is_edition() {
                        wrong = wrong.or(Some(token.span()));
                    }
                    right.push(token.slice(self.text).trim_matches(['"', '\'']).to_owned());
                }
                TokenKind::Ident => {
                    self.leaf(NodeKind::Name, 1);
                    if matches!(self.dialect, Dialect::Proto2 | Dialect::Proto3) {
                        wrong = wrong.or(Some(token.span()));
                    }
                    right.push(format!("\"{}\"", token.slice(self.text)));
                }
                TokenKind::Int => {
                    let fault = Fault::syntax(token.span(), "a `reserved` statement has numbers or names, not both");
                    self.fault(fault.help("write two statements"));
                    return Err(Damaged);
                }
                _ => return self.refuse("a name"),
            }
            if !self.take(b',') {
                break;
            }
        }
        if let Some(span) = wrong {
            let help = format!("write `reserved {};`", right.join(", "));
            self.fault(match self.dialect.is_edition() {
                true => Fault::edition(span, "reserved names are identifiers in editions").help(help),
                false => Fault::syntax(span, "reserved names are strings").help(help),
            });
        }
        Ok(())
    }

    fn ranges(&mut self, body: Body) -> Parsed {
        loop {
            self.range(body)?;
            if !self.take(b',') {
                return Ok(());
            }
            if self.is_kind(TokenKind::Str) {
                let fault = Fault::syntax(self.token().span(), "a `reserved` statement has numbers or names, not both");
                self.fault(fault.help("write two statements"));
                return Err(Damaged);
            }
        }
    }

    fn range(&mut self, body: Body) -> Parsed {
        let node = self.open(NodeKind::Range);
        let read = self.range_in(body);
        self.close(node);
        read
    }

    fn range_in(&mut self, body: Body) -> Parsed {
        let number = |parser: &mut Self| match body {
            Body::Enum => parser.signed_number("a number"),
            _ => parser.number("a number"),
        };
        number(self)?;
        let (first, second) = (self.token(), self.peek(1));
        if first.is(b'-') && second.kind == TokenKind::Int || first.is(b'.') && second.is(b'.') {
            let end = if first.is(b'-') { first.end } else { second.end };
            let span = Span::new(first.start, end);
            let fault = Fault::syntax(span, format!("expected `to`, found `{}`", span.slice(self.text)));
            self.fault(fault.help("write `to` between the ends of a range").replace(span, " to "));
            return Err(Damaged);
        }
        if !self.take_word("to") {
            return Ok(());
        }
        if self.take_word("max") {
            return Ok(());
        }
        number(self)
    }
}
