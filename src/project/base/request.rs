//! What is to be compared with what.

/// What to compare with. Where nothing is named, the configuration says it, then CI, then the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompareRequest {
    /// A branch, tag or commit, `tip:REF`, `release`, `last:3` (the last three releases), `tags:v1.*` (all releases that
    /// match), a directory, or a descriptor set.
    pub against: Option<String>,
    /// The pattern of release tags, for `release` and `last:3`; that of the configuration where there is none.
    pub tag_pattern: Option<String>,
    /// Whether pre-releases count as releases.
    pub pre_releases: bool,
    /// Whether what is staged is compared, instead of what is on disk.
    pub index: bool,
    /// The commit that is compared, instead of what is on disk: a branch, tag or commit.
    pub to: Option<String>,
    /// Whether a reference means the commit that it names, and not where `HEAD` left it; for changelogs.
    pub exact: bool,
    /// What the environment says that a change will be merged into.
    pub by_ci: Option<CiBase>,
    /// The beginning of a command line that asks for a comparison, for help.
    pub command: &'static str,
}

/// Names nothing, and asks as `protolint breaking` does.
impl Default for CompareRequest {
    fn default() -> CompareRequest {
        CompareRequest {
            against: None,
            tag_pattern: None,
            pre_releases: false,
            index: false,
            to: None,
            exact: false,
            by_ci: None,
            command: "protolint breaking",
        }
    }
}

/// What CI says that a change will be merged into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CiBase {
    /// What to compare with, as [`CompareRequest::against`] takes it.
    pub base: String,
    /// Which variable of the environment says so.
    pub by: String,
    /// Whether it is the name of a branch, whatever else is called the same.
    pub is_branch: bool,
    /// Whether it is the state before a push, and not a branch to merge into.
    pub is_push: bool,
    /// The default branch, where CI names it: what is compared with where nothing was there before a push.
    pub default_branch: Option<String>,
}
