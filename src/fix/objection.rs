//! What is against a fix that was tried: faults that are new, findings that are not fewer, names that stand for
//! something else. It compares what is found before and after, and edits nothing.

use std::collections::BTreeMap;

use super::means_the_same;
use super::session::State;
use crate::finding::{Finding, Severity};
use crate::rules::compile::COMPILE_SYNTAX;
use crate::rules::{self, Family, Rule};

/// Why fixes are not kept.
pub(super) struct Objection {
    pub(super) why: String,
    /// What is found then that was not before.
    pub(super) new: Vec<Finding>,
}

impl Objection {
    fn new(why: impl Into<String>, new: Vec<&Finding>) -> Objection {
        Objection { why: why.into(), new: new.into_iter().cloned().collect() }
    }
}

pub(super) fn is_syntax_error(finding: &Finding) -> bool {
    finding.rule == COMPILE_SYNTAX.id
}

pub(super) fn syntax_errors(state: &State) -> impl Iterator<Item = &Finding> {
    state.report.findings.iter().filter(|finding| is_syntax_error(finding))
}

/// What `after` has that `before` has not, by what is said.
fn new_findings<'f>(
    before: impl Iterator<Item = &'f Finding>,
    after: impl Iterator<Item = &'f Finding>,
) -> Vec<&'f Finding> {
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in before {
        *known.entry((finding.rule, &finding.message)).or_default() += 1;
    }
    let mut new = Vec::new();
    for finding in after {
        match known.get_mut(&(finding.rule, finding.message.as_str())) {
            Some(count @ 1..) => *count -= 1,
            _ => new.push(finding),
        }
    }
    new
}

fn bringing(finding: &Finding) -> String {
    format!("the fix would cause {}: {}", finding.rule, finding.message)
}

/// What is against an edit of a syntax error. What else is found then was hidden by the error.
pub(super) fn to_repair(before: &State, after: &State) -> Option<Objection> {
    let new = new_findings(syntax_errors(before), syntax_errors(after));
    if let Some(first) = new.first() {
        return Some(Objection::new(bringing(first), new));
    }
    let is_less = syntax_errors(after).count() < syntax_errors(before).count();
    (!is_less).then(|| Objection::new("the fix would not remove the finding", new))
}

/// What is against what was found after fixes of the `fixed` findings; if nothing, how many findings come in their
/// place: what a rule beside theirs asks then, and only a person can decide.
pub(super) fn to_fixes(before: &State, after: &State, fixed: &[&Finding]) -> Result<usize, Objection> {
    let (old, left) = (&before.report.findings, &after.report.findings);
    let new = new_findings(old.iter(), left.iter());
    let is_fault = |finding: &&&Finding| {
        finding.severity == Severity::Error
            && rules::rule_of(finding.rule).is_none_or(|rule| Family::of(rule).is_none())
    };
    if let Some(fault) = new.iter().find(is_fault) {
        return Err(Objection::new(bringing(fault), new.clone()));
    }
    let follows = |finding: &&&Finding| fixed.iter().any(|fixed| follows(finding, fixed));
    let brought = new.iter().filter(follows).count();
    let gone = old.len() + new.len() - left.len();
    let is_less = left.len() < old.len() || (brought == new.len() && gone >= fixed.len() && brought > 0);
    if !is_less {
        let why =
            new.first().map_or_else(|| "the fix would not remove the finding".to_owned(), |first| bringing(first));
        return Err(Objection::new(why, new));
    }
    match means_the_same(before.project.schema(), after.project.schema()) {
        true => Ok(brought),
        false => Err(Objection::new("another name would then refer to a different element", new)),
    }
}

/// Whether a finding that has no fix takes the place of a fixed one: it is about the same element, no worse, and of a
/// rule that shares a group with the other.
fn follows(new: &Finding, fixed: &Finding) -> bool {
    let groups = |rule: &'static str| rules::rule_of(rule).into_iter().flat_map(|rule: &Rule| rule.page.groups());
    new.fix.is_none()
        && new.symbol.is_some()
        && new.symbol == fixed.symbol
        && new.severity <= fixed.severity
        && groups(new.rule).any(|group| groups(fixed.rule).any(|other| other == group))
}
