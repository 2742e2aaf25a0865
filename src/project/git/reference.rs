//! From names to commits: branches, tags, remote branches, SHAs, `HEAD~1`.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::object::Kind;
use gix::remote::Direction;
use gix::revision::spec::parse;

use super::fault::{self, GitFault, GitFaultKind};
use super::{BaseCommit, BaseKind, CommitId, Repository};

/// The most tags that may stand between a name and its commit.
const MOST_TAGS: usize = 100;

/// A reference with the commit it names.
pub(super) struct Resolved {
    pub(super) name: String,
    pub(super) commit: CommitId,
}

impl Repository {
    /// The commit that `reference` names: a branch, tag, remote branch, full or short SHA, `HEAD~1`. A branch that
    /// only the remote `origin` has may be named without `origin/`.
    ///
    /// # Errors
    ///
    /// There is no such commit, or nothing to compare with yet.
    pub(crate) fn tip(&self, reference: &str) -> Result<BaseCommit, GitFault> {
        let handle = self.handle();
        let Resolved { name, commit } = self.resolve(&handle, reference)?;
        let short = short(&handle, commit);
        Ok(BaseCommit { kind: BaseKind::Tip, commit, short, tip: commit, reference: name, behind: Some(0) })
    }

    /// What `HEAD` is compared with where nobody says: the upstream of its branch if that is another branch, else the
    /// default branch of `origin`, else `origin/main`, `origin/master`, `main`, `master`, unless `HEAD` is that branch,
    /// else its upstream. `None` where none exists.
    pub(crate) fn default_reference(&self) -> Option<String> {
        let handle = self.handle();
        let exists = |name: &str| handle.try_find_reference(name).ok().flatten().is_some();
        let own = handle.head_name().ok().flatten().map(|name| name.to_string());
        let of_origin = || {
            let head = handle.try_find_reference("refs/remotes/origin/HEAD").ok().flatten()?;
            let target = head.target().try_name()?.to_string();
            Some(target.strip_prefix("refs/remotes/").filter(|_| exists(&target))?.to_owned())
        };
        let usual = || {
            let full =
                ["refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"];
            let found = full.into_iter().find(|name| own.as_deref() != Some(*name) && exists(name))?;
            Some(found.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/").to_owned())
        };
        // A branch that was pushed under its own name would only be compared with what was pushed of it.
        let upstream = self.upstream(&handle);
        let own_name = own.as_deref().and_then(|name| name.strip_prefix("refs/heads/"));
        let is_own =
            |name: &String| own_name.is_some_and(|own| name.split_once('/').is_some_and(|(_, name)| name == own));
        let elsewhere = upstream.clone().filter(|name| !is_own(name));
        elsewhere.or_else(of_origin).or_else(usual).or(upstream)
    }

    /// Whether this is the name of a branch, of a remote perhaps, and not of the one that is checked out.
    pub(crate) fn is_other_branch(&self, name: &str) -> bool {
        let handle = self.handle();
        let own = handle.head_name().ok().flatten().map(|name| name.to_string());
        let own = own.as_deref().and_then(|name| name.strip_prefix("refs/heads/"));
        let is_own = own.is_some_and(|own| name == own || name.split_once('/').is_some_and(|(_, name)| name == own));
        let exists = |full: String| handle.try_find_reference(full.as_str()).ok().flatten().is_some();
        let places = ["refs/heads/", "refs/remotes/", "refs/remotes/origin/"];
        !is_own && places.iter().any(|start| exists(format!("{start}{name}")))
    }

    /// The names that people can use, short, without duplicates: for suggestions.
    pub(crate) fn reference_names(&self) -> Vec<String> {
        let handle = self.handle();
        let Ok(platform) = handle.references() else { return Vec::new() };
        let Ok(all) = platform.all() else { return Vec::new() };
        let kept = ["refs/heads/", "refs/tags/", "refs/remotes/"];
        let name = |reference: gix::Reference<'_>| {
            let full = reference.name().as_bstr().to_str().ok()?.to_owned();
            kept.iter().find_map(|start| full.strip_prefix(start)).map(str::to_owned)
        };
        let mut names: Vec<String> = all.filter_map(Result::ok).filter_map(name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The commit of `HEAD`.
    pub(super) fn head(&self, handle: &gix::Repository) -> Result<CommitId, GitFault> {
        let head = handle.head().map_err(|error| fault::unreadable("`HEAD`", fault::cause(&error)))?;
        if head.is_unborn() {
            return Err(unborn());
        }
        let id = head.id().ok_or_else(unborn)?.detach();
        self.commit(handle, id, "HEAD")
    }

    /// The commit that `reference` names.
    pub(super) fn resolve(&self, handle: &gix::Repository, reference: &str) -> Result<Resolved, GitFault> {
        if reference.len() >= 40 && reference.bytes().all(|digit| digit == b'0') {
            let message = format!("`{reference}` stands for no commit: there was none before this push");
            return Err(GitFault::new(GitFaultKind::NothingToCompare, message));
        }
        if reference == "HEAD" || reference == "@" {
            return Ok(Resolved { name: reference.to_owned(), commit: self.head(handle)? });
        }
        let elsewhere = format!("origin/{reference}");
        let (name, spec) = match handle.rev_parse(reference) {
            Ok(spec) => (reference, spec),
            Err(error) => match handle.rev_parse(elsewhere.as_str()) {
                Ok(spec) if is_unknown(&error) => (elsewhere.as_str(), spec),
                _ => return Err(self.unresolved(handle, reference, &error)),
            },
        };
        let id = spec.single().ok_or_else(|| range(reference))?.detach();
        Ok(Resolved { name: name.to_owned(), commit: self.commit(handle, id, name)? })
    }

    /// Why nothing is named `reference`.
    fn unresolved(&self, handle: &gix::Repository, reference: &str, error: &gix::Error) -> GitFault {
        if let Some(parse::Error::AmbiguousPrefix { candidates, .. }) = error.downcast_any_ref() {
            let names: Vec<String> = candidates.iter().map(|(id, _)| format!("`{id}`")).take(5).collect();
            let message = format!("`{reference}` is short for more than one object: {}", names.join(", "));
            return GitFault::new(GitFaultKind::NotACommit, message);
        }
        if error.is_corrupted() {
            return fault::unreadable(&format!("the reference `{reference}`"), fault::cause(error));
        }
        if let Ok(id) = ObjectId::from_hex(reference.as_bytes()) {
            return self.missing_commit(handle, id);
        }
        let named = reference.split(['~', '^']).next().filter(|named| named.len() < reference.len());
        if let Some(Ok(end)) = named.filter(|_| self.is_shallow()).map(|named| self.resolve(handle, named)) {
            let message = format!("the history in this shallow clone ends before `{reference}`");
            let ends = self.ends(handle, end.commit).unwrap_or_default();
            return GitFault::new(GitFaultKind::Shallow, message).help(self.deepen(handle, &ends, &end.name, &[]));
        }
        if handle.head().is_ok_and(|head| head.is_unborn()) && self.reference_names().is_empty() {
            return unborn();
        }
        let message = format!("there is no branch, tag or commit `{reference}` in this repository");
        let fault = GitFault::new(GitFaultKind::UnknownReference, message);
        match self.fetch(handle, reference) {
            Some(help) => fault.help(help),
            None => fault,
        }
    }

    /// The commit `id` is, or leads to as a tag.
    pub(super) fn commit(&self, handle: &gix::Repository, id: ObjectId, name: &str) -> Result<CommitId, GitFault> {
        let mut id = id;
        for _ in 0..MOST_TAGS {
            let object = match handle.try_find_object(id) {
                Ok(None) => return Err(self.missing_commit(handle, id)),
                Ok(Some(object)) => object,
                Err(error) => return Err(fault::corrupt(id, fault::cause(&error))),
            };
            match object.kind {
                Kind::Commit => return Ok(CommitId(id)),
                Kind::Tag => {
                    let tag = object.try_into_tag().map_err(|error| fault::corrupt(id, error))?;
                    id = tag.target_id().map_err(|error| fault::corrupt(id, fault::cause(&error)))?.detach();
                }
                kind => {
                    let what = if kind == Kind::Blob { "a file" } else { "a directory" };
                    let message = format!("`{name}` names {what}, not a commit");
                    return Err(GitFault::new(GitFaultKind::NotACommit, message));
                }
            }
        }
        Err(GitFault::new(GitFaultKind::NotACommit, format!("`{name}` is a tag of more than {MOST_TAGS} tags")))
    }

    /// What the branch of `HEAD` is set up to follow, if that was fetched.
    pub(super) fn upstream(&self, handle: &gix::Repository) -> Option<String> {
        let own = handle.head_name().ok().flatten()?;
        let snapshot = handle.config_snapshot();
        let remote = snapshot.plumbing().string_by("branch", Some(own.shorten()), "remote")?;
        let tracked = match remote.as_slice() == b"." {
            true => handle.branch_remote_ref_name(own.as_ref(), Direction::Fetch)?.ok()?,
            false => handle.branch_remote_tracking_ref_name(own.as_ref(), Direction::Fetch)?.ok()?,
        };
        handle.try_find_reference(tracked.as_ref()).ok().flatten()?;
        Some(tracked.shorten().to_string())
    }
}

/// The first digits that tell a commit from all other objects.
pub(super) fn short(handle: &gix::Repository, commit: CommitId) -> String {
    gix::prelude::ObjectIdExt::attach(commit.0, handle).shorten_or_id().to_string()
}

/// Whether nothing has the name, as opposed to something that cannot be read.
fn is_unknown(error: &gix::Error) -> bool {
    matches!(error.downcast_any_ref(), Some(parse::Error::MissingReference { .. })) && !error.is_corrupted()
}

fn unborn() -> GitFault {
    GitFault::new(GitFaultKind::NothingToCompare, "this git repository has no commit yet")
}

fn range(reference: &str) -> GitFault {
    let fault = GitFault::new(GitFaultKind::NotACommit, format!("`{reference}` names several commits, not one"));
    let first = reference.split("..").next().filter(|first| fault::is_plain(first));
    match first {
        Some(first) => fault.help(format!("--against {first}")),
        None => fault,
    }
}
