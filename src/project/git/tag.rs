//! The last release: the newest tag that `HEAD` has behind it.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use rustc_hash::FxHashSet;

use super::fault::{self, GitFault, GitFaultKind};
use super::reference::short;
use super::version::Version;
use super::{BaseCommit, BaseKind, CommitId, Repository};
use crate::pattern::PathPatterns;

/// How much clocks of committers may differ, in seconds.
const SLACK: i64 = 24 * 60 * 60;

/// A tag that matches.
struct Candidate {
    name: String,
    version: Option<Version>,
    /// When its commit was made, in seconds since 1970.
    time: i64,
    commit: ObjectId,
}

impl Repository {
    /// The newest of the tags that match `pattern` (`v*`) and are `HEAD` or behind it. Versions are newer the higher
    /// they are (`v1.10.0` than `v1.9.0`, a release than its candidates), and newer than tags that are no version,
    /// which are newer the younger their commit is. Pre-releases count only where `pre_releases` says so.
    ///
    /// A tag of `HEAD` itself counts where something was changed since, staged or in the work tree; else what is
    /// compared is that release, with the one before.
    ///
    /// # Errors
    ///
    /// No tag matches, none of those that do is behind `HEAD`, or `HEAD` is the first release.
    pub(crate) fn newest_tag(&self, pattern: &str, pre_releases: bool, index: bool) -> Result<BaseCommit, GitFault> {
        let handle = self.handle();
        let head = self.head(&handle)?;
        let mut candidates = self.candidates(&handle, pattern)?;
        let matching = candidates.len();
        let is_release = |tag: &Candidate| pre_releases || !tag.version.as_ref().is_some_and(Version::is_pre_release);
        candidates.retain(is_release);
        if candidates.is_empty() && matching > 0 {
            let what =
                if matching == 1 { "is a pre-release".to_owned() } else { format!("are {matching} pre-releases") };
            let verb = if matching == 1 { "the tag that matches" } else { "the tags that match" };
            let fault = GitFault::new(GitFaultKind::NoTag, format!("{verb} `{pattern}` {what}"));
            return Err(fault.help("--against release --pre-releases"));
        }
        let releases = candidates.len();
        let (of_head, before): (Vec<Candidate>, Vec<Candidate>) =
            candidates.into_iter().partition(|tag| tag.commit == head.0);
        let is_release = !of_head.is_empty() && !self.has_changes(index)?;
        let (kind, name) = match of_head.first() {
            Some(newest) if is_release => (BaseKind::TagBefore, newest.name.clone()),
            _ => (BaseKind::Tag, String::new()),
        };
        let candidates = if is_release { before } else { merged(of_head, before) };
        let is_first = is_release && candidates.is_empty() && !self.is_shallow();
        let Some(newest) = self.first_behind(&handle, head, candidates) else {
            return Err(match is_first {
                true => GitFault::new(GitFaultKind::NothingToCompare, format!("`{name}` is the first release")),
                false => self.no_tag(&handle, pattern, releases),
            });
        };
        let commit = CommitId(newest.commit);
        let short = short(&handle, commit);
        let (reference, others) = (newest.name, Vec::new());
        Ok(BaseCommit { kind, commit, short, others, tip: commit, reference, behind: Some(0) })
    }

    /// The tags of commits that match, newest first.
    fn candidates(&self, handle: &gix::Repository, pattern: &str) -> Result<Vec<Candidate>, GitFault> {
        let patterns = PathPatterns::new(vec![pattern.to_owned()]).map_err(|(_, why)| {
            GitFault::new(
                GitFaultKind::NoTag,
                format!("`{pattern}` is not a valid pattern of tags: {}", fault::reason(why)),
            )
        })?;
        let broken = |error: gix::Error| fault::unreadable("the list of tags", fault::cause(&error));
        let platform = handle.references().map_err(broken)?;
        let mut candidates = Vec::new();
        for tag in platform.tags().map_err(broken)?.filter_map(Result::ok) {
            let Some(name) = tag.name().shorten().to_str().ok().filter(|name| patterns.matches(name)) else { continue };
            let name = name.to_owned();
            // A tag may name a file, or what is not here.
            let Some(id) = tag.try_id().map(gix::Id::detach) else { continue };
            let Ok(CommitId(commit)) = self.commit(handle, id, &name) else { continue };
            let time =
                handle.find_commit(commit).ok().and_then(|commit| commit.time().ok()).map_or(0, |time| time.seconds);
            candidates.push(Candidate { version: Version::of_tag(&name, pattern), name, time, commit });
        }
        candidates.sort_by(newest_first);
        Ok(candidates)
    }

    /// The first that is in the history of `head`. That history is walked once, and only as far as it takes.
    fn first_behind(&self, handle: &gix::Repository, head: CommitId, candidates: Vec<Candidate>) -> Option<Candidate> {
        let mut seen = FxHashSet::default();
        // Candidates before this one are not behind `head`.
        let mut at = 0;
        self.walk(handle, head, |id, time| {
            seen.insert(id);
            // All that is left to see is older than what was seen last.
            while candidates
                .get(at)
                .is_some_and(|tag| !seen.contains(&tag.commit) && tag.time > time.saturating_add(SLACK))
            {
                at += 1;
            }
            candidates.get(at).is_none_or(|tag| seen.contains(&tag.commit))
        });
        candidates.into_iter().skip(at).find(|tag| seen.contains(&tag.commit))
    }

    fn no_tag(&self, handle: &gix::Repository, pattern: &str, matching: usize) -> GitFault {
        let remote = super::remote::remote(handle);
        let message = match matching {
            0 => format!("no tag matches `{pattern}`"),
            1 => format!("the tag that matches `{pattern}` is not behind `HEAD`"),
            _ => format!("none of the {matching} tags that match `{pattern}` is behind `HEAD`"),
        };
        let fault = GitFault::new(GitFaultKind::NoTag, message);
        match remote {
            Some(remote) if self.is_shallow() => fault.help(format!("git fetch --tags --unshallow {remote}")),
            Some(remote) if matching == 0 => fault.help(format!("git fetch --tags {remote}")),
            _ => fault,
        }
    }
}

fn newest_first(one: &Candidate, other: &Candidate) -> std::cmp::Ordering {
    let key = |tag: &Candidate| (tag.version.clone(), tag.time);
    key(other).cmp(&key(one)).then_with(|| one.name.cmp(&other.name))
}

fn merged(mut one: Vec<Candidate>, other: Vec<Candidate>) -> Vec<Candidate> {
    one.extend(other);
    one.sort_by(newest_first);
    one
}
