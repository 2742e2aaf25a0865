//! `protolint check --fix` and `--diff`: writes the texts that fixes make or shows how they differ, and reports what is
//! left.

use super::check::Run;
use super::print::{note, print};
use super::{CLEAN, FINDINGS};
use crate::error::Error;
use crate::fix::{FixSession, Skipped, differences, write_texts};
use crate::project::Project;
use crate::report::{Report, escape, summary};

/// Applies fixes, writes or shows that, and reports what is left.
pub(super) fn run(run: &Run<'_>, project: &Project, report: Report) -> Result<u8, Error> {
    let (args, is_stdin) = (run.args, run.settings.stdin.is_some());
    let session = FixSession::of_report(project, run.rules, report);
    let may_rename = args.fix.rename_published || is_stdin;
    let session = if may_rename { session } else { session.held_to_base(run.settings) };
    let fixes = if args.fix.unsafe_too { session.with_renames()? } else { session.safe()? };
    let texts = &fixes.texts;
    let count = format!("{} in {}", summary::counted(fixes.fixed, "finding"), summary::counted(texts.len(), "file"));
    let skipped: String = fixes.skipped.iter().map(line).collect();
    if args.fix.diff {
        print(&differences(texts))?;
        note(&args.output, &format!("{skipped}--fix would fix {count}\n"));
        return Ok(if texts.is_empty() { CLEAN } else { FINDINGS });
    }
    if is_stdin {
        print(texts.first().map_or_else(|| project.stdin_text(), |text| &text.new))?;
        note(&args.output, &format!("{skipped}fixed {count}\n"));
        return Ok(CLEAN);
    }
    write_texts(texts, args.fix.unsafe_too)?;
    note(&args.output, &format!("{skipped}fixed {count}\n"));
    run.finish(fixes.project, fixes.report, None)
}

fn line(skipped: &Skipped) -> String {
    format!("skipped: {}\n", escape(&format!("{}: {}", skipped.finding, skipped.reason)))
}
