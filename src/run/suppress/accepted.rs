//! Changes that break readers and were accepted nevertheless: each by its fingerprint, with a reason, perhaps for a
//! time.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Acceptance, Accepted};
use crate::date::Date;
use crate::finding::{Finding, Severity};
use crate::rules::compile::{ACCEPTED_EXPIRED, ACCEPTED_STALE};

/// What became of a run's findings.
pub(crate) struct Outcome<'a> {
    /// Those that are accepted, with the entries.
    pub(crate) accepted: Vec<(Finding, &'a Acceptance)>,
    /// Entries that ran out, and whose changes are still there.
    pub(crate) expired: Vec<&'a Acceptance>,
    /// Entries that no finding asks for.
    pub(crate) unused: Vec<&'a Acceptance>,
}

/// Whether this is a finding that may be accepted: one about a change.
pub(crate) fn may_be_accepted(finding: &Finding) -> bool {
    finding.change.is_some()
}

impl Accepted {
    /// Takes out the findings that are accepted on a day.
    pub(crate) fn suppress(&self, findings: &mut Vec<Finding>, today: Date) -> Outcome<'_> {
        let mut outcome = Outcome { accepted: Vec::new(), expired: Vec::new(), unused: Vec::new() };
        if self.entries.is_empty() {
            return outcome;
        }
        let known: FxHashMap<&str, &Acceptance> =
            self.entries.iter().map(|entry| (entry.fingerprint.as_str(), entry)).collect();
        let mut used: FxHashSet<&str> = FxHashSet::default();
        let mut told = Vec::with_capacity(findings.len());
        for finding in findings.drain(..) {
            let entry = known.get(finding.fingerprint().as_str()).copied().filter(|_| may_be_accepted(&finding));
            match entry {
                Some(entry) if entry.is_over(today) => {
                    if used.insert(&entry.fingerprint) {
                        outcome.expired.push(entry);
                    }
                    told.push(finding);
                }
                Some(entry) => {
                    used.insert(&entry.fingerprint);
                    outcome.accepted.push((finding, entry));
                }
                None => told.push(finding),
            }
        }
        *findings = told;
        let unused = self.entries.iter().filter(|entry| !used.contains(entry.fingerprint.as_str()));
        outcome.unused = unused.collect();
        outcome
    }
}

impl Acceptance {
    /// A warning that the entry ran out.
    pub(crate) fn expired(&self, severity: Severity) -> Finding {
        let until = self.until.map(|until| until.to_string()).unwrap_or_default();
        let message =
            format!("accepted change expired on {until}, but is still there: `{}` of `{}`", self.rule, self.symbol);
        let again = format!("protolint breaking --accept {} --reason TEXT --until DATE", self.fingerprint);
        let finding = Finding { severity, place: self.place, ..Finding::nowhere(ACCEPTED_EXPIRED.id, message) };
        finding.help(format!("revert the change, or accept it again: {again}"))
    }

    /// A warning that the entry is for nothing.
    pub(crate) fn stale(&self, severity: Severity) -> Finding {
        let message = format!("stale accepted change: `{}` of `{}` is no longer found", self.rule, self.symbol);
        let finding = Finding { severity, place: self.place, ..Finding::nowhere(ACCEPTED_STALE.id, message) };
        finding.help("delete this line")
    }
}
