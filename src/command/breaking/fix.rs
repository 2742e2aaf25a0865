//! `protolint breaking --fix` and `--diff`: reserves what was deleted, as the findings propose.

use crate::cli::BreakingArgs;
use crate::command::report::note;
use crate::command::texts::{self, Text};
use crate::command::{CLEAN, FINDINGS, Failure, print, summary};
use crate::finding::{Finding, Fix};
use crate::fix::Changes;
use crate::project::load::Loaded;
use crate::schema;
use crate::source::{SourceFile, Sources};

/// What became of the fixes.
pub(super) enum Outcome {
    /// The files are not what they were.
    Written,
    /// There was nothing to write.
    Nothing,
    /// The differences were shown; the status to end with.
    Shown(u8),
}

/// Writes or shows what the findings propose for files on disk.
pub(super) fn run(
    args: &BreakingArgs,
    findings: &[Finding],
    after: &Loaded,
    sources: &Sources,
) -> Result<Outcome, Failure> {
    let (texts, count) = mended(findings, after, sources);
    let count = format!("{} in {}", summary::counted(count, "finding"), summary::counted(texts.len(), "file"));
    if args.fix.diff {
        print(&texts::differences(&texts))?;
        note(&args.output, &format!("--fix would reserve what is missing: {count}\n"));
        return Ok(Outcome::Shown(if texts.is_empty() { CLEAN } else { FINDINGS }));
    }
    if texts.is_empty() {
        return Ok(Outcome::Nothing);
    }
    texts::write(&texts, false)?;
    note(&args.output, &format!("reserved what was missing: {count}\n"));
    Ok(Outcome::Written)
}

/// The texts with the fixes of the findings made, and how many findings that mends.
fn mended(findings: &[Finding], after: &Loaded, sources: &Sources) -> (Vec<Text>, usize) {
    let is_on_disk = |finding: &&Finding| {
        let file = finding.place.map(|place| place.file);
        let path = file.and_then(|file| after.absolute.get(file.index()));
        file.is_some_and(|file| sources.get(file).revision().is_none()) && path.is_some_and(|path| path.is_file())
    };
    let (mut changes, mut count) = (Changes::default(), 0);
    for finding in findings.iter().filter(is_on_disk) {
        if let Some(Fix::Edits(edits)) = finding.fix.as_deref() {
            count += usize::from(changes.add(edits));
        }
    }
    let mut texts = Vec::new();
    for (file, new) in changes.texts(sources) {
        let old = sources.get(file);
        let parses = schema::parse(&SourceFile::new(old.path().to_owned(), new.clone())).0.is_some();
        if parses {
            let path = after.absolute[file.index()].clone();
            texts.push(Text { path, shown: old.path().to_owned(), old: old.text().to_owned(), new });
        }
    }
    (texts, count)
}
