//! Values of options: scalars, and messages and lists in the text format.

use std::borrow::Cow;

use super::{joined_bytes, plain_text};
use crate::syntax::lexer::TokenKind;
use crate::syntax::tree::{Node, NodeKind};

/// The value of an option, or of a field of such a value.
#[derive(Clone, Copy)]
pub(crate) enum Value<'t> {
    Scalar(Scalar<'t>),
    /// In braces or angle brackets.
    Message(MessageValue<'t>),
    /// In brackets.
    List(ListValue<'t>),
}

impl<'t> Value<'t> {
    pub(crate) fn cast(node: Node<'t>) -> Option<Value<'t>> {
        match node.kind() {
            NodeKind::Scalar => Some(Value::Scalar(Scalar(node))),
            NodeKind::MessageValue => Some(Value::Message(MessageValue(node))),
            NodeKind::ListValue => Some(Value::List(ListValue(node))),
            _ => None,
        }
    }

    pub(crate) fn node(self) -> Node<'t> {
        match self {
            Value::Scalar(Scalar(node)) | Value::Message(MessageValue(node)) | Value::List(ListValue(node)) => node,
        }
    }
}

/// What a scalar is, by its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal<'t> {
    Word(&'t str),
    Int(&'t str),
    Float(&'t str),
    String(Cow<'t, [u8]>),
}

/// A word, a number or a string.
#[derive(Clone, Copy)]
pub(crate) struct Scalar<'t>(pub(crate) Node<'t>);

impl<'t> Scalar<'t> {
    /// Whether a `-` stands before it.
    pub(crate) fn is_negative(self) -> bool {
        self.0.tokens().first().is_some_and(|token| token.is(b'-'))
    }

    /// The value without its sign; `None` where it is damaged.
    pub(crate) fn literal(self) -> Option<Literal<'t>> {
        let text = self.0.tree().source();
        let tokens = &self.0.tokens()[usize::from(self.is_negative())..];
        let first = tokens.first()?;
        let written = first.slice(text);
        Some(match first.kind {
            TokenKind::Ident => Literal::Word(written),
            TokenKind::Int => Literal::Int(written),
            TokenKind::Float => Literal::Float(written),
            TokenKind::Str => Literal::String(joined_bytes(text, tokens.iter().copied())),
            _ => return None,
        })
    }
}

/// `{ … }` or `< … >`.
#[derive(Clone, Copy)]
pub(crate) struct MessageValue<'t>(pub(crate) Node<'t>);

impl<'t> MessageValue<'t> {
    pub(crate) fn fields(self) -> impl Iterator<Item = ValueField<'t>> + Clone {
        self.0.children().filter(|child| child.kind() == NodeKind::ValueField).map(ValueField)
    }
}

/// `[ … ]`.
#[derive(Clone, Copy)]
pub(crate) struct ListValue<'t>(pub(crate) Node<'t>);

impl<'t> ListValue<'t> {
    pub(crate) fn elements(self) -> impl Iterator<Item = Value<'t>> + Clone {
        self.0.children().filter_map(Value::cast)
    }
}

/// `name: value`.
#[derive(Clone, Copy)]
pub(crate) struct ValueField<'t>(pub(crate) Node<'t>);

impl<'t> ValueField<'t> {
    pub(crate) fn name_node(self) -> Option<Node<'t>> {
        self.0.child(NodeKind::ValueName)
    }

    /// Whether the name stands in brackets.
    pub(crate) fn is_bracketed(self) -> bool {
        self.0.tokens().first().is_some_and(|token| token.is(b'['))
    }

    /// The name without brackets, white space and comments.
    pub(crate) fn name(self) -> Cow<'t, str> {
        let Some(node) = self.name_node() else { return Cow::Borrowed("") };
        match plain_text(node) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('[').trim_end_matches(']')),
            Cow::Owned(text) => Cow::Owned(text.trim_start_matches('[').trim_end_matches(']').to_owned()),
        }
    }

    /// Whether a `:` stands after the name, or the `=` that was written for it.
    pub(crate) fn has_colon(self) -> bool {
        let name = self.name_node().map_or(self.0.first(), |name| name.end());
        self.0.tokens().get((name - self.0.first()) as usize).is_some_and(|token| token.is(b':') || token.is(b'='))
    }

    pub(crate) fn value(self) -> Option<Value<'t>> {
        self.0.children().find_map(Value::cast)
    }
}
