//! From names to commits: branches, tags, remote branches, SHAs, `HEAD~1`.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::object::Kind;
use gix::remote::Direction;
use gix::revision::spec::parse;

use super::fault::{self, GitFault, GitFaultKind};
use super::{BaseCommit, BaseKind, CommitId, Repository};

/// The most tags that may stand between a name and its commit.
const MAX_TAGS: usize = 100;

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
        Ok(BaseCommit {
            kind: BaseKind::Tip,
            commit,
            short,
            others: Vec::new(),
            tip: commit,
            reference: name,
            behind: Some(0),
        })
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

    /// What a name names, if it is that of a branch, a tag or a branch of the remote, or `HEAD`: `branch`, for
    /// messages.
    pub(crate) fn kind_of(&self, name: &str) -> Option<&'static str> {
        let handle = self.handle();
        if matches!(name, "HEAD" | "@") {
            return Some("name of the last commit");
        }
        let remote = super::remote::remote(&handle).unwrap_or_else(|| "origin".to_owned());
        let in_remote = format!("refs/remotes/{remote}/");
        let places = [
            ("refs/tags/", "tag"),
            ("refs/heads/", "branch"),
            ("refs/remotes/", "remote branch"),
            (&*in_remote, "remote branch"),
        ];
        let exists = |(start, _): &&(&str, &str)| {
            handle.try_find_reference(format!("{start}{name}").as_str()).ok().flatten().is_some()
        };
        places.iter().find(exists).map(|(_, kind)| *kind)
    }

    /// The names that people can use, short, without duplicates: for suggestions.
    pub(crate) fn reference_names(&self) -> Vec<String> {
        let handle = self.handle();
        let Ok(platform) = handle.references() else { return Vec::new() };
        let Ok(all) = platform.all() else { return Vec::new() };
        let name =
            |reference: gix::Reference<'_>| short_name(reference.name().as_bstr().to_str().ok()?).map(str::to_owned);
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
            let message = format!("`{reference}` is not a commit: the branch did not exist before this push");
            return Err(GitFault::new(GitFaultKind::NothingToCompare, message));
        }
        if reference == "HEAD" || reference == "@" {
            return Ok(Resolved { name: reference.to_owned(), commit: self.head(handle)? });
        }
        let elsewhere = format!("{}/{reference}", super::remote::remote(handle).as_deref().unwrap_or("origin"));
        let (name, spec) = match handle.rev_parse(reference) {
            Ok(spec) => (reference, spec),
            Err(error) => match handle.rev_parse(elsewhere.as_str()) {
                Ok(spec) if is_unknown(&error) => (elsewhere.as_str(), spec),
                _ => return Err(self.unresolved(handle, reference, &error)),
            },
        };
        let id = spec.single().ok_or_else(|| range(reference))?.detach();
        let commit = self.commit(handle, id, name)?;
        Ok(Resolved { name: short_name(name).unwrap_or(name).to_owned(), commit })
    }

    /// Why nothing is named `reference`.
    fn unresolved(&self, handle: &gix::Repository, reference: &str, error: &gix::Error) -> GitFault {
        if let Some(parse::Error::AmbiguousPrefix { candidates, .. }) = error.downcast_any_ref() {
            let names: Vec<String> = candidates.iter().map(|(id, _)| format!("`{id}`")).take(5).collect();
            let message = format!("`{reference}` is ambiguous: {}", names.join(", "));
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
        if unborn_branch(handle).is_some_and(|branch| branch == reference) {
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
        for _ in 0..MAX_TAGS {
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
        Err(GitFault::new(GitFaultKind::NotACommit, format!("`{name}` is a tag of more than {MAX_TAGS} tags")))
    }

    /// What the branch of `HEAD` is set up to follow, if that was fetched: its full name.
    pub(super) fn upstream(&self, handle: &gix::Repository) -> Option<String> {
        let own = handle.head_name().ok().flatten()?;
        let snapshot = handle.config_snapshot();
        let remote = snapshot.plumbing().string_by("branch", Some(own.shorten()), "remote")?;
        let tracked = match remote.as_slice() == b"." {
            true => handle.branch_remote_ref_name(own.as_ref(), Direction::Fetch)?.ok()?,
            false => handle.branch_remote_tracking_ref_name(own.as_ref(), Direction::Fetch)?.ok()?,
        };
        handle.try_find_reference(tracked.as_ref()).ok().flatten()?;
        Some(tracked.as_bstr().to_string())
    }
}

/// The short form of a full name of a reference that people use.
pub(super) fn short_name(full: &str) -> Option<&str> {
    ["refs/heads/", "refs/tags/", "refs/remotes/"].iter().find_map(|start| full.strip_prefix(start))
}

/// The first digits that distinguish a commit from all other objects.
pub(super) fn short(handle: &gix::Repository, commit: CommitId) -> String {
    gix::prelude::ObjectIdExt::attach(commit.0, handle).shorten_or_id().to_string()
}

/// Whether nothing has the name, as opposed to something that cannot be read.
fn is_unknown(error: &gix::Error) -> bool {
    matches!(error.downcast_any_ref(), Some(parse::Error::MissingReference { .. })) && !error.is_corrupted()
}

/// The branch that is checked out and has no commit yet.
fn unborn_branch(handle: &gix::Repository) -> Option<String> {
    let head = handle.head().ok().filter(|head| head.is_unborn())?;
    Some(head.referent_name()?.shorten().to_string())
}

fn unborn() -> GitFault {
    GitFault::new(GitFaultKind::NothingToCompare, "the current branch has no commits yet")
}

fn range(reference: &str) -> GitFault {
    let fault = GitFault::new(GitFaultKind::NotACommit, format!("`{reference}` names several commits, not one"));
    let first = reference.split("..").next().filter(|first| fault::is_plain(first));
    match first {
        Some(first) => fault.help(format!("--against {first}")),
        None => fault,
    }
}
