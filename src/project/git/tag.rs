//! The last release: the newest tag that `HEAD` has behind it.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use rustc_hash::FxHashSet;

use super::fault::{self, GitFault, GitFaultKind};
use super::reference::short;
use super::release::committed_at;
use super::version::Version;
use super::{BaseCommit, BaseKind, CommitId, Repository};
use crate::pattern::PathPatterns;

/// How much clocks of committers may differ, in seconds.
const SLACK: i64 = 24 * 60 * 60;

/// How many tags are named where none matches.
const MAX_NAMED: usize = 3;

/// A tag that matches.
struct Candidate {
    name: String,
    version: Option<Version>,
    /// When its commit was made, in seconds since 1970.
    time: i64,
    commit: ObjectId,
}

/// A release: a tag, and its commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    pub(crate) name: String,
    pub(crate) commit: CommitId,
}

/// The releases behind `HEAD`, newest first; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Releases {
    pub(crate) found: Vec<Release>,
    /// Whether a release of `HEAD` itself is not among them, as it is what is compared.
    pub(crate) is_before_head: bool,
    /// The command that brings more of them, where there may be some before the history in this clone.
    pub(crate) missing: Option<String>,
    /// Tags that would be among them and cannot be read, each with the reason.
    pub(crate) skipped: Vec<(String, GitFault)>,
}

/// A tag that matches and names no commit that can be read.
struct Skipped {
    name: String,
    version: Option<Version>,
    fault: GitFault,
}

/// The tags that count as releases, newest first.
struct Candidates {
    left: Vec<Candidate>,
    /// The release that `HEAD` is, and which is not among them.
    own: Option<String>,
    /// How many there are with those of `HEAD`.
    count: usize,
    /// Those that would count, and cannot be read.
    skipped: Vec<Skipped>,
}

impl Repository {
    /// A release as what to compare with.
    pub(crate) fn at_release(&self, kind: BaseKind, release: Release) -> BaseCommit {
        let Release { name: reference, commit } = release;
        let short = short(&self.handle(), commit);
        BaseCommit { kind, commit, short, others: Vec::new(), tip: commit, reference, behind: Some(0) }
    }

    /// The newest of the tags that match `pattern` (`v*`) and are `HEAD` or behind it: so many, or as many as there are,
    /// one for a commit. Versions are newer the higher they are (`v1.10.0` than `v1.9.0`, a release than its candidates),
    /// and newer than tags that are no version, which are newer the younger their commit is. Pre-releases count only where
    /// `pre_releases` says so.
    ///
    /// A tag of `HEAD` itself counts where something was changed since, staged or in the work tree; else what is
    /// compared is that release, with those before.
    ///
    /// # Errors
    ///
    /// No tag matches, none of those that do is behind `HEAD`, or `HEAD` is the first release.
    pub(crate) fn last_releases(
        &self,
        pattern: &str,
        pre_releases: bool,
        index: bool,
        most: usize,
    ) -> Result<Releases, GitFault> {
        let handle = self.handle();
        let head = self.head(&handle)?;
        let candidates = self.candidates_before(&handle, head, (pattern, pre_releases), index)?;
        let Candidates { left, own, count, skipped } = candidates;
        let is_first = left.is_empty() && skipped.is_empty() && !self.is_shallow();
        let found = self.newest_behind(&handle, head, left, most);
        if found.is_empty() {
            return Err(match own {
                Some(own) if is_first => {
                    GitFault::new(GitFaultKind::NothingToCompare, format!("`{own}` is the first release"))
                }
                _ => self.no_tag(&handle, pattern, count),
            });
        }
        // The tags of what is not here need not be here either.
        let missing = (found.len() < most && self.is_shallow()).then(|| self.fetch_tags(&handle, true)).flatten();
        let oldest = found.last().filter(|_| found.len() == most).map(|tag| &tag.version);
        let is_newer = |tag: &Skipped| oldest.is_none_or(|oldest| tag.version > *oldest);
        let skipped = skipped.into_iter().filter(is_newer).map(|tag| (tag.name, tag.fault)).collect();
        let found = found.into_iter().map(|tag| Release { name: tag.name, commit: CommitId(tag.commit) }).collect();
        Ok(Releases { found, is_before_head: own.is_some(), missing, skipped })
    }

    /// The tags that count as releases, those of `HEAD` left out where nothing was changed since.
    fn candidates_before(
        &self,
        handle: &gix::Repository,
        head: CommitId,
        (pattern, pre_releases): (&str, bool),
        index: bool,
    ) -> Result<Candidates, GitFault> {
        let (mut candidates, mut skipped) = self.candidates(handle, pattern)?;
        let matching = candidates.len();
        let is_release =
            |version: &Option<Version>| pre_releases || !version.as_ref().is_some_and(Version::is_pre_release);
        candidates.retain(|tag| is_release(&tag.version));
        // What is no version can be anything.
        skipped.retain(|tag| tag.version.is_some() && is_release(&tag.version));
        if candidates.is_empty() && matching > 0 {
            let what =
                if matching == 1 { "is a pre-release".to_owned() } else { format!("are {matching} pre-releases") };
            let verb = if matching == 1 { "the tag that matches" } else { "the tags that match" };
            let fault = GitFault::new(GitFaultKind::NoTag, format!("{verb} `{pattern}` {what}"));
            return Err(fault.help("include pre-releases: --pre-releases"));
        }
        let count = candidates.len();
        let own = candidates.iter().find(|tag| tag.commit == head.0).map(|tag| tag.name.clone());
        let own = if own.is_some() && !self.has_changes(index)? { own } else { None };
        if own.is_some() {
            candidates.retain(|tag| tag.commit != head.0);
        }
        Ok(Candidates { left: candidates, own, count, skipped })
    }

    /// The tags of commits that match, newest first, and those that match and name none.
    fn candidates(&self, handle: &gix::Repository, pattern: &str) -> Result<(Vec<Candidate>, Vec<Skipped>), GitFault> {
        let patterns = PathPatterns::new(vec![pattern.to_owned()]).map_err(|(_, why)| {
            GitFault::new(
                GitFaultKind::NoTag,
                format!("`{pattern}` is not a valid pattern of tags: {}", fault::reason(why)),
            )
        })?;
        let broken = |error: gix::Error| fault::unreadable("the list of tags", fault::cause(&error));
        let platform = handle.references().map_err(broken)?;
        let (mut candidates, mut skipped) = (Vec::new(), Vec::new());
        for tag in platform.tags().map_err(broken)?.filter_map(Result::ok) {
            let Some(name) = tag.name().shorten().to_str().ok().filter(|name| patterns.matches(name)) else { continue };
            let name = name.to_owned();
            // A tag may name a file, or what is not here.
            let Some(id) = tag.try_id().map(gix::Id::detach) else { continue };
            let version = Version::of_tag(&name, pattern);
            match self.commit(handle, id, &name) {
                Ok(CommitId(commit)) => {
                    let time = committed_at(handle, commit).unwrap_or(0);
                    candidates.push(Candidate { name, version, time, commit });
                }
                Err(fault) => skipped.push(Skipped { name, version, fault }),
            }
        }
        candidates.sort_by(newest_first);
        Ok((candidates, skipped))
    }

    /// The first that are in the history of `head`, at most so many, one for a commit. That history is walked once, and
    /// only as far as it takes.
    fn newest_behind(
        &self,
        handle: &gix::Repository,
        head: CommitId,
        candidates: Vec<Candidate>,
        most: usize,
    ) -> Vec<Candidate> {
        let (mut seen, mut known) = (FxHashSet::default(), FxHashSet::default());
        let mut found: Vec<usize> = Vec::new();
        // Candidates before this one are found, or not behind `head`.
        let mut at = 0;
        let mut settle = |seen: &FxHashSet<ObjectId>, reached: i64| {
            while let Some(tag) = candidates.get(at).filter(|_| found.len() < most) {
                if seen.contains(&tag.commit) {
                    found.extend(known.insert(tag.commit).then_some(at));
                } else if tag.time <= reached.saturating_add(SLACK) {
                    // What is left to see may be this one.
                    return false;
                }
                at += 1;
            }
            true
        };
        self.walk(handle, head, |id, time| {
            seen.insert(id);
            settle(&seen, time)
        });
        // Nothing is left to see.
        settle(&seen, i64::MIN);
        let mut found = found.into_iter();
        let mut next = found.next();
        let is_found = |(at, _): &(usize, Candidate)| {
            let is_it = next == Some(*at);
            if is_it {
                next = found.next();
            }
            is_it
        };
        candidates.into_iter().enumerate().filter(is_found).map(|(_, tag)| tag).collect()
    }

    /// Those of some commits that are `head` or behind it.
    pub(crate) fn contained(&self, head: CommitId, commits: &[CommitId]) -> FxHashSet<CommitId> {
        let handle = self.handle();
        let mut left: FxHashSet<ObjectId> = commits.iter().map(|commit| commit.0).collect();
        let time = |commit: &CommitId| committed_at(&handle, commit.0);
        let oldest = commits.iter().filter_map(time).min().unwrap_or(i64::MIN);
        self.walk(&handle, head, |id, time| {
            left.remove(&id);
            left.is_empty() || time < oldest.saturating_sub(SLACK)
        });
        commits.iter().copied().filter(|commit| !left.contains(&commit.0)).collect()
    }

    fn no_tag(&self, handle: &gix::Repository, pattern: &str, matching: usize) -> GitFault {
        let message = match matching {
            0 => format!("no tag matches `{pattern}`{}", self.other_tags(handle)),
            1 => format!("the tag that matches `{pattern}` is not behind `HEAD`"),
            _ => format!("none of the {matching} tags that match `{pattern}` is behind `HEAD`"),
        };
        let fault = GitFault::new(GitFaultKind::NoTag, message);
        match self.fetch_tags(handle, matching == 0) {
            Some(command) => fault.help(command),
            None => fault,
        }
    }

    /// The newest of all tags, for the message that none matches a pattern.
    fn other_tags(&self, handle: &gix::Repository) -> String {
        let (all, _) = self.candidates(handle, "*").unwrap_or_default();
        let names: Vec<String> = all.iter().take(MAX_NAMED).map(|tag| format!("`{}`", tag.name)).collect();
        match all.len().saturating_sub(MAX_NAMED) {
            _ if names.is_empty() => String::new(),
            0 => format!(", only others: {}", names.join(", ")),
            more => format!(", only others: {} and {more} more", names.join(", ")),
        }
    }

    /// What fetches tags with the history in front of them, where that is cut off; the tags alone only where they are
    /// `wanted`.
    fn fetch_tags(&self, handle: &gix::Repository, wanted: bool) -> Option<String> {
        match self.unshallow(handle) {
            None if wanted => Some(format!("git fetch --tags {}", super::remote::remote(handle)?)),
            command => command,
        }
    }
}

fn newest_first(one: &Candidate, other: &Candidate) -> std::cmp::Ordering {
    let key = |tag: &Candidate| (tag.version.clone(), tag.time);
    key(other).cmp(&key(one)).then_with(|| one.name.cmp(&other.name))
}
