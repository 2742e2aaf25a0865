//! `protolint changelog` and `protolint diff`: all changes between two states, or which version comes next.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::{ChangelogArgs, ChangelogFormatArg, DiffArgs, PrintArgs};
use super::print::{draw_faults, invalid, print, say_to, to_file, to_stdout};
use super::progress::Progress;
use super::terminal::Terminal;
use super::{CLEAN, FINDINGS, settings};
use crate::changelog::{Bump, NextVersion};
use crate::error::Error;
use crate::project::base::{Base, CompareRequest, FoundBase};
use crate::project::settings::Settings;
use crate::project::sides::Sides;
use crate::project::{Project, path, read_file_or_pipe};
use crate::report::changelog::{ChangeKind, Changelog, ChangelogFormat, ChangelogStyle};
use crate::report::{Report, summary};

/// Two states, by name; where none is given, the last release and the work tree.
struct Range {
    from: Option<String>,
    to: Option<String>,
}

/// What came of a comparison.
enum Outcome {
    /// Changes, and what they are between.
    Compared(Box<Compared>),
    /// Nothing, for a reason that was printed; the exit status.
    Ended(u8),
}

/// What was compared.
struct Compared {
    changelog: Changelog,
    /// Whether changes of unstable packages may break.
    ignores_unstable: bool,
    files: usize,
    start: Instant,
}

/// Prints all changes, or the next version.
pub(super) fn run(args: &ChangelogArgs) -> Result<u8, Error> {
    let range = args.range.as_deref().map_or(Ok(Range { from: None, to: None }), Range::read)?;
    let request = CompareRequest {
        tag_pattern: args.tag_pattern.clone(),
        pre_releases: args.pre_releases,
        command: "protolint changelog",
        ..CompareRequest::default()
    };
    let compared = match compare(range, &args.paths, request, &args.print)? {
        Outcome::Compared(compared) => compared,
        Outcome::Ended(status) => return Ok(status),
    };
    if args.bump {
        return compared.bump(&args.print);
    }
    if let Some(version) = &args.check_bump {
        return compared.check_bump(version, &args.print);
    }
    let format = match args.format {
        ChangelogFormatArg::Human => ChangelogFormat::Human,
        ChangelogFormatArg::Markdown => ChangelogFormat::Markdown,
        ChangelogFormatArg::Html => ChangelogFormat::Html,
        ChangelogFormatArg::Json => ChangelogFormat::Json,
    };
    compared.print(format, args.output.as_deref(), &args.print)
}

/// Prints all changes between two states, for people.
pub(super) fn diff(args: &DiffArgs) -> Result<u8, Error> {
    let is_schema = |name: &str| {
        Path::new(name).extension().is_some_and(|extension| extension == "proto") && Base::is_on_disk(name)
    };
    if let Some(to) = args.to.as_ref().filter(|to| is_schema(to) && is_schema(&args.from) && args.paths.is_empty()) {
        return two_files(&args.from, to)?.print(ChangelogFormat::Human, None, &args.print);
    }
    let range = Range { from: Some(args.from.clone()), to: args.to.clone() };
    let request = CompareRequest { command: "protolint diff", ..CompareRequest::default() };
    match compare(range, &args.paths, request, &args.print)? {
        Outcome::Compared(compared) => compared.print(ChangelogFormat::Human, None, &args.print),
        Outcome::Ended(status) => Ok(status),
    }
}

impl Range {
    /// Reads `FROM` or `FROM..TO`, where both may be paths with `..` in them.
    fn read(text: &str) -> Result<Range, Error> {
        let help = "protolint changelog v1.0.0..v1.1.0";
        if Path::new(text).exists() {
            return Ok(Range { from: Some(text.to_owned()), to: None });
        }
        let ends_name = |from: &str| !from.is_empty() && !from.ends_with(['/', '.', std::path::MAIN_SEPARATOR]);
        let split = text.match_indices("..").map(|(at, _)| (&text[..at], &text[at + 2..]));
        let Some((from, to)) = split.into_iter().find(|(from, _)| ends_name(from)) else {
            return match text.strip_prefix("..").filter(|rest| !rest.is_empty() && !rest.starts_with('/')) {
                Some(to) => {
                    let error = Error::new(format!("`{text}` does not say what to compare `{to}` with"));
                    Err(error.help(help))
                }
                None => Ok(Range { from: Some(text.to_owned()), to: None }),
            };
        };
        if to.starts_with('.') && !to.starts_with("./") && !to.starts_with("../") && to != "." && to != ".." {
            let error = Error::new(format!("`{text}` has three dots, which is not supported"));
            return Err(error.help(format!("protolint changelog {from}..{}", to.trim_start_matches('.'))));
        }
        Ok(Range { from: Some(from.to_owned()), to: Some(to.to_owned()).filter(|to| !to.is_empty()) })
    }
}

/// What differs between two states.
fn compare(range: Range, paths: &[PathBuf], request: CompareRequest, args: &PrintArgs) -> Result<Outcome, Error> {
    let start = Instant::now();
    let (directory, to) = match range.to {
        Some(to) if Base::is_on_disk(&to) => (Some(to), None),
        to => (None, to),
    };
    let from = range.from.unwrap_or_else(|| "release".to_owned());
    if directory.is_none() && to.is_none() {
        check_earlier(&from, request.command)?;
    }
    let later = directory.clone().or_else(|| to.clone()).unwrap_or_else(|| "the work tree".to_owned());
    let paths = match &directory {
        Some(directory) if paths.is_empty() => vec![PathBuf::from(directory)],
        Some(directory) => paths.iter().map(|path| Path::new(directory).join(path)).collect(),
        None => paths.to_vec(),
    };
    let base = CompareRequest { against: Some(from), to, exact: true, ..request };
    let mut settings = Settings { paths, includes: args.includes.clone(), base, ..Settings::default() };
    let config = args.common.configuration();
    if let Err(report) = settings::configure(&mut settings, &config) {
        return Ok(Outcome::Ended(invalid(&report, args.common.color)));
    }
    settings.check_includes()?;
    let found = Base::find(&settings).map_err(|error| Error { help: error.help.map(|help| by_place(&help)), ..error });
    let mut base = match found? {
        FoundBase::Base(base) => *base,
        FoundBase::Nothing(why) => {
            note(args, &format!("{why}: nothing to compare with\n"));
            return Ok(Outcome::Ended(CLEAN));
        }
    };
    if !base.others.is_empty() {
        let error = Error::new(format!("a changelog has one earlier state, and there are {}", base.others.len() + 1));
        return Err(error.help(format!("name one of them, such as {}", base.name)));
    }
    for text in base.notes() {
        note(args, &format!("note: {}\n", by_place(text)));
    }
    if base.has_descriptor_set() {
        note(args, "note: comments were not compared, as descriptor sets are compared without them\n");
    }
    let progress = Progress::new(args.common.quiet);
    let mut sides = Sides::open(&settings, &mut base, &|| progress.advance())?;
    progress.finish();
    // Releases are those behind `HEAD`, which say nothing of another commit.
    if settings.base.to.is_none()
        && let Some(releases) = settings.earlier_releases()?
    {
        sides.look_back(&settings, &releases)?;
    }
    if sides.target_files() == 0 && sides.base_files() == 0 {
        return Err(Error::new("neither state has .proto files").help("pass the directory of the schemas"));
    }
    let changelog = Changelog { from: base.name.clone(), to: later, ..sides.changelog() };
    let ignores_unstable = settings.config.breaking.ignore_unstable_packages;
    let compared = Compared { changelog, ignores_unstable, files: sides.target_files(), start };
    // The process is about to end: giving back so much memory piece by piece would only take time.
    std::mem::forget(sides);
    Ok(Outcome::Compared(Box::new(compared)))
}

/// Whether a state may come before the work tree: a part of that may not.
fn check_earlier(from: &str, command: &str) -> Result<(), Error> {
    let (path, here) = (path::absolute(Path::new(from)), path::absolute(Path::new(".")));
    let is_schema = path.is_dir() || path.extension().is_some_and(|extension| extension == "proto");
    if !(is_schema && Base::is_on_disk(from) && path.starts_with(here)) {
        return Ok(());
    }
    let earlier = if command.ends_with("diff") { "HEAD" } else { "release.." };
    let error = Error::new(format!("`{from}` is a part of the work tree, and is not compared with it"));
    Err(error.help(format!("name the earlier state first: {command} {earlier} {from}")))
}

/// Help for `breaking`, whose base is an option; here, it is an argument.
fn by_place(help: &str) -> String {
    help.replace("--against ", "")
}

/// What differs between two files, whatever they are called and import.
fn two_files(before: &str, after: &str) -> Result<Compared, Error> {
    let start = Instant::now();
    let name =
        Path::new(after).file_name().map_or_else(|| after.to_owned(), |name| name.to_string_lossy().into_owned());
    let project = |path: &str| {
        let bytes = read_file_or_pipe(Path::new(path)).map_err(|error| {
            let reason = crate::source::reason(&error);
            Error::new(format!("`{}` cannot be read: {reason}", path::shown(Path::new(path))))
        })?;
        Ok::<_, Error>(Project::in_memory([(name.clone(), bytes)]))
    };
    let changelog = Sides::new(&project(before)?, &project(after)?).changelog();
    let changelog = Changelog { from: before.to_owned(), to: after.to_owned(), ..changelog };
    Ok(Compared { changelog, ignores_unstable: false, files: 1, start })
}

/// Says something on stderr unless that is not wanted.
fn note(args: &PrintArgs, text: &str) {
    if !args.common.quiet {
        say_to(args.common.color, text);
    }
}

impl Compared {
    /// Prints the changes, and says how many there are. Changes are no failure; what cannot be read is.
    fn print(&self, format: ChangelogFormat, output: Option<&Path>, args: &PrintArgs) -> Result<u8, Error> {
        let changelog = &self.changelog;
        match output {
            Some(file) => to_file(file, |out| changelog.write(format, style(Terminal::file(args.common.color)), out))?,
            None => to_stdout(|out| changelog.write(format, style(Terminal::stdout(args.common.color)), out))?,
        }
        let status = self.draw_faults(args);
        let count = |kinds: usize, what: &str| {
            if kinds > 0 { format!(", {} {what}", summary::grouped(kinds)) } else { String::new() }
        };
        let of_kind = |kind| changelog.entries.iter().filter(|entry| entry.change == kind).count();
        let kinds: String = ChangeKind::ALL.map(|kind| count(of_kind(kind), kind.name())).concat();
        let changes = summary::counted(changelog.entries.len(), "change");
        let (files, took) = (summary::counted(self.files, "file"), summary::took(self.start.elapsed()));
        let (from, to) = (&changelog.from, &changelog.to);
        let breaking = count(changelog.breaking(), "breaking");
        note(args, &format!("compared {files} of {to} with {from} in {took}: {changes}{breaking}{kinds}\n"));
        Ok(status)
    }

    /// Draws what could not be read, resolved or compared; the exit status for that.
    fn draw_faults(&self, args: &PrintArgs) -> u8 {
        if self.changelog.faults.is_empty() {
            return CLEAN;
        }
        let mut report = Report::new(self.changelog.faults.clone(), self.changelog.sources.clone());
        report.join_repeated();
        draw_faults(&report, args.common.color)
    }

    /// Prints which part of the version grows, and why.
    fn bump(&self, args: &PrintArgs) -> Result<u8, Error> {
        let status = self.draw_faults(args);
        let (bump, reasons) = self.changelog.bump(self.ignores_unstable);
        let next = NextVersion::after(&self.changelog.from, bump);
        let word = next.as_ref().map_or(bump, |next| next.bump).name();
        let mut text = format!("{word}\n");
        if !args.common.quiet {
            for reason in &reasons {
                text.push_str(&format!("  {}\n", reason.text));
            }
            if let Some(next) = next {
                text.push_str(&initial(&next, bump));
                text.push_str(&format!(
                    "  the next version after {} is {} or later\n",
                    self.changelog.from,
                    next.smallest()
                ));
            }
        }
        print(&text)?;
        Ok(status)
    }

    /// Says whether a version is large enough for the changes.
    fn check_bump(&self, version: &str, args: &PrintArgs) -> Result<u8, Error> {
        let status = self.draw_faults(args);
        let (bump, reasons) = self.changelog.bump(self.ignores_unstable);
        let from = &self.changelog.from;
        let next = NextVersion::after(from, bump).ok_or_else(|| {
            let error = Error::new(format!("`{from}` is not a version, so no version is too small after it"));
            error.help("compare with a version tag: protolint changelog v1.0.0 --check-bump VERSION")
        })?;
        let allowed = next.allows(version).ok_or_else(|| {
            Error::new(format!("`{version}` is not a version")).help("pass numbers, such as --check-bump 1.5.0")
        })?;
        if allowed {
            note(args, &format!("{version} is large enough: {} after {from}\n", next.bump.name()));
            return Ok(status);
        }
        let mut text = format!("{version} is too small: {} or later has to come after {from}\n", next.smallest());
        for reason in &reasons {
            text.push_str(&format!("  {}\n", reason.text));
        }
        text.push_str(&initial(&next, bump));
        print(&text)?;
        Ok(status.max(FINDINGS))
    }
}

/// What is to be said of versions before 1.0.0.
fn initial(next: &NextVersion, bump: Bump) -> String {
    match (next.is_initial, bump) {
        (true, Bump::Major) => "  before 1.0.0, a breaking change is a minor one\n".to_owned(),
        (true, Bump::Minor) => "  before 1.0.0, what breaks nothing is a patch\n".to_owned(),
        _ => String::new(),
    }
}

fn style(terminal: Terminal) -> ChangelogStyle {
    ChangelogStyle { color: terminal.color, width: terminal.width }
}
