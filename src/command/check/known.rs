//! Known findings: reads the file that lists them, takes them out of what is told, and writes the file.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cli::CheckArgs;
use crate::command::report::note;
use crate::command::setup::{Selection, SetupError};
use crate::command::{Failure, beside, summary};
use crate::config::{self, Config};
use crate::finding::{Finding, length};
use crate::project::load::Loaded;
use crate::project::{path, replace};
use crate::rules::compile::BASELINE_STALE;
use crate::run::suppress::{Baseline, Entry};
use crate::schema::Element;
use crate::source::{self, FileId, Sources};

/// The file where nobody names another.
const FILE_NAME: &str = "protolint.baseline.yaml";
/// What the ids of rules begin with that tell what keeps a file from being checked.
const FAULTS: [&str; 2] = ["COMPILE_", "INPUT_"];

/// The file of known findings.
pub(super) struct KnownFile {
    /// Absolute.
    file: PathBuf,
    shown: String,
    /// What it says; `None` where there is no file yet.
    baseline: Option<Baseline>,
    /// Its text.
    text: String,
}

/// What a run was asked to check.
pub(super) struct Job<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) config: &'a Config,
    pub(super) selection: &'a Selection,
    pub(super) loaded: &'a Loaded,
}

/// Reads the file that is named, or that lies where it would be written; `None` if there is none and none is wanted.
pub(super) fn read(
    args: &CheckArgs,
    config: &Config,
    start: &Path,
    sources: &mut Sources,
) -> Result<Option<KnownFile>, SetupError> {
    if args.no_baseline {
        return Ok(None);
    }
    let named = args.baseline.as_ref().or(args.write_baseline.as_ref().and_then(Option::as_ref));
    let (file, shown) = match named {
        Some(file) => (path::absolute(file), path::shown(file)),
        None => {
            let file = beside::place_of(FILE_NAME, config, start);
            let shown = path::shown_from_here(&file);
            (file, shown)
        }
    };
    if !file.exists() {
        if args.write_baseline.is_some() {
            return Ok(Some(KnownFile { file, shown, baseline: None, text: String::new() }));
        }
        return match named {
            Some(_) => {
                let failure = Failure::new(format!("`{shown}` does not exist"));
                Err(failure.help(format!("protolint check --write-baseline={shown} writes it")).into())
            }
            None => Ok(None),
        };
    }
    let baseline = config::load_baseline(&file, shown.clone(), sources).map_err(SetupError::Findings)?;
    let text = sources.iter().last().map_or(String::new(), |(_, file)| file.text().to_owned());
    Ok(Some(KnownFile { file, shown, baseline: Some(baseline), text }))
}

impl KnownFile {
    /// Takes out what is known, and adds what of that is no longer so; a line that says what was done. Writes the file
    /// first if that is wanted.
    pub(super) fn apply(&self, job: &Job<'_>, findings: &mut Vec<Finding>) -> Result<String, Failure> {
        if job.loaded.targets == 0 {
            return Ok(String::new());
        }
        let baseline = match (&job.args.write_baseline, &self.baseline) {
            (Some(_), old) => &self.write(job, old.as_ref(), findings)?,
            (None, Some(baseline)) => baseline,
            (None, None) => return Ok(String::new()),
        };
        let stale = match job.selection.severity_of(BASELINE_STALE.id).filter(|_| job.args.write_baseline.is_none()) {
            Some(severity) => {
                let stale = baseline.stale(findings);
                let coverage = Coverage::of(job, self, findings, stale.iter().map(|stale| stale.entry));
                let stale = stale.into_iter().filter(|stale| coverage.covers(stale.entry));
                stale.filter_map(|stale| stale.finding(severity)).collect()
            }
            None => Vec::new(),
        };
        let silenced = baseline.silence(findings, &self.shown);
        findings.extend(stale);
        Ok(match silenced {
            0 => String::new(),
            silenced => format!("{} in {}\n", summary::counted(silenced, "known finding"), self.shown),
        })
    }

    /// Writes what is known from now on.
    fn write(&self, job: &Job<'_>, old: Option<&Baseline>, findings: &[Finding]) -> Result<Baseline, Failure> {
        let nothing = Baseline::default();
        let may_grow = old.is_none() || job.args.grow;
        let old = old.unwrap_or(&nothing);
        let coverage = Coverage::of(job, self, findings, old.stale(findings).iter().map(|stale| stale.entry));
        let new = old.updated(findings, |entry| coverage.covers(entry), may_grow);
        let total = new.total();
        let text = new.text();
        let text = if self.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        let is_needed = total > 0 || self.baseline.is_some();
        if is_needed && text != self.text {
            replace::replace(&self.file, |out| out.write_all(text.as_bytes())).map_err(|error| {
                Failure::new(format!("`{}` cannot be written: {}", self.shown, source::reason(&error)))
            })?;
        }
        let count = summary::counted(total, "known finding");
        let mut told = match (is_needed, text == self.text) {
            (false, _) => format!("there is nothing to write into {}\n", self.shown),
            (true, true) => format!("{} stays as it was\n", self.shown),
            (true, false) if self.baseline.is_none() => format!("wrote {}: {count}\n", self.shown),
            (true, false) => format!("wrote {}: {count}, {} before\n", self.shown, summary::grouped(old.total())),
        };
        if is_needed && total == 0 {
            told.push_str(&format!("nothing is left in {}: it can be deleted\n", self.shown));
        }
        if !may_grow && new.is_exceeded(findings) {
            told.push_str("there are new findings: --write-baseline --grow adds them\n");
        }
        note(&job.args.output, &told);
        Ok(new)
    }
}

/// Of which entries a run can tell how many findings are left.
struct Coverage<'a> {
    rules: FxHashSet<&'static str>,
    /// The names of entries that were asked for and are declared in files that findings are wanted on, with whether all
    /// could be checked there.
    declared: FxHashMap<&'a str, bool>,
    /// Whether everything was looked at that entries may be about, so that a name that is not declared is gone.
    is_full: bool,
}

impl<'a> Coverage<'a> {
    fn of(
        job: &Job<'_>,
        known: &KnownFile,
        findings: &[Finding],
        asked: impl Iterator<Item = &'a Entry>,
    ) -> Coverage<'a> {
        let selected = job.selection.selected.iter().chain(&job.selection.always);
        let wanted: FxHashSet<&str> = asked.map(|entry| entry.symbol.as_str()).collect();
        let is_fault = |finding: &&Finding| FAULTS.iter().any(|start| finding.rule.starts_with(start));
        let mut faulty: FxHashMap<Option<FileId>, bool> = FxHashMap::default();
        faulty.extend(findings.iter().filter(is_fault).map(|fault| (fault.place.map(|place| place.file), false)));
        let mut declared: FxHashMap<&str, bool> = FxHashMap::default();
        for file in job.loaded.schema.files().filter(|file| file.is_target() && !wanted.is_empty()) {
            let is_sound = faulty.get_mut(&file.source()).map(|is_parsed| *is_parsed = true).is_none();
            for element in std::iter::once(Element::from(file)).chain(file.elements()) {
                if let Some(symbol) = wanted.get(length::symbol(element.symbol()).as_str()) {
                    *declared.entry(symbol).or_insert(true) &= is_sound;
                }
            }
        }
        // What a file declares that is not even parsed, nobody knows.
        let is_full = faulty.values().all(|is_parsed| *is_parsed) && is_full(job, known);
        Coverage { rules: selected.map(|(rule, _)| rule.id).collect(), declared, is_full }
    }

    fn covers(&self, entry: &Entry) -> bool {
        self.rules.contains(entry.rule) && self.declared.get(entry.symbol.as_str()).copied().unwrap_or(self.is_full)
    }
}

/// Whether a run looked at all of the directory that the configuration is for, or without one that the file lies in.
fn is_full(job: &Job<'_>, known: &KnownFile) -> bool {
    let has_configuration = job.config.source.is_some();
    let scope = if has_configuration { Some(path::absolute(&job.config.directory)) } else { None };
    let scope = scope.or_else(|| known.file.parent().map(Path::to_owned)).unwrap_or_default();
    let covers = |given: &Path| scope.starts_with(path::absolute(given));
    match job.args.paths.is_empty() {
        true => has_configuration || covers(Path::new(".")),
        false => job.args.paths.iter().any(|given| given.as_os_str() != "-" && covers(given)),
    }
}
