//! What the `check` section of a configuration says.

use std::collections::BTreeMap;

use super::sets::Sets;
use crate::finding::Severity;
use crate::pattern::PathPatterns;
use crate::rules::{Rule, Settings};
use crate::source::Place;

/// The settings of `check`.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckConfig {
    /// What names of groups stand for.
    pub sets: Sets,
    /// Rules and groups that are on; [`super::select`] reads them.
    pub uses: Vec<String>,
    /// Rules and groups that are off nevertheless.
    pub except: Vec<String>,
    /// By the id of a rule, how much its findings matter, where that differs from its page.
    pub severity: BTreeMap<&'static str, Severity>,
    /// What is not reported about some files.
    pub ignore: Vec<Ignore>,
    /// The settings of rules.
    pub settings: Settings,
    /// Whether comments suppress findings.
    pub ignore_comments: bool,
    /// Whether `buf:lint:ignore` suppresses a rule as `protolint:ignore` does.
    pub buf_ignore_comments: bool,
}

/// Rules that are ignored in files of some paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignore {
    /// The paths: one pattern.
    pub pattern: PathPatterns,
    /// The ids of the rules, sorted.
    pub rules: Vec<&'static str>,
    /// Where the pattern stands.
    pub place: Place,
}

/// What an absent section means.
impl Default for CheckConfig {
    fn default() -> CheckConfig {
        CheckConfig {
            sets: Sets::default(),
            uses: Sets::default().default_use(),
            except: Vec::new(),
            severity: BTreeMap::new(),
            ignore: Vec::new(),
            settings: Settings::default(),
            ignore_comments: true,
            buf_ignore_comments: true,
        }
    }
}

impl CheckConfig {
    /// How much findings of a rule matter: as configured, else as its page says.
    pub fn severity_of(&self, rule: &Rule) -> Severity {
        self.severity.get(rule.id).copied().unwrap_or(rule.page.severity)
    }
}
