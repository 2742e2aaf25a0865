//! The GitHub format: workflow commands on standard output that a runner of GitHub Actions turns into annotations
//! (<https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>). It knows nothing of the
//! source's text.

use std::fmt;
use std::io::{self, Write};

use super::Report;
use super::escape::{is_unsafe, write_replaced};
use super::locate::{Location, Locator};
use crate::finding::Change;

/// Writes `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=RULE::message` for each finding, the help on a
/// further line of its annotation.
pub(super) fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(report.sources);
    for finding in report.findings {
        write!(out, "::{} ", finding.severity.name())?;
        if let Some(place) = finding.place {
            write_location(&locator.locate(place), out)?;
        }
        write!(out, "title={}::{}", Property(finding.rule), Data(&finding.message))?;
        if let Some(change) = &finding.change {
            write_change(change, out)?;
        }
        if let Some(help) = &finding.help {
            write!(out, "%0A{}", Data(help))?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// What a change breaks, and the payloads that prove it, on further lines of the annotation.
fn write_change(change: &Change, out: &mut impl Write) -> io::Result<()> {
    if !change.verdict.is_empty() {
        write!(out, "%0Abreaks {}", Data(&change.verdict.to_string()))?;
    }
    for evidence in &change.evidence {
        let (written, payload, read) = (Data(&evidence.written), Data(&evidence.payload), Data(&evidence.read));
        write!(out, "%0A{}: {written} as {payload}%0A{}: {read}", evidence.writer(), evidence.reader())?;
    }
    Ok(())
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
    // A range that ends with a line feed does not reach into the next line.
    let last_line = if end.column == 1 { end.line - 1 } else { end.line };
    write!(out, "endLine={last_line},")
}

/// A command's text, escaped the way the runner undoes
/// (`_escapeDataMappings` in <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>).
struct Data<'a>(&'a str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_replaced(f, self.0, |c| c == '%' || is_unsafe(c), write_escape)
    }
}

/// The value of a command's property, which must also hide what ends it (`_escapePropertyMappings` of the same file).
struct Property<'a>(&'a str);

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_replaced(f, self.0, |c| matches!(c, '%' | ':' | ',') || is_unsafe(c), write_escape)
    }
}

fn write_escape(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    match character {
        '%' | ':' | ',' | '\r' | '\n' => write!(f, "%{:02X}", u32::from(character)),
        _ => write!(f, "{}", character.escape_unicode()),
    }
}
