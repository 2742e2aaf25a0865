//! What is compared in pipelines, with repositories as each system checks them out: a detached head, a merge, no
//! branches but those of the remote, a history that is cut off.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER_PATH, Scratch, schema};

const ZEROS: &str = "0000000000000000000000000000000000000000";
/// What the target branch did in the meantime, which breaks as well.
const ON_MAIN: &[&str] = &["FIELD_SAME_TYPE proto/shop/v1/item.proto:6"];

/// The remote `r`: `feature` breaks [`BROKEN`], and `main` broke [`ON_MAIN`] since. Tags called `main` and `target` are
/// at the tip of `feature`, so that code that takes them for branches finds nothing.
fn forked() -> Option<Scratch> {
    let scratch = Scratch::broken_shop()?;
    scratch.git("r", "tag main");
    scratch.git("r", "tag target");
    scratch.git("r", "checkout -q refs/heads/main");
    scratch.git("r", "checkout -q -B main");
    scratch.commit("r", &[(ITEM_PATH, &schema(&ITEM.replace("string name", "int32 name")))]);
    Some(scratch)
}

/// A clone `c` of `r` with the remote's branches and tags alone, `commit` of which is checked out.
fn checked_out(scratch: &Scratch, commit: &str) {
    scratch.git("", "init -q c");
    scratch.git("c", &format!("remote add origin {}", scratch.url("r")));
    scratch.git("c", "fetch -q --tags origin +refs/heads/*:refs/remotes/origin/* +refs/pull/*:refs/remotes/pull/*");
    scratch.git("c", &format!("checkout -q --detach {commit}"));
}

/// A merge of `feature` into `main`, as systems make it to try a request: `refs/pull/1/merge` of `r`, which is given.
fn merged(scratch: &Scratch) -> String {
    scratch.git("r", "checkout -q --detach refs/heads/main");
    scratch.git("r", "merge -q -m merge refs/heads/feature");
    scratch.git("r", "update-ref refs/pull/1/merge HEAD");
    let merge = scratch.git("r", "rev-parse HEAD");
    scratch.git("r", "checkout -q --detach refs/heads/main");
    merge
}

#[test]
fn a_request_is_compared_with_the_branch_it_is_for() {
    let Some(scratch) = forked() else { return };
    let merge = merged(&scratch);
    checked_out(&scratch, &merge);
    let feature = scratch.git("r", "rev-parse refs/heads/feature");
    let rows = [
        ("GITHUB_BASE_REF", "main"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("CHANGE_TARGET", "main"),
        ("CI_COMMIT_TARGET_BRANCH", "main"),
        ("CODEBUILD_WEBHOOK_BASE_REF", "refs/heads/main"),
    ];
    // On the merge, and on the branch itself.
    for commit in [&merge, &feature] {
        scratch.git("c", &format!("checkout -q --detach {commit}"));
        for (name, value) in rows {
            let run = scratch.breaking_with("c", &[], &[(name, value)]);
            run.is(1, BROKEN, &format!("by {name}) for"));
            assert!(run.stderr.contains("(merge base of HEAD and origin/main"), "{}", run.stderr);
        }
    }
    // A tag of the name is no branch, and a branch that was not fetched is fetched first.
    let run = scratch.breaking_with("c", &[], &[("GITHUB_BASE_REF", "target")]);
    run.is(2, &[], "error: there is no branch `target` in this repository\n  help: git fetch origin target\n");
    // A stale branch here counts less than that of the remote; one that is only here counts.
    scratch.git("c", "branch main refs/tags/main");
    scratch.breaking_with("c", &[], &[("GITHUB_BASE_REF", "main")]).is(1, BROKEN, "origin/main");
    scratch.git("c", "branch here refs/remotes/origin/main");
    scratch.breaking_with("c", &[], &[("CHANGE_TARGET", "here")]).is(1, BROKEN, "HEAD and here, ");
    // So does a directory of that name.
    scratch.write("c/main/readme.txt", "x");
    scratch.breaking_with("c", &[], &[("GITHUB_BASE_REF", "main")]).is(1, BROKEN, "origin/main");
    std::fs::remove_dir_all(scratch.path("c/main")).unwrap();
    // The clearer source comes first.
    let run = scratch.breaking_with("c", &["--against", "HEAD"], &[("GITHUB_BASE_REF", "main")]);
    run.is_silent("(HEAD)");
    // Empty variables say nothing.
    let run = scratch.breaking_with("c", &[], &[("GITHUB_BASE_REF", ""), ("CHANGE_TARGET", "here")]);
    run.is(1, BROKEN, "by CHANGE_TARGET");
}

#[test]
fn gitlab_runs_on_branches_and_on_merges() {
    let Some(scratch) = forked() else { return };
    let merge = merged(&scratch);
    checked_out(&scratch, &merge);
    let commit = |name: &str| scratch.git("r", &format!("rev-parse {name}"));
    let (main, feature, fork) = (commit("refs/heads/main"), commit("refs/heads/feature"), commit("refs/heads/main~1"));
    let run = |variables: &[(&str, &str)]| scratch.breaking_with("c", &[], variables);
    let target = ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
    let diff = ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &*fork);
    let before = ("CI_COMMIT_BEFORE_SHA", ZEROS);
    // What the target did since is none of the request's, on results and in trains.
    for kind in ["merged_result", "merge_train"] {
        let kind = ("CI_MERGE_REQUEST_EVENT_TYPE", kind);
        let sha = ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &*main);
        run(&[kind, target, diff, before, sha]).is(1, BROKEN, "by CI_MERGE_REQUEST_TARGET_BRANCH_SHA) for");
        run(&[kind, target, diff, before]).is(1, BROKEN, "by CI_MERGE_REQUEST_TARGET_BRANCH_NAME) for");
    }
    // A train carries those before it, the last of which is the target then.
    scratch.git("c", "checkout -q --detach refs/remotes/pull/1/merge");
    scratch.write(&format!("c/{ORDER_PATH}"), &schema(&BROKEN_ORDER.replace("string id", "bytes id")));
    scratch.git("c", "commit -q -a -m next");
    let train =
        [("CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"), ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &*merge), target];
    let of_next = ["FIELD_SAME_TYPE proto/shop/v1/order.proto:4"];
    run(&train).is(1, &of_next, "by CI_MERGE_REQUEST_TARGET_BRANCH_SHA");
    // The branch itself, perhaps without the target.
    scratch.git("c", &format!("checkout -q --detach {feature}"));
    let kind = ("CI_MERGE_REQUEST_EVENT_TYPE", "detached");
    let gone = ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "gone");
    run(&[kind, gone, diff, before]).is(1, BROKEN, "with COMMIT (by CI_MERGE_REQUEST_DIFF_BASE_SHA) for");
    // Pushes, to the default branch and to another one.
    let push = |before: &str| run(&[("CI_COMMIT_BEFORE_SHA", before), ("CI_DEFAULT_BRANCH", "main")]);
    scratch.git("c", &format!("checkout -q --detach {main}"));
    push(&fork).is(1, ON_MAIN, "with COMMIT (by CI_COMMIT_BEFORE_SHA) for");
    push(ZEROS).is(
        1,
        ON_MAIN,
        "(HEAD~1, as HEAD is part of origin/main and the work tree has no changes, by CI_COMMIT_BEFORE_SHA)",
    );
    scratch.git("c", &format!("checkout -q --detach {feature}"));
    push(ZEROS).is(
        1,
        BROKEN,
        "(merge base of HEAD and origin/main, 1 commit behind origin/main, by CI_COMMIT_BEFORE_SHA)",
    );
    // Where only the branch that was pushed is there, the default one is asked for.
    scratch.git("c", "update-ref -d refs/remotes/origin/main");
    push(ZEROS).is(2, &[], "error: there is no branch `main` in this repository\n  help: git fetch origin main\n");
}

#[test]
fn events_of_workflows_say_what_was_there_before() {
    let Some(scratch) = forked() else { return };
    let merge = merged(&scratch);
    checked_out(&scratch, "refs/remotes/origin/main");
    let commit = |name: &str| scratch.git("r", &format!("rev-parse {name}"));
    let (main, fork) = (commit("refs/heads/main"), commit("refs/heads/main~1"));
    let event = scratch.path("event.json");
    let run = |text: &str| {
        std::fs::write(&event, text).unwrap();
        scratch.breaking_with("c", &[], &[("GITHUB_EVENT_PATH", event.to_str().unwrap())])
    };
    let pushed =
        |before: &str| run(&format!("{{\"before\": \"{before}\", \"repository\": {{\"default_branch\": \"main\"}}}}"));
    pushed(&fork).is(1, ON_MAIN, "with COMMIT (by GITHUB_EVENT_PATH) for");
    pushed(ZEROS).is(1, ON_MAIN, "(HEAD~1, as HEAD is part of origin/main");
    // An event that says nothing of commits, such as one on a schedule.
    run("{}").is(1, ON_MAIN, "(HEAD~1, as HEAD is part of origin/main");
    run("{").is(1, ON_MAIN, "(HEAD~1, as HEAD is part of origin/main");
    scratch.git("c", &format!("checkout -q --detach {merge}"));
    run(&format!("{{\"merge_group\": {{\"base_sha\": \"{main}\"}}}}")).is(1, BROKEN, "(by GITHUB_EVENT_PATH)");
    // Requests that are reviewed, where no variable names the branch.
    let request = "{\"pull_request\": {\"base\": {\"ref\": \"main\"}}}";
    run(request).is(1, BROKEN, "(merge base of HEAD and origin/main, by GITHUB_EVENT_PATH)");
    // The first push of a branch that has nothing new, and of a tag.
    scratch.git("c", "checkout -q --detach refs/remotes/origin/feature");
    pushed(ZEROS).is(1, BROKEN, "(merge base of HEAD and origin/main, 1 commit behind origin/main, by");
    // A history that is cut off lacks what was there before.
    scratch.git("", &format!("clone -q --depth=1 --branch=feature {} cut", scratch.url("r")));
    let text = format!("{{\"before\": \"{fork}\"}}");
    std::fs::write(&event, text).unwrap();
    let run = scratch.breaking_with("cut", &[], &[("GITHUB_EVENT_PATH", event.to_str().unwrap())]);
    run.is(2, &[], "error: commit `COMMIT` is not in this clone\n  help: git fetch origin COMMIT\n");
}
