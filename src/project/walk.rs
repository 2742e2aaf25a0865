//! Finds the schema files of a directory: the only place that uses `walkdir`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashSet;
use walkdir::{DirEntry, WalkDir};

use super::InputFile;
use super::path::{self, Below};
use crate::error::Error;
use crate::pattern::PathPatterns;

/// Directories that hold no schemas of the project's own.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// What is left out of a walk.
pub(crate) struct Exclude<'a> {
    /// The directory that the patterns count from, absolute.
    pub(crate) directory: &'a Path,
    pub(crate) patterns: &'a PathPatterns,
    /// Of which files alone are not left out; of all where there are none.
    only: Option<&'a PathPatterns>,
    /// For each pattern, whether it left anything out so far.
    pub(crate) used: Vec<AtomicBool>,
}

impl<'a> Exclude<'a> {
    pub(crate) fn new(directory: &'a Path, patterns: &'a PathPatterns) -> Exclude<'a> {
        let used = patterns.patterns().iter().map(|_| AtomicBool::new(false)).collect();
        Exclude { directory, patterns, only: None, used }
    }

    /// Leaves nothing out.
    pub(crate) fn nothing(directory: &'a Path) -> Exclude<'a> {
        static NOTHING: LazyLock<PathPatterns> = LazyLock::new(PathPatterns::default);
        Exclude::new(directory, &NOTHING)
    }

    /// Leaves out all files but these.
    pub(crate) fn only(self, only: &'a PathPatterns) -> Exclude<'a> {
        Exclude { only: Some(only).filter(|only| !only.is_empty()), ..self }
    }

    fn is_idle(&self) -> bool {
        self.patterns.is_empty() && self.only.is_none()
    }

    pub(crate) fn covers(&self, absolute: &Path) -> bool {
        if self.is_idle() {
            return false;
        }
        let Some(relative) = path::below(absolute, self.directory) else { return false };
        let covering = self.patterns.matching(&relative);
        covering.iter().for_each(|&pattern| self.used[pattern].store(true, Ordering::Relaxed));
        !covering.is_empty() || (is_proto(absolute) && self.only.is_some_and(|only| !only.matches(&relative)))
    }
}

/// What a walk found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) files: Vec<InputFile>,
    /// The directories below that are the tops of repositories of their own, absolute.
    pub(crate) repositories: Vec<PathBuf>,
    /// The links that were followed, with where they lead.
    pub(crate) links: Vec<(PathBuf, PathBuf)>,
}

/// The `.proto` files below `directory`, and the directories that cannot be listed or lie outside, which reading then
/// reports. Hidden directories, `node_modules`, `target` and what is excluded are skipped. Links are followed within
/// the repository, or anywhere where there is none; circles of links are not, nor are links to what is excluded or
/// found by its own path, and no target is entered through two links, so that links cannot multiply what there is.
///
/// # Errors
///
/// The directory itself cannot be read.
pub(crate) fn protos(directory: &Path, exclude: &Exclude<'_>, target: bool) -> Result<Found, Error> {
    let absolute = path::absolute(directory);
    let below = Below::new(directory, &absolute);
    let (mut found, mut outside) = (Found::default(), Vec::new());
    let mut linked = FxHashSet::default();
    let ground = Ground::of(&absolute);
    let mut enters = |entry: &DirEntry, links: &mut Vec<(PathBuf, PathBuf)>| match ground.link(entry.path()) {
        Link::Inside(real) => {
            let own = ground.named(&real, &absolute);
            if own.as_ref().is_some_and(|own| is_found_itself(own, &absolute, exclude)) || !linked.insert(real) {
                return false;
            }
            links.extend(own.map(|own| (entry.path().to_owned(), own)));
            true
        }
        Link::Circle => false,
        Link::Out(_) => {
            outside.push(place(entry.path(), &below, target));
            false
        }
    };
    let (repositories, links) = (&mut found.repositories, &mut found.links);
    let wanted = |entry: &DirEntry| {
        if entry.file_name() == ".git" && entry.depth() > 1 {
            repositories.extend(entry.path().parent().map(Path::to_owned));
        }
        if !entry.file_type().is_dir() {
            let is_link = entry.path_is_symlink() && is_proto(entry.path()) && entry.path().is_file();
            return !is_link || !matches!(ground.link(entry.path()), Link::Inside(_)) || enters(entry, links);
        }
        let is_skipped = |entry: &DirEntry| !is_wanted(entry) || exclude.covers(entry.path());
        entry.depth() == 0 || (!is_skipped(entry) && (!entry.path_is_symlink() || enters(entry, links)))
    };
    let mut files = Vec::new();
    let walk = WalkDir::new(&absolute).follow_links(true).sort_by_file_name().into_iter().filter_entry(wanted);
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 => {
                let reason = error.io_error().map_or_else(|| "it cannot be read".to_owned(), crate::source::reason);
                let message = format!("`{}` cannot be read: {reason}", path::shown(directory));
                return Err(Error::new(message));
            }
            // A link in a circle is skipped.
            Err(error) => {
                let path = error.path().filter(|path| is_proto(path) || path.is_dir());
                let path = path.filter(|path| error.loop_ancestor().is_none() && !exclude.covers(path));
                files.extend(path.map(|path| place(path, &below, target)));
                continue;
            }
        };
        if is_proto(entry.path()) && !entry.file_type().is_dir() && !exclude.covers(entry.path()) {
            let is_regular = entry.file_type().is_file() && !entry.path_is_symlink();
            files.push(InputFile { is_regular, ..place(entry.path(), &below, target) });
        }
    }
    files.extend(outside);
    found.files = files;
    Ok(found)
}

/// Whether a walk of `walked` finds by its own path what a link leads to, or leaves it out.
pub(super) fn is_found_itself(own: &Path, walked: &Path, exclude: &Exclude<'_>) -> bool {
    let above = || own.ancestors().take_while(|above| *above != walked && *above != exclude.directory);
    if above().any(|above| exclude.covers(above)) {
        return true;
    }
    let is_wanted = |rest: &Path| rest.iter().all(is_wanted_name);
    own.strip_prefix(walked).is_ok_and(is_wanted)
}

/// The `.proto` files in `directory` itself, sorted; none where it cannot be listed.
pub(crate) fn in_directory(directory: &Path, exclude: &Exclude<'_>) -> Vec<PathBuf> {
    let entries = WalkDir::new(directory).follow_links(true).max_depth(1).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| !entry.file_type().is_dir()).map(DirEntry::into_path);
    files.filter(|file| is_proto(file) && !exclude.covers(file)).collect()
}

/// Where links to directories may lead.
struct Ground {
    /// The directory that is walked, without links.
    walked: PathBuf,
    /// The top of its repository; all of the disk where there is none.
    top: Option<PathBuf>,
}

/// Where a link to a directory leads.
enum Link {
    Inside(PathBuf),
    /// To the directory that is walked, or above it.
    Circle,
    Out(PathBuf),
}

impl Ground {
    fn of(walked: &Path) -> Ground {
        let walked = walked.canonicalize().unwrap_or_else(|_| walked.to_owned());
        let top = walked.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned);
        Ground { walked, top }
    }

    fn link(&self, link: &Path) -> Link {
        let Ok(real) = link.canonicalize() else { return Link::Inside(link.to_owned()) };
        // What the kernel makes up has no end.
        let is_made_up = ["/proc", "/sys", "/dev"].iter().any(|above| real.starts_with(above));
        match &self.top {
            Some(top) if !real.starts_with(top) => Link::Out(real),
            _ if self.walked.starts_with(&real) => Link::Circle,
            None if is_made_up => Link::Out(real),
            _ => Link::Inside(real),
        }
    }
}

impl Ground {
    /// Where a path without links lies as paths below `walked`, the directory that is walked, are written.
    fn named(&self, real: &Path, walked: &Path) -> Option<PathBuf> {
        let top = self.top.as_deref().unwrap_or(&self.walked);
        let inner = self.walked.strip_prefix(top).ok().filter(|inner| walked.ends_with(inner))?;
        let top_as_named = walked.ancestors().nth(inner.components().count())?;
        Some(top_as_named.join(real.strip_prefix(top).ok()?))
    }
}

/// All files below a directory that are not hidden, sorted by path. Links to files are followed, those to directories
/// are not.
///
/// # Errors
///
/// A directory cannot be read.
pub(crate) fn all_files(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let is_hidden = |entry: &DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let walk = WalkDir::new(directory).sort_by_file_name().into_iter().filter_entry(|entry| !is_hidden(entry));
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| {
            let shown = path::shown(error.path().unwrap_or(directory));
            let reason = error.io_error().map_or_else(|| "it cannot be read".to_owned(), crate::source::reason);
            Error::new(format!("`{shown}` cannot be read: {reason}"))
        })?;
        if entry.file_type().is_file() || (entry.path_is_symlink() && entry.path().is_file()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Where the directory `link` leads, if it is a link that a walk does not follow.
pub(super) fn leads_out(link: &Path) -> Option<PathBuf> {
    let is_link = std::fs::symlink_metadata(link).is_ok_and(|metadata| metadata.is_symlink());
    match Ground::of(link.parent().filter(|_| is_link)?).link(link) {
        Link::Out(real) => Some(real),
        Link::Inside(_) | Link::Circle => None,
    }
}

/// How many links are followed on the way to one file.
const MAX_STEPS: usize = 40;

/// Where a file below `directory` lies if links are on its way there, as far as names show.
pub(super) fn behind_links(file: &Path, directory: &Path) -> Option<PathBuf> {
    let mut current = file.to_owned();
    for _ in 0..MAX_STEPS {
        let above: Vec<&Path> = current.ancestors().take_while(|above| *above != directory).collect();
        let link = above.into_iter().rev().find_map(|above| Some((above, std::fs::read_link(above).ok()?)));
        let Some((link, target)) = link else { break };
        let rest = current.strip_prefix(link).ok()?;
        let target = path::absolute(&link.parent()?.join(target));
        current = if rest.as_os_str().is_empty() { target } else { target.join(rest) };
        if !current.starts_with(directory) {
            break;
        }
    }
    (current != file).then_some(current)
}

fn place(file: &Path, below: &Below<'_>, target: bool) -> InputFile {
    InputFile { absolute: file.to_owned(), shown: below.path(file), target, is_regular: false }
}

pub(super) fn is_proto(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "proto")
}

fn is_wanted(entry: &DirEntry) -> bool {
    is_wanted_name(entry.file_name())
}

/// Whether a directory of that name may hold schemas of the project's own.
pub(crate) fn is_wanted_name(name: &OsStr) -> bool {
    name.to_str().is_none_or(|name| !name.starts_with('.') && !SKIPPED.contains(&name))
}

/// Whether a walk from `directory` would find the file at `rest` below it, `/` between components.
pub(super) fn is_wanted_below(rest: &str, directory: &Path, exclude: &Exclude<'_>) -> bool {
    let (above, name) = rest.rsplit_once('/').unwrap_or(("", rest));
    let is_proto = name.len() > ".proto".len() && name.ends_with(".proto");
    if !is_proto || !above.split('/').all(|name| name.is_empty() || is_wanted_name(OsStr::new(name))) {
        return false;
    }
    if exclude.is_idle() {
        return true;
    }
    let file = directory.join(rest);
    let mut above = file.ancestors().skip(1).take_while(|above| *above != directory);
    !(exclude.covers(&file) || above.any(|above| exclude.covers(above)))
}
