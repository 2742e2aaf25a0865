//! Lints a project by the sections of a configuration.

use std::sync::Arc;

use super::sections::Members;
use super::{Plan, Rules, Section, option_names, self_check, unused_patterns};
use crate::config::{CheckConfig, EditorStyle, Selection, Styles};
use crate::finding::{Finding, order};
use crate::project::Project;
use crate::report::Report;
use crate::rules::Settings;
use crate::rules::compile::{CONFIG_UNUSED_IGNORE, UNUSED_IGNORE};
use crate::source::Sources;

impl Project {
    /// Holds the project to rules: all they find, sorted, with what is suppressed taken out, and what keeps files from being
    /// checked.
    pub fn lint(&self, rules: &Rules) -> Report {
        let relative = self.relative();
        let layouts = Layouts::new(rules, &relative);
        let mut findings = super::check(self.schema(), &plan(rules, self.sources(), &relative, &layouts));
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

/// The patterns and names of the configuration that match nothing, as findings.
pub(super) fn unused_in_configuration(project: &Project, rules: &Rules, relative: &[String]) -> Vec<Finding> {
    // Of rules that come from elsewhere the patterns are not about this project.
    let is_own = Arc::ptr_eq(&rules.config, &project.settings.config);
    let covers_all = is_own && unused_patterns::are_all_tried(project.settings());
    let severity = rules.selection.severity_of(CONFIG_UNUSED_IGNORE.id).filter(|_| covers_all);
    let find = |severity| {
        unused_patterns::find(&rules.config, &project.used_excludes, relative, (severity, project.sources()))
    };
    let mut unused = severity.map(find).unwrap_or_default();
    if covers_all {
        unused.extend(option_names::unknown(&rules.config, project.schema()));
    }
    unused
}

/// What the rules of each section do with its files. `paths` are those that patterns mean.
pub(super) fn plan<'a>(rules: &'a Rules, sources: &'a Sources, paths: &'a [String], layouts: &'a Layouts) -> Plan<'a> {
    let scopes = scopes(rules);
    let own = scopes.iter().map(|(check, selection)| section(check, selection));
    let with_layout =
        layouts.settings.iter().map(|(at, settings)| Section { settings, ..section(scopes[*at].0, scopes[*at].1) });
    let sections = own.chain(with_layout).collect();
    let members = layouts.members.clone().unwrap_or_else(|| Members::of(&rules.config, paths));
    Plan { sections, members, sources, paths, own: Some(&rules.config.own) }
}

/// The scopes of the configuration with what is selected in each; the last one is for all else.
fn scopes(rules: &Rules) -> Vec<(&CheckConfig, &Selection)> {
    let Rules { config, selection } = rules;
    let scopes = config.scopes.iter().map(|scope| config.check_in(scope)).zip(&selection.scopes);
    scopes.chain([(&config.check, selection)]).collect()
}

/// What `.editorconfig` files add to sections.
#[derive(Default)]
pub(super) struct Layouts {
    /// The settings of sections with what is added, each once; they come after all others.
    settings: Vec<(usize, Settings)>,
    /// The section of each text, where any is one of these.
    members: Option<Members>,
}

impl Layouts {
    /// Finds what `.editorconfig` files say of the files of each section, where rules read that.
    pub(super) fn new(rules: &Rules, paths: &[String]) -> Layouts {
        let (config, scopes) = (&rules.config, scopes(rules));
        let is_read = || scopes.iter().any(|(check, selection)| section(check, selection).reads_layout());
        if !config.uses_editor_config || !is_read() {
            return Layouts::default();
        }
        let members = Members::of(config, paths);
        let styles = Styles::new(config);
        let mut found: Vec<(u32, EditorStyle)> = Vec::new();
        let mut own = Vec::with_capacity(paths.len());
        for (at, path) in paths.iter().enumerate() {
            let section = members.section_at(at);
            let style = styles.of_editor(&config.directory.join(path));
            if path.is_empty() || style.is_empty() {
                own.push(section);
                continue;
            }
            let layout = (section, style);
            let index = found.iter().position(|known| *known == layout).unwrap_or_else(|| {
                found.push(layout);
                found.len() - 1
            });
            own.push((scopes.len() + index) as u32);
        }
        let settings: Vec<(usize, Settings)> =
            found.iter().map(|(at, style)| (*at as usize, style.fill_in(&scopes[*at as usize].0.settings))).collect();
        let members = (!found.is_empty()).then_some(Members::One(own));
        Layouts { settings, members }
    }
}

fn section<'a>(check: &'a CheckConfig, selection: &Selection) -> Section<'a> {
    let rules = selection.always.iter().chain(&selection.selected).copied().collect();
    Section::of_check(check, rules, selection.severity_of(UNUSED_IGNORE.id))
}
