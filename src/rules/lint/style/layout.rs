//! Whether the statements of a file come in the order of the style guide.

use super::statement::{Kind, Statement, statements, whole_lines, with_line_feeds};
use crate::finding::Edit;
use crate::rules::Cx;
use crate::schema::{File, Part};
use crate::source::{Place, Span};

pub(super) fn file_layout(file: File<'_>, cx: &mut Cx<'_>) {
    let (text, tree) = (cx.text(file), cx.tree(file));
    let statements = joined(text, statements(&tree));
    let highest = |at: usize| statements[..at].iter().map(|statement| statement.kind).max();
    let is_misplaced = misplaced(&statements);
    let Some(first) = is_misplaced.iter().position(|&misplaced| misplaced) else { return };
    let (Some(highest), kind) = (highest(first), statements[first].kind) else { return };
    let message = format!("{} should be above the {}", what(kind), above(highest));
    let report = cx
        .report(file, Part::Exactly(statements[first].span), message)
        .help("the order is: syntax or edition, package, imports, file options, and then the rest");
    // Where a statement with a fault ends is not certain.
    let is_whole = tree.faults().is_empty();
    if let Some((span, replacement)) = ordered(text, &statements, &is_misplaced).filter(|_| is_whole) {
        report.fix(|place| vec![Edit { place: Place { file: place.file, span }, text: replacement }]);
    }
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Syntax => "the syntax",
        Kind::Package => "the package",
        Kind::Import => "the import",
        Kind::Option => "the file option",
        Kind::Rest => "the declaration",
    }
}

fn above(kind: Kind) -> &'static str {
    match kind {
        Kind::Syntax => "syntax",
        Kind::Package => "package",
        Kind::Import => "imports",
        Kind::Option => "file options",
        Kind::Rest => "declarations",
    }
}

/// The statements without damaged and empty ones: a `;` more is part of the statement before it.
fn joined(text: &str, statements: Vec<Statement>) -> Vec<Statement> {
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
fn misplaced(statements: &[Statement]) -> Vec<bool> {
    let mut highest = Kind::Syntax;
    let check = |statement: &Statement| {
        let is_misplaced = statement.kind < highest;
        highest = highest.max(statement.kind);
        is_misplaced
    };
    statements.iter().map(check).collect()
}

/// The text from the first statement to the last that moves, in order. None where lines are shared, or where a comment
/// that stands by itself above a statement that moves could be about it or about what follows.
fn ordered(text: &str, statements: &[Statement], is_misplaced: &[bool]) -> Option<(Span, String)> {
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
