//! Tells findings in the formats asked for, and says how a run ended.

mod destination;

use std::io::{IsTerminal, Write};
use std::path::Path;

use self::destination::{Destination, destinations};
use super::{CLEAN, FAILED, FINDINGS, Failure, forgive_closed_pipe, summary};
use crate::cli::{ColorArg, FailOn, OutputArgs};
use crate::finding::{Finding, Severity};
use crate::project::path;
use crate::project::replace::replace;
use crate::report::{self, Format, Report, RuleText};
use crate::rules;
use crate::rules::compile::INPUT_UNREADABLE;
use crate::run;
use crate::source::{self, Sources};

/// Whether all formats asked for are known and go somewhere of their own; what takes time comes after.
pub(super) fn ready(args: &OutputArgs) -> Result<(), Failure> {
    destinations(args).map(drop)
}

/// Writes findings wherever they are wanted. Where one of the reports cannot be written, the others still are.
pub(super) fn render(args: &OutputArgs, sources: &Sources, findings: &[Finding]) -> Result<(), Failure> {
    let write = |destination| write_one(&destination, args, sources, findings);
    let written: Vec<Result<(), Failure>> = destinations(args)?.into_iter().map(write).collect();
    written.into_iter().collect()
}

fn write_one(to: &Destination, args: &OutputArgs, sources: &Sources, findings: &[Finding]) -> Result<(), Failure> {
    let on_terminal = to.file.is_none() && std::io::stdout().is_terminal();
    let color = match args.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => on_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let max_snippets = args.max_findings;
    let report = Report { sources, findings, max_snippets, color, width: width(), rules: rule_text };
    match &to.file {
        None => forgive_closed_pipe(report::render(to.format, &report, &mut std::io::stdout().lock())),
        Some(file) => to_file(file, |out| report::render(to.format, &report, out)),
    }
}

/// How many findings are told in a way that has room for evidence.
pub(super) fn evidence_wanted(args: &OutputArgs) -> usize {
    let wanted = |to: Destination| match to.format {
        Format::Human => args.max_findings,
        format if format.shows_evidence() => usize::MAX,
        _ => 0,
    };
    destinations(args).into_iter().flatten().map(wanted).max().unwrap_or_default()
}

/// Whether findings are drawn for people who look at them now.
pub(super) fn is_drawn(args: &OutputArgs) -> bool {
    let is_drawn = |to: Destination| to.format == Format::Human && to.file.is_none();
    destinations(args).into_iter().flatten().any(is_drawn)
}

/// The page of a rule, for formats that explain rules.
pub(super) fn rule_text(id: &str) -> Option<RuleText> {
    let page = &rules::find(id)?.page;
    Some(RuleText {
        summary: page.summary,
        groups: page.groups().collect(),
        severity: page.severity,
        page: page.body(),
    })
}

/// The columns of the terminal, or what most have.
fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}

/// Puts a report in the place of a file. The file that collects a step's summary on GitHub keeps what other commands of
/// the step wrote to it.
fn to_file(file: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let is_summary = std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|summary| summary == file.as_os_str());
    let written = replace(file, |out| {
        if is_summary && file.is_file() {
            out.write_all(&std::fs::read(file)?)?;
        }
        write(out)
    });
    written.map_err(|error| {
        let shown = path::shown(file);
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.exists());
        match parent.map(path::shown) {
            Some(parent) => Failure::new(format!("`{shown}` cannot be written: there is no directory `{parent}`"))
                .help(format!("mkdir -p {parent}")),
            None => Failure::new(format!("`{shown}` cannot be written: {}", source::reason(&error))),
        }
    })
}

/// Says something on stderr unless asked to be quiet. Where even that fails there is nobody to tell.
pub(super) fn note(args: &OutputArgs, text: &str) {
    if !args.quiet {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Tells what is wrong with the configuration.
pub(super) fn unusable(args: &OutputArgs, sources: &Sources, mut findings: Vec<Finding>) -> Result<u8, Failure> {
    run::sort(&mut findings, sources);
    render(args, sources, &findings)?;
    note(args, &format!("the configuration cannot be used: {}\n", summary::verdict(&findings)));
    Ok(FAILED)
}

/// The exit status of a run with these findings.
pub(super) fn status(findings: &[Finding], fail_on: FailOn) -> u8 {
    let is_unread = |finding: &Finding| finding.rule == INPUT_UNREADABLE.id && finding.severity == Severity::Error;
    if findings.iter().any(is_unread) {
        return FAILED;
    }
    let fails = |finding: &Finding| match fail_on {
        FailOn::Never => false,
        FailOn::Warning => true,
        FailOn::Error => finding.severity == Severity::Error,
    };
    if findings.iter().any(fails) { FINDINGS } else { CLEAN }
}
