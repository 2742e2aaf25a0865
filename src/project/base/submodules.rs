//! Submodules that were moved to another commit: what the earlier commit held is read from their own repositories, and
//! where that cannot be, said not to be compared.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Uncompared;
use super::commit::Tree;
use crate::project::git::{CommitId, Repository};
use crate::project::path;
use crate::project::settings::Settings;

/// What is mounted on the later side.
pub(super) struct Mounted<'a> {
    /// What a commit or the index has there; `None` where the work tree is compared.
    pub(super) listed: Option<&'a [(String, CommitId)]>,
}

impl Mounted<'_> {
    /// The commit of the submodule at `path`; `None` where there is none.
    fn commit(&self, repository: &Repository, path: &str) -> Option<CommitId> {
        let find =
            |listed: &[(String, CommitId)]| listed.iter().find(|(known, _)| known == path).map(|(_, commit)| *commit);
        match self.listed {
            Some(listed) => find(listed),
            // What is not checked out is as it is staged.
            None => match checked_out(repository, path) {
                Some(own) => own.tip("HEAD").ok().map(|head| head.commit),
                None => find(&repository.staged().ok()?.submodules),
            },
        }
    }
}

/// The repository of a submodule that is checked out.
fn checked_out(repository: &Repository, path: &str) -> Option<Repository> {
    let top = repository.top().join(path);
    Repository::discover(&top).ok().flatten().filter(|found| found.top() == top)
}

/// Lays what moved submodules held under the earlier side; what could not be.
pub(super) fn mount(
    settings: &Settings,
    repository: &Arc<Repository>,
    before: &mut Tree,
    after: &Mounted<'_>,
) -> Vec<Uncompared> {
    let mut uncompared = Vec::new();
    for (path, commit) in std::mem::take(&mut before.gitlinks) {
        let now = after.commit(repository, &path);
        if now == Some(commit) || !is_compared(settings, &repository.top().join(&path)) {
            continue;
        }
        let own = if after.listed.is_none() { checked_out(repository, &path) } else { None };
        let files = own.as_ref().and_then(|own| own.files(commit).ok());
        match own.zip(files) {
            Some((own, files)) => before.mount(&path, Arc::new(own), &files),
            None => uncompared.push(not_compared(repository, &path, commit, now.is_some())),
        }
    }
    uncompared
}

/// Whether what is compared has to do with a directory.
fn is_compared(settings: &Settings, directory: &Path) -> bool {
    let given: Vec<PathBuf> = settings.paths.iter().map(|given| path::absolute(given)).collect();
    let roots = settings.roots();
    let targets = match (given.is_empty(), roots.is_empty()) {
        (false, _) => given,
        (true, false) => roots,
        (true, true) => vec![path::absolute(Path::new("."))],
    };
    targets.iter().any(|target| target.starts_with(directory) || directory.starts_with(target))
}

fn not_compared(repository: &Repository, place: &str, commit: CommitId, is_there: bool) -> Uncompared {
    let shown = path::shown_from_here(&repository.top().join(place));
    let what = if is_there { "moved from" } else { "is gone, which was at" };
    let message = format!("submodule `{shown}` {what} commit `{}` and was not compared", repository.short(commit));
    let help = match is_there {
        true => format!("git submodule update --init {shown} && git -C {shown} fetch origin {commit}"),
        false => format!("compare what replaces it: protolint breaking DIRECTORY --against CLONE_OF_{shown}"),
    };
    Uncompared { path: place.to_owned(), message, help }
}
