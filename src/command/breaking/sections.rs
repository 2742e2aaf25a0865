//! What the rules tell of two sides that are loaded, section by section of the configuration. It reads and prints
//! nothing.

use super::sides::Sides;
use crate::cli::{BreakingArgs, LayerArg};
use crate::command::scopes;
use crate::command::setup::Selection;
use crate::compare::pairing::Comparison;
use crate::config::{BreakingConfig, Config};
use crate::finding::{Finding, Layer, Severity};
use crate::project::load::Loaded;
use crate::rules::Rule;
use crate::rules::compile::{INPUT_UNREADABLE, UNUSED_IGNORE};
use crate::rules::version::is_unstable;
use crate::run::{self, Concerns, Extent, PathIgnore, Plan, Policy};
use crate::source::Sources;

/// What is compared by what.
pub(super) struct Run<'a> {
    /// The command line, where that has a say.
    pub(super) args: Option<&'a BreakingArgs>,
    pub(super) config: &'a Config,
    pub(super) selection: &'a Selection,
    pub(super) sources: &'a Sources,
}

/// What holds for some of the files.
#[derive(Clone, Copy)]
struct Section<'a> {
    breaking: &'a BreakingConfig,
    selection: &'a Selection,
    /// For each text, by its index, whether it is one of these files; all are where there is none.
    texts: Option<&'a [bool]>,
}

impl Run<'_> {
    /// All that is wrong with both sides, and with what lies between them, sorted. `branch` is what people call the branch
    /// that is compared with, if it has moved on; so many findings get evidence.
    pub(super) fn findings(&self, sides: &Sides, branch: Option<&str>, with_evidence: usize) -> Vec<Finding> {
        let always = self.plan(&self.config.breaking, self.selection.always.clone(), sides, (None, None));
        let changes = || self.changes(sides, branch, with_evidence);
        let faults = |side: &Loaded| {
            let mut faults = run::check(&side.schema, &always);
            faults.extend(side.findings.iter().cloned());
            faults
        };
        let both = || rayon::join(|| faults(&sides.after), || faults(&sides.before));
        let (mut findings, (of_after, of_baseline)) = rayon::join(changes, both);
        findings.extend(of_after);
        findings.extend(of_baseline.into_iter().filter_map(as_of_baseline));
        run::sort(&mut findings, self.sources);
        findings
    }

    fn plan<'a>(
        &'a self,
        breaking: &'a BreakingConfig,
        rules: Vec<(&'static Rule, Severity)>,
        sides: &'a Sides,
        (texts, unused_ignores): (Option<&'a [bool]>, Option<Severity>),
    ) -> Plan<'a> {
        Plan {
            rules,
            settings: &self.config.check.settings,
            sources: self.sources,
            ignores: breaking.ignore.iter().map(|i| PathIgnore { pattern: &i.pattern, rules: &i.rules }).collect(),
            ignore_paths: &sides.relative,
            unused_ignores,
            extent: Extent { texts, without_buf_comments: false },
        }
    }

    /// What the rules of each section tell of the changes of its files.
    fn changes(&self, sides: &Sides, branch: Option<&str>, with_evidence: usize) -> Vec<Finding> {
        let all = Section { breaking: &self.config.breaking, selection: self.selection, texts: None };
        let Some(mut extents) = scopes::extents(self.config, &sides.relative) else {
            return self.changes_in(all, sides, branch, with_evidence);
        };
        if scopes::is_of_buf(self.config) {
            let schemas = [&sides.after.schema, &sides.before.schema];
            let has_scope = |index: usize| self.config.scope_of(&sides.relative[index]).is_some();
            extents = extents.iter().map(|extent| scopes::with_imports(extent, schemas, has_scope)).collect();
        }
        let own = self.config.scopes.iter().map(|scope| self.config.breaking_in(scope)).zip(&self.selection.scopes);
        let sections = own.chain([(&self.config.breaking, self.selection)]).zip(&extents);
        let inhabited = sections.filter(|(_, texts)| texts.contains(&true));
        let findings = inhabited.flat_map(|((breaking, selection), texts)| {
            self.changes_in(Section { breaking, selection, texts: Some(texts) }, sides, branch, with_evidence)
        });
        findings.collect()
    }

    fn changes_in(
        &self,
        section: Section<'_>,
        sides: &Sides,
        branch: Option<&str>,
        with_evidence: usize,
    ) -> Vec<Finding> {
        let Section { breaking, selection, texts } = section;
        let layers = layers(self.args, breaking);
        let is_ignored = |package: &str| {
            breaking.ignore_packages.matches(package) || (breaking.ignore_unstable_packages && is_unstable(package))
        };
        let concerns = Concerns {
            layers: layers.as_deref(),
            policies: breaking.policies.iter().map(|p| Policy { pattern: &p.pattern, layers: &p.layers }).collect(),
            is_ignored: &is_ignored,
            with_evidence,
        };
        let follow_renames = layers.is_some();
        let unused_ignores = selection.severity_of(UNUSED_IGNORE.id);
        let chosen = self.plan(breaking, selection.selected.clone(), sides, (texts, unused_ignores));
        let comparison = Comparison::new(&sides.before.schema, &sides.after.schema, follow_renames)
            .beside_packages(sides.unread_packages.clone());
        let mut findings = run::compare(&comparison, &chosen, &concerns);
        if let (Some((base, tip)), Some(branch)) = (&sides.moved_on, branch) {
            let theirs = Comparison::new(&base.schema, &tip.schema, follow_renames);
            findings.extend(run::collide(&comparison, &theirs, branch, &chosen, &concerns));
        }
        if !breaking.policies.is_empty() || !breaking.ignore_packages.is_empty() {
            findings.extend(run::reached(&sides.after.schema, &chosen, &concerns));
        }
        findings
    }
}

/// What is wrong with the baseline can be mended by nobody here; but what does not compile there is not compared. What
/// cannot even be read keeps the job from being done.
fn as_of_baseline(finding: Finding) -> Option<Finding> {
    if finding.severity < Severity::Error {
        return None;
    }
    let message = format!("in the baseline, {}", finding.message);
    let severity = if finding.rule == INPUT_UNREADABLE.id { Severity::Error } else { Severity::Warning };
    Some(Finding { severity, message, help: None, ..finding })
}

/// The layers that changes have to break; `None` where rules select.
pub(super) fn layers(args: Option<&BreakingArgs>, breaking: &BreakingConfig) -> Option<Vec<Layer>> {
    let Some(args) = args else { return breaking.layers.clone() };
    let given: Vec<Layer> = args.layers.iter().map(|layer| layer_of(*layer)).collect();
    match (given.is_empty(), args.config.uses.is_empty()) {
        (false, _) => Some(Layer::ALL.into_iter().filter(|layer| given.contains(layer)).collect()),
        // Rules named on the command line stand for the whole of the configured selection.
        (true, false) => None,
        (true, true) => breaking.layers.clone(),
    }
}

fn layer_of(layer: LayerArg) -> Layer {
    match layer {
        LayerArg::Wire => Layer::Wire,
        LayerArg::Json => Layer::Json,
        LayerArg::Grpc => Layer::Grpc,
        LayerArg::Source => Layer::Source,
    }
}
