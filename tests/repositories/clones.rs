//! Clones that lack something, and repositories that are damaged: each is reported with the command that helps, and
//! that command helps.

use std::path::PathBuf;

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER_PATH, Run, Scratch, schema};

/// Runs the command that a run said would help.
#[track_caller]
fn follow(scratch: &Scratch, at: &str, run: &Run, full: &str) {
    assert_eq!(run.help(), full.replace(&scratch.git(at, "rev-parse HEAD"), "COMMIT"));
    scratch.git(at, &full.replacen("git ", "", 1));
}

/// Feature breaks [`BROKEN`] and main has moved on, each by several commits.
fn forked() -> Option<Scratch> {
    let scratch = Scratch::broken_shop()?;
    scratch.git("r", "config uploadpack.allowFilter true");
    for text in ["// one", "// two"] {
        scratch.commit("r", &[("README.md", text)]);
    }
    scratch.git("r", "checkout -q main");
    for text in ["// one", "// two"] {
        scratch.commit("r", &[(ITEM_PATH, &schema(&format!("{ITEM}{text}\n")))]);
    }
    scratch.git("r", "checkout -q feature");
    Some(scratch)
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let Some(scratch) = forked() else { return };
    let url = scratch.url("r");
    // All branches, cut off.
    scratch.git("", &format!("clone -q --depth=1 --no-single-branch {url} cut"));
    let run = scratch.breaking("cut", "--against main");
    run.is(2, &[], "error: the history in this shallow clone ends before the merge base of `HEAD` and `origin/main`: the history of `HEAD` ends at `COMMIT`, the history of `origin/main` ends at `COMMIT`\n");
    follow(&scratch, "cut", &run, "git fetch --unshallow origin feature main");
    scratch.breaking("cut", "--against main").is(
        1,
        BROKEN,
        "(merge base of HEAD and origin/main, 2 commits behind origin/main)",
    );
    // One branch, as a step of a workflow leaves it.
    scratch.git("", &format!("clone -q --depth=1 {url} one"));
    let run = scratch.breaking_with("one", &[], &[("GITHUB_BASE_REF", "main")]);
    run.is(2, &[], "error: there is no branch `main` in this repository\n");
    let head = scratch.git("one", "rev-parse HEAD");
    let full = format!("git fetch --unshallow origin main:refs/remotes/origin/main {head}");
    follow(&scratch, "one", &run, &full);
    let run = scratch.breaking_with("one", &[], &[("GITHUB_BASE_REF", "main")]);
    run.is(1, BROKEN, "(merge base of HEAD and origin/main, 2 commits behind origin/main, by GITHUB_BASE_REF)");
    // A merge made to try a pull request, as a workflow checks it out.
    scratch.git("r", "checkout -q --detach feature");
    scratch.git("r", "merge -q -m merge main");
    scratch.git("r", "update-ref refs/pull/1/merge HEAD");
    scratch.git("r", "checkout -q feature");
    scratch.git("", "init -q pull");
    scratch.git("pull", &format!("remote add origin {url}"));
    scratch.git("pull", "fetch -q --depth=1 origin +refs/pull/1/merge:refs/remotes/pull/1/merge");
    scratch.git("pull", "checkout -q --detach refs/remotes/pull/1/merge");
    let run = scratch.breaking_with("pull", &[], &[("GITHUB_BASE_REF", "main")]);
    scratch.git("pull", &run.help().replace("COMMIT", &scratch.git("pull", "rev-parse HEAD")).replacen("git ", "", 1));
    let run = scratch.breaking_with("pull", &[], &[("GITHUB_BASE_REF", "main")]);
    run.is(1, BROKEN, "(merge base of HEAD and origin/main, by GITHUB_BASE_REF)");
    // The merge base may be within what is there.
    scratch.git("", &format!("clone -q --depth=4 --no-single-branch {url} deep"));
    scratch.breaking("deep", "--against main").is(1, BROKEN, "1 breaking");
    // A commit beyond the end.
    scratch.git("", &format!("clone -q --depth=1 {url} far"));
    let base = scratch.git("r", "rev-parse feature~3");
    let run = scratch.breaking("far", &format!("--against tip:{base}"));
    run.is(2, &[], "error: commit `COMMIT` is not in this clone\n  help: git fetch origin COMMIT\n");
    scratch.git("far", &format!("fetch -q origin {base}"));
    scratch.breaking("far", &format!("--against tip:{base}")).is(1, BROKEN, "1 breaking");
    scratch.breaking("far", "--against HEAD~1").is(2, &[], "help: git fetch --unshallow origin feature\n");
    // Tags come with the history.
    scratch.git("r", "tag v1.0.0 feature~3");
    let run = scratch.breaking("far", "--against release");
    run.is(2, &[], "error: no tag matches `v*`\n");
    follow(&scratch, "far", &run, "git fetch --tags --unshallow origin");
    scratch.breaking("far", "--against release").is(1, BROKEN, "(v1.0.0, the newest tag matching v*)");
}

#[test]
fn a_partial_clone_says_what_it_lacks() {
    let Some(scratch) = forked() else { return };
    for filter in ["blob:none", "tree:0"] {
        let at = filter.split(':').next().unwrap();
        scratch.git("", &format!("clone -q --filter={filter} {} {at}", scratch.url("r")));
        let run = scratch.breaking(at, "--against main");
        assert_eq!((run.status, run.findings.len()), (2, 0), "{:?} {}", run.told(), run.stderr);
        assert!(run.stderr.contains("is not in this partial clone"), "{}", run.stderr);
        follow(&scratch, at, &run, "git fetch --refetch --no-filter origin");
        scratch.breaking(at, "--against main").is(1, BROKEN, "1 breaking");
    }
    // What did not change need not be there.
    scratch.git("", &format!("clone -q --filter=blob:none {} whole", scratch.url("r")));
    scratch.breaking("whole", "--against HEAD").is_silent("compared 2 files");
}

/// Where the repository `r` keeps an object of its own.
fn object(scratch: &Scratch, name: &str) -> PathBuf {
    let id = scratch.git("r", &format!("rev-parse {name}"));
    scratch.path(&format!("r/.git/objects/{}/{}", &id[..2], &id[2..]))
}

#[test]
fn a_damaged_repository_is_reported() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let of_baseline = format!("main:{ORDER_PATH}");
    for name in [of_baseline.as_str(), "main:proto", "main^{tree}", "main"] {
        let path = object(&scratch, name);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let run = scratch.breaking("r", "--against main");
        assert!(run.status == 2 && run.findings.is_empty(), "{name}: {:?} {}", run.told(), run.stderr);
        let is_told = run.stderr.contains("is missing from the git repository\n  help: git fsck\n");
        assert!(
            is_told || run.stderr.contains("error: commit `COMMIT` is not in this clone\n"),
            "{name}: {}",
            run.stderr
        );
        for damaged in [&bytes[..bytes.len() / 2], &bytes[..0], b"garbage"] {
            std::fs::write(&path, damaged).unwrap();
            let run = scratch.breaking("r", "--against main");
            assert!(run.status == 2 && run.findings.is_empty(), "{name}: {:?} {}", run.told(), run.stderr);
            assert!(run.stderr.contains("corrupt") || run.stderr.contains("cannot be read"), "{name}: {}", run.stderr);
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    scratch.breaking("r", "--against main").is(1, BROKEN, "1 breaking");
    let index = std::fs::read(scratch.path("r/.git/index")).unwrap();
    scratch.write("r/.git/index", "garbage");
    for line in ["--against main", "--against main --index"] {
        scratch.breaking("r", line).is(2, &[], "error: the git index cannot be read: ");
    }
    std::fs::write(scratch.path("r/.git/index"), index).unwrap();
    scratch.write("r/.git/HEAD", "garbage");
    scratch.breaking("r", "--against main").is(2, &[], "error: `HEAD` cannot be read: ");
    scratch.write("r/.git/HEAD", "ref: refs/heads/gone\n");
    let said = "error: the current branch has no commits yet, and so no merge base with `main`\n";
    scratch.breaking("r", "--against main").is(2, &[], said);
    std::fs::remove_dir_all(scratch.path("r/.git/objects")).unwrap();
    scratch.breaking("r", "--against main").is(2, &[], "not a git repository");
    scratch.write("r/linked/.git", "gitdir: nowhere");
    scratch.breaking("r/linked", "--against main").is(2, &[], "error: ");
}

#[test]
fn a_new_repository_format_is_reported() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "config core.repositoryFormatVersion 1");
    scratch.git("r", "config extensions.unheardOf true");
    scratch.breaking("r", "--against main").is(2, &[], "unheard");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
}
