//! Suppresses a finding with an ignore comment on the innermost statement that holds it: above it where it begins a line,
//! else behind it, and at the top of the file where it is about the file.

use super::{Action, ActionKind, ActionRequest, Effect, may_be_suppressed, statement_around};
use crate::config::Config;
use crate::finding::{Edit, Finding};
use crate::rules::compile::UNUSED_IGNORE;
use crate::schema::{DirectiveKind, DirectiveScope, File};
use crate::source::{FileId, Place, Span};
use crate::syntax::{Node, Tree};

/// The action that suppresses a finding; none where a comment would have no effect.
pub(super) fn suppress(
    request: &ActionRequest<'_>,
    file: File<'_>,
    tree: &Tree<'_>,
    finding: &Finding,
) -> Option<Action> {
    let (rule, span) = (finding.rule, finding.place?.span);
    if !may_be_suppressed(finding) || rule == UNUSED_IGNORE.id || !are_heard(request, finding) {
        return None;
    }
    let is_of_file = span == Span::new(0, 0);
    let statement = if is_of_file { None } else { statement_around(tree, span) };
    if statement.is_none() && !is_of_file {
        return None;
    }
    let scope = statement.map_or(DirectiveScope::File, |node| DirectiveScope::Declaration(node.span()));
    let where_ = if is_of_file { " in this file" } else { "" };
    let title = format!("suppress {rule}{where_} with a comment");
    let effect = match beside_others(file, scope) {
        Some(at) => Effect::Edits(vec![inserted(request.file, at, format!(", {rule}"))]),
        None => Effect::Snippet(match statement {
            None => at_top(request.file, tree, rule),
            Some(node) => at_statement(request.file, tree, node, rule),
        }),
    };
    Some(Action::new(title, ActionKind::QuickFix, effect))
}

fn inserted(file: FileId, at: u32, text: String) -> Edit {
    Edit { place: Place { file, span: Span::new(at, at) }, text }
}

/// Whether the configuration lets comments suppress what is found in the file.
fn are_heard(request: &ActionRequest<'_>, finding: &Finding) -> bool {
    let config: &Config = &request.project.settings().config;
    let absolute = request.project.absolute(request.file);
    let path = absolute.and_then(|absolute| crate::project::path::below(absolute, &config.directory));
    let scope = path.and_then(|path| config.scope_of(&path)).map(|at| &config.scopes[at]);
    match finding.change.is_some() {
        true => scope.map_or(&config.breaking, |scope| config.breaking_in(scope)).ignore_comments,
        false => scope.map_or(&config.check, |scope| config.check_in(scope)).ignore_comments,
    }
}

/// The end of the last rule of an ignore comment that is there already for just that.
fn beside_others(file: File<'_>, scope: DirectiveScope) -> Option<u32> {
    file.directives().iter().filter(|directive| directive.scope == scope && !directive.of_buf).find_map(|directive| {
        match &directive.kind {
            DirectiveKind::Ignore(ignored) if ignored.until.is_none() => ignored.rules.last().map(|(_, span)| span.end),
            _ => None,
        }
    })
}

fn at_top(file: FileId, tree: &Tree<'_>, rule: &str) -> Edit {
    inserted(file, tree.start(), format!("// protolint:ignore {rule} ${{1:reason}}\n\n"))
}

fn at_statement(file: FileId, tree: &Tree<'_>, node: Node<'_>, rule: &str) -> Edit {
    let text = tree.source();
    let start = node.span().start;
    let line_start = text[..start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = &text[line_start..start as usize];
    let begins_line = indent.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    // A comment above the first statement is about the whole file.
    if begins_line && node.first() > 0 {
        let at = above(tree, node, line_start as u32);
        return inserted(file, at, format!("{indent}// protolint:ignore {rule} ${{1:reason}}\n"));
    }
    let brace = node.opening_brace().map(|open| tree.tokens()[open as usize].end);
    let at = brace.unwrap_or(node.span().end);
    let rest = text[at as usize..].lines().next().unwrap_or_default();
    let comment = format!("protolint:ignore {rule} ${{1:reason}}");
    let comment = if rest.trim().is_empty() { format!(" // {comment}") } else { format!(" /* {comment} */") };
    inserted(file, at, comment)
}

/// Where a line above a statement is put: below line comments, which it does not part from the statement, and above a
/// comment in one block, which would no longer explain it.
fn above(tree: &Tree<'_>, node: Node<'_>, line_start: u32) -> u32 {
    let text = tree.source();
    let mut top = line_start;
    for comment in tree.comments_before(node.first()).iter().rev() {
        let start = text[..comment.start as usize].rfind('\n').map_or(0, |newline| newline as u32 + 1);
        let begins_line = Span::new(start, comment.start).slice(text).trim().is_empty();
        let is_adjacent = Span::new(comment.end, top).slice(text).matches('\n').count() <= 1;
        if !comment.is_block || !begins_line || !is_adjacent {
            break;
        }
        top = start;
    }
    top
}
