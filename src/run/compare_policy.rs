//! What `compare` holds changes to: layers, rules and what is ignored, section by section. It uses no schema.

use std::sync::Arc;

use crate::config::{BreakingConfig, Config, RuleNames, Selection, select_alone};
use crate::error::Error;
use crate::finding::{DirectionFilter, Layer, Severity};
use crate::project::settings::Settings;
use crate::rules::DEFAULT_LAYERS;
use crate::rules::breaking::{DELETED_BEFORE_DEPRECATION_ENDS, EVER_USED};

/// Which changes are reported, and how much each matters.
///
/// ```
/// use protolint::Policy;
/// use protolint::finding::Layer;
///
/// let wire_only = Policy::by_layers(&[Layer::Wire]);
/// let as_buf_does = Policy::by_rules(["WIRE_JSON"]).expect("the group is known");
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) config: Arc<Config>,
    pub(crate) selection: Selection,
    /// Layers given for this run.
    layers: Vec<Layer>,
    /// The directions given for this run.
    direction: Option<DirectionFilter>,
    /// Whether rules given for this run select alone.
    by_names: bool,
    /// Whether groups of registries are named, and nothing else.
    with_registries: bool,
    /// Whether what could not be compared is an error.
    pub(crate) strict: bool,
    /// Whether what the branch has already that this one will be merged into matters as much as what is new.
    pub(crate) fail_on_inherited: bool,
    pub(crate) evidence: usize,
}

/// By every layer but `source`, with evidence for every change.
impl Default for Policy {
    fn default() -> Policy {
        Policy::by_layers(&[])
    }
}

impl Policy {
    /// Changes that break one of these layers, or where none is named the default ones.
    pub fn by_layers(layers: &[Layer]) -> Policy {
        let settings = Settings { layers: layers.to_vec(), ..Settings::default() };
        settings.policy().expect("the default names are known")
    }

    /// Changes that these rules and groups report, whatever breaks.
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub fn by_rules<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Policy, Error> {
        let rule_names = RuleNames { uses: names.into_iter().map(Into::into).collect(), except: Vec::new() };
        Settings { rule_names, ..Settings::default() }.policy()
    }

    /// The same where changes have to break something in these directions. Where rules select, what breaks data and calls
    /// only in the other one is not reported.
    #[must_use]
    pub fn in_directions(self, direction: DirectionFilter) -> Policy {
        Policy { direction: Some(direction), ..self }
    }

    /// The same where the first so many findings of a report get evidence, which takes time.
    #[must_use]
    pub fn with_evidence(self, findings: usize) -> Policy {
        Policy { evidence: findings, ..self }
    }

    /// The names that rules were selected by, and how many rules that are.
    pub fn summary(&self) -> (String, usize) {
        self.selection.summary()
    }

    /// Whether layers are named for this run.
    pub fn names_layers(&self) -> bool {
        !self.layers.is_empty()
    }

    /// Whether groups of registries are named, and nothing else: they report beside what breaks the layers.
    pub fn adds_registries(&self) -> bool {
        self.with_registries
    }

    /// The layers that changes have to break, where no scope says otherwise; `None` where rules select.
    pub fn layers(&self) -> Option<Vec<Layer>> {
        self.layers_in(&self.config.breaking)
    }

    /// The directions that count, where no scope and no policy says otherwise.
    pub fn direction(&self) -> DirectionFilter {
        self.direction_in(&self.config.breaking)
    }

    /// The ids of the rules that are on in any section, each with how much it matters.
    pub fn on(&self) -> Vec<(&'static str, Severity)> {
        let scoped = self.selection.scopes.iter().flat_map(|scope| &scope.selected);
        self.selection.selected.iter().chain(scoped).map(|(rule, severity)| (rule.id, *severity)).collect()
    }

    /// Whether the deprecation policy says when something may be deleted.
    pub(crate) fn limits_deletions(&self) -> bool {
        let is_on = self.on().iter().any(|(id, _)| *id == DELETED_BEFORE_DEPRECATION_ENDS.id);
        is_on && self.config.deprecation().has_ages()
    }

    /// Whether a rule is on that looks at earlier releases.
    pub(crate) fn looks_back(&self) -> bool {
        self.on().iter().any(|(id, _)| EVER_USED.iter().any(|rule| rule.id == *id)) || self.limits_deletions()
    }

    /// Whether layers, directions and rules are all as they are configured.
    pub(crate) fn is_as_configured(&self, names: &RuleNames) -> bool {
        self.layers.is_empty() && self.direction.is_none() && *names == RuleNames::default()
    }

    /// The directions in which changes of some files have to break.
    pub(crate) fn direction_in(&self, breaking: &BreakingConfig) -> DirectionFilter {
        self.direction.unwrap_or(breaking.direction)
    }

    /// The layers that changes of some files have to break; `None` where rules select.
    pub(crate) fn layers_in(&self, breaking: &BreakingConfig) -> Option<Vec<Layer>> {
        match (self.layers.is_empty(), self.by_names) {
            (false, _) => Some(Layer::ALL.into_iter().filter(|layer| self.layers.contains(layer)).collect()),
            // Rules named for this run stand for the whole of the configured selection.
            (true, true) => None,
            (true, false) if self.with_registries => breaking.layers.clone().or(Some(DEFAULT_LAYERS.to_vec())),
            (true, false) => breaking.layers.clone(),
        }
    }
}

impl Settings {
    /// Which changes are reported.
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub fn policy(&self) -> Result<Policy, Error> {
        let uses = if self.rule_names.uses.is_empty() { &self.config.breaking.uses } else { &self.rule_names.uses };
        Ok(Policy {
            config: Arc::clone(&self.config),
            selection: Selection::of_breaking(&self.rule_names, &self.config)?,
            layers: self.layers.clone(),
            direction: self.direction,
            by_names: select_alone(&self.rule_names.uses),
            with_registries: !uses.is_empty() && !select_alone(uses),
            strict: self.strict,
            fail_on_inherited: self.fail_on_inherited,
            evidence: usize::MAX,
        })
    }

    /// The same without what is given for this run.
    ///
    /// # Errors
    ///
    /// As those of [`Settings::policy`].
    pub fn configured_policy(&self) -> Result<Policy, Error> {
        let (rule_names, layers) = (RuleNames::default(), Vec::new());
        Settings { rule_names, layers, direction: None, ..self.clone() }.policy()
    }
}
