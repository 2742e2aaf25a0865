//! The baseline file: finds it, takes out what it lists, reports what it lists in vain, and writes it.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{self, Baseline, Entry};
use crate::error::Error;
use crate::finding::{Finding, length, order};
use crate::project::project_file::project_file;
use crate::project::settings::Settings;
use crate::project::{Project, path, replace};
use crate::report::{Report, summary};
use crate::rules::compile::BASELINE_STALE;
use crate::run::Rules;
use crate::schema::Element;
use crate::source::{self, FileId};

/// The file where no other is named.
const FILE_NAME: &str = "protolint.baseline.yaml";
/// What the ids of rules begin with that report what prevents a file from being checked.
const FAULTS: [&str; 2] = ["COMPILE_", "INPUT_"];

/// What becomes of the baseline file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BaselineUse {
    /// What it lists is suppressed, if it is there: this file, or the one beside the configuration or at the top of the
    /// repository.
    Apply(Option<PathBuf>),
    /// It is not looked at.
    #[default]
    Ignore,
    /// It is created or shrunk; it may also grow where `grow` says so. Then what it lists is suppressed.
    Write {
        /// The file, if it is not the one beside the configuration or at the top of the repository.
        file: Option<PathBuf>,
        /// Whether findings may be added to a file that exists.
        grow: bool,
    },
}

impl BaselineUse {
    fn named(&self) -> Option<&PathBuf> {
        match self {
            BaselineUse::Apply(file) | BaselineUse::Write { file, .. } => file.as_ref(),
            BaselineUse::Ignore => None,
        }
    }

    fn writes(&self) -> bool {
        matches!(self, BaselineUse::Write { .. })
    }
}

/// Why there is no baseline file.
#[derive(Debug)]
pub enum BaselineError {
    /// The file has faults.
    Faulty(Box<Report>),
    /// The file that was named does not exist.
    Missing(Error),
}

/// The file of existing findings.
pub struct BaselineFile {
    wanted: BaselineUse,
    /// Absolute.
    file: PathBuf,
    shown: String,
    /// What it says; `None` where there is no file yet.
    baseline: Option<Baseline>,
    /// Its text.
    text: String,
}

/// What a run was asked to check.
struct Job<'a> {
    settings: &'a Settings,
    rules: &'a Rules,
    project: &'a Project,
}

impl BaselineFile {
    /// Reads the file that is named, or that lies where it would be written; `None` if there is none and none is
    /// wanted.
    ///
    /// # Errors
    ///
    /// The file has faults, or was named and does not exist.
    pub fn read(settings: &mut Settings, wanted: BaselineUse) -> Result<Option<BaselineFile>, BaselineError> {
        if wanted == BaselineUse::Ignore {
            return Ok(None);
        }
        let (file, shown) = match wanted.named() {
            Some(file) => (path::absolute(file), path::shown(file)),
            None => {
                let file = project_file(FILE_NAME, settings);
                let shown = path::shown_from_here(&file);
                (file, shown)
            }
        };
        if !file.exists() {
            if wanted.writes() {
                return Ok(Some(BaselineFile { wanted, file, shown, baseline: None, text: String::new() }));
            }
            return match wanted.named() {
                Some(_) => {
                    let missing = Error::new(format!("`{shown}` does not exist"));
                    let help = format!("protolint check --write-baseline={shown} creates it");
                    Err(BaselineError::Missing(missing.help(help)))
                }
                None => Ok(None),
            };
        }
        let baseline = config::load_baseline(&file, shown.clone(), &settings.config.own, &mut settings.sources);
        let baseline = baseline.map_err(|faults| BaselineError::Faulty(settings.faults(faults)))?;
        let text = settings.sources.iter().last().map_or(String::new(), |(_, file)| file.text().to_owned());
        Ok(Some(BaselineFile { wanted, file, shown, baseline: Some(baseline), text }))
    }

    /// Takes out of a report of the project what is listed, and adds what is listed in vain; lines that say what was
    /// done. Writes the file first if that is wanted.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn apply(&self, project: &Project, rules: &Rules, report: &mut Report) -> Result<Applied, Error> {
        let job = Job { settings: project.settings(), rules, project };
        let mut applied = Applied::default();
        if project.target_files() == 0 {
            return Ok(applied);
        }
        let baseline = match (self.wanted.writes(), &self.baseline) {
            (true, old) => &self.write(&job, old.as_ref(), &report.findings, &mut applied)?,
            (false, Some(baseline)) => baseline,
            (false, None) => return Ok(applied),
        };
        let severity = rules.selection.severity_of(BASELINE_STALE.id).filter(|_| !self.wanted.writes());
        let stale: Vec<Finding> = match severity {
            Some(severity) => {
                let stale = baseline.stale(&report.findings);
                let coverage = Coverage::of(&job, self, &report.findings, stale.iter().map(|stale| stale.entry));
                let stale = stale.into_iter().filter(|stale| coverage.covers(stale.entry));
                stale.filter_map(|stale| stale.finding(severity)).collect()
            }
            None => Vec::new(),
        };
        let suppressed = baseline.suppress(&mut report.findings, &self.shown);
        order::merge(&mut report.findings, stale, &report.sources);
        if suppressed > 0 {
            applied.suppressed = format!("{} suppressed by {}\n", summary::counted(suppressed, "finding"), self.shown);
        }
        Ok(applied)
    }

    /// Writes the new baseline file.
    fn write(
        &self,
        job: &Job<'_>,
        old: Option<&Baseline>,
        findings: &[Finding],
        applied: &mut Applied,
    ) -> Result<Baseline, Error> {
        let nothing = Baseline::default();
        let may_grow = old.is_none() || matches!(self.wanted, BaselineUse::Write { grow: true, .. });
        let old = old.unwrap_or(&nothing);
        let coverage = Coverage::of(job, self, findings, old.stale(findings).iter().map(|stale| stale.entry));
        let new = old.updated(findings, |entry| coverage.covers(entry), may_grow);
        let total = new.total();
        let text = new.text();
        let text = if self.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        let is_needed = total > 0 || self.baseline.is_some();
        if is_needed && text != self.text {
            replace::replace(&self.file, |out| out.write_all(text.as_bytes())).map_err(|error| {
                Error::new(format!("`{}` cannot be written: {}", self.shown, source::reason(&error)))
            })?;
        }
        let count = summary::counted(total, "finding");
        let mut note = match (is_needed, text == self.text) {
            (false, _) => format!("no findings to write to {}\n", self.shown),
            (true, true) => format!("{} is unchanged\n", self.shown),
            (true, false) if self.baseline.is_none() => format!("wrote {}: {count}\n", self.shown),
            (true, false) => format!("wrote {}: {count}, {} before\n", self.shown, summary::grouped(old.total())),
        };
        if is_needed && total == 0 {
            note.push_str(&format!("{} is empty now: delete it\n", self.shown));
        }
        if !may_grow && new.is_exceeded(findings) {
            note.push_str("new findings were not added: --write-baseline --grow adds them\n");
        }
        applied.written = note;
        Ok(new)
    }
}

/// What became of a baseline file: lines to print, empty where there is nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What was written.
    pub written: String,
    /// How many findings were suppressed.
    pub suppressed: String,
}

/// The entries of which a run can count the findings that are left.
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
        known: &BaselineFile,
        findings: &[Finding],
        asked: impl Iterator<Item = &'a Entry>,
    ) -> Coverage<'a> {
        let selection = &job.rules.selection;
        let selected = selection.selected.iter().chain(&selection.always);
        let wanted: FxHashSet<&str> = asked.map(|entry| entry.symbol.as_str()).collect();
        let is_fault = |finding: &&Finding| FAULTS.iter().any(|start| finding.rule.starts_with(start));
        let mut faulty: FxHashMap<Option<FileId>, bool> = FxHashMap::default();
        faulty.extend(findings.iter().filter(is_fault).map(|fault| (fault.place.map(|place| place.file), false)));
        let mut declared: FxHashMap<&str, bool> = FxHashMap::default();
        for file in job.project.schema().files().filter(|file| file.is_target() && !wanted.is_empty()) {
            let is_sound = faulty.get_mut(&file.source()).map(|is_whole| *is_whole = !file.is_damaged()).is_none();
            for element in std::iter::once(Element::from(file)).chain(file.elements()) {
                if let Some(symbol) = wanted.get(length::symbol(element.symbol()).as_str()) {
                    *declared.entry(symbol).or_insert(true) &= is_sound;
                }
            }
        }
        // What the damaged parts of a file declare is not known.
        let is_full = faulty.values().all(|is_whole| *is_whole) && is_full(job, known);
        Coverage { rules: selected.map(|(rule, _)| rule.id).collect(), declared, is_full }
    }

    fn covers(&self, entry: &Entry) -> bool {
        self.rules.contains(entry.rule) && self.declared.get(entry.symbol.as_str()).copied().unwrap_or(self.is_full)
    }
}

/// Whether a run looked at all of the directory that the configuration is for, or without one that the file lies in.
fn is_full(job: &Job<'_>, known: &BaselineFile) -> bool {
    let has_configuration = job.settings.config.source.is_some();
    let scope = if has_configuration { Some(path::absolute(&job.settings.config.directory)) } else { None };
    let scope = scope.or_else(|| known.file.parent().map(Path::to_owned)).unwrap_or_default();
    let covers = |given: &Path| scope.starts_with(path::absolute(given));
    match job.settings.paths.is_empty() {
        _ if job.settings.stdin.is_some() => false,
        true => has_configuration || covers(Path::new(".")),
        false => job.settings.paths.iter().any(|given| covers(given)),
    }
}
