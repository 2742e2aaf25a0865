//! Lints a project by the sections of a configuration.

use std::sync::Arc;

use super::sections::Members;
use super::{Plan, Rules, Section, self_check, unused_patterns};
use crate::config::{CheckConfig, Selection};
use crate::finding::{Finding, order};
use crate::project::Project;
use crate::report::Report;
use crate::rules::compile::{CONFIG_UNUSED_IGNORE, UNUSED_IGNORE};
use crate::source::Sources;

impl Project {
    /// Holds the project to rules: all they find, sorted, with what is suppressed taken out, and what keeps files from being
    /// checked.
    pub fn lint(&self, rules: &Rules) -> Report {
        let relative = self.relative();
        let mut findings = super::check(self.schema(), &plan(rules, self.sources(), &relative));
        findings.extend(self.loaded.findings.iter().cloned());
        findings.extend(unused_in_configuration(self, rules, &relative));
        let self_check =
            self.settings().self_check.then(|| self_check::run(self.schema(), self.sources(), &mut findings));
        if self.set().is_some() {
            // There is no text to change.
            findings.iter_mut().for_each(|finding| finding.fix = None);
        }
        order::sort(&mut findings, self.sources());
        Report { files: self.target_files(), self_check, ..Report::new(findings, self.sources().clone()) }
    }
}

/// The patterns of the configuration that match nothing, as findings.
pub(super) fn unused_in_configuration(project: &Project, rules: &Rules, relative: &[String]) -> Vec<Finding> {
    // Of rules that come from elsewhere the patterns are not about this project.
    let is_own = Arc::ptr_eq(&rules.config, &project.settings.config);
    let covers_all = is_own && unused_patterns::are_all_tried(project.settings());
    let severity = rules.selection.severity_of(CONFIG_UNUSED_IGNORE.id).filter(|_| covers_all);
    let find = |severity| {
        unused_patterns::find(&rules.config, &project.used_excludes, relative, (severity, project.sources()))
    };
    severity.map(find).unwrap_or_default()
}

/// What the rules of each section do with its files. `paths` are those that patterns mean.
pub(super) fn plan<'a>(rules: &'a Rules, sources: &'a Sources, paths: &'a [String]) -> Plan<'a> {
    let Rules { config, selection } = rules;
    let scopes = config.scopes.iter().map(|scope| config.check_in(scope)).zip(&selection.scopes);
    let sections =
        scopes.chain([(&config.check, selection)]).map(|(check, selection)| section(check, selection)).collect();
    Plan { sections, members: Members::of(config, paths), sources, paths }
}

fn section<'a>(check: &'a CheckConfig, selection: &Selection) -> Section<'a> {
    let rules = selection.always.iter().chain(&selection.selected).copied().collect();
    Section::of_check(check, rules, selection.severity_of(UNUSED_IGNORE.id))
}
