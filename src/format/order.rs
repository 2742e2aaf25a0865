//! The order of what stands at the top level of a text: the sections of the style guide, and imports by their paths,
//! each with the comments that belong to it. What is unclear stays where it is.

use std::borrow::Cow;

use super::region;
use super::statement::{Kind, Statement, statements, whole_lines, with_line_feeds};
use crate::source::Span;
use crate::syntax::{NodeKind, Tree, ast};

/// An import with its statement in the text.
pub(crate) struct Import<'t> {
    pub(crate) statement: Statement,
    /// Whether it is an `import option`.
    is_option: bool,
    pub(crate) path: Cow<'t, str>,
}

impl Import<'_> {
    /// Where it belongs among others: edition 2024 wants those of options after all others.
    pub(crate) fn rank(&self) -> (bool, &str) {
        (self.is_option, &self.path)
    }
}

/// Whether a text without errors is in order, by a look at statements alone.
pub(super) fn is_ordered(tree: &Tree<'_>) -> bool {
    let statements = statements(tree);
    let is_sectioned = statements.is_sorted_by_key(|statement| statement.kind);
    is_sectioned && imports(tree).is_sorted_by(|one, other| one.rank() <= other.rank())
}

/// The edits that bring a text without errors into order, each of lines that end in a line feed: of the sections first,
/// and of imports where those are in order.
pub(super) fn edits(tree: &Tree<'_>) -> Vec<(Span, String)> {
    let off = region::off(tree);
    let statements = sections(tree);
    let may_move = |edit: &(Span, String)| !region::touches(&off, edit.0);
    let moved = ordered(tree, &statements, &misplaced(&statements)).filter(may_move);
    if let Some(moved) = moved {
        return vec![moved];
    }
    let blocks = blocks(tree);
    let unsorted = blocks.iter().filter(|block| first_unsorted(block).is_some());
    unsorted.filter_map(|block| sorted(tree.source(), block)).filter(may_move).collect()
}

/// The imports of a text, those with errors left out.
fn imports<'t>(tree: &'t Tree<'t>) -> Vec<Import<'t>> {
    blocks(tree).into_iter().flatten().collect()
}

/// The imports of a text: those between which neither an empty line nor anything else stands are a block.
pub(crate) fn blocks<'t>(tree: &'t Tree<'t>) -> Vec<Vec<Import<'t>>> {
    let text = tree.source();
    let mut blocks: Vec<Vec<Import<'t>>> = Vec::new();
    let mut is_open = false;
    let nodes = ast::statements(tree.root()).map(ast::Statement::node);
    for (node, statement) in nodes.zip(statements(tree)) {
        // A damaged one is no import of the file.
        let view = ast::Import(node);
        let Some(path) = view.path().filter(|_| node.kind() == NodeKind::Import && !statement.is_damaged) else {
            is_open = false;
            continue;
        };
        let import = Import { is_option: view.modifier() == Some("option"), path, statement };
        match blocks.last_mut().filter(|_| is_open) {
            Some(block) if block.last().is_some_and(|last| follows(text, &last.statement, &import.statement)) => {
                block.push(import);
            }
            _ => blocks.push(vec![import]),
        }
        is_open = true;
    }
    blocks
}

/// Whether no blank line and nothing else stands between two statements.
fn follows(text: &str, one: &Statement, other: &Statement) -> bool {
    let end = one.lines.unwrap_or(one.span).end;
    let start = other.lines.unwrap_or(other.span).start;
    let between = text.get(end as usize..start as usize).unwrap_or_default();
    between.trim().is_empty() && between.matches('\n').count() <= 1
}

/// The first import of a block that is too low.
pub(crate) fn first_unsorted(block: &[Import<'_>]) -> Option<usize> {
    (1..block.len()).find(|&at| block[at].rank() < block[at - 1].rank())
}

/// One edit for the whole block: each import with the comments above it and after it. None where lines are shared.
pub(crate) fn sorted(text: &str, block: &[Import<'_>]) -> Option<(Span, String)> {
    let lines: Vec<Span> = block.iter().map(|import| import.statement.lines).collect::<Option<_>>()?;
    let mut order: Vec<usize> = (0..block.len()).collect();
    order.sort_by_key(|&at| block[at].rank());
    let sorted: Vec<&str> = order.iter().map(|&at| lines[at].slice(text)).collect();
    let span = Span::new(lines.first()?.start, lines.last()?.end);
    Some((span, with_line_feeds(&sorted.join("\n"))))
}

/// The statements without damaged and empty ones: a `;` more is part of the statement before it.
pub(crate) fn sections(tree: &Tree<'_>) -> Vec<Statement> {
    let (text, statements) = (tree.source(), statements(tree));
    let mut joined: Vec<Statement> = Vec::with_capacity(statements.len());
    for statement in statements.into_iter().filter(|statement| !statement.is_damaged) {
        let is_empty = statement.span.slice(text) == ";";
        match joined.last_mut() {
            Some(last) if is_empty => {
                last.span.end = statement.span.end;
                let end = statement.lines.map_or(statement.span.end, |lines| lines.end);
                // What stands after an empty statement on its line is not looked at: such a text is left alone.
                last.lines = whole_lines(text, last.lines.map_or(last.span.start, |lines| lines.start), end);
            }
            None if is_empty => {}
            _ => joined.push(statement),
        }
    }
    joined
}

/// For each statement, whether one that belongs after it stands above it.
pub(crate) fn misplaced(statements: &[Statement]) -> Vec<bool> {
    let mut highest = Kind::Syntax;
    let check = |statement: &Statement| {
        let is_misplaced = statement.kind < highest;
        highest = highest.max(statement.kind);
        is_misplaced
    };
    statements.iter().map(check).collect()
}

/// The text from the first statement to the last that moves, in order. None where lines are shared, where a comment
/// that stands by itself above a statement that moves could be about it or about what follows, and in a text with
/// errors, where the end of a statement is not certain.
pub(crate) fn ordered(tree: &Tree<'_>, statements: &[Statement], is_misplaced: &[bool]) -> Option<(Span, String)> {
    if !tree.faults().is_empty() {
        return None;
    }
    let text = tree.source();
    let last = is_misplaced.iter().rposition(|&misplaced| misplaced)?;
    let lines: Vec<Span> = statements[..=last].iter().map(|statement| statement.lines).collect::<Option<_>>()?;
    let gap = |at: usize| text.get(lines[at - 1].end as usize..lines[at].start as usize);
    let gaps: Vec<&str> = (0..lines.len()).map(|at| if at == 0 { Some("") } else { gap(at) }).collect::<Option<_>>()?;
    if (0..=last).any(|at| is_misplaced[at] && !gaps[at].trim().is_empty()) {
        return None;
    }
    let mut order: Vec<usize> = (0..=last).collect();
    order.sort_by_key(|&at| statements[at].kind);
    let mut replacement = String::new();
    for (position, &at) in order.iter().enumerate() {
        if let Some(before) = position.checked_sub(1).map(|position| order[position]) {
            replacement += separator(gaps[at], before + 1 == at, statements[before].kind == statements[at].kind)?;
        }
        replacement += lines[at].slice(text);
    }
    let span = Span::new(lines[0].start, lines[last].end);
    Some((span, with_line_feeds(&replacement)))
}

/// What stands between a statement and the one that is now before it, given what stood above it. None where that is a
/// comment right below the one that was before it.
fn separator(gap: &str, is_unchanged: bool, is_alike: bool) -> Option<&str> {
    if is_unchanged {
        return Some(gap);
    }
    let is_blank = |line: &str| line.trim().is_empty();
    if !is_blank(gap) {
        return gap.split('\n').nth(1).is_some_and(is_blank).then_some(gap);
    }
    Some(if is_alike && gap.matches('\n').count() == 1 { "\n" } else { "\n\n" })
}
