//! Whether statements are indented by their nesting. Lines that continue a statement, comments and the values of options
//! are nobody's business, but move along where their statement moves.

mod walk;
mod white;

use crate::finding::Edit;
use crate::rules::Cx;
use crate::rules::settings::Indent;
use crate::schema::{File, Part};
use crate::source::{Place, Span};
use walk::{Run, runs};
use white::Unit;

/// One finding for each run of wrong lines: a file that is indented otherwise throughout would have hundreds, of which
/// the first of each declaration says all.
pub(super) fn indent(file: File<'_>, cx: &mut Cx<'_>) {
    let unit = Unit::new(cx.settings.indent, cx.settings.tab_width);
    for run in runs(cx.text(file), &unit) {
        let help = match run.more {
            0 => format!("a level is indented by {}", spoken(&unit.white(1))),
            1 => format!("a level is indented by {}; the line below is wrong too", spoken(&unit.white(1))),
            more => {
                format!("a level is indented by {}; the {more} lines below are wrong too", spoken(&unit.white(1)))
            }
        };
        let message = message(&run, &unit);
        cx.report(file, Part::Exactly(run.token), message).help(help).fix(|place| edits(run, place));
    }
}

fn message(run: &Run<'_>, unit: &Unit) -> String {
    match (run.level, run.white) {
        (0, _) => "line should not be indented".to_owned(),
        (level, "") => format!("line should be indented by {}", spoken(&unit.white(level))),
        (level, white) => {
            format!("line should be indented by {}, not by {}", spoken(&unit.white(level)), spoken(white))
        }
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

impl Unit {
    fn new(indent: Indent, tab_width: usize) -> Unit {
        match indent {
            Indent::Spaces(count) => Unit { text: " ".repeat(usize::from(count)), tab_width },
            Indent::Tab => Unit { text: "\t".to_owned(), tab_width },
        }
    }
}
