//! The branch that the one that is checked out will be merged into, and where it left that: what is there already, this
//! branch does not add.

use super::choice::TIP;
use super::releases::Selected;
use crate::project::git::{BaseCommit, CommitId, DefaultBase, GitFault, GitFaultKind, Repository};
use crate::project::settings::Settings;

/// Where `HEAD` left another branch.
pub(super) struct Left {
    /// What people call the branch.
    pub(super) name: String,
    /// The merge bases, youngest first.
    pub(super) commits: Vec<CommitId>,
}

/// Where `HEAD` left the branch that it will be merged into: the first that the configuration, CI or the repository
/// names. None where `HEAD` is on that branch, or there is none. Beside it, what is to be said where it cannot be found.
pub(super) fn left(settings: &Settings, repository: &Repository) -> (Option<Left>, Option<String>) {
    match branch(settings, repository) {
        Ok(Some(base)) => {
            let commits = std::iter::once(base.commit).chain(base.others).collect();
            (Some(Left { name: base.reference, commits }), None)
        }
        Ok(None) => (None, None),
        Err(fault) if matches!(fault.kind, GitFaultKind::Unrelated | GitFaultKind::NothingToCompare) => (None, None),
        Err(GitFault { message, help, .. }) => {
            let help = help.map(|help| format!(": {help}")).unwrap_or_default();
            (None, Some(format!("changes of the target branch count as new: {message}{help}")))
        }
    }
}

fn branch(settings: &Settings, repository: &Repository) -> Result<Option<BaseCommit>, GitFault> {
    // Else the configuration is what names the releases.
    let configured = settings.config.breaking.against.as_ref().filter(|_| settings.base.against.is_some());
    if let Some(configured) = configured.filter(|name| !Selected::is_one(name)) {
        let name = configured.strip_prefix(TIP).unwrap_or(configured);
        if repository.is_on(name) {
            return Ok(None);
        }
        match repository.merge_base(name) {
            // A directory or a descriptor set.
            Err(fault) if fault.kind == GitFaultKind::UnknownReference => {}
            found => return found.map(Some),
        }
    }
    let ci = settings.base.by_ci.as_ref();
    // The state before a push may be one of the same branch.
    if let Some(ci) = ci.filter(|ci| !ci.is_push) {
        let name = ci.base.strip_prefix(TIP).unwrap_or(&ci.base);
        if repository.is_on(name) {
            return Ok(None);
        }
        let full = if ci.is_branch { repository.branch(name)? } else { name.to_owned() };
        return repository.merge_base(&full).map(Some);
    }
    match repository.default_base(ci.and_then(|ci| ci.default_branch.as_deref()))? {
        Some(DefaultBase::Branch(full)) => repository.merge_base(&full).map(Some),
        Some(DefaultBase::Own(_)) | None => Ok(None),
    }
}
