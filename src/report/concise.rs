//! The concise format: one line a finding, in the shape that editors and CI systems recognize. It does not depend on
//! the source's text.

use std::io::{self, Write};

use super::Rendering;
use super::escape::Visible;
use super::explain;
use super::locate::Locator;

/// Writes `path:line:column: severity RULE message` for each finding, without the place if it has none. Releases that a
/// change breaks, other places, the fingerprint of a change, and the help follow in the same line, each after a semicolon.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(report.sources);
    for finding in report.findings {
        if let Some(place) = finding.place {
            let (path, at) = locator.start(place);
            write!(out, "{}:{}:{}: ", Visible(path), at.line, at.column)?;
        }
        let severity = finding.severity.name();
        write!(out, "{severity} {} {}", finding.rule, Visible(&finding.message))?;
        for text in finding.change.iter().flat_map(|change| change.shown_by()) {
            write!(out, "; {}", Visible(&text))?;
        }
        for line in explain::place_lines(finding, &mut locator) {
            write!(out, "; {}", Visible(&line))?;
        }
        if let Some(fingerprint) = explain::fingerprint(finding) {
            write!(out, "; fingerprint {fingerprint}")?;
        }
        for (index, line) in explain::help(finding).enumerate() {
            write!(out, "{}{}", if index == 0 { "; help: " } else { " " }, Visible(line))?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
