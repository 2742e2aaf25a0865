//! Runs checks over two schemas: each called for its kind of pair; then selection and suppression, section by section.
//! It uses no rule by name but the one that takes a third schema.

use std::borrow::Borrow;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::checks::Checks;
use super::entailed;
use super::suppress::{self, UnusedOf};
use super::{Plan, Section};
use super::{deprecation, layers, past};
use crate::compare::evidence;
use crate::compare::impact::Proof;
use crate::compare::pairing::{Comparison, RootPairs};
use crate::config::{BreakingConfig, LayerPolicy};
use crate::finding::{DirectionFilter, Finding, Layer, Severity};
use crate::pattern::NamePatterns;
use crate::project::sides::{Deletions, Past, PastLife};
use crate::rules::breaking::{BASE_COLLISION, Known, collisions};
use crate::rules::version::is_unstable;
use crate::rules::{ChangeCx, Ground, PendingFinding, Rule};
use crate::schema::{Element, Schema};
use crate::source::{FileId, Sources};

/// Which changes are reported.
#[derive(Default)]
pub(crate) struct ChangeFilter<'a> {
    /// The layers that changes have to break; none where rules select alone.
    pub(crate) layers: Option<Vec<Layer>>,
    /// The directions in which they have to.
    pub(super) direction: DirectionFilter,
    /// Other layers for some names; the last that matches counts.
    pub(crate) policies: &'a [LayerPolicy],
    /// Packages whose changes are not reported.
    pub(super) ignore_packages: Option<&'a NamePatterns>,
    pub(super) ignore_unstable_packages: bool,
}

impl<'a> ChangeFilter<'a> {
    /// What the configuration says of some files, for changes that have to break these layers in these directions.
    pub(super) fn new(
        breaking: &'a BreakingConfig,
        layers: Option<Vec<Layer>>,
        direction: DirectionFilter,
    ) -> ChangeFilter<'a> {
        ChangeFilter {
            layers,
            direction,
            policies: &breaking.policies,
            ignore_packages: Some(&breaking.ignore_packages).filter(|patterns| !patterns.is_empty()),
            ignore_unstable_packages: breaking.ignore_unstable_packages,
        }
    }

    /// Whether changes of a package are not reported.
    pub(super) fn ignores(&self, package: &str) -> bool {
        self.ignore_packages.is_some_and(|patterns| patterns.matches(package))
            || (self.ignore_unstable_packages && is_unstable(package))
    }

    /// Whether some names are held to more than others.
    pub(super) fn has_levels(&self) -> bool {
        !self.policies.is_empty() || self.ignore_packages.is_some()
    }

    /// Whether a change matters here; what affects only some values, or what is only suspected, is a warning where
    /// layers select.
    pub(super) fn keeps(&self, claim: &mut PendingFinding<'_>) -> bool {
        if self.is_exempt(claim.element) {
            return false;
        }
        match claim.ground {
            Ground::Impact => {}
            Ground::Policy => return self.layers_of(claim.element).is_none_or(|layers| !layers.is_empty()),
            Ground::Registry => return true,
        }
        let Some(change) = &claim.finding.change else { return true };
        let direction = self.direction_of(claim.element);
        claim.proofs.retain(|proof| direction.includes(proof.direction));
        let verdict = change.verdict.in_directions(direction);
        let Some(layers) = self.layers_of(claim.element) else {
            // Rules select: what breaks in no direction stays, as it is about more than data and calls.
            let [all, counting] = [change.verdict, verdict].map(|verdict| verdict.on(&Layer::OF_TRAFFIC));
            return all.is_harmless() || !counting.is_harmless();
        };
        let broken = verdict.on(layers);
        let is_doubtful = broken.is_empty() && !claim.is_grave;
        if (is_doubtful || broken.is_lossy()) && self.layers.is_some() {
            claim.finding.severity = Severity::Warning;
        }
        !broken.is_empty() || !broken.suspicion().is_empty()
    }
}

/// Two schemas, and what else there is to know of them.
#[derive(Clone, Copy)]
pub(crate) struct Compared<'s> {
    pub(crate) before: &'s Schema,
    pub(crate) after: &'s Schema,
    /// Which root of one is which of the other.
    pub(crate) roots: &'s RootPairs,
    /// Packages of files that are the same on both sides, and in neither schema for that.
    pub(crate) unread_packages: Option<&'s FxHashSet<(u32, String)>>,
    /// What a branch that has moved on has changed since.
    pub(crate) theirs: Option<Theirs<'s>>,
    /// What earlier releases had of what is new.
    pub(crate) past: Option<&'s Past>,
    /// What the deprecation policy says of what is gone.
    pub(crate) deletions: Option<&'s Deletions>,
}

/// What a branch has changed since it was left: what it is called, and its schemas then and now.
#[derive(Clone, Copy)]
pub(crate) struct Theirs<'s> {
    pub(crate) branch: &'s str,
    pub(crate) base: &'s Schema,
    pub(crate) tip: &'s Schema,
    pub(crate) roots: &'s RootPairs,
}

/// A finding, with what would prove it where it is about a change.
pub(crate) struct Unproven<'s> {
    finding: Finding,
    proofs: Vec<Proof<'s>>,
    /// What it is about now, and what that was before, or what is missed there.
    pub(super) element: Option<Element<'s>>,
    pub(super) former: Option<Element<'s>>,
}

impl Borrow<Finding> for Unproven<'_> {
    fn borrow(&self) -> &Finding {
        &self.finding
    }
}

impl From<Finding> for Unproven<'_> {
    fn from(finding: Finding) -> Self {
        Unproven { finding, proofs: Vec::new(), element: None, former: None }
    }
}

impl Unproven<'_> {
    /// The same with evidence: a payload for each layer that is broken, of the first direction that matters.
    pub(super) fn proven(mut self) -> Self {
        if let Some(change) = &mut self.finding.change {
            for Proof { layer, direction, subject } in &self.proofs {
                if change.evidence.iter().all(|known| known.layer != *layer) {
                    change.evidence.extend(evidence::find(subject, *layer, *direction));
                }
            }
        }
        self
    }

    /// The finding, with the evidence that it has.
    pub(super) fn into_finding(self) -> Finding {
        self.finding
    }
}

/// Sections that pair schemas alike, with the pairs: by layers, or as buf's groups do.
pub(crate) struct Pairing<'s> {
    pub(super) by_layers: bool,
    pub(super) ours: Comparison<'s>,
    theirs: Option<(&'s str, Comparison<'s>)>,
    past: Vec<(Comparison<'s>, &'s [PastLife])>,
    deletions: Option<&'s Deletions>,
}

/// The pairs that the sections of a plan need: those of one comparison, or of two where some sections select by layers
/// and others by rules.
pub(crate) fn pairings<'s>(compared: Compared<'s>, plan: &Plan<'_>) -> Vec<Pairing<'s>> {
    let inhabited = plan.inhabited();
    let needs = |by_layers| inhabited.iter().any(|&at| plan.sections[at as usize].by_layers() == by_layers);
    let pair = |by_layers| {
        let ours = Comparison::new(compared.before, compared.after, compared.roots.clone(), by_layers);
        let ours = ours.beside_packages(compared.unread_packages.cloned().unwrap_or_default());
        let theirs = compared.theirs.map(|theirs| {
            let Theirs { branch, base, tip, roots } = theirs;
            (branch, Comparison::new(base, tip, roots.clone(), by_layers))
        });
        let past = compared.past.iter().flat_map(|past| &past.releases).map(|release| {
            let before = &release.loaded.schema;
            (Comparison::new(before, compared.after, RootPairs::default(), by_layers), release.lives.as_slice())
        });
        Pairing { by_layers, ours, theirs, past: past.collect(), deletions: compared.deletions }
    };
    [true, false].into_iter().filter(|by_layers| needs(*by_layers)).map(pair).collect()
}

/// Everything the plan's rules find between two schemas, without what is in other files or is suppressed; in no
/// particular order.
pub(crate) fn changes<'s>(pairings: &'s [Pairing<'s>], compared: Compared<'s>, plan: &Plan<'s>) -> Vec<Unproven<'s>> {
    let packages: FxHashMap<FileId, &str> =
        compared.before.files().filter_map(|file| Some((file.source()?, file.package().unwrap_or_default()))).collect();
    let was_exempt = |claim: &PendingFinding<'_>, section: &Section<'_>| {
        let before = claim.finding.change.as_ref().and_then(|change| change.before);
        before.and_then(|before| packages.get(&before.file)).is_some_and(|package| section.changes.ignores(package))
    };
    let in_section = |at: u32, mut claim: PendingFinding<'s>, by_layers: bool| {
        let section = &plan.sections[at as usize];
        claim.finding.severity =
            section.severity_of(claim.finding.rule).filter(|_| section.by_layers() == by_layers)?;
        (!was_exempt(&claim, section)).then_some((at, claim))
    };
    let mut kept: Vec<(u32, PendingFinding<'s>)> = Vec::new();
    for pairing in pairings {
        let mut of_pairing = Vec::new();
        for claim in pairing.claims(plan) {
            let text = claim.finding.place.map(|place| place.file).or(claim.element.file().source());
            let Some((last, others)) = plan.members.sections_of(text).split_last() else { continue };
            of_pairing.extend(others.iter().filter_map(|at| in_section(*at, claim.clone(), pairing.by_layers)));
            of_pairing.extend(in_section(*last, claim, pairing.by_layers));
        }
        suppress::by_path(&mut of_pairing, plan);
        if pairing.by_layers {
            entailed::fold(&mut of_pairing);
            of_pairing.iter_mut().for_each(|(_, claim)| claim.carry(&pairing.ours));
        }
        of_pairing.retain_mut(|(at, claim)| plan.sections[*at as usize].changes.keeps(claim));
        kept.extend(of_pairing);
    }
    let mut kept: Vec<PendingFinding<'s>> = kept.into_iter().map(|(_, claim)| claim).collect();
    let unused = suppress::by_directive(&mut kept, compared.after.files(), plan, UnusedOf::Changes);
    let others = unused.into_iter().chain(layers::reached(compared.after, plan));
    let changes = kept.into_iter().map(|claim| {
        let PendingFinding { finding, proofs, element, former, .. } = claim;
        Unproven { finding, proofs, element: Some(element), former }
    });
    changes.chain(others.map(Unproven::from)).collect()
}

impl<'s> Pairing<'s> {
    /// What the rules of all sections say that pair like this, as if all were one.
    fn claims(&'s self, plan: &Plan<'s>) -> Vec<PendingFinding<'s>> {
        let alike = |at: &u32| plan.sections[*at as usize].by_layers() == self.by_layers;
        let rules = plan.rules_of(plan.inhabited().into_iter().filter(alike));
        let mut claims = claims(&self.ours, &Checks::of(&rules), self.by_layers, plan.sources);
        let collision = rules.iter().find(|(rule, _)| rule.id == BASE_COLLISION.id);
        if let (Some((branch, theirs)), Some(&(rule, severity))) = (&self.theirs, collision) {
            let mut cx = ChangeCx::new(&self.ours, self.by_layers, plan.sources);
            cx.run_as(rule, severity);
            collisions(&self.ours, theirs, branch, &mut cx);
            claims.extend(cx.into_findings());
        }
        let past = self.ever_used(&rules, plan);
        // What a release had says more than that something is not reserved any more.
        let said: FxHashSet<_> = past.iter().map(|claim| (claim.finding.place, &claim.finding.help)).collect();
        if self.by_layers {
            claims.retain(|claim| !said.contains(&(claim.finding.place, &claim.finding.help)));
        }
        claims.extend(past);
        if let Some(deletions) = self.deletions {
            deprecation::apply(deletions, &self.ours, self.by_layers, &mut claims, plan);
        }
        claims
    }

    /// What was something else in an earlier release.
    fn ever_used(&'s self, rules: &[(&'static Rule, Severity)], plan: &Plan<'s>) -> Vec<PendingFinding<'s>> {
        let of_release = |(comparison, lives): &'s (Comparison<'s>, &'s [PastLife])| {
            let mut cx = ChangeCx::new(comparison, self.by_layers, plan.sources);
            for life in *lives {
                let Some(found) = past::resolve(life, comparison) else { continue };
                let Some((rule, severity)) = rules.iter().find(|(rule, _)| rule.id == found.rule().id) else {
                    continue;
                };
                cx.run_as(rule, *severity);
                let PastLife { releases, highest, before, .. } = life;
                found.report(&Known { releases, highest: *highest, before: *before }, &mut cx);
            }
            cx.into_findings()
        };
        self.past.iter().flat_map(of_release).collect()
    }
}

impl Section<'_> {
    /// Whether changes are selected by the layers they break.
    fn by_layers(&self) -> bool {
        self.changes.layers.is_some()
    }
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
                let mut cx = context();
                for &pair in pairs {
                    checks.$checks.run(&mut cx, |check, cx| check(pair, cx));
                }
                cx.into_findings()
            })
        };
    }
    let calls: Vec<_> = checks.comparison.iter().collect();
    let whole = calls.par_iter().flat_map_iter(|call| {
        let mut cx = context();
        cx.run_as(call.rule, call.rule.page.severity);
        (call.check)(comparison, &mut cx);
        cx.into_findings()
    });
    let types = each!(messages, message_pair).chain(each!(fields, field_pair)).chain(each!(enums, enum_pair));
    let rest = each!(files, file_pair).chain(each!(services, service_pair)).chain(each!(methods, method_pair));
    // First what cannot be split.
    whole.chain(types).chain(rest).collect()
}
