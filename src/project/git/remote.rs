//! The commands that bring what a clone lacks: commits beyond its end, objects it was asked to leave out, references
//! never fetched.

use gix::ObjectId;

use super::fault::{self, GitFault, GitFaultKind};
use super::reference::short_name;
use super::{CommitId, Repository};

/// The most commits named in a command.
const MAX_ENDS: usize = 8;

impl Repository {
    /// The fault of an object that is not here.
    pub(super) fn missing(&self, handle: &gix::Repository, id: ObjectId) -> GitFault {
        let fault = |message: String| GitFault::new(GitFaultKind::Missing, message);
        match promisor(handle) {
            Some(remote) => fault(format!("object `{id}` is not in this partial clone"))
                .help(format!("git fetch --refetch --no-filter {remote}")),
            None => fault(format!("object `{id}` is missing from the git repository")).help("git fsck"),
        }
    }

    /// The fault of a commit that is not here.
    pub(super) fn missing_commit(&self, handle: &gix::Repository, id: ObjectId) -> GitFault {
        let fault = GitFault::new(GitFaultKind::Missing, format!("commit `{id}` is not in this clone"));
        match remote(handle) {
            Some(remote) => fault.help(format!("git fetch {remote} {id}")),
            None => fault,
        }
    }

    /// What fetches `reference`, which nothing here is named.
    pub(super) fn fetch(&self, handle: &gix::Repository, reference: &str) -> Option<String> {
        let remote = remote(handle)?;
        let branch = reference.strip_prefix(&format!("{remote}/")).unwrap_or(reference);
        // Anything but a name, such as `main~3` or a range, cannot be fetched.
        if !fault::is_plain(branch) {
            return None;
        }
        let fetched = format!("refs/remotes/{remote}/{branch}");
        // Without the history of both, the next fault would be that they do not meet.
        if let Some(Ok(head)) = self.is_shallow().then(|| self.head(handle)) {
            return Some(format!("git fetch --unshallow {remote} {branch}:{fetched} {head}"));
        }
        Some(match tracks_all(handle, &remote) {
            true => format!("git fetch {remote} {branch}"),
            // Clones of one branch only fetch others without a name to find them by.
            false => format!("git fetch {remote} {branch}:{fetched}"),
        })
    }

    /// What fetches the rest of two histories that were cut off at `of_head` and `of_tip`. Asking for a branch fetches
    /// what it has gained too; where the remote has none by name, the commits at the end are asked for, as those it
    /// has for certain.
    pub(super) fn deepen(
        &self,
        handle: &gix::Repository,
        of_head: &[CommitId],
        tip: &str,
        of_tip: &[CommitId],
    ) -> String {
        let remote = remote(handle).unwrap_or_else(|| "origin".to_owned());
        let upstream = self.upstream(handle).unwrap_or_default();
        let branches = [(short_name(&upstream).unwrap_or_default(), of_head), (tip, of_tip)];
        let wanted = branches.into_iter().filter(|(_, ends)| !ends.is_empty()).map(|(name, ends)| {
            let branch = name.strip_prefix(&format!("{remote}/")).filter(|branch| fault::is_plain(branch));
            let ends = || ends.iter().map(CommitId::to_string).take(MAX_ENDS).collect::<Vec<_>>().join(" ");
            branch.map_or_else(ends, str::to_owned)
        });
        format!("git fetch --unshallow {remote} {}", wanted.collect::<Vec<_>>().join(" "))
    }
}

/// The remote to fetch from: `origin`, else the first.
pub(super) fn remote(handle: &gix::Repository) -> Option<String> {
    let names = names(handle);
    names.iter().find(|name| *name == "origin").or(names.first()).cloned()
}

fn names(handle: &gix::Repository) -> Vec<String> {
    let names = handle.remote_names();
    names.iter().map(ToString::to_string).filter(|name| fault::is_plain(name)).collect()
}

/// The remote that has the objects left out of a partial clone.
fn promisor(handle: &gix::Repository) -> Option<String> {
    let snapshot = handle.config_snapshot();
    let is_promisor = |name: &String| {
        snapshot.boolean(format!("remote.{name}.promisor").as_str()) == Some(true)
            || snapshot.string(format!("remote.{name}.partialclonefilter").as_str()).is_some()
    };
    let extension = snapshot.string("extensions.partialClone").map(|name| name.to_string());
    extension.filter(|name| fault::is_plain(name)).or_else(|| names(handle).into_iter().find(is_promisor))
}

/// Whether fetching any branch of `remote` makes it `REMOTE/BRANCH` here.
fn tracks_all(handle: &gix::Repository, remote: &str) -> bool {
    let all = format!("refs/heads/*:refs/remotes/{remote}/*");
    let snapshot = handle.config_snapshot();
    let specs = snapshot.plumbing().strings(format!("remote.{remote}.fetch").as_str()).unwrap_or_default();
    specs.iter().any(|spec| spec.to_string().trim_start_matches('+') == all)
}
