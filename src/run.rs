//! Runs checks over a schema: one walk, each check called for its kind of element; then suppression and order. It
//! prints nothing and knows no rule by name but the one it speaks for itself.

mod compare;
#[cfg(test)]
mod generated;
mod policy;
pub(crate) mod suppress;

pub(crate) use compare::{Concerns, Policy, collide, compare};
pub(crate) use policy::reached;

use std::borrow::Borrow;

use rayon::prelude::*;

use crate::finding::{Finding, Severity};
use crate::pattern::PathPatterns;
use crate::rules::{Check, Cx, Rule, Settings};
use crate::schema::{Enum, Field, File, Message, Schema};
use crate::source::{FILES_OF_A_TASK, FileId, Place, Sources};
use suppress::UnusedOf;

/// What to run, and what to make of it.
pub(crate) struct Plan<'a> {
    /// The rules that are on, each with how much it matters in this run.
    pub(crate) rules: Vec<(&'static Rule, Severity)>,
    pub(crate) settings: &'a Settings,
    pub(crate) sources: &'a Sources,
    pub(crate) ignores: Vec<PathIgnore<'a>>,
    /// For each text, by its index, the path that the patterns of `ignores` mean.
    pub(crate) ignore_paths: &'a [String],
    /// How much directives that silence nothing matter; `None` where nobody asked.
    pub(crate) unused_ignores: Option<Severity>,
    pub(crate) extent: Extent<'a>,
}

impl<'a> Plan<'a> {
    /// These rules for all files, of which nothing is ignored but by directives.
    pub(crate) fn plain(
        rules: Vec<(&'static Rule, Severity)>,
        settings: &'a Settings,
        sources: &'a Sources,
    ) -> Plan<'a> {
        Plan {
            rules,
            settings,
            sources,
            ignores: Vec::new(),
            ignore_paths: &[],
            unused_ignores: None,
            extent: Extent::default(),
        }
    }
}

/// What a plan is for, where a configuration has several.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extent<'a> {
    /// For each text, by its index, whether its findings are told; all where there is none.
    pub(crate) texts: Option<&'a [bool]>,
    /// Whether `buf:lint:ignore` has no effect.
    pub(crate) without_buf_comments: bool,
}

impl Extent<'_> {
    fn covers(&self, file: Option<FileId>) -> bool {
        let Some(texts) = self.texts else { return true };
        file.is_some_and(|file| texts.get(file.index()).copied().unwrap_or_default())
    }
}

/// Rules that are not told about files of some paths.
pub(crate) struct PathIgnore<'a> {
    pub(crate) pattern: &'a PathPatterns,
    pub(crate) rules: &'a [&'static str],
}

type Call<F> = (F, &'static Rule, Severity);

/// The checks of a plan by what they are called for.
#[derive(Default)]
#[expect(clippy::type_complexity, reason = "each field is one kind of `Check`, spelled as there")]
struct Checks {
    file: Vec<Call<fn(File<'_>, &mut Cx<'_>)>>,
    import: Vec<Call<fn(crate::schema::Import<'_>, &mut Cx<'_>)>>,
    message: Vec<Call<fn(Message<'_>, &mut Cx<'_>)>>,
    field: Vec<Call<fn(Field<'_>, &mut Cx<'_>)>>,
    oneof: Vec<Call<fn(crate::schema::Oneof<'_>, &mut Cx<'_>)>>,
    enumeration: Vec<Call<fn(Enum<'_>, &mut Cx<'_>)>>,
    value: Vec<Call<fn(crate::schema::EnumValue<'_>, &mut Cx<'_>)>>,
    service: Vec<Call<fn(crate::schema::Service<'_>, &mut Cx<'_>)>>,
    method: Vec<Call<fn(crate::schema::Method<'_>, &mut Cx<'_>)>>,
    root: Vec<Call<fn(&crate::schema::Root<'_>, &mut Cx<'_>)>>,
    schema: Vec<Call<fn(&Schema, &mut Cx<'_>)>>,
}

impl Checks {
    fn of(rules: &[(&'static Rule, Severity)]) -> Checks {
        let mut checks = Checks::default();
        for &(rule, severity) in rules {
            checks.add(rule.check, rule, severity);
        }
        checks
    }

    fn add(&mut self, check: Check, rule: &'static Rule, severity: Severity) {
        match check {
            Check::File(call) => self.file.push((call, rule, severity)),
            Check::Import(call) => self.import.push((call, rule, severity)),
            Check::Message(call) => self.message.push((call, rule, severity)),
            Check::Field(call) => self.field.push((call, rule, severity)),
            Check::Oneof(call) => self.oneof.push((call, rule, severity)),
            Check::Enum(call) => self.enumeration.push((call, rule, severity)),
            Check::EnumValue(call) => self.value.push((call, rule, severity)),
            Check::Service(call) => self.service.push((call, rule, severity)),
            Check::Method(call) => self.method.push((call, rule, severity)),
            Check::Root(call) => self.root.push((call, rule, severity)),
            Check::Schema(call) => self.schema.push((call, rule, severity)),
            Check::Each(each) => each.iter().for_each(|&check| self.add(check, rule, severity)),
            // Pairs are for who compares.
            _ => {}
        }
    }
}

/// Calls every check of one kind for an element.
macro_rules! call {
    ($checks:expr, $element:expr, $cx:expr) => {
        for &(check, rule, severity) in &$checks {
            $cx.run_as(rule, severity);
            check($element, $cx);
        }
    };
}
use call;

/// Everything the plan's rules find in the files that were asked about, with what the comments and the configuration
/// silence taken out; in no particular order.
pub(crate) fn check(schema: &Schema, plan: &Plan<'_>) -> Vec<Finding> {
    let checks = Checks::of(&plan.rules);
    let files: Vec<File<'_>> =
        schema.files().filter(|file| file.is_target() && plan.extent.covers(file.source())).collect();
    let tasks = || files.par_iter().with_max_len(FILES_OF_A_TASK);
    let per_file = || tasks().flat_map_iter(|&file| in_file(file, &checks, plan));
    let mut roots = schema.roots();
    roots.retain(|root| root.files.iter().any(|file| plan.extent.covers(file.source())));
    let run = |rule, severity, check: &dyn Fn(&mut Cx<'_>)| {
        let mut cx = Cx::new(plan.settings, plan.sources);
        cx.run_as(rule, severity);
        check(&mut cx);
        cx.into_findings()
    };
    let per_root = || {
        let of_root = |root| checks.root.par_iter().with_max_len(1).map(move |call| (root, call));
        let calls = roots.par_iter().flat_map(of_root);
        calls.flat_map_iter(|(root, &(check, rule, severity))| run(rule, severity, &|cx| check(root, cx)))
    };
    let per_schema = || {
        let calls = checks.schema.par_iter();
        calls.flat_map_iter(|&(check, rule, severity)| run(rule, severity, &|cx| check(schema, cx)))
    };
    let mut findings: Vec<Finding> = per_schema().chain(per_root()).chain(per_file()).collect();
    findings.retain(|finding| plan.extent.covers(finding.place.map(|place| place.file)));
    suppress::by_path(&mut findings, plan);
    let unused = suppress::by_directive(&mut findings, schema, plan, UnusedOf::OneSchema);
    findings.extend(unused);
    findings
}

fn in_file(file: File<'_>, checks: &Checks, plan: &Plan<'_>) -> Vec<Finding> {
    let mut context = Cx::new(plan.settings, plan.sources);
    let cx = &mut context;
    call!(checks.file, file, cx);
    for import in file.imports() {
        call!(checks.import, import, cx);
    }
    for message in file.all_messages() {
        call!(checks.message, message, cx);
        for oneof in message.oneofs() {
            call!(checks.oneof, oneof, cx);
        }
    }
    for field in file.all_fields() {
        call!(checks.field, field, cx);
    }
    for enumeration in file.all_enums() {
        call!(checks.enumeration, enumeration, cx);
        for value in enumeration.values() {
            call!(checks.value, value, cx);
        }
    }
    for service in file.services() {
        call!(checks.service, service, cx);
        for method in service.methods() {
            call!(checks.method, method, cx);
        }
    }
    context.into_findings()
}

/// Sorts findings by path, place, rule and message, and drops those told twice.
pub(crate) fn sort<F: Borrow<Finding> + Send>(findings: &mut Vec<F>, sources: &Sources) {
    let rank = path_ranks(sources);
    let key = |finding: &Finding| finding.place.map(|place: Place| (rank[place.file.index()], place.span));
    findings.par_sort_unstable_by(|one, other| {
        let (one, other) = (one.borrow(), other.borrow());
        let places = key(one).cmp(&key(other));
        places.then_with(|| one.rule.cmp(other.rule)).then_with(|| one.message.cmp(&other.message))
    });
    findings.dedup_by(|one, other| {
        let (one, other): (&Finding, &Finding) = ((*one).borrow(), (*other).borrow());
        one.rule == other.rule && one.place == other.place && one.message == other.message
    });
}

/// For each text, its position when all are sorted by path.
fn path_ranks(sources: &Sources) -> Vec<u32> {
    let mut order: Vec<(FileId, &str)> = sources.iter().map(|(id, file)| (id, file.path())).collect();
    order.sort_by_key(|(_, path)| *path);
    let mut ranks = vec![0; order.len()];
    for (rank, (id, _)) in (0..).zip(order) {
        ranks[id.index()] = rank;
    }
    ranks
}
