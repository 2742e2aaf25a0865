//! What a configuration says, whichever file said it. It does not depend on how it is written.

use std::path::PathBuf;

use super::breaking::BreakingConfig;
use super::check::CheckConfig;
use super::history::HistoryConfig;
use super::sets::select_alone;
use crate::pattern::PathPatterns;
use crate::rules::DEPRECATED_HAS_REASON;
use crate::rules::breaking::DELETED_BEFORE_DEPRECATION_ENDS;
use crate::rules::settings::DeprecationPolicy;
use crate::source::{FileId, Place};

/// The settings of a run in its configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The directory that all relative paths and patterns start from.
    pub directory: PathBuf,
    /// The text it was read from, if there is one.
    pub source: Option<FileId>,
    /// Directories that imports count from; none if they are to be found from what the files say.
    pub roots: Vec<String>,
    /// Directories that only supply imports.
    pub includes: Vec<String>,
    /// What is not walked.
    pub exclude: PathPatterns,
    /// The files that alone are looked at; all where there are none.
    pub only: PathPatterns,
    /// Where entries stand, for findings about them.
    pub places: Places,
    /// The settings of `check`.
    pub check: CheckConfig,
    /// The settings of `breaking`.
    pub breaking: BreakingConfig,
    /// The releases that history is read from.
    pub history: HistoryConfig,
    /// Other sections for some files; the last that covers a file counts.
    pub scopes: Vec<Scope>,
    /// What has no effect, and what follows from that.
    pub notes: Vec<Note>,
    /// Whether `.editorconfig` files count for indentation and length of lines where nothing is configured.
    pub uses_editor_config: bool,
}

/// What holds for some files instead of the sections for all.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The files.
    pub paths: PathPatterns,
    /// Where each of the patterns stands, as far as it stands anywhere.
    pub places: Vec<Place>,
    /// The settings of `check` for them, if they differ from those for all files.
    pub check: Option<CheckConfig>,
    /// The settings of `breaking` for them, if they differ from those for all files.
    pub breaking: Option<BreakingConfig>,
}

/// The most scopes, or modules of buf, that one configuration may have.
pub const MAX_SCOPES: usize = 1000;

/// Something in a configuration that has no effect here; it is reported, and fails nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Where it stands.
    pub place: Place,
    /// What it is, and what follows.
    pub text: String,
}

impl Config {
    /// The settings of `check` for the files of a scope.
    pub fn check_in<'c>(&'c self, scope: &'c Scope) -> &'c CheckConfig {
        scope.check.as_ref().unwrap_or(&self.check)
    }

    /// The settings of `breaking` for the files of a scope.
    pub fn breaking_in<'c>(&'c self, scope: &'c Scope) -> &'c BreakingConfig {
        scope.breaking.as_ref().unwrap_or(&self.breaking)
    }

    /// The deprecation policy, which is the same for all scopes.
    pub fn deprecation(&self) -> &DeprecationPolicy {
        &self.check.settings.deprecation
    }

    /// Has the rules of all scopes follow a policy, and switches on those that it needs.
    pub(super) fn set_deprecation(&mut self, policy: &DeprecationPolicy) {
        let add = |uses: &mut Vec<String>, id: &str| {
            if !uses.iter().any(|name| name == id) {
                uses.push(id.to_owned());
            }
        };
        let scopes = self.scopes.iter_mut();
        let (checks, breakings): (Vec<_>, Vec<_>) =
            scopes.map(|scope| (scope.check.as_mut(), scope.breaking.as_mut())).unzip();
        for check in checks.into_iter().flatten().chain([&mut self.check]) {
            check.settings.deprecation = policy.clone();
            if policy.has_requirements() {
                add(&mut check.uses, DEPRECATED_HAS_REASON.id);
            }
        }
        for breaking in breakings.into_iter().flatten().chain([&mut self.breaking]) {
            // Where no names select alone, all rules are on.
            if policy.has_ages() && select_alone(&breaking.uses) {
                add(&mut breaking.uses, DELETED_BEFORE_DEPRECATION_ENDS.id);
            }
        }
    }

    /// The index of the scope that a path is in, which counts from the configuration's directory; none for the sections
    /// for all.
    pub fn scope_of(&self, path: &str) -> Option<usize> {
        self.scopes.iter().rposition(|scope| scope.paths.matches(path))
    }
}

/// Where the entries of a configuration stand: an item for each entry, in the same order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// Of [`Config::roots`].
    pub roots: Vec<Place>,
    /// Of [`Config::includes`].
    pub includes: Vec<Place>,
    /// Of the patterns of [`Config::exclude`].
    pub exclude: Vec<Place>,
    /// Of the patterns of [`Config::only`].
    pub only: Vec<Place>,
}

/// What an absent file means.
impl Default for Config {
    fn default() -> Config {
        Config {
            directory: PathBuf::from("."),
            source: None,
            roots: Vec::new(),
            includes: Vec::new(),
            exclude: PathPatterns::default(),
            only: PathPatterns::default(),
            places: Places::default(),
            check: CheckConfig::default(),
            breaking: BreakingConfig::default(),
            history: HistoryConfig::default(),
            scopes: Vec::new(),
            notes: Vec::new(),
            uses_editor_config: false,
        }
    }
}
