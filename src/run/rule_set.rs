//! What `lint` holds schemas to: rules with their options, section by section. It uses no schema.

use std::sync::Arc;

use crate::config::{CheckConfig, Config, RuleNames, Selection};
use crate::error::Error;
use crate::project::settings::Settings;
use crate::rules;

/// The rules of one schema that are on, with how much each matters, their options, and what is ignored where.
///
/// ```
/// use protolint::Rules;
///
/// let rules = Rules::named(["STANDARD", "FIELD_HOT_NUMBER"]).expect("both are known");
/// assert!(Rules::named(["STANDART"]).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Rules {
    pub(crate) config: Arc<Config>,
    pub(crate) selection: Selection,
}

/// Those that are on where nothing is configured.
impl Default for Rules {
    fn default() -> Rules {
        Rules::selected(Config::default(), &RuleNames::default()).expect("the default names are known")
    }
}

impl Rules {
    /// Rules and groups by their names; `ALL` are all of them. Rules about what the language forbids are always on.
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub fn named<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Rules, Error> {
        let names = RuleNames { uses: names.into_iter().map(Into::into).collect(), except: Vec::new() };
        Rules::selected(Config::default(), &names)
    }

    /// The same rules with other options.
    #[must_use]
    pub fn with_options(self, options: rules::Settings) -> Rules {
        let config = Arc::unwrap_or_clone(self.config);
        let check = CheckConfig { settings: options, ..config.check };
        Rules { config: Arc::new(Config { check, ..config }), selection: self.selection }
    }

    /// Those about what the language forbids.
    pub(crate) fn of_language() -> Rules {
        let mut rules = Rules::default();
        rules.selection.selected.clear();
        rules
    }

    /// The names that the rules were selected by, and how many rules that are.
    pub fn summary(&self) -> (String, usize) {
        self.selection.summary()
    }

    /// The ids of the rules that are on in any section, each with how much it matters.
    pub fn on(&self) -> Vec<(&'static str, crate::finding::Severity)> {
        let scoped = self.selection.scopes.iter().flat_map(|scope| &scope.selected);
        let on = self.selection.selected.iter().chain(scoped).chain(&self.selection.always);
        on.map(|(rule, severity)| (rule.id, *severity)).collect()
    }

    fn selected(config: Config, names: &RuleNames) -> Result<Rules, Error> {
        let selection = Selection::of_check(names, &config, false)?;
        Ok(Rules { config: Arc::new(config), selection })
    }
}

impl Settings {
    /// The rules of one schema that are on.
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub fn rules(&self) -> Result<Rules, Error> {
        let selection = Selection::of_check(&self.rule_names, &self.config, self.strict_imports)?;
        Ok(Rules { config: Arc::clone(&self.config), selection })
    }
}
