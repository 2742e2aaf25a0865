//! Says a set of rules by as few names as are needed.

use std::collections::BTreeSet;

use crate::config::names::{self, ALL};
use crate::config::sets::Sets;
use crate::rules::{Family, Rule};

/// The names that are used and those that are excepted so that a section of this tool has the same rules on as one of
/// `sets`. Groups that the section uses stay, where they say most of what they did.
pub(super) fn selection(sets: Sets, family: Family, uses: &[String], except: &[String]) -> (Vec<String>, Vec<String>) {
    let on = ids(sets, family, uses, except);
    let meant = |name: &str| if name == "DEFAULT" { "STANDARD".to_owned() } else { name.to_owned() };
    let is_group = |name: &String| family.groups().contains(&name.as_str());
    let mut groups: Vec<String> = uses.iter().map(|name| meant(name)).filter(is_group).collect();
    groups.retain(|group| {
        let members = family.named(group);
        members.iter().filter(|rule| on.contains(rule.id)).count() * 2 > members.len()
    });
    groups.dedup();
    let covered: BTreeSet<&str> = groups.iter().flat_map(|group| family.named(group)).map(|rule| rule.id).collect();
    let off = covered.difference(&on).map(|&id| id.to_owned()).collect();
    let more = on.difference(&covered).map(|&id| id.to_owned());
    let used: Vec<String> = groups.iter().cloned().chain(more).collect();
    if used.is_empty() {
        // That nothing is on is said by a group and its opposite.
        let smallest = if family == Family::Lint { "UNARY_RPC" } else { "FILE" };
        return (vec![smallest.to_owned()], vec![smallest.to_owned()]);
    }
    (used, off)
}

/// The ids of the rules of a family that are on.
fn ids(sets: Sets, family: Family, uses: &[String], except: &[String]) -> BTreeSet<&'static str> {
    let on = names::select(sets, family, uses, except).unwrap_or_default();
    on.into_iter().filter(|rule| Family::of(rule) == Some(family)).map(|rule| rule.id).collect()
}

/// Names for rules that are ignored somewhere.
pub(super) fn ignored(family: Family, rules: &BTreeSet<&'static str>) -> Vec<String> {
    let all = |rules: Vec<&'static Rule>| rules.into_iter().map(|rule| rule.id).collect::<BTreeSet<&str>>();
    if all(family.rules()).is_subset(rules) {
        return vec![ALL.to_owned()];
    }
    let mut groups: Vec<(&str, BTreeSet<&str>)> =
        family.groups().into_iter().map(|group| (group, all(family.named(group)))).collect();
    groups.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
    let mut rest: BTreeSet<&str> = rules.iter().copied().collect();
    let mut names = Vec::new();
    for (group, members) in groups {
        if members.len() > 1 && members.is_subset(&rest) {
            rest.retain(|rule| !members.contains(rule));
            names.push(group.to_owned());
        }
    }
    names.extend(rest.into_iter().map(str::to_owned));
    names
}
