//! What a file declares, as a tree of symbols. It follows the syntax tree alone, so that what is damaged is listed too.

use crate::project::Project;
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, FieldType, OptionEntry, Statement, Value, plain_text};
use crate::syntax::{self, Node, NodeKind};

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SymbolKind {
    Message,
    /// A field of a message.
    Field,
    Oneof,
    Enum,
    EnumValue,
    Service,
    Rpc,
    /// An `extend` block.
    Extend,
    /// A field that extends a message.
    Extension,
}

/// Something that is declared.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub(crate) name: String,
    /// The type and number of a field, the number of a value, the types of an rpc; else empty.
    pub(crate) detail: String,
    pub(crate) kind: SymbolKind,
    /// The whole declaration.
    pub(crate) span: Span,
    /// The name, within `span`.
    pub(crate) name_span: Span,
    pub(crate) is_deprecated: bool,
    pub(crate) children: Vec<Symbol>,
}

/// What a file declares, in the order of the text.
pub(crate) fn document_symbols(project: &Project, file: FileId) -> Vec<Symbol> {
    let tree = syntax::parse(project.sources().get(file).text());
    of_body(tree.root(), false)
}

/// The symbols in a file or a body; whether its fields are extensions.
fn of_body(node: Node<'_>, is_extend: bool) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for statement in ast::statements(node) {
        let node = statement.node();
        let children = of_body(node, matches!(statement, Statement::Extend(_)));
        match head(statement, is_extend) {
            Some(Head { kind, name, detail }) => symbols.push(Symbol {
                name: plain_text(name).into_owned(),
                detail,
                kind,
                span: node.span(),
                name_span: name.span(),
                is_deprecated: is_deprecated(statement),
                children,
            }),
            // What has no name yet keeps what is in it.
            None => symbols.extend(children),
        }
    }
    symbols
}

struct Head<'t> {
    kind: SymbolKind,
    name: Node<'t>,
    detail: String,
}

fn head<'t>(statement: Statement<'t>, is_extend: bool) -> Option<Head<'t>> {
    let field_kind = if is_extend { SymbolKind::Extension } else { SymbolKind::Field };
    let (kind, name, detail) = match statement {
        Statement::Message(message) => (SymbolKind::Message, message.name(), String::new()),
        Statement::Enum(enumeration) => (SymbolKind::Enum, enumeration.name(), String::new()),
        Statement::Service(service) => (SymbolKind::Service, service.name(), String::new()),
        Statement::Oneof(oneof) => (SymbolKind::Oneof, oneof.name(), String::new()),
        Statement::Extend(extend) => (SymbolKind::Extend, extend.extendee(), "extend".to_owned()),
        Statement::Field(field) => (field_kind, field.name(), of_field(field)),
        Statement::Group(group) => (field_kind, group.name(), of_field(group.as_field())),
        Statement::EnumValue(value) => {
            let number = value.number().map(|number| format!("= {}", plain_text(number.0)));
            (SymbolKind::EnumValue, value.name(), number.unwrap_or_default())
        }
        Statement::Rpc(rpc) => (SymbolKind::Rpc, rpc.name(), of_rpc(rpc)),
        _ => return None,
    };
    // A name that a missing word left empty is none.
    let name = name.filter(|name| !name.span().slice(name.tree().source()).trim().is_empty())?;
    Some(Head { kind, name, detail })
}

/// `repeated string = 3`.
fn of_field(field: ast::Field<'_>) -> String {
    let label = field.label().map(str::to_owned);
    let held = match field.field_type() {
        Some(FieldType::Named(name)) => Some(plain_text(name).into_owned()),
        Some(FieldType::Map(map)) => {
            map.types().map(|(key, value)| format!("map<{}, {}>", plain_text(key), plain_text(value)))
        }
        Some(FieldType::Group) => Some("group".to_owned()),
        None => None,
    };
    let number = field.number().map(|number| format!("= {}", plain_text(number.0)));
    label.into_iter().chain(held).chain(number).collect::<Vec<_>>().join(" ")
}

/// `(Request) returns (stream Response)`.
fn of_rpc(rpc: ast::Rpc<'_>) -> String {
    let named = |part: ast::RpcType<'_>| {
        let name = part.type_name().map(plain_text).unwrap_or_default();
        format!("({}{name})", if part.is_stream() { "stream " } else { "" })
    };
    rpc.types().map(named).collect::<Vec<_>>().join(" returns ")
}

fn is_deprecated(statement: Statement<'_>) -> bool {
    let says_so = |option: OptionEntry<'_>| {
        let is_true = matches!(option.value(), Some(Value::Scalar(scalar)) if scalar.0.text() == "true");
        is_true && option.name().is_some_and(|name| plain_text(name.0) == "deprecated")
    };
    match statement {
        Statement::Field(field) => field.options().any(says_so),
        Statement::Group(group) => group.as_field().options().any(says_so),
        Statement::EnumValue(value) => value.options().any(says_so),
        _ => {
            let own = statement.node().children().filter(|node| node.kind() == NodeKind::OptionStatement);
            own.map(OptionEntry).any(says_so)
        }
    }
}
