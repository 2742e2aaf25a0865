//! `protolint check --fix` and `--diff`: mends in memory, then writes the texts or shows how they differ, and tells what
//! is left.

use std::path::PathBuf;
use std::time::Instant;

use rustc_hash::FxHashMap;

use super::mend::Mending;
use super::{Found, Run};
use crate::command::report::note;
use crate::command::texts::{self, Text};
use crate::command::{CLEAN, FINDINGS, Failure, print, summary};
use crate::project::view::Edited;
use crate::source::SourceFile;

/// Mends what may be mended, writes or shows that, and tells what is left.
pub(super) fn run(run: &Run<'_>, first: Found, start: Instant) -> Result<u8, Failure> {
    let mut mending = Mending::new(run, &first);
    while mending.pass()? {}
    let texts = changed(&first, mending.edited());
    let mended = first.findings.len() - mending.found().findings.len();
    let count = format!("{} in {}", summary::counted(mended, "finding"), summary::counted(texts.len(), "file"));
    let (output, refused) = (&run.args.output, mending.refused());
    if run.args.fix.diff {
        print(&texts::differences(&texts))?;
        note(output, &format!("{refused}--fix would mend {count}\n"));
        return Ok(if texts.is_empty() { CLEAN } else { FINDINGS });
    }
    if run.stdin.is_some() {
        print(texts.first().map_or_else(|| run.stdin_text(&first), |text| &text.new))?;
        note(output, &format!("{refused}mended {count}\n"));
        return Ok(CLEAN);
    }
    texts::write(&texts, run.args.fix.unsafe_too)?;
    note(output, &format!("{refused}mended {count}\n"));
    let now = mending.into_found();
    run.tell(now.unwrap_or(first), None, start)
}

/// The texts that changed, sorted by the path they are shown by.
fn changed(first: &Found, edited: &Edited) -> Vec<Text> {
    let files = first.loaded.absolute.iter().zip(first.sources.iter().map(|(_, file)| file));
    let files: FxHashMap<&PathBuf, &SourceFile> = files.collect();
    let mut texts: Vec<Text> = Vec::new();
    for (path, new) in edited {
        let file = files[path];
        if file.text() != new {
            let (shown, old) = (file.path().to_owned(), file.text().to_owned());
            texts.push(Text { path: path.clone(), shown, old, new: new.clone() });
        }
    }
    texts.sort_by(|one, other| one.shown.cmp(&other.shown));
    texts
}
