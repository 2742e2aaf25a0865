//! `protolint check`.

use std::path::PathBuf;
use std::time::Instant;

use super::args::CheckArgs;
use super::print::{base_notes, built_in, configuration_notes, left_out, note, paint, render, status, unusable};
use super::progress::Progress;
use super::{CLEAN, fix, settings};
use crate::error::Error;
use crate::project::Project;
use crate::project::base::{Base, FoundBase};
use crate::project::path;
use crate::project::settings::Settings;
use crate::report::{Report, summary};
use crate::run::Rules;
use crate::run::new_only::{Since, lint_since};
use crate::run::suppress::baseline_file::{BaselineError, BaselineFile};

/// What is printed at the end, and what for.
pub(super) struct Run<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) settings: &'a Settings,
    pub(super) rules: &'a Rules,
    baseline: Option<BaselineFile>,
    start: Instant,
}

/// Lints, reports, and says how it ended.
pub(super) fn run(args: &CheckArgs) -> Result<u8, Error> {
    let start = Instant::now();
    let mut settings = settings::of_check(args)?;
    if let Err(report) = settings::configure(&mut settings, &args.config) {
        return unusable(&args.output, &report);
    }
    if args.no_ignore_comments {
        settings::without_comments(&mut settings);
    }
    configuration_notes(&args.output, &settings);
    let rules = settings.rules()?;
    let baseline = match BaselineFile::read(&mut settings, settings::baseline_use(args)) {
        Ok(baseline) => baseline,
        Err(BaselineError::Missing(error)) => return Err(error),
        Err(BaselineError::Faulty(report)) => return unusable(&args.output, &report),
    };
    settings.check_includes()?;
    let run = Run { args, settings: &settings, rules: &rules, baseline, start };
    let progress = Progress::new(args.output.quiet);
    if let Some((project, report, since)) = run.new_only(&progress)? {
        return run.finish(project, report, Some(since));
    }
    let project = Project::open_watched(&settings, &|| progress.advance())?;
    let report = project.lint(&rules);
    progress.finish();
    if args.fix.fix || args.fix.diff {
        if let Some(set) = project.set() {
            let message =
                format!("`{}` is a descriptor set, and --fix changes .proto files", path::shown_from_here(set));
            return Err(Error::new(message).help("check the .proto files that the set was compiled from"));
        }
        return fix::run(&run, &project, report);
    }
    run.finish(project, report, None)
}

impl Run<'_> {
    /// What is there now and was not before; `None` where all there is is to be reported.
    fn new_only(&self, progress: &Progress) -> Result<Option<(Project, Report, Since)>, Error> {
        if !self.args.new_only {
            return Ok(None);
        }
        if self.settings.stdin.is_some() {
            return Err(Error::new("`--new-only` cannot be used with standard input"));
        }
        let base = match Base::find(self.settings)? {
            FoundBase::Base(base) => *base,
            FoundBase::Nothing(why) => {
                note(&self.args.output, &format!("{why}: every finding is new\n"));
                return Ok(None);
            }
        };
        base_notes(&self.args.output, &base);
        let found = lint_since(self.settings, self.rules, base, &|| progress.advance())?;
        progress.finish();
        Ok(Some(found))
    }

    /// What to do about many findings.
    fn hint(&self, findings: usize) -> &'static str {
        let is_by_rule = self.args.output.statistics;
        match self.baseline.is_some() || self.args.new_only || self.settings.stdin.is_some() {
            _ if findings < MANY => "",
            true if is_by_rule => "",
            true => "to count findings by rule: --statistics\n",
            false if is_by_rule => "to suppress all existing findings: protolint check --write-baseline\n",
            false => {
                "to suppress all existing findings: protolint check --write-baseline\n\
                 to count findings by rule: --statistics\n"
            }
        }
    }

    /// Prints what was found and is in no baseline file, and says how it ended.
    pub(super) fn finish(&self, project: Project, mut report: Report, since: Option<Since>) -> Result<u8, Error> {
        let output = &self.args.output;
        let applied = self.baseline.as_ref().map(|baseline| baseline.apply(&project, self.rules, &mut report));
        let applied = applied.transpose()?.unwrap_or_default();
        note(output, &applied.written);
        let older = since.map(|since| since.apply(&mut report)).unwrap_or_default();
        report.join_repeated();
        render(output, &report)?;
        note(output, &left_out(self.settings, project.left_out().iter()));
        note(output, &built_in(&project.schema().common_built_in()));
        if report.files == 0 && self.args.lint.no_error_on_unmatched_pattern {
            return Ok(CLEAN);
        }
        if report.files == 0 && !names_schemas_only(&self.args.paths) {
            return Err(nothing_to("check", &self.args.paths, !project.left_out().is_empty()));
        }
        note(output, &format!("{}{older}", applied.suppressed));
        let (names, rules) = self.rules.summary();
        let (files, rules) = (summary::counted(report.files, "file"), summary::counted(rules, "rule"));
        let (took, verdict) = (summary::took(self.start.elapsed()), summary::verdict(&report.findings, paint(output)));
        note(output, &format!("checked {files} against {rules} ({names}) in {took}: {verdict}\n"));
        note(output, &summary::self_check(&report));
        note(output, self.hint(report.findings.len()));
        let status = status(&report.findings, output.fail_on);
        // The process is about to end: giving back so much memory piece by piece would only take time.
        std::mem::forget((project, report));
        Ok(status)
    }
}

/// From so many findings on, there is a hint at how to live with them.
const MANY: usize = 1000;

/// Whether each path is a file of a schema: where none is checked, then because `exclude:` names them all. A hook that
/// names the files of a commit has nothing to complain about.
pub(super) fn names_schemas_only(paths: &[PathBuf]) -> bool {
    let is_schema = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "proto") && path.is_file();
    !paths.is_empty() && paths.iter().all(is_schema)
}

/// Why there is nothing to `check` or to `format`.
pub(super) fn nothing_to(verb: &str, paths: &[PathBuf], is_left_out: bool) -> Error {
    let given: Vec<String> = paths.iter().map(|path| format!("`{}`", path::shown(path))).collect();
    let place = if given.is_empty() { "here".to_owned() } else { format!("in {}", given.join(", ")) };
    if is_left_out {
        let help = "the configuration excludes them: change it, or pass --no-config";
        return Error::new(format!("no .proto files to {verb} {place}")).help(help);
    }
    Error::new(format!("no .proto files {place}"))
        .help("hidden directories, node_modules, target and directories in `exclude:` are skipped")
}
