//! Fields, what holds them besides messages, and the numbers they have.

use super::{OptionEntry, listed_options, name};
use crate::syntax::lexer::TokenKind;
use crate::syntax::literal;
use crate::syntax::tree::{Node, NodeKind};

/// An `extend` block.
#[derive(Clone, Copy)]
pub(crate) struct Extend<'t>(pub(crate) Node<'t>);

impl<'t> Extend<'t> {
    pub(crate) fn extendee(self) -> Option<Node<'t>> {
        self.0.child(NodeKind::TypeName)
    }
}

/// A oneof.
#[derive(Clone, Copy)]
pub(crate) struct Oneof<'t>(pub(crate) Node<'t>);

impl<'t> Oneof<'t> {
    pub(crate) fn name(self) -> Option<Node<'t>> {
        name(self.0)
    }
}

/// The type of a field as written.
#[derive(Clone, Copy)]
pub(crate) enum FieldType<'t> {
    /// A scalar or a name of a type.
    Named(Node<'t>),
    Map(MapType<'t>),
    Group,
}

/// A field of any kind.
#[derive(Clone, Copy)]
pub(crate) struct Field<'t>(pub(crate) Node<'t>);

impl<'t> Field<'t> {
    /// `optional`, `required` or `repeated`.
    pub(crate) fn label(self) -> Option<&'t str> {
        let first = self.0.tokens().first()?.slice(self.0.tree().source());
        Some(first).filter(|word| matches!(*word, "optional" | "required" | "repeated"))
    }

    pub(crate) fn field_type(self) -> Option<FieldType<'t>> {
        if self.0.kind() == NodeKind::Group {
            return Some(FieldType::Group);
        }
        self.0.children().find_map(|child| match child.kind() {
            NodeKind::TypeName => Some(FieldType::Named(child)),
            NodeKind::MapType => Some(FieldType::Map(MapType(child))),
            _ => None,
        })
    }

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

/// `map<K, V>`.
#[derive(Clone, Copy)]
pub(crate) struct MapType<'t>(pub(crate) Node<'t>);

impl<'t> MapType<'t> {
    /// The types of the key and of the value.
    pub(crate) fn types(self) -> Option<(Node<'t>, Node<'t>)> {
        let mut types = self.0.children().filter(|child| child.kind() == NodeKind::TypeName);
        Some((types.next()?, types.next()?))
    }
}

/// `extensions` or `reserved` with what follows.
#[derive(Clone, Copy)]
pub(crate) struct Ranges<'t>(pub(crate) Node<'t>);

impl<'t> Ranges<'t> {
    pub(crate) fn ranges(self) -> impl Iterator<Item = Range<'t>> {
        self.0.children().filter(|child| child.kind() == NodeKind::Range).map(Range)
    }

    /// Reserved names: literals, or words in editions.
    pub(crate) fn names(self) -> impl Iterator<Item = Node<'t>> {
        self.0.children().filter(|child| matches!(child.kind(), NodeKind::Strings | NodeKind::Name))
    }

    pub(crate) fn options(self) -> impl Iterator<Item = OptionEntry<'t>> {
        listed_options(self.0)
    }
}

/// `5`, `5 to 9` or `5 to max`.
#[derive(Clone, Copy)]
pub(crate) struct Range<'t>(pub(crate) Node<'t>);

impl<'t> Range<'t> {
    pub(crate) fn start(self) -> Option<Number<'t>> {
        self.0.child(NodeKind::Number).map(Number)
    }

    /// The second number; `None` where there is none.
    pub(crate) fn end(self) -> Option<Number<'t>> {
        self.0.children().filter(|child| child.kind() == NodeKind::Number).nth(1).map(Number)
    }

    pub(crate) fn is_to_max(self) -> bool {
        let text = self.0.tree().source();
        self.0.tokens().last().is_some_and(|token| token.kind == TokenKind::Ident && token.slice(text) == "max")
    }
}

/// An integer with its sign.
#[derive(Clone, Copy)]
pub(crate) struct Number<'t>(pub(crate) Node<'t>);

impl<'t> Number<'t> {
    /// Its value; `None` where it needs more than 32 bits.
    pub(crate) fn value(self) -> Option<i32> {
        let text = self.0.tree().source();
        let is_negative = self.0.tokens().first()?.is(b'-');
        let value =
            literal::integer(self.0.tokens().last()?.slice(text)).and_then(|value| i64::try_from(value).ok())?;
        i32::try_from(if is_negative { -value } else { value }).ok()
    }
}
