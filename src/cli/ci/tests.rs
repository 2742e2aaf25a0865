//! What each system says, in its variables as they are set.

use super::*;

/// What variables come to, `NAME=value` each: the base, who says it, and `branch`, `push` or `commit`.
fn said(variables: &[&str]) -> Option<(String, String, &'static str)> {
    let value = |name: &str| {
        let pairs = variables.iter().filter_map(|variable| variable.split_once('='));
        pairs.clone().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    };
    let CiBase { base, by, is_branch, is_push, .. } = base_of(&value)?;
    let what = if is_branch {
        "branch"
    } else if is_push {
        "push"
    } else {
        "commit"
    };
    Some((base, by, what))
}

#[test]
fn each_system_is_heard() {
    let rows: [(&[&str], &str, &str, &str); 17] = [
        (&["GITHUB_BASE_REF=main", "GITHUB_REF=refs/pull/1/merge"], "main", "GITHUB_BASE_REF", "branch"),
        (
            &[
                "CI_MERGE_REQUEST_EVENT_TYPE=detached",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main",
                "CI_MERGE_REQUEST_TARGET_BRANCH_SHA=",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA=aa11",
                "CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000",
            ],
            "tip:aa11",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA",
            "commit",
        ),
        (
            &[
                "CI_MERGE_REQUEST_EVENT_TYPE=merged_result",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main",
                "CI_MERGE_REQUEST_TARGET_BRANCH_SHA=bb22",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA=aa11",
            ],
            "bb22",
            "CI_MERGE_REQUEST_TARGET_BRANCH_SHA",
            "commit",
        ),
        (
            &[
                "CI_MERGE_REQUEST_EVENT_TYPE=merge_train",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA=aa11",
            ],
            "main",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
            "branch",
        ),
        (&["GITLAB_CI=true", "CI_COMMIT_BEFORE_SHA=cc33"], "tip:cc33", "CI_COMMIT_BEFORE_SHA", "push"),
        (
            &["BUILDKITE_PULL_REQUEST=7", "BUILDKITE_PULL_REQUEST_BASE_BRANCH=main"],
            "main",
            "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
            "branch",
        ),
        (
            &["BUILDKITE_MERGE_QUEUE_BASE_BRANCH=main", "BUILDKITE_MERGE_QUEUE_BASE_COMMIT=dd44"],
            "dd44",
            "BUILDKITE_MERGE_QUEUE_BASE_COMMIT",
            "commit",
        ),
        (
            &["SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/release/1"],
            "release/1",
            "SYSTEM_PULLREQUEST_TARGETBRANCH",
            "branch",
        ),
        (&["SYSTEM_PULLREQUEST_TARGETBRANCH=main"], "main", "SYSTEM_PULLREQUEST_TARGETBRANCH", "branch"),
        (&["BITBUCKET_PR_DESTINATION_BRANCH=main"], "main", "BITBUCKET_PR_DESTINATION_BRANCH", "branch"),
        (&["CHANGE_ID=3", "CHANGE_TARGET=main", "BRANCH_NAME=PR-3"], "main", "CHANGE_TARGET", "branch"),
        (&["DRONE_TARGET_BRANCH=main", "DRONE_PULL_REQUEST=5"], "main", "DRONE_TARGET_BRANCH", "branch"),
        (
            &["DRONE_TARGET_BRANCH=main", "DRONE_BUILD_EVENT=push", "DRONE_COMMIT_BEFORE=ee55"],
            "tip:ee55",
            "DRONE_COMMIT_BEFORE",
            "push",
        ),
        (&["CI=woodpecker", "CI_COMMIT_TARGET_BRANCH=main"], "main", "CI_COMMIT_TARGET_BRANCH", "branch"),
        (&["TRAVIS_BRANCH=main", "TRAVIS_PULL_REQUEST=12"], "main", "TRAVIS_BRANCH", "branch"),
        (&["PULL_BASE_REF=main", "PULL_NUMBER=4"], "main", "PULL_BASE_REF", "branch"),
        (&["CODEBUILD_WEBHOOK_BASE_REF=refs/heads/main"], "main", "CODEBUILD_WEBHOOK_BASE_REF", "branch"),
    ];
    for (variables, base, by, what) in rows {
        assert_eq!(said(variables), Some((base.to_owned(), by.to_owned(), what)), "{variables:?}");
    }
}

#[test]
fn what_is_no_request_to_merge_says_nothing() {
    let rows: [&[&str]; 5] = [
        &["TRAVIS_BRANCH=main", "TRAVIS_PULL_REQUEST=false"],
        &["PULL_BASE_REF=main"],
        &["APPVEYOR_REPO_BRANCH=main"],
        &["BUILDKITE_PULL_REQUEST=false", "BUILDKITE_PULL_REQUEST_BASE_BRANCH="],
        &["CIRCLECI=true", "CIRCLE_BRANCH=feature"],
    ];
    for variables in rows {
        assert_eq!(said(variables), None, "{variables:?}");
    }
}

#[test]
fn events_name_a_group_a_request_or_a_push() {
    let said = |text: &str| of_event(text).map(|base| (base.base, base.is_branch, base.default_branch));
    let group = r#"{"merge_group": {"base_sha": "aa11", "base_ref": "refs/heads/main"}, "before": "bb22"}"#;
    assert_eq!(said(group), Some(("tip:aa11".to_owned(), false, None)));
    let request =
        r#"{"action": "synchronize", "before": "bb22", "pull_request": {"base": {"ref": "main", "sha": "cc33"}}}"#;
    assert_eq!(said(request), Some(("main".to_owned(), true, None)));
    let push = r#"{"before": "bb22", "repository": {"default_branch": "trunk"}}"#;
    assert_eq!(said(push), Some(("tip:bb22".to_owned(), false, Some("trunk".to_owned()))));
    assert!(["{", "{}", r#"{"before": ""}"#, r#"{"before": 7}"#].iter().all(|text| said(text).is_none()));
}
