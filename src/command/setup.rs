//! What a command runs with: the configuration that holds for its input, and the rules that are on.

use std::path::{Path, PathBuf};

use super::Failure;
use super::report::note;
use crate::cli::{ConfigArgs, OutputArgs};
use crate::config::{self, BreakingConfig, CheckConfig, Config, Sets};
use crate::finding::{Finding, Severity};
use crate::project::path;
use crate::rules::{self, Family, Rule};
use crate::source::Sources;

/// Why there is no setup.
pub(super) enum SetupError {
    /// The configuration has faults, each a finding.
    Findings(Vec<Finding>),
    Failure(Failure),
}

impl From<Failure> for SetupError {
    fn from(failure: Failure) -> SetupError {
        SetupError::Failure(failure)
    }
}

/// The configuration: the one named, else the nearest above `start`, else the default.
pub(super) fn configuration(args: &ConfigArgs, start: &Path, sources: &mut Sources) -> Result<Config, SetupError> {
    let found = match &args.config {
        Some(file) => Some(file.clone()),
        None if args.no_config => None,
        None => config::discover(&path::absolute(start)),
    };
    let Some(file) = found else {
        return Ok(Config { directory: path::absolute(start), ..Config::default() });
    };
    let shown = match &args.config {
        Some(file) => path::shown(file),
        None => path::shown_from_here(&file),
    };
    let config = config::load(&file, shown, sources).map_err(SetupError::Findings)?;
    Ok(Config { directory: path::absolute(&config.directory), ..config })
}

/// Tells what in the configuration has no effect here.
pub(super) fn tell_notes(args: &OutputArgs, config: &Config, sources: &Sources) {
    for told in &config.notes {
        let file = sources.get(told.place.file);
        let position = file.position(told.place.span.start);
        note(args, &format!("{}:{}:{}: note: {}\n", file.path(), position.line, position.column, told.text));
    }
}

/// Includes have to be directories.
pub(super) fn check_includes(includes: &[PathBuf]) -> Result<(), Failure> {
    match includes.iter().find(|include| !include.is_dir()) {
        Some(include) => Err(Failure::new(format!("`-I {}` is not a directory", path::shown(include)))),
        None => Ok(()),
    }
}

/// Where the configuration is looked for: at the first path, or here.
pub(super) fn start_of(paths: &[PathBuf], stdin: Option<&Path>) -> PathBuf {
    let first = stdin.or(paths.first().map(PathBuf::as_path)).unwrap_or(Path::new("."));
    if first.is_dir() {
        return first.to_owned();
    }
    first.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// The rules that are on, each with how much it matters: the selected ones and those that are always on.
pub(super) struct Selection {
    /// The names they were selected by.
    pub(super) names: Vec<String>,
    /// Of the family asked for.
    pub(super) selected: Vec<(&'static Rule, Severity)>,
    pub(super) always: Vec<(&'static Rule, Severity)>,
    /// The same for each scope of the configuration.
    pub(super) scopes: Vec<Selection>,
}

impl Selection {
    /// How much findings of a rule matter that is always on.
    pub(super) fn severity_of(&self, id: &str) -> Option<Severity> {
        self.always.iter().find(|(rule, _)| rule.id == id).map(|&(_, severity)| severity)
    }

    /// The names that rules were selected by, in all scopes, and how many rules that are.
    pub(super) fn summary(&self) -> (String, usize) {
        let own = Some(self).filter(|_| self.scopes.is_empty());
        let all: Vec<&Selection> = own.into_iter().chain(&self.scopes).collect();
        let (mut names, mut rules): (Vec<&str>, Vec<&str>) = Default::default();
        for selection in all {
            for name in &selection.names {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            rules.extend(selection.selected.iter().map(|(rule, _)| rule.id));
        }
        rules.sort_unstable();
        rules.dedup();
        (names.join(", "), rules.len())
    }
}

/// Selects the rules of `check` by the command line, else by the configuration.
pub(super) fn selection(args: &ConfigArgs, config: &Config, strict_imports: bool) -> Result<Selection, Failure> {
    let of = |check: &CheckConfig| {
        let uses = if args.uses.is_empty() { &check.uses } else { &args.uses };
        let severity = |rule: &'static Rule| {
            let strict = strict_imports && rule.id == rules::compile::COMPILE_IMPORT_NOT_FOUND.id;
            if strict { Severity::Error } else { check.severity_of(rule) }
        };
        select((check.sets, Family::Lint), uses, (&check.except, &args.except), severity)
    };
    let scopes = config.scopes.iter().map(|scope| of(config.check_in(scope))).collect::<Result<_, _>>()?;
    Ok(Selection { scopes, ..of(&config.check)? })
}

/// Selects the rules of `breaking` by the command line, else by the configuration; all of them where neither does.
pub(super) fn breaking_selection(args: &ConfigArgs, config: &Config) -> Result<Selection, Failure> {
    let of = |breaking: &BreakingConfig| one_breaking(args, config, breaking);
    let scopes = config.scopes.iter().map(|scope| of(config.breaking_in(scope))).collect::<Result<_, _>>()?;
    Ok(Selection { scopes, ..of(&config.breaking)? })
}

fn one_breaking(args: &ConfigArgs, config: &Config, breaking: &BreakingConfig) -> Result<Selection, Failure> {
    let uses = if args.uses.is_empty() { &breaking.uses } else { &args.uses };
    let severity = |rule: &'static Rule| match Family::of(rule) {
        Some(_) => breaking.severity_of(rule),
        None => config.check.severity_of(rule),
    };
    let excepts = (breaking.except.as_slice(), args.except.as_slice());
    let sets = (breaking.sets, Family::Breaking);
    if !uses.is_empty() {
        return select(sets, uses, excepts, severity);
    }
    let mut selection = select(sets, &[config::ALL.to_owned()], excepts, severity)?;
    selection.names.remove(0);
    // What another rule tells with its verdict is not told twice.
    selection.selected.retain(|(rule, _)| rule.page.covered_by().is_none());
    Ok(selection)
}

fn select(
    (sets, family): (Sets, Family),
    uses: &[String],
    (except, more): (&[String], &[String]),
    severity: impl Fn(&'static Rule) -> Severity,
) -> Result<Selection, Failure> {
    let except: Vec<String> = except.iter().chain(more).cloned().collect();
    let selected = config::select(sets, family, uses, &except).map_err(|unknown| {
        let first = unknown.into_iter().next().expect("a failed selection names what is unknown");
        Failure::new(first.message).help(first.help)
    })?;
    let errors = rules::compile_rules().into_iter().filter(|rule| rule.page.severity == Severity::Error);
    let on = selected.into_iter().chain(errors.filter(|rule| sets.hold(rule))).map(|rule| (rule, severity(rule)));
    let (selected, always): (Vec<_>, Vec<_>) = on.partition(|(rule, _)| Family::of(rule).is_some());
    let names = uses.iter().cloned().chain(except.iter().map(|name| format!("not {name}"))).collect();
    Ok(Selection { names, selected, always, scopes: Vec::new() })
}
