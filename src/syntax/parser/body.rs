//! Declarations with a body in braces, and what stands in each kind of body.

use super::recovery::BodyEnd;
use super::{Damaged, Dialect, Parsed, Parser};
use crate::source::Span;
use crate::syntax::MAX_MESSAGE_DEPTH;
use crate::syntax::fault::Fault;
use crate::syntax::lexer::TokenKind;
use crate::syntax::tree::NodeKind;

/// A kind of declaration with a body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Message,
    Enum,
    Service,
    Extend,
    Oneof,
    Rpc,
}

impl Body {
    fn node(self) -> NodeKind {
        match self {
            Body::Message => NodeKind::Message,
            Body::Enum => NodeKind::Enum,
            Body::Service => NodeKind::Service,
            Body::Extend => NodeKind::Extend,
            Body::Oneof => NodeKind::Oneof,
            Body::Rpc => NodeKind::Rpc,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Body::Message => "the message",
            Body::Enum => "the enum",
            Body::Service => "the service",
            Body::Extend => "the `extend` block",
            Body::Oneof => "the oneof",
            Body::Rpc => "the rpc",
        }
    }

    fn a_name(self) -> &'static str {
        match self {
            Body::Message => "a message",
            Body::Enum => "an enum",
            Body::Service => "a service",
            Body::Extend => "an `extend` block",
            Body::Oneof => "a oneof",
            Body::Rpc => "an rpc",
        }
    }

    /// What it may hold.
    fn members(self) -> &'static str {
        match self {
            Body::Message => "a field, `oneof`, `message`, `enum`, `extend`, `extensions`, `reserved`, `option` or `}`",
            Body::Enum => "a value, `reserved`, `option` or `}`",
            Body::Service => "`rpc`, `option` or `}`",
            Body::Extend => "a field or `}`",
            Body::Oneof => "a field, `option` or `}`",
            Body::Rpc => "`option` or `}`",
        }
    }
}

impl Parser<'_> {
    /// A message, with the word before it that says who sees it.
    pub(super) fn message(&mut self) {
        self.body(Body::Message);
    }

    pub(super) fn enumeration(&mut self) {
        self.body(Body::Enum);
    }

    /// A declaration: what it says of itself, then its body.
    pub(super) fn body(&mut self, body: Body) {
        let (start, node) = (self.at, self.open(body.node()));
        self.visibility();
        let is_named = self.header(body).is_ok() && self.open_brace(body.a_name()).is_ok();
        if !is_named {
            self.damage(node);
            if !self.skip_to_body() {
                self.close(node);
                return;
            }
        }
        // Who has no name yet is not finished in other respects either.
        self.has_open_end |= !is_named;
        if self.members(body, start).is_err() {
            self.damage(node);
        }
        self.close(node);
    }

    /// Whether a declaration begins of which the keyword is missing: `Name {`.
    pub(super) fn is_without_keyword(&self) -> bool {
        let is_keyword =
            matches!(self.word(), "" | "message" | "enum" | "service" | "extend" | "oneof" | "rpc" | "group");
        !is_keyword && self.peek(1).is(b'{')
    }

    /// A declaration that may be of several kinds. What is in its body is read as what it looks like.
    pub(super) fn body_without_keyword(&mut self) {
        let body = match (self.word_at(2), self.peek(3)) {
            ("rpc", _) => Body::Service,
            (first, next) if !first.is_empty() && next.is(b'=') => Body::Enum,
            _ => Body::Message,
        };
        let (start, node) = (self.at, self.open(body.node()));
        let name = super::shown(self.word());
        let message = format!("expected a keyword, such as `message` or `enum`, before `{name}`");
        self.fault(
            Fault::syntax(self.token().span(), message).help(format!("write the keyword of `{name}` before it")),
        );
        self.leaf(NodeKind::Name, 1);
        self.bump();
        _ = self.members(body, start);
        self.damage(node);
        self.close(node);
    }

    /// `export` or `local`.
    fn visibility(&mut self) {
        let word = self.word();
        if !matches!(word, "export" | "local") {
            return;
        }
        if !matches!(self.dialect, Dialect::Edition2024 | Dialect::Unknown) {
            let fault = Fault::edition(self.token().span(), format!("`{word}` needs edition 2024"));
            self.fault(fault.help(format!("write `edition = \"2024\";`, or remove `{word}`")));
        }
        self.bump();
    }

    fn header(&mut self, body: Body) -> Parsed {
        self.keyword();
        match body {
            Body::Extend => self.message_type("the message to extend"),
            _ => self.name(body.a_name()),
        }
    }

    /// What stands in a body whose brace was read, and its closing brace. `start` is the first token of the
    /// declaration.
    pub(super) fn members(&mut self, body: Body, start: usize) -> Parsed {
        let is_message = body == Body::Message;
        if is_message && self.depth >= MAX_MESSAGE_DEPTH {
            let fault = Fault::nesting(self.tokens[start].span(), "the messages are nested too deeply");
            let help = format!("nest messages and groups at most {MAX_MESSAGE_DEPTH} levels deep");
            self.fault(fault.help(help));
            self.skip_block();
            return Err(Damaged);
        }
        self.depth += u32::from(is_message);
        self.open_block(start);
        let inside = self.at;
        loop {
            match self.body_end() {
                BodyEnd::Brace => {
                    self.note_empty(body, inside, start);
                    self.bump();
                    break;
                }
                BodyEnd::Missing => {
                    self.missing_brace(body.name());
                    break;
                }
                BodyEnd::Stray => self.stray_brace(),
                BodyEnd::Not => {
                    let before = self.at;
                    self.member(body);
                    debug_assert!(self.at > before, "each member takes a token");
                }
            }
        }
        self.blocks.pop();
        self.depth -= u32::from(is_message);
        Ok(())
    }

    /// protoc refuses oneofs and `extend` blocks without fields.
    fn note_empty(&mut self, body: Body, inside: usize, start: usize) {
        let is_field = |kind: NodeKind| matches!(kind, NodeKind::Field | NodeKind::Group | NodeKind::Error);
        let first = self.nodes.partition_point(|node| (node.first as usize) < inside);
        let has_fields = || self.nodes[first..].iter().any(|node| is_field(node.kind) && node.first as usize >= inside);
        match body {
            Body::Oneof if !has_fields() => {
                let span = Span::new(self.tokens[start].start, self.token().end);
                self.fault(
                    Fault::syntax(span, "a oneof must have at least one field").help("add a field, or remove it"),
                );
            }
            Body::Extend if self.at == inside => {
                let span = self.tokens[start].span();
                self.fault(Fault::syntax(span, "this `extend` block is empty").help("remove it, or add a field"));
            }
            _ => {}
        }
    }

    /// Skips a body whose brace was read.
    fn skip_block(&mut self) {
        let mut depth = 1_u32;
        while depth > 0 && !self.is_end() {
            depth += u32::from(self.is(b'{'));
            depth -= u32::from(self.is(b'}'));
            self.bump();
        }
    }

    fn member(&mut self, body: Body) {
        match body {
            _ if self.is(b';') => self.empty(body),
            Body::Message => self.message_member(),
            Body::Enum => self.enum_member(),
            Body::Service => self.service_member(),
            Body::Oneof | Body::Rpc if self.word() == "option" => {
                self.statement(NodeKind::OptionStatement, Self::option);
            }
            Body::Extend | Body::Oneof if self.is_kind(TokenKind::Ident) || self.is(b'.') => self.field(body),
            _ => self.no_member(body),
        }
    }

    fn empty(&mut self, body: Body) {
        let what = match body {
            Body::Oneof => Some("oneofs"),
            Body::Extend => Some("`extend` blocks"),
            _ => None,
        };
        if let Some(what) = what {
            let span = self.token().span();
            let fault = Fault::syntax(span, format!("{what} cannot contain empty statements"));
            self.fault(fault.help("remove the `;`").replace(span, ""));
        }
        self.leaf(NodeKind::Empty, 1);
    }

    fn message_member(&mut self) {
        match self.word() {
            "export" | "local" if self.is_visible_declaration() => match self.word_at(1) {
                "message" => self.message(),
                _ => self.enumeration(),
            },
            "message" => self.message(),
            "enum" => self.enumeration(),
            "extend" => self.body(Body::Extend),
            "oneof" => self.body(Body::Oneof),
            "option" => self.statement(NodeKind::OptionStatement, Self::option),
            "extensions" => self.statement(NodeKind::Extensions, Self::extensions),
            "reserved" => self.statement(NodeKind::Reserved, |parser| parser.reserved(Body::Message)),
            "" if !self.is(b'.') => self.no_member(Body::Message),
            _ if self.is_without_keyword() => self.body_without_keyword(),
            _ => self.field(Body::Message),
        }
    }

    /// Whether `export` or `local` is one, and not the type of a field.
    fn is_visible_declaration(&self) -> bool {
        matches!(self.word_at(1), "message" | "enum") && self.peek(2).kind == TokenKind::Ident
    }

    fn enum_member(&mut self) {
        match self.word() {
            "option" => self.statement(NodeKind::OptionStatement, Self::option),
            "reserved" => self.statement(NodeKind::Reserved, |parser| parser.reserved(Body::Enum)),
            "" => self.no_member(Body::Enum),
            _ => self.statement(NodeKind::EnumValue, Self::enum_value),
        }
    }

    fn service_member(&mut self) {
        match self.word() {
            "rpc" => self.rpc(),
            "option" => self.statement(NodeKind::OptionStatement, Self::option),
            "" => self.no_member(Body::Service),
            _ if self.peek(1).is(b'(') => {
                let at = self.token().start;
                let fault = Fault::syntax(self.token().span(), "an rpc starts with `rpc`");
                self.fault(fault.help("write `rpc` before its name").insert(at, "rpc "));
                self.rpc();
            }
            _ => self.no_member(Body::Service),
        }
    }

    /// What cannot stand in a body. Single punctuation that is one too many is all that is skipped.
    fn no_member(&mut self, body: Body) {
        let token = self.token();
        let single = matches!(token.kind, TokenKind::Punct(b',' | b'{' | b')' | b']' | b'>' | b':' | b'='));
        self.statement(NodeKind::Error, |parser| {
            let message = format!("expected {}, found `{}`", body.members(), super::shown(token.slice(parser.text)));
            if single {
                let what = super::shown(token.slice(parser.text));
                parser.fault(Fault::syntax(token.span(), format!("unexpected `{what}`")).help("remove it"));
                parser.bump();
                return Ok(());
            }
            match token.kind {
                TokenKind::BadNumber | TokenKind::BadStr | TokenKind::Unknown => {}
                _ => parser.fault(Fault::syntax(token.span(), message)),
            }
            Err(Damaged)
        });
        if single && let Some(node) = self.nodes.iter().rposition(|node| node.kind == NodeKind::Error) {
            self.damage(node);
        }
    }

    /// `rpc Name (Request) returns (Response)`, with `;` or with options in braces.
    fn rpc(&mut self) {
        let (start, node) = (self.at, self.open(NodeKind::Rpc));
        if self.word() == "rpc" {
            self.keyword();
        }
        let header = self.rpc_header();
        let is_whole = match header {
            Err(Damaged) => false,
            Ok(()) if self.is(b'{') => true,
            Ok(()) => self.semicolon("the rpc").is_ok(),
        };
        if !is_whole {
            self.damage(node);
            self.recover(start);
        } else if self.tokens[self.at.saturating_sub(1)].is(b';') || !self.take(b'{') {
            // It has no body.
        } else if self.members(Body::Rpc, start).is_err() {
            self.damage(node);
        }
        self.close(node);
    }

    fn rpc_header(&mut self) -> Parsed {
        self.name("an rpc")?;
        self.rpc_type("request")?;
        match self.word() {
            "returns" => self.keyword(),
            "return" => {
                let span = self.token().span();
                let fault = Fault::syntax(span, "expected `returns`, found `return`");
                self.fault(fault.help("write `returns`").replace(span, "returns"));
                self.bump();
            }
            _ if self.is(b'(') => {
                let at = self.token().start;
                let fault = self.expected("`returns`").help("write `returns` before the response");
                self.fault(fault.insert(at, "returns "));
            }
            _ => return self.refuse("`returns`"),
        }
        self.rpc_type("response")
    }

    /// `(stream Type)`.
    fn rpc_type(&mut self, which: &str) -> Parsed {
        let node = self.open(NodeKind::RpcType);
        let read = self.rpc_type_in(which);
        self.close(node);
        read
    }

    fn rpc_type_in(&mut self, which: &str) -> Parsed {
        if !self.take(b'(') {
            if !self.is_kind(TokenKind::Ident) || matches!(self.word(), "returns" | "return") || self.is_on_new_line() {
                return self.refuse(&format!("`(` before the type of the {which}"));
            }
            let start = self.token().start;
            self.take_word("stream");
            self.message_type(&format!("the type of the {which}"))?;
            let span = Span::new(start, self.end_before());
            let right = format!("({})", span.slice(self.text));
            let fault = Fault::syntax(span, format!("the type of the {which} must be in parentheses"));
            self.fault(fault.help(format!("write `{right}`")).replace(span, right));
            return Ok(());
        }
        if self.is(b')') {
            let at = self.token().start;
            let fault = Fault::syntax(Span::new(at - 1, self.token().end), format!("an rpc needs one {which}"));
            self.fault(fault.help("write `google.protobuf.Empty`, and add `import \"google/protobuf/empty.proto\";`"));
            return Err(Damaged);
        }
        self.take_word("stream");
        self.message_type(&format!("the type of the {which}"))?;
        if self.is(b',') {
            let fault = Fault::syntax(self.token().span(), format!("an rpc can have only one {which}"));
            self.fault(fault.help("declare a message with a field for each"));
            return Err(Damaged);
        }
        self.expect(b')')
    }
}
