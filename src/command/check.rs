//! `protolint check`.

mod fix;
pub(crate) mod in_memory;
mod known;
mod mend;
mod published;
mod since;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use self::known::{Job, KnownFile};
use self::since::Since;
use super::progress::Progress;
use super::report::{note, render, status, unusable};
use super::setup::{self, Selection, SetupError};
use super::{Failure, patterns, scopes, summary};
use crate::cli::CheckArgs;
use crate::config::Config;
use crate::finding::Finding;
use crate::project::load::{self, Loaded, Request};
use crate::project::view::{Edited, View};
use crate::project::walk::Exclude;
use crate::project::{self, path};
use crate::rules::compile::CONFIG_UNUSED_IGNORE;
use crate::run;
use crate::source::{self, Sources};

/// Checks, reports, and says how it ended.
pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let start = Instant::now();
    let mut sources = Sources::new();
    let stdin = stdin(args)?;
    let stdin_path = stdin.as_ref().map(|(path, _)| path.as_path());
    let above = setup::start_of(&args.paths, stdin_path);
    let config = match setup::configuration(&args.config, &above, &mut sources) {
        Ok(config) => config,
        Err(SetupError::Failure(failure)) => return Err(failure),
        Err(SetupError::Findings(findings)) => return unusable(&args.output, &sources, findings),
    };
    setup::tell_notes(&args.output, &config, &sources);
    let selection = setup::selection(&args.config, &config, args.strict_imports)?;
    let known = match known::read(args, &config, &above, &mut sources) {
        Ok(known) => known,
        Err(SetupError::Failure(failure)) => return Err(failure),
        Err(SetupError::Findings(findings)) => return unusable(&args.output, &sources, findings),
    };
    setup::check_includes(&args.includes)?;
    let run = Run { args, stdin, config: &config, selection: &selection, known, view: View::default() };
    let (found, since) = match since::find(args, &config, &selection, &mut sources)? {
        Some((loaded, findings, since)) => (Found { sources, loaded, findings }, Some(since)),
        None => {
            let progress = Progress::new(args.output.quiet || !std::io::stderr().is_terminal());
            let found = run.find(sources, &Edited::default(), &|| progress.advance())?;
            progress.finish();
            (found, None)
        }
    };
    if args.fix.fix || args.fix.diff {
        return fix::run(&run, found, start);
    }
    run.tell(found, since, start)
}

/// What is checked by what.
struct Run<'a> {
    args: &'a CheckArgs,
    stdin: Option<(PathBuf, Vec<u8>)>,
    config: &'a Config,
    selection: &'a Selection,
    known: Option<KnownFile>,
    /// Where schemas are read from.
    view: View<'a>,
}

/// What was read, and what was found in it.
struct Found {
    sources: Sources,
    loaded: Loaded,
    findings: Vec<Finding>,
}

/// The bytes on standard input, and the path it stands for.
fn stdin(args: &CheckArgs) -> Result<Option<(PathBuf, Vec<u8>)>, Failure> {
    if !args.paths.iter().any(|path| path.as_os_str() == "-") {
        return match args.stdin_file_path {
            Some(_) => Err(Failure::new("--stdin-file-path needs `-` as the path")
                .help("protolint check - --stdin-file-path FILE")),
            None => Ok(None),
        };
    }
    if args.paths.len() > 1 {
        return Err(Failure::new("`-` stands alone: standard input is one file"));
    }
    let path = args.stdin_file_path.clone().unwrap_or_else(|| PathBuf::from("stdin.proto"));
    let read = project::read_all(std::io::stdin().lock());
    let bytes =
        read.map_err(|error| Failure::new(format!("standard input cannot be read: {}", source::reason(&error))))?;
    Ok(Some((path, bytes)))
}

impl Run<'_> {
    /// Reads and checks, with some texts edited, and adds what it reads to `sources`.
    fn find(&self, mut sources: Sources, edited: &Edited, progress: &(dyn Fn() + Sync)) -> Result<Found, Failure> {
        let Run { args, stdin, config, selection, .. } = self;
        let in_config = |relative: &String| path::absolute(&config.directory.join(relative));
        let paths: Vec<PathBuf> = if stdin.is_some() { Vec::new() } else { args.paths.clone() };
        let request = Request {
            paths: &paths,
            stdin: self.stdin_with(edited),
            roots: config.roots.iter().map(in_config).collect(),
            includes: self.includes(),
            exclude: Exclude::new(&config.directory, &config.exclude).only(&config.only),
            view: self.view.with(edited),
            skip: None,
            may_lack: None,
            progress,
        };
        let loaded = load::load(&request, &mut sources);
        let mut loaded = loaded.map_err(|fault| Failure { message: fault.message, help: fault.help })?;
        let relative: Vec<String> = loaded
            .absolute
            .iter()
            .map(|file| path::below(file, &config.directory).unwrap_or_else(|| path::shown(file)))
            .collect();
        let mut findings = scopes::check(config, selection, &loaded.schema, &sources, &relative);
        findings.append(&mut loaded.findings);
        let covers_all = patterns::are_all_tried(&paths, stdin.is_some(), config);
        if let Some(severity) = selection.severity_of(CONFIG_UNUSED_IGNORE.id).filter(|_| covers_all) {
            findings.extend(patterns::unused(config, &request.exclude, &relative, severity));
        }
        run::sort(&mut findings, &sources);
        Ok(Found { sources, loaded, findings })
    }

    /// The directories for imports only, absolute.
    fn includes(&self) -> Vec<PathBuf> {
        let configured = self.config.includes.iter().map(|include| self.config.directory.join(include));
        self.args.includes.iter().cloned().chain(configured).map(|include| path::absolute(&include)).collect()
    }

    /// What standard input brought, or what that was edited to.
    fn stdin_with(&self, edited: &Edited) -> Option<(PathBuf, Vec<u8>)> {
        let (file, bytes) = self.stdin.as_ref()?;
        let text = edited.get(&path::absolute(file)).map(|text| text.clone().into_bytes());
        Some((file.clone(), text.unwrap_or_else(|| bytes.clone())))
    }

    /// The text on standard input as it was read.
    fn stdin_text<'f>(&self, found: &'f Found) -> &'f str {
        let path = self.stdin.as_ref().map(|(file, _)| path::absolute(file));
        let index = path.and_then(|path| found.loaded.absolute.iter().position(|known| *known == path));
        let file = index.and_then(|index| found.sources.iter().nth(index));
        file.map_or("", |(_, file)| file.text())
    }

    /// Tells what was found and is not known, and says how it ended.
    fn tell(&self, found: Found, since: Option<Since>, start: Instant) -> Result<u8, Failure> {
        let Run { args, config, selection, known, .. } = self;
        let Found { sources, loaded, mut findings } = found;
        let job = Job { args, config, selection, loaded: &loaded };
        let silenced = known.as_ref().map(|known| known.apply(&job, &mut findings)).transpose()?;
        let older = since.map(|since| since.silence(&mut findings));
        run::sort(&mut findings, &sources);
        render(&args.output, &sources, &findings)?;
        if args.output.statistics {
            note(&args.output, &summary::statistics(&findings));
        }
        if loaded.targets == 0 && !names_schemas_only(&args.paths) {
            return Err(nothing_to_check(args));
        }
        note(&args.output, &silenced.into_iter().chain(older).collect::<String>());
        note(&args.output, &summary_of(&loaded, selection, &findings, start));
        let status = status(&findings, args.output.fail_on);
        // The process is about to end: giving back so much memory piece by piece would only take time.
        std::mem::forget((loaded, sources, findings));
        Ok(status)
    }
}

fn summary_of(loaded: &Loaded, selection: &Selection, findings: &[Finding], start: Instant) -> String {
    let (names, rules) = selection.summary();
    format!(
        "checked {} against {} ({}) in {}: {}{}\n",
        summary::counted(loaded.targets, "file"),
        summary::counted(rules, "rule"),
        names,
        summary::took(start.elapsed()),
        summary::verdict(findings),
        summary::mendable(findings)
    )
}

/// Whether each path is a file of a schema: where none is checked, then because `exclude:` names them all. A hook that
/// names the files of a commit has nothing to complain about.
fn names_schemas_only(paths: &[PathBuf]) -> bool {
    let is_schema = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "proto") && path.is_file();
    !paths.is_empty() && paths.iter().all(is_schema)
}

fn nothing_to_check(args: &CheckArgs) -> Failure {
    let given: Vec<String> = args.paths.iter().map(|path| format!("`{}`", path::shown(path))).collect();
    let place = if given.is_empty() { "here".to_owned() } else { format!("in {}", given.join(", ")) };
    Failure::new(format!("there is no .proto file {place}"))
        .help("hidden directories, node_modules, target and what `exclude:` names are not looked at")
}
