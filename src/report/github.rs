//! The GitHub format: workflow commands on standard output that a runner of GitHub Actions turns into annotations
//! (<https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>), and plain lines of its log
//! for what there are no annotations left for. It does not depend on the source's text.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use super::Rendering;
use super::escape::{Visible, is_unsafe, opens_order, write_replaced};
use super::explain::{self, counted};
use super::locate::{Location, Locator};
use crate::finding::{Finding, Severity};

/// GitHub shows this many annotations of each severity for a step, and drops the others without a word
/// (<https://github.com/actions/toolkit/pull/734>).
const MAX_ANNOTATIONS: usize = 10;

/// The runner cuts an annotation's text there, in UTF-16 code units (`_maxIssueMessageLength` in
/// <https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs>).
const MAX_TEXT: usize = 4096;

/// Files beyond these are counted in the annotation about what is not annotated.
const MAX_FILES: usize = 20;

/// Writes `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=RULE::message` for the first findings, errors before
/// warnings, with what else they say on further lines of the annotation. Where there are too many, the last annotation
/// of their severity counts the rest, which follow as plain lines in a group of the log.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(report.sources);
    let (errors, warnings): (Vec<_>, Vec<_>) =
        report.findings.iter().partition(|finding| finding.severity == Severity::Error);
    let (errors, more_errors) = errors.split_at(annotated(errors.len()));
    let (warnings, more_warnings) = warnings.split_at(annotated(warnings.len()));
    let counts = [(more_errors.len(), "more error"), (more_warnings.len(), "more warning")];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun));
    let group = counts.collect::<Vec<_>>().join(", ");

    let mut cut = Vec::new();
    for (shown, more) in [(errors, more_errors), (warnings, more_warnings)] {
        for finding in shown {
            if !write_annotation(finding, &mut locator, out)? {
                cut.push(*finding);
            }
        }
        write_rest(report, more, &group, out)?;
    }
    let more: Vec<_> = more_errors.iter().chain(more_warnings).copied().collect();
    write_group(&group, &more, &mut locator, out)?;
    write_group("in full, since annotations are cut", &cut, &mut locator, out)
}

/// How many of so many findings of a severity become annotations of their own.
fn annotated(count: usize) -> usize {
    if count > MAX_ANNOTATIONS { MAX_ANNOTATIONS - 1 } else { count }
}

/// The annotation of one finding; whether the runner shows it whole.
fn write_annotation(finding: &Finding, locator: &mut Locator<'_>, out: &mut impl Write) -> io::Result<bool> {
    write!(out, "::{} ", finding.severity.name())?;
    if let Some(place) = finding.place {
        write_location(&locator.locate(place), out)?;
    }
    let mut text = Visible(&finding.message).to_string();
    for line in explain::lines(finding, locator) {
        text.push('\n');
        text.push_str(&Visible(&line).to_string());
    }
    writeln!(out, "title={}::{}", Property(finding.rule), Data(&text))?;
    Ok(text.encode_utf16().nth(MAX_TEXT).is_none())
}

/// The annotation that says how many findings of a severity have none, and where they are.
fn write_rest(report: &Rendering<'_>, more: &[&Finding], group: &str, out: &mut impl Write) -> io::Result<()> {
    let Some(severity) = more.first().map(|finding| finding.severity.name()) else { return Ok(()) };
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in more {
        let path = finding.place.map_or(explain::STAND_IN, |place| report.sources.get(place.file).path());
        *files.entry(path).or_default() += 1;
    }
    let mut text = format!("GitHub shows {MAX_ANNOTATIONS} of a step; its log has the rest, under `{group}`:");
    let mut most: Vec<(&str, usize)> = files.into_iter().collect();
    most.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    for (path, count) in most.iter().take(MAX_FILES) {
        text.push_str(&format!("\n{}: {count}", Visible(path)));
    }
    if most.len() > MAX_FILES {
        text.push_str(&format!("\nand {}", counted(most.len() - MAX_FILES, "more file")));
    }
    let title = counted(more.len(), &format!("more {severity}"));
    writeln!(out, "::{severity} title={}::{}", Property(&title), Data(&text))
}

/// Findings as plain lines, which the log shows folded under `title`. Nothing in them is taken for a command, since
/// [`Visible`] takes care of that.
fn write_group(title: &str, findings: &[&Finding], locator: &mut Locator<'_>, out: &mut impl Write) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "::group::{}", Data(title))?;
    for finding in findings {
        if let Some(place) = finding.place {
            write!(out, "{}: ", Visible(&locator.title(place)))?;
        }
        writeln!(out, "{} {} {}", finding.severity.name(), finding.rule, Visible(&finding.message))?;
        for line in explain::lines(finding, locator) {
            writeln!(out, "    {}", Visible(&line))?;
        }
    }
    out.write_all(b"::endgroup::\n")
}

/// The properties for a place. The runner drops both columns where `line` and `endLine` differ, so they are left out
/// there (`ValidateLinesAndColumns` in
/// <https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs>).
fn write_location(at: &Location<'_>, out: &mut impl Write) -> io::Result<()> {
    let (start, end) = (at.start, at.end);
    write!(out, "file={},line={},", Property(at.path), start.line)?;
    if start.line == end.line {
        return write!(out, "col={},endLine={},endColumn={},", start.column, end.line, end.column);
    }
    write!(out, "endLine={},", at.last_line())
}

/// A command's text, escaped the way the runner undoes
/// (`_escapeDataMappings` in <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>).
struct Data<'a>(&'a str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_special = |before: &str, c: char, _: &str| c == '%' || is_unsafe(c) || opens_order(before, c);
        write_replaced(f, self.0, is_special, write_escape)
    }
}

/// The value of a command's property, which must also hide what ends it (`_escapePropertyMappings` of the same file).
struct Property<'a>(&'a str);

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_special =
            |before: &str, c: char, _: &str| matches!(c, '%' | ':' | ',') || is_unsafe(c) || opens_order(before, c);
        write_replaced(f, self.0, is_special, write_escape)
    }
}

fn write_escape(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    match character {
        '%' | ':' | ',' | '\r' | '\n' => write!(f, "%{:02X}", u32::from(character)),
        _ => write!(f, "{}", character.escape_unicode()),
    }
}
