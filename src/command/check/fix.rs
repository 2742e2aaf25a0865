//! `protolint check --fix` and `--diff`: mends in memory, then writes the texts or shows how they differ, and tells what
//! is left.

use std::path::PathBuf;
use std::time::Instant;

use rustc_hash::FxHashMap;

use super::mend::Mending;
use super::{Found, Run};
use crate::command::report::note;
use crate::command::{CLEAN, FINDINGS, Failure, print, summary};
use crate::fix;
use crate::input::replace::replace;
use crate::input::view::{Edited, View};
use crate::input::{self, path};
use crate::source::FileId;

/// Mends what may be mended, writes or shows that, and tells what is left.
pub(super) fn run(run: &Run<'_>, first: &Found, start: Instant) -> Result<u8, Failure> {
    let mut mending = Mending::new(run, first);
    while mending.pass()? {}
    let texts = texts(first, mending.edited());
    let mended = first.findings.len() - mending.found().findings.len();
    let count = format!("{} in {}", summary::counted(mended, "finding"), summary::counted(texts.len(), "file"));
    let refused = mending.refused();
    if run.args.fix.diff {
        texts.iter().try_for_each(|text| print(&fix::unified(text.shown, text.old, text.new)))?;
        note(&run.args.output, &format!("{refused}--fix would mend {count}\n"));
        return Ok(if texts.is_empty() { CLEAN } else { FINDINGS });
    }
    if run.stdin.is_some() {
        print(texts.first().map_or_else(|| run.stdin_text(first), |text| text.new))?;
        note(&run.args.output, &format!("{refused}mended {count}\n"));
        return Ok(CLEAN);
    }
    write(run, &texts)?;
    note(&run.args.output, &format!("{refused}mended {count}\n"));
    run.tell(mending.found(), start)
}

/// A file whose text changes.
struct Text<'a> {
    path: &'a PathBuf,
    shown: &'a str,
    old: &'a str,
    new: &'a str,
}

/// The texts that changed, sorted by the path they are shown by.
fn texts<'a>(first: &'a Found, edited: &'a Edited) -> Vec<Text<'a>> {
    let files: FxHashMap<&PathBuf, FileId> = first
        .sources
        .iter()
        .map(|(file, _)| file)
        .zip(&first.loaded.absolute)
        .map(|(file, path)| (path, file))
        .collect();
    let mut texts: Vec<Text<'a>> = Vec::new();
    for (path, new) in edited {
        let source = first.sources.get(files[path]);
        if source.text() != new {
            texts.push(Text { path, shown: source.path(), old: source.text(), new });
        }
    }
    texts.sort_by_key(|text| text.shown);
    texts
}

/// Writes each text in the place of the old one. A file that is not what was read any more is left alone; where a name
/// changes in several files, all of them are.
fn write(run: &Run<'_>, texts: &[Text<'_>]) -> Result<(), Failure> {
    let is_as_read = |text: &&Text<'_>| View::default().read(text.path).is_ok_and(|now| now == text.old);
    let (as_read, changed): (Vec<&Text<'_>>, Vec<&Text<'_>>) = texts.iter().partition(is_as_read);
    let names: Vec<String> = changed.iter().map(|text| format!("`{}`", text.shown)).collect();
    let why = format!("{} changed since it was read", names.join(", "));
    if run.args.fix.unsafe_too && !changed.is_empty() {
        return Err(Failure::new(why).help("nothing was written; run it again"));
    }
    for text in as_read {
        let written = replace(text.path, |out| out.write_all(text.new.as_bytes()));
        written.map_err(|error| {
            let shown = path::shown_from_here(text.path);
            Failure::new(format!("`{shown}` cannot be written: {}", input::reason(&error)))
        })?;
    }
    if changed.is_empty() { Ok(()) } else { Err(Failure::new(why).help("it was left alone; run it again")) }
}
