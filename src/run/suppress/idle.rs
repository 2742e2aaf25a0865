//! Comments that were meant to suppress something and have no effect: what is wrong, and the form that works.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::config::{OwnRules, counterpart_of_go_tool};
use crate::finding::{Finding, Severity};
use crate::nearest::nearest;
use crate::rules::compile::UNUSED_IGNORE;
use crate::rules::{self, Family};
use crate::schema::{Directive, DirectiveKind, DirectiveScope, Idle, IdleKind};
use crate::source::{FileId, Place, Span};

/// Which rules report something where, in files with comments that have no effect.
pub(super) struct Reported<'p> {
    by_file: FxHashMap<FileId, Vec<(Span, &'static str)>>,
    /// The rules of one's own that comments can name.
    own: Option<&'p OwnRules>,
}

impl<'p> Reported<'p> {
    pub(super) fn new<F: Borrow<Finding>>(
        files: impl Iterator<Item = FileId>,
        findings: &[F],
        own: Option<&'p OwnRules>,
    ) -> Reported<'p> {
        let mut reported: FxHashMap<FileId, Vec<(Span, &'static str)>> = files.map(|file| (file, Vec::new())).collect();
        if reported.is_empty() {
            return Reported { by_file: reported, own };
        }
        for finding in findings.iter().map(Borrow::borrow) {
            let Some((place, own)) = finding.place.and_then(|place| Some((place, reported.get_mut(&place.file)?)))
            else {
                continue;
            };
            if rules::rule_of(finding.rule).is_some_and(super::suppressible) {
                own.push((place.span, finding.rule));
            }
        }
        Reported { by_file: reported, own }
    }

    /// The first rules that report something in a range.
    fn within(&self, file: FileId, scope: Span) -> Vec<&'static str> {
        const MAX_RULES: usize = 3;
        let rules: BTreeSet<&str> = self.all_within(file, scope).collect();
        rules.into_iter().take(MAX_RULES).collect()
    }

    fn all_within(&self, file: FileId, scope: Span) -> impl Iterator<Item = &'static str> {
        let own = self.by_file.get(&file).map_or(&[][..], Vec::as_slice);
        let within = move |span: Span| scope.start <= span.start && span.end <= scope.end;
        own.iter().filter(move |(span, _)| within(*span)).map(|(_, rule)| *rule)
    }

    /// Whether a comment for api-linter was meant for what is reported too: its rule has a counterpart here that is, or
    /// something is reported of the element itself.
    fn has_counterpart(&self, file: FileId, idle: &Idle, scope: Option<Span>, text: &str) -> bool {
        let Some(scope) = scope else { return false };
        let named: Vec<&'static str> =
            known(idle, self.own).into_iter().flat_map(|name| super::stands_for(&name, false, self.own)).collect();
        if !named.is_empty() {
            return self.all_within(file, scope).any(|rule| named.contains(&rule));
        }
        let line = text.get(scope.range()).and_then(|declaration| declaration.lines().next());
        let is_own = |line: &str| {
            self.all_within(file, Span::new(scope.start, scope.start + line.len() as u32)).next().is_some()
        };
        line.is_some_and(is_own)
    }
}

/// The finding on a directive that has no effect; none for others, nor for those of another tool about rules of its own.
/// `text` is that of the file.
pub(super) fn finding(
    file: FileId,
    directive: &Directive,
    severity: Severity,
    reported: &Reported<'_>,
    text: &str,
) -> Option<Finding> {
    let DirectiveKind::Idle(idle) = &directive.kind else { return None };
    let Idle { kind, written, .. } = idle;
    let scope = match directive.scope {
        DirectiveScope::File => Some(Span::new(0, u32::MAX)),
        DirectiveScope::Declaration(span) => Some(span),
        DirectiveScope::Nothing => None,
    };
    if *kind == IdleKind::OfApiLinter && !reported.has_counterpart(file, idle, scope, text) {
        return None;
    }
    let message = match kind {
        IdleKind::WithoutRules => format!("`{written}` names no rule and suppresses nothing"),
        IdleKind::Spaced => format!("`{written}` is not an ignore comment: it must have no space"),
        IdleKind::Unknown => format!("unknown ignore comment `{written}`"),
        IdleKind::OfGoTool | IdleKind::EndOfGoTool => {
            format!("`{written}` is a comment of the Go tool and has no effect here")
        }
        IdleKind::OfApiLinter => "comments for `api-linter` have no effect here".to_owned(),
    };
    let form = form(idle, &scope.map_or(Vec::new(), |scope| reported.within(file, scope)), reported.own);
    let help = match kind {
        IdleKind::EndOfGoTool => "remove it: `protolint:ignore` covers one declaration, or the whole file".to_owned(),
        IdleKind::WithoutRules if directive.of_buf => format!("name the rule: `{form}`"),
        IdleKind::WithoutRules => format!("name the rules: `{form}`"),
        IdleKind::OfGoTool | IdleKind::OfApiLinter => format!("write `{form}` right above the declaration"),
        IdleKind::Spaced | IdleKind::Unknown => format!("write `{form}`"),
    };
    let place = Place { file, span: directive.span };
    Some(Finding { severity, ..Finding::error(UNUSED_IGNORE.id, place, message) }.help(help))
}

/// The directive that works: with the rules that are named, or else with those that report something there.
fn form(idle: &Idle, reported: &[&'static str], own: Option<&OwnRules>) -> String {
    if idle.written.to_ascii_lowercase().ends_with("hot") {
        return "protolint:hot".to_owned();
    }
    let mut named: Vec<String> = known(idle, own);
    named.dedup();
    let rules = match (named.is_empty(), reported.is_empty()) {
        (false, _) => named.join(", "),
        (true, false) => reported.join(", "),
        (true, true) => "RULE".to_owned(),
    };
    match idle.written.starts_with("buf") {
        true => format!("buf:lint:ignore {}", rules.split(',').next().unwrap_or_default()),
        false => format!("protolint:ignore {rules}"),
    }
}

/// Rules of api-linter that ask for what rules here ask for.
const OF_API_LINTER: [(&str, &str); 5] = [
    ("core::0126::unspecified", "ENUM_ZERO_VALUE_SUFFIX"),
    ("core::0126::upper-snake-values", "ENUM_VALUE_UPPER_SNAKE_CASE"),
    ("core::0140::lower-snake", "FIELD_LOWER_SNAKE_CASE"),
    ("core::0192::has-comments", "COMMENTS"),
    ("core::0215::versioned-packages", "PACKAGE_VERSION_SUFFIX"),
];

/// The names here of what a directive names.
fn known(idle: &Idle, own: Option<&OwnRules>) -> Vec<String> {
    let here = |name: &String| {
        let of_api_linter = || OF_API_LINTER.iter().find(|(theirs, _)| theirs == name).map(|(_, here)| *here);
        let here = match super::stands_for(name, false, own).is_empty() {
            false => Some(name.as_str()),
            true => counterpart_of_go_tool(name).or_else(of_api_linter).or_else(|| meant(name, own)),
        };
        here.map(str::to_owned)
    };
    idle.rules.iter().filter_map(here).collect()
}

/// The rule or group that a misspelt name was meant to be.
pub(super) fn meant(name: &str, own: Option<&OwnRules>) -> Option<&'static str> {
    if let Some(here) = counterpart_of_go_tool(name) {
        return Some(here);
    }
    let families = [Family::Lint, Family::Breaking];
    let names = families.iter().flat_map(|family| family.groups().into_iter().chain(ids(*family)));
    let own = own.into_iter().flat_map(|own| own.iter().map(|own| own.rule.id));
    nearest(name, names.chain(own))
}

fn ids(family: Family) -> impl Iterator<Item = &'static str> {
    family.rules().into_iter().map(|rule| rule.id)
}
