//! Whether imports are sorted, block by block.

use super::statement::{Statement, statements, with_line_feeds};
use crate::finding::Edit;
use crate::rules::Cx;
use crate::schema::{File, Import, ImportKind, Part};
use crate::source::{Place, Span};

/// An import with its statement in the text.
type Line<'s> = (Import<'s>, Statement);

pub(super) fn import_sorted(file: File<'_>, cx: &mut Cx<'_>) {
    if file.imports().len() < 2 || file.imports().is_sorted_by_key(|import| rank(&import)) {
        return;
    }
    let text = cx.text(file);
    let mut block: Vec<Line<'_>> = Vec::new();
    let mut imports = file.imports().peekable();
    for statement in statements(&cx.tree(file)) {
        // A damaged one is no import of the file.
        let import = imports.next_if(|import| import.span() == statement.span);
        let goes_on = block.last().is_some_and(|(_, last)| follows(text, last, &statement));
        if import.is_none() || !goes_on {
            report(text, &std::mem::take(&mut block), cx);
        }
        block.extend(import.map(|import| (import, statement)));
    }
    report(text, &block, cx);
}

/// Where an import belongs among others: edition 2024 wants those of options after all others.
fn rank<'s>(import: &Import<'s>) -> (bool, &'s str) {
    (import.kind() == ImportKind::Option, import.path())
}

/// Whether no blank line and nothing else stands between two statements.
fn follows(text: &str, one: &Statement, other: &Statement) -> bool {
    let end = one.lines.unwrap_or(one.span).end;
    let start = other.lines.unwrap_or(other.span).start;
    let between = text.get(end as usize..start as usize).unwrap_or_default();
    between.trim().is_empty() && between.matches('\n').count() <= 1
}

fn report(text: &str, block: &[Line<'_>], cx: &mut Cx<'_>) {
    let Some(at) = (1..block.len()).find(|&at| rank(&block[at].0) < rank(&block[at - 1].0)) else { return };
    let import = block[at].0;
    let later = block[..at].iter().find(|(other, _)| rank(other) > rank(&import)).map_or("", |(other, _)| other.path());
    let message = format!("import `{}` should be above `{later}`", import.path());
    let report =
        cx.report(import, Part::Declaration, message).help("sort the imports of each block that has no blank line");
    if let Some(lines) = block.iter().map(|(_, statement)| statement.lines).collect::<Option<Vec<Span>>>() {
        report.fix(|place| vec![sorted(text, place, block, &lines)]);
    }
}

/// One edit for the whole block: each import with the comments above it and after it.
fn sorted(text: &str, place: Place, block: &[Line<'_>], lines: &[Span]) -> Edit {
    let mut order: Vec<usize> = (0..block.len()).collect();
    order.sort_by_key(|&at| rank(&block[at].0));
    let sorted: Vec<&str> = order.iter().map(|&at| lines[at].slice(text)).collect();
    let span = Span::new(lines[0].start, lines[lines.len() - 1].end);
    Edit { place: Place { file: place.file, span }, text: with_line_feeds(&sorted.join("\n")) }
}
