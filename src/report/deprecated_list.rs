//! The list of deprecated elements: for people, or as JSON for programs.

use std::fmt::Write;

use serde::Serialize;

use super::escape;
use super::paint::Paint;
use super::summary::counted;
use super::wrap::wrap;

/// A deprecated element, as JSON has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    /// `message`, `field`, `extension`, `enum`, `enum_value`, `service`, `rpc` or `file`.
    #[serde(serialize_with = "kind")]
    pub(crate) kind: &'static str,
    /// The full name; of a file its path below the import root.
    pub(crate) symbol: String,
    #[serde(flatten)]
    pub(crate) place: Place,
    /// The first release that has it as deprecated, up to now without a break; `null` where there is none.
    pub(crate) since: Option<Since>,
    pub(crate) reason: Option<String>,
    /// The full names of what replaces it, as far as the comment names it.
    pub(crate) replacements: Vec<String>,
    pub(crate) referrers: Vec<Referrer>,
    /// Whether it may be deleted by the policy and nothing that is not deprecated refers to it; `null` without a policy.
    pub(crate) may_go: Option<bool>,
    /// The first day, where that is still to come.
    pub(crate) may_go_from: Option<String>,
    /// The releases that are still missing.
    pub(crate) releases_left: Option<u32>,
    /// Whether the releases have it.
    #[serde(skip)]
    pub(crate) is_known: bool,
    /// When it may be deleted, in words that follow `may be`.
    #[serde(skip)]
    pub(crate) when: Option<String>,
}

/// Since when something is deprecated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Since {
    pub(crate) release: String,
    pub(crate) date: String,
    /// How many releases have it as deprecated.
    pub(crate) releases: u32,
    pub(crate) days: u64,
}

/// What refers to a deprecated element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Referrer {
    #[serde(serialize_with = "kind")]
    pub(crate) kind: &'static str,
    pub(crate) symbol: String,
    /// Whether it is deprecated itself, or in something that is.
    #[serde(rename = "deprecated")]
    pub(crate) is_deprecated: bool,
    #[serde(flatten)]
    pub(crate) place: Place,
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// The word for a kind without its space.
fn kind<S: serde::Serializer>(kind: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&kind.replace(' ', "_"))
}

/// How many referrers are listed of one element.
const MAX_REFERRERS: usize = 5;

/// A paragraph for each element, whose lines have at most `width` columns where they can.
pub(crate) fn list(entries: &[Entry], width: usize, paint: Paint) -> String {
    let mut text = String::new();
    for entry in entries {
        let Place { path, line, column } = &entry.place;
        let (place, symbol) = (paint.quiet(format_args!("{}:{line}:{column}", escape(path))), escape(&entry.symbol));
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{place}\n{} `{}`", entry.kind, paint.bold(symbol));
        for line in entry.lines(paint) {
            let _ = writeln!(text, "  {}", wrap(&line, width, 2, 4));
        }
    }
    text
}

impl Entry {
    fn lines(&self, paint: Paint) -> Vec<String> {
        let mut lines = Vec::new();
        match &self.since {
            Some(Since { release, date, releases, days }) => lines.push(format!(
                "deprecated since {} ({date}): {}, {}",
                escape(release),
                counted(*releases as usize, "release"),
                counted(*days as usize, "day")
            )),
            None if self.is_known => lines.push("deprecated in no release yet".to_owned()),
            None => {}
        }
        lines.extend(self.reason.as_ref().map(|reason| format!("reason: {}", escape(reason))));
        if !self.replacements.is_empty() {
            let names: Vec<String> = self.replacements.iter().map(|name| format!("`{}`", escape(name))).collect();
            lines.push(format!("replaced by {}", names.join(", ")));
        }
        for referrer in self.referrers.iter().take(MAX_REFERRERS) {
            let Place { path, line, .. } = &referrer.place;
            let deprecated = if referrer.is_deprecated { "deprecated " } else { "" };
            let place = paint.quiet(format_args!("{}:{line}", escape(path)));
            lines.push(format!("used by {deprecated}{} `{}` ({place})", referrer.kind, escape(&referrer.symbol)));
        }
        if self.referrers.len() > MAX_REFERRERS {
            lines.push(format!("used by {} more", self.referrers.len() - MAX_REFERRERS));
        }
        lines.extend(self.when.as_ref().map(|when| paint.bold(format_args!("may be {when}"))));
        lines
    }
}

/// A JSON object for each element, a line each.
pub(crate) fn lines(entries: &[Entry]) -> String {
    let line = |entry: &Entry| serde_json::to_string(entry).expect("an entry is plain data") + "\n";
    entries.iter().map(line).collect()
}

/// `12 deprecated elements, 3 may be deleted, 4 are referred to by others that are not deprecated`.
pub(crate) fn counts(entries: &[Entry]) -> String {
    let may_go = entries.iter().filter(|entry| entry.may_go == Some(true)).count();
    let is_used = |entry: &&Entry| entry.referrers.iter().any(|referrer| !referrer.is_deprecated);
    let used = entries.iter().filter(is_used).count();
    let mut text = counted(entries.len(), "deprecated element");
    if entries.iter().any(|entry| entry.may_go.is_some()) {
        let _ = write!(text, ", {may_go} may be deleted");
    }
    if used > 0 {
        let _ = write!(text, ", {used} still referred to");
    }
    text
}
