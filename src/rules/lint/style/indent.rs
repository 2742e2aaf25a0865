//! Whether statements are indented by their nesting. Lines that continue a statement, comments and the values of
//! options are not checked, but move along where their statement moves.

use super::walk::{Run, runs};
use crate::finding::Edit;
use crate::format::Unit;
use crate::rules::Cx;
use crate::schema::{File, Part};
use crate::source::{Place, Span};

/// One finding for each run of wrong lines, and one for a file that is indented by another unit throughout: a finding
/// for each of its lines would say the same hundreds of times.
pub(super) fn indent(file: File<'_>, cx: &mut Cx<'_>) {
    let unit = Unit::new(cx.settings.indent, cx.settings.tab_width);
    for run in runs(&cx.tree(file), &unit) {
        let (message, help) = (message(&run, &unit), help(&run, &unit));
        cx.report(file, Part::Exactly(run.token), message).help(help).fix(|place| edits(run, place));
    }
}

fn message(run: &Run<'_>, unit: &Unit) -> String {
    if let Some(found) = run.unit.filter(|_| run.is_throughout) {
        return format!(
            "file should be indented by {} for each level, not by {}",
            spoken(&unit.white(1)),
            spoken(found)
        );
    }
    match (run.level, run.white) {
        (0, _) => "line should not be indented".to_owned(),
        (level, "") => format!("line should be indented by {}", spoken(&unit.white(level))),
        (level, white) => {
            format!("line should be indented by {}, not by {}", spoken(&unit.white(level)), spoken(white))
        }
    }
}

fn help(run: &Run<'_>, unit: &Unit) -> String {
    let level = format!("indent each level by {}", spoken(&unit.white(1)));
    match run.more {
        more if run.is_throughout => format!("indent {} lines", more + 1),
        0 => level,
        1 => format!("{level}; the line below is wrong as well"),
        more => format!("{level}; the {more} lines below are wrong as well"),
    }
}

/// White space in words.
fn spoken(white: &str) -> String {
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if white.bytes().all(|byte| byte == b' ') {
        plural(white.len(), "space")
    } else if white.bytes().all(|byte| byte == b'\t') {
        plural(white.len(), "tab")
    } else {
        "a mix of white space".to_owned()
    }
}

fn edits(run: Run<'_>, place: Place) -> Vec<Edit> {
    let mut edits: Vec<(Span, String)> = run.edits;
    edits.sort_unstable_by_key(|(span, _)| *span);
    edits.into_iter().map(|(span, text)| Edit { place: Place { file: place.file, span }, text }).collect()
}
