//! What the environment says of where the repository is: `GIT_DIR`, `GIT_WORK_TREE`, `GIT_COMMON_DIR` and
//! `GIT_CEILING_DIRECTORIES`, as git takes them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::fault::{GitFault, GitFaultKind};
use super::{Repository, as_spelled, find, leads_elsewhere, looks_like_git};
use crate::project::path;

/// What variables of git say; empty ones say nothing.
#[derive(Default)]
pub(super) struct Environment {
    /// `GIT_DIR`.
    pub(super) git: Option<PathBuf>,
    /// `GIT_WORK_TREE`.
    pub(super) tree: Option<PathBuf>,
    /// `GIT_COMMON_DIR`.
    pub(super) common: Option<PathBuf>,
    /// `GIT_CEILING_DIRECTORIES`.
    pub(super) ceilings: Vec<PathBuf>,
}

impl Environment {
    /// What `value` gives for the names of variables.
    pub(super) fn new(value: impl Fn(&str) -> Option<OsString>) -> Environment {
        let directory = |name: &str| {
            let value = value(name).filter(|value| !value.is_empty())?;
            std::path::absolute(value).ok()
        };
        let ceilings = value("GIT_CEILING_DIRECTORIES").unwrap_or_default();
        let real = |directory: PathBuf| directory.canonicalize().unwrap_or(directory);
        let ceilings = std::env::split_paths(&ceilings).filter(|directory| directory.is_absolute()).map(real);
        Environment {
            git: directory("GIT_DIR"),
            tree: directory("GIT_WORK_TREE"),
            common: directory("GIT_COMMON_DIR"),
            ceilings: ceilings.collect(),
        }
    }
}

impl Repository {
    /// The repository that git itself would take in `directory`, which is absolute; `None` where there is none.
    ///
    /// # Errors
    ///
    /// There is one that cannot be read, or `GIT_DIR` names none.
    pub(crate) fn find(directory: &Path) -> Result<Option<Repository>, GitFault> {
        Repository::find_in(&Environment::new(|name| std::env::var_os(name)), directory)
    }

    pub(super) fn find_in(environment: &Environment, directory: &Path) -> Result<Option<Repository>, GitFault> {
        let found = match &environment.git {
            Some(git) => Repository::given(environment, git, directory)?,
            None => match &environment.tree {
                Some(tree) => Repository::with_tree(environment, tree, directory)?,
                None => None,
            },
        };
        let found = match found {
            Some(found) => Some(found),
            None => Repository::discover_below(directory, &environment.ceilings)?,
        };
        match (found, &environment.common) {
            (Some(found), Some(common)) => found.with_common(common).map(Some),
            (found, _) => Ok(found),
        }
    }

    /// What `GIT_DIR` names; `None` where `directory` is not in its work tree.
    fn given(environment: &Environment, git: &Path, directory: &Path) -> Result<Option<Repository>, GitFault> {
        let is_one = leads_elsewhere(git) || (git.is_dir() && looks_like_git(git));
        if !is_one {
            let message = format!("`GIT_DIR` names `{}`, which is not a git repository", path::shown_from_here(git));
            return Err(GitFault::new(GitFaultKind::Unsupported, message).help("unset GIT_DIR"));
        }
        let here = path::absolute(Path::new("."));
        let opened = Repository::open(git, here.clone(), false)?;
        let (top, is_bare) = match &environment.tree {
            Some(tree) => (tree.clone(), false),
            None if opened.is_bare => (git.to_owned(), true),
            None => (opened.tree_of(git).unwrap_or(here), false),
        };
        let is_inside = |top: &Path| match (directory.canonicalize(), top.canonicalize()) {
            (Ok(directory), Ok(top)) => directory.starts_with(top),
            _ => false,
        };
        let is_meant = is_inside(&top) || (is_bare && find(directory, &environment.ceilings).is_none());
        let top = top.canonicalize().map_or(top.clone(), |real| as_spelled(directory, real));
        Ok(is_meant.then_some(Repository { top, is_bare, ..opened }))
    }

    /// Where the configuration says that the work tree is, or where the repository at `git` is found from here.
    fn tree_of(&self, git: &Path) -> Option<PathBuf> {
        let configured = self.handle().config_snapshot().string("core.worktree").map(|tree| tree.to_string());
        let own = self.handle().git_dir().to_owned();
        if let Some(tree) = configured {
            return std::path::absolute(own.join(tree)).ok();
        }
        // Git runs hooks of linked work trees with `GIT_DIR` set, and these may change the directory.
        let here = path::absolute(Path::new("."));
        let found = Repository::discover(&here).ok().flatten()?;
        let real = |path: &Path| path.canonicalize().ok();
        let is_same = real(found.handle().git_dir()) == real(&own) && real(git).is_some();
        (is_same && !found.is_bare).then(|| found.top.clone())
    }

    /// What is found from `directory` upwards, with the work tree that `GIT_WORK_TREE` names; `None` where the directory
    /// is not in that.
    fn with_tree(environment: &Environment, tree: &Path, directory: &Path) -> Result<Option<Repository>, GitFault> {
        let (Ok(real), Ok(tree)) = (directory.canonicalize(), tree.canonicalize()) else { return Ok(None) };
        if !real.starts_with(&tree) {
            return Ok(None);
        }
        let Some(found) = find(&real, &environment.ceilings) else { return Ok(None) };
        let top = as_spelled(directory, tree);
        let opened = Repository::open(&found.git, top, false)?;
        Ok(Some(Repository { is_bare: false, ..opened }))
    }

    /// The repository, if what it shares with other work trees is where `GIT_COMMON_DIR` says.
    fn with_common(self, common: &Path) -> Result<Repository, GitFault> {
        let own = self.handle().common_dir().to_owned();
        if own.canonicalize().ok() == common.canonicalize().ok() {
            return Ok(self);
        }
        let message = format!(
            "`GIT_COMMON_DIR` names `{}`, which does not belong to the repository `{}`",
            path::shown_from_here(common),
            path::shown_from_here(&own)
        );
        Err(GitFault::new(GitFaultKind::Unsupported, message).help("unset GIT_COMMON_DIR"))
    }
}
