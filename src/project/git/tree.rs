//! What a commit holds: its tree, walked without trusting it.

#[cfg(test)]
mod tests;

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;
use gix::objs::{Kind, TreeRefIter};
use rustc_hash::{FxHashMap, FxHasher};

use super::fault::{self, GitFault, GitFaultKind};
use super::{BlobId, CommitId, Entry, Listing, Repository};

/// The most entries of trees looked at. The largest repositories have some hundred thousand; a tree that names another
/// twice, which does the same, and so on, has any number.
const MAX_ENTRIES: usize = 5_000_000;

/// The most directories within each other. Paths of that depth cannot be checked out.
const DEEPEST: usize = 1000;

/// The most bytes of trees kept while walking.
const MAX_KNOWN_BYTES: usize = 1 << 25;

/// The most bytes of all paths together.
const MAX_PATH_BYTES: usize = 1 << 29;

impl Repository {
    /// The files of a commit.
    ///
    /// # Errors
    ///
    /// A tree is missing or corrupt, or there is more than any real repository has.
    pub(crate) fn files(&self, commit: CommitId) -> Result<Listing, GitFault> {
        let handle = self.handle();
        let mut walk = Walk::new(self, &handle);
        walk.tree(self.root_of(&handle, commit)?, "")?;
        Ok(walk.finish())
    }

    /// The files of some commits. Those of which all that is listed is the same share a listing: its index is given for
    /// each commit.
    ///
    /// # Errors
    ///
    /// As those of [`Repository::files`].
    pub(crate) fn files_of(&self, commits: &[CommitId]) -> Result<(Vec<Listing>, Vec<usize>), GitFault> {
        let handle = self.handle();
        let (mut listings, mut indexes): (Vec<Listing>, Vec<usize>) = (Vec::new(), Vec::new());
        let (mut by_tree, mut by_content) = (FxHashMap::default(), FxHashMap::default());
        let mut known = Known::default();
        for commit in commits {
            let tree = self.root_of(&handle, *commit)?;
            let index = match by_tree.get(&tree) {
                Some(index) => *index,
                None => {
                    let mut walk = Walk { known, ..Walk::new(self, &handle) };
                    walk.tree(tree, "")?;
                    known = std::mem::take(&mut walk.known);
                    let listing = walk.finish();
                    let alike: &mut Vec<usize> = by_content.entry(hash(&listing)).or_default();
                    let index = alike.iter().copied().find(|index| listings[*index] == listing);
                    index.unwrap_or_else(|| {
                        alike.push(listings.len());
                        listings.push(listing);
                        listings.len() - 1
                    })
                }
            };
            by_tree.insert(tree, index);
            indexes.push(index);
        }
        Ok((listings, indexes))
    }

    /// The tree of a commit.
    pub(super) fn root_of(&self, handle: &gix::Repository, commit: CommitId) -> Result<ObjectId, GitFault> {
        let object = self.object(handle, commit.0)?;
        let tree = object.try_into_commit().map_err(|error| fault::corrupt(commit.0, error))?.tree_id();
        Ok(tree.map_err(|error| fault::corrupt(commit.0, fault::cause(&error)))?.detach())
    }
}

/// Collects what trees hold.
pub(super) struct Walk<'r> {
    repository: &'r Repository,
    handle: &'r gix::Repository,
    listing: Listing,
    /// Entries that may still be looked at.
    entries: usize,
    /// Bytes that paths may still take.
    path_bytes: usize,
    known: Known,
    /// How many directories may be within each other.
    deepest: usize,
}

/// Trees that were read.
#[derive(Default)]
struct Known {
    trees: FxHashMap<ObjectId, Rc<[u8]>>,
    bytes: usize,
}

/// A hash of what is listed.
fn hash(listing: &Listing) -> u64 {
    let mut hasher = FxHasher::default();
    for Entry { path, blob } in listing.files.iter().chain(&listing.links) {
        (path, blob).hash(&mut hasher);
    }
    listing.submodules.hash(&mut hasher);
    hasher.finish()
}

/// Names of the files that say which directories are roots.
const ROOT_MARKS: [&[u8]; 5] = [b"protolint.yaml", b"protolint.yml", b"buf.yaml", b"buf.work.yaml", b"buf.gen.yaml"];

/// A directory that is being walked.
struct Level {
    /// The directories in it that are still to be walked, last one first.
    left: Vec<(Vec<u8>, ObjectId)>,
    /// The length of its path, in bytes.
    path: usize,
}

impl<'r> Walk<'r> {
    pub(super) fn new(repository: &'r Repository, handle: &'r gix::Repository) -> Walk<'r> {
        Walk {
            repository,
            handle,
            listing: Listing::default(),
            entries: MAX_ENTRIES,
            path_bytes: MAX_PATH_BYTES,
            known: Known::default(),
            deepest: DEEPEST,
        }
    }

    /// Adds what is below the tree `root`, whose own path, `""` or with a `/` at its end, is `prefix`.
    pub(super) fn tree(&mut self, root: ObjectId, prefix: &str) -> Result<(), GitFault> {
        let mut path = prefix.as_bytes().to_vec();
        let mut levels = vec![Level { left: self.directory(root, &path)?, path: path.len() }];
        while let Some(level) = levels.last_mut() {
            path.truncate(level.path);
            let Some((name, id)) = level.left.pop() else {
                levels.pop();
                continue;
            };
            path.extend_from_slice(&name);
            path.push(b'/');
            if levels.len() >= self.deepest {
                return Err(oversized(format!("more than {} nested directories", self.deepest)));
            }
            let left = self.directory(id, &path)?;
            levels.push(Level { left, path: path.len() });
        }
        Ok(())
    }

    /// Adds what is in one tree, and gives the trees in it.
    fn directory(&mut self, id: ObjectId, path: &[u8]) -> Result<Vec<(Vec<u8>, ObjectId)>, GitFault> {
        let bytes = self.bytes(id)?;
        let mut below = Vec::new();
        for entry in TreeRefIter::from_bytes(&bytes, id.kind()) {
            let entry = entry.map_err(|error| fault::corrupt(id, fault::cause(&error)))?;
            self.entries =
                self.entries.checked_sub(1).ok_or_else(|| oversized(format!("more than {MAX_ENTRIES} files")))?;
            if !is_name(entry.filename) {
                continue;
            }
            match entry.mode.kind() {
                EntryKind::Tree => below.push((entry.filename.to_vec(), entry.oid.to_owned())),
                kind => self.add(kind, &[path, entry.filename.as_ref()], entry.oid.to_owned())?,
            }
        }
        Ok(below)
    }

    /// Adds one entry if it is wanted; its path is given in parts.
    pub(super) fn add(&mut self, kind: EntryKind, path: &[&[u8]], id: ObjectId) -> Result<(), GitFault> {
        let is_wanted = path.last().is_some_and(|last| {
            let name = last.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
            name.ends_with(b".proto") || ROOT_MARKS.contains(&name)
        });
        let is_file = matches!(kind, EntryKind::Blob | EntryKind::BlobExecutable);
        if is_file && !is_wanted {
            return Ok(());
        }
        let bytes: usize = path.iter().map(|part| part.len()).sum();
        self.path_bytes =
            self.path_bytes.checked_sub(bytes).ok_or_else(|| oversized("paths that are too long".to_owned()))?;
        let path = String::from_utf8(path.concat())
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        match kind {
            EntryKind::Blob | EntryKind::BlobExecutable => self.listing.files.push(Entry { path, blob: BlobId(id) }),
            EntryKind::Link => self.listing.links.push(Entry { path, blob: BlobId(id) }),
            EntryKind::Commit => self.listing.submodules.push((path, CommitId(id))),
            EntryKind::Tree => {}
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Listing {
        let Listing { mut files, mut links, mut submodules } = self.listing;
        for entries in [&mut files, &mut links] {
            entries.sort_by(|one, other| one.path.cmp(&other.path));
            entries.dedup_by(|one, other| one.path == other.path);
        }
        submodules.sort_unstable();
        submodules.dedup();
        Listing { files, links, submodules }
    }

    /// A tree as it is stored. Where one tree stands in many places it is read once.
    fn bytes(&mut self, id: ObjectId) -> Result<Rc<[u8]>, GitFault> {
        if let Some(bytes) = self.known.trees.get(&id) {
            return Ok(Rc::clone(bytes));
        }
        let object = self.repository.object(self.handle, id)?;
        if object.kind != Kind::Tree {
            return Err(fault::corrupt(id, format!("it should be a directory, but is a {}", object.kind)));
        }
        let bytes: Rc<[u8]> = Rc::from(object.data.as_slice());
        if self.known.bytes + bytes.len() <= MAX_KNOWN_BYTES {
            self.known.bytes += bytes.len();
            self.known.trees.insert(id, Rc::clone(&bytes));
        }
        Ok(bytes)
    }
}

fn oversized(what: String) -> GitFault {
    GitFault::new(GitFaultKind::Corrupt, format!("the git repository contains {what}; it is damaged or malicious"))
}

/// Whether `name` can be that of a file below the top, and is none of git's own.
pub(super) fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..")
        && !name.eq_ignore_ascii_case(b".git")
        && !name.iter().any(|&byte| byte == b'/' || byte == 0 || (cfg!(windows) && byte == b'\\'))
}
