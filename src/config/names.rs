//! Names of rules and groups: what they stand for, and what was meant where they stand for nothing. Configuration and
//! command line share it; it depends on neither.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::sets::Sets;
use crate::finding::Severity;
use crate::nearest::nearest;
use crate::rules::{self, Family, Rule};

/// The name that stands for every rule that can be switched off.
pub const ALL: &str = "ALL";

/// The names of rules and groups: those that can be switched on and off, or all whose findings there are.
pub(crate) fn rule_names(family: Family, with_all_compile_rules: bool) -> Vec<&'static str> {
    let mut names = vec![ALL];
    names.extend(family.groups());
    names.extend(family.rules().iter().map(|rule| rule.id));
    match with_all_compile_rules {
        true => names.extend(rules::compile_rules().iter().map(|rule| rule.id)),
        false => names.extend(Sets::default().warnings().map(|rule| rule.id)),
    }
    names
}

/// Which of the two lists that select rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleList {
    /// What is on.
    Use,
    /// What is off nevertheless.
    Except,
}

/// A name that stands for no rule that could be selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The list it is in.
    pub list: RuleList,
    /// Its position in that list, 0-based.
    pub index: usize,
    /// What is wrong, the name in backticks.
    pub message: String,
    /// What to do: the closest name, where there is one.
    pub help: String,
}

/// The rules that are on, sorted by id: of the rules of `family` those that `uses` names and `except` does not, and of
/// the rules that no selection switches on the warnings that `except` does not name, such as `UNUSED_IGNORE`.
///
/// # Errors
///
/// All names that are neither a rule nor a group, nor [`ALL`], or that name a rule that is always on.
///
/// What registries decide is on only where it is named: [`ALL`] does not switch it on.
pub fn select(
    sets: Sets,
    family: Family,
    uses: &[String],
    except: &[String],
) -> Result<Vec<&'static Rule>, Vec<UnknownName>> {
    let mut unknown = Vec::new();
    let mut rules_of = |list, names: &[String]| {
        let mut rules = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match switchable(sets, family, name) {
                Ok(named) => {
                    let is_meant =
                        |rule: &&Rule| rule.page.registry().is_none() || list == RuleList::Except || name != ALL;
                    rules.extend(named.into_iter().filter(is_meant));
                }
                Err((message, help)) => unknown.push(UnknownName { list, index, message, help }),
            }
        }
        rules
    };
    let used = rules_of(RuleList::Use, uses);
    let excepted = rules_of(RuleList::Except, except);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut on: BTreeMap<&str, &'static Rule> =
        used.into_iter().chain(sets.warnings()).map(|rule| (rule.id, rule)).collect();
    for rule in excepted {
        on.remove(rule.id);
    }
    Ok(on.into_values().collect())
}

/// What a name stands for where rules are switched on or off, or a message and help.
fn switchable(sets: Sets, family: Family, name: &str) -> Result<Vec<&'static Rule>, (String, String)> {
    let rules = meant(sets, family, name)?.rules;
    match rules[..] {
        [rule] if Family::of(rule).is_none() && rule.page.severity == Severity::Error => {
            Err((format!("`{name}` is always on"), "remove it from the list".to_owned()))
        }
        _ => Ok(rules),
    }
}

/// Rules that share a name.
pub(super) struct Named {
    pub(super) rules: Vec<&'static Rule>,
    /// How exactly the name says which rules: those of [`ALL`] 0, those of a group 1, a rule's own id 2.
    pub(super) precision: u8,
}

/// What a name stands for where findings are given a severity or ignored, or a message and help.
pub(super) fn reportable(family: Family, name: &str) -> Result<Named, (String, String)> {
    meant(Sets::Newest, family, name)
}

fn meant(sets: Sets, family: Family, name: &str) -> Result<Named, (String, String)> {
    if name == ALL {
        return Ok(Named { rules: sets.all(family), precision: 0 });
    }
    if let Some(rule) = rules::find(name) {
        return match Family::of(rule) {
            Some(other) if other != family => Err(misplaced(name, "rule", other)),
            _ => Ok(Named { rules: vec![rule], precision: 2 }),
        };
    }
    match sets.group(family, name) {
        rules if rules.is_empty() && !family.groups().contains(&name) => Err(unknown(family, name)),
        rules => Ok(Named { rules, precision: 1 }),
    }
}

fn misplaced(name: &str, what: &str, family: Family) -> (String, String) {
    let command = family.command();
    (format!("`{name}` is a {what} of `{command}`"), format!("name it for `{command}`, or remove it"))
}

fn unknown(family: Family, name: &str) -> (String, String) {
    let other = if family == Family::Lint { Family::Breaking } else { Family::Lint };
    if other.groups().contains(&name) {
        return misplaced(name, "group", other);
    }
    let ids = family.rules().into_iter().chain(rules::compile_rules()).map(|rule| rule.id);
    let groups = family.groups();
    let help = match nearest(name, groups.iter().copied().chain([ALL]).chain(ids)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("groups are {}; protolint rules lists the rules", listed(&groups)),
    };
    (format!("unknown rule or group `{}`", shortened(name)), help)
}

/// `a`, `b`, each in backticks.
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The first line of a text, at most 80 characters of it: messages are one line, and short.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    let line = text.lines().next().unwrap_or_default();
    let shown = line.char_indices().nth(80).map_or(line, |(end, _)| &line[..end]);
    if shown == text { Cow::Borrowed(text) } else { Cow::Owned(format!("{shown}…")) }
}
