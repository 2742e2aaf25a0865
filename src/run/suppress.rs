//! Takes out the findings that comments, the configuration, baseline files and accepted changes suppress, and reports
//! directives that suppress nothing.

mod accepted;
pub(crate) mod accepted_file;
mod baseline;
pub(crate) mod baseline_file;
mod idle;
mod nested;
mod older;
mod remove;

pub(crate) use accepted::may_be_accepted;
pub(crate) use baseline::may_be_in_baseline;
pub(crate) use older::Older;

use std::borrow::Borrow;

use rustc_hash::FxHashMap;

use self::nested::Nested;
use super::Plan;
use crate::config::{ALL, Ignore, OwnRules};
use crate::date::Date;
use crate::finding::{Finding, Severity};
use crate::rules::compile::UNUSED_IGNORE;
use crate::rules::{self, Family, Rule};
use crate::schema::{Directive, DirectiveKind, DirectiveScope, File};
use crate::source::{FileId, Place, Span};

/// Whether findings of a rule may be suppressed: what the language forbids is always reported.
pub(crate) fn suppressible(rule: &Rule) -> bool {
    rule.page.severity == Severity::Warning || Family::of(rule).is_some()
}

/// Drops what the configuration ignores in files of some paths; of a change, where it is or where it was.
pub(super) fn by_path<F: Borrow<Finding>>(findings: &mut Vec<(u32, F)>, plan: &Plan<'_>) {
    if plan.sections.iter().all(|section| section.ignores.is_empty()) {
        return;
    }
    let mut matching: FxHashMap<(u32, FileId), Vec<&Ignore>> = FxHashMap::default();
    findings.retain(|(section, finding)| {
        let finding = finding.borrow();
        let before = finding.change.as_ref().and_then(|change| change.before);
        !finding.place.into_iter().chain(before).any(|place| {
            let ignores = matching.entry((*section, place.file)).or_insert_with(|| {
                let path = plan.paths.get(place.file.index()).map_or("", String::as_str);
                plan.sections[*section as usize].ignores.iter().filter(|ignore| ignore.pattern.matches(path)).collect()
            });
            ignores.iter().any(|ignore| ignore.rules.contains(&finding.rule))
        })
    });
}

/// One rule or group of one directive.
struct Ignored<'s> {
    rule: &'s str,
    /// The ids of the rules that it stands for; none where the name is unknown.
    ids: Vec<&'static str>,
    /// The directive's word.
    word: Span,
    /// All rules of the directive, and which of them this is.
    named: &'s [(String, Span)],
    at: usize,
    /// What it applies to; none if nothing.
    scope: Option<Span>,
    holds: Holds,
}

/// How long a directive holds.
#[derive(Clone, Copy)]
enum Holds {
    Still,
    /// It did, up to this day.
    Until(Date),
    /// That is not known: where a day should stand.
    Unclear(Span),
}

/// The directives of one file.
struct Ignores<'s> {
    all: Vec<Ignored<'s>>,
    scopes: FxHashMap<&'static str, Nested>,
    /// Directives that have no effect.
    idle: Vec<&'s Directive>,
}

impl<'s> Ignores<'s> {
    fn new(directives: impl Iterator<Item = &'s Directive>, today: Date, own: Option<&OwnRules>) -> Ignores<'s> {
        let (idle, working): (Vec<_>, Vec<_>) =
            directives.partition(|directive| matches!(directive.kind, DirectiveKind::Idle(_)));
        let all: Vec<Ignored<'s>> =
            working.into_iter().flat_map(|directive| ignores_in(directive, today, own)).collect();
        let mut spans: FxHashMap<&'static str, Vec<Span>> = FxHashMap::default();
        for ignore in all.iter().filter(|ignore| matches!(ignore.holds, Holds::Still)) {
            for id in &ignore.ids {
                spans.entry(id).or_default().extend(ignore.scope);
            }
        }
        Ignores { all, scopes: spans.into_iter().map(|(rule, spans)| (rule, Nested::new(spans))).collect(), idle }
    }

    fn suppress(&mut self, rule: &str, span: Span) -> bool {
        self.scopes.get_mut(rule).is_some_and(|scopes| scopes.mark(span))
    }

    fn unused(&self) -> impl Iterator<Item = &Ignored<'s>> {
        self.all.iter().filter(|ignore| match ignore.scope.filter(|_| matches!(ignore.holds, Holds::Still)) {
            Some(scope) => {
                let mut scopes = ignore.ids.iter().filter_map(|id| self.scopes.get(id));
                !scopes.any(|scopes| scopes.is_used(scope))
            }
            None => true,
        })
    }
}

/// What is reported of directives that suppress nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UnusedOf {
    /// Everything that one schema shows.
    OneSchema,
    /// Which of those for the plan's rules ran out: what is ignored of changes may be yet to come.
    Changes,
}

/// Drops what the directives of some files suppress, and gives findings on directives that suppress nothing.
pub(super) fn by_directive<'s, F: Borrow<Finding>>(
    findings: &mut Vec<F>,
    files: impl Iterator<Item = File<'s>>,
    plan: &Plan<'_>,
    unused_of: UnusedOf,
) -> Vec<Finding> {
    let mut ignores: FxHashMap<FileId, (&str, Ignores<'_>)> = FxHashMap::default();
    let today = Date::today();
    let mut idle: Vec<Place> = Vec::new();
    for file in files.filter(|file| file.is_target()) {
        let Some(&section) = plan.members.sections_of(file.source()).first() else { continue };
        let section = &plan.sections[section as usize];
        if section.without_comments {
            continue;
        }
        let is_idle = |directive: &Directive| directive.of_buf && section.without_buf_comments;
        if let (Some(id), directives @ [_, ..]) = (file.source(), file.directives()) {
            idle.extend(directives.iter().filter(|own| is_idle(own)).map(|own| Place { file: id, span: own.span }));
            let heard = directives.iter().filter(|own| !is_idle(own));
            ignores.insert(id, (file.name(), Ignores::new(heard, today, plan.own)));
        }
    }
    if ignores.is_empty() {
        return Vec::new();
    }
    findings.retain(|finding| {
        let finding = finding.borrow();
        let Some(place) = finding.place else { return true };
        let Some((_, ignores)) = ignores.get_mut(&place.file) else { return true };
        let may_be_suppressed = rules::rule_of(finding.rule).is_some_and(suppressible);
        !(may_be_suppressed && ignores.suppress(finding.rule, place.span))
    });
    let severity = |file: FileId| {
        let section = plan.members.sections_of(Some(file)).first();
        section.and_then(|&section| plan.sections[section as usize].unused_ignores)
    };
    let with_idle = ignores.iter().filter(|(_, (_, ignores))| !ignores.idle.is_empty());
    let reported = idle::Reported::new(with_idle.map(|(file, _)| *file), findings, plan.own);
    let unused = |(file, (name, ignores)): (FileId, (&str, Ignores<'_>))| {
        let Some(severity) = severity(file) else { return Vec::new() };
        let found = ignores.unused().filter_map(|ignore| unused_ignore(file, ignore, severity, plan, unused_of));
        let idle = ignores.idle.iter().filter(|_| unused_of == UnusedOf::OneSchema);
        let text = plan.sources.get(file).text();
        let found = found.chain(idle.filter_map(|own| idle::finding(file, own, severity, &reported, text)));
        found.map(|finding| Finding { symbol: Some(name.to_owned()), ..finding }).collect::<Vec<_>>()
    };
    let idle = idle.into_iter().filter_map(|place| Some(idle_ignore(place, severity(place.file)?)));
    ignores.into_iter().flat_map(unused).chain(idle).collect()
}

/// buf skips its own directives where its configuration says so, and so does this tool.
fn idle_ignore(place: Place, severity: Severity) -> Finding {
    let message = "`buf:lint:ignore` has no effect: the configuration does not allow it";
    let help = "use protolint:ignore, or allow it: `allow_comment_ignores: true` in a buf.yaml of v1, \
                no `disallow_comment_ignores` in one of v2, `buf_ignore_comments: true` in protolint.yaml";
    Finding { severity, ..Finding::error(UNUSED_IGNORE.id, place, message) }.help(help)
}

fn ignores_in<'s>(directive: &'s Directive, today: Date, own: Option<&OwnRules>) -> impl Iterator<Item = Ignored<'s>> {
    let (named, until) = match &directive.kind {
        DirectiveKind::Ignore(ignored) => (ignored.rules.as_slice(), ignored.until.as_ref()),
        DirectiveKind::Hot | DirectiveKind::Idle(_) => (&[][..], None),
    };
    let holds = match until.map(|(text, span)| (Date::parse(text), span)) {
        Some((None, span)) => Holds::Unclear(*span),
        Some((Some(until), _)) if until < today => Holds::Until(until),
        _ => Holds::Still,
    };
    let word = directive.span;
    let scope = match directive.scope {
        DirectiveScope::File => Some(Span::new(0, u32::MAX)),
        DirectiveScope::Declaration(declaration) => Some(declaration),
        DirectiveScope::Nothing => None,
    };
    let of_buf = directive.of_buf;
    named.iter().enumerate().map(move |(at, (rule, _))| {
        let ids = stands_for(rule, of_buf, own);
        Ignored { rule, ids, word, named, at, scope, holds }
    })
}

/// The ids of the rules that a name stands for: a rule, or a group, which buf's directive does not take.
fn stands_for(name: &str, of_buf: bool, own: Option<&OwnRules>) -> Vec<&'static str> {
    if let Some(rule) = rules::find(name).or_else(|| own?.find(name)) {
        return vec![rule.id];
    }
    let named = |family: Family| if name == ALL { family.rules() } else { family.named(name) };
    let families = if of_buf { &[][..] } else { &[Family::Lint, Family::Breaking] };
    let built_in = families.iter().flat_map(|&family| named(family));
    let own = own.filter(|_| name == ALL && !of_buf).into_iter().flat_map(|own| own.iter().map(|own| own.rule));
    built_in.chain(own).map(|rule| rule.id).collect()
}

fn unused_ignore(
    file: FileId,
    ignore: &Ignored<'_>,
    severity: Severity,
    plan: &Plan<'_>,
    unused_of: UnusedOf,
) -> Option<Finding> {
    let tell_at = |span: Span, message: String| Finding {
        severity,
        ..Finding::error(UNUSED_IGNORE.id, Place { file, span }, message)
    };
    let tell = |message: String| tell_at(ignore.word, message);
    let source = plan.sources.get(file);
    let text = source.text();
    let removable = |finding: Finding| {
        if !source.has_text() {
            return finding;
        }
        let fix = remove::remove(file, text, ignore.word, ignore.named, ignore.at);
        Finding { fix: Some(Box::new(fix)), ..finding }
    };
    let name = ignore.rule;
    let mut sections = plan.members.sections_of(Some(file)).iter();
    let is_on = |section: &super::Section<'_>| ignore.ids.iter().any(|id| section.severity_of(id).is_some());
    let was_on = sections.any(|&section| is_on(&plan.sections[section as usize]));
    let ran_out = matches!(ignore.holds, Holds::Until(_)) && ignore.scope.is_some();
    if unused_of == UnusedOf::Changes && !(was_on && ran_out) {
        return None;
    }
    if ignore.ids.is_empty() && !stands_for(name, false, plan.own).is_empty() {
        let message = format!("`buf:lint:ignore` takes a rule, and `{name}` is a group");
        return Some(tell(message).help(format!("write `protolint:ignore {name}`")));
    }
    if ignore.ids.is_empty() {
        let finding = tell(format!("unknown rule `{name}` in an ignore comment"));
        return Some(match idle::meant(name, plan.own) {
            Some(near) => finding.help(format!("did you mean {near}?")),
            None => finding.help("protolint rules lists all rules"),
        });
    }
    if rules::find(name).is_some_and(|rule| !suppressible(rule)) {
        return Some(tell(format!("`{name}` cannot be ignored")).help("compile errors must be fixed"));
    }
    if ignore.scope.is_none() {
        let help = "move the comment to the lines directly above a declaration, or to the line where it ends";
        return Some(tell(format!("the ignore comment for `{name}` belongs to no declaration")).help(help));
    }
    match ignore.holds {
        Holds::Unclear(span) => {
            let written = span.slice(text);
            let message = match written {
                "" => "`until=` has no date".to_owned(),
                _ => format!("invalid date `{written}`, expected YYYY-MM-DD; nothing is ignored"),
            };
            Some(tell_at(span, message).help("write the date as until=2027-01-31"))
        }
        Holds::Until(day) => was_on.then(|| {
            let help = "fix the finding and remove the comment, or set a later date";
            tell(format!("the ignore comment for `{name}` expired on {day}")).help(help)
        }),
        Holds::Still => {
            let told =
                || tell(format!("the ignore comment for `{name}` suppresses nothing")).help("remove the comment");
            was_on.then(|| removable(told()))
        }
    }
}
