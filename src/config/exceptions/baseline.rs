//! The file of existing findings: how many there are of a rule for a name that outlives moved lines, and how that is
//! recorded. What a run makes of it is not known here.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::yaml::scalar;
use crate::source::Place;

/// The findings in the file.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    /// In any order; no two of one rule and symbol.
    pub(crate) entries: Vec<Entry>,
}

/// How many findings of a rule a symbol has in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) rule: &'static str,
    /// As [`crate::finding::Finding::symbol`].
    pub(crate) symbol: String,
    pub(crate) count: usize,
    /// Where it is recorded; `None` if it is not yet.
    pub(crate) place: Option<Place>,
}

const HEADER: &str = "\
# Existing findings that `protolint check` suppresses: for each rule, the number of findings of an element or a file.
# If there are more, all of them are reported. `protolint check --write-baseline` removes findings that were fixed.
version: 1
";

impl Baseline {
    /// How many findings are in the file.
    pub(crate) fn total(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }

    /// As it is recorded: a line for each entry, sorted.
    pub(crate) fn text(&self) -> String {
        let mut by_rule: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for entry in &self.entries {
            by_rule.entry(entry.rule).or_default().insert(&entry.symbol, entry.count);
        }
        let mut text = HEADER.to_owned();
        text.push_str(if by_rule.is_empty() { "known: {}\n" } else { "known:\n" });
        for (rule, symbols) in by_rule {
            let _ = writeln!(text, "  {rule}:");
            for (symbol, count) in symbols {
                let _ = writeln!(text, "    {}: {count}", scalar(symbol));
            }
        }
        text
    }
}
