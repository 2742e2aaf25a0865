//! `protolint breaking`.

use std::time::Instant;

use super::args::BreakingArgs;
use super::print::{configuration_notes, evidence_wanted, is_drawn, note, print, render, status, took, unusable};
use super::progress::Progress;
use super::{CLEAN, FINDINGS, settings};
use crate::error::Error;
use crate::finding::{Layer, Severity};
use crate::fix::{differences, write_texts};
use crate::project::base::{Base, FoundBase};
use crate::project::sides::Sides;
use crate::report::{Report, summary};
use crate::run::Policy;
use crate::run::suppress::accepted_file::{AcceptRequest, AcceptedFile};
use crate::run::suppress::may_be_accepted;

/// Compares, reports, and says how it ended.
pub(super) fn run(args: &BreakingArgs) -> Result<u8, Error> {
    let (start, output) = (Instant::now(), &args.output);
    let mut settings = settings::of_breaking(args);
    if let Err(report) = settings::configure(&mut settings, &args.config) {
        return unusable(output, &report);
    }
    let policy = settings.policy()?.with_evidence(evidence_wanted(output));
    configuration_notes(output, &settings);
    let request = accept_request(args)?;
    let accepted = match AcceptedFile::read(&mut settings) {
        Ok(accepted) => accepted,
        Err(report) => return unusable(output, &report),
    };
    settings.check_includes()?;
    let mut base = match Base::find(&settings)? {
        FoundBase::Base(base) => *base,
        FoundBase::Nothing(why) if request.is_some() => {
            return Err(Error::new(format!("{why}: there is no change to accept")));
        }
        FoundBase::Nothing(why) => {
            render(output, &Report::default())?;
            note(output, &format!("{why}: nothing to compare with\n"));
            return Ok(CLEAN);
        }
    };
    let progress = Progress::new(output.quiet);
    let mut sides = Sides::open(&settings, &mut base, &|| progress.advance())?;
    progress.finish();
    if let Some(request) = request {
        let done = accepted.accept(&request, &base, &sides.compare(&policy.with_evidence(0)))?;
        return if output.quiet { Ok(CLEAN) } else { print(&done).map(|()| CLEAN) };
    }
    let compare = |sides: &Sides, base: &Base| {
        let mut report = sides.compare(&policy);
        let suppressed = accepted.apply(&settings, &policy, base, &mut report);
        (report, suppressed)
    };
    let (mut report, mut suppressed) = compare(&sides, &base);
    if args.fix.fix || args.fix.diff {
        let reserved = sides.reserve(&report);
        let texts = &reserved.texts;
        let (fixed, files) = (summary::counted(reserved.fixed, "finding"), summary::counted(texts.len(), "file"));
        if args.fix.diff {
            print(&differences(texts))?;
            note(output, &format!("--fix would reserve what is missing: {fixed} in {files}\n"));
            return Ok(if texts.is_empty() { CLEAN } else { FINDINGS });
        }
        if !texts.is_empty() {
            write_texts(texts, false)?;
            note(output, &format!("reserved what was missing: {fixed} in {files}\n"));
            sides = sides.with_texts(texts, &mut base)?;
            (report, suppressed) = compare(&sides, &base);
        }
    }
    let summary = summary_line(args, &policy, (&sides, &base), &report, start);
    let status = tell(args, &sides, &report, &format!("{suppressed}{summary}"))?;
    // The process is about to end: giving back so much memory piece by piece would only take time.
    std::mem::forget((sides, report));
    Ok(status)
}

/// What is to be accepted, if anything.
fn accept_request(args: &BreakingArgs) -> Result<Option<AcceptRequest>, Error> {
    if args.accept.is_empty() {
        return Ok(None);
    }
    let reason = args.reason.as_deref().unwrap_or_default();
    AcceptRequest::new(&args.accept, reason, args.until.as_deref(), args.by.clone()).map(Some)
}

/// Prints what was found, and says how it ended.
fn tell(args: &BreakingArgs, sides: &Sides, report: &Report, last_lines: &str) -> Result<u8, Error> {
    render(&args.output, report)?;
    if sides.target_files() == 0 && sides.base_files() == 0 {
        return Err(Error::new("there is no .proto file on either side").help("name the directory of the schemas"));
    }
    note(&args.output, last_lines);
    if is_drawn(&args.output) && report.findings.iter().any(may_be_accepted) {
        note(&args.output, "to accept a change: protolint breaking --accept FINGERPRINT --reason TEXT\n");
    }
    Ok(status(&report.findings, args.output.fail_on))
}

/// `compared 214 files with 3f2c1a9 (merge base of HEAD and main) for wire, json, grpc in 40 ms: 2 breaking`.
fn summary_line(
    args: &BreakingArgs,
    policy: &Policy,
    (sides, base): (&Sides, &Base),
    report: &Report,
    start: Instant,
) -> String {
    let (names, _) = policy.summary();
    let layers = |layers: &[Layer]| layers.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(", ");
    let chosen = match policy.layers() {
        Some(chosen) if names.is_empty() => format!("for {}", layers(&chosen)),
        Some(chosen) => format!("for {} by {names}", layers(&chosen)),
        None => format!("by {names}"),
    };
    let lacks = match (sides.base_files(), args.paths.is_empty()) {
        (0, true) => ", which has no .proto file,",
        (0, false) => ", which has no .proto file there,",
        _ => "",
    };
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let (breaking, errors): (Vec<_>, Vec<_>) = errors.partition(|finding| finding.change.is_some());
    let (breaking, errors) = (breaking.len(), errors.len());
    let mut verdict = format!("{} breaking", summary::grouped(breaking));
    for (count, noun) in [(errors, "error"), (report.findings.len() - breaking - errors, "warning")] {
        if count > 0 {
            verdict.push_str(&format!(", {}", summary::counted(count, noun)));
        }
    }
    format!(
        "compared {} with {}{lacks} {chosen} in {}: {verdict}{}\n",
        summary::counted(sides.target_files(), "file"),
        base.described(),
        took(start.elapsed()),
        summary::fixable(&report.findings),
    )
}
