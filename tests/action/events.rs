//! What is compared with what for each event, in clones as shallow as `actions/checkout` makes them.

use serde_json::{Value, json};

use crate::runner::{Job, Outcome};
use crate::support::repository::{BROKEN_ORDER, ITEM, ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

/// How GitHub shows [`crate::support::repository::BROKEN`].
const BROKEN: &str = "::error file=proto/shop/v1/order.proto,line=5,";
const NONE: &str = "0000000000000000000000000000000000000000";

/// The repository `r`, with more history than a small depth reaches on `main` and on `feature`, which breaks something
/// if it is asked to.
fn forked(is_broken: bool, commits: usize) -> Option<Scratch> {
    let scratch = Scratch::shop()?;
    let text = if is_broken { schema(BROKEN_ORDER) } else { schema(ORDER) + "message New {}\n" };
    scratch.git("r", "checkout -q main");
    let grow = |branch: &str| {
        scratch.git("r", &format!("checkout -q {branch}"));
        for _ in 0..commits {
            scratch.git("r", "commit -q --allow-empty -m more");
        }
    };
    grow("main");
    scratch.git("r", "branch -f feature main");
    grow("feature");
    scratch.commit("r", &[(ORDER_PATH, &text)]);
    grow("main");
    // What main takes on is not the branch's doing.
    scratch.commit("r", &[(ITEM_PATH, &schema(&format!("{ITEM}message Later {{}}\n")))]);
    Some(scratch)
}

/// Checks a reference of `r` out as `actions/checkout` does, in the repository `w`.
fn check_out(scratch: &Scratch, reference: &str, branch: Option<&str>) {
    scratch.git("", "init -q w");
    scratch.git("w", &format!("remote add origin {}", scratch.url("r")));
    let (fetched, here) = match branch {
        Some(branch) => (format!("+{reference}:refs/remotes/origin/{branch}"), format!("origin/{branch}")),
        None => (format!("+{reference}:refs/remotes/pull/1/merge"), "refs/remotes/pull/1/merge".to_owned()),
    };
    scratch.git("w", &format!("fetch -q --no-tags --prune --no-recurse-submodules --depth=1 origin {fetched}"));
    scratch.git(
        "w",
        &match branch {
            Some(branch) => format!("checkout -q --force -B {branch} {here}"),
            None => format!("checkout -q --force --detach {here}"),
        },
    );
}

/// The merge that GitHub makes to try a pull request, checked out.
fn try_merge(scratch: &Scratch, head: &str) {
    scratch.git("r", "checkout -q --detach main");
    scratch.git("r", &format!("merge -q --no-ff -m merge {head}"));
    scratch.git("r", "update-ref refs/pull/1/merge HEAD");
    check_out(scratch, "refs/pull/1/merge", None);
}

fn pull_request() -> Value {
    json!({"action": "synchronize", "number": 1, "repository": {"default_branch": "trunk"}})
}

fn of_pull_request<'s>(scratch: &'s Scratch) -> Option<Job<'s>> {
    let job = Job::new(scratch, "w", "pull_request", pull_request())?;
    Some(job.variable("GITHUB_BASE_REF", "main").variable("GITHUB_HEAD_REF", "feature").with("check", "false"))
}

fn of_push<'s>(scratch: &'s Scratch, branch: &str, before: &str) -> Option<Job<'s>> {
    let payload = json!({"before": before, "repository": {"default_branch": "main"}});
    let job = Job::new(scratch, "w", "push", payload)?;
    Some(job.variable("GITHUB_REF", &format!("refs/heads/{branch}")).with("check", "false"))
}

#[track_caller]
fn is_red_or_green(outcome: &Outcome, is_broken: bool, said: &str) {
    if is_broken {
        outcome.is("1", &[BROKEN, said, "1 breaking"]).lacks("item.proto");
        assert!(outcome.summary.contains("FIELD_SAME_TYPE"), "{}", outcome.summary);
    } else {
        outcome.is("0", &[said, "0 breaking"]).lacks("::error");
    }
}

#[test]
fn a_pull_request_is_compared_with_its_merge_base() {
    for is_broken in [true, false] {
        let Some(scratch) = forked(is_broken, 60) else { return };
        try_merge(&scratch, "feature");
        let Some(job) = of_pull_request(&scratch) else { return };
        let outcome = job.run();
        is_red_or_green(&outcome, is_broken, "git fetch --no-tags --depth=50 origin main:refs/remotes/origin/main");
        outcome.lacks("--unshallow");
        assert_eq!(scratch.git("w", "rev-parse --is-shallow-repository"), "true");
        assert_eq!(outcome.taken, ["Find protolint", "Run protolint"]);
        // What was fetched serves the next run.
        job.run().lacks("git fetch");
    }
}

#[test]
fn the_branch_itself_is_deepened_until_it_meets_the_base() {
    for is_broken in [true, false] {
        let Some(scratch) = forked(is_broken, 60) else { return };
        check_out(&scratch, "refs/heads/feature", Some("feature"));
        let Some(job) = of_pull_request(&scratch) else { return };
        let outcome = job.run();
        is_red_or_green(&outcome, is_broken, "git fetch --no-tags --depth=500 origin");
        outcome.lacks("--depth=5000").lacks("--unshallow");
    }
}

#[test]
fn a_pull_request_from_a_fork_needs_nothing_of_the_fork() {
    let Some(scratch) = forked(false, 1) else { return };
    scratch.git("", &format!("clone -q {} fork", scratch.url("r")));
    scratch.git("fork", "checkout -q -b theirs origin/main");
    scratch.commit("fork", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.git("r", &format!("fetch -q {} theirs:refs/pull/1/head", scratch.url("fork")));
    scratch.git("", "clone -q fork gone");
    std::fs::remove_dir_all(scratch.path("fork")).unwrap();
    try_merge(&scratch, "refs/pull/1/head");
    let Some(job) = of_pull_request(&scratch) else { return };
    is_red_or_green(&job.run(), true, "by GITHUB_BASE_REF");
}

#[test]
fn a_push_is_compared_with_the_commit_before_it() {
    for is_broken in [true, false] {
        let Some(scratch) = forked(is_broken, 3) else { return };
        let before = scratch.git("r", "rev-parse feature~2");
        check_out(&scratch, "refs/heads/feature", Some("feature"));
        let Some(job) = of_push(&scratch, "feature", &before) else { return };
        let outcome = job.run();
        is_red_or_green(&outcome, is_broken, &format!("git fetch --no-tags --depth=1 origin {before}"));
        // A whole clone stays whole.
        scratch.git("w", "fetch -q --unshallow origin");
        is_red_or_green(&job.run(), is_broken, "by GITHUB_EVENT_PATH");
        assert_eq!(scratch.git("w", "rev-parse --is-shallow-repository"), "false");
    }
}

#[test]
fn a_push_by_force_leaves_a_whole_clone_whole() {
    let Some(scratch) = forked(true, 1) else { return };
    scratch.git("r", "checkout -q feature");
    let text = schema(ORDER) + "message Lost {}\n";
    let before = scratch.commit("r", &[(ORDER_PATH, &text)]);
    scratch.git("r", "reset -q --hard HEAD~1");
    scratch.git("", &format!("clone -q --branch feature {} w", scratch.url("r")));
    let Some(job) = of_push(&scratch, "feature", &before) else { return };
    job.run().is("1", &[&format!("git fetch origin {before}"), BROKEN, "`Lost`"]);
    assert_eq!(scratch.git("w", "rev-parse --is-shallow-repository"), "false");
}

#[test]
fn a_new_branch_is_compared_with_where_it_left_the_default_branch() {
    for is_broken in [true, false] {
        let Some(scratch) = forked(is_broken, 3) else { return };
        check_out(&scratch, "refs/heads/feature", Some("feature"));
        let Some(job) = of_push(&scratch, "feature", NONE) else { return };
        is_red_or_green(&job.run(), is_broken, "merge base of HEAD and origin/main");
        // So is what a person starts by a click, or a clock does.
        let Some(job) = of_push(&scratch, "feature", "") else { return };
        is_red_or_green(&job.variable("GITHUB_EVENT_NAME", "workflow_dispatch").run(), is_broken, "merge base of HEAD");
    }
}

#[test]
fn the_first_push_has_nothing_to_be_compared_with() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    scratch.commit("r", &[(ORDER_PATH, &schema(ORDER))]);
    check_out(&scratch, "refs/heads/main", Some("main"));
    let Some(job) = of_push(&scratch, "main", NONE) else { return };
    job.run().is("0", &["nothing to compare with"]).lacks("git fetch");
}

#[test]
fn a_merge_group_is_compared_with_what_waits_before_it() {
    for is_broken in [true, false] {
        let Some(scratch) = forked(is_broken, 3) else { return };
        let base = scratch.git("r", "rev-parse main");
        scratch.git("r", "checkout -q -b gh-readonly-queue/main/pr-1 main");
        scratch.git("r", "merge -q --no-ff -m merge feature");
        check_out(&scratch, "refs/heads/gh-readonly-queue/main/pr-1", Some("gh-readonly-queue/main/pr-1"));
        let payload = json!({"merge_group": {"base_sha": base}, "repository": {"default_branch": "main"}});
        let Some(job) = Job::new(&scratch, "w", "merge_group", payload) else { return };
        let outcome = job.with("check", "false").run();
        is_red_or_green(&outcome, is_broken, &format!("git fetch --no-tags --depth=1 origin {base}"));
    }
}

#[test]
fn what_a_person_names_is_fetched_too() {
    let Some(scratch) = forked(true, 3) else { return };
    scratch.git("r", "tag v1.0.0 feature~2");
    check_out(&scratch, "refs/heads/feature", Some("feature"));
    let named = |against: &str| Some(of_push(&scratch, "feature", NONE)?.with("against", against).run());
    let Some(outcome) = named("release") else { return };
    is_red_or_green(&outcome, true, "(v1.0.0, the newest tag matching v*)");
    is_red_or_green(&named("HEAD~4").unwrap(), true, "compared 2 files");
    let outcome = named("no-such-branch").unwrap();
    outcome.is(
        "2",
        &["::error title=protolint::protolint breaking failed: there is no branch, tag or commit `no-such-branch`"],
    );
}

#[test]
fn a_partial_clone_gets_what_it_left_out() {
    let Some(scratch) = forked(true, 2) else { return };
    scratch.git("r", "config uploadpack.allowFilter true");
    scratch.git("", &format!("clone -q --filter=blob:none --branch feature {} w", scratch.url("r")));
    let Some(job) = of_pull_request(&scratch) else { return };
    is_red_or_green(&job.run(), true, "git fetch --refetch --no-filter origin");
}

#[test]
fn a_base_that_cannot_be_fetched_is_reported() {
    let Some(scratch) = forked(true, 2) else { return };
    try_merge(&scratch, "feature");
    std::fs::remove_dir_all(scratch.path("r")).unwrap();
    let Some(job) = of_pull_request(&scratch) else { return };
    let outcome = job.run();
    outcome.is("2", &["::error title=protolint::protolint breaking failed: there is no branch `main` in this repository%0A  help: git fetch"]);
}

/// Where the checkout kept no credentials, the token is used, and shown nowhere.
#[cfg(unix)]
#[test]
fn a_repository_that_asks_for_credentials_gets_the_token() {
    use std::os::unix::fs::PermissionsExt;
    let Some(scratch) = forked(true, 1) else { return };
    try_merge(&scratch, "feature");
    let Some(mut job) = of_pull_request(&scratch) else { return };
    let git = format!(
        "#!/bin/sh\nfor word; do case $word in\n fetch) [ \"$GIT_CONFIG_VALUE_0\" = 'AUTHORIZATION: basic \
         eC1hY2Nlc3MtdG9rZW46c2VjcmV0' ] || {{ echo 'fatal: no credentials' >&2; exit 128; }} ;;\n esac; done\n\
         exec '{}' \"$@\"\n",
        std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|directory| directory.join("git"))
            .find(|git| git.is_file())
            .unwrap()
            .display()
    );
    scratch.write("programs/git", &git);
    std::fs::set_permissions(scratch.path("programs/git"), std::fs::Permissions::from_mode(0o755)).unwrap();
    job.programs.insert(0, scratch.path("programs"));
    job.run().is("2", &["fatal: no credentials"]);
    let outcome = job.with("token", "secret").run();
    is_red_or_green(&outcome, true, "git fetch again, with the token of this job");
    outcome.lacks("secret").lacks("c2VjcmV0");
}

#[test]
fn what_the_target_branch_has_already_does_not_fail() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "checkout -q main");
    scratch.git("r", "tag v1.0.0");
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.git("r", "branch -f feature main");
    scratch.git("r", "checkout -q feature");
    scratch.commit("r", &[(ITEM_PATH, &schema(&format!("{ITEM}message New {{}}\n")))]);
    try_merge(&scratch, "feature");
    let Some(job) = of_pull_request(&scratch) else { return };
    let warning = "::warning file=proto/shop/v1/order.proto,line=5,";
    job.with("against", "release").run().is("0", &[warning, "0 breaking, 1 already on origin/main"]);
    // Where the tags are there and the branch is not, a note brings it.
    scratch.git("", "init -q x");
    scratch.git("x", &format!("remote add origin {}", scratch.url("r")));
    scratch.git("x", "fetch -q --no-tags origin refs/pull/1/merge refs/tags/v1.0.0:refs/tags/v1.0.0");
    scratch.git("x", "checkout -q --detach FETCH_HEAD");
    let Some(job) = Job::new(&scratch, "x", "pull_request", pull_request()) else { return };
    let job = job.variable("GITHUB_BASE_REF", "main").with("check", "false").with("against", "release");
    job.run().is("0", &["git fetch origin main", warning, "0 breaking, 1 already on origin/main"]);
}
