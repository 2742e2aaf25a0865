//! Edits of statements: how one goes without leaving a hole, and where one comes. They follow the tree and what stands
//! beside a statement on its lines; they do not know what statements mean.

use super::ast;
use super::fault::Repair;
use super::lexer::TokenKind;
use super::tree::{Node, NodeKind, Tree};
use crate::source::Span;

/// Removes the statement at a place: with its lines, the end of the last one included, where nothing but a comment
/// stands beside it.
pub(crate) fn remove_statement(tree: &Tree<'_>, statement: Span) -> Repair {
    Repair { span: lines_of(tree, statement).unwrap_or(statement), text: String::new() }
}

/// The whole lines that a statement and the comment after it take up; `None` where more stands there.
fn lines_of(tree: &Tree<'_>, statement: Span) -> Option<Span> {
    let text = tree.source();
    let before = tree.end_before(tree.token_at(statement.start));
    let start = match Span::new(before, statement.start).slice(text).rfind('\n') {
        Some(at) => before + at as u32 + 1,
        None => Some(before).filter(|&before| before == tree.start())?,
    };
    let line_end = line_end(tree, statement.end)?;
    let rest = &text[line_end as usize..];
    let newline = if rest.starts_with("\r\n") { 2 } else { u32::from(rest.starts_with('\n')) };
    Some(Span::new(start, line_end + newline))
}

/// The end of the line on which a token ends at an offset, its line break outside, where nothing but a `//` comment
/// stands after it.
fn line_end(tree: &Tree<'_>, offset: u32) -> Option<u32> {
    let text = tree.source();
    let next = tree.token_at(offset);
    let comment = tree.comments_before(next).first();
    let token = tree.tokens()[next as usize];
    let gap = Span::new(offset, comment.map_or(token.start, |comment| comment.start)).slice(text);
    if let Some(at) = gap.find('\n') {
        return Some(offset + (at - usize::from(gap[..at].ends_with('\r'))) as u32);
    }
    match comment {
        Some(comment) => Some(comment.end).filter(|_| comment.span().slice(text).starts_with("//")),
        None => (token.kind == TokenKind::End).then_some(token.end),
    }
}

/// Adds statements to the body of the declaration that begins at an offset, a line each: below `reserved`, which is
/// what stands in it of that kind already, else before all else in it. `None` where there is no body.
pub(crate) fn add_to_body(
    tree: &Tree<'_>,
    declaration: u32,
    reserved: Option<Span>,
    statements: &[String],
) -> Option<Repair> {
    let open = tree.statement_at(declaration)?.opening_brace()?;
    let after = reserved.map_or(tree.tokens()[open as usize].end, |reserved| reserved.end);
    let (at, added) = match line_end(tree, after) {
        Some(at) => {
            let indent = match reserved {
                Some(reserved) => indent(tree.source(), reserved.start).to_owned(),
                None => inner_indent(tree, open),
            };
            (at, statements.iter().map(|statement| format!("\n{indent}{statement}")).collect())
        }
        None => (after, statements.iter().map(|statement| format!(" {statement}")).collect()),
    };
    Some(Repair { span: Span::new(at, at), text: added })
}

/// The white space that starts the line of an offset.
fn indent(text: &str, offset: u32) -> &str {
    let start = text[..offset as usize].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].trim_start_matches('\u{feff}');
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// That of the first line within a body, or two spaces more than the body's own. `open` is the index of its brace.
fn inner_indent(tree: &Tree<'_>, open: u32) -> String {
    let (text, brace, next) = (tree.source(), tree.tokens()[open as usize], tree.tokens()[open as usize + 1]);
    let block = tree.comments_before(open + 1).iter().find(|comment| comment.is_block);
    let first = match block {
        Some(comment) => Some(comment.start),
        None => Some(next.start).filter(|_| !next.is(b'}') && next.kind != TokenKind::End),
    };
    match first.filter(|&first| Span::new(brace.end, first).slice(text).contains('\n')) {
        Some(first) => indent(text, first).to_owned(),
        None => format!("{}  ", indent(text, brace.start)),
    }
}

/// Puts a statement before the first one of a file: below comments that the whole file or a `package` statement has,
/// above those that explain a declaration.
pub(crate) fn add_first(tree: &Tree<'_>, statement: &str) -> Repair {
    let (text, first) = (tree.source(), tree.tokens()[0]);
    let at = match first.slice(text) {
        _ if first.kind == TokenKind::End => tree.start(),
        "package" | "import" | "option" => first.start,
        _ => {
            let mut starts: Vec<(u32, u32)> = Vec::new();
            let mut end = tree.start();
            for piece in tree.comments_before(0).iter().map(|comment| comment.span()).chain([first.span()]) {
                starts.push((end, piece.start));
                end = piece.end;
            }
            let is_apart = |&&(end, start): &&(u32, u32)| {
                Span::new(end, start).slice(text).bytes().filter(|&byte| byte == b'\n').count() > 1
            };
            starts[1..].iter().rev().find(is_apart).map_or(starts[0].1, |&(_, start)| start)
        }
    };
    Repair { span: Span::new(at, at), text: format!("{statement}\n\n") }
}

/// Adds an import of a path where it belongs: among sorted imports in their order, below others, or below the package
/// where there are none.
pub(crate) fn add_import(tree: &Tree<'_>, path: &str) -> Repair {
    let statement = format!("import \"{path}\";");
    let is_plain = |node: &Node<'_>| node.kind() == NodeKind::Import && ast::Import(*node).modifier() != Some("option");
    let imports: Vec<Node<'_>> = tree.root().children().filter(is_plain).collect();
    let paths: Vec<String> =
        imports.iter().map(|node| ast::Import(*node).path().unwrap_or_default().into_owned()).collect();
    if let (Some(first), true) = (imports.first(), paths.is_sorted()) {
        let count = paths.iter().take_while(|known| known.as_str() < path).count();
        if count == 0 && tree.comments_before(first.first()).is_empty() {
            let start = first.span().start;
            return Repair { span: Span::new(start, start), text: format!("{statement}\n") };
        }
        return below(tree, imports[count.max(1) - 1], &statement);
    }
    if let Some(last) = imports.last() {
        return below(tree, *last, &statement);
    }
    let above = |node: &Node<'_>| matches!(node.kind(), NodeKind::Package | NodeKind::Syntax);
    match tree.root().children().filter(above).last() {
        Some(node) => {
            let Repair { span, text } = below(tree, node, &format!("\n{statement}"));
            let behind = tree.source()[span.end as usize..].trim_start_matches(['\r', ' ', '\t']);
            let is_apart = behind.strip_prefix('\n').is_none_or(|rest| rest.trim_start_matches('\r').starts_with('\n'));
            let is_end = behind.trim().is_empty();
            Repair { span, text: if is_apart || is_end { text } else { format!("{text}\n") } }
        }
        None => add_first(tree, &statement),
    }
}

/// Puts a line below the one on which a statement ends.
fn below(tree: &Tree<'_>, node: Node<'_>, line: &str) -> Repair {
    let end = node.span().end;
    let at = line_end(tree, end).unwrap_or(end);
    Repair { span: Span::new(at, at), text: format!("\n{line}") }
}
