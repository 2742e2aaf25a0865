//! Git repositories, read where they lie: no checkout, no `git` program, no hooks, no filters. With the files in
//! `git/` this is the only place that uses `gix`; it does not depend on schemas, rules or the command line.

mod attributes;
mod changes;
mod default_branch;
mod environment;
mod fault;
mod format;
mod history;
mod index;
mod reference;
mod release;
mod remote;
mod tag;
mod tree;
mod version;

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gix::{ObjectId, ThreadSafeRepository};

use super::path;

pub(crate) use default_branch::DefaultBase;
pub(crate) use fault::{GitFault, GitFaultKind};
pub(crate) use release::{ReleaseChoice, ReleaseCommit, ReleaseCommits};
pub(crate) use tag::{Release, Releases};

/// A commit of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CommitId(ObjectId);

/// The bytes of a file as a repository holds them. Equal ids mean equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BlobId(ObjectId);

/// All hexadecimal digits.
impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// All hexadecimal digits.
impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How the commit to compare with was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BaseKind {
    /// The best common ancestor of `HEAD` and the reference.
    MergeBase,
    /// The reference itself.
    Tip,
    /// The newest tag among those that match a pattern.
    Tag,
    /// The newest tag before those of `HEAD`.
    TagBefore,
}

/// What to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseCommit {
    pub(crate) kind: BaseKind,
    pub(crate) commit: CommitId,
    /// The first hexadecimal digits of `commit`: 7, or more where it takes more to distinguish it from other objects.
    pub(crate) short: String,
    /// Other merge bases that are as good, which crossing merges leave, youngest first.
    pub(crate) others: Vec<CommitId>,
    /// The commit that the reference names.
    pub(crate) tip: CommitId,
    /// The reference as it was found: `origin/main` where `main` was asked for and only the remote has it.
    pub(crate) reference: String,
    /// How many commits of the reference are not in the base, counted to [`MAX_BEHIND`]; `None` where the history is
    /// cut off before that is known.
    pub(crate) behind: Option<usize>,
}

/// As far as commits are counted.
pub(crate) const MAX_BEHIND: usize = 1000;

/// A file of a commit or of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Relative to the top, `/` between components. What is not Unicode is replaced.
    pub(crate) path: String,
    pub(crate) blob: BlobId,
}

/// What a commit or the index holds; each list is sorted by path and names no path twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Regular files named `*.proto`, and those that say which directories are roots.
    pub(crate) files: Vec<Entry>,
    /// Symbolic links of any name, for they may lead to directories of schemas; the blob holds the path they lead to.
    pub(crate) links: Vec<Entry>,
    /// Where other repositories are mounted, and the commit of each; what is in them is not listed.
    pub(crate) submodules: Vec<(String, CommitId)>,
}

/// A repository on disk, opened for reading.
pub(crate) struct Repository {
    shared: ThreadSafeRepository,
    top: PathBuf,
    is_bare: bool,
    /// Handles not in use: making one takes longer than reading a file with it.
    handles: Mutex<Vec<gix::Repository>>,
}

impl Repository {
    /// The repository that holds `directory`, which is absolute; `None` where there is none. It is searched for from
    /// `directory` upwards and nowhere else, whatever the environment says. Who owns it does not matter, as nothing of
    /// it is ever executed.
    ///
    /// # Errors
    ///
    /// There is one that cannot be read: its format is unknown, or its `.git` leads nowhere.
    pub(crate) fn discover(directory: &Path) -> Result<Option<Repository>, GitFault> {
        Repository::discover_below(directory, &[])
    }

    /// The same, without a look at any of `ceilings` or above, unless that is `directory` itself.
    fn discover_below(directory: &Path, ceilings: &[PathBuf]) -> Result<Option<Repository>, GitFault> {
        // A link in the path may lead into another repository than the one its name lies in.
        let real = directory.canonicalize().ok();
        let Some(real) = real.and_then(|real| find(&real, ceilings)) else { return Ok(None) };
        let top = as_spelled(directory, real.top);
        Repository::open(&real.git, top, real.is_bare).map(Some)
    }

    /// Opens what is at `git`, whose work tree has its top at `top`.
    fn open(git: &Path, top: PathBuf, is_bare: bool) -> Result<Repository, GitFault> {
        let shared = format::open(git, &top)?;
        let local = shared.to_thread_local();
        format::check(&local, &top)?;
        let is_bare = is_bare || (git.is_dir() && local.is_bare());
        Ok(Repository { shared, top, is_bare, handles: Mutex::new(vec![local]) })
    }

    /// The top of the work tree, absolute, spelled as the directory given to [`Repository::discover`] if it is above
    /// that by name; of a bare repository its own directory.
    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    /// Whether there is no work tree.
    pub(crate) fn is_bare(&self) -> bool {
        self.is_bare
    }

    /// The directory of the repository that its work trees share, absolute.
    pub(crate) fn common_directory(&self) -> PathBuf {
        path::absolute(self.handle().common_dir())
    }

    /// Whether the history was cut off when it was fetched.
    pub(crate) fn is_shallow(&self) -> bool {
        self.handle().is_shallow().unwrap_or(false)
    }

    /// The bytes of a file. May be called from many threads at once.
    ///
    /// # Errors
    ///
    /// The object is missing, corrupt, or no file.
    pub(crate) fn read(&self, blob: BlobId) -> Result<Vec<u8>, GitFault> {
        let handle = self.handle();
        let mut object = self.object(&handle, blob.0)?;
        if object.kind != gix::object::Kind::Blob {
            return Err(fault::corrupt(blob.0, format!("it should be a file, but is a {}", object.kind)));
        }
        Ok(std::mem::take(&mut object.data))
    }

    /// Any object, with the fault that says why there is none.
    fn object<'h>(&self, handle: &'h gix::Repository, id: ObjectId) -> Result<gix::Object<'h>, GitFault> {
        match handle.try_find_object(id) {
            Ok(Some(object)) => Ok(object),
            Ok(None) => Err(self.missing(handle, id)),
            Err(error) => Err(fault::corrupt(id, fault::cause(&error))),
        }
    }

    fn handle(&self) -> Handle<'_> {
        let free = self.free().pop();
        Handle { of: self, handle: Some(free.unwrap_or_else(|| self.shared.to_thread_local())) }
    }

    fn free(&self) -> MutexGuard<'_, Vec<gix::Repository>> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle for one thread, given back when it is dropped.
struct Handle<'r> {
    of: &'r Repository,
    handle: Option<gix::Repository>,
}

impl Deref for Handle<'_> {
    type Target = gix::Repository;

    fn deref(&self) -> &gix::Repository {
        self.handle.as_ref().expect("it is taken out on drop only")
    }
}

impl Drop for Handle<'_> {
    fn drop(&mut self) {
        self.of.free().extend(self.handle.take());
    }
}

/// Where a repository lies.
struct Location {
    /// The top of the work tree, or the directory of a bare repository.
    top: PathBuf,
    /// The directory, or the file `.git` that leads to it.
    git: PathBuf,
    is_bare: bool,
}

/// The top as the directory spells it, if it is above that by name.
fn as_spelled(directory: &Path, top: PathBuf) -> PathBuf {
    let spelled = directory.ancestors().find(|above| above.canonicalize().is_ok_and(|above| above == top));
    spelled.map_or(top.clone(), Path::to_owned)
}

/// The repository nearest to `directory`, at it or above.
fn find(directory: &Path, ceilings: &[PathBuf]) -> Option<Location> {
    let is_below = |above: &&Path| *above == directory || !ceilings.iter().any(|ceiling| ceiling == above);
    directory.ancestors().take_while(is_below).find_map(|top| {
        let git = top.join(".git");
        // A file that leads nowhere is a broken repository, a directory without content is none.
        if leads_elsewhere(&git) || (git.is_dir() && looks_like_git(&git)) {
            return Some(Location { top: top.to_owned(), git, is_bare: false });
        }
        looks_like_git(top).then(|| {
            // Within `.git` the work tree is meant that it belongs to.
            match top.parent().filter(|_| top.ends_with(".git")) {
                Some(above) => Location { top: above.to_owned(), git: top.to_owned(), is_bare: false },
                None => Location { top: top.to_owned(), git: top.to_owned(), is_bare: true },
            }
        })
    })
}

/// Whether this is the file by which linked work trees and submodules name their repository.
fn leads_elsewhere(git: &Path) -> bool {
    const START: &[u8] = b"gitdir:";
    let mut start = [0; START.len()];
    git.is_file() && File::open(git).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == START
}

/// Whether a directory has what every repository has.
fn looks_like_git(directory: &Path) -> bool {
    // Of a linked work tree the objects are elsewhere.
    let has_objects = directory.join("objects").is_dir() && directory.join("refs").is_dir();
    directory.join("HEAD").is_file() && (has_objects || directory.join("commondir").is_file())
}
