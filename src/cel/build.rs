//! Makes the nodes of a CEL tree: keeps its depth in bounds and distinguishes macros from calls.

use super::parser::{ParseError, Parsed};
use super::syntax::{Expr, Macro, MacroKind, Node};

/// How deep a tree may be.
const MAX_DEPTH: usize = 160;

/// The node, unless its tree is too deep to be walked.
pub(super) fn grown(node: Node) -> Parsed {
    if node.depth > MAX_DEPTH { Err(ParseError::TooLarge) } else { Ok(node) }
}

/// A call of a function or operator.
pub(super) fn call(function: &str, args: Vec<Node>) -> Parsed {
    grown(Node::new(Expr::Call { function: function.to_owned(), target: None, args }))
}

/// The only term, or the node of many.
pub(super) fn single_or(mut terms: Vec<Node>, many: fn(Vec<Node>) -> Expr) -> Parsed {
    match terms.pop() {
        Some(only) if terms.is_empty() => Ok(only),
        Some(last) => {
            terms.push(last);
            grown(Node::new(many(terms)))
        }
        None => Err(ParseError::TooLarge),
    }
}

/// The macro `has`.
pub(super) fn presence(mut args: Vec<Node>) -> Parsed {
    match args.pop().map(|node| (node.expr, node.at)) {
        Some((Expr::Select(operand, field), at)) => grown(Node::new(Expr::Has(operand, field)).named_at(at)),
        _ => Err(ParseError::Syntax("`has` takes a field, such as `has(this.name)`".to_owned())),
    }
}

/// A method call, or a macro: those are recognized by name and number of arguments.
pub(super) fn member_call(target: Node, function: String, mut args: Vec<Node>) -> Parsed {
    let kind = match (function.as_str(), args.len()) {
        ("all", 2) => MacroKind::All,
        ("exists", 2) => MacroKind::Exists,
        ("exists_one", 2) => MacroKind::ExistsOne,
        ("map", 2 | 3) => MacroKind::Map,
        ("filter", 2) => MacroKind::Filter,
        _ => {
            return grown(Node::new(Expr::Call { function, target: Some(Box::new(target)), args }));
        }
    };
    let last = args.pop();
    let (predicate, transform) = match (kind, args.len()) {
        (MacroKind::Map, 2) => (args.pop(), last),
        (MacroKind::Map, _) => (None, last),
        _ => (last, None),
    };
    match args.pop().map(|node| node.expr) {
        Some(Expr::Ident(variable)) if !variable.starts_with('.') => {
            grown(Node::new(Expr::Macro(Box::new(Macro { kind, range: target, variable, predicate, transform }))))
        }
        _ => Err(ParseError::Syntax(format!("`{function}` takes a plain name first"))),
    }
}
