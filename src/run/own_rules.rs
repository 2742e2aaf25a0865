//! Rules of one's own where two schemas are compared: they see each change that other rules find as a whole, whatever it
//! breaks, and report it in their own words.

use rustc_hash::FxHashMap;

use super::{Plan, Section, suppress};
use crate::finding::{Finding, Severity};
use crate::rules::own::{ChangeSeen, Elements, OwnRule};
use crate::rules::{Ground, PendingFinding, Rule, Trees};
use crate::schema::{Element, Schema};

/// What rules of one's own say of the changes that were found, by section; without what the configuration suppresses.
pub(super) fn changes<'s>(
    found: &[(u32, PendingFinding<'s>)],
    before: &Schema,
    plan: &Plan<'_>,
) -> Vec<(u32, PendingFinding<'s>)> {
    let mut own: FxHashMap<u32, Vec<(&'static Rule, &'static OwnRule, Severity)>> = FxHashMap::default();
    let comments = Trees::new(plan.sources);
    let elements = Elements::new(&comments);
    let is_before = |element: Element<'_>| std::ptr::eq(element.file().schema, before);
    let mut changes = Vec::new();
    for (at, claim) in found {
        let section = &plan.sections[*at as usize];
        let rules = own.entry(*at).or_insert_with(|| own_of(section));
        // What a registry decides is about changes that are found anyway.
        let is_again = matches!(claim.ground, Ground::Registry(_));
        if rules.is_empty() || is_again || section.changes.is_exempt(claim.element) {
            continue;
        }
        let seen = ChangeSeen::new(claim.element, claim.former, is_before, &claim.finding);
        for (rule, own, severity) in rules.iter().copied() {
            if let Some(finding) = own.check_change(rule, seen, &elements) {
                let finding = Finding { severity, ..finding };
                changes.push((*at, PendingFinding { finding, about: None, ..claim.clone() }));
            }
        }
    }
    suppress::by_path(&mut changes, plan);
    changes
}

fn own_of(section: &Section<'_>) -> Vec<(&'static Rule, &'static OwnRule, Severity)> {
    section.rules.iter().filter_map(|&(rule, severity)| Some((rule, rule.own()?, severity))).collect()
}
