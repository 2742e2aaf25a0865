//! `protolint deprecated`.

use std::path::{Path, PathBuf};

use super::args::{DeprecatedArgs, DeprecatedFormat};
use super::check::nothing_to;
use super::print::{invalid, left_out, print, say_to};
use super::progress::Progress;
use super::terminal::Terminal;
use super::{CLEAN, settings};
use crate::error::Error;
use crate::project::settings::Settings;
use crate::project::{Project, path};
use crate::report::deprecated_list::{self, Entry};
use crate::report::escape;
use crate::report::summary::counted;
use crate::run::deprecation::{self, Ages};

/// Lists what is deprecated.
pub(super) fn run(args: &DeprecatedArgs) -> Result<u8, Error> {
    let today = deprecation::day(args.date.as_deref())?;
    let mut settings = settings::of_deprecated(args);
    let choice = args.common.configuration();
    if let Err(report) = settings::configure(&mut settings, &choice) {
        return Ok(invalid(&report, args.common.color));
    }
    let progress = Progress::new(args.common.quiet);
    let project = Project::open_watched(&whole(&settings), &|| progress.advance())?;
    progress.finish();
    say(args, &left_out(&settings, project.left_out().iter()));
    if project.target_files() == 0 {
        return Err(nothing_to("list", &args.paths, !project.left_out().is_empty()));
    }
    let mut notes: Vec<Error> = Vec::new();
    let history = deprecation::history(&settings, &mut notes);
    let unparsed = project.unparsed().len();
    if unparsed > 0 {
        let message = format!("{} with errors may have more deprecated elements", counted(unparsed, "file"));
        notes.push(Error::new(message).help("protolint check"));
    }
    let ages = history.as_ref().map(Ages::Present);
    let mut entries = deprecation::list(&project, ages, today);
    entries.retain(|entry| is_wanted(entry, &settings.paths) && (!args.may_go || entry.may_go == Some(true)));
    let terminal = Terminal::stdout(args.common.color);
    print(&match args.format {
        DeprecatedFormat::Human => deprecated_list::list(&entries, terminal.width, terminal.paint()),
        DeprecatedFormat::Json => deprecated_list::lines(&entries),
    })?;
    let has_policy = settings.config.deprecation().has_ages();
    if args.may_go && !has_policy {
        let message = "no deprecation policy is configured, so nothing is said to be deletable";
        notes.push(Error::new(message).help("deprecation: {min_releases: 2, min_days: 180}"));
    }
    for Error { message, help } in &notes {
        let help = help.as_ref().map_or(String::new(), |help| format!("\n  help: {}", escape(help)));
        say(args, &format!("note: {}{help}\n", escape(message)));
    }
    say(args, &format!("{}\n", deprecated_list::counts(&entries)));
    Ok(CLEAN)
}

/// The same settings for all files below the current directory, or of the configured roots, where that has all that is
/// asked for: what refers to something may be anywhere.
fn whole(settings: &Settings) -> Settings {
    let here = path::absolute(Path::new("."));
    let roots = settings.config.roots.iter().map(|root| settings.config.directory.join(root));
    let around: Vec<PathBuf> = if settings.config.roots.is_empty() { vec![here] } else { roots.collect() };
    let is_around = |asked: &PathBuf| around.iter().any(|around| path::absolute(asked).starts_with(around));
    let is_listed = |asked: &PathBuf| asked.is_dir() || asked.extension().is_some_and(|extension| extension == "proto");
    match settings.paths.iter().all(|asked| is_around(asked) && asked.exists() && is_listed(asked)) {
        true => Settings { paths: Vec::new(), ..settings.clone() },
        false => settings.clone(),
    }
}

/// Whether an element is in one of the paths, or none is given.
fn is_wanted(entry: &Entry, paths: &[PathBuf]) -> bool {
    let file = path::absolute(Path::new(&entry.place.path));
    paths.is_empty() || paths.iter().any(|asked| file.starts_with(path::absolute(asked)) || !asked.exists())
}

fn say(args: &DeprecatedArgs, text: &str) {
    if !args.common.quiet {
        say_to(args.common.color, text);
    }
}
