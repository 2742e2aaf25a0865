//! All releases: the version tags that `HEAD` has behind it, oldest first, and what changed between commits.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use gix::objs::{Kind, TreeRefIter};
use rustc_hash::FxHashSet;

use super::fault::{self, GitFault, GitFaultKind};
use super::reference::short;
use super::tree::is_name;
use super::version::Version;
use super::{BlobId, CommitId, Repository};
use crate::pattern::PathPatterns;

/// How many directories may be within each other: paths of that depth cannot be checked out.
const MAX_DEPTH: usize = 1000;

/// A commit that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReleaseCommit {
    /// The tag with the highest version, or the first digits of the commit.
    pub(crate) name: String,
    /// Its other tags, sorted.
    pub(crate) others: Vec<String>,
    pub(crate) commit: CommitId,
    /// When the tag was made, or the commit where the tag does not say it; in seconds since 1970.
    pub(crate) time: i64,
}

/// The releases of a repository, oldest first, and what is missing among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReleaseCommits {
    pub(crate) list: Vec<ReleaseCommit>,
    /// Tags that match and name no commit that can be read: each with the reason.
    pub(crate) unread: Vec<(String, GitFault)>,
    /// How many tags match and are not behind `HEAD`.
    pub(crate) elsewhere: usize,
    /// Whether the history was cut off when it was fetched, and what brings the rest.
    pub(crate) cut_off: Option<String>,
}

/// Which commits count as releases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReleaseChoice<'p> {
    /// Tags of the form `[v]X.Y.Z[-pre]`, or those that match one of the patterns; `all` where they need not be behind
    /// `HEAD`.
    Tags { patterns: &'p [String], all: bool },
    /// `HEAD`, and its first parents.
    Commits,
}

/// A tag of a commit.
struct Tagged {
    name: String,
    version: Option<Version>,
    time: i64,
    commit: ObjectId,
}

impl Repository {
    /// The commits that count as releases, oldest first: by version, then by time, then by name.
    ///
    /// # Errors
    ///
    /// There is no commit yet, the tags cannot be listed, or a pattern is no pattern.
    pub(crate) fn releases(&self, choice: ReleaseChoice<'_>) -> Result<ReleaseCommits, GitFault> {
        let handle = self.handle();
        let head = self.head(&handle)?;
        match choice {
            ReleaseChoice::Tags { patterns, all } => self.release_tags(&handle, head, patterns, all),
            ReleaseChoice::Commits => self.first_parents(&handle, head),
        }
    }

    fn release_tags(
        &self,
        handle: &gix::Repository,
        head: CommitId,
        patterns: &[String],
        all: bool,
    ) -> Result<ReleaseCommits, GitFault> {
        let mut unread = Vec::new();
        let mut tags = self.tagged(handle, patterns, &mut unread)?;
        let count = tags.len();
        if !all {
            let commits: Vec<CommitId> = tags.iter().map(|tag| CommitId(tag.commit)).collect();
            let behind = self.contained(head, &commits);
            tags.retain(|tag| behind.contains(&CommitId(tag.commit)));
        }
        let elsewhere = count - tags.len();
        // Tags of one commit are one release, named by the highest version, whenever each was made.
        tags.sort_by(|one, other| {
            one.commit.cmp(&other.commit).then_with(|| (&one.version, &one.name).cmp(&(&other.version, &other.name)))
        });
        let mut releases: Vec<(Option<Version>, ReleaseCommit)> = Vec::new();
        for tags in tags.chunk_by(|one, other| one.commit == other.commit) {
            let Some((highest, others)) = tags.split_last() else { continue };
            let mut others: Vec<String> = others.iter().map(|tag| tag.name.clone()).collect();
            others.sort_unstable();
            let (name, commit) = (highest.name.clone(), CommitId(highest.commit));
            releases.push((highest.version.clone(), ReleaseCommit { name, others, commit, time: highest.time }));
        }
        releases.sort_by(|(one_version, one), (other_version, other)| {
            let key = |release: &ReleaseCommit| (release.time, release.name.clone());
            one_version.cmp(other_version).then_with(|| key(one).cmp(&key(other)))
        });
        let list = releases.into_iter().map(|(_, release)| release).collect();
        unread.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(ReleaseCommits { list, unread, elsewhere, cut_off: self.unshallow(handle) })
    }

    /// The command that brings what a shallow clone lacks.
    pub(super) fn unshallow(&self, handle: &gix::Repository) -> Option<String> {
        let remote = || super::remote::remote(handle).unwrap_or_else(|| "origin".to_owned());
        self.is_shallow().then(|| format!("git fetch --tags --unshallow {}", remote()))
    }

    /// The tags of commits that match.
    fn tagged(
        &self,
        handle: &gix::Repository,
        patterns: &[String],
        unread: &mut Vec<(String, GitFault)>,
    ) -> Result<Vec<Tagged>, GitFault> {
        let matching = PathPatterns::new(patterns.to_vec()).map_err(|(pattern, why)| {
            let why = fault::reason(why);
            GitFault::new(GitFaultKind::NoTag, format!("`{pattern}` is not a valid pattern of tags: {why}"))
        })?;
        let broken = |error: gix::Error| fault::unreadable("the list of tags", fault::cause(&error));
        let platform = handle.references().map_err(broken)?;
        let mut tags = Vec::new();
        for tag in platform.tags().map_err(broken)?.filter_map(Result::ok) {
            let Some(name) = tag.name().shorten().to_str().ok() else { continue };
            let version = match patterns.is_empty() {
                true if !is_version(name) => continue,
                true => Version::of_tag(name, "v*"),
                false if !matching.matches(name) => continue,
                false => patterns.iter().find_map(|pattern| Version::of_tag(name, pattern)),
            };
            let (name, Some(id)) = (name.to_owned(), tag.try_id().map(gix::Id::detach)) else { continue };
            match self.commit(handle, id, &name) {
                Ok(CommitId(commit)) => {
                    let time = tagged_at(handle, id).or_else(|| committed_at(handle, commit)).unwrap_or(0);
                    tags.push(Tagged { name, version, time, commit });
                }
                Err(fault) => unread.push((name, fault)),
            }
        }
        Ok(tags)
    }

    fn first_parents(&self, handle: &gix::Repository, head: CommitId) -> Result<ReleaseCommits, GitFault> {
        let (mut list, mut seen) = (Vec::new(), FxHashSet::default());
        let mut next = Some(head.0);
        let mut missing = None;
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            let Ok(Some(object)) = handle.try_find_object(id) else {
                missing = Some(id);
                break;
            };
            let commit = object.try_into_commit().map_err(|error| fault::corrupt(id, error))?;
            let time = commit.time().map_or(0, |time| time.seconds);
            next = commit.parent_ids().next().map(gix::Id::detach);
            let commit = CommitId(id);
            list.push(ReleaseCommit { name: String::new(), others: Vec::new(), commit, time });
        }
        list.reverse();
        for release in &mut list {
            release.name = short(handle, release.commit);
        }
        let unread = match missing.filter(|_| !self.is_shallow()) {
            Some(id) => vec![(id.to_string(), self.missing_commit(handle, id))],
            None => Vec::new(),
        };
        Ok(ReleaseCommits { list, unread, elsewhere: 0, cut_off: self.unshallow(handle) })
    }

    /// The `.proto` files in which two commits differ, sorted by path, `/` between components: what each is in the later
    /// one, `None` where it is gone. Without an earlier commit all of the later one. Directories that are the same are not
    /// looked into.
    ///
    /// # Errors
    ///
    /// A commit or a tree is missing or corrupt.
    pub(crate) fn changed_files(
        &self,
        before: Option<CommitId>,
        after: CommitId,
    ) -> Result<Vec<(String, Option<BlobId>)>, GitFault> {
        let handle = self.handle();
        let before = before.map(|commit| self.root_of(&handle, commit)).transpose()?;
        let after = self.root_of(&handle, after)?;
        let mut changed = Vec::new();
        // Directories that differ, with their paths.
        let mut left = vec![(String::new(), before, Some(after), 0)];
        while let Some((path, before, after, depth)) = left.pop() {
            if before == after || depth > MAX_DEPTH {
                continue;
            }
            let mut before =
                before.map_or(Ok(Vec::new()), |tree| self.schemas_in(&handle, tree))?.into_iter().peekable();
            let mut after = after.map_or(Ok(Vec::new()), |tree| self.schemas_in(&handle, tree))?.into_iter().peekable();
            loop {
                let order = match (before.peek(), after.peek()) {
                    (None, None) => break,
                    (Some(_), None) => std::cmp::Ordering::Less,
                    (None, Some(_)) => std::cmp::Ordering::Greater,
                    (Some(one), Some(other)) => one.key().cmp(&other.key()),
                };
                let old = if order.is_le() { before.next() } else { None };
                let new = if order.is_ge() { after.next() } else { None };
                let id = |entry: &Option<TreeEntry>| entry.as_ref().map(|entry| entry.id);
                let (Some(some), true) = (old.as_ref().or(new.as_ref()), id(&old) != id(&new)) else { continue };
                let below = if path.is_empty() { some.name.clone() } else { format!("{path}/{}", some.name) };
                match some.is_tree {
                    true => left.push((below, id(&old), id(&new), depth + 1)),
                    false => changed.push((below, id(&new).map(BlobId))),
                }
            }
        }
        changed.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(changed)
    }

    /// The directories and `.proto` files of a tree, sorted by [`TreeEntry::key`].
    fn schemas_in(&self, handle: &gix::Repository, tree: ObjectId) -> Result<Vec<TreeEntry>, GitFault> {
        let object = self.object(handle, tree)?;
        if object.kind != Kind::Tree {
            return Err(fault::corrupt(tree, format!("it should be a directory, but is a {}", object.kind)));
        }
        let mut entries = Vec::new();
        for entry in TreeRefIter::from_bytes(&object.data, tree.kind()) {
            let entry = entry.map_err(|error| fault::corrupt(tree, fault::cause(&error)))?;
            let is_tree = match entry.mode.kind() {
                EntryKind::Tree => true,
                EntryKind::Blob | EntryKind::BlobExecutable if entry.filename.ends_with(b".proto") => false,
                _ => continue,
            };
            if is_name(entry.filename) {
                let name = String::from_utf8_lossy(entry.filename).into_owned();
                entries.push(TreeEntry { name, is_tree, id: entry.oid.to_owned() });
            }
        }
        entries.sort_by(|one, other| one.key().cmp(&other.key()));
        entries.dedup_by(|one, other| one.key() == other.key());
        Ok(entries)
    }
}

/// A directory or a file in a tree.
struct TreeEntry {
    name: String,
    is_tree: bool,
    id: ObjectId,
}

impl TreeEntry {
    /// A directory is never what a file of its name was.
    fn key(&self) -> (&str, bool) {
        (&self.name, self.is_tree)
    }
}

/// Whether a tag is called `[v]X.Y.Z[-pre][+build]`, as <https://semver.org> has it.
fn is_version(name: &str) -> bool {
    let text = name.strip_prefix('v').unwrap_or(name);
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (numbers, pre_release) = text.split_once('-').map_or((text, None), |(numbers, rest)| (numbers, Some(rest)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() == 3 && parts.into_iter().all(is_number) && pre_release.is_none_or(|rest| rest.split('.').all(is_word))
}

/// When an annotated tag was made.
fn tagged_at(handle: &gix::Repository, id: ObjectId) -> Option<i64> {
    let tag = handle.try_find_object(id).ok()??.try_into_tag().ok()?;
    let tagger = tag.tagger().ok()??;
    Some(tagger.time().ok()?.seconds)
}

pub(super) fn committed_at(handle: &gix::Repository, id: ObjectId) -> Option<i64> {
    Some(handle.find_commit(id).ok()?.time().ok()?.seconds)
}
