//! Where histories meet, and how far one is ahead of the other.

use std::collections::BinaryHeap;

use gix::ObjectId;
use gix::revwalk::graph::Commit;
use rustc_hash::FxHashSet;

use super::fault::{self, GitFault, GitFaultKind};
use super::reference::{Resolved, short};
use super::{BaseCommit, BaseKind, CommitId, MAX_BEHIND, Repository};

/// The most commits looked at to count those ahead.
const MAX_WALKED: usize = 100_000;

impl Repository {
    /// Where to compare from when `reference` is named: the best common ancestor of `HEAD` and `reference`. Of several
    /// equally good ones, which crossing merges leave, the youngest comes first, as `git merge-base` has it; of those
    /// of one second the one with the smallest id.
    ///
    /// # Errors
    ///
    /// There is no such reference, no common ancestor, or none that the clone has.
    pub(crate) fn merge_base(&self, reference: &str) -> Result<BaseCommit, GitFault> {
        let handle = self.handle();
        let Resolved { name, commit: tip } = self.resolve(&handle, reference)?;
        let head = self.head(&handle).map_err(|fault| match fault.kind {
            GitFaultKind::NothingToCompare => without_head(&name),
            _ => fault,
        })?;
        let mut bases = self.best_bases(&handle, head, tip)?.into_iter();
        let Some(commit) = bases.next() else {
            return Err(self.no_base(&handle, head, &name, tip));
        };
        let (behind, others) = (self.ahead(&handle, commit, tip), bases.collect());
        let short = short(&handle, commit);
        Ok(BaseCommit { kind: BaseKind::MergeBase, commit, short, others, tip, reference: name, behind })
    }

    /// The first digits of a commit: 7, or more where it takes more to distinguish it from other objects.
    pub(crate) fn short(&self, commit: CommitId) -> String {
        short(&self.handle(), commit)
    }

    /// All best common ancestors, youngest first.
    fn best_bases(&self, handle: &gix::Repository, one: CommitId, two: CommitId) -> Result<Vec<CommitId>, GitFault> {
        let broken = |error: gix::Error| fault::unreadable("the history", fault::cause(&error));
        let cache = handle.commit_graph_if_enabled().ok().flatten();
        let mut graph = handle.revision_graph(cache.as_ref());
        let bases = handle.merge_bases_many_with_graph(one.0, &[two.0], &mut graph).map_err(broken)?;
        let aged = bases.into_iter().map(|base| {
            let time = graph.get(&base).map_or(0, |commit| commit.commit_time);
            (std::cmp::Reverse(time), base.detach())
        });
        let mut aged: Vec<_> = aged.collect();
        aged.sort_unstable();
        Ok(aged.into_iter().map(|(_, id)| CommitId(id)).collect())
    }

    /// How many commits of `tip` are not in `base`, at most [`MAX_BEHIND`]; `None` if the history ends before that is
    /// known.
    pub(super) fn ahead(&self, handle: &gix::Repository, base: CommitId, tip: CommitId) -> Option<usize> {
        if base == tip {
            return Some(0);
        }
        let cache = handle.commit_graph_if_enabled().ok().flatten();
        let mut graph = handle.revision_graph::<Commit<Side>>(cache.as_ref());
        let mut queue = BinaryHeap::new();
        // How many entries of the queue are not known to be in `base`.
        let mut open = 1;
        for (id, in_base) in [(tip.0, false), (base.0, true)] {
            let commit = graph.get_or_insert_full_commit(id, |commit| commit.data = Side { in_base, queued: true });
            queue.push((commit.ok()??.commit_time, id));
        }
        let mut ahead = FxHashSet::default();
        let mut walked = 0;
        while let Some((_, id)) = queue.pop().filter(|_| open > 0) {
            walked += 1;
            let commit = graph.get_mut(&id)?;
            let Side { in_base, .. } = commit.data;
            commit.data.queued = false;
            if in_base {
                // A clock that ran backwards can have counted it already.
                ahead.remove(&id);
            } else {
                open -= 1;
                ahead.insert(id);
            }
            if ahead.len() >= MAX_BEHIND {
                return Some(MAX_BEHIND);
            }
            for parent in commit.parents.clone() {
                let known = graph.contains(&parent);
                let found = graph.get_or_insert_full_commit(parent, |_| {}).ok()?;
                let Some(found) = found else { if in_base { continue } else { return None } };
                let turns = in_base && !found.data.in_base;
                if turns && known && found.data.queued {
                    open -= 1;
                }
                found.data.in_base |= in_base;
                if (turns || !known) && !found.data.queued {
                    found.data.queued = true;
                    open += usize::from(!in_base);
                    queue.push((found.commit_time, parent));
                }
            }
            if walked > MAX_WALKED {
                return None;
            }
        }
        Some(ahead.len())
    }

    /// Why there is no common ancestor.
    fn no_base(&self, handle: &gix::Repository, head: CommitId, name: &str, tip: CommitId) -> GitFault {
        let (of_head, of_tip) = match (self.ends(handle, head), self.ends(handle, tip)) {
            (Ok(of_head), Ok(of_tip)) => (of_head, of_tip),
            (Err(fault), _) | (_, Err(fault)) => return fault,
        };
        if of_head.is_empty() && of_tip.is_empty() {
            let message = format!("`HEAD` and `{name}` have no common history");
            let fault = GitFault::new(GitFaultKind::Unrelated, message);
            return if fault::is_plain(name) { fault.help(format!("--against tip:{name}")) } else { fault };
        }
        let told: Vec<String> = [("HEAD", &of_head), (name, &of_tip)]
            .into_iter()
            .filter_map(|(of, ends)| Some(format!("the history of `{of}` ends at `{}`", short(handle, *ends.first()?))))
            .collect();
        let message = format!(
            "the history in this shallow clone ends before the merge base of `HEAD` and `{name}`: {}",
            told.join(", ")
        );
        GitFault::new(GitFaultKind::Shallow, message).help(self.deepen(handle, &of_head, name, &of_tip))
    }

    /// The commits at which the history of `start` was cut off.
    pub(super) fn ends(&self, handle: &gix::Repository, start: CommitId) -> Result<Vec<CommitId>, GitFault> {
        let cut = handle.shallow_commits().ok().flatten();
        let mut graph = handle.revision_graph::<Commit<()>>(None);
        let (mut seen, mut left) = (FxHashSet::default(), vec![start.0]);
        let mut ends = Vec::new();
        while let Some(id) = left.pop() {
            let commit = match graph.get_or_insert_full_commit(id, |_| {}) {
                Ok(Some(commit)) => commit,
                Ok(None) => return Err(self.missing_commit(handle, id)),
                Err(error) => return Err(fault::corrupt(id, fault::cause(&error))),
            };
            if cut.as_ref().is_some_and(|cut| cut.contains(&id)) {
                ends.push(CommitId(id));
            } else {
                left.extend(commit.parents.iter().copied().filter(|parent| seen.insert(*parent)));
            }
        }
        Ok(ends)
    }

    /// Asks `found` of `start` and the commits behind it, youngest first, with their times in seconds since 1970, until
    /// it says that it has seen enough. What is missing or damaged is skipped.
    pub(super) fn walk(&self, handle: &gix::Repository, start: CommitId, mut found: impl FnMut(ObjectId, i64) -> bool) {
        let cache = handle.commit_graph_if_enabled().ok().flatten();
        let mut graph = handle.revision_graph::<Commit<()>>(cache.as_ref());
        let (mut queue, mut seen) = (BinaryHeap::from([(i64::MAX, start.0)]), FxHashSet::default());
        while let Some((time, id)) = queue.pop() {
            if found(id, time) {
                return;
            }
            let Ok(Some(commit)) = graph.get_or_insert_full_commit(id, |_| {}) else { continue };
            for parent in commit.parents.clone() {
                if seen.insert(parent)
                    && let Ok(Some(parent_commit)) = graph.get_or_insert_full_commit(parent, |_| {})
                {
                    queue.push((parent_commit.commit_time, parent));
                }
            }
        }
    }
}

/// The fault of a reference that there is, while the branch that is checked out has no commit.
fn without_head(name: &str) -> GitFault {
    let message = format!("the current branch has no commits yet, and so no merge base with `{name}`");
    let fault = GitFault::new(GitFaultKind::Unrelated, message);
    if fault::is_plain(name) { fault.help(format!("--against tip:{name}")) } else { fault }
}

/// What is known of a commit while counting.
#[derive(Default)]
struct Side {
    in_base: bool,
    queued: bool,
}
