//! What a run found, and how it is written: one report in one of several formats, each a file of its own. It decides
//! nothing about findings: they come sorted and deduplicated, and leave in that order.

pub(crate) mod changelog;
mod checkstyle;
mod concise;
pub(crate) mod deprecated_list;
mod escape;
pub(crate) mod examples;
mod explain;
mod github;
mod gitlab;
mod go_tool;
pub(crate) mod history;
mod human;
mod json;
mod junit;
mod locate;
mod markdown;
mod page;
pub(crate) mod paint;
pub(crate) mod payload;
mod repeated;
pub(crate) mod rule_list;
pub(crate) mod rule_page;
mod sarif;
pub(crate) mod summary;
pub(crate) mod wrap;
mod xml;

use std::io::{BufWriter, Write};

pub(crate) use explain::{STAND_IN, places};
pub(crate) use go_tool::GoReporter;

use rayon::prelude::*;

use crate::finding::{Finding, Severity, order};
use crate::rules;
use crate::source::Sources;

/// What a run found.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// What was found, sorted by path, place, rule and message; nothing is there twice.
    pub findings: Vec<Finding>,
    /// The texts that the findings' places are in.
    pub sources: Sources,
    /// How many files findings were wanted on, those that cannot be read included.
    pub files: usize,
    /// What reading by a second parser came to, where [`Settings::self_check`](crate::Settings::self_check) asks for it.
    pub self_check: Option<SelfCheck>,
}

/// How many files were read by a second parser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SelfCheck {
    /// Those that both parsers took.
    pub by_both: usize,
    /// Those that only this one takes: editions, and what the other lacks of protoc's language.
    pub by_ours: usize,
}

impl Report {
    /// A report of findings that are sorted already.
    pub(crate) fn new(findings: Vec<Finding>, sources: Sources) -> Report {
        Report { findings, sources, files: 0, self_check: None }
    }

    /// A report of findings in any order.
    pub(crate) fn sorted(mut findings: Vec<Finding>, sources: Sources) -> Report {
        order::sort(&mut findings, &sources);
        Report::new(findings, sources)
    }

    /// Joins what many files share: an import that is not found is one finding, which names the first files and how many
    /// there are.
    pub fn join_repeated(&mut self) {
        repeated::join(&mut self.findings);
    }

    /// How the report is written unless more is known of where it goes: in ASCII without colors, 100 columns wide, with at
    /// most 100 snippets of the source.
    pub fn rendering(&self) -> Rendering<'_> {
        let Report { sources, findings, .. } = self;
        Rendering { sources, findings, max_snippets: 100, color: false, unicode: false, width: 100, rules: rule_text }
    }
}

/// The page of a rule, for formats that explain rules.
fn rule_text(id: &'static str) -> Option<RuleText> {
    let rule = rules::rule_of(id)?;
    let page = &rule.page;
    let (summary, groups, severity) = (page.summary, page.groups().collect(), page.severity);
    Some(RuleText { summary, groups, severity, page: page.body(), url: rule.url() })
}

/// Findings on their way into a format, and how much room there is to show them.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    /// The texts that the findings' places are in.
    pub sources: &'a Sources,
    /// What was found, sorted and deduplicated.
    pub findings: &'a [Finding],
    /// How many findings [`Format::Human`] draws at most; it sums up the rest in a line. Other formats write all of them.
    pub max_snippets: usize,
    /// Whether [`Format::Human`] may use colors.
    pub color: bool,
    /// Whether [`Format::Human`] may use line-drawing characters beyond ASCII.
    pub unicode: bool,
    /// The columns [`Format::Human`] may fill before it wraps text and cuts source lines.
    pub width: usize,
    /// What there is to say of a rule, by its id, for formats that explain rules.
    pub rules: fn(&'static str) -> Option<RuleText>,
}

/// What there is to say of a rule, whatever it finds.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// What the rule asks for, in one line.
    pub summary: &'static str,
    /// The names of the groups it is in.
    pub groups: Vec<&'static str>,
    /// How much its findings matter unless configured otherwise.
    pub severity: Severity,
    /// Its page, Markdown: a heading, paragraphs, then sections.
    pub page: &'static str,
    /// The address of the page on the web, where it has one.
    pub url: Option<String>,
}

/// A way to write a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Snippets of the source for people at a terminal.
    Human,
    /// One line a finding, for editors and `grep`.
    Concise,
    /// One JSON object a line, for programs.
    Json,
    /// Workflow commands that GitHub Actions turns into annotations of a pull request.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Results of tests, for CI systems.
    Junit,
    /// Code quality of GitLab's merge requests.
    Gitlab,
    /// What Checkstyle writes, for review bots.
    Checkstyle,
    /// A summary for a page of a CI system.
    Markdown,
}

impl Format {
    /// All formats, in the order help texts list them.
    pub const ALL: [Format; 9] = [
        Format::Human,
        Format::Concise,
        Format::Json,
        Format::Github,
        Format::Sarif,
        Format::Junit,
        Format::Gitlab,
        Format::Checkstyle,
        Format::Markdown,
    ];

    /// The names of [`Format::ALL`], in that order.
    pub const NAMES: [&'static str; 9] =
        ["human", "concise", "json", "github", "sarif", "junit", "gitlab", "checkstyle", "markdown"];

    /// The word users choose the format by.
    pub fn name(self) -> &'static str {
        Format::NAMES[self as usize]
    }

    /// The format of that name, if there is one; case matters.
    pub fn find(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether it shows the payloads that prove what a change breaks.
    pub fn shows_evidence(self) -> bool {
        !matches!(self, Format::Concise | Format::Gitlab | Format::Checkstyle)
    }
}

/// Writes a report to `out`, through a buffer that is flushed at the end.
///
/// Lines end in LF. Paths, messages and source lines may come from hostile schemas, so no control or bidirectional
/// formatting character of theirs reaches `out` as it is, nothing of theirs is an order to a CI system that reads the
/// output as a log, and nothing breaks out of the format.
///
/// ```
/// use protolint::{Format, Project, Rules, render};
///
/// let project = Project::in_memory([("a/v1/user.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n")]);
/// let mut out = Vec::new();
/// render(Format::Concise, &project.lint(&Rules::default()), &mut out)?;
/// assert!(out.starts_with(b"a/v1/user.proto:3:9: error MESSAGE_PASCAL_CASE"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Only those of `out`.
pub fn render(format: Format, report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    report.rendering().write(format, out)
}

impl Rendering<'_> {
    /// Writes the findings as [`render`] does.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> std::io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        match format {
            Format::Human => human::write(self, &mut out)?,
            Format::Concise => by_finding(self, &mut out, concise::write)?,
            Format::Json => by_finding(self, &mut out, json::write)?,
            Format::Github => github::write(self, &mut out)?,
            Format::Sarif => sarif::write(self, &mut out)?,
            Format::Junit => junit::write(self, &mut out)?,
            Format::Gitlab => gitlab::write(self, &mut out)?,
            Format::Checkstyle => checkstyle::write(self, &mut out)?,
            Format::Markdown => markdown::write(self, &mut out)?,
        }
        out.flush()
    }
}

/// How many findings one task writes.
const OF_A_TASK: usize = 2048;

/// Writes formats in which each finding stands for itself: some at a time, on all cores, in their order.
fn by_finding(
    report: &Rendering<'_>,
    out: &mut impl Write,
    write: fn(&Rendering<'_>, &mut Vec<u8>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let written = |findings: &[Finding]| {
        let mut text = Vec::with_capacity(findings.len() * 128);
        write(&Rendering { findings, ..*report }, &mut text).map(|()| text)
    };
    for findings in report.findings.chunks(OF_A_TASK * rayon::current_num_threads()) {
        let texts: Vec<_> = findings.par_chunks(OF_A_TASK).map(written).collect::<std::io::Result<_>>()?;
        texts.iter().try_for_each(|text| out.write_all(text))?;
    }
    Ok(())
}

/// A text that prints with every control and bidirectional formatting character as `\u{…}`, line ends included; for what
/// else the tool writes to a terminal.
pub(crate) fn escape(text: &str) -> impl std::fmt::Display + '_ {
    escape::Visible(text)
}
