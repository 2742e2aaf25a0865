//! Tells findings in the format asked for, and says how a run ended.

use std::io::{IsTerminal, Write};
use std::path::Path;

use super::{CLEAN, FAILED, FINDINGS, Failure, forgive_closed_pipe, summary};
use crate::cli::{ColorArg, FailOn, FormatArg, OutputArgs};
use crate::engine;
use crate::finding::{Finding, Severity};
use crate::input::replace::replace;
use crate::input::{self, path};
use crate::output::{self, Format, Report};
use crate::rules::compile::INPUT_UNREADABLE;
use crate::source::Sources;

/// Writes findings where they are wanted.
pub(super) fn render(args: &OutputArgs, sources: &Sources, findings: &[Finding]) -> Result<(), Failure> {
    let on_terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let format = match args.format {
        Some(FormatArg::Human) => Format::Human,
        Some(FormatArg::Concise) => Format::Concise,
        Some(FormatArg::Json) => Format::Json,
        Some(FormatArg::Github) => Format::Github,
        None if on_terminal => Format::Human,
        None => Format::Concise,
    };
    let color = match args.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => on_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let report = Report { sources, findings, max_snippets: args.max_findings, color, width: width() };
    match &args.output {
        None => forgive_closed_pipe(output::render(format, &report, &mut std::io::stdout().lock())),
        Some(file) => to_file(file, |out| output::render(format, &report, out)),
    }
}

/// The columns of the terminal, or what most have.
fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}

fn to_file(file: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    replace(file, write)
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {}", path::shown(file), input::reason(&error))))
}

/// Says something on stderr unless asked to be quiet. Where even that fails there is nobody to tell.
pub(super) fn note(args: &OutputArgs, text: &str) {
    if !args.quiet {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Tells what is wrong with the configuration.
pub(super) fn unusable(args: &OutputArgs, sources: &Sources, mut findings: Vec<Finding>) -> Result<u8, Failure> {
    engine::sort(&mut findings, sources);
    render(args, sources, &findings)?;
    note(args, &format!("the configuration cannot be used: {}\n", summary::verdict(&findings)));
    Ok(FAILED)
}

/// The exit status of a run with these findings.
pub(super) fn status(findings: &[Finding], fail_on: FailOn) -> u8 {
    if findings.iter().any(|finding| finding.rule == INPUT_UNREADABLE.id) {
        return FAILED;
    }
    let fails = |finding: &Finding| match fail_on {
        FailOn::Never => false,
        FailOn::Warning => true,
        FailOn::Error => finding.severity == Severity::Error,
    };
    if findings.iter().any(fails) { FINDINGS } else { CLEAN }
}
