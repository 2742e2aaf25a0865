//! Runs checks: over the files of a schema or the pairs of two, in one walk whatever the number of sections of the
//! configuration; then suppression. It prints nothing and uses no rule by name but those it reports for itself.

mod bases;
mod breaking;
mod checked;
mod checks;
mod compare;
mod compare_policy;
pub(crate) mod deprecation;
mod entailed;
pub(crate) mod examples;
#[cfg(test)]
mod generated;
mod layers;
mod lint;
pub(crate) mod new_only;
mod not_compared;
mod option_names;
mod own_rules;
mod paired;
pub(crate) mod past;
mod registries;
pub(crate) mod reused;
mod rule_set;
mod sections;
mod self_check;
pub(crate) mod suppress;
#[cfg(test)]
mod tests;
mod unused_patterns;

pub use breaking::compare;
pub(crate) use breaking::{Changes, LocatedChange};
pub(crate) use checked::Checked;
pub use compare_policy::Policy;
pub use paired::Paired;
pub use rule_set::Rules;
pub(crate) use sections::{Plan, Section};

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::finding::Finding;
use crate::rules::own::{Elements, Kind};
use crate::rules::{Cx, Reach, Rule, Settings, Trees};
use crate::schema::{File, Message, Root, Schema};
use crate::source::FILES_OF_A_TASK;
use checks::{Call, Checks, RootCheck, SchemaCheck};
use suppress::UnusedOf;

/// Findings, each with the section of the plan that it belongs to.
type Sectioned = Vec<(u32, Finding)>;

/// Everything the plan's rules find in the target files, with what the comments and the configuration suppress taken
/// out; in no particular order.
pub(crate) fn check(schema: &Schema, plan: &Plan<'_>) -> Vec<Finding> {
    let checker = Checker::new(plan);
    let files: Vec<File<'_>> = schema.files().filter(|file| file.is_target()).collect();
    let per_file = || files.par_iter().with_max_len(FILES_OF_A_TASK).flat_map_iter(|&file| checker.in_file(file));
    let (mut findings, more): (Sectioned, Sectioned) =
        rayon::join(|| per_file().collect(), || checker.between_files(schema));
    findings.extend(more);
    suppress::by_path(&mut findings, plan);
    let mut findings: Vec<Finding> = findings.into_iter().map(|(_, finding)| finding).collect();
    let unused = suppress::by_directive(&mut findings, schema.files(), plan, UnusedOf::OneSchema);
    findings.extend(unused);
    findings
}

/// Findings by the reach of what found them.
type ByReach = [Sectioned; Reach::ALL.len()];

/// The checks of a plan, section by section.
struct Checker<'p, 'a> {
    plan: &'p Plan<'a>,
    checks: Vec<Checks>,
    /// The same for files of which the syntax is not known.
    without_syntax: OnceLock<Vec<Checks>>,
}

impl<'p, 'a> Checker<'p, 'a> {
    fn new(plan: &'p Plan<'a>) -> Checker<'p, 'a> {
        let checks = plan.sections.iter().map(|section| Checks::of(&section.rules)).collect();
        Checker { plan, checks, without_syntax: OnceLock::new() }
    }

    /// What the rules that look at one file at a time find in it.
    fn in_file(&self, file: File<'_>) -> Sectioned {
        let checks = match file.is_syntax_known() {
            true => &self.checks,
            false => self.without_syntax.get_or_init(|| self.plan.sections.iter().map(checks_without_syntax).collect()),
        };
        let own = self.plan.members.sections_of(file.source()).iter();
        own.flat_map(|&at| in_file(file, &checks[at as usize], self.plan, at)).collect()
    }

    /// What the rules that look at many files at once find.
    fn between_files(&self, schema: &Schema) -> Sectioned {
        let roots = schema.roots();
        let (of_roots, of_schema) = rayon::join(|| self.in_roots(&|_| &roots), || self.in_schema(schema));
        of_roots.into_iter().flatten().chain(of_schema).collect()
    }

    /// What the rules over roots find in those that they are given, by their reach.
    fn in_roots<'s>(&self, roots: &(dyn Fn(Reach) -> &'s [Root<'s>] + Sync)) -> ByReach {
        let wholes = wholes(self.plan);
        let calls = wholes.iter().flat_map(|whole| whole.checks.root.iter().map(move |call| (whole, call)));
        let pairs: Vec<_> =
            calls.flat_map(|(whole, call)| roots(call.check.0).iter().map(move |root| (whole, call, root))).collect();
        let run = |&(whole, call, root): &(&Whole<'_>, &Call<RootCheck>, &Root<'_>)| {
            let (reach, check) = call.check;
            (reach, run_whole(whole, call.rule, self.plan, &|cx| check(root, cx)))
        };
        let found: Vec<(Reach, Sectioned)> = pairs.par_iter().with_max_len(1).map(run).collect();
        let mut by_reach = ByReach::default();
        for (reach, found) in found {
            by_reach[reach as usize].extend(found);
        }
        by_reach
    }

    /// What the rules over the whole schema find.
    fn in_schema(&self, schema: &Schema) -> Sectioned {
        let wholes = wholes(self.plan);
        let calls: Vec<_> =
            wholes.iter().flat_map(|whole| whole.checks.schema.iter().map(move |call| (whole, call))).collect();
        let run = |(whole, call): &(&Whole<'_>, &Call<SchemaCheck>)| {
            run_whole(whole, call.rule, self.plan, &|cx| (call.check)(schema, cx))
        };
        calls.par_iter().flat_map_iter(run).collect()
    }
}

/// The checks of a section for files of which the syntax is not known.
fn checks_without_syntax(section: &Section<'_>) -> Checks {
    let rules: Vec<_> = section.rules.iter().copied().filter(|(rule, _)| !rule.page.needs_syntax).collect();
    Checks::of(&rules)
}

/// What the checks of one section find in a file.
fn in_file(file: File<'_>, checks: &Checks, plan: &Plan<'_>, section: u32) -> impl Iterator<Item = (u32, Finding)> {
    let mut context = Cx::new(plan.sections[section as usize].settings, plan.sources);
    let cx = &mut context;
    let comments = Trees::new(plan.sources);
    let elements = Elements::new(&comments);
    checks.file.run(cx, |check, cx| check(file, cx));
    checks.run_own(Kind::File, file, &elements, cx);
    for import in file.imports() {
        checks.import.run(cx, |check, cx| check(import, cx));
        checks.run_own(Kind::Import, import, &elements, cx);
    }
    for message in file.all_messages() {
        checks.message.run(cx, |check, cx| check(message, cx));
        if !message.is_map_entry() {
            checks.run_own(Kind::Message, message, &elements, cx);
        }
        for oneof in message.oneofs() {
            checks.oneof.run(cx, |check, cx| check(oneof, cx));
            if !oneof.is_synthetic() {
                checks.run_own(Kind::Oneof, oneof, &elements, cx);
            }
        }
    }
    for field in file.all_fields() {
        checks.field.run(cx, |check, cx| check(field, cx));
        match field.is_extension() {
            true => checks.run_own(Kind::Extension, field, &elements, cx),
            false if field.parent().is_some_and(Message::is_map_entry) => {}
            false => checks.run_own(Kind::Field, field, &elements, cx),
        }
    }
    for enumeration in file.all_enums() {
        checks.enumeration.run(cx, |check, cx| check(enumeration, cx));
        checks.run_own(Kind::Enum, enumeration, &elements, cx);
        for value in enumeration.values() {
            checks.value.run(cx, |check, cx| check(value, cx));
            checks.run_own(Kind::EnumValue, value, &elements, cx);
        }
    }
    for service in file.services() {
        checks.service.run(cx, |check, cx| check(service, cx));
        checks.run_own(Kind::Service, service, &elements, cx);
        for method in service.methods() {
            checks.method.run(cx, |check, cx| check(method, cx));
            checks.run_own(Kind::Rpc, method, &elements, cx);
        }
    }
    context.into_findings().into_iter().map(move |finding| (section, finding))
}

/// The sections with one and the same options, whose rules over many files at once run together.
struct Whole<'a> {
    settings: &'a Settings,
    checks: Checks,
    sections: FxHashSet<u32>,
}

impl Whole<'_> {
    /// A finding as the section of its file has it, if that is one of these and has the rule on.
    fn in_section(&self, finding: Finding, plan: &Plan<'_>) -> Option<(u32, Finding)> {
        let own = plan.members.sections_of(finding.place.map(|place| place.file)).first();
        let &at = own.filter(|at| self.sections.contains(at))?;
        let severity = plan.sections[at as usize].severity_of(finding.rule)?;
        Some((at, Finding { severity, ..finding }))
    }
}

/// Sections by their options.
fn wholes<'a>(plan: &Plan<'a>) -> Vec<Whole<'a>> {
    let mut alike: Vec<(&'a Settings, Vec<u32>)> = Vec::new();
    for at in plan.inhabited() {
        let section = &plan.sections[at as usize];
        match alike.iter_mut().find(|(settings, _)| *settings == section.settings) {
            Some((_, sections)) => sections.push(at),
            None => alike.push((section.settings, vec![at])),
        }
    }
    let whole = |(settings, sections): (&'a Settings, Vec<u32>)| {
        let checks = Checks::of(&plan.rules_of(sections.iter().copied()));
        Whole { settings, checks, sections: sections.into_iter().collect() }
    };
    alike.into_iter().map(whole).collect()
}

/// What a rule over many files finds, for each section that has the rule.
fn run_whole(whole: &Whole<'_>, rule: &'static Rule, plan: &Plan<'_>, check: &dyn Fn(&mut Cx<'_>)) -> Sectioned {
    let mut cx = Cx::new(whole.settings, plan.sources);
    cx.run_as(rule, rule.page.severity);
    check(&mut cx);
    cx.into_findings().into_iter().filter_map(|finding| whole.in_section(finding, plan)).collect()
}
