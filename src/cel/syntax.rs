//! The tree of a CEL expression (<https://github.com/google/cel-spec/blob/master/doc/langdef.md>).
//! It must not know how text becomes a tree, nor what names mean.

use std::ops::Range;

/// A node and the depth of the tree below it, itself included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) expr: Expr,
    pub(crate) depth: usize,
    /// Where the name begins of an [`Expr::Ident`], [`Expr::Select`], [`Expr::Has`], [`Expr::Call`] or
    /// [`Expr::Struct`], in bytes; where the operator is of an operation.
    pub(crate) at: usize,
    /// The bytes that the whole node has.
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Ident(String),
    /// `operand.field`
    Select(Box<Node>, String),
    /// `has(operand.field)`
    Has(Box<Node>, String),
    /// A function by name, an operator by its name in the language definition (`_+_`).
    Call {
        function: String,
        target: Option<Box<Node>>,
        args: Vec<Node>,
    },
    /// `a && b && c`
    And(Vec<Node>),
    /// `a || b || c`
    Or(Vec<Node>),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// `pkg.Type{field: value}`
    Struct(String, Vec<(String, Node)>),
    /// `?value`, an element of a list or the value of an entry: there only if the optional value has a value.
    Optional(Box<Node>),
    Macro(Box<Macro>),
}

/// `range.all(variable, …)` and its kin.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Macro {
    pub(crate) kind: MacroKind,
    /// What is iterated over; of `cel.bind`, the value that the variable stands for.
    pub(crate) range: Node,
    pub(crate) variable: String,
    /// The variable for the element or value of an entry, in macros that name an index or key too.
    pub(crate) second: Option<String>,
    /// What an element must satisfy; absent from the short form of `map`.
    pub(crate) predicate: Option<Node>,
    /// What `map` makes of an element; of `cel.bind`, the expression that has the variable.
    pub(crate) transform: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MacroKind {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformList,
    TransformMap,
    TransformMapEntry,
    /// `cel.bind(name, value, expression)`
    Bind,
    /// `optional.optMap(name, expression)`
    OptMap,
    /// `optional.optFlatMap(name, expression)`
    OptFlatMap,
}

/// Binary operators: as written, by their name as functions, and how tightly they bind.
pub(super) const BINARY: [(&str, &str, u8); 12] = [
    ("<", "_<_", 1),
    ("<=", "_<=_", 1),
    (">", "_>_", 1),
    (">=", "_>=_", 1),
    ("==", "_==_", 1),
    ("!=", "_!=_", 1),
    ("in", "@in", 1),
    ("+", "_+_", 2),
    ("-", "_-_", 2),
    ("*", "_*_", 3),
    ("/", "_/_", 3),
    ("%", "_%_", 3),
];

impl Node {
    /// A node for `expr`, whose depth follows from its parts.
    pub(super) fn new(expr: Expr, at: usize, span: Range<usize>) -> Self {
        let below = |nodes: &[Node]| nodes.iter().map(|node| node.depth).max().unwrap_or(0);
        let depth = match &expr {
            Expr::Select(operand, _) | Expr::Has(operand, _) | Expr::Optional(operand) => operand.depth,
            Expr::Call { target, args, .. } => below(args).max(target.as_ref().map_or(0, |target| target.depth)),
            Expr::And(nodes) | Expr::Or(nodes) | Expr::List(nodes) => below(nodes),
            Expr::Map(entries) => entries.iter().map(|(key, value)| key.depth.max(value.depth)).max().unwrap_or(0),
            Expr::Struct(_, fields) => fields.iter().map(|(_, value)| value.depth).max().unwrap_or(0),
            Expr::Macro(parts) => {
                let optional = |node: &Option<Node>| node.as_ref().map_or(0, |node| node.depth);
                parts.range.depth.max(optional(&parts.predicate)).max(optional(&parts.transform))
            }
            _ => 0,
        };
        Node { expr, depth: depth + 1, at, span }
    }
}
