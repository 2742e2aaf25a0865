//! Deletions and the policy: what is gone too early is reported, and what may go, and is reserved where it can be, is not.

use rustc_hash::FxHashMap;

use super::{Age, Ages, Due};
use crate::compare::pairing::Comparison;
use crate::date::Date;
use crate::finding::MAY_BE;
use crate::history::Release;
use crate::project::releases::Releases;
use crate::project::settings::Settings;
use crate::project::sides::{Deletion, Deletions, Sides};
use crate::rules::breaking::{DELETED_BEFORE_DEPRECATION_ENDS, gone, gone_with};
use crate::rules::{ChangeCx, PendingFinding};
use crate::run::Plan;
use crate::schema::{Element, ElementKey};

/// What the policy says of all that the later side does not have any more; `None` where there is none. It says nothing of
/// what no release has.
pub(in crate::run) fn deletions<'s>(
    sides: &Sides,
    settings: &Settings,
    releases: &Releases,
    comparison: &'s Comparison<'s>,
) -> Option<Deletions> {
    let policy = settings.config.deprecation();
    if !policy.has_ages() {
        return None;
    }
    let (ages, today) = (Ages::Released(&releases.stored), Date::today());
    let ignore = &settings.config.history.ignore;
    let mut found = Deletions::default();
    for gone in gone(comparison) {
        let element = gone.element;
        let terms = policy.terms_of(element.file().package().unwrap_or_default());
        let has_terms = terms.min_releases.is_some() || terms.min_days.is_some();
        let path = element.file().source().and_then(|text| sides.relative.get(text.index()));
        let is_ignored = ignore.covers_name(&element.full_name()) || path.is_some_and(|path| ignore.covers_path(path));
        let Some(age) = ages.of(element).filter(|_| has_terms && !is_ignored) else { continue };
        let deletion = match Due::new(age, &terms, ages.releases(), today) {
            Due::Now => Deletion::Allowed,
            due => Deletion::TooEarly(why(age, due, ages.releases())),
        };
        found.add(element, deletion);
    }
    Some(found)
}

/// What is said of an element that was deleted too early, after its name.
fn why(age: Age, due: Due, releases: &[Release]) -> String {
    let named = |at: u32| releases.get(at as usize);
    // What a release lacks is gone already.
    let (was, may, may_be) = match named(age.last + 1) {
        Some(release) => (format!("was deleted in {}", release.name), "could", " and could be "),
        None => ("was deleted".to_owned(), "may", MAY_BE),
    };
    match age.since.map(named) {
        None => format!("{was}, but was never deprecated: it {may} be {}", due.when()),
        Some(None) => format!("{was}, but no release has it as deprecated: it {may} be {}", due.when()),
        Some(Some(first)) => {
            format!("{was} too early: it is deprecated since {} ({}){may_be}{}", first.name, first.day, due.when())
        }
    }
}

/// Reports what was deleted too early instead of what other rules say of that deletion, and takes out what they say of what
/// may go.
pub(in crate::run) fn apply<'s>(
    deletions: &Deletions,
    comparison: &'s Comparison<'s>,
    by_layers: bool,
    claims: &mut Vec<PendingFinding<'s>>,
    plan: &Plan<'s>,
) {
    let rule = &DELETED_BEFORE_DEPRECATION_ENDS;
    let is_on = |claim: &PendingFinding<'_>| {
        let text = claim.finding.place.map(|place| place.file).or(claim.element.file().source());
        let sections = plan.members.sections_of(text);
        sections.iter().all(|at| plan.sections[*at as usize].severity_of(rule.id).is_some())
    };
    let mut cx = ChangeCx::new(comparison, by_layers, plan.sources);
    cx.run_as(rule, rule.page.severity);
    // Whether nothing is left for other rules to say.
    let mut settled: FxHashMap<ElementKey, bool> = FxHashMap::default();
    for gone in gone(comparison) {
        match deletions.of(gone.element) {
            Some(Deletion::Allowed) => _ = settled.insert(gone.element.key(), gone.is_reserved()),
            Some(Deletion::TooEarly(why)) => {
                settled.insert(gone.element.key(), true);
                gone.report(why, &mut cx);
            }
            None => {}
        }
    }
    // Of what is gone with something around it, that is what counts.
    let is_settled = |element: Element<'s>| {
        let mut around = std::iter::successors(Some(element), |here| here.around());
        around.find_map(|here| settled.get(&here.key()).copied()).unwrap_or(false)
    };
    let is_covered = |element: &Element<'s>| match element {
        Element::File(file) => gone_with(*file, comparison).is_some_and(|types| types.into_iter().all(is_settled)),
        element => is_settled(*element),
    };
    // What is gone has no other finding than that it is.
    let is_covered = |claim: &PendingFinding<'s>| match &claim.gone[..] {
        [] => claim.former.is_some_and(is_settled),
        gone => gone.iter().all(is_covered),
    };
    claims.retain(|claim| !is_covered(claim) || !is_on(claim));
    claims.extend(cx.into_findings().into_iter().filter(|claim| is_on(claim)));
}
