//! What the names of groups stand for: all that this version has, what a preset froze, or what buf means by them. It
//! uses rules by their pages, and does not depend on where names are written.

use semver::Version;

use super::buf_version::BufVersion;
use crate::finding::Severity;
use crate::rules::{self, DEFAULT_USE, Family, Rule};

/// The rules as they were in one year's release: groups and defaults hold none that is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// How a configuration names it.
    pub year: u16,
    /// The newest version whose rules it has.
    pub version: &'static str,
}

/// All presets there are, the oldest first.
pub const PRESETS: [Preset; 1] = [Preset { year: 2026, version: "0.1.0" }];

/// What names of groups stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sets {
    /// All rules of this version.
    #[default]
    Newest,
    /// Those that were there when the preset was made.
    Preset(Preset),
    /// Those that buf means, by the version of its configuration.
    Buf(BufVersion),
}

/// Whether names select rules instead of layers. Groups of registries do not: what these decide is reported beside what
/// breaks.
pub(crate) fn select_alone(names: &[String]) -> bool {
    let is_of_registry = |name: &String| {
        let rules = Family::Breaking.named(name);
        !rules.is_empty() && rules.iter().all(|rule| rule.page.registry().is_some() && rule.id != name)
    };
    !names.iter().all(is_of_registry)
}

impl Preset {
    /// Whether the preset has a rule that is there since a version.
    ///
    /// # Panics
    ///
    /// Where one of the versions is none, which a test of all pages excludes.
    pub fn has(&self, since: &str) -> bool {
        let parse = |version: &str| Version::parse(version).expect("pages and presets name versions");
        parse(since) <= parse(self.version)
    }
}

impl Sets {
    /// Whether groups and defaults hold a rule.
    pub fn hold(self, rule: &Rule) -> bool {
        match self {
            Sets::Preset(preset) => preset.has(rule.page.since),
            Sets::Newest | Sets::Buf(_) => true,
        }
    }

    /// The rules that a group's name stands for; empty where there is none of that name.
    pub(super) fn group(self, family: Family, name: &str) -> Vec<&'static Rule> {
        if let Sets::Buf(version) = self
            && let Some(rules) = version.group(family, name)
        {
            return rules;
        }
        let mut rules = family.named(name);
        rules.retain(|rule| self.hold(rule));
        rules
    }

    /// The names that `check` uses where none are given.
    pub fn default_use(self) -> Vec<String> {
        let is_held = |name: &&&str| rules::find(name).is_none_or(|rule| self.hold(rule));
        DEFAULT_USE.iter().filter(is_held).map(|&name| name.to_owned()).collect()
    }

    /// The rules that are on without being selected, and that can be switched off.
    pub(super) fn warnings(self) -> impl Iterator<Item = &'static Rule> {
        let warnings = rules::compile_rules().into_iter().filter(|rule| rule.page.severity == Severity::Warning);
        warnings.filter(move |rule| self.hold(rule))
    }

    /// Every rule that can be switched off.
    pub(super) fn all(self, family: Family) -> Vec<&'static Rule> {
        family.rules().into_iter().filter(|rule| self.hold(rule)).chain(self.warnings()).collect()
    }
}
