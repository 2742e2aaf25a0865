//! The index: what is staged, and which files of the work tree are certainly what is staged.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice;
use gix::index;
use gix::index::entry::{Flags, Stage, Stat};
use gix::objs::tree::EntryKind;
use rayon::prelude::*;

use super::fault::{self, GitFault};
use super::tree::{Walk, is_name};
use super::{BlobId, Listing, Repository};

/// The most bytes of a file that is read to see what it holds.
const MAX_BYTES: u64 = i32::MAX as u64;

/// How stats are compared: by all that is kept, fractions of seconds included. What then differs without cause is read.
const STRICT: index::entry::stat::Options =
    index::entry::stat::Options { trust_ctime: true, check_stat: true, use_nsec: true, use_stdev: false };

/// As many files a task as make handing them out cheap.
const CHUNK: usize = 256;

impl Repository {
    /// What is staged. Of a file in conflict that is our side, else theirs, else what both began with. A file that is
    /// only intended to be added is not staged.
    ///
    /// # Errors
    ///
    /// The index cannot be read, or a tree that stands in it for a directory.
    pub(crate) fn staged(&self) -> Result<Listing, GitFault> {
        self.entries(|flags| !flags.contains(Flags::INTENT_TO_ADD))
    }

    /// What is staged, but not meant to be in the work tree: sparse checkouts leave it out.
    ///
    /// # Errors
    ///
    /// Those of [`Repository::staged`].
    pub(crate) fn left_out(&self) -> Result<Listing, GitFault> {
        self.entries(|flags| flags.contains(Flags::SKIP_WORKTREE))
    }

    fn entries(&self, is_wanted: impl Fn(Flags) -> bool) -> Result<Listing, GitFault> {
        let handle = self.handle();
        let mut walk = Walk::new(self, &handle);
        let Some(index) = self.index(&handle)? else { return Ok(walk.finish()) };
        for versions in index.entries().chunk_by(|one, other| one.path(&index) == other.path(&index)) {
            let rank = |entry: &&index::Entry| match entry.stage() {
                Stage::Unconflicted => 0,
                Stage::Ours => 1,
                Stage::Theirs => 2,
                Stage::Base => 3,
            };
            let Some(entry) = versions.iter().min_by_key(rank) else { continue };
            let path = entry.path(&index);
            let inner = path.strip_suffix(b"/").unwrap_or(path);
            if !is_wanted(entry.flags) || !inner.split(|&byte| byte == b'/').all(is_name) {
                continue;
            }
            match entry.mode.to_tree_entry_mode().map(|mode| mode.kind()) {
                // Outside of what is checked out, one entry stands for a directory.
                Some(EntryKind::Tree) => walk.tree(entry.id, &format!("{}/", inner.to_str_lossy()))?,
                Some(kind) => walk.add(kind, &[path], entry.id)?,
                None => {}
            }
        }
        Ok(walk.finish())
    }

    /// The files named `*.proto` that hold on disk what the index has, sorted by path. The size, times and place that
    /// git keeps of each file say so, where the file is old enough for that; in doubt it is read, and has to be the same
    /// byte for byte. Else it may have other line ends than the index, as git itself gives it.
    /// Nothing is said of links, of files whose name is not Unicode, and of those in conflict.
    ///
    /// # Errors
    ///
    /// The index cannot be read.
    pub(crate) fn unmodified(&self) -> Result<Vec<(String, BlobId)>, GitFault> {
        if self.is_bare() {
            return Ok(Vec::new());
        }
        let handle = self.handle();
        let Some(index) = self.index(&handle)? else { return Ok(Vec::new()) };
        let is_wanted = |entry: &&index::Entry| {
            let is_file = matches!(entry.mode, index::entry::Mode::FILE | index::entry::Mode::FILE_EXECUTABLE);
            let path = entry.path(&index);
            is_file
                && entry.stage() == Stage::Unconflicted
                && path.ends_with(b".proto")
                && path.split(|&byte| byte == b'/').all(is_name)
        };
        let entries: Vec<&index::Entry> = index.entries().iter().filter(is_wanted).collect();
        let may_filter = self.may_filter(&handle, &index);
        let same = |entry: &index::Entry| {
            let path = entry.path(&index).to_str().ok()?;
            let in_doubt = may_filter || entry.stat.is_racy(index.timestamp(), STRICT);
            let same = is_same(&self.top.join(path), entry, in_doubt);
            same.then(|| (path.to_owned(), BlobId(entry.id)))
        };
        let chunk = |entries: &[&index::Entry]| entries.iter().filter_map(|entry| same(entry)).collect::<Vec<_>>();
        Ok(entries.par_chunks(CHUNK).flat_map_iter(chunk).collect())
    }

    /// The index; `None` if nothing was ever staged.
    fn index(&self, handle: &gix::Repository) -> Result<Option<index::File>, GitFault> {
        let path = index_path(handle.git_dir(), std::env::var_os("GIT_INDEX_FILE"));
        if !path.is_file() {
            return Ok(None);
        }
        let options = index::decode::Options { alloc_limit_bytes: Some(MAX_BYTES as usize), ..Default::default() };
        let index = index::File::at(path, handle.object_hash(), true, options);
        index.map(Some).map_err(|error| {
            let fault = fault::unreadable("the git index", fault::cause(&error));
            fault.help("rm .git/index && git reset")
        })
    }
}

/// Where the index is. While git runs hooks for `git commit -a` or `git commit FILE`, what is about to be committed is
/// in another index beside the usual one, and `given` names it; that of any other repository is none of this one's.
fn index_path(git: &Path, given: Option<OsString>) -> PathBuf {
    let given = given.filter(|given| !given.is_empty()).and_then(|given| std::path::absolute(given).ok());
    let real = |path: &Path| path.canonicalize().ok();
    let is_beside = |given: &PathBuf| given.parent().and_then(real).is_some_and(|parent| Some(parent) == real(git));
    given.filter(is_beside).unwrap_or_else(|| git.join("index"))
}

/// Whether the file at `path` holds what `entry` says; `in_doubt` it is read.
fn is_same(path: &Path, entry: &index::Entry, in_doubt: bool) -> bool {
    let Ok(metadata) = index::fs::Metadata::from_path_no_follow(path) else { return false };
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return false;
    }
    let is_clean = || Stat::from_fs(&metadata).is_ok_and(|stat| entry.stat.matches(&stat, STRICT));
    (!in_doubt && is_clean()) || is_blob(path, entry)
}

/// Whether the bytes at `path` are those that `entry` names.
fn is_blob(path: &Path, entry: &index::Entry) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return false };
    let id = gix::objs::compute_hash(entry.id.kind(), gix::objs::Kind::Blob, &bytes);
    id.is_ok_and(|id| id == entry.id)
}
