//! Which rules are on, and how much each matters: what names given for one run say, else what the configuration says,
//! section by section. It does not depend on schemas.

use super::breaking::BreakingConfig;
use super::check::CheckConfig;
use super::model::Config;
use super::names::{ALL, select};
use super::sets::{Sets, select_alone};
use crate::error::Error;
use crate::finding::Severity;
use crate::rules::{self, Family, Rule};

/// Names of rules and groups that are given for one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleNames {
    /// What is on instead of what the configuration switches on; as configured where it is empty.
    pub uses: Vec<String>,
    /// What is off, in addition to what the configuration switches off.
    pub except: Vec<String>,
}

/// The rules that are on, each with how much it matters: the selected ones and those that are always on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// The names they were selected by.
    pub(crate) names: Vec<String>,
    /// Of the family asked for.
    pub(crate) selected: Vec<(&'static Rule, Severity)>,
    pub(crate) always: Vec<(&'static Rule, Severity)>,
    /// The same for each scope of the configuration.
    pub(crate) scopes: Vec<Selection>,
}

impl Selection {
    /// Selects the rules of `check`.
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub(crate) fn of_check(names: &RuleNames, config: &Config, strict_imports: bool) -> Result<Selection, Error> {
        let of = |check: &CheckConfig| {
            let uses = if names.uses.is_empty() { &check.uses } else { &names.uses };
            let severity = |rule: &'static Rule| {
                let strict = strict_imports && rule.id == rules::compile::COMPILE_IMPORT_NOT_FOUND.id;
                if strict { Severity::Error } else { check.severity_of(rule) }
            };
            selection((check.sets, Family::Lint), uses, (&check.except, &names.except), severity)
        };
        let scopes = config.scopes.iter().map(|scope| of(config.check_in(scope))).collect::<Result<_, _>>()?;
        Ok(Selection { scopes, ..of(&config.check)? })
    }

    /// Selects the rules of `breaking`; all of them where no name is given and the configuration has none, or only groups
    /// of registries are named.
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub(crate) fn of_breaking(names: &RuleNames, config: &Config) -> Result<Selection, Error> {
        let of = |breaking: &BreakingConfig| of_breaking_section(names, config, breaking);
        let scopes = config.scopes.iter().map(|scope| of(config.breaking_in(scope))).collect::<Result<_, _>>()?;
        Ok(Selection { scopes, ..of(&config.breaking)? })
    }

    /// How much findings of a rule matter that is always on.
    pub(crate) fn severity_of(&self, id: &str) -> Option<Severity> {
        self.always.iter().find(|(rule, _)| rule.id == id).map(|&(_, severity)| severity)
    }

    /// The names that rules were selected by, in all scopes, and how many rules that are.
    pub(crate) fn summary(&self) -> (String, usize) {
        let own = Some(self).filter(|_| self.scopes.is_empty());
        let all: Vec<&Selection> = own.into_iter().chain(&self.scopes).collect();
        let (mut names, mut rules): (Vec<&str>, Vec<&str>) = Default::default();
        for selection in all {
            for name in &selection.names {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            rules.extend(selection.selected.iter().map(|(rule, _)| rule.id));
        }
        rules.sort_unstable();
        rules.dedup();
        (names.join(", "), rules.len())
    }
}

fn of_breaking_section(names: &RuleNames, config: &Config, breaking: &BreakingConfig) -> Result<Selection, Error> {
    let uses = if names.uses.is_empty() { &breaking.uses } else { &names.uses };
    let severity = |rule: &'static Rule| match Family::of(rule) {
        Some(_) => breaking.severity_of(rule),
        None => config.check.severity_of(rule),
    };
    let excepts = (breaking.except.as_slice(), names.except.as_slice());
    let sets = (breaking.sets, Family::Breaking);
    if select_alone(uses) {
        return selection(sets, uses, excepts, severity);
    }
    let all: Vec<String> = std::iter::once(ALL.to_owned()).chain(uses.iter().cloned()).collect();
    let mut selection = selection(sets, &all, excepts, severity)?;
    selection.names.remove(0);
    // What another rule reports with its impact is not reported twice.
    selection.selected.retain(|(rule, _)| rule.page.covered_by().is_none());
    Ok(selection)
}

fn selection(
    (sets, family): (Sets, Family),
    uses: &[String],
    (except, more): (&[String], &[String]),
    severity: impl Fn(&'static Rule) -> Severity,
) -> Result<Selection, Error> {
    let except: Vec<String> = except.iter().chain(more).cloned().collect();
    let selected = select(sets, family, uses, &except).map_err(|unknown| {
        let first = unknown.into_iter().next().expect("a failed selection names what is unknown");
        Error::new(first.message).help(first.help)
    })?;
    let errors = rules::compile_rules().into_iter().filter(|rule| rule.page.severity == Severity::Error);
    let on = selected.into_iter().chain(errors.filter(|rule| sets.hold(rule))).map(|rule| (rule, severity(rule)));
    let (selected, always): (Vec<_>, Vec<_>) = on.partition(|(rule, _)| Family::of(rule).is_some());
    let names = uses.iter().cloned().chain(except.iter().map(|name| format!("not {name}"))).collect();
    Ok(Selection { names, selected, always, scopes: Vec::new() })
}
