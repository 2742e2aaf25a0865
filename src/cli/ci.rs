//! What CI says that a change will be merged into: from variables of the environment, as each system documents them, and
//! from the event file that GitHub, Gitea and Forgejo name there.
//!
//! The first that says anything counts: requests to merge come before pushes. What the command line or the configuration
//! names comes before all of them, and the repository's own default branch after. CircleCI has no such variable: its
//! pipeline value `pipeline.git.base_revision` can be given as `--against`.

#[cfg(test)]
mod tests;

use std::env;

use crate::project::base::CiBase;

/// What a variable names.
#[derive(Clone, Copy)]
enum Names {
    /// A branch, without or with `refs/heads/`.
    Branch,
    /// A commit; where `HEAD` left its history counts.
    Commit,
    /// The commit to compare with itself.
    Base,
}

/// When a variable counts.
#[derive(Clone, Copy)]
enum When {
    Always,
    /// Where this one says something.
    Set(&'static str),
    /// Where this one says none of these.
    Not(&'static str, &'static [&'static str]),
}

/// Variables of requests to merge, in the order in which they are asked.
const REQUESTS: [(&str, Names, When); 17] = [
    ("GITHUB_BASE_REF", Names::Branch, When::Always),
    // Of merged results and merge trains alone: `HEAD` is a merge into this commit.
    ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", Names::Commit, When::Always),
    // The merge base of the source branch already, and so not of a merge of it.
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", Names::Base, When::Not("CI_MERGE_REQUEST_EVENT_TYPE", &MERGED)),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", Names::Branch, When::Always),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", Names::Branch, When::Always),
    ("BUILDKITE_MERGE_QUEUE_BASE_COMMIT", Names::Commit, When::Always),
    ("BUILDKITE_MERGE_QUEUE_BASE_BRANCH", Names::Branch, When::Always),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", Names::Branch, When::Always),
    ("BITBUCKET_PR_DESTINATION_BRANCH", Names::Branch, When::Always),
    ("CHANGE_TARGET", Names::Branch, When::Always),
    ("DRONE_TARGET_BRANCH", Names::Branch, When::Set("DRONE_PULL_REQUEST")),
    ("CI_COMMIT_TARGET_BRANCH", Names::Branch, When::Always),
    ("CIRRUS_BASE_BRANCH", Names::Branch, When::Always),
    ("TRAVIS_BRANCH", Names::Branch, When::Set("TRAVIS_PULL_REQUEST")),
    ("APPVEYOR_REPO_BRANCH", Names::Branch, When::Set("APPVEYOR_PULL_REQUEST_NUMBER")),
    ("PULL_BASE_REF", Names::Branch, When::Set("PULL_NUMBER")),
    ("CODEBUILD_WEBHOOK_BASE_REF", Names::Branch, When::Always),
];

/// What `CI_MERGE_REQUEST_EVENT_TYPE` says where the pipeline runs on a merge.
const MERGED: [&str; 2] = ["merged_result", "merge_train"];

/// Variables that name the commit before a push; all zeros where there was none.
const PUSHES: [(&str, When); 2] = [
    ("CI_COMMIT_BEFORE_SHA", When::Always),
    ("DRONE_COMMIT_BEFORE", When::Not("DRONE_BUILD_EVENT", &["pull_request"])),
];

/// Names the default branch, where a push may be the first one of a branch.
const DEFAULT_BRANCH: &str = "CI_DEFAULT_BRANCH";

/// Names the file that says what happened, in runs of workflows.
const EVENT: &str = "GITHUB_EVENT_PATH";

/// All of these variables.
pub(super) fn variables() -> Vec<&'static str> {
    let of_requests = REQUESTS.iter().map(|(name, _, when)| (*name, *when));
    let mut names = Vec::new();
    for (name, when) in of_requests.chain(PUSHES) {
        let condition = match when {
            When::Always => None,
            When::Set(condition) | When::Not(condition, _) => Some(condition),
        };
        names.extend(
            [Some(name), condition].into_iter().flatten().filter(|name| !names.contains(name)).collect::<Vec<_>>(),
        );
    }
    names.extend([DEFAULT_BRANCH, EVENT]);
    names.sort_unstable();
    names
}

/// What the environment says.
pub(super) fn base() -> Option<CiBase> {
    base_of(&|name| env::var(name).ok())
}

/// What variables say, whose values are given.
fn base_of(value: &dyn Fn(&str) -> Option<String>) -> Option<CiBase> {
    let value = |name: &str| value(name).filter(|value| !value.is_empty() && value != "false");
    let counts = |when: When| match when {
        When::Always => true,
        When::Set(name) => value(name).is_some(),
        When::Not(name, values) => !value(name).is_some_and(|value| values.contains(&value.as_str())),
    };
    let requests = REQUESTS.iter().filter(|(_, _, when)| counts(*when));
    let mut requests = requests.filter_map(|(name, names, _)| Some(new(*names, &value(name)?, name)));
    let event = || {
        let event = value(EVENT)?;
        of_event(&std::fs::read_to_string(event).ok()?)
    };
    let pushes = PUSHES.iter().filter(|(_, when)| counts(*when));
    let push = |(name, _): &(&str, When)| {
        let default_branch = value(DEFAULT_BRANCH);
        Some(CiBase { is_push: true, default_branch, ..new(Names::Base, &value(name)?, name) })
    };
    requests.next().or_else(event).or_else(|| pushes.clone().find_map(push))
}

fn new(names: Names, value: &str, by: &str) -> CiBase {
    let base = match names {
        Names::Branch => value.strip_prefix("refs/heads/").unwrap_or(value).to_owned(),
        Names::Commit => value.to_owned(),
        Names::Base => format!("tip:{value}"),
    };
    let is_branch = matches!(names, Names::Branch);
    CiBase { base, by: by.to_owned(), is_branch, is_push: false, default_branch: None }
}

/// The commit below a group of changes that wait to be merged, the branch that a pull request is for, or the commit before
/// a push.
fn of_event(text: &str) -> Option<CiBase> {
    let event: serde_json::Value = serde_json::from_str(text).ok()?;
    let text = |pointer: &str| event.pointer(pointer)?.as_str().filter(|text| !text.is_empty());
    let default_branch = text("/repository/default_branch").map(str::to_owned);
    let push = |commit: &str| CiBase {
        is_push: true,
        default_branch: default_branch.clone(),
        ..new(Names::Base, commit, EVENT)
    };
    let group = text("/merge_group/base_sha").map(push);
    let request = || text("/pull_request/base/ref").map(|branch| new(Names::Branch, branch, EVENT));
    group.or_else(request).or_else(|| text("/before").map(push))
}
