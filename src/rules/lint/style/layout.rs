//! Whether the statements of a file come in the order of the style guide.

use crate::finding::Edit;
use crate::format::order::{misplaced, ordered, sections};
use crate::format::statement::Kind;
use crate::rules::Cx;
use crate::schema::{File, Part};
use crate::source::Place;

pub(super) fn file_layout(file: File<'_>, cx: &mut Cx<'_>) {
    let tree = cx.tree(file);
    let statements = sections(&tree);
    let highest = |at: usize| statements[..at].iter().map(|statement| statement.kind).max();
    let is_misplaced = misplaced(&statements);
    let Some(first) = is_misplaced.iter().position(|&misplaced| misplaced) else { return };
    let (Some(highest), kind) = (highest(first), statements[first].kind) else { return };
    let message = format!("{} should be above the {}", what(kind), above(highest));
    let report = cx
        .report(file, Part::Exactly(statements[first].span), message)
        .help("the order is: syntax or edition, package, imports, file options, and then the rest");
    if let Some((span, text)) = ordered(&tree, &statements, &is_misplaced) {
        report.fix(|place| vec![Edit { place: Place { file: place.file, span }, text }]);
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
