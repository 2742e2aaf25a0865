//! Findings that an earlier state of the same schemas has too.

use rustc_hash::FxHashMap;

use super::baseline::{add_help, may_be_in_baseline};
use crate::finding::Finding;

/// What an earlier state has: by rule and symbol the fingerprints of its findings, and how often each occurs.
#[derive(Default)]
pub(crate) struct Older {
    by_symbol: FxHashMap<(&'static str, String), FxHashMap<String, usize>>,
}

impl Older {
    /// What these findings of the earlier state leave to report of a later one.
    pub(crate) fn new(findings: &[Finding]) -> Older {
        let mut older = Older::default();
        for finding in findings.iter().filter(|finding| may_be_in_baseline(finding)) {
            let symbol = finding.symbol.clone().unwrap_or_default();
            let fingerprints = older.by_symbol.entry((finding.rule, symbol)).or_default();
            *fingerprints.entry(finding.fingerprint()).or_default() += 1;
        }
        older
    }

    /// Takes out what was there before; how many that is. A finding with the same fingerprint is the same one; of those
    /// left over for a rule and symbol as many are old as were, and if there are more, all of them stay: it is not
    /// known which are new.
    pub(crate) fn suppress(mut self, findings: &mut Vec<Finding>) -> usize {
        let before = findings.len();
        let key = |finding: &Finding| (finding.rule, finding.symbol.clone().unwrap_or_default());
        findings.retain(|finding| {
            if !may_be_in_baseline(finding) {
                return true;
            }
            let known = self.by_symbol.get_mut(&key(finding)).and_then(|known| known.get_mut(&finding.fingerprint()));
            known.filter(|count| **count > 0).map(|count| *count -= 1).is_none()
        });
        let mut left: FxHashMap<(&'static str, String), usize> = FxHashMap::default();
        for finding in findings.iter().filter(|finding| may_be_in_baseline(finding)) {
            *left.entry(key(finding)).or_default() += 1;
        }
        findings.retain_mut(|finding| {
            let found = left.get(&key(finding)).copied().unwrap_or(0);
            let older = self.by_symbol.get(&key(finding)).map_or(0, |known| known.values().sum());
            if !may_be_in_baseline(finding) || older == 0 {
                return true;
            }
            if found > older {
                add_help(
                    finding,
                    &format!("there are {found} findings of this rule here now, and {older} in the base"),
                );
            }
            found > older
        });
        before - findings.len()
    }
}
