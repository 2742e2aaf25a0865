//! Where files are read from: the disk, or a snapshot laid over a part of it, such as a commit over the work tree it was
//! made from. Whoever reads need not know which.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::walk::{self, Exclude};
use super::{Found, InputFault, ReadFault, path};

/// Files that are not those on disk.
pub(crate) struct Snapshot {
    /// The directory whose contents it stands for, absolute.
    top: PathBuf,
    /// What it is called where a path alone would be taken for one on disk, such as a short commit id.
    label: String,
    /// Absolute.
    files: BTreeSet<PathBuf>,
    directories: FxHashSet<PathBuf>,
    /// Directories below the top that it says nothing about.
    on_disk: Vec<PathBuf>,
    /// Whether the top is a file that is no directory, so that paths are shown from there.
    is_file: bool,
    read: Box<dyn Fn(&Path) -> Result<Vec<u8>, ReadFault> + Send + Sync>,
}

impl Snapshot {
    /// A snapshot of `files`, absolute paths below `top`; `read` gives what one holds.
    pub(crate) fn new(
        top: PathBuf,
        label: String,
        files: BTreeSet<PathBuf>,
        read: impl Fn(&Path) -> Result<Vec<u8>, ReadFault> + Send + Sync + 'static,
    ) -> Snapshot {
        let mut directories = FxHashSet::from_iter([top.clone()]);
        for file in &files {
            let above = file.ancestors().skip(1).take_while(|above| above.starts_with(&top));
            for directory in above {
                if !directories.insert(directory.to_owned()) {
                    break;
                }
            }
        }
        Snapshot { is_file: top.is_file(), top, label, files, directories, on_disk: Vec::new(), read: Box::new(read) }
    }

    /// Leaves what lies below these directories, which are absolute, to the disk.
    pub(crate) fn except(mut self, directories: Vec<PathBuf>) -> Snapshot {
        self.on_disk = directories;
        self
    }

    /// What it is called.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    fn covers(&self, path: &Path) -> bool {
        path.starts_with(&self.top) && !self.on_disk.iter().any(|directory| path.starts_with(directory))
    }
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Directory,
    Other,
    /// There is none in the snapshot, which is as it may be: it may have been made since.
    NotYet,
}

/// Where files are read from.
#[derive(Clone, Copy, Default)]
pub(crate) struct View<'v> {
    snapshot: Option<&'v Snapshot>,
}

impl<'v> View<'v> {
    /// The disk with a snapshot laid over it.
    pub(crate) fn of(snapshot: &'v Snapshot) -> View<'v> {
        View { snapshot: Some(snapshot) }
    }

    fn over(self, path: &Path) -> Option<&'v Snapshot> {
        self.snapshot.filter(|snapshot| snapshot.covers(path))
    }

    /// What a path is, which counts from the current directory.
    pub(crate) fn kind(self, path: &Path) -> std::io::Result<Kind> {
        let absolute = path::absolute(path);
        match self.over(&absolute) {
            Some(snapshot) if snapshot.directories.contains(&absolute) => Ok(Kind::Directory),
            Some(snapshot) if snapshot.files.contains(&absolute) => Ok(Kind::Other),
            Some(_) => Ok(Kind::NotYet),
            None => std::fs::metadata(path).map(|found| if found.is_dir() { Kind::Directory } else { Kind::Other }),
        }
    }

    /// Whether there is a file.
    pub(crate) fn is_file(self, absolute: &Path) -> bool {
        self.over(absolute).map_or_else(|| absolute.is_file(), |snapshot| snapshot.files.contains(absolute))
    }

    /// The names directly in a directory; none where it cannot be listed.
    pub(crate) fn names_in(self, directory: &Path) -> Option<Vec<OsString>> {
        let Some(snapshot) = self.over(directory) else {
            let entries = std::fs::read_dir(directory).ok()?;
            return Some(entries.flatten().map(|entry| entry.file_name()).collect());
        };
        let below = snapshot.below(directory).filter_map(|file| file.strip_prefix(directory).ok());
        let mut names: Vec<OsString> = below.filter_map(|rest| Some(rest.iter().next()?.to_owned())).collect();
        names.dedup();
        Some(names)
    }

    /// The `.proto` files below a directory; see [`walk::protos`].
    ///
    /// # Errors
    ///
    /// The directory itself cannot be read.
    pub(crate) fn protos(
        self,
        directory: &Path,
        exclude: &Exclude<'_>,
        target: bool,
    ) -> Result<Vec<Found>, InputFault> {
        let absolute = path::absolute(directory);
        let Some(snapshot) = self.over(&absolute) else { return walk::protos(directory, exclude, target) };
        let wanted = snapshot.below(&absolute).filter(|file| walk::is_wanted_below(file, &absolute, exclude));
        let found = wanted.map(|file| {
            let shown = snapshot.shown(file).unwrap_or_else(|| {
                let rest = file.strip_prefix(&absolute).map(|rest| directory.join(rest));
                path::shown(rest.as_deref().unwrap_or(file))
            });
            Found { absolute: file.clone(), shown, target }
        });
        Ok(found.collect())
    }

    /// The `.proto` files in a directory itself, sorted; none where it cannot be listed.
    pub(crate) fn in_directory(self, directory: &Path, exclude: &Exclude<'_>) -> Vec<PathBuf> {
        match self.over(directory) {
            Some(snapshot) => {
                let files = snapshot.below(directory).filter(|file| file.parent() == Some(directory));
                files.filter(|file| walk::is_proto(file) && !exclude.covers(file)).cloned().collect()
            }
            None => walk::in_directory(directory, exclude),
        }
    }

    /// Reads a file as text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn read(self, absolute: &Path) -> Result<String, ReadFault> {
        match self.over(absolute) {
            Some(snapshot) => (snapshot.read)(absolute).and_then(super::decode),
            None => super::read(absolute),
        }
    }

    /// How a file is shown that the user did not name.
    pub(crate) fn shown_from_here(self, absolute: &Path) -> String {
        let shown = self.over(absolute).and_then(|snapshot| snapshot.shown(absolute));
        shown.unwrap_or_else(|| path::shown_from_here(absolute))
    }

    /// What a file's text is called where its path alone would be taken for one on disk.
    pub(crate) fn label_of(self, absolute: &Path) -> Option<&'v str> {
        self.over(absolute).map(Snapshot::label)
    }
}

impl Snapshot {
    fn below(&self, directory: &Path) -> impl Iterator<Item = &PathBuf> {
        // Paths are ordered by component, so what lies below a directory follows it without a gap.
        let from = self.files.range::<Path, _>((Bound::Included(directory), Bound::Unbounded));
        from.take_while(move |file| file.starts_with(directory))
    }

    fn shown(&self, file: &Path) -> Option<String> {
        if self.is_file { path::below(file, &self.top) } else { None }
    }
}
