//! How two texts differ, line by line: shown as `diff -u` and `git diff` do, or as edits.

use similar::{ChangeTag, TextDiff};

use crate::source::Span;

/// How many equal lines stand around a change.
const CONTEXT: usize = 3;

/// The differences from `old` to `new` under the path `path`, in unified format; empty where there are none.
pub(crate) fn unified(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    // A carriage return by itself ends no line of a patch.
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let diff = TextDiff::from_slices(&old, &new);
    let mut text = format!("--- a/{path}\n+++ b/{path}\n");
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        text.push_str(&format!("{}\n", hunk.header()));
        for change in hunk.iter_changes() {
            text.push(match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            });
            text.push_str(change.value());
            if !change.value().ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

/// What goes from `old` and what comes in its place, so that `new` results: ranges of whole lines, in order.
pub(crate) fn line_edits(old: &str, new: &str) -> Vec<(Span, String)> {
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let starts: Vec<usize> = std::iter::once(0)
        .chain(old.iter().scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        }))
        .collect();
    let diff = TextDiff::from_slices(&old, &new);
    let changed = diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    changed
        .map(|op| {
            let (gone, come) = (op.old_range(), op.new_range());
            (Span::of(starts[gone.start]..starts[gone.end]), new[come].concat())
        })
        .collect()
}
