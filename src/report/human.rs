//! The human format: snippets of the source with what matters underlined, for a person who has to fix it now. It uses
//! nothing of rules beyond what a finding says.

mod change;
mod drawing;
mod excerpt;

use std::collections::HashSet;
use std::io::{self, Write};

use self::drawing::Pen;
use self::excerpt::{Excerpt, Mark, clusters};
use super::escape::Visible;
use super::locate::Locator;
use super::summary::counted;
use super::wrap::{BOUND, wrap};
use super::{Rendering, explain};
use crate::finding::Finding;
use crate::source::{FileId, Place};

/// Terminals narrower than this get lines of this many columns: less would be unreadable.
const LEAST_WIDTH: usize = 30;

/// Labels of one finding beyond these are counted, not drawn.
const MAX_LABELS: usize = 8;

/// Writes the first findings with their snippets, a blank line between them, then a line about the rest.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let width = report.width.max(LEAST_WIDTH);
    let mut locator = Locator::new(report.sources);
    // The page of a rule is named at its first finding.
    let mut documented = HashSet::new();
    let (drawn, rest) = report.findings.split_at(report.max_snippets.min(report.findings.len()));
    for (index, finding) in drawn.iter().enumerate() {
        if index > 0 {
            out.write_all(b"\n")?;
        }
        let pen = Pen::new(finding.severity, report.color, report.unicode);
        write_heading(finding, &pen, width, out)?;
        let gutter = write_snippets(finding, report, &pen, width, &mut locator, out)?;
        let page = if documented.insert(finding.rule) { (report.rules)(finding.rule) } else { None };
        write_end(finding, gutter, page.and_then(|page| page.url), &pen, width, out)?;
    }
    if !drawn.is_empty() && !rest.is_empty() {
        out.write_all(b"\n")?;
    }
    write_rest(drawn.len(), rest, width, out)
}

/// Severity, rule, message and whether it can be fixed, wrapped.
fn write_heading(finding: &Finding, pen: &Pen, width: usize, out: &mut impl Write) -> io::Result<()> {
    let severity = finding.severity.name();
    let used = severity.len() + finding.rule.len() + "[]: ".len();
    let message = Visible(&finding.message).to_string();
    let message = match explain::fixable(finding) {
        Some(mark) => format!("{message} {}", pen.quiet(mark.replace(' ', &BOUND.to_string()))),
        None => message,
    };
    let message = wrap(&message, width, used, 4);
    writeln!(out, "{}: {}", pen.loud(format_args!("{severity}[{}]", finding.rule)), message)
}

/// The source around the finding's place and labels, or the places alone where there is no text; the width of the line
/// numbers, or none if nothing was drawn.
fn write_snippets(
    finding: &Finding,
    report: &Rendering<'_>,
    pen: &Pen,
    width: usize,
    locator: &mut Locator<'_>,
    out: &mut impl Write,
) -> io::Result<Option<usize>> {
    let places = places(finding);
    let marks: Vec<Mark<'_>> =
        places.iter().filter_map(|&(place, label)| Mark::new(report.sources, place, label)).collect();
    let gutter = marks.iter().map(|mark| digits(mark.line + 2)).max().unwrap_or(1);
    let room = width.saturating_sub(gutter + drawing::MARGIN);

    let mut any = false;
    if let Some(place) = finding.place.filter(|place| place.span.is_none()) {
        let path = Visible(&report.sources.get(place.file).title()).to_string();
        writeln!(out, "{}", pen.head(gutter, &path, true))?;
        any = true;
    }
    let is_bare = |(place, _): &&(Place, _)| !place.span.is_none() && !report.sources.get(place.file).has_text();
    for &(place, label) in places.iter().filter(is_bare) {
        let name = Visible(&locator.title(place)).to_string();
        writeln!(out, "{}", pen.head(gutter, &name, !any))?;
        if let Some(label) = label {
            writeln!(out, "{}", pen.note(gutter, &Visible(label).to_string()))?;
        }
        any = true;
    }
    for cluster in clusters(marks, report.sources, room) {
        let mark = cluster.iter().find(|mark| mark.is_primary()).unwrap_or(&cluster[0]);
        let at = locator.locate(mark.place);
        let title = report.sources.get(mark.place.file).title();
        let name = format!("{}:{}:{}", Visible(&title), at.start.line, at.start.column);
        let excerpt = Excerpt::new(report.sources, &cluster, room, pen.ellipsis());
        writeln!(out, "{}", pen.head(gutter, &name, !any))?;
        pen.draw(&excerpt, gutter, out)?;
        any = true;
    }
    let left_out = finding.labels.len().saturating_sub(MAX_LABELS);
    if left_out > 0 {
        writeln!(out, "{}", pen.note(gutter, &format!("and {}", counted(left_out, "more place"))))?;
    }
    Ok(any.then_some(gutter))
}

/// What to underline for a finding: its own place and those of its first labels, each with what the label says.
fn places(finding: &Finding) -> Vec<(Place, Option<&str>)> {
    let own = finding.place.map(|place| (place, None));
    let labels = finding.labels.iter().take(MAX_LABELS).map(|label| {
        let text = if label.text.is_empty() { "here" } else { &label.text };
        (label.place, Some(text))
    });
    let before = finding.change.as_ref().and_then(|change| change.before);
    let before = before.filter(|before| finding.place != Some(*before)).map(|place| (place, Some("before")));
    own.into_iter().chain(before).chain(labels).collect()
}

/// What a change breaks, the help and the address of the rule's page, closing the box if there is one.
fn write_end(
    finding: &Finding,
    gutter: Option<usize>,
    page: Option<String>,
    pen: &Pen,
    width: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let corner = gutter.map_or(" ".to_owned(), |gutter| pen.corner(gutter));
    let indent = corner.chars().count() + 1;
    let mut lines: Vec<String> = Vec::new();
    if let Some(change) = &finding.change {
        for (line, further) in change::lines(change, &finding.fingerprint()) {
            lines.push(wrap(&line, width, indent, indent + further));
        }
    }
    let help = finding.help.as_deref().filter(|help| !help.is_empty());
    for (index, line) in help.into_iter().flat_map(str::lines).enumerate() {
        let used = indent + "help: ".len();
        let line = wrap(&Visible(line).to_string(), width, used, used);
        let head = if index == 0 { pen.quiet("help:") } else { " ".repeat("help:".len()) };
        lines.push(format!("{head} {line}"));
    }
    lines.extend(page.map(|url| format!("{} {url}", pen.quiet("docs:"))));
    if lines.is_empty() && gutter.is_some() {
        return writeln!(out, "{corner}");
    }
    for (index, line) in lines.iter().enumerate() {
        match index {
            0 => writeln!(out, "{corner} {line}")?,
            _ => writeln!(out, "{:indent$}{line}", "")?,
        }
    }
    Ok(())
}

/// How many findings were not drawn, and how to see them.
fn write_rest(drawn: usize, rest: &[Finding], width: usize, out: &mut impl Write) -> io::Result<()> {
    if rest.is_empty() {
        return Ok(());
    }
    let files: HashSet<FileId> = rest.iter().filter_map(|finding| Some(finding.place?.file)).collect();
    let what = counted(rest.len(), if drawn > 0 { "more finding" } else { "finding" });
    let wherein = if files.is_empty() { String::new() } else { format!(" in {}", counted(files.len(), "file")) };
    let total = drawn + rest.len();
    let line = format!("{what}{wherein} not shown: see all with `--format concise` or `--max-findings {total}`");
    writeln!(out, "{}", wrap(&line, width, 0, 4))
}

/// The digits of a number.
fn digits(number: usize) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}
