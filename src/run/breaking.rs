//! Compares two states of schemas by the sections of a configuration: what changed between them, and what is wrong with
//! either. It reads and prints nothing.

use rayon::prelude::*;

use super::bases::{self, Found};
use super::compare::{ChangeFilter, Compared, Pairing, Theirs, Unproven, changes, pairings};
use super::sections::Members;
use super::suppress::{self, UnusedOf};
use super::{Plan, Policy, Section, not_compared};
use crate::compare::pairing::RootPairs;
use crate::config::{BreakingConfig, Selection};
use crate::finding::{Finding, Layer, Severity, order};
use crate::project::Project;
use crate::project::load::Loaded;
use crate::project::sides::{Deletions, RootMatches, Sides};
use crate::report::Report;
use crate::rules::compile::{INPUT_UNREADABLE, NOT_COMPARED, UNUSED_IGNORE};
use crate::schema::{Element, ElementKey, Schema};

/// Compares two projects: what the later one changes, with evidence, and what is wrong with either.
///
/// Findings about changes stand in the later project, or where it was deleted in the earlier one, whose texts are called
/// `before`. To read both sides of a repository at once, which does less, there is [`Sides::open`].
///
/// ```
/// use protolint::{Policy, Project, compare};
///
/// let before = Project::in_memory([("a/v1/a.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage A { int32 n = 1; }\n")]);
/// let after = Project::in_memory([("a/v1/a.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage A { string n = 1; }\n")]);
/// let report = compare(&before, &after, &Policy::default());
/// let change = report.findings[0].change.as_ref().expect("it is about a change");
/// assert!(!change.evidence.is_empty());
/// ```
pub fn compare(before: &Project, after: &Project, policy: &Policy) -> Report {
    Sides::new(before, after).compare(policy)
}

/// How much of what is found is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changes {
    /// All there is, the first so many findings of the report with evidence.
    WithEvidence(usize),
    /// Nothing of what a branch changed that has moved on since.
    OfOurs,
}

/// A finding with the elements that it is about: whether each is of the earlier schema, and its name there.
pub(crate) struct LocatedChange {
    pub(crate) finding: Finding,
    /// What it was before, or what is missed.
    pub(crate) former: Option<(bool, ElementKey)>,
    /// What it is now, or where it is missed.
    pub(crate) element: Option<(bool, ElementKey)>,
}

impl Sides {
    /// What changed between both sides, and what is wrong with either.
    pub fn compare(&self, policy: &Policy) -> Report {
        let findings = self.findings(policy, Changes::WithEvidence(policy.evidence));
        Report { files: self.target_files(), ..Report::new(findings, self.sources.clone()) }
    }

    /// The same, sorted. Where there are several bases, changes say with which they are found.
    pub(crate) fn findings(&self, policy: &Policy, wanted: Changes) -> Vec<Finding> {
        let sides: Vec<&Sides> = std::iter::once(self).chain(&self.others).collect();
        let find = |sides: &&'_ Sides| sides.findings_of_one(policy, wanted);
        let findings: Vec<Vec<Finding>> = sides.par_iter().with_max_len(1).map(find).collect();
        let mut all: Vec<Found<'_>> =
            sides.into_iter().zip(findings).map(|(sides, findings)| Found { sides, findings }).collect();
        let mainline = self.mainline.as_ref().filter(|_| wanted != Changes::OfOurs);
        let unread = mainline.and_then(|mainline| bases::inherit(&mut all, mainline, policy));
        let is_one = all.len() == 1 && self.releases.is_none() && unread.is_none();
        let mut found = match all.pop() {
            Some(only) if is_one => only.findings,
            last => {
                all.extend(last);
                bases::join(all)
            }
        };
        found.extend(unread);
        bases::as_warnings(&mut found, policy);
        if !is_one {
            order::sort(&mut found, &self.sources);
        }
        found
    }

    /// What is found with the first base.
    fn findings_of_one(&self, policy: &Policy, wanted: Changes) -> Vec<Finding> {
        self.findings_with(policy, wanted, self.deletions.as_deref())
    }

    /// The same by what the deprecation policy says of deletions.
    pub(super) fn findings_with(
        &self,
        policy: &Policy,
        wanted: Changes,
        deletions: Option<&Deletions>,
    ) -> Vec<Finding> {
        self.found((policy, deletions), wanted, |found| found.into_finding())
    }

    /// The same with what each finding is about.
    pub(crate) fn located_changes(&self, policy: &Policy) -> Vec<LocatedChange> {
        let (before, after): (&Schema, &Schema) = (&self.before.schema, &self.after.schema);
        // What only an earlier release had is in neither.
        let key = |element: Element<'_>| {
            let schema = element.file().schema;
            let is_before = std::ptr::eq(schema, before);
            (is_before || std::ptr::eq(schema, after)).then(|| (is_before, element.key()))
        };
        let by = (policy, self.deletions.as_deref());
        self.found(by, Changes::WithEvidence(policy.evidence), |found| {
            let (former, element) = (found.former.and_then(key), found.element.and_then(key));
            LocatedChange { finding: found.into_finding(), former, element }
        })
    }

    /// What is found with the first base, sorted, each handed on by `finish` when it has its evidence.
    fn found<T: Send>(
        &self,
        (policy, deletions): (&Policy, Option<&Deletions>),
        wanted: Changes,
        finish: impl Fn(Unproven<'_>) -> T + Sync,
    ) -> Vec<T> {
        let moved = self.moved_on.as_ref().filter(|_| wanted != Changes::OfOurs);
        let of_roots = |matches: &RootMatches| RootPairs::new(&matches.later, matches.count);
        let (roots, their_roots) = (of_roots(&self.roots), moved.map(|moved| of_roots(&moved.roots)));
        let compared = Compared {
            before: &self.before.schema,
            after: &self.after.schema,
            unread_packages: Some(&self.unread_packages),
            roots: &roots,
            past: self.past.as_deref(),
            deletions,
            theirs: moved.zip(their_roots.as_ref()).map(|(moved, roots)| Theirs {
                branch: moved.branch.as_str(),
                base: &moved.base.schema,
                tip: &moved.tip.schema,
                roots,
            }),
        };
        let plan = self.plan(policy);
        let pairings = pairings(compared, &plan);
        let changes = || changes(&pairings, compared, &plan);
        let faults = || rayon::join(|| self.faults(&self.after, policy), || self.faults(&self.before, policy));
        let (mut found, (of_after, of_base)) = rayon::join(changes, faults);
        found.extend(self.not_compared(&pairings, (&of_after, &of_base), policy).into_iter().map(Unproven::from));
        found.extend(of_after.into_iter().map(Unproven::from));
        found.extend(of_base.into_iter().filter_map(as_of_base).map(Unproven::from));
        order::sort(&mut found, &self.sources);
        let with_evidence = match wanted {
            Changes::WithEvidence(count) => count,
            Changes::OfOurs => 0,
        };
        let prove =
            |(index, found): (usize, Unproven<'_>)| finish(if index < with_evidence { found.proven() } else { found });
        found.into_par_iter().enumerate().map(prove).collect()
    }

    /// What could not be compared, as far as the configuration lets it be reported.
    fn not_compared(
        &self,
        pairings: &[Pairing<'_>],
        (of_after, of_base): (&[Finding], &[Finding]),
        policy: &Policy,
    ) -> Vec<Finding> {
        let Some(severity) = policy.selection.severity_of(NOT_COMPARED.id) else { return Vec::new() };
        let severity = if policy.strict { Severity::Error } else { severity };
        let by_layers = || pairings.iter().filter(|pairing| pairing.by_layers);
        let mut found: Vec<Finding> =
            by_layers().flat_map(|pairing| not_compared::types(&pairing.ours, severity)).collect();
        if policy.layers().is_some_and(|layers| layers.contains(&Layer::Rest)) {
            found.extend(by_layers().flat_map(|pairing| not_compared::bindings(&pairing.ours, severity)));
        }
        found.extend(self.uncompared.iter().map(|what| not_compared::directory(what, severity)));
        found.extend(not_compared::files(of_base, true, severity));
        found.extend(not_compared::files(of_after, false, severity));
        let plan = Plan::whole(self.always(policy), &self.sources, &self.relative);
        let mut found: Vec<(u32, Finding)> = found.into_iter().map(|finding| (0, finding)).collect();
        suppress::by_path(&mut found, &plan);
        let mut found: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
        suppress::by_directive(&mut found, self.after.schema.files(), &plan, UnusedOf::Changes);
        found
    }

    /// The rules that hold for each side alone.
    fn always<'a>(&'a self, policy: &'a Policy) -> Section<'a> {
        Section {
            ignores: &policy.config.breaking.ignore,
            without_comments: !policy.config.breaking.ignore_comments,
            ..Section::plain(policy.selection.always.clone(), &policy.config.check.settings)
        }
    }

    fn plan<'a>(&'a self, policy: &'a Policy) -> Plan<'a> {
        let schemas = [&self.after.schema, &self.before.schema];
        let members = Members::of(&policy.config, &self.relative).with_imports(&policy.config, schemas);
        let section = |(breaking, selection): (&'a BreakingConfig, &Selection)| Section {
            ignores: &breaking.ignore,
            without_comments: !breaking.ignore_comments,
            unused_ignores: selection.severity_of(UNUSED_IGNORE.id),
            changes: ChangeFilter::new(breaking, policy.layers_in(breaking), policy.direction_in(breaking)),
            ..Section::plain(selection.selected.clone(), &policy.config.check.settings)
        };
        let scopes = policy.config.scopes.iter().map(|scope| policy.config.breaking_in(scope));
        let own = scopes.zip(&policy.selection.scopes).map(section);
        let rest = section((&policy.config.breaking, &policy.selection));
        Plan { sections: own.chain([rest]).collect(), members, sources: &self.sources, paths: &self.relative }
    }

    /// What is wrong with a side.
    fn faults(&self, side: &Loaded, policy: &Policy) -> Vec<Finding> {
        let mut faults = super::check(&side.schema, &Plan::whole(self.always(policy), &self.sources, &self.relative));
        // Here, what is missing is reserved, and nothing else is fixed.
        faults.extend(side.findings.iter().map(|finding| Finding { fix: None, ..finding.clone() }));
        faults
    }
}

/// What is wrong with the base is a warning, as the change at hand did not cause it. What cannot be read at all stays an
/// error; of what does not parse, it is enough that it was not compared.
fn as_of_base(finding: Finding) -> Option<Finding> {
    if finding.severity < Severity::Error || not_compared::is_of_parsing(&finding) {
        return None;
    }
    let message = format!("in the base, {}", finding.message);
    let severity = if finding.rule == INPUT_UNREADABLE.id { Severity::Error } else { Severity::Warning };
    Some(Finding { severity, message, help: None, ..finding })
}
