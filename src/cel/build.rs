//! Makes the nodes of a CEL tree: keeps its depth in bounds and distinguishes macros from calls.

use std::ops::Range;

use super::environment::Library;
use super::fault::Fault;
use super::parser::Parsed;
use super::syntax::{Expr, Macro, MacroKind, Node};

/// How deep a tree may be.
const MAX_DEPTH: usize = 160;

/// The node, unless its tree is too deep to be walked.
pub(super) fn grown(expr: Expr, at: usize, span: Range<usize>) -> Parsed {
    let node = Node::new(expr, at, span);
    match node.depth > MAX_DEPTH {
        true => Err(Fault::limit(node.span, format!("the expression is more than {MAX_DEPTH} operations deep"))),
        false => Ok(node),
    }
}

/// A call of an operator.
pub(super) fn call(function: &str, args: Vec<Node>, at: usize, span: Range<usize>) -> Parsed {
    grown(Expr::Call { function: function.to_owned(), target: None, args }, at, span)
}

/// The only term, or the node of many.
pub(super) fn single_or(mut terms: Vec<Node>, many: fn(Vec<Node>) -> Expr) -> Parsed {
    match (terms.len(), terms.first(), terms.last()) {
        (1, ..) => Ok(terms.swap_remove(0)),
        (_, Some(first), Some(last)) => {
            let span = first.span.start..last.span.end;
            grown(many(terms), span.start, span)
        }
        _ => Err(Fault::syntax(0..0, "an expression is expected")),
    }
}

/// The macro `has`.
pub(super) fn presence(mut args: Vec<Node>, span: Range<usize>) -> Parsed {
    match args.pop().map(|node| (node.expr, node.at)) {
        Some((Expr::Select(operand, field), at)) => grown(Expr::Has(operand, field), at, span),
        _ => Err(Fault::syntax(span, "`has` takes a field, such as `has(this.name)`")),
    }
}

/// A name after a dot, with what is called on it.
pub(super) struct Member {
    pub(super) target: Node,
    pub(super) name: String,
    pub(super) at: usize,
    pub(super) args: Vec<Node>,
    pub(super) span: Range<usize>,
}

/// How many plain names come first in a macro, and whether a condition and a result come last.
struct Shape {
    kind: MacroKind,
    names: usize,
    has_predicate: bool,
    has_transform: bool,
}

/// The macro of a name and a number of arguments.
fn shape(member: &Member, libraries: &[Library]) -> Option<Shape> {
    let shape = |kind, names, has_predicate, has_transform| Some(Shape { kind, names, has_predicate, has_transform });
    let has = |library| libraries.contains(&library);
    let of_cel = matches!(&member.target.expr, Expr::Ident(name) if name == "cel");
    match (member.name.as_str(), member.args.len()) {
        ("all", 2) => shape(MacroKind::All, 1, true, false),
        ("exists", 2) => shape(MacroKind::Exists, 1, true, false),
        ("exists_one" | "existsOne", 2) => shape(MacroKind::ExistsOne, 1, true, false),
        ("filter", 2) => shape(MacroKind::Filter, 1, true, false),
        ("map", 2) => shape(MacroKind::Map, 1, false, true),
        ("map", 3) => shape(MacroKind::Map, 1, true, true),
        ("bind", 3) if of_cel && has(Library::Bindings) => shape(MacroKind::Bind, 1, true, true),
        ("optMap", 2) if has(Library::Optionals) => shape(MacroKind::OptMap, 1, false, true),
        ("optFlatMap", 2) if has(Library::Optionals) => shape(MacroKind::OptFlatMap, 1, false, true),
        _ if !has(Library::TwoVariables) => None,
        ("all", 3) => shape(MacroKind::All, 2, true, false),
        ("exists", 3) => shape(MacroKind::Exists, 2, true, false),
        ("exists_one" | "existsOne", 3) => shape(MacroKind::ExistsOne, 2, true, false),
        ("transformList", 3) => shape(MacroKind::TransformList, 2, false, true),
        ("transformList", 4) => shape(MacroKind::TransformList, 2, true, true),
        ("transformMap", 3) => shape(MacroKind::TransformMap, 2, false, true),
        ("transformMap", 4) => shape(MacroKind::TransformMap, 2, true, true),
        ("transformMapEntry", 3) => shape(MacroKind::TransformMapEntry, 2, false, true),
        ("transformMapEntry", 4) => shape(MacroKind::TransformMapEntry, 2, true, true),
        _ => None,
    }
}

/// A method call, or a macro: those are recognized by name and number of arguments.
pub(super) fn member_call(member: Member, libraries: &[Library]) -> Parsed {
    let Some(shape) = shape(&member, libraries) else {
        let Member { target, name, at, args, span } = member;
        return grown(Expr::Call { function: name, target: Some(Box::new(target)), args }, at, span);
    };
    let Member { target, name, at, args, span } = member;
    let mut args = args.into_iter();
    let variable = plain_name(args.next(), &name, &span)?;
    let second = match shape.names {
        2 => Some(plain_name(args.next(), &name, &span)?),
        _ => None,
    };
    if second.as_ref() == Some(&variable) {
        return Err(Fault::syntax(span, format!("`{name}` takes two different names, not `{variable}` twice")));
    }
    let predicate = if shape.has_predicate { args.next() } else { None };
    let transform = if shape.has_transform { args.next() } else { None };
    let (range, predicate) = match (shape.kind, predicate) {
        (MacroKind::Bind, Some(value)) => (value, None),
        (_, predicate) => (target, predicate),
    };
    let parts = Macro { kind: shape.kind, range, variable, second, predicate, transform };
    grown(Expr::Macro(Box::new(parts)), at, span)
}

/// The name that a macro declares.
fn plain_name(arg: Option<Node>, function: &str, whole: &Range<usize>) -> Parsed<String> {
    match arg.map(|node| (node.expr, node.span)) {
        Some((Expr::Ident(name), _)) if !name.starts_with('.') => Ok(name),
        Some((_, span)) => Err(Fault::syntax(span, format!("`{function}` takes a plain name first"))),
        None => Err(Fault::syntax(whole.clone(), format!("`{function}` takes a plain name first"))),
    }
}
