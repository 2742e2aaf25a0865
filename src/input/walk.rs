//! Finds the schema files of a directory: the only place that knows `walkdir`.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::{Found, InputFault, path};
use crate::pattern::PathPatterns;

/// Directories that hold no schemas of the project's own.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// What is left out of a walk.
pub(crate) struct Exclude<'a> {
    /// The directory that the patterns count from, absolute.
    pub(crate) directory: &'a Path,
    pub(crate) patterns: &'a PathPatterns,
}

impl Exclude<'_> {
    pub(crate) fn covers(&self, absolute: &Path) -> bool {
        !self.patterns.is_empty()
            && path::below(absolute, self.directory).is_some_and(|relative| self.patterns.matches(&relative))
    }
}

/// The `.proto` files below `directory`, sorted by path. Hidden directories, `node_modules` and `target` are skipped;
/// links are followed, circles of links are not.
///
/// # Errors
///
/// The directory itself cannot be read.
pub(crate) fn protos(directory: &Path, exclude: &Exclude<'_>, target: bool) -> Result<Vec<Found>, InputFault> {
    let absolute = path::absolute(directory);
    let mut found = Vec::new();
    let wanted = |entry: &DirEntry| entry.depth() == 0 || !entry.file_type().is_dir() || is_wanted(entry);
    let walk = WalkDir::new(&absolute).follow_links(true).sort_by_file_name().into_iter().filter_entry(wanted);
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 => {
                let reason = error.io_error().map_or_else(|| "it cannot be read".to_owned(), super::reason);
                let message = format!("`{}` cannot be read: {reason}", path::shown(directory));
                return Err(InputFault { message, help: None });
            }
            // A link in a circle is skipped; what else cannot be entered is told when it is a schema file.
            Err(error) => {
                let path = error.path().filter(|path| is_proto(path) && error.loop_ancestor().is_none());
                found.extend(path.map(|path| place(path, directory, &absolute, target)));
                continue;
            }
        };
        if is_proto(entry.path()) && !entry.file_type().is_dir() && !exclude.covers(entry.path()) {
            found.push(place(entry.path(), directory, &absolute, target));
        }
    }
    Ok(found)
}

fn place(file: &Path, given: &Path, absolute: &Path, target: bool) -> Found {
    let shown = file.strip_prefix(absolute).map_or_else(|_| path::shown(file), |rest| path::shown(&given.join(rest)));
    Found { absolute: file.to_owned(), shown, target }
}

fn is_proto(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "proto")
}

fn is_wanted(entry: &DirEntry) -> bool {
    entry.file_name().to_str().is_none_or(|name| !name.starts_with('.') && !SKIPPED.contains(&name))
}
