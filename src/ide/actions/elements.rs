//! Changes of the declaration at hand: deprecate it, delete it and reserve what it had, give it a free number, or give
//! an enum its zero value.

use super::{Action, ActionKind, ActionRequest, Effect};
use crate::finding::{Edit, Finding};
use crate::ide::completion::numbers::{next_field, next_value};
use crate::rules::breaking::reserved_name;
use crate::rules::case::upper_snake;
use crate::schema::File;
use crate::source::{Place, Span};
use crate::syntax::ast::{self, Statement};
use crate::syntax::{Node, NodeKind, Repair, Tree, edit};

/// The rules about numbers that a free number satisfies.
const NUMBER_RULES: [&str; 3] = ["COMPILE_DUPLICATE_NUMBER", "COMPILE_NUMBER_RANGE", "COMPILE_RESERVED_USED"];

/// The rules about enums that lack a zero value at their start.
const ZERO_RULES: [&str; 3] = ["COMPILE_ENUM_EMPTY", "COMPILE_ENUM_ZERO_FIRST", "ENUM_FIRST_VALUE_ZERO"];

/// The name of a zero value, behind that of its enum.
const UNSPECIFIED: &str = "UNSPECIFIED";

/// What fixes a finding that has no fix of its own.
pub(super) fn of_finding(file: File<'_>, tree: &Tree<'_>, finding: &Finding) -> Option<Action> {
    let span = finding.place?.span;
    if NUMBER_RULES.contains(&finding.rule) {
        let node = numbered_at(tree, span)?;
        let is_of_number = number_of(node).is_some_and(|number| span.contains(number.span()));
        return free_number(file, tree, node, ActionKind::QuickFix).filter(|_| is_of_number);
    }
    if ZERO_RULES.contains(&finding.rule) {
        let node = tree.nodes().filter(|node| node.kind() == NodeKind::Enum && node.span().contains(span)).last()?;
        return zero_value(file, tree, ast::Enum(node));
    }
    None
}

/// What can be done with the declaration at the range.
pub(super) fn at_range(request: &ActionRequest<'_>, file: File<'_>, tree: &Tree<'_>) -> Vec<Action> {
    let Some(node) = declaration_at(tree, request.range) else { return Vec::new() };
    let mut found = Vec::new();
    found.extend(deprecate(file, tree, node));
    found.extend(delete(file, tree, node));
    let is_at_number = number_of(node).is_some_and(|number| super::touches(number.span(), request.range));
    if is_at_number {
        found.extend(free_number(file, tree, node, ActionKind::RefactorRewrite));
    }
    found
}

/// The innermost declaration whose head is at the range: all of it up to the brace of its body.
fn declaration_at<'t>(tree: &'t Tree<'t>, range: Span) -> Option<Node<'t>> {
    let is_declaration = |node: &Node<'_>| {
        use NodeKind::{Enum, EnumValue, Field, Group, Message, Rpc, Service};
        matches!(node.kind(), Message | Enum | Service | Field | Group | EnumValue | Rpc) && !node.is_damaged()
    };
    let around = tree.nodes().filter(|node| is_declaration(node) && node.span().contains(range));
    around.last().filter(|node| {
        let brace = node.opening_brace().map(|open| tree.tokens()[open as usize].start);
        brace.is_none_or(|brace| range.end <= brace)
    })
}

fn numbered_at<'t>(tree: &'t Tree<'t>, span: Span) -> Option<Node<'t>> {
    let is_numbered = |node: &Node<'_>| matches!(node.kind(), NodeKind::Field | NodeKind::Group | NodeKind::EnumValue);
    tree.nodes().filter(|node| is_numbered(node) && node.span().contains(span)).last()
}

fn number_of<'t>(node: Node<'t>) -> Option<Node<'t>> {
    node.child(NodeKind::Number)
}

fn name_of<'t>(node: Node<'t>) -> Option<&'t str> {
    node.child(NodeKind::Name).map(|name| name.text())
}

/// The innermost node of some kinds that holds another one.
fn holder<'t>(tree: &'t Tree<'t>, node: Node<'_>, kinds: &[NodeKind]) -> Option<Node<'t>> {
    let is_around = |other: &Node<'_>| {
        kinds.contains(&other.kind()) && other.span() != node.span() && other.span().contains(node.span())
    };
    tree.nodes().filter(is_around).last()
}

/// The message that has a field, unless it is an extension.
fn message_of<'t>(tree: &'t Tree<'t>, node: Node<'_>) -> Option<Node<'t>> {
    let found = holder(tree, node, &[NodeKind::Message, NodeKind::Group, NodeKind::Extend])?;
    (found.kind() != NodeKind::Extend).then_some(found)
}

fn action(file: File<'_>, title: String, kind: ActionKind, repairs: Vec<Repair>) -> Option<Action> {
    let source = file.source()?;
    let edit = |Repair { span, text }: Repair| Edit { place: Place { file: source, span }, text };
    Some(Action::new(title, kind, Effect::Edits(repairs.into_iter().map(edit).collect())))
}

/// Replaces a number by the next that is free.
fn free_number(file: File<'_>, tree: &Tree<'_>, node: Node<'_>, kind: ActionKind) -> Option<Action> {
    let number = number_of(node)?;
    let at = node.span().start;
    let free = match node.kind() {
        // The first value of an enum is zero for a reason.
        NodeKind::EnumValue if number.text() == "0" => return None,
        NodeKind::EnumValue if kind == ActionKind::RefactorRewrite && is_alias(tree, node) => return None,
        NodeKind::EnumValue => next_value(holder(tree, node, &[NodeKind::Enum])?, at)?,
        _ => next_field(message_of(tree, node)?, at)?,
    };
    if number.text() == free.to_string() {
        return None;
    }
    let repair = Repair { span: number.span(), text: free.to_string() };
    action(file, format!("use the next free number, {free}"), kind, vec![repair])
}

/// Adds a first value with the number zero to an enum that has none.
fn zero_value(file: File<'_>, tree: &Tree<'_>, enumeration: ast::Enum<'_>) -> Option<Action> {
    let name = format!("{}_{UNSPECIFIED}", upper_snake(enumeration.name()?.text()));
    let mut values = enumeration.members().filter_map(|member| match member {
        Statement::EnumValue(value) => Some(value),
        _ => None,
    });
    let is_taken = |value: ast::EnumValue<'_>| {
        value.number().and_then(ast::Number::value) == Some(0) || value.name().is_some_and(|own| own.text() == name)
    };
    if values.any(is_taken) {
        return None;
    }
    let start = enumeration.0.span().start;
    let added = edit::add_to_body(tree, start, None, &[format!("{name} = 0;")])?;
    action(file, format!("add `{name} = 0` as first value"), ActionKind::QuickFix, vec![added])
}

/// Marks a declaration as deprecated.
fn deprecate(file: File<'_>, tree: &Tree<'_>, node: Node<'_>) -> Option<Action> {
    let is_set = |option: ast::OptionEntry<'_>| option.name().is_some_and(|name| name.0.text() == "deprecated");
    let title = format!("deprecate `{}`", name_of(node)?);
    let repair = match node.kind() {
        NodeKind::Field | NodeKind::EnumValue => {
            if ast::Field(node).options().any(is_set) {
                return None;
            }
            match node.child(NodeKind::OptionList) {
                Some(list) => {
                    let at = list.span().start + 1;
                    let comma = if list.children().next().is_some() { ", " } else { "" };
                    Repair { span: Span::new(at, at), text: format!("deprecated = true{comma}") }
                }
                None => {
                    let at = number_of(node)?.span().end;
                    Repair { span: Span::new(at, at), text: " [deprecated = true]".to_owned() }
                }
            }
        }
        _ => {
            let options = ast::statements(node).filter_map(|statement| match statement {
                Statement::Option(option) => Some(option),
                _ => None,
            });
            if options.into_iter().any(is_set) {
                return None;
            }
            in_body(tree, node)?
        }
    };
    action(file, title, ActionKind::RefactorRewrite, vec![repair])
}

/// The option in the body of a declaration, which an rpc may lack.
fn in_body(tree: &Tree<'_>, node: Node<'_>) -> Option<Repair> {
    const STATEMENT: &str = "option deprecated = true;";
    if node.opening_brace().is_some() {
        return edit::add_to_body(tree, node.span().start, None, &[STATEMENT.to_owned()]);
    }
    let last = node.tokens().last().filter(|last| last.is(b';') && node.kind() == NodeKind::Rpc)?;
    let text = tree.source();
    let line_start = text[..node.span().start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[line_start..];
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let body = format!(" {{\n{indent}  {STATEMENT}\n{indent}}}");
    Some(Repair { span: last.span(), text: body })
}

/// Deletes a field or a value, with its comments, and reserves its name and number.
fn delete(file: File<'_>, tree: &Tree<'_>, node: Node<'_>) -> Option<Action> {
    let (name, number) = (name_of(node)?, number_of(node)?);
    let (holder, what) = match node.kind() {
        NodeKind::Field => (message_of(tree, node)?, "field"),
        NodeKind::EnumValue => (holder(tree, node, &[NodeKind::Enum])?, "value"),
        _ => return None,
    };
    if is_needed(tree, node, holder) {
        return None;
    }
    let mut statements = ast::statements(holder);
    let reserved =
        statements.find(|statement| matches!(statement, Statement::Reserved(_))).map(|own| own.node().span());
    let lines = [format!("reserved {};", number.text()), format!("reserved {};", reserved_name(file, name))];
    let added = edit::add_to_body(tree, holder.span().start, reserved, &lines)?;
    let removed = with_comments(tree, node, edit::remove_statement(tree, node.span()));
    if removed.span.start < added.span.start && added.span.end < removed.span.end {
        return None;
    }
    let title = format!("delete {what} `{name}`, and reserve its name and number");
    action(file, title, ActionKind::RefactorRewrite, vec![added, removed])
}

/// Whether something else would not compile without it: the only field of a oneof, the first value of an enum, or a
/// value whose number another one has too.
fn is_needed(tree: &Tree<'_>, node: Node<'_>, body: Node<'_>) -> bool {
    let is_member = |other: &Node<'_>| matches!(other.kind(), NodeKind::Field | NodeKind::Group | NodeKind::EnumValue);
    if node.kind() == NodeKind::EnumValue {
        let first = body.children().find(is_member);
        return is_alias(tree, node) || first.is_some_and(|first| first.span() == node.span());
    }
    let oneof = holder(tree, node, &[NodeKind::Oneof, NodeKind::Message, NodeKind::Group]);
    oneof.is_some_and(|own| own.kind() == NodeKind::Oneof && own.children().filter(is_member).count() == 1)
}

/// Whether another value of the enum has the same number.
fn is_alias(tree: &Tree<'_>, node: Node<'_>) -> bool {
    let value = |node: Node<'_>| ast::EnumValue(node).number().and_then(ast::Number::value);
    let values = holder(tree, node, &[NodeKind::Enum]).into_iter().flat_map(Node::children);
    let values = values.filter(|other| other.kind() == NodeKind::EnumValue && value(*other) == value(node));
    values.count() > 1
}

/// The removal of a statement with the comments above it, where it takes whole lines.
fn with_comments(tree: &Tree<'_>, node: Node<'_>, removal: Repair) -> Repair {
    let text = tree.source();
    let line_start = |offset: u32| text[..offset as usize].rfind('\n').map_or(0, |newline| newline as u32 + 1);
    let mut start = removal.span.start;
    if start != line_start(node.span().start) {
        return removal;
    }
    for comment in tree.comments_before(node.first()).iter().rev() {
        let line = line_start(comment.start);
        let begins_line = Span::new(line, comment.start).slice(text).trim().is_empty();
        let is_adjacent = Span::new(comment.end, start).slice(text).matches('\n').count() <= 1;
        if !begins_line || !is_adjacent {
            break;
        }
        start = line;
    }
    Repair { span: Span::new(start, removal.span.end), ..removal }
}
