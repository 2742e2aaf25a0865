//! Prints reports in the formats asked for, and says how a run ended.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::args::{ColorArg, FailOn, OutputArgs};
use super::destination::{Destination, destinations};
use super::terminal::Terminal;
use super::{CLEAN, FAILED, FINDINGS};
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::project::base::Base;
use crate::project::load::LeftOut;
use crate::project::path;
use crate::project::replace::replace;
use crate::project::settings::Settings;
use crate::report::paint::Paint;
use crate::report::{Format, GoReporter, Rendering, Report, summary, wrap};
use crate::rules::compile::INPUT_UNREADABLE;
use crate::source;

/// Whether all formats asked for are known and go somewhere of their own; what takes time comes after.
pub(super) fn ready(args: &OutputArgs) -> Result<(), Error> {
    destinations(args).map(drop)
}

/// Writes a report wherever it is wanted, and how many findings each rule has where that is. Where one of the places
/// cannot be written to, the others still are.
pub(super) fn render(args: &OutputArgs, report: &Report) -> Result<(), Error> {
    if statistics_only(args) {
        write_of_go_tool(args, report).into_iter().collect::<Result<(), _>>()?;
        return print(&summary::statistics(&report.findings));
    }
    write_all(args, report)?;
    if args.statistics {
        say(&summary::statistics(&report.findings));
    }
    Ok(())
}

/// Whether numbers are wanted instead of findings.
fn statistics_only(args: &OutputArgs) -> bool {
    args.quiet && args.statistics && args.formats.is_empty() && args.output.is_none()
}

fn write_all(args: &OutputArgs, report: &Report) -> Result<(), Error> {
    write_to(&destinations(args)?, args, report)?;
    let is_one_screen = Terminal::stdout(args.color).is_terminal && Terminal::stderr(args.color).is_terminal;
    if is_one_screen && is_drawn(args) && !report.findings.is_empty() {
        note(args, "\n");
    }
    Ok(())
}

fn write_to(destinations: &[Destination], args: &OutputArgs, report: &Report) -> Result<(), Error> {
    let mut written: Vec<_> = destinations.iter().map(|to| write_one(to, args, report)).collect();
    written.extend(write_of_go_tool(args, report));
    written.into_iter().collect()
}

fn write_of_go_tool(args: &OutputArgs, report: &Report) -> Vec<Result<(), Error>> {
    args.go_reports.iter().map(|(reporter, file)| write_as_go_tool(*reporter, file.as_deref(), report)).collect()
}

fn write_as_go_tool(reporter: GoReporter, file: Option<&Path>, report: &Report) -> Result<(), Error> {
    let (rendering, basedir) = (report.rendering(), path::shown(&path::absolute(Path::new("."))));
    match file {
        None => forgive_closed_pipe(reporter.write(&rendering, &basedir, &mut std::io::stderr().lock())),
        Some(file) => to_file(file, |out| reporter.write(&rendering, &basedir, out)),
    }
}

fn write_one(to: &Destination, args: &OutputArgs, report: &Report) -> Result<(), Error> {
    let place = if to.file.is_none() { Terminal::stdout(args.color) } else { Terminal::file(args.color) };
    let Terminal { color, unicode, width, .. } = place;
    let rendering = Rendering { max_snippets: args.max_findings, color, unicode, width, ..report.rendering() };
    match &to.file {
        None => forgive_closed_pipe(rendering.write(to.format, &mut std::io::stdout().lock())),
        Some(file) => to_file(file, |out| rendering.write(to.format, out)),
    }
}

/// How many findings are shown in a form that has room for evidence.
pub(super) fn evidence_wanted(args: &OutputArgs) -> usize {
    if statistics_only(args) {
        return 0;
    }
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

/// Puts a report in the place of a file. The file that collects a step's summary on GitHub keeps what other commands of
/// the step wrote to it.
pub(super) fn to_file(file: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Error> {
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
            Some(parent) => Error::new(format!("`{shown}` cannot be written: there is no directory `{parent}`"))
                .help(format!("mkdir -p {parent}")),
            None => Error::new(format!("`{shown}` cannot be written: {}", source::reason(&error))),
        }
    })
}

/// Says something on stderr unless asked to be quiet, in lines that fit a terminal.
pub(super) fn note(args: &OutputArgs, text: &str) {
    if args.quiet {
        return;
    }
    say_to(args.color, text);
}

/// Says something on stderr, in lines that fit a terminal.
pub(super) fn say_to(color: ColorArg, text: &str) {
    let terminal = Terminal::stderr(color);
    say(&wrap::fit(text, if terminal.is_terminal { terminal.width } else { usize::MAX }));
}

/// Says something on stderr. Where even that fails nothing can be reported.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// The colours of notes.
pub(super) fn paint(args: &OutputArgs) -> Paint {
    Terminal::stderr(args.color).paint()
}

/// Prints what in the configuration has no effect here.
pub(super) fn configuration_notes(args: &OutputArgs, settings: &Settings) {
    for found in &settings.config.notes {
        let file = settings.sources().get(found.place.file);
        let position = file.position(found.place.span.start);
        note(args, &format!("{}:{}:{}: note: {}\n", file.path(), position.line, position.column, found.text));
    }
}

/// Prints what is to be said of the choice of a base.
pub(super) fn base_notes(args: &OutputArgs, base: &Base) {
    for text in base.notes() {
        note(args, &format!("note: {text}\n"));
    }
}

/// How many paths are named that are left out.
const NAMED_PATHS: usize = 3;

/// Says which paths were given and are not looked at; empty where there are none.
pub(super) fn left_out<'l>(settings: &Settings, paths: impl Iterator<Item = &'l LeftOut>) -> String {
    let (included, outside): (Vec<&LeftOut>, Vec<&LeftOut>) = paths.partition(|path| path.is_included);
    let config = settings.config.source.map_or("the configuration", |source| settings.sources().get(source).path());
    let is_of_buf = config.ends_with("buf.yaml") || config.ends_with("buf.work.yaml");
    let roots = if is_of_buf { "modules" } else { "roots" };
    let line = |paths: &[&LeftOut], why: &str| {
        let mut names: Vec<String> = paths.iter().take(NAMED_PATHS).map(|left| format!("`{}`", left.path)).collect();
        if paths.len() > NAMED_PATHS {
            names.push(format!("{} more", summary::grouped(paths.len() - NAMED_PATHS)));
        }
        if paths.is_empty() { String::new() } else { format!("note: not checked, {why}: {}\n", names.join(", ")) }
    };
    let outside = line(&outside, &format!("outside of all {roots} in {config}"));
    outside + &line(&included, "in a directory that only supplies imports (`includes`, `-I`)")
}

/// A line that names the built-in files which were used, for want of others.
pub(super) fn built_in(names: &BTreeSet<&str>) -> String {
    if names.is_empty() {
        return String::new();
    }
    let mut shown: Vec<String> = names.iter().take(NAMED_PATHS).map(|name| (*name).to_owned()).collect();
    if names.len() > NAMED_PATHS {
        shown.push(format!("{} more", summary::grouped(names.len() - NAMED_PATHS)));
    }
    format!("note: using the built-in {}; pass `-I DIR` to use others\n", shown.join(", "))
}

/// Reports what is wrong with the configuration: as findings in files and in the formats that programs read from stdout,
/// and otherwise on stderr, for people. Where people read findings, these are about schemas.
pub(super) fn unusable(args: &OutputArgs, report: &Report) -> Result<u8, Error> {
    let is_for_people = |to: &Destination| to.file.is_none() && matches!(to.format, Format::Human | Format::Concise);
    let others: Vec<Destination> = destinations(args)?.into_iter().filter(|to| !is_for_people(to)).collect();
    write_to(&others, args, report)?;
    let is_shown = others.iter().any(|to| to.file.is_none()) || args.go_reports.iter().any(|(_, file)| file.is_none());
    if !is_shown {
        draw(report, args.color, args.max_findings);
        note(args, gap(args.color));
    }
    note(args, &format!("invalid configuration: {}\n", summary::verdict(&report.findings, paint(args))));
    Ok(FAILED)
}

/// Draws what is wrong with a configuration on stderr, for a command that prints no findings.
pub(super) fn invalid(report: &Report, color: ColorArg) -> u8 {
    draw(report, color, usize::MAX);
    let (gap, verdict) = (gap(color), summary::verdict(&report.findings, Terminal::stderr(color).paint()));
    let _ = std::io::stderr().lock().write_all(format!("{gap}invalid configuration: {verdict}\n").as_bytes());
    FAILED
}

/// Draws what could not be read, resolved or compared on stderr; the exit status for that, where nothing else fails.
pub(super) fn draw_faults(report: &Report, color: ColorArg) -> u8 {
    draw(report, color, usize::MAX);
    let _ = std::io::stderr().lock().write_all(gap(color).as_bytes());
    if status(&report.findings, FailOn::Never) == FAILED { FAILED } else { CLEAN }
}

/// What stands between findings on stderr and the last line: an empty line on a terminal.
fn gap(color: ColorArg) -> &'static str {
    if Terminal::stderr(color).is_terminal { "\n" } else { "" }
}

/// Draws findings on stderr. An error there cannot be reported.
fn draw(report: &Report, color: ColorArg, max_snippets: usize) {
    let Terminal { color, unicode, width, .. } = Terminal::stderr(color);
    let rendering = Rendering { max_snippets, color, unicode, width, ..report.rendering() };
    let _ = rendering.write(Format::Human, &mut std::io::stderr().lock());
}

/// The exit status of a run with these findings.
pub(super) fn status<'f>(findings: impl IntoIterator<Item = &'f Finding>, fail_on: FailOn) -> u8 {
    let is_unread = |finding: &&Finding| finding.rule == INPUT_UNREADABLE.id && finding.severity == Severity::Error;
    let findings: Vec<&Finding> = findings.into_iter().collect();
    if findings.iter().any(is_unread) {
        return FAILED;
    }
    let fails = |finding: &&Finding| match fail_on {
        FailOn::Never => false,
        FailOn::Warning => true,
        FailOn::Error => finding.severity == Severity::Error,
    };
    if findings.iter().any(fails) { FINDINGS } else { CLEAN }
}

/// Writes to stdout; a reader that has gone away ends the output, not the run.
pub(super) fn print(text: &str) -> Result<(), Error> {
    to_stdout(|out| out.write_all(text.as_bytes()))
}

/// The same for what writes itself.
pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Error> {
    forgive_closed_pipe(write(&mut std::io::stdout().lock()))
}

fn forgive_closed_pipe(result: std::io::Result<()>) -> Result<(), Error> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(format!("the output cannot be written: {}", source::reason(&error))))
        }
        _ => Ok(()),
    }
}
