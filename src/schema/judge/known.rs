//! The reasons why one of the two parsers may refuse a text that the other takes; protoc's answers in `testdata/protoc`
//! are the grounds. It compares nothing.

use crate::source::Span;
use crate::syntax::{Fault, FaultKind, Node, NodeKind, Tree};

/// What protox refuses and protoc takes: how its message begins, and in what.
struct Unknown {
    message: &'static str,
    /// Within one of these; none means anywhere.
    within: &'static [NodeKind],
}

const UNKNOWN: &[Unknown] = &[
    // `extensions 5 [declaration = {…}]`: options after a number that is no range.
    Unknown { message: "expected 'to', ',' or ';', but found '['", within: &[NodeKind::Extensions] },
    // Extensions of message sets and what is reserved have larger numbers than fields.
    Unknown {
        message: "message numbers must be between 1 and 536870911",
        within: &[NodeKind::Extensions, NodeKind::Reserved, NodeKind::Extend],
    },
    // `reserved "_a"`.
    Unknown { message: "invalid identifier", within: &[NodeKind::Reserved] },
    // `map map = 2`, where the type is a message of that name.
    Unknown { message: "expected '<', but found ", within: &[NodeKind::Field] },
    // `option (a) = -inf`.
    Unknown { message: "identifiers may not be negative", within: VALUES },
    // A decimal integer of more than 64 bits is a float.
    Unknown { message: "integer is too large", within: VALUES },
    Unknown { message: "expected value to be a 64-bit integer, but the value -", within: VALUES },
    // A default of bytes that are no characters; as a path they are that of no file.
    Unknown { message: "string is not valid utf-8", within: VALUES },
    Unknown { message: "string is not valid utf-8", within: &[NodeKind::Import] },
    // `"\ud83d\ude00"`, one character in two halves.
    Unknown { message: "invalid string escape", within: &[] },
];

/// Where values of options stand.
const VALUES: &[NodeKind] = &[NodeKind::OptionStatement, NodeKind::OptionEntry];

/// Whether protoc takes what protox refuses with that message at that place.
pub(super) fn is_unknown_to_protox(tree: &Tree<'_>, span: Span, message: &str) -> bool {
    let mut known = UNKNOWN.iter().filter(|unknown| message.starts_with(unknown.message));
    known.any(|unknown| unknown.within.is_empty() || is_within(tree, span, unknown.within))
}

/// What protoc refuses as well, and protox does not look at.
const REFUSED: [&str; 6] = [
    "cannot contain empty statements",
    "block is empty",
    "the message to extend must be a message",
    "a NUL in a comment",
    // `default = -name` where the type has a name, and `01.`.
    "cannot be negative",
    "hexadecimal and octal numbers have no dot",
];

/// Whether protoc refuses a text for that fault too.
pub(super) fn is_refused_by_protoc(tree: &Tree<'_>, fault: &Fault) -> bool {
    // Protox keeps what stands in braces as a text, and has fewer limits.
    fault.kind == FaultKind::Nesting
        || is_within(tree, fault.span, &[NodeKind::MessageValue, NodeKind::ListValue])
        || REFUSED.iter().any(|refused| fault.message.contains(refused))
}

fn is_within(tree: &Tree<'_>, span: Span, kinds: &[NodeKind]) -> bool {
    let holds = |node: &Node<'_>| kinds.contains(&node.kind()) && node.span().contains(span);
    tree.root().descendants().any(|node| holds(&node))
}
