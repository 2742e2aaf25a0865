//! Whether imports are sorted, block by block.

use crate::finding::Edit;
use crate::format::order::{blocks, first_unsorted, sorted};
use crate::rules::Cx;
use crate::schema::{File, ImportKind, Part};
use crate::source::Place;

pub(super) fn import_sorted(file: File<'_>, cx: &mut Cx<'_>) {
    let is_sorted = || file.imports().is_sorted_by_key(|import| (import.kind() == ImportKind::Option, import.path()));
    if file.imports().len() < 2 || is_sorted() {
        return;
    }
    let (text, tree) = (cx.text(file), cx.tree(file));
    for block in blocks(&tree) {
        let Some(at) = first_unsorted(&block) else { continue };
        let low = &block[at];
        let Some(import) = file.imports().find(|import| import.span() == low.statement.span) else { continue };
        let later = block[..at].iter().find(|other| other.rank() > low.rank()).map_or("", |other| &other.path);
        let message = format!("import `{}` should be above `{later}`", low.path);
        let report =
            cx.report(import, Part::Declaration, message).help("sort the imports of each block that has no blank line");
        if let Some((span, text)) = sorted(text, &block) {
            report.fix(|place| vec![Edit { place: Place { file: place.file, span }, text }]);
        }
    }
}
