//! What a run prints: one report in one of several formats, each a file of its own. It decides nothing about findings:
//! they come sorted and deduplicated, and leave in that order.

mod concise;
mod escape;
mod github;
mod human;
mod json;
mod locate;

use std::io::{BufWriter, Write};

use crate::finding::Finding;
use crate::source::Sources;

/// What a run found, and how much room there is to show it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The texts that the findings' places are in.
    pub sources: &'a Sources,
    /// What was found, sorted and deduplicated.
    pub findings: &'a [Finding],
    /// How many findings [`Format::Human`] draws at most; it sums up the rest in a line. Other formats write all of them.
    pub max_snippets: usize,
    /// Whether [`Format::Human`] may use colors, and line-drawing characters beyond ASCII with them.
    pub color: bool,
    /// The columns [`Format::Human`] may fill before it wraps text and cuts source lines.
    pub width: usize,
}

/// A way to write a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Snippets of the source for people at a terminal.
    Human,
    /// One line a finding, for editors and `grep`.
    Concise,
    /// One JSON object a line, for programs.
    Json,
    /// Workflow commands that GitHub Actions turns into annotations of a pull request.
    Github,
}

impl Format {
    /// All formats, in the order help texts list them.
    pub const ALL: [Format; 4] = [Format::Human, Format::Concise, Format::Json, Format::Github];

    /// The names of [`Format::ALL`], in that order.
    pub const NAMES: [&'static str; 4] = ["human", "concise", "json", "github"];

    /// The word users choose the format by.
    pub fn name(self) -> &'static str {
        Format::NAMES[self as usize]
    }

    /// The format of that name, if there is one; case matters.
    pub fn find(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Writes a report to `out`, through a buffer that is flushed at the end.
///
/// Lines end in LF. Paths, messages and source lines may come from hostile schemas, so no control or bidirectional
/// formatting character of theirs reaches `out` as it is.
///
/// # Errors
///
/// Only those of `out`.
pub fn render(format: Format, report: &Report<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match format {
        Format::Human => human::write(report, &mut out)?,
        Format::Concise => concise::write(report, &mut out)?,
        Format::Json => json::write(report, &mut out)?,
        Format::Github => github::write(report, &mut out)?,
    }
    out.flush()
}

/// A text that prints with every control and bidirectional formatting character as `\u{…}`, line ends included; for what
/// else the tool writes to a terminal.
pub(crate) fn escape(text: &str) -> impl std::fmt::Display + '_ {
    escape::Visible(text)
}
