//! What a command runs with: the configuration that holds for its input, and the rules that are on.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::cli::ConfigArgs;
use crate::config::{self, Config};
use crate::finding::{Finding, Severity};
use crate::input::path;
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
    config::load(&file, shown, sources).map_err(SetupError::Findings)
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
}

impl Selection {
    /// How much a rule matters that is on without being selected; `None` where it was switched off.
    pub(super) fn severity_of(&self, id: &str) -> Option<Severity> {
        self.always.iter().find(|(rule, _)| rule.id == id).map(|&(_, severity)| severity)
    }
}

/// Selects the rules of `check` by the command line, else by the configuration.
pub(super) fn selection(args: &ConfigArgs, config: &Config, strict_imports: bool) -> Result<Selection, Failure> {
    let uses = if args.uses.is_empty() { &config.check.uses } else { &args.uses };
    let severity = |rule: &'static Rule| {
        let strict = strict_imports && rule.id == rules::compile::COMPILE_IMPORT_NOT_FOUND.id;
        if strict { Severity::Error } else { config.check.severity_of(rule) }
    };
    select(Family::Lint, uses, (&config.check.except, &args.except), severity)
}

/// Selects the rules of `breaking` by the command line, else by the configuration; all of them where neither does.
pub(super) fn breaking_selection(args: &ConfigArgs, config: &Config) -> Result<Selection, Failure> {
    let uses = if args.uses.is_empty() { &config.breaking.uses } else { &args.uses };
    let severity = |rule: &'static Rule| match Family::of(rule) {
        Some(_) => config.breaking.severity_of(rule),
        None => config.check.severity_of(rule),
    };
    let excepts = (config.breaking.except.as_slice(), args.except.as_slice());
    if !uses.is_empty() {
        return select(Family::Breaking, uses, excepts, severity);
    }
    let mut selection = select(Family::Breaking, &[config::ALL.to_owned()], excepts, severity)?;
    selection.names.remove(0);
    // What another rule tells with its verdict is not told twice.
    selection.selected.retain(|(rule, _)| rule.page.covered_by().is_none());
    Ok(selection)
}

fn select(
    family: Family,
    uses: &[String],
    (except, more): (&[String], &[String]),
    severity: impl Fn(&'static Rule) -> Severity,
) -> Result<Selection, Failure> {
    let except: Vec<String> = except.iter().chain(more).cloned().collect();
    let selected = config::select(family, uses, &except).map_err(|unknown| {
        let first = unknown.into_iter().next().expect("a failed selection names what is unknown");
        Failure::new(first.message).help(first.help)
    })?;
    let errors = rules::compile_rules().into_iter().filter(|rule| rule.page.severity == Severity::Error);
    let on = selected.into_iter().chain(errors).map(|rule| (rule, severity(rule)));
    let (selected, always): (Vec<_>, Vec<_>) = on.partition(|(rule, _)| Family::of(rule).is_some());
    let names = uses.iter().cloned().chain(except.iter().map(|name| format!("not {name}"))).collect();
    Ok(Selection { names, selected, always })
}
