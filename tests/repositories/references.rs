//! What to compare with: how it can be named, what is taken where nobody names it, and what is said where it is not
//! there.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ORDER, ORDER_PATH, Scratch, schema};

const NOTHING: &str = "nothing to compare with\n";

#[test]
fn a_first_commit_has_nothing_to_compare_with() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(ORDER));
    let unborn = format!("this git repository has no commit yet: {NOTHING}");
    for line in
        ["", "--against main", "--against HEAD", "--against HEAD --index", "--against tip:main", "--against release"]
    {
        scratch.breaking("r", line).is_silent(&unborn);
    }
    let zeros = format!("--against {}", "0".repeat(40));
    scratch.breaking("r", &zeros).is_silent(NOTHING);
    scratch.commit("r", &[]);
    scratch.breaking("r", &zeros).is_silent(NOTHING);
    scratch.breaking("r", "--against main").is_silent("compared 1 file");
    scratch.breaking("r", "").is_silent(&format!("this is the first commit: {NOTHING}"));
    // The first schemas of a repository that had none.
    scratch.git("r", "rm -q -r --cached proto");
    scratch.commit("r", &[("proto/shop/v1/order.proto", ""), ("README.md", "x")]);
    scratch.git("r", "checkout -q -b first");
    scratch.commit("r", &[(ORDER_PATH, &schema(ORDER))]);
    let said = "compared 1 file with COMMIT (merge base of HEAD and main), which has no .proto file, for wire, json, grpc: 0 breaking\n";
    scratch.breaking("r", "--against main").is_silent(said);
    scratch.breaking("r", "--against main proto").is_silent("which has no .proto file there, for");
    scratch.git("r", "checkout -q main");
    scratch.breaking("r", "--against HEAD").is(2, &[], "error: there is no .proto file on either side\n");
}

#[test]
fn a_commit_has_many_names() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let base = scratch.git("r", "rev-parse main");
    scratch.git("r", "tag -a -m t annotated main");
    scratch.git("r", "tag light main");
    for name in [
        &base,
        &base[..9],
        "HEAD~1",
        "HEAD^",
        "@~1",
        "feature~1",
        "annotated",
        "light",
        "refs/heads/main",
        "heads/main",
        "tags/light",
    ] {
        scratch.breaking("r", &format!("--against {name}")).is(1, BROKEN, "compared 2 files");
        scratch.breaking("r", &format!("--against tip:{name}")).is(1, BROKEN, "compared 2 files");
    }
    scratch.breaking("r", "--against HEAD").is_silent("compared 2 files");
    // A branch may be called like a directory, which `./` then names.
    scratch.git("r", "branch proto main");
    scratch.breaking("r", "--against proto").is(1, BROKEN, "(merge base of HEAD and proto)");
    scratch.breaking("r", "--against ./proto").is_silent("compared 2 files with `proto`");
    scratch.git("r", "branch -q -D proto");
    scratch.breaking("r", "--against proto").is_silent("compared 2 files with `proto`");
}

#[test]
fn what_is_not_there_is_told() {
    let Some(scratch) = Scratch::shop() else { return };
    let said = "error: there is no branch, tag or commit `mian` in this repository\n  help: did you mean `main`?\n";
    scratch.breaking("r", "--against mian").is(2, &[], said);
    scratch.breaking("r", "--against tip:mian").is(2, &[], "  help: did you mean `tip:main`?\n");
    let said = "error: there is no branch, tag or commit `release/2.0` in this repository\n";
    scratch.breaking("r", "--against release/2.0").is(2, &[], said);
    for empty in ["", " ", "tip:"] {
        scratch.breaking_with("r", &["--against", empty], &[]).is(2, &[], "error: `--against` names nothing\n");
    }
    let said = "error: `--index` compares what is staged with a commit, and `proto` is none\n";
    scratch.breaking("r", "--against ./proto --index").is(2, &[], said);
    scratch.breaking("r", "--against main..feature").is(2, &[], "  help: --against main\n");
    scratch.breaking("r", "--against HEAD~5").is(
        2,
        &[],
        "error: there is no branch, tag or commit `HEAD~5` in this repository\n",
    );
    scratch.breaking("r", "--against abcdef0").is(
        2,
        &[],
        "error: there is no branch, tag or commit `COMMIT` in this repository\n",
    );
    scratch.breaking("r", "--against ./nowhere").is(
        2,
        &[],
        "error: `nowhere` cannot be read: no such file or directory\n",
    );
    scratch.git("r", "checkout -q --orphan island");
    scratch.commit("r", &[]);
    scratch.breaking("r", "--against main").is(
        2,
        &[],
        "error: `HEAD` and `main` have no common history\n  help: --against tip:main\n",
    );
    scratch.breaking("r", "--against tip:main").is_silent("compared 2 files");
    // Elsewhere there is no repository at all.
    scratch.write(&format!("plain/{ORDER_PATH}"), &schema(ORDER));
    let said = "error: nobody says what to compare with, and this is no git repository\n  help: protolint breaking --against DIRECTORY\n";
    scratch.breaking("plain", "").is(2, &[], said);
    let said = "error: `main` is no directory, and this is no git repository\n  help: protolint breaking --against DIRECTORY\n";
    scratch.breaking("plain", "--against main").is(2, &[], said);
    scratch.breaking("plain", "--against release").is(2, &[], "error: `release` is no directory");
}

#[test]
fn the_last_release_is_the_newest_tag() {
    let Some(scratch) = Scratch::shop() else { return };
    let said = "error: no tag matches `v*`\n  help: name what the tags look like: --tag-pattern GLOB\n";
    scratch.breaking("r", "--against release").is(2, &[], said);
    for tag in ["v1.10.0", "v1.11.0-rc.1", "v1.9.0", "api/v3.0.0"] {
        scratch.commit("r", &[(ORDER_PATH, &schema(&ORDER.replace("}", &format!("// {tag}\n}}"))))]);
        scratch.git("r", &format!("tag {tag}"));
    }
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.breaking("r", "--against release").is(1, BROKEN, "with COMMIT (v1.11.0-rc.1, the newest tag like v*)");
    scratch.git("r", "tag -d v1.11.0-rc.1");
    scratch.breaking("r", "--against release").is(1, BROKEN, "with COMMIT (v1.10.0, the newest tag like v*)");
    let run = scratch.breaking_with("r", &["--against", "release", "--tag-pattern", "api/*"], &[]);
    run.is(1, BROKEN, "with COMMIT (api/v3.0.0, the newest tag like api/*)");
    scratch.write("r/protolint.yaml", "version: 1\nbreaking:\n  against: release\n  tag_pattern: api/v*\n");
    scratch.breaking("r", "").is(
        1,
        BROKEN,
        "with COMMIT (api/v3.0.0, the newest tag like api/v*, by the configuration)",
    );
    scratch.breaking("r", "--against main").is(1, BROKEN, "(merge base of HEAD and main)");
    // A release that is on no branch of ours.
    scratch.git("r", "checkout -q main");
    scratch.breaking("r", "--against release --tag-pattern v*").is(
        2,
        &[],
        "error: none of the 2 tags that match `v*` is behind `HEAD`\n",
    );
}

#[test]
fn where_nobody_says_it_is_the_branch_to_merge_into() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[("README.md", "x")]);
    scratch.breaking("r", "").is(
        2,
        &[],
        "error: nobody says what to compare with: there is neither an upstream nor a main branch\n",
    );
    scratch.git("", "clone -q r c");
    scratch.git("c", "checkout -q -b own");
    scratch.commit("c", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.breaking("c", "").is(1, BROKEN, "(merge base of HEAD and origin/main)");
    // A branch that was pushed is not compared with what was pushed of it.
    scratch.git("c", "push -q -u origin own");
    scratch.breaking("c", "").is(1, BROKEN, "(merge base of HEAD and origin/main)");
    scratch.breaking("c", "--against main").is(1, BROKEN, "(merge base of HEAD and main)");
    scratch.git("c", "branch -q -D main");
    scratch.breaking("c", "--against main").is(1, BROKEN, "(merge base of HEAD and origin/main)");
    scratch.git("c", "checkout -q --detach");
    scratch.breaking("c", "").is(1, BROKEN, "(merge base of HEAD and origin/main)");
    // A branch made to follow another one.
    scratch.git("c", "checkout -q -b next --track origin/own");
    scratch.breaking("c", "").is_silent("(merge base of HEAD and origin/own)");
    // On the main branch itself, what was not pushed yet.
    scratch.git("c", "checkout -q main");
    scratch.commit("c", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.breaking("c", "").is(1, BROKEN, "(merge base of HEAD and origin/main)");
}

#[test]
fn ci_says_what_to_compare_with() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let base = scratch.git("r", "rev-parse main");
    let run = |variables: &[(&str, &str)]| scratch.breaking_with("r", &[], variables);
    scratch.git("r", "branch target main");
    for name in ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BUILDKITE_PULL_REQUEST_BASE_BRANCH"] {
        run(&[(name, "target")]).is(1, BROKEN, &format!("(merge base of HEAD and target, by {name}) for"));
    }
    run(&[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/target")]).is(
        1,
        BROKEN,
        "and target, by SYSTEM_PULLREQUEST_TARGETBRANCH)",
    );
    let gitlab = [("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "gone"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base)];
    run(&gitlab).is(1, BROKEN, "(by CI_MERGE_REQUEST_DIFF_BASE_SHA)");
    run(&[("GITHUB_BASE_REF", ""), ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "")]).is(
        1,
        BROKEN,
        "(merge base of HEAD and main) for",
    );
    run(&[("TRAVIS_BRANCH", "target"), ("TRAVIS_PULL_REQUEST", "false")]).is(
        1,
        BROKEN,
        "(merge base of HEAD and main) for",
    );
    run(&[("GITHUB_BASE_REF", "gone")]).is(
        2,
        &[],
        "error: there is no branch, tag or commit `gone` in this repository",
    );
    // What was pushed, and the first push of a branch.
    let event = scratch.path("event.json");
    let pushed = |text: &str| {
        std::fs::write(&event, text).unwrap();
        run(&[("GITHUB_EVENT_PATH", event.to_str().unwrap())])
    };
    pushed(&format!("{{\"before\": \"{base}\"}}")).is(1, BROKEN, "(by GITHUB_EVENT_PATH)");
    pushed(&format!("{{\"merge_group\": {{\"base_sha\": \"{base}\"}}}}")).is(1, BROKEN, "(by GITHUB_EVENT_PATH)");
    pushed(&format!("{{\"before\": \"{}\"}}", "0".repeat(40))).is(1, BROKEN, "(merge base of HEAD and main)");
    scratch.git("r", "branch -q -D main target");
    pushed(&format!("{{\"before\": \"{}\"}}", "0".repeat(40))).is_silent("nothing to compare with\n");
    scratch.git("r", "branch -q main HEAD~1");
    pushed("{").is(1, BROKEN, "(merge base of HEAD and main)");
    // Who says more clearly is heard first.
    let other = scratch.breaking_with("r", &["--against", "HEAD"], &[("GITHUB_BASE_REF", "main")]);
    other.is_silent("(HEAD)");
}
