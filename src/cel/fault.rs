//! What is wrong with an expression, with the place inside it. It must not know how a fault is found.

use std::ops::Range;

/// Something wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// In bytes of the expression.
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    /// What to write instead, where that is likely.
    pub(crate) help: Option<String>,
}

/// How far an expression was read before a fault was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The text is not an expression.
    Syntax,
    /// A name or a type does not fit.
    Meaning,
    /// The expression is longer or deeper than what is read here; it may well be valid.
    Limit,
}

impl Fault {
    /// A fault of a kind, without help.
    pub(super) fn new(kind: FaultKind, span: Range<usize>, message: impl Into<String>) -> Self {
        Fault { kind, span, message: message.into(), help: None }
    }

    pub(super) fn syntax(span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Syntax, span, message)
    }

    pub(super) fn limit(span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Limit, span, message)
    }
}
