//! Formats a part of a text: the statements that a range of bytes touches, or the one that was just ended.

use super::layout::{Scope, gaps};
use super::{Formatted, Style, around_damage, first_fault, region, render};
use crate::source::Span;
use crate::syntax::{Node, Tree, ast, parse};

/// Formats the statements that a range of bytes touches, and the comments above them: all of what [`super::whole`]
/// changes there but the order of statements.
pub fn range(text: &str, range: Span, style: &Style) -> Formatted {
    let tree = parse(text);
    of_extent(&tree, extent(&tree, range), style)
}

/// Formats the statement that ends with the `;` or `}` before an offset, where such a character was just typed.
pub fn on_type(text: &str, offset: u32, style: &Style) -> Formatted {
    let tree = parse(text);
    let ended = tree.token_at(offset.saturating_sub(1));
    let token = tree.tokens()[ended as usize];
    let is_end = token.end == offset && (token.is(b';') || token.is(b'}'));
    let ends = |node: &Node<'_>| node.end() == ended + 1 && ast::Statement::cast(*node).is_some();
    match tree.nodes().find(ends).filter(|_| is_end) {
        Some(node) => {
            let start = tree.end_before(node.first());
            let mut formatted = of_extent(&tree, Span::new(start, node.span().end), style);
            // What would stand after the typed character is about what follows it.
            formatted.edits.retain(|(span, _)| span.end < offset);
            formatted
        }
        None => Formatted { edits: Vec::new(), damage: first_fault(&tree) },
    }
}

/// The edits that lie in a part of the text.
fn of_extent(tree: &Tree<'_>, extent: Span, style: &Style) -> Formatted {
    let damage = first_fault(tree);
    let mut edits = match damage.is_some() {
        true => around_damage(tree, style),
        false => render::edits(tree, &gaps(tree, style, Scope::All), style),
    };
    edits.retain(|(span, _)| region::holds(&[extent], *span));
    Formatted { edits, damage }
}

/// From the end of what stands before the statements that a range touches to the end of the last of them.
fn extent(tree: &Tree<'_>, range: Span) -> Span {
    let mut of = tree.root();
    loop {
        let touched = |node: &Node<'_>| {
            let start = first_comment(tree, *node);
            start <= range.end && range.start <= node.span().end
        };
        let touching: Vec<Node<'_>> =
            ast::statements(of).map(ast::Statement::node).filter(|node| touched(node)).collect();
        let (Some(first), Some(last)) = (touching.first(), touching.last()) else {
            let token = tree.token_at(range.start);
            let start = token.checked_sub(1).map_or(0, |before| tree.tokens()[before as usize].end);
            return Span::new(start, tree.tokens()[tree.token_at(range.end) as usize].start.max(start));
        };
        if let (1, Some(open)) = (touching.len(), first.opening_brace()) {
            let inner = Span::new(tree.tokens()[open as usize].end, first.span().end.saturating_sub(1));
            if inner.start <= range.start && range.end <= inner.end {
                of = *first;
                continue;
            }
        }
        let start = first.first().checked_sub(1).map_or(0, |before| tree.tokens()[before as usize].end);
        let is_to_end = range.end as usize == tree.source().len();
        return Span::new(start, if is_to_end { range.end } else { last.span().end });
    }
}

/// Where the first comment before a statement starts, or the statement.
fn first_comment(tree: &Tree<'_>, node: Node<'_>) -> u32 {
    tree.comments_before(node.first()).first().map_or(node.span().start, |comment| comment.start)
}
