//! Looks imports up in all directories at once, in time that does not grow with directories times imports: most
//! directories of a large tree do not even have the first component of a path.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::project::view::View;

/// Up to this many directories are simply asked one by one.
const FEW: usize = 8;

/// Directories with the names that stand directly in them.
pub(super) struct Listing<'d> {
    directories: &'d [PathBuf],
    /// The indexes of the directories that have an entry of that name.
    by_entry: FxHashMap<OsString, Vec<usize>>,
    /// The indexes of those that were not listed, or cannot be.
    unlisted: Vec<usize>,
}

impl<'d> Listing<'d> {
    pub(super) fn of(directories: &'d [PathBuf], view: View<'_>) -> Listing<'d> {
        let mut listing = Listing { directories, by_entry: FxHashMap::default(), unlisted: Vec::new() };
        for (index, directory) in directories.iter().enumerate() {
            match view.names_in(directory).filter(|_| directories.len() > FEW) {
                Some(names) => {
                    for name in names {
                        listing.by_entry.entry(name).or_default().push(index);
                    }
                }
                None => listing.unlisted.push(index),
            }
        }
        listing
    }

    /// The paths that an import may mean, in the order of the directories.
    fn candidates(&self, import: &str) -> impl Iterator<Item = PathBuf> {
        let first = import.split('/').next().unwrap_or(import);
        let listed = self.by_entry.get(OsStr::new(first)).map_or(&[][..], Vec::as_slice);
        let mut indexes = [listed, &self.unlisted].concat();
        indexes.sort_unstable();
        indexes.into_iter().map(move |index| self.directories[index].join(import))
    }
}

/// Where imports lie, for all importers: so that an import that is found nowhere is not looked for once from each root.
pub(super) struct Elsewhere<'l> {
    listing: &'l Listing<'l>,
    paths: FxHashMap<String, Option<PathBuf>>,
}

impl<'l> Elsewhere<'l> {
    pub(super) fn new(listing: &'l Listing<'l>) -> Elsewhere<'l> {
        Elsewhere { listing, paths: FxHashMap::default() }
    }

    /// The path in the first directory that has the file; `is_there` must be the same each time.
    pub(super) fn find(&mut self, import: &str, is_there: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        if let Some(known) = self.paths.get(import) {
            return known.clone();
        }
        let found = self.listing.candidates(import).find(|path| is_there(path));
        self.paths.insert(import.to_owned(), found.clone());
        found
    }
}
