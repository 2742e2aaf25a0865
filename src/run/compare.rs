//! Runs checks over two schemas: each called for its kind of pair; then selection, suppression and evidence. It knows no
//! rule by name.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::suppress::{self, UnusedOf};
use super::{Call, Plan, call};
use crate::compare::evidence;
use crate::compare::impact::Proof;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Finding, Layer, Severity};
use crate::pattern::NamePatterns;
use crate::rules::breaking::{BASE_COLLISION, collisions};
use crate::rules::{ChangeCx, Check, PendingFinding, Rule};
use crate::schema::{Enum, Field, File, Message, Method, Service};
use crate::source::{FileId, Sources};

/// The checks of a plan by the pairs they are called for.
#[derive(Default)]
#[expect(clippy::type_complexity, reason = "each field is one kind of `Check`, spelled as there")]
pub(super) struct Checks {
    file: Vec<Call<for<'s> fn(Pair<File<'s>>, &mut ChangeCx<'s>)>>,
    message: Vec<Call<for<'s> fn(Pair<Message<'s>>, &mut ChangeCx<'s>)>>,
    field: Vec<Call<for<'s> fn(Pair<Field<'s>>, &mut ChangeCx<'s>)>>,
    enumeration: Vec<Call<for<'s> fn(Pair<Enum<'s>>, &mut ChangeCx<'s>)>>,
    service: Vec<Call<for<'s> fn(Pair<Service<'s>>, &mut ChangeCx<'s>)>>,
    method: Vec<Call<for<'s> fn(Pair<Method<'s>>, &mut ChangeCx<'s>)>>,
    comparison: Vec<Call<for<'s> fn(&'s Comparison<'s>, &mut ChangeCx<'s>)>>,
}

impl Checks {
    pub(super) fn of(rules: &[(&'static Rule, Severity)]) -> Checks {
        let mut checks = Checks::default();
        for &(rule, severity) in rules {
            checks.add(rule.check, rule, severity);
        }
        checks
    }

    fn add(&mut self, check: Check, rule: &'static Rule, severity: Severity) {
        match check {
            Check::FilePair(call) => self.file.push((call, rule, severity)),
            Check::MessagePair(call) => self.message.push((call, rule, severity)),
            Check::FieldPair(call) => self.field.push((call, rule, severity)),
            Check::EnumPair(call) => self.enumeration.push((call, rule, severity)),
            Check::ServicePair(call) => self.service.push((call, rule, severity)),
            Check::MethodPair(call) => self.method.push((call, rule, severity)),
            Check::Comparison(call) => self.comparison.push((call, rule, severity)),
            Check::Each(each) => each.iter().for_each(|&check| self.add(check, rule, severity)),
            _ => {}
        }
    }
}

/// Which changes are told.
pub(crate) struct Concerns<'a> {
    /// The layers that changes have to break; none where rules select alone.
    pub(crate) layers: Option<&'a [Layer]>,
    /// Other layers for some names; the last that matches counts.
    pub(crate) policies: Vec<Policy<'a>>,
    /// Packages whose changes are not told.
    pub(crate) is_ignored: &'a (dyn Fn(&str) -> bool + Sync),
    /// How many findings, in the order of the output, get evidence.
    pub(crate) with_evidence: usize,
}

/// The layers that matter for elements of some full names.
pub(crate) struct Policy<'a> {
    pub(crate) pattern: &'a NamePatterns,
    pub(crate) layers: &'a [Layer],
}

/// Everything the plan's rules find between two schemas, with what concerns nobody or is silenced taken out.
pub(crate) fn compare<'s>(comparison: &'s Comparison<'s>, plan: &Plan<'s>, concerns: &Concerns<'_>) -> Vec<Finding> {
    let claims = claims(comparison, &Checks::of(&plan.rules), concerns.layers.is_some(), plan.sources);
    finish(claims, comparison, plan, concerns, UnusedOf::Changes)
}

fn finish<'s>(
    mut claims: Vec<PendingFinding<'s>>,
    comparison: &'s Comparison<'s>,
    plan: &Plan<'_>,
    concerns: &Concerns<'_>,
    unused_of: UnusedOf,
) -> Vec<Finding> {
    let text =
        |claim: &PendingFinding<'_>| claim.finding.place.map(|place| place.file).or(claim.element.file().source());
    let exempt = concerns.exempt_before(comparison);
    let was_exempt = |claim: &PendingFinding<'_>| {
        let before = claim.finding.change.as_ref().and_then(|change| change.before);
        before.is_some_and(|before| exempt.contains(&before.file))
    };
    claims.retain_mut(|claim| plan.extent.covers(text(claim)) && !was_exempt(claim) && concerns.keeps(claim));
    suppress::by_path(&mut claims, plan);
    let mut unused = suppress::by_directive(&mut claims, comparison.after, plan, unused_of);
    super::sort(&mut claims, plan.sources);
    let prove = |(index, claim): (usize, PendingFinding<'_>)| match index < concerns.with_evidence {
        true => proven(claim),
        false => claim.finding,
    };
    unused.par_extend(claims.into_par_iter().enumerate().map(prove));
    unused
}

/// What the branch `theirs` has taken for something else since both parted.
pub(crate) fn collide<'s>(
    ours: &'s Comparison<'s>,
    theirs: &'s Comparison<'s>,
    branch: &str,
    plan: &Plan<'s>,
    concerns: &Concerns<'_>,
) -> Vec<Finding> {
    let is_collision = |(rule, _): &&(&'static Rule, Severity)| rule.id == BASE_COLLISION.id;
    let Some(&(rule, severity)) = plan.rules.iter().find(is_collision) else { return Vec::new() };
    let mut cx = ChangeCx::new(ours, concerns.layers.is_some(), plan.sources);
    cx.run_as(rule, severity);
    collisions(ours, theirs, branch, &mut cx);
    finish(cx.into_findings(), ours, plan, concerns, UnusedOf::Nothing)
}

/// How many pairs one task looks at.
const CHUNK: usize = 4096;

pub(super) fn claims<'s>(
    comparison: &'s Comparison<'s>,
    checks: &Checks,
    by_layers: bool,
    sources: &'s Sources,
) -> Vec<PendingFinding<'s>> {
    let context = || ChangeCx::new(comparison, by_layers, sources);
    macro_rules! each {
        ($pairs:ident, $checks:ident) => {
            comparison.$pairs.par_chunks(CHUNK).flat_map_iter(|pairs| {
                let mut context = context();
                let cx = &mut context;
                for &pair in pairs {
                    call!(checks.$checks, pair, cx);
                }
                context.into_findings()
            })
        };
    }
    let whole = checks.comparison.par_iter().flat_map_iter(|&(check, rule, severity)| {
        let mut cx = context();
        cx.run_as(rule, severity);
        check(comparison, &mut cx);
        cx.into_findings()
    });
    let types = each!(messages, message).chain(each!(fields, field)).chain(each!(enums, enumeration));
    let rest = each!(files, file).chain(each!(services, service)).chain(each!(methods, method));
    // First what cannot be split.
    whole.chain(types).chain(rest).collect()
}

impl Concerns<'_> {
    /// The files of the earlier side whose packages' changes are not told, though they may have got another package since.
    fn exempt_before(&self, comparison: &Comparison<'_>) -> FxHashSet<FileId> {
        let files = comparison.before.files().filter(|file| (self.is_ignored)(file.package().unwrap_or_default()));
        files.filter_map(|file| file.source()).collect()
    }

    /// Whether a change matters here; what only some values suffer from is a warning where layers select.
    pub(super) fn keeps(&self, claim: &mut PendingFinding<'_>) -> bool {
        if self.is_exempt(claim.element) {
            return false;
        }
        let Some(layers) = self.layers_of(claim.element) else { return true };
        let Some(change) = &claim.finding.change else { return true };
        let broken = change.verdict.on(layers);
        if broken.is_lossy() && self.layers.is_some() {
            claim.finding.severity = Severity::Warning;
        }
        !broken.is_empty()
    }
}

/// A claim's finding with evidence: a payload for each layer that is broken, of the direction that is asked about first.
fn proven(claim: PendingFinding<'_>) -> Finding {
    let PendingFinding { mut finding, proofs, .. } = claim;
    if let Some(change) = &mut finding.change {
        for Proof { layer, direction, subject } in &proofs {
            if change.evidence.iter().all(|known| known.layer != *layer) {
                change.evidence.extend(evidence::find(subject, *layer, *direction));
            }
        }
    }
    finding
}
