//! Takes out the findings that comments and the configuration silence, and tells of directives that silence nothing.

mod nested;

use std::borrow::Borrow;

use rustc_hash::FxHashMap;

use self::nested::Nested;
use super::{PathIgnore, Plan};
use crate::finding::{Finding, Severity};
use crate::rules::compile::UNUSED_IGNORE;
use crate::rules::nearest::nearest;
use crate::rules::{self, Family, Rule};
use crate::schema::{Directive, DirectiveKind, Schema, Scope};
use crate::source::{FileId, Place, Span};

/// Whether findings of a rule may be silenced: what the language forbids stays told.
fn suppressible(rule: &Rule) -> bool {
    rule.page.severity == Severity::Warning || Family::of(rule).is_some()
}

/// Drops what the configuration ignores in files of some paths; of a change, where it is or where it was.
pub(super) fn by_path<F: Borrow<Finding>>(findings: &mut Vec<F>, plan: &Plan<'_>) {
    if plan.ignores.is_empty() {
        return;
    }
    let mut matching: FxHashMap<FileId, Vec<&PathIgnore<'_>>> = FxHashMap::default();
    findings.retain(|finding| {
        let finding = finding.borrow();
        let before = finding.change.as_ref().and_then(|change| change.before);
        !finding.place.into_iter().chain(before).any(|place| {
            let ignores = matching.entry(place.file).or_insert_with(|| {
                let path = plan.ignore_paths.get(place.file.index()).map_or("", String::as_str);
                plan.ignores.iter().filter(|ignore| ignore.pattern.matches(path)).collect()
            });
            ignores.iter().any(|ignore| ignore.rules.contains(&finding.rule))
        })
    });
}

/// One rule of one directive.
struct Ignore<'s> {
    rule: &'s str,
    /// The directive's word.
    word: Span,
    /// What it speaks about; none if nothing.
    scope: Option<Span>,
}

/// The directives of one file.
struct Ignores<'s> {
    all: Vec<Ignore<'s>>,
    scopes: FxHashMap<&'s str, Nested>,
}

impl<'s> Ignores<'s> {
    fn of(directives: impl Iterator<Item = &'s Directive>) -> Ignores<'s> {
        let all: Vec<Ignore<'s>> = directives.flat_map(ignores_of).collect();
        let mut spans: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
        for ignore in &all {
            spans.entry(ignore.rule).or_default().extend(ignore.scope);
        }
        Ignores { all, scopes: spans.into_iter().map(|(rule, spans)| (rule, Nested::of(spans))).collect() }
    }

    fn silence(&mut self, rule: &str, span: Span) -> bool {
        self.scopes.get_mut(rule).is_some_and(|scopes| scopes.mark(span))
    }

    fn unused(&self) -> impl Iterator<Item = &Ignore<'s>> {
        self.all.iter().filter(|ignore| match ignore.scope {
            Some(scope) => !self.scopes.get(ignore.rule).is_some_and(|scopes| scopes.is_used(scope)),
            None => true,
        })
    }
}

/// Drops what directives silence, and gives findings on directives that silence nothing.
pub(super) fn by_directive<F: Borrow<Finding>>(
    findings: &mut Vec<F>,
    schema: &Schema,
    plan: &Plan<'_>,
) -> Vec<Finding> {
    let mut ignores: FxHashMap<FileId, Ignores<'_>> = FxHashMap::default();
    let mut idle: Vec<Place> = Vec::new();
    let is_idle = |directive: &Directive| directive.of_buf && plan.extent.without_buf_comments;
    for file in schema.files().filter(|file| file.is_target() && plan.extent.covers(file.source())) {
        if let (Some(id), directives @ [_, ..]) = (file.source(), file.directives()) {
            idle.extend(directives.iter().filter(|own| is_idle(own)).map(|own| Place { file: id, span: own.span }));
            ignores.insert(id, Ignores::of(directives.iter().filter(|own| !is_idle(own))));
        }
    }
    if ignores.is_empty() {
        return Vec::new();
    }
    findings.retain(|finding| {
        let finding = finding.borrow();
        let Some(place) = finding.place else { return true };
        let Some(ignores) = ignores.get_mut(&place.file) else { return true };
        let may_be_silenced = rules::find(finding.rule).is_some_and(suppressible);
        !(may_be_silenced && ignores.silence(finding.rule, place.span))
    });
    let Some(severity) = plan.unused_ignores else { return Vec::new() };
    let unused = |(file, ignores): (FileId, Ignores<'_>)| {
        let told = ignores.unused().filter_map(|ignore| unused_ignore(file, ignore, severity, plan));
        told.collect::<Vec<_>>()
    };
    ignores.into_iter().flat_map(unused).chain(idle.into_iter().map(|place| idle_ignore(place, severity))).collect()
}

/// buf passes over its own directives where its configuration says so, and so does this tool.
fn idle_ignore(place: Place, severity: Severity) -> Finding {
    let message = "`buf:lint:ignore` has no effect: the configuration does not allow it";
    let help = "write protolint:ignore, or allow it: `allow_comment_ignores: true` in a buf.yaml of v1, \
                no `disallow_comment_ignores` in one of v2, `buf_ignore_comments: true` in protolint.yaml";
    Finding { severity, ..Finding::error(UNUSED_IGNORE.id, place, message) }.help(help)
}

fn ignores_of(directive: &Directive) -> impl Iterator<Item = Ignore<'_>> {
    let named = match &directive.kind {
        DirectiveKind::Ignore(rules) => rules.as_slice(),
        DirectiveKind::Hot => &[],
    };
    let word = directive.span;
    let scope = match directive.scope {
        Scope::File => Some(Span::new(0, u32::MAX)),
        Scope::Declaration(declaration) => Some(declaration),
        Scope::Nothing => None,
    };
    named.iter().map(move |(rule, _)| Ignore { rule, word, scope })
}

fn unused_ignore(file: FileId, ignore: &Ignore<'_>, severity: Severity, plan: &Plan<'_>) -> Option<Finding> {
    let place = Place { file, span: ignore.word };
    let tell = |message: String| Finding { severity, ..Finding::error(UNUSED_IGNORE.id, place, message) };
    let name = ignore.rule;
    let Some(rule) = rules::find(name) else {
        let finding = tell(format!("there is no rule `{name}` to ignore"));
        let ids = rules::lint_rules().into_iter().chain(rules::breaking_rules());
        return Some(match nearest(name, ids.map(|rule| rule.id)) {
            Some(near) => finding.help(format!("did you mean {near}?")),
            None => finding.help("protolint rules lists them"),
        });
    };
    if !suppressible(rule) {
        return Some(tell(format!("`{name}` cannot be ignored")).help("what the language forbids has to be mended"));
    }
    if ignore.scope.is_none() {
        let help = "put the comment on the lines right above a declaration, or on the line where it ends";
        return Some(tell(format!("ignoring `{name}` is attached to nothing")).help(help));
    }
    let was_on = plan.rules.iter().any(|(known, _)| known.id == name);
    was_on.then(|| tell(format!("ignoring `{name}` silences nothing")).help("remove the directive"))
}
