//! The file of accepted changes: each by its fingerprint, with a reason, perhaps for a time, and how that is recorded.
//! What a run makes of it is not known here.

use super::yaml::{quoted, scalar};
use crate::date::Date;
use crate::source::Place;

/// A change that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Acceptance {
    /// As [`crate::finding::Finding::fingerprint`] has it.
    pub(crate) fingerprint: String,
    pub(crate) rule: String,
    pub(crate) symbol: String,
    /// The finding's message.
    pub(crate) change: String,
    pub(crate) reason: String,
    /// The last day on which it holds.
    pub(crate) until: Option<Date>,
    pub(crate) by: Option<String>,
    /// What the schemas have to be compared with for the change to be missed; what a run compares with unasked where it
    /// is not said.
    pub(crate) against: Option<String>,
    /// Where it is recorded; `None` if it is not yet.
    pub(crate) place: Option<Place>,
}

/// The changes that were accepted.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// No two with one fingerprint.
    pub(crate) entries: Vec<Acceptance>,
}

const HEADER: &str = "\
# Accepted breaking changes, a sorted line for each. A fingerprint identifies a change.
# `protolint breaking --accept FINGERPRINT --reason TEXT` adds a line.
# `protolint breaking` warns about lines whose change is no longer found: delete them.
version: 1
accepted:
";

impl Accepted {
    /// A file's text, in which these entries stand, with an entry more, or in the place of that with its fingerprint:
    /// before the first that sorts behind it. Everything else stays as it is, unless there is no other entry.
    pub(crate) fn text_with(&self, text: &str, new: &Acceptance) -> String {
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let line = new.line() + line_end;
        let start_of = |entry: &Acceptance| {
            let at = entry.place.map_or(text.len(), |place| place.span.start as usize).min(text.len());
            text[..at].rfind('\n').map_or(0, |end| end + 1)
        };
        let mut others = self.entries.iter().filter(|entry| entry.fingerprint != new.fingerprint).peekable();
        if others.peek().is_none() {
            return HEADER.replace('\n', line_end) + &line;
        }
        let end = if text.ends_with('\n') { "" } else { line_end };
        let mut edited = format!("{text}{end}");
        let at = others.find(|entry| entry.rank() > new.rank()).map_or(edited.len(), start_of);
        edited.insert_str(at, &line);
        if let Some(old) = self.find(&new.fingerprint).map(start_of) {
            let old = if old >= at { old + line.len() } else { old };
            let length = edited[old..].find('\n').map_or(edited.len() - old, |length| length + 1);
            edited.replace_range(old..old + length, "");
        }
        edited
    }

    /// The entry with a fingerprint.
    pub(crate) fn find(&self, fingerprint: &str) -> Option<&Acceptance> {
        self.entries.iter().find(|entry| entry.fingerprint == fingerprint)
    }
}

impl Acceptance {
    /// Whether it held no longer than some day before this one.
    pub(crate) fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// What the file's lines are sorted by.
    fn rank(&self) -> (&str, &str, &str) {
        (&self.symbol, &self.rule, &self.fingerprint)
    }

    /// The entry as one line, without the line's end.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("  - {{fingerprint: {}, rule: {}", quoted(&self.fingerprint), scalar(&self.rule));
        let mut add = |key: &str, value: &str| line.push_str(&format!(", {key}: {value}"));
        add("symbol", &scalar(&self.symbol));
        add("change", &quoted(&self.change));
        add("reason", &quoted(&self.reason));
        if let Some(until) = self.until {
            add("until", &until.to_string());
        }
        if let Some(by) = &self.by {
            add("by", &quoted(by));
        }
        if let Some(against) = &self.against {
            add("against", &quoted(against));
        }
        line + "}"
    }
}
