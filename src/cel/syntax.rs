//! The tree of a CEL expression (<https://github.com/google/cel-spec/blob/master/doc/langdef.md>).
//! It must not know how text becomes a tree, nor what names mean.

/// A node and the depth of the tree below it, itself included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) expr: Expr,
    pub(crate) depth: usize,
    /// Where the name begins of an [`Expr::Ident`], [`Expr::Select`] or [`Expr::Has`], in bytes.
    pub(crate) at: usize,
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
    Macro(Box<Macro>),
}

/// `range.all(variable, …)` and its kin.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Macro {
    pub(crate) kind: MacroKind,
    pub(crate) range: Node,
    pub(crate) variable: String,
    /// What an element must satisfy; absent from the short form of `map`.
    pub(crate) predicate: Option<Node>,
    /// What `map` makes of an element.
    pub(crate) transform: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MacroKind {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
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
    pub(crate) fn new(expr: Expr) -> Self {
        let below = |nodes: &[Node]| nodes.iter().map(|node| node.depth).max().unwrap_or(0);
        let depth = match &expr {
            Expr::Select(operand, _) | Expr::Has(operand, _) => operand.depth,
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
        Node { expr, depth: depth + 1, at: 0 }
    }

    /// The same node, whose name begins at an offset.
    pub(super) fn named_at(self, at: usize) -> Self {
        Node { at, ..self }
    }
}
