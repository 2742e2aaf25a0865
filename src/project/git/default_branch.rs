//! The branch that changes will be merged into, where none is named.

use super::fault::{GitFault, GitFaultKind};
use super::reference::short_name;
use super::{Repository, remote};

/// What to compare with where no base is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DefaultBase {
    /// Where `HEAD` left this branch, by its full name.
    Branch(String),
    /// `HEAD` is the last commit of the default branch, or an older one: by its short name.
    Own(String),
}

/// Branches that are the default one by convention, in this order.
const USUAL: [&str; 2] = ["main", "master"];

impl Repository {
    /// What `HEAD` is compared with where no base is named: the default branch, unless `HEAD` has nothing that this has
    /// not. The default branch is, the first that there is,
    ///
    /// 1. the one that CI calls so: `preferred`,
    /// 2. the upstream of the branch that is checked out, if it has another name,
    /// 3. what `origin/HEAD` leads to, or that of the first remote where none is called `origin`,
    /// 4. on that remote, then here, the one that `init.defaultBranch` names, `main`, or `master`,
    /// 5. the only branch of the remote, else the only one here, else in a bare repository the one that `HEAD` names.
    ///
    /// `None` where none of them exists.
    ///
    /// # Errors
    ///
    /// The branch that CI calls the default one was not fetched.
    pub(crate) fn default_base(&self, preferred: Option<&str>) -> Result<Option<DefaultBase>, GitFault> {
        let handle = self.handle();
        let own = handle.head_name().ok().flatten().map(|name| name.to_string());
        let full = match preferred {
            Some(name) => Some(self.branch(name)?),
            None => self.default_branch(&handle, own.as_deref()),
        };
        let Some(full) = full else { return Ok(None) };
        let name = short_name(&full).unwrap_or(&full).to_owned();
        if own.as_ref() == Some(&full) {
            return Ok(Some(DefaultBase::Own(name)));
        }
        let of_own = own.as_deref().and_then(|own| own.strip_prefix("refs/heads/"));
        let is_own = of_own.is_none_or(|own| name.split_once('/').is_some_and(|(_, branch)| branch == own));
        let is_behind = || {
            let (base, head) = (self.merge_base(&full).ok()?, self.tip("HEAD").ok()?);
            Some(base.commit == head.commit)
        };
        let is_part = is_own && is_behind() == Some(true);
        Ok(Some(if is_part { DefaultBase::Own(name) } else { DefaultBase::Branch(full) }))
    }

    /// The full name of a branch: that of the remote, which is the newer one where both exist, else the one here.
    ///
    /// # Errors
    ///
    /// There is none, whatever else has the name.
    pub(crate) fn branch(&self, name: &str) -> Result<String, GitFault> {
        let handle = self.handle();
        let remote = remote::remote(&handle).unwrap_or_else(|| "origin".to_owned());
        let places = [format!("refs/remotes/{remote}/{name}"), format!("refs/heads/{name}")];
        let exists = |full: &String| handle.try_find_reference(full.as_str()).ok().flatten().is_some();
        if let Some(found) = places.into_iter().find(exists) {
            return Ok(found);
        }
        let message = format!("there is no branch `{name}` in this repository");
        let fault = GitFault::new(GitFaultKind::UnknownReference, message);
        Err(match self.fetch(&handle, name) {
            Some(help) => fault.help(help),
            None => fault,
        })
    }

    /// Whether the branch of this short name is checked out, itself or as that of a remote.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        let own = self.handle().head_name().ok().flatten().map(|name| name.shorten().to_string());
        own.is_some_and(|own| own == name || name.split_once('/').is_some_and(|(_, branch)| branch == own))
    }

    /// The full name of the default branch.
    fn default_branch(&self, handle: &gix::Repository, own: Option<&str>) -> Option<String> {
        let exists = |full: &String| handle.try_find_reference(full.as_str()).ok().flatten().is_some();
        let own_name = own.and_then(|own| own.strip_prefix("refs/heads/"));
        // A branch that was pushed under its own name would only be compared with what was pushed of it.
        let upstream = self.upstream(handle).filter(|upstream| {
            let (branch, is_remote) = match upstream.strip_prefix("refs/heads/") {
                Some(branch) => (Some(branch), false),
                None => (short_name(upstream).and_then(|name| name.split_once('/')).map(|(_, name)| name), true),
            };
            !is_remote || branch != own_name
        });
        if upstream.is_some() {
            return upstream;
        }
        let remote = remote::remote(handle).unwrap_or_else(|| "origin".to_owned());
        let remote = format!("refs/remotes/{remote}/");
        let head = format!("{remote}HEAD");
        let of_remote = || {
            let found = handle.try_find_reference(head.as_str()).ok().flatten()?;
            Some(found.target().try_name()?.to_string()).filter(exists)
        };
        let usual = || {
            let names: Vec<String> = configured(handle).into_iter().chain(USUAL.map(str::to_owned)).collect();
            // A checkout of a branch of such a name is on the default branch.
            let own = own_name.filter(|own| names.iter().any(|name| name == own)).map(str::to_owned);
            let names: Vec<String> = own.into_iter().chain(names).collect();
            let places = [remote.as_str(), "refs/heads/"];
            places.iter().flat_map(|place| names.iter().map(move |name| format!("{place}{name}"))).find(exists)
        };
        let only = |start: &str| match &self.branches(handle, start)[..] {
            [only] => Some(only.clone()),
            _ => None,
        };
        let of_bare = || own.filter(|_| self.is_bare()).map(str::to_owned);
        of_remote().or_else(usual).or_else(|| only(&remote)).or_else(|| only("refs/heads/")).or_else(of_bare)
    }

    /// The full names of all branches whose names begin with `start`.
    fn branches(&self, handle: &gix::Repository, start: &str) -> Vec<String> {
        let Ok(platform) = handle.references() else { return Vec::new() };
        let Ok(found) = platform.prefixed(start) else { return Vec::new() };
        let names = found.filter_map(Result::ok).map(|reference| reference.name().as_bstr().to_string());
        names.filter(|name| !name.ends_with("/HEAD")).collect()
    }

    /// The names of all branches here, short.
    pub(crate) fn branch_names(&self) -> Vec<String> {
        let handle = self.handle();
        let names = self.branches(&handle, "refs/heads/");
        names.iter().filter_map(|name| short_name(name)).map(str::to_owned).collect()
    }
}

/// What `init.defaultBranch` says: the repository's configuration, else that of who runs this.
fn configured(handle: &gix::Repository) -> Option<String> {
    const KEY: &str = "init.defaultBranch";
    let own = handle.config_snapshot().string(KEY).map(|name| name.to_string());
    own.or_else(|| Some(gix::config::File::from_globals().ok()?.string(KEY)?.to_string()))
}
