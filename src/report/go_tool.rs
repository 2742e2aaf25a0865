//! Reports in the shapes of the Go tool yoheimuta/protolint, version 0.58, for the plugins of editors and the pipelines
//! that read them. It does not depend on the source's text.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::escape::Visible;
use super::json::write_guarded;
use super::locate::Locator;
use super::{Format, Rendering};
use crate::finding::{Finding, Severity};

/// A reporter of that tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GoReporter {
    Plain,
    Json,
    Unix,
    Tsc,
    Sonar,
    Junit,
    Sarif,
    Ci,
    CiGithub,
    CiAzure,
    CiGitlab,
}

impl GoReporter {
    pub(crate) const ALL: [GoReporter; 11] = [
        GoReporter::Plain,
        GoReporter::Json,
        GoReporter::Unix,
        GoReporter::Tsc,
        GoReporter::Sonar,
        GoReporter::Junit,
        GoReporter::Sarif,
        GoReporter::Ci,
        GoReporter::CiGithub,
        GoReporter::CiAzure,
        GoReporter::CiGitlab,
    ];

    /// The word that stands for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            GoReporter::Plain => "plain",
            GoReporter::Json => "json",
            GoReporter::Unix => "unix",
            GoReporter::Tsc => "tsc",
            GoReporter::Sonar => "sonar",
            GoReporter::Junit => "junit",
            GoReporter::Sarif => "sarif",
            GoReporter::Ci => "ci",
            GoReporter::CiGithub => "ci-gh",
            GoReporter::CiAzure => "ci-az",
            GoReporter::CiGitlab => "ci-glab",
        }
    }

    /// The reporter of that name.
    pub(crate) fn find(name: &str) -> Option<GoReporter> {
        GoReporter::ALL.into_iter().find(|reporter| reporter.name() == name)
    }

    /// Writes a report; `basedir` is the directory that paths count from.
    pub(crate) fn write(self, report: &Rendering<'_>, basedir: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut out = BufWriter::new(out);
        match self {
            GoReporter::Junit => report.write(Format::Junit, &mut out)?,
            GoReporter::Sarif => report.write(Format::Sarif, &mut out)?,
            GoReporter::CiGithub => report.write(Format::Github, &mut out)?,
            GoReporter::Json => {
                let lints: Vec<Lint<'_>> = places(report).map(|(at, finding)| lint(&at, finding)).collect();
                let lints = (!lints.is_empty()).then_some(lints);
                write_guarded(&Lints { basedir, lints }, &mut out)?;
                out.write_all(b"\n")?;
            }
            GoReporter::Sonar => {
                let issues: Vec<Issue<'_>> = places(report).map(|(at, finding)| issue(&at, finding)).collect();
                write_guarded(&issues, &mut out)?;
                out.write_all(b"\n")?;
            }
            _ => places(report).try_for_each(|(at, finding)| self.write_line(&at, finding, &mut out))?,
        }
        out.flush()
    }

    fn write_line(self, at: &At, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let (path, line, column) = (Visible(&at.path), at.line, at.column);
        let (rule, severity, message) = (finding.rule, finding.severity.name(), Visible(&finding.message));
        match self {
            GoReporter::Unix => writeln!(out, "{path}:{line}:{column}: {message}"),
            GoReporter::Tsc => writeln!(out, "{path}({line},{column}): {severity} {rule}: '{message}'"),
            GoReporter::Ci => writeln!(out, "Protolint {rule} ({severity}): {path}[{line},{column}]: {message}"),
            GoReporter::CiGitlab => {
                writeln!(out, "{}: {rule}  {path}({line},{column}) : {message}", severity.to_uppercase())
            }
            GoReporter::CiAzure => {
                let path = path.to_string().replace(';', "%3B").replace(']', "%5D");
                let place = format!("sourcepath={path};linenumber={line};columnnumber={column};code={rule};");
                writeln!(out, "##vso[task.logissue type={severity};{place}]{message}")
            }
            _ => writeln!(out, "[{path}:{line}:{column}] {message}"),
        }
    }
}

/// Where a finding is; one that is in no text is at the start of the configuration.
struct At {
    path: String,
    line: u32,
    column: u32,
}

fn places<'r>(report: &'r Rendering<'_>) -> impl Iterator<Item = (At, &'r Finding)> {
    let mut locator = Locator::new(report.sources);
    report.findings.iter().map(move |finding| {
        let at = match finding.place.map(|place| locator.locate(place)) {
            Some(at) => At { path: at.path.to_owned(), line: at.start.line, column: at.start.column },
            None => At { path: super::explain::STAND_IN.to_owned(), line: 1, column: 1 },
        };
        (at, finding)
    })
}

#[derive(Serialize)]
struct Lints<'a> {
    basedir: &'a str,
    /// `null` where there is none.
    lints: Option<Vec<Lint<'a>>>,
}

#[derive(Serialize)]
struct Lint<'a> {
    filename: String,
    line: u32,
    column: u32,
    message: &'a str,
    rule: &'a str,
    severity: &'a str,
}

fn lint<'a>(at: &At, finding: &'a Finding) -> Lint<'a> {
    let (rule, severity) = (finding.rule, finding.severity.name());
    Lint { filename: at.path.clone(), line: at.line, column: at.column, message: &finding.message, rule, severity }
}

/// An issue as SonarQube imports it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    engine_id: &'static str,
    rule_id: &'a str,
    primary_location: IssuePlace<'a>,
    severity: &'static str,
    issue_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IssuePlace<'a> {
    message: &'a str,
    file_path: String,
    text_range: IssueRange,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IssueRange {
    start_line: u32,
    start_column: u32,
}

fn issue<'a>(at: &At, finding: &'a Finding) -> Issue<'a> {
    let severity = if finding.severity == Severity::Error { "MAJOR" } else { "MINOR" };
    let text_range = IssueRange { start_line: at.line, start_column: at.column };
    let primary_location = IssuePlace { message: &finding.message, file_path: at.path.clone(), text_range };
    Issue { engine_id: "protolint", rule_id: finding.rule, primary_location, severity, issue_type: "CODE_SMELL" }
}
