//! The GitLab format: the JSON that a job of GitLab CI hands over as `artifacts: reports: codequality`
//! (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>). It does not depend on the source's
//! text.

use std::io::{self, Write};

use serde::Serialize;

use super::Rendering;
use super::escape::Visible;
use super::explain::{Names, STAND_IN, one_line};
use super::json::write_guarded;
use super::locate::Locator;
use crate::finding::{Finding, Severity};

/// One finding. Lines count from 1.
#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    /// GitLab compares reports by it, and drops findings that share one.
    fingerprint: String,
    severity: &'static str,
    location: IssueLocation<'a>,
}

#[derive(Serialize)]
struct IssueLocation<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes one array, an element a line. Errors are `major`, warnings `minor`.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(report.sources);
    let mut names = Names::default();
    out.write_all(b"[")?;
    for (index, finding) in report.findings.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        write_guarded(&issue(finding, &mut names, &mut locator), out)?;
    }
    out.write_all(b"\n]\n")
}

fn issue<'a>(finding: &'a Finding, names: &mut Names, locator: &mut Locator<'a>) -> Issue<'a> {
    let location = match finding.place.map(|place| locator.locate(place)) {
        Some(at) => IssueLocation { path: at.path, lines: Lines { begin: at.start.line, end: at.last_line() } },
        None => IssueLocation { path: STAND_IN, lines: Lines { begin: 1, end: 1 } },
    };
    Issue {
        description: Visible(&one_line(finding)).to_string(),
        check_name: finding.rule,
        fingerprint: names.next(finding),
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
        },
        location,
    }
}
