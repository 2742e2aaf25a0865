//! `protolint breaking`.

mod accepted;
pub(super) mod baseline;
mod fix;
mod sections;
pub(super) mod sides;

use std::io::IsTerminal;
use std::time::Instant;

use self::accepted::Job;
use self::baseline::{Against, Baseline, Wanted};
use self::fix::Outcome;
use self::sections::Run;
use self::sides::Sides;
use super::progress::Progress;
use super::report::{evidence_wanted, is_drawn, note, render, status, unusable};
use super::setup::{self, Selection, SetupError};
use super::{CLEAN, Failure, summary};
use crate::cli::BreakingArgs;
use crate::config::Config;
use crate::finding::{Finding, Layer, Severity};
use crate::run;
use crate::source::Sources;

/// Compares, reports, and says how it ended.
pub(super) fn run(args: &BreakingArgs) -> Result<u8, Failure> {
    compare(args, args.fix.fix || args.fix.diff)
}

/// The same; where something is to be mended that is done first, and then compared again.
fn compare(args: &BreakingArgs, mends: bool) -> Result<u8, Failure> {
    let start = Instant::now();
    let mut sources = Sources::new();
    let above = setup::start_of(&args.paths, None);
    let config = match setup::configuration(&args.config, &above, &mut sources) {
        Ok(config) => config,
        Err(SetupError::Failure(failure)) => return Err(failure),
        Err(SetupError::Findings(findings)) => return unusable(&args.output, &sources, findings),
    };
    let selection = setup::breaking_selection(&args.config, &config)?;
    setup::tell_notes(&args.output, &config, &sources);
    let request = accepted::Request::of(args)?;
    let accepted = match accepted::read(&config, &above, &mut sources) {
        Ok(accepted) => accepted,
        Err(findings) => return unusable(&args.output, &sources, findings),
    };
    let layers = sections::layers(Some(args), &config.breaking);
    setup::check_includes(&args.includes)?;
    let wanted = Wanted::from(args);
    let mut baseline = match baseline::find(&wanted, &config)? {
        Against::Baseline(baseline) => baseline,
        Against::Nothing(why) if request.is_some() => {
            return Err(Failure::new(format!("{why}: there is no change to accept")));
        }
        Against::Nothing(why) => {
            render(&args.output, &sources, &[])?;
            note(&args.output, &format!("{why}: nothing to compare with\n"));
            return Ok(CLEAN);
        }
    };
    let sides = load(args, &wanted, &config, &mut baseline, &mut sources)?;
    let job = Job { args, config: &config, selection: &selection, baseline: &baseline };
    let run = Run { args: Some(args), config: &config, selection: &selection, sources: &sources };
    let evidence = if request.is_some() || mends { 0 } else { evidence_wanted(&args.output) };
    let mut findings = run.findings(&sides, baseline.tip.as_ref().map(|tip| tip.name.as_str()), evidence);
    if let Some(request) = request {
        return accepted.accept(&request, &job, &findings, &mut sources);
    }
    let silenced = accepted.silence(&job, &mut findings, &sources);
    run::sort(&mut findings, &sources);
    if mends {
        match fix::run(args, &findings, &sides.after, &sources)? {
            Outcome::Written | Outcome::Nothing => return compare(args, false),
            Outcome::Shown(status) => return Ok(status),
        }
    }
    let lacks = match (sides.before.targets, args.paths.is_empty()) {
        (0, true) => ", which has no .proto file,",
        (0, false) => ", which has no .proto file there,",
        _ => "",
    };
    let summary = Summary { baseline: &baseline, lacks, files: sides.after.targets, selection: &selection, layers };
    let line = || format!("{silenced}{}", summary.line(&findings, start));
    let status = tell(args, &sides, &findings, &sources, line)?;
    // The process is about to end: giving back so much memory piece by piece would only take time.
    std::mem::forget((sides, sources));
    Ok(status)
}

/// Reads both sides, all of them where what changed reaches files that did not.
fn load(
    args: &BreakingArgs,
    wanted: &Wanted,
    config: &Config,
    baseline: &mut Baseline,
    sources: &mut Sources,
) -> Result<Sides, Failure> {
    let progress = Progress::new(args.output.quiet || !std::io::stderr().is_terminal());
    let mut sides = Sides::load(wanted, config, baseline, sources, &|| progress.advance())?;
    if sides.changes_other_files() && !baseline.unchanged.is_empty() {
        baseline.unchanged.clear();
        sides = Sides::load(wanted, config, baseline, sources, &|| progress.advance())?;
    }
    progress.finish();
    baseline.unread.check()?;
    Ok(sides)
}

/// Tells what was found, and says how it ended.
fn tell(
    args: &BreakingArgs,
    sides: &Sides,
    findings: &[Finding],
    sources: &Sources,
    last_lines: impl FnOnce() -> String,
) -> Result<u8, Failure> {
    render(&args.output, sources, findings)?;
    if args.output.statistics {
        note(&args.output, &summary::statistics(findings));
    }
    if sides.after.targets == 0 && sides.before.targets == 0 {
        return Err(Failure::new("there is no .proto file on either side").help("name the directory of the schemas"));
    }
    note(&args.output, &last_lines());
    if is_drawn(&args.output) {
        accepted::hint(args, findings);
    }
    Ok(status(findings, args.output.fail_on))
}

/// The changes that the configuration asks about, without evidence.
pub(super) fn changes(
    wanted: &Wanted,
    config: &Config,
    selection: &Selection,
    baseline: &Baseline,
    sources: &mut Sources,
) -> Result<Vec<Finding>, Failure> {
    let sides = Sides::load(wanted, config, baseline, sources, &|| ())?;
    baseline.unread.check()?;
    let run = Run { args: None, config, selection, sources };
    Ok(run.findings(&sides, None, 0))
}

/// The last line of a run.
struct Summary<'a> {
    baseline: &'a Baseline,
    /// What the baseline lacks for a comparison.
    lacks: &'static str,
    files: usize,
    selection: &'a Selection,
    layers: Option<Vec<Layer>>,
}

impl Summary<'_> {
    /// `compared 214 files with 3f2c1a9 (merge base of HEAD and main) for wire, json, grpc in 40 ms: 2 breaking`.
    fn line(&self, findings: &[Finding], start: Instant) -> String {
        let (names, _) = self.selection.summary();
        let layers = |layers: &[Layer]| layers.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(", ");
        let chosen = match &self.layers {
            Some(chosen) if names.is_empty() => format!("for {}", layers(chosen)),
            Some(chosen) => format!("for {} by {names}", layers(chosen)),
            None => format!("by {names}"),
        };
        let is_breaking = |finding: &&Finding| finding.change.is_some() && finding.severity == Severity::Error;
        let breaking = findings.iter().filter(is_breaking).count();
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count() - breaking;
        let warnings = findings.len() - breaking - errors;
        let mut verdict = format!("{} breaking", summary::grouped(breaking));
        for (count, noun) in [(errors, "error"), (warnings, "warning")] {
            if count > 0 {
                verdict.push_str(&format!(", {}", summary::counted(count, noun)));
            }
        }
        format!(
            "compared {} with {}{} {chosen} in {}: {verdict}{}\n",
            summary::counted(self.files, "file"),
            self.baseline.described,
            self.lacks,
            summary::took(start.elapsed()),
            summary::mendable(findings),
        )
    }
}
