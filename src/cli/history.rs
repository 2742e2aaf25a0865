//! `protolint history`: what the releases of a repository had, what was reused, and what is not reserved.

use rustc_hash::FxHashSet;

use super::args::{HistoryArgs, HistoryFormat};
use super::print::{invalid, print, say_to};
use super::terminal::Terminal;
use super::{CLEAN, FINDINGS, settings};
use crate::error::Error;
use crate::fix::{differences, write_texts};
use crate::history::{Container, Found, History, UnreadFile};
use crate::project::releases::{ReleaseRequest, Releases};
use crate::project::settings::Settings;
use crate::project::{Project, path};
use crate::report::history::{Row, head, lines, list, paragraphs};
use crate::report::{escape, summary};
use crate::run::reused::Reuses;
use crate::source::Sources;

/// How many files are named that do not parse.
const NAMED_FILES: usize = 5;

/// What is shown, of what.
struct Run<'a> {
    args: &'a HistoryArgs,
    settings: &'a Settings,
    releases: &'a Releases,
    history: &'a History,
}

/// What a symbol selects, by the indices of containers and slots.
struct Selection {
    /// Containers whose elements are all shown.
    whole: Vec<usize>,
    slots: Vec<(usize, usize)>,
    /// Whether so much is selected that people want a list first.
    is_listed: bool,
}

/// Reads the releases, and prints what is wanted of them.
pub(super) fn run(args: &HistoryArgs) -> Result<u8, Error> {
    let mut settings = Settings::default();
    let choice = args.common.configuration();
    if let Err(report) = settings::configure(&mut settings, &choice) {
        return Ok(invalid(&report, args.common.color));
    }
    let releases = settings.releases(&request(args, &settings))?;
    for error in releases.notes.iter().chain(&releases.other_tags) {
        note(args, error);
    }
    if releases.commits.is_empty() {
        return Err(without_releases(args, &settings, &releases));
    }
    let history = releases.with_present()?;
    let run = Run { args, settings: &settings, releases: &releases, history: &history };
    let selection = run.selection()?;
    run.note_unread(&selection);
    match (args.unreserved, args.reused) {
        (true, _) => run.unreserved(&selection),
        (_, true) => run.reused(&selection),
        _ => run.whole(&selection),
    }
}

/// Which releases count: what arguments say of tags replaces what the configuration says.
fn request(args: &HistoryArgs, settings: &Settings) -> ReleaseRequest {
    let configured = &settings.config.history;
    let is_configured = args.tags.is_empty() && !args.commits;
    ReleaseRequest {
        tags: if is_configured { configured.tags.patterns().to_vec() } else { args.tags.clone() },
        commits: args.commits,
        all_tags: args.all_tags,
        since: configured.since.clone().filter(|_| is_configured),
    }
}

/// Says something that is missing, and what brings it.
fn note(args: &HistoryArgs, error: &Error) {
    if !args.common.quiet {
        let help = error.help.iter().map(|help| format!("  help: {}\n", escape(help)));
        say_to(args.common.color, &format!("note: {}\n{}", escape(&error.message), help.collect::<String>()));
    }
}

/// Why there is nothing to show.
fn without_releases(args: &HistoryArgs, settings: &Settings, releases: &Releases) -> Error {
    let patterns = request(args, settings).tags;
    let quoted: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
    let which = match quoted.is_empty() {
        true => "has a version, such as v1.2.0".to_owned(),
        false => format!("matches {}", quoted.join(" or ")),
    };
    let message = match releases.elsewhere {
        0 => format!("no tag {which}"),
        1 => format!("the only tag that {which} is not an ancestor of `HEAD`"),
        count => format!("none of the {count} tags of which each {which} is an ancestor of `HEAD`"),
    };
    let help = match releases.elsewhere {
        0 => "fetch tags (git fetch --tags), pass --tags GLOB, or count commits: protolint history --commits",
        _ => "protolint history --all-tags, or count commits: protolint history --commits",
    };
    Error::new(message).help(help)
}

impl<'a> Run<'a> {
    /// What the symbol means, without what the configuration ignores.
    fn selection(&self) -> Result<Selection, Error> {
        let history = self.history;
        let all = || (0..history.containers.len()).collect();
        let (mut whole, is_listed): (Vec<usize>, bool) =
            match self.args.symbol.as_deref().map(|name| history.find(name)) {
                None => (all(), true),
                Some(Found::Containers(found)) => (found, false),
                Some(Found::Listed(found)) => (found, true),
                Some(Found::Elements(slots)) => return Ok(Selection { whole: Vec::new(), slots, is_listed: false }),
                Some(Found::Unknown(near)) => {
                    let symbol = self.args.symbol.as_deref().unwrap_or_default();
                    let error = Error::new(format!("`{symbol}` is in no release, and not in the schemas here"));
                    return Err(match near {
                        Some(near) => error.help(format!("did you mean `{near}`?")),
                        None => error.help("protolint history lists all messages, enums and services"),
                    });
                }
            };
        // What is named is shown even so.
        whole.retain(|at| !is_listed || !self.is_ignored(&history.containers[*at]));
        let slots = whole.iter().flat_map(|&at| (0..history.containers[at].slots.len()).map(move |slot| (at, slot)));
        Ok(Selection { slots: slots.collect(), whole, is_listed })
    }

    fn is_ignored(&self, container: &Container) -> bool {
        let ignore = &self.settings.config.history.ignore;
        let path = container.lives.last().map(|life| self.releases.absolute(&life.path));
        let below = path.and_then(|path| Some(path.strip_prefix(&self.settings.config.directory).ok()?.to_owned()));
        let shown = below.map(|path| path.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        ignore.covers_name(container.name()) || ignore.covers_path(&shown)
    }

    /// Says which files are as they were in an earlier release, as they do not parse: those of what is selected.
    fn note_unread(&self, selection: &Selection) {
        let state = |at: u32| match self.history.release(at) {
            Some(release) => release.name.as_str(),
            None => "the work tree",
        };
        let mut paths: FxHashSet<&str> = FxHashSet::default();
        let containers = selection.slots.iter().map(|(at, _)| *at).chain(selection.whole.iter().copied());
        for container in containers.map(|at| &self.history.containers[at]) {
            paths.extend(container.lives.iter().map(|life| &*life.path));
        }
        let is_shown = |path: &str| self.args.symbol.is_none() || paths.contains(path);
        let unread: Vec<&UnreadFile> = self.history.unread.iter().filter(|file| is_shown(&file.path)).collect();
        for UnreadFile { path, first, last } in unread.iter().take(NAMED_FILES) {
            let span = match first == last {
                true => state(*first).to_owned(),
                false => format!("{} to {}", state(*first), state(*last)),
            };
            note(self.args, &Error::new(format!("`{path}` does not parse in {span}, and counts as it was before")));
        }
        if unread.len() > NAMED_FILES {
            let more = summary::counted(unread.len() - NAMED_FILES, "more file");
            note(self.args, &Error::new(format!("{more} did not parse in some release")));
        }
    }

    /// The schemas that are here: those of `HEAD` where there is no work tree.
    fn project(&self) -> Result<Project, Error> {
        let mut settings = self.settings.clone();
        if settings.config.source.is_none() {
            settings.paths = vec![path::shown_from_here(self.releases.directory()).into()];
        }
        if !self.releases.repository.is_bare() {
            return Project::open(&settings);
        }
        settings.base.against = Some("tip:HEAD".to_owned());
        Project::open_base(&settings)?.ok_or_else(|| Error::new("the schemas of `HEAD` cannot be read"))
    }

    fn reuses(&self, slots: &[(usize, usize)]) -> Reuses {
        let reuses = Reuses::new(self.history, slots, |state: u32, files: &[&str]| {
            let all = self.releases.relative(self.releases.directory());
            let files =
                if files.is_empty() { all.as_slice().iter().map(String::as_str).collect() } else { files.to_vec() };
            self.releases.load(self.settings, state, &files, &mut Sources::new())
        });
        for error in &reuses.notes {
            note(self.args, error);
        }
        reuses
    }

    fn rows(&self, slots: &[(usize, usize)], reuses: &Reuses) -> Vec<Row<'a>> {
        let row = |&(container_at, slot_at): &(usize, usize)| {
            let container = &self.history.containers[container_at];
            let slot = &container.slots[slot_at];
            let reused = (0..slot.lives.len()).map(|life| reuses.has(container_at, slot_at, life)).collect();
            Row { container, slot, reused }
        };
        slots.iter().map(row).collect()
    }

    fn print(&self, rows: &[Row<'_>]) -> Result<(), Error> {
        print(&match self.args.format {
            HistoryFormat::Json => lines(self.history, rows),
            HistoryFormat::Human => paragraphs(self.history, rows, Terminal::stdout(self.args.common.color).paint()),
        })
    }

    /// Prints all that is selected; of a package or a file people get its messages, enums and services.
    fn whole(&self, selection: &Selection) -> Result<u8, Error> {
        let paint = Terminal::stdout(self.args.common.color).paint();
        let containers: Vec<&Container> = selection.whole.iter().map(|at| &self.history.containers[*at]).collect();
        match self.args.format {
            HistoryFormat::Json => print(&lines(self.history, &self.rows(&selection.slots, &Reuses::default())))?,
            HistoryFormat::Human if selection.is_listed => print(&list(self.history, &containers, paint))?,
            HistoryFormat::Human => {
                let reuses = self.reuses(&selection.slots);
                let empty = containers.iter().filter(|container| container.slots.is_empty());
                print(&empty.map(|container| head(self.history, container, paint)).collect::<String>())?;
                self.print(&self.rows(&selection.slots, &reuses))?;
            }
        }
        Ok(CLEAN)
    }

    fn reused(&self, selection: &Selection) -> Result<u8, Error> {
        let reuses = self.reuses(&selection.slots);
        let slots: Vec<(usize, usize)> = reuses.slots().into_iter().collect();
        self.print(&self.rows(&slots, &reuses))?;
        self.sum_up(&format!("{} reused", summary::counted(slots.len(), "element")));
        Ok(CLEAN)
    }

    /// Lists what is gone and not reserved, and reserves it where that is wanted.
    fn unreserved(&self, selection: &Selection) -> Result<u8, Error> {
        let args = self.args;
        let project = self.project()?;
        let mut found = project.unreserved(self.history, |path| self.releases.relative(path));
        let selected: FxHashSet<&(usize, usize)> = selection.slots.iter().collect();
        found.retain(|place| selected.contains(place));
        if !args.fix && !args.diff {
            self.print(&self.rows(&found.places(), &Reuses::default()))?;
            self.sum_up(&format!("{} not reserved", summary::counted(found.places().len(), "deleted element")));
            return Ok(CLEAN);
        }
        let reserved = project.reserve(&found);
        let (count, texts) = (summary::counted(reserved.fixed, "element"), &reserved.texts);
        let count = format!("{count} in {}", summary::counted(texts.len(), "file"));
        if args.diff {
            print(&differences(texts))?;
            self.sum_up(&format!("--fix would reserve what was deleted: {count}"));
            return Ok(if texts.is_empty() { CLEAN } else { FINDINGS });
        }
        write_texts(texts, false)?;
        self.print(&self.rows(&found.places(), &Reuses::default()))?;
        self.sum_up(&format!("reserved what was deleted: {count}"));
        Ok(CLEAN)
    }

    /// Says how it ended, and over how many releases.
    fn sum_up(&self, what: &str) {
        if self.args.common.quiet {
            return;
        }
        let releases = &self.history.releases;
        let unit = if self.args.commits { "commit" } else { "release" };
        let names = releases.first().zip(releases.last()).map(|(first, last)| match first.name == last.name {
            true => first.name.clone(),
            false => format!("{} to {}", first.name, last.name),
        });
        let over = format!("{} ({})", summary::counted(releases.len(), unit), names.unwrap_or_default());
        say_to(self.args.common.color, &format!("{what}, over {over}\n"));
    }
}
