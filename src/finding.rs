//! What a run reports: findings, whatever they are about. No foreign crates, and no knowledge of rules or formats.

mod change;
mod fingerprint;
mod fix;
pub(crate) mod length;
pub(crate) mod order;

pub use change::{BrokenReleases, Change, Direction, DirectionFilter, Evidence, Layer, Verdict};
pub(crate) use fingerprint::MAY_BE;
pub use fix::{Edit, Fix};

use crate::source::Place;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; does not fail a run by default.
    Warning,
    /// Fails a run by default.
    Error,
}

impl Severity {
    /// The lower-case word that configuration and output use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A second place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, such as "first defined here".
    pub text: String,
}

impl Label {
    /// What is at `place`; very long names in it are cut.
    pub(crate) fn new(place: Place, text: impl Into<String>) -> Label {
        Label { place, text: length::text(text.into()) }
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule that reports it.
    pub rule: &'static str,
    /// How much it matters in this run.
    pub severity: Severity,
    /// Where, if it is in a text at all.
    pub place: Option<Place>,
    /// What it is about, by a name that stays when lines move: an element's full name, or a file's name below its root.
    pub symbol: Option<String>,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// What to do, ready to paste.
    pub help: Option<String>,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What the change breaks, where the finding is about one.
    pub change: Option<Box<Change>>,
    /// What would fix it, where the rule has one.
    pub fix: Option<Box<Fix>>,
}

impl Finding {
    /// An error of `rule` that is in no text.
    pub fn nowhere(rule: &'static str, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            severity: Severity::Error,
            place: None,
            symbol: None,
            message: length::text(message.into()),
            help: None,
            labels: Vec::new(),
            change: None,
            fix: None,
        }
    }

    /// An error of `rule` at `place`.
    pub fn error(rule: &'static str, place: Place, message: impl Into<String>) -> Finding {
        Finding { place: Some(place), ..Finding::nowhere(rule, message) }
    }

    /// A warning of `rule` at `place`.
    pub fn warning(rule: &'static str, place: Place, message: impl Into<String>) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(rule, place, message) }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(length::text(help.into()));
        self
    }

    /// Names the finding across commits and releases, in 16 hexadecimal digits: by its rule, its symbol and what its
    /// message quotes. Several findings may share it.
    pub fn fingerprint(&self) -> String {
        fingerprint::of(self)
    }

    /// Adds a second place.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.labels.push(Label::new(place, text));
        self
    }
}
