//! What CI says that a change will be merged into. It reads the environment, and the event file that GitHub names there.

use std::env;

use crate::project::base::CiBase;

/// Variables that name a branch or a commit, what the name is put behind, and a variable that says whether it counts.
const VARIABLES: [(&str, &str, Option<&str>); 13] = [
    ("GITHUB_BASE_REF", "", None),
    // GitLab's is the merge base already.
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "tip:", None),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "", None),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "", None),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", "", None),
    ("BITBUCKET_PR_DESTINATION_BRANCH", "", None),
    ("CHANGE_TARGET", "", None),
    ("DRONE_TARGET_BRANCH", "", Some("DRONE_PULL_REQUEST")),
    ("CI_COMMIT_TARGET_BRANCH", "", None),
    ("CIRRUS_BASE_BRANCH", "", None),
    ("TRAVIS_BRANCH", "", Some("TRAVIS_PULL_REQUEST")),
    ("APPVEYOR_REPO_BRANCH", "", Some("APPVEYOR_PULL_REQUEST_NUMBER")),
    ("PULL_BASE_REF", "", None),
];

/// Names the file that says what happened, in runs of workflows.
const EVENT: &str = "GITHUB_EVENT_PATH";

/// What the first variable names that says anything.
pub(super) fn base() -> Option<CiBase> {
    let value = |name: &str| env::var(name).ok().filter(|value| !value.is_empty() && value != "false");
    let named = VARIABLES.iter().find_map(|(name, prefix, condition)| {
        let branch = value(name).filter(|_| condition.is_none_or(|condition| value(condition).is_some()))?;
        let branch = branch.strip_prefix("refs/heads/").unwrap_or(&branch);
        Some(CiBase { base: format!("{prefix}{branch}"), by: (*name).to_owned(), is_push: false })
    });
    named.or_else(|| {
        let event = value(EVENT)?;
        before_event(&std::fs::read_to_string(event).ok()?)
    })
}

/// The commit before a push, or below a group of changes that wait to be merged.
fn before_event(text: &str) -> Option<CiBase> {
    let event: serde_json::Value = serde_json::from_str(text).ok()?;
    let commit = event.pointer("/merge_group/base_sha").or_else(|| event.pointer("/before"))?.as_str()?;
    Some(CiBase { base: format!("tip:{commit}"), by: EVENT.to_owned(), is_push: true })
}
