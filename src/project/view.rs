//! Where files are read from: the disk, or a snapshot laid over a part of it, such as a commit over the work tree it
//! was made from. Readers need not know which.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::git::BlobId;
use super::path::{self, Below};
use super::walk::{self, Exclude, Found};
use super::{InputFile, ReadFault};
use crate::error::Error;
use crate::schema::ParsedFile;
use crate::schema::descriptor_set::DescribedFile;
use crate::source::{FileId, SourceFile};

/// Files that are not those on disk.
pub(crate) struct Snapshot {
    /// The directory whose contents it stands for, absolute.
    top: PathBuf,
    /// What it is called where a path alone would be taken for one on disk, such as a short commit id; none where its
    /// paths are all there is.
    label: Option<String>,
    /// Relative to the top, `/` between components, sorted by bytes: so what lies below a directory stands together.
    files: Vec<String>,
    /// Directories below the top that it says nothing about.
    on_disk: Vec<PathBuf>,
    /// Whether the top is a file that is no directory, so that paths are shown from there.
    is_file: bool,
    /// Whether it only adds files to those that the disk has.
    is_addition: bool,
    /// Whether there are no other files, on disk or anywhere.
    is_all: bool,
    /// Links, sorted, with where they lead. What is behind them is among the files.
    links: Vec<(PathBuf, PathBuf)>,
    /// Gives what the file of an index holds, whose absolute path it is given too.
    read: ReadFile,
    /// For each file, what was read of it where it has no text; empty where all have one.
    described: Vec<Option<DescribedFile>>,
    /// For each file, what names its content in a repository; empty where nothing does.
    contents: Vec<BlobId>,
}

type ReadFile = Box<dyn Fn(usize, &Path) -> Result<Vec<u8>, ReadFault> + Send + Sync>;

impl Snapshot {
    /// A snapshot of `files`, paths relative to `top`, `/` between components, sorted by bytes; `read` gives what the
    /// one of an index holds.
    pub(crate) fn new(
        top: PathBuf,
        label: Option<String>,
        files: Vec<String>,
        read: impl Fn(usize, &Path) -> Result<Vec<u8>, ReadFault> + Send + Sync + 'static,
    ) -> Snapshot {
        let (on_disk, links, read) = (Vec::new(), Vec::new(), Box::new(read));
        Snapshot {
            top,
            label,
            files,
            on_disk,
            is_file: false,
            is_addition: false,
            is_all: false,
            links,
            read,
            described: Vec::new(),
            contents: Vec::new(),
        }
    }

    /// Says what names the content of each file.
    pub(crate) fn with_contents(self, contents: Vec<BlobId>) -> Snapshot {
        Snapshot { contents, ..self }
    }

    /// The files whose content has a name: their absolute paths, and that.
    pub(crate) fn contents(&self) -> impl Iterator<Item = (PathBuf, BlobId)> {
        self.files.iter().zip(&self.contents).map(|(file, content)| (self.top.join(file), *content))
    }

    /// What names the content of a file.
    pub(crate) fn content(&self, absolute: &Path) -> Option<BlobId> {
        self.contents.get(self.index(absolute)?).copied()
    }

    /// Shows paths from the top, which is itself no directory on disk.
    pub(crate) fn shown_from_top(self) -> Snapshot {
        Snapshot { is_file: true, ..self }
    }

    /// Says that there are no other files: the disk is not looked at.
    pub(crate) fn alone(self) -> Snapshot {
        Snapshot { is_all: true, ..self }
    }

    /// A snapshot of files without texts, paths relative to `top` as above: what was read of each, or what is wrong.
    pub(crate) fn described(
        top: PathBuf,
        label: Option<String>,
        files: Vec<(String, Result<DescribedFile, String>)>,
    ) -> Snapshot {
        let (names, read): (Vec<String>, Vec<Result<DescribedFile, String>>) = files.into_iter().unzip();
        let faults: Vec<String> = read.iter().map(|read| read.as_ref().err().cloned().unwrap_or_default()).collect();
        let fault = move |index: usize, _: &Path| Err(ReadFault::Unreadable(faults[index].clone()));
        let described = read.into_iter().map(Result::ok).collect();
        Snapshot { described, ..Snapshot::new(top, label, names, fault) }.shown_from_top()
    }

    /// Leaves what lies below these directories, which are absolute, to the disk.
    pub(crate) fn except(mut self, directories: Vec<PathBuf>) -> Snapshot {
        self.on_disk = directories;
        self
    }

    /// Says which paths are links, sorted, and where each leads.
    pub(crate) fn linked(self, links: Vec<(PathBuf, PathBuf)>) -> Snapshot {
        Snapshot { links, ..self }
    }

    /// Adds the files to those on disk instead of standing in for these.
    pub(crate) fn beside_disk(self) -> Snapshot {
        Snapshot { is_addition: true, ..self }
    }

    /// Whether it only adds files to those on disk.
    pub(crate) fn is_beside_disk(&self) -> bool {
        self.is_addition
    }

    /// Whether its files have no texts: they are those of a descriptor set.
    pub(crate) fn is_described(&self) -> bool {
        !self.described.is_empty()
    }

    /// All files, absolute.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.files.iter().map(|file| self.top.join(file))
    }

    /// Its path, where it is a descriptor set.
    pub(crate) fn set(&self) -> Option<&Path> {
        (!self.described.is_empty()).then_some(self.top.as_path())
    }

    /// What it is called.
    pub(crate) fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn lacks(&self) -> String {
        self.label().map_or_else(|| "there is no such file".to_owned(), |label| format!("{label} has no such file"))
    }

    fn covers(&self, path: &Path) -> bool {
        if self.is_addition {
            return self.index(path).is_some();
        }
        self.is_all || path.starts_with(&self.top) && !self.on_disk.iter().any(|directory| path.starts_with(directory))
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

/// Texts that stand in for those of files, by absolute path.
pub(crate) type Edited = FxHashMap<PathBuf, String>;

/// Where files are read from.
#[derive(Clone, Copy, Default)]
pub(crate) struct View<'v> {
    snapshot: Option<&'v Snapshot>,
    edited: Option<&'v Edited>,
    known: Option<&'v Known>,
}

/// What was read before of files that are as they were, by absolute path.
#[derive(Default)]
pub(crate) struct Known(pub(crate) FxHashMap<OsString, KnownFile>);

/// A file that was read before, without faults.
#[derive(Clone)]
pub(crate) struct KnownFile {
    pub(crate) source: Arc<SourceFile>,
    pub(crate) parsed: ParsedFile,
    /// The text among those that the files are read into, where it is there already. It may be called what another
    /// commit is called that has the same.
    pub(crate) id: Option<FileId>,
}

impl Snapshot {
    /// A path as the files are named; empty for the top itself.
    fn relative<'p>(&self, path: &'p Path) -> Option<Cow<'p, str>> {
        let rest = path.strip_prefix(&self.top).ok()?.to_str()?;
        let is_foreign = std::path::MAIN_SEPARATOR != '/' && rest.contains(std::path::MAIN_SEPARATOR);
        Some(if is_foreign { rest.replace(std::path::MAIN_SEPARATOR, "/").into() } else { rest.into() })
    }

    fn index(&self, path: &Path) -> Option<usize> {
        let relative = self.relative(path)?;
        self.files.binary_search_by(|file| file.as_str().cmp(&relative)).ok()
    }

    /// The files below a directory, and how much of each name is that of the directory, in bytes.
    fn below(&self, directory: &Path) -> (&[String], usize) {
        let Some(relative) = self.relative(directory) else { return (&[], 0) };
        let prefix = if relative.is_empty() { String::new() } else { format!("{relative}/") };
        let start = self.files.partition_point(|file| file.as_str() < prefix.as_str());
        let count = self.files[start..].partition_point(|file| file.starts_with(&prefix));
        (&self.files[start..start + count], prefix.len())
    }

    fn is_directory(&self, path: &Path) -> bool {
        path == self.top || !self.below(path).0.is_empty()
    }
}

impl<'v> View<'v> {
    /// The disk with a snapshot laid over it.
    pub(crate) fn of(snapshot: &'v Snapshot) -> View<'v> {
        View { snapshot: Some(snapshot), ..View::default() }
    }

    /// The same with some texts edited.
    pub(crate) fn with(self, edited: &'v Edited) -> View<'v> {
        View { edited: Some(edited), ..self }
    }

    /// The same where some files were read before.
    pub(crate) fn knowing(self, known: &'v Known) -> View<'v> {
        View { known: Some(known), ..self }
    }

    /// What was read before of a file that is as it was.
    pub(crate) fn known(self, absolute: &Path) -> Option<&'v KnownFile> {
        let is_edited = self.edited.is_some_and(|edited| edited.contains_key(absolute));
        self.known.filter(|_| !is_edited)?.0.get(absolute.as_os_str())
    }

    /// What is below a directory in addition to what is there on disk.
    fn added(self, directory: &Path) -> (&'v [String], usize) {
        let addition = self.snapshot.filter(|snapshot| snapshot.is_addition);
        addition.map_or((&[], 0), |addition| addition.below(directory))
    }

    fn over(self, path: &Path) -> Option<&'v Snapshot> {
        self.snapshot.filter(|snapshot| snapshot.covers(path))
    }

    /// The path of the descriptor set that is read.
    pub(crate) fn set(self) -> Option<&'v Path> {
        self.snapshot.and_then(Snapshot::set)
    }

    /// What a path is, which counts from the current directory.
    pub(crate) fn kind(self, path: &Path) -> std::io::Result<Kind> {
        let absolute = path::absolute(path);
        match self.over(&absolute) {
            Some(snapshot) if snapshot.is_directory(&absolute) => Ok(Kind::Directory),
            Some(snapshot) if snapshot.index(&absolute).is_some() => Ok(Kind::Other),
            Some(_) => Ok(Kind::NotYet),
            None if !self.added(&absolute).0.is_empty() => Ok(Kind::Directory),
            None => std::fs::metadata(path).map(|found| if found.is_dir() { Kind::Directory } else { Kind::Other }),
        }
    }

    /// Whether there is a file.
    pub(crate) fn is_file(self, absolute: &Path) -> bool {
        self.over(absolute).map_or_else(|| absolute.is_file(), |snapshot| snapshot.index(absolute).is_some())
    }

    /// The names directly in a directory; none where it cannot be listed.
    pub(crate) fn names_in(self, directory: &Path) -> Option<Vec<OsString>> {
        let names_of = |(files, skipped): (&[String], usize)| -> Vec<OsString> {
            let names = files.iter().filter_map(|file| file[skipped..].split('/').next());
            names.map(OsString::from).collect()
        };
        let mut names = match self.over(directory) {
            Some(snapshot) => names_of(snapshot.below(directory)),
            None => {
                let added = names_of(self.added(directory));
                let entries = std::fs::read_dir(directory).ok();
                if entries.is_none() && added.is_empty() {
                    return None;
                }
                let on_disk = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
                on_disk.chain(added).collect()
            }
        };
        names.sort_unstable();
        names.dedup();
        Some(names)
    }

    /// The `.proto` files below a directory; see [`walk::protos`].
    ///
    /// # Errors
    ///
    /// The directory itself cannot be read.
    pub(crate) fn protos(self, directory: &Path, exclude: &Exclude<'_>, target: bool) -> Result<Found, Error> {
        let absolute = path::absolute(directory);
        if let Some(snapshot) = self.over(&absolute) {
            let (skipped, links) = snapshot.links_below(&absolute, exclude);
            let is_new = |found: &InputFile| {
                skipped.is_empty() || !found.absolute.ancestors().any(|above| skipped.contains(above))
            };
            let mut files = snapshot.found(snapshot.below(&absolute), (directory, &absolute), exclude, target);
            files.retain(is_new);
            return Ok(Found { files, links, ..Found::default() });
        }
        let added = self.added(&absolute);
        let added = self.snapshot.map(|addition| addition.found(added, (directory, &absolute), exclude, target));
        let added = added.unwrap_or_default();
        match walk::protos(directory, exclude, target) {
            Ok(mut found) => {
                found.files.extend(added);
                Ok(found)
            }
            Err(_) if !added.is_empty() => Ok(Found { files: added, ..Found::default() }),
            Err(fault) => Err(fault),
        }
    }

    /// The `.proto` files in a directory itself, sorted; none where it cannot be listed.
    pub(crate) fn in_directory(self, directory: &Path, exclude: &Exclude<'_>) -> Vec<PathBuf> {
        let direct = |(files, skipped): (&'v [String], usize)| {
            let own = files.iter().map(move |file| &file[skipped..]).filter(|rest| !rest.contains('/'));
            let own = own.map(|rest| directory.join(rest));
            own.filter(|file| walk::is_proto(file) && !exclude.covers(file)).collect::<Vec<_>>()
        };
        match self.over(directory) {
            Some(snapshot) => direct(snapshot.below(directory)),
            None => walk::in_directory(directory, exclude).into_iter().chain(direct(self.added(directory))).collect(),
        }
    }

    /// Where a file below `directory` lies if links are on its way there.
    pub(crate) fn behind_links(self, file: &Path, directory: &Path) -> Option<PathBuf> {
        match self.over(file) {
            Some(snapshot) => snapshot.behind_link(file),
            None => walk::behind_links(file, directory),
        }
    }

    /// What was read of a file that has no text; `None` where it has one, or cannot be read.
    pub(crate) fn described(self, absolute: &Path) -> Option<&'v DescribedFile> {
        let snapshot = self.over(absolute)?;
        snapshot.described.get(snapshot.index(absolute)?)?.as_ref()
    }

    /// Reads a file as text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn read(self, absolute: &Path) -> Result<String, ReadFault> {
        self.read_by(absolute, super::read)
    }

    /// The text of a file that was found.
    pub(crate) fn read_found(self, found: &InputFile) -> Result<String, ReadFault> {
        self.read_by(&found.absolute, if found.is_regular { super::read_regular } else { super::read })
    }

    fn read_by(self, absolute: &Path, from_disk: fn(&Path) -> Result<String, ReadFault>) -> Result<String, ReadFault> {
        if let Some(text) = self.edited.and_then(|edited| edited.get(absolute)) {
            return Ok(text.clone());
        }
        match self.over(absolute) {
            Some(snapshot) => match snapshot.index(absolute) {
                Some(index) => (snapshot.read)(index, absolute).and_then(super::decode),
                None => Err(ReadFault::Unreadable(snapshot.lacks())),
            },
            None => from_disk(absolute),
        }
    }

    /// How a file is shown that the user did not name.
    pub(crate) fn shown_from_here(self, absolute: &Path) -> String {
        self.shown_in_snapshot(absolute).unwrap_or_else(|| path::shown_from_here(absolute))
    }

    /// How a file is shown that has no path on disk.
    pub(crate) fn shown_in_snapshot(self, absolute: &Path) -> Option<String> {
        self.over(absolute).and_then(|snapshot| snapshot.shown(absolute))
    }

    /// What a file's text is called where its path alone would be taken for one on disk.
    pub(crate) fn label_of(self, absolute: &Path) -> Option<&'v str> {
        self.over(absolute).and_then(Snapshot::label)
    }
}

impl Snapshot {
    /// Those of some files below a directory, named as given and absolute, that a walk would find.
    fn found(
        &self,
        (files, skipped): (&[String], usize),
        (directory, absolute): (&Path, &Path),
        exclude: &Exclude<'_>,
        target: bool,
    ) -> Vec<InputFile> {
        let wanted = files.iter().filter(|file| walk::is_wanted_below(&file[skipped..], absolute, exclude));
        let below = Below::new(directory, absolute);
        let place = |file: &String| {
            let shown = if self.is_file { file.clone() } else { below.relative(&file[skipped..]) };
            InputFile { absolute: absolute.join(&file[skipped..]), shown, target, is_regular: false }
        };
        wanted.map(place).collect()
    }

    /// The links below a directory that a walk does not follow: to what it finds by its own path or leaves out, and
    /// those that lead where one before them led. Beside them the others, with where they lead.
    fn links_below(&self, directory: &Path, exclude: &Exclude<'_>) -> (FxHashSet<&Path>, Vec<(PathBuf, PathBuf)>) {
        let is_met = |place: &Path| place != directory && place.starts_with(directory) && !exclude.covers(place);
        let (mut known, mut skipped, mut followed) = (FxHashSet::default(), FxHashSet::default(), Vec::new());
        for (place, target) in self.links.iter().filter(|(place, _)| is_met(place)) {
            if walk::is_found_itself(target, directory, exclude) || !known.insert(target) {
                skipped.insert(place.as_path());
            } else {
                followed.push((place.clone(), target.clone()));
            }
        }
        (skipped, followed)
    }

    /// Where a path leads if a link is on its way.
    fn behind_link(&self, path: &Path) -> Option<PathBuf> {
        let (place, target) = self.links.iter().find(|(place, _)| path.starts_with(place))?;
        Some(target.join(path.strip_prefix(place).ok()?))
    }

    fn shown(&self, file: &Path) -> Option<String> {
        if self.is_file { path::below(file, &self.top) } else { None }
    }
}
