//! Findings in a baseline file: how many there are of a rule for a name, which does not depend on lines. Their number
//! only falls.

use rustc_hash::FxHashMap;

use crate::config::{Baseline, Entry};
use crate::finding::{Finding, Severity};
use crate::rules::compile::BASELINE_STALE;
use crate::rules::{self, Family};

/// How many findings there are by rule and symbol.
type Counts<'f> = FxHashMap<(&'static str, &'f str), usize>;

/// An entry with more than there are.
pub(crate) struct Stale<'b> {
    pub(crate) entry: &'b Entry,
    /// How many there are.
    pub(crate) left: usize,
}

/// Whether a finding may be in a baseline file: it has a name, and it is not about what the language
/// forbids.
pub(crate) fn may_be_in_baseline(finding: &Finding) -> bool {
    let may_be_suppressed = || rules::rule_of(finding.rule).is_some_and(|rule| Family::of(rule).is_some());
    finding.symbol.is_some() && (finding.severity == Severity::Warning || may_be_suppressed())
}

fn key(finding: &Finding) -> Option<(&'static str, &str)> {
    let symbol = finding.symbol.as_deref().filter(|_| may_be_in_baseline(finding))?;
    Some((finding.rule, symbol))
}

fn counts(findings: &[Finding]) -> Counts<'_> {
    let mut counts = Counts::default();
    for key in findings.iter().filter_map(key) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

impl Baseline {
    /// The entries with more than there are.
    pub(crate) fn stale<'b>(&'b self, findings: &[Finding]) -> Vec<Stale<'b>> {
        let counts = counts(findings);
        let left = |entry: &Entry| counts.get(&(entry.rule, entry.symbol.as_str())).copied().unwrap_or(0);
        let stale = self.entries.iter().map(|entry| Stale { entry, left: left(entry) });
        stale.filter(|stale| stale.left < stale.entry.count).collect()
    }

    /// Takes out what the baseline file has; how many that is. Where there are more of a rule and symbol, it cannot
    /// be said which are new, so all of them stay, with how many `file` has.
    pub(crate) fn suppress(&self, findings: &mut Vec<Finding>, file: &str) -> usize {
        let known: Counts<'_> =
            self.entries.iter().map(|entry| ((entry.rule, entry.symbol.as_str()), entry.count)).collect();
        let mut surplus: FxHashMap<(&'static str, String), (usize, usize)> = FxHashMap::default();
        for (&(rule, symbol), &found) in &counts(findings) {
            if let Some(&known) = known.get(&(rule, symbol)).filter(|known| **known < found) {
                surplus.insert((rule, symbol.to_owned()), (known, found));
            }
        }
        let before = findings.len();
        findings.retain_mut(|finding| {
            let Some(key) = key(finding) else { return true };
            if !known.contains_key(&key) {
                return true;
            }
            let Some((known, found)) = surplus.get(&(key.0, key.1.to_owned())) else { return false };
            let note = format!("{file} lists {known} of {found} findings of this rule here");
            add_help(finding, &note);
            true
        });
        before - findings.len()
    }

    /// What the baseline file has from now on. Nothing is added and no number rises, unless it may grow; entries that
    /// are not covered, which a run cannot count, stay.
    pub(crate) fn updated(&self, findings: &[Finding], covers: impl Fn(&Entry) -> bool, may_grow: bool) -> Baseline {
        let counts = counts(findings);
        let found = |entry: &Entry| counts.get(&(entry.rule, entry.symbol.as_str())).copied().unwrap_or(0);
        let mut entries: Vec<Entry> = self.entries.clone();
        entries.retain_mut(|entry| {
            let found = found(entry);
            if (found < entry.count && covers(entry)) || (found > entry.count && may_grow) {
                entry.count = found;
            }
            entry.count > 0
        });
        if may_grow {
            let known: Counts<'_> = entries.iter().map(|entry| ((entry.rule, entry.symbol.as_str()), 0)).collect();
            let new = counts.iter().filter(|(key, _)| !known.contains_key(*key));
            let new: Vec<Entry> = new
                .map(|(&(rule, symbol), &count)| Entry { rule, symbol: symbol.to_owned(), count, place: None })
                .collect();
            entries.extend(new);
        }
        Baseline { entries }
    }

    /// Whether there are findings that may be in a baseline file, and are not.
    pub(crate) fn is_exceeded(&self, findings: &[Finding]) -> bool {
        let known: Counts<'_> =
            self.entries.iter().map(|entry| ((entry.rule, entry.symbol.as_str()), entry.count)).collect();
        counts(findings).into_iter().any(|(key, found)| known.get(&key).is_none_or(|known| *known < found))
    }
}

impl Stale<'_> {
    /// A warning at the entry.
    pub(crate) fn finding(&self, severity: Severity) -> Option<Finding> {
        let Entry { rule, symbol, count, place } = self.entry;
        let message = match self.left {
            0 => format!("stale baseline entry: `{symbol}` no longer violates `{rule}`"),
            left => format!(
                "stale baseline entry: `{symbol}` has {left} finding{} of `{rule}`, not {count}",
                if left == 1 { "" } else { "s" }
            ),
        };
        let finding = Finding { severity, ..Finding::error(BASELINE_STALE.id, (*place)?, message) };
        Some(finding.help("protolint check --write-baseline removes it, so that new findings are reported"))
    }
}

/// Adds a line to what to do.
pub(super) fn add_help(finding: &mut Finding, line: &str) {
    finding.help = Some(match finding.help.take() {
        Some(help) => format!("{help}\n{line}"),
        None => line.to_owned(),
    });
}
