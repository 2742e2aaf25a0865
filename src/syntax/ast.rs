//! Typed views of nodes: what each statement has, by what it is called. A part that is missing in a damaged text is
//! `None`. Views are copies of a node; they hold nothing.

mod fields;
mod values;

pub(crate) use fields::{Extend, Field, FieldType, MapType, Number, Oneof, Range, Ranges};
pub(crate) use values::{Literal, MessageValue, Scalar, Value};

use std::borrow::Cow;

use super::EDITIONS;
use super::lexer::{Token, TokenKind};
use super::literal;
use super::tree::{Node, NodeKind};
use crate::source::Span;

/// A statement at the top of a file, or a member of a body.
#[derive(Clone, Copy)]
pub(crate) enum Statement<'t> {
    Syntax(Syntax<'t>),
    Package(Package<'t>),
    Import(Import<'t>),
    Option(OptionEntry<'t>),
    Message(Message<'t>),
    Enum(Enum<'t>),
    Service(Service<'t>),
    Extend(Extend<'t>),
    Field(Field<'t>),
    /// A group is a field and a message.
    Group(Message<'t>),
    Oneof(Oneof<'t>),
    EnumValue(EnumValue<'t>),
    Rpc(Rpc<'t>),
    Extensions(Ranges<'t>),
    Reserved(Ranges<'t>),
    Empty(Node<'t>),
    /// What is no statement.
    Error(Node<'t>),
}

impl<'t> Statement<'t> {
    /// The statement that a node is; `None` for parts of statements.
    pub(crate) fn cast(node: Node<'t>) -> Option<Statement<'t>> {
        Some(match node.kind() {
            NodeKind::Syntax => Statement::Syntax(Syntax(node)),
            NodeKind::Package => Statement::Package(Package(node)),
            NodeKind::Import => Statement::Import(Import(node)),
            NodeKind::OptionStatement => Statement::Option(OptionEntry(node)),
            NodeKind::Message => Statement::Message(Message(node)),
            NodeKind::Enum => Statement::Enum(Enum(node)),
            NodeKind::Service => Statement::Service(Service(node)),
            NodeKind::Extend => Statement::Extend(Extend(node)),
            NodeKind::Field => Statement::Field(Field(node)),
            NodeKind::Group => Statement::Group(Message(node)),
            NodeKind::Oneof => Statement::Oneof(Oneof(node)),
            NodeKind::EnumValue => Statement::EnumValue(EnumValue(node)),
            NodeKind::Rpc => Statement::Rpc(Rpc(node)),
            NodeKind::Extensions => Statement::Extensions(Ranges(node)),
            NodeKind::Reserved => Statement::Reserved(Ranges(node)),
            NodeKind::Empty => Statement::Empty(node),
            NodeKind::Error => Statement::Error(node),
            _ => return None,
        })
    }

    pub(crate) fn node(self) -> Node<'t> {
        match self {
            Statement::Syntax(Syntax(node))
            | Statement::Package(Package(node))
            | Statement::Import(Import(node))
            | Statement::Option(OptionEntry(node))
            | Statement::Message(Message(node))
            | Statement::Enum(Enum(node))
            | Statement::Service(Service(node))
            | Statement::Extend(Extend(node))
            | Statement::Field(Field(node))
            | Statement::Group(Message(node))
            | Statement::Oneof(Oneof(node))
            | Statement::EnumValue(EnumValue(node))
            | Statement::Rpc(Rpc(node))
            | Statement::Extensions(Ranges(node))
            | Statement::Reserved(Ranges(node))
            | Statement::Empty(node)
            | Statement::Error(node) => node,
        }
    }
}

/// The statements directly in a file or a body, in order.
pub(crate) fn statements(node: Node<'_>) -> impl Iterator<Item = Statement<'_>> {
    node.children().filter_map(Statement::cast)
}

/// The word of a node that is one, or of its first child that is a name.
fn name(node: Node<'_>) -> Option<Node<'_>> {
    node.child(NodeKind::Name)
}

/// `syntax = "proto3";` or `edition = "2023";`.
#[derive(Clone, Copy)]
pub(crate) struct Syntax<'t>(pub(crate) Node<'t>);

impl<'t> Syntax<'t> {
    /// Also where the word is damaged, and the value is that of an edition.
    pub(crate) fn is_edition(self) -> bool {
        let is_year = |value: Cow<'_, str>| EDITIONS.contains(&&*value);
        self.0.begins_with("edition") || !self.0.begins_with("syntax") && self.value().is_some_and(is_year)
    }

    /// What is between the quotes, also where the statement is damaged and a literal stands in it.
    pub(crate) fn value(self) -> Option<Cow<'t, str>> {
        let text = self.0.tree().source();
        let first = self.0.tokens().iter().position(|token| token.kind == TokenKind::Str);
        match first {
            Some(first) => {
                let literals = self.0.tokens()[first..].iter().take_while(|token| token.kind == TokenKind::Str);
                Some(joined(text, literals.copied()))
            }
            // Without quotes.
            None => self.0.child(NodeKind::Strings).map(|word| Cow::Borrowed(word.text())),
        }
    }
}

/// `package a.b;`.
#[derive(Clone, Copy)]
pub(crate) struct Package<'t>(pub(crate) Node<'t>);

impl<'t> Package<'t> {
    /// The name without white space and comments. Of a damaged one what it most likely is, with whether that is certain:
    /// words that are written twice count once.
    pub(crate) fn name(self) -> Option<(Cow<'t, str>, bool)> {
        let path = self.0.child(NodeKind::Path)?;
        if !self.0.is_damaged() {
            return Some((plain_text(path), true));
        }
        let (text, mut words, mut is_open) = (self.0.tree().source(), Vec::new(), true);
        let behind = &self.0.tokens()[(path.first() - self.0.first()) as usize..];
        let mut lacks_word = behind.first().is_some_and(|token| token.is(b'.'));
        for token in behind {
            match token.kind {
                TokenKind::Ident if is_open || words.last() == Some(&token.slice(text)) => {
                    if is_open {
                        words.push(token.slice(text));
                    }
                    is_open = false;
                }
                TokenKind::Punct(b'.') => {
                    lacks_word |= is_open;
                    is_open = true;
                }
                _ => break,
            }
        }
        Some((Cow::Owned(words.join(".")), !is_open && !lacks_word))
    }
}

/// `import public "a.proto";`.
#[derive(Clone, Copy)]
pub(crate) struct Import<'t>(pub(crate) Node<'t>);

impl<'t> Import<'t> {
    /// `public`, `weak` or `option`.
    pub(crate) fn modifier(self) -> Option<&'t str> {
        let text = self.0.tree().source();
        let before_path = self.0.tokens().iter().take(3).take_while(|token| token.kind == TokenKind::Ident);
        before_path.map(|token| token.slice(text)).find(|word| matches!(*word, "public" | "weak" | "option"))
    }

    fn path_node(self) -> Option<Node<'t>> {
        self.0.child(NodeKind::Strings)
    }

    /// What is between the quotes.
    pub(crate) fn path(self) -> Option<Cow<'t, str>> {
        self.path_node().map(strings)
    }
}

/// `option name = value;`, or `name = value` in brackets.
#[derive(Clone, Copy)]
pub(crate) struct OptionEntry<'t>(pub(crate) Node<'t>);

impl<'t> OptionEntry<'t> {
    pub(crate) fn name(self) -> Option<OptionName<'t>> {
        self.0.child(NodeKind::OptionName).map(OptionName)
    }

    pub(crate) fn value(self) -> Option<Value<'t>> {
        self.0.children().find_map(Value::cast)
    }
}

/// `a.(b.c)`.
#[derive(Clone, Copy)]
pub(crate) struct OptionName<'t>(pub(crate) Node<'t>);

impl<'t> OptionName<'t> {
    pub(crate) fn parts(self) -> impl Iterator<Item = OptionPart<'t>> {
        self.0.children().map(OptionPart)
    }
}

/// `a` or `(b.c)` of `a.(b.c)`.
#[derive(Clone, Copy)]
pub(crate) struct OptionPart<'t>(pub(crate) Node<'t>);

impl<'t> OptionPart<'t> {
    pub(crate) fn is_extension(self) -> bool {
        self.0.tokens().first().is_some_and(|token| token.is(b'('))
    }

    /// Where the name stands, parentheses outside.
    pub(crate) fn span(self) -> Span {
        let tokens = self.0.tokens();
        let inner = if self.is_extension() { tokens.get(1..tokens.len() - 1).unwrap_or_default() } else { tokens };
        match inner {
            [] => self.0.span(),
            [first, ..] => Span::new(first.start, inner[inner.len() - 1].end),
        }
    }

    /// The name without parentheses, white space and comments.
    pub(crate) fn name(self) -> Cow<'t, str> {
        match plain_text(self.0) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('(').trim_end_matches(')')),
            Cow::Owned(text) => Cow::Owned(text.trim_start_matches('(').trim_end_matches(')').to_owned()),
        }
    }
}

/// A message, or a group as one.
#[derive(Clone, Copy)]
pub(crate) struct Message<'t>(pub(crate) Node<'t>);

impl<'t> Message<'t> {
    pub(crate) fn name(self) -> Option<Node<'t>> {
        name(self.0)
    }

    pub(crate) fn members(self) -> impl Iterator<Item = Statement<'t>> {
        statements(self.0)
    }

    /// The same as a field, which a group is too.
    pub(crate) fn as_field(self) -> Field<'t> {
        Field(self.0)
    }
}

/// An enum.
#[derive(Clone, Copy)]
pub(crate) struct Enum<'t>(pub(crate) Node<'t>);

impl<'t> Enum<'t> {
    pub(crate) fn name(self) -> Option<Node<'t>> {
        name(self.0)
    }

    pub(crate) fn members(self) -> impl Iterator<Item = Statement<'t>> {
        statements(self.0)
    }
}

/// A value of an enum.
#[derive(Clone, Copy)]
pub(crate) struct EnumValue<'t>(pub(crate) Node<'t>);

impl<'t> EnumValue<'t> {
    pub(crate) fn name(self) -> Option<Node<'t>> {
        name(self.0)
    }

    pub(crate) fn number(self) -> Option<Number<'t>> {
        self.0.child(NodeKind::Number).map(Number)
    }

    pub(crate) fn options(self) -> impl Iterator<Item = OptionEntry<'t>> {
        listed_options(self.0)
    }
}

/// A service.
#[derive(Clone, Copy)]
pub(crate) struct Service<'t>(pub(crate) Node<'t>);

impl<'t> Service<'t> {
    pub(crate) fn name(self) -> Option<Node<'t>> {
        name(self.0)
    }

    pub(crate) fn members(self) -> impl Iterator<Item = Statement<'t>> {
        statements(self.0)
    }
}

/// An rpc.
#[derive(Clone, Copy)]
pub(crate) struct Rpc<'t>(pub(crate) Node<'t>);

impl<'t> Rpc<'t> {
    pub(crate) fn name(self) -> Option<Node<'t>> {
        name(self.0)
    }

    /// What stands in the first and in the second pair of parentheses.
    pub(crate) fn types(self) -> impl Iterator<Item = RpcType<'t>> {
        self.0.children().filter(|child| child.kind() == NodeKind::RpcType).map(RpcType)
    }
}

/// `(stream Type)`.
#[derive(Clone, Copy)]
pub(crate) struct RpcType<'t>(pub(crate) Node<'t>);

impl<'t> RpcType<'t> {
    pub(crate) fn is_stream(self) -> bool {
        let text = self.0.tree().source();
        let type_start = self.type_name().map_or(self.0.end(), |name| name.first());
        let before = &self.0.tokens()[..(type_start - self.0.first()) as usize];
        before.iter().any(|token| token.slice(text) == "stream")
    }

    pub(crate) fn type_name(self) -> Option<Node<'t>> {
        self.0.child(NodeKind::TypeName)
    }
}

fn listed_options(node: Node<'_>) -> impl Iterator<Item = OptionEntry<'_>> {
    let list = node.child(NodeKind::OptionList);
    list.into_iter().flat_map(Node::children).map(OptionEntry)
}

/// What literals side by side mean; bytes that are no UTF-8 become replacement characters.
pub(crate) fn strings(node: Node<'_>) -> Cow<'_, str> {
    let text = node.tree().source();
    match node.tokens() {
        tokens @ [first, ..] if first.kind == TokenKind::Str => joined(text, tokens.iter().copied()),
        // Without quotes.
        _ => Cow::Borrowed(node.text()),
    }
}

fn joined<'t>(text: &'t str, literals: impl Iterator<Item = Token>) -> Cow<'t, str> {
    match joined_bytes(text, literals) {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

fn joined_bytes<'t>(text: &'t str, mut literals: impl Iterator<Item = Token>) -> Cow<'t, [u8]> {
    let mut value = literals.next().map_or(Cow::Borrowed(&[][..]), |first| literal::bytes(first.slice(text)));
    for more in literals {
        value.to_mut().extend_from_slice(&literal::bytes(more.slice(text)));
    }
    value
}

/// The tokens of a node without what is between them.
pub(crate) fn plain_text(node: Node<'_>) -> Cow<'_, str> {
    let (text, tokens) = (node.tree().source(), node.tokens());
    if tokens.windows(2).all(|pair| pair[0].end == pair[1].start) {
        return Cow::Borrowed(node.text());
    }
    Cow::Owned(tokens.iter().map(|token| token.slice(text)).collect())
}

/// The place of a part, if it is there.
pub(crate) fn span(part: Option<Node<'_>>) -> Span {
    part.map_or(Span::NONE, Node::span)
}
