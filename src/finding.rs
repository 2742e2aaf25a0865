//! What a run reports: findings, whatever they are about. No foreign crates, and no knowledge of rules or formats.

mod change;

pub use change::{Change, Direction, Evidence, Layer, Verdict};

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

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule that speaks.
    pub rule: &'static str,
    /// How much it matters in this run.
    pub severity: Severity,
    /// Where, if it is in a text at all.
    pub place: Option<Place>,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// What to do, ready to paste.
    pub help: Option<String>,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What the change breaks, where the finding is about one.
    pub change: Option<Box<Change>>,
}

impl Finding {
    /// An error of `rule` at `place`.
    pub fn error(rule: &'static str, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            severity: Severity::Error,
            place: Some(place),
            message: message.into(),
            help: None,
            labels: Vec::new(),
            change: None,
        }
    }

    /// A warning of `rule` at `place`.
    pub fn warning(rule: &'static str, place: Place, message: impl Into<String>) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(rule, place, message) }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.labels.push(Label { place, text: text.into() });
        self
    }
}
