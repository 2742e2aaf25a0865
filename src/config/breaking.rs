//! What the `breaking` section of a configuration says.

use std::collections::BTreeMap;

use super::check::Ignore;
use super::sets::Sets;
use crate::finding::{DirectionFilter, Layer, Severity};
use crate::pattern::NamePatterns;
use crate::rules::settings::OptionName;
use crate::rules::{DEFAULT_LAYERS, Rule};

/// The settings of `breaking`.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakingConfig {
    /// What names of groups stand for.
    pub sets: Sets,
    /// What to compare with, as `--against` takes it.
    pub against: Option<String>,
    /// What version tags look like.
    pub tag_pattern: Option<String>,
    /// The layers that changes have to break; none where rules select.
    pub layers: Option<Vec<Layer>>,
    /// The directions in which changes have to break them.
    pub direction: DirectionFilter,
    /// Rules and groups that are on; all where it is empty.
    pub uses: Vec<String>,
    /// Rules and groups that are off nevertheless.
    pub except: Vec<String>,
    /// By the id of a rule, how much its findings matter, where that differs from its page.
    pub severity: BTreeMap<&'static str, Severity>,
    /// What is not reported about some files.
    pub ignore: Vec<Ignore>,
    /// Whether comments suppress findings.
    pub ignore_comments: bool,
    /// Packages whose changes are not reported.
    pub ignore_packages: NamePatterns,
    /// Whether changes of packages with an alpha, beta or test version are not reported.
    pub ignore_unstable_packages: bool,
    /// Options that may not change.
    pub unchanged: Vec<OptionName>,
    /// Other layers for some names; the last that matches counts.
    pub policies: Vec<LayerPolicy>,
}

/// The layers that matter for elements of some full names.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPolicy {
    /// Full names: of packages, with all that is in them, or of elements.
    pub pattern: NamePatterns,
    /// None of them: nothing is reported.
    pub layers: Vec<Layer>,
    /// The directions that matter, where they are others than those of the section.
    pub direction: Option<DirectionFilter>,
}

/// What an absent section means.
impl Default for BreakingConfig {
    fn default() -> BreakingConfig {
        BreakingConfig {
            sets: Sets::default(),
            against: None,
            tag_pattern: None,
            layers: Some(DEFAULT_LAYERS.to_vec()),
            direction: DirectionFilter::Full,
            uses: Vec::new(),
            except: Vec::new(),
            severity: BTreeMap::new(),
            ignore: Vec::new(),
            ignore_comments: true,
            ignore_packages: NamePatterns::default(),
            ignore_unstable_packages: false,
            unchanged: Vec::new(),
            policies: Vec::new(),
        }
    }
}

impl BreakingConfig {
    /// How much findings of a rule matter: as configured, else as its page says.
    pub fn severity_of(&self, rule: &Rule) -> Severity {
        self.severity.get(rule.id).copied().unwrap_or(rule.page.severity)
    }
}
