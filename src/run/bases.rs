//! Joins what is found with several bases: merge bases, or releases. A change that several of them show is one finding,
//! which says which; and what the branch has that this one will be merged into is not new. It makes no findings of its own.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Policy;
use super::breaking::Changes;
use crate::finding::{BrokenReleases, Change, Finding, Layer, Severity, Verdict};
use crate::project::base::ReleaseSet;
use crate::project::sides::{MainlineSides, Sides};
use crate::rules::breaking::{BASE_COLLISION, EVER_USED};
use crate::rules::compile::NOT_COMPARED;

/// What one base shows.
pub(super) struct Found<'a> {
    pub(super) sides: &'a Sides,
    pub(super) findings: Vec<Finding>,
}

/// Findings of one base that are the same to whoever reads them.
struct Group {
    findings: Vec<Finding>,
    /// The bases that show them, in order.
    bases: Vec<usize>,
    /// How many of them are new in some base.
    new: usize,
}

/// What distinguishes findings: changes by their fingerprints alone, wherever they are.
type Key = (String, Option<String>);

fn key(finding: &Finding, sides: &Sides) -> Key {
    let place = finding.place.filter(|_| finding.change.is_none());
    (finding.fingerprint(), place.map(|place| sides.sources.get(place.file).path().to_owned()))
}

/// Says of each change whether the branch has it that this one will be merged into. What could not be read of that is
/// reported.
pub(super) fn inherit(found: &mut [Found<'_>], mainline: &MainlineSides, policy: &Policy) -> Option<Finding> {
    if !found.iter().flat_map(|found| &found.findings).any(|finding| finding.change.is_some()) {
        return None;
    }
    let first = found.first().map(|found| found.sides);
    // What earlier releases had of what the branch has added is not new either.
    let look_back = |sides: &mut Sides| match first.and_then(|first| first.history.as_ref().zip(Some(&first.settings)))
    {
        Some((releases, settings)) => sides.look_back(settings, releases),
        None => Ok(()),
    };
    let sides = match mainline.sides(&look_back) {
        Ok(sides) => sides,
        Err(error) => {
            let what = format!("`{}` could not be read, so all changes count as new", mainline.branch());
            let finding = Finding::nowhere(NOT_COMPARED.id, format!("{what}: {}", error.message));
            let severity = policy.selection.severity_of(NOT_COMPARED.id)?;
            let severity = if policy.strict { Severity::Error } else { severity };
            return Some(Finding { severity, help: error.help.clone(), ..finding });
        }
    };
    found.par_iter_mut().zip(sides).for_each(|(found, sides)| {
        let deletions = found.sides.deletions.as_deref();
        for sides in sides {
            let earlier = sides.findings_with(policy, Changes::WithEvidence(0), deletions);
            inherit_from(&mut found.findings, earlier, mainline.branch());
        }
    });
    None
}

/// Marks those changes that are among the earlier ones, and break no more than they did there.
fn inherit_from(found: &mut [Finding], earlier: Vec<Finding>, branch: &str) {
    let mut known: FxHashMap<String, Vec<Verdict>> = FxHashMap::default();
    for finding in earlier {
        if let Some(change) = &finding.change {
            known.entry(finding.fingerprint()).or_default().push(change.verdict);
        }
    }
    for finding in found {
        let fingerprint = finding.fingerprint();
        let Some(change) = finding.change.as_mut().filter(|change| change.inherited_from.is_none()) else { continue };
        let Some(verdicts) = known.get_mut(&fingerprint) else { continue };
        // That an rpc carries it is only known where the file of the rpc is read.
        let own = if change.carried_by.is_some() { change.verdict.on(&NOT_OF_CALLS) } else { change.verdict };
        if let Some(at) = verdicts.iter().position(|verdict| verdict.includes(own)) {
            verdicts.swap_remove(at);
            change.inherited_from = Some(branch.to_owned());
        }
    }
}

/// The layers that do not depend on who calls.
const NOT_OF_CALLS: [Layer; 3] = [Layer::Wire, Layer::Json, Layer::Source];

/// What is inherited is a warning, unless it fails like what is new.
pub(super) fn as_warnings(found: &mut [Finding], policy: &Policy) {
    let is_inherited = |finding: &&mut Finding| finding.change.as_ref().is_some_and(|change| change.is_inherited());
    if !policy.fail_on_inherited {
        found.iter_mut().filter(is_inherited).for_each(|finding| finding.severity = Severity::Warning);
    }
}

/// What is found with several bases, once.
pub(super) fn join(all: Vec<Found<'_>>) -> Vec<Finding> {
    let bases: Vec<&Sides> = all.iter().map(|found| found.sides).collect();
    let mut groups: FxHashMap<Key, Group> = FxHashMap::default();
    for (base, Found { sides, findings }) in all.into_iter().enumerate() {
        let mut of_base: FxHashMap<Key, Vec<Finding>> = FxHashMap::default();
        for finding in findings {
            of_base.entry(key(&finding, sides)).or_default().push(finding);
        }
        for (key, findings) in of_base {
            let new = findings.iter().filter(|finding| !is_inherited(finding)).count();
            match groups.get_mut(&key) {
                Some(group) => {
                    group.bases.push(base);
                    group.new = group.new.max(new);
                    group.add(findings);
                }
                None => drop(groups.insert(key, Group { findings, bases: vec![base], new })),
            }
        }
    }
    groups.into_values().flat_map(|group| group.finish(&bases)).collect()
}

fn is_inherited(finding: &Finding) -> bool {
    finding.change.as_ref().is_some_and(|change| change.is_inherited())
}

/// Whether a finding says itself which releases it is about: these are looked at from the first base alone.
fn is_of_past(finding: &Finding) -> bool {
    EVER_USED.iter().any(|rule| rule.id == finding.rule)
}

/// How much findings matter that are the same otherwise.
fn weight(findings: &[Finding]) -> (Option<Severity>, usize, u32) {
    let severity = findings.iter().map(|finding| finding.severity).max();
    let verdicts = findings.iter().filter_map(|finding| finding.change.as_ref());
    (severity, findings.len(), verdicts.map(|change| change.verdict.on(&NOT_OF_CALLS).weight()).sum())
}

impl Group {
    /// Adds those of another base: the first base that shows the worst counts, with the calls that either knows of.
    fn add(&mut self, mut findings: Vec<Finding>) {
        if weight(&findings) > weight(&self.findings) {
            std::mem::swap(&mut findings, &mut self.findings);
        }
        for (own, other) in self.findings.iter_mut().zip(findings) {
            let (Some(own), Some(other)) = (&mut own.change, other.change) else { continue };
            own.verdict = own.verdict.and(other.verdict.on(&[Layer::Grpc]));
            own.carried_by = own.carried_by.take().or(other.carried_by);
        }
    }

    /// The findings, with the bases that show them.
    fn finish(self, bases: &[&Sides]) -> Vec<Finding> {
        let Group { mut findings, bases: with, new } = self;
        // What is new in one base is new.
        findings.sort_by_key(|finding| Reverse(is_inherited(finding)));
        let mut inherited = findings.len().saturating_sub(new);
        for change in findings.iter_mut().filter_map(|finding| finding.change.as_mut()) {
            if change.is_inherited() && inherited == 0 {
                change.inherited_from = None;
            }
            inherited = inherited.saturating_sub(1);
        }
        let sets: Vec<&ReleaseSet> = with.iter().filter_map(|at| bases[*at].releases.as_ref()).collect();
        if let Some(releases) = releases(&sets) {
            let changes = findings.iter_mut().filter(|finding| !is_of_past(finding));
            let changes = changes.filter_map(|finding| finding.change.as_mut());
            changes.for_each(|change: &mut Box<Change>| change.releases = Some(releases.clone()));
            return findings;
        }
        if with.len() < bases.len() {
            // What one of the merge bases has was not added since by both.
            findings.retain(|finding| finding.rule != BASE_COLLISION.id);
            let names: Vec<&str> = with.iter().map(|at| bases[*at].base.as_str()).collect();
            let changes = findings.iter_mut().filter(|finding| finding.change.is_some() && !is_of_past(finding));
            changes.for_each(|finding| finding.compared_with(&names.join(" and ")));
        }
        findings
    }
}

/// The oldest and the newest of some releases; `None` where there are none.
fn releases(sets: &[&ReleaseSet]) -> Option<BrokenReleases> {
    let names = &sets.first()?.names;
    let all = || sets.iter().flat_map(|set| set.own.iter().copied());
    // The newest comes first.
    let (newest, oldest) = (all().min()?, all().max()?);
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    Some(BrokenReleases {
        oldest: name(oldest),
        newest: name(newest),
        count: all().count(),
        between: oldest - newest + 1,
    })
}
