//! Lints a project by the sections of a configuration.

use std::sync::Arc;

use super::sections::Members;
use super::{Plan, Rules, Section, self_check, unused_patterns};
use crate::config::{CheckConfig, Config, EditorStyle, Selection, Styles};
use crate::finding::{Finding, order};
use crate::project::Project;
use crate::report::Report;
use crate::rules::Settings;
use crate::rules::compile::{CONFIG_UNUSED_IGNORE, UNUSED_IGNORE};
use crate::schema::Schema;
use crate::source::Sources;

impl Project {
    /// Holds the project to rules: all they find, sorted, with what is suppressed taken out, and what keeps files from being
    /// checked.
    pub fn lint(&self, rules: &Rules) -> Report {
        let relative = self.relative();
        let mut findings = check(rules, self.schema(), self.sources(), &relative);
        findings.extend(self.loaded.findings.iter().cloned());
        // Of rules that come from elsewhere the patterns are not about this project.
        let is_own = Arc::ptr_eq(&rules.config, &self.settings.config);
        let covers_all = is_own && unused_patterns::are_all_tried(self.settings());
        if let Some(severity) = rules.selection.severity_of(CONFIG_UNUSED_IGNORE.id).filter(|_| covers_all) {
            findings.extend(unused_patterns::find(
                &rules.config,
                &self.used_excludes,
                &relative,
                (severity, self.sources()),
            ));
        }
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

/// What the rules of each section find in its files. `paths` are those that patterns mean.
pub(super) fn check(rules: &Rules, schema: &Schema, sources: &Sources, paths: &[String]) -> Vec<Finding> {
    let Rules { config, selection } = rules;
    let scopes = config.scopes.iter().map(|scope| config.check_in(scope)).zip(&selection.scopes);
    let scopes: Vec<(&CheckConfig, &Selection)> = scopes.chain([(&config.check, selection)]).collect();
    let sections = || scopes.iter().map(|(check, selection)| section(check, selection));
    let members = Members::of(config, paths);
    let layouts = layouts(config, &members, paths, sections().any(|section| section.reads_layout()));
    let settings: Vec<(usize, Settings)> = layouts
        .found
        .iter()
        .map(|(at, style)| (*at as usize, style.fill_in(&scopes[*at as usize].0.settings)))
        .collect();
    let with_layout =
        settings.iter().map(|(at, settings)| Section { settings, ..section(scopes[*at].0, scopes[*at].1) });
    let sections = sections().chain(with_layout).collect();
    super::check(schema, &Plan { sections, members: layouts.members.unwrap_or(members), sources, paths })
}

/// What `.editorconfig` files add to sections.
#[derive(Default)]
struct Layouts {
    /// The sections with what is added, each once; they come after all others.
    found: Vec<(u32, EditorStyle)>,
    /// The section of each text, where any is one of these.
    members: Option<Members>,
}

/// Finds what `.editorconfig` files say of the files of each section, where rules read that.
fn layouts(config: &Config, members: &Members, paths: &[String], is_read: bool) -> Layouts {
    if !config.uses_editor_config || !is_read {
        return Layouts::default();
    }
    let styles = Styles::new(config);
    let mut found: Vec<(u32, EditorStyle)> = Vec::new();
    let rest = config.scopes.len();
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
        own.push((rest + 1 + index) as u32);
    }
    let members = (!found.is_empty()).then_some(Members::One(own));
    Layouts { found, members }
}

fn section<'a>(check: &'a CheckConfig, selection: &Selection) -> Section<'a> {
    let rules = selection.always.iter().chain(&selection.selected).copied().collect();
    Section::of_check(check, rules, selection.severity_of(UNUSED_IGNORE.id))
}
