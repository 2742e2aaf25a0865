//! What to compare with: how it can be named, what is taken where none is named, and what is said where it is not
//! there.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

const NOTHING: &str = "nothing to compare with\n";

#[test]
fn a_first_commit_has_nothing_to_compare_with() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(ORDER));
    let unborn = format!("the current branch has no commits yet: {NOTHING}");
    for line in
        ["", "--against main", "--against HEAD", "--against HEAD --index", "--against tip:main", "--against release"]
    {
        scratch.breaking("r", line).is_silent(&unborn);
    }
    // What has no name there is reported.
    let said = "error: there is no branch, tag or commit `develop` in this repository\n";
    scratch.breaking("r", "--against develop").is(2, &[], said);
    let zeros = format!("--against {}", "0".repeat(40));
    scratch.breaking("r", &zeros).is_silent(NOTHING);
    scratch.commit("r", &[]);
    scratch.breaking("r", &zeros).is_silent(NOTHING);
    scratch.breaking("r", "--against main").is_silent("compared 1 file");
    let first = format!("this is the first commit, and no schema was changed since: {NOTHING}");
    scratch.breaking("r", "").is_silent(&first);
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    scratch.breaking("r", "").is(1, BROKEN, "with COMMIT (HEAD, as this is main and the work tree has changes) for");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(ORDER));
    // The first schemas of a repository that had none.
    scratch.git("r", "rm -q -r --cached proto");
    scratch.commit("r", &[("proto/shop/v1/order.proto", ""), ("README.md", "x")]);
    scratch.git("r", "checkout -q -b first");
    scratch.commit("r", &[(ORDER_PATH, &schema(ORDER))]);
    let said = "compared 1 file with COMMIT (merge base of HEAD and main), which has no .proto file, for wire, json, grpc: 0 breaking\n";
    scratch.breaking("r", "--against main").is_silent(said);
    scratch.breaking("r", "--against main proto").is_silent("which has no .proto file there, for");
    scratch.git("r", "checkout -q main");
    scratch.breaking("r", "--against HEAD").is(2, &[], "error: neither the work tree nor the base has .proto files\n");
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
    let note = "note: `proto` is the branch; to compare with the directory of that name: --against ./proto\n";
    let run = scratch.breaking("r", "--against proto");
    run.is(1, BROKEN, "(merge base of HEAD and proto)");
    assert!(run.stderr.starts_with(note), "{}", run.stderr);
    let run = scratch.breaking("r", "--against ./proto");
    run.is_silent("compared 2 files with `proto`");
    assert!(!run.stderr.contains("note:"), "{}", run.stderr);
    scratch.git("r", "branch -q -D proto");
    scratch.breaking("r", "--against proto").is_silent("compared 2 files with `proto`");
}

#[test]
fn what_is_not_there_is_reported() {
    let Some(scratch) = Scratch::shop() else { return };
    let said = "error: there is no branch, tag or commit `mian` in this repository\n  help: did you mean `main`?\n";
    scratch.breaking("r", "--against mian").is(2, &[], said);
    scratch.breaking("r", "--against tip:mian").is(2, &[], "  help: did you mean `tip:main`?\n");
    let said = "error: there is no branch, tag or commit `release/2.0` in this repository\n";
    scratch.breaking("r", "--against release/2.0").is(2, &[], said);
    for empty in ["", " ", "tip:"] {
        scratch.breaking_with("r", &["--against", empty], &[]).is(2, &[], "error: `--against` is empty\n");
    }
    let said = "error: `--index` compares staged files with a commit, and `proto` is not a commit\n";
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
    let said =
        "error: no base given, and this is not a git repository\n  help: protolint breaking --against DIRECTORY\n";
    scratch.breaking("plain", "").is(2, &[], said);
    let said = "error: there is no directory `main`, and this is not a git repository\n  help: protolint breaking --against DIRECTORY\n";
    scratch.breaking("plain", "--against main").is(2, &[], said);
    scratch.breaking("plain", "--against release").is(2, &[], "error: there is no directory `release`");
}

#[test]
fn the_last_release_is_the_newest_tag() {
    let Some(scratch) = Scratch::shop() else { return };
    let said = "error: no tag matches `v*`\n  help: pass a pattern of tags: --tag-pattern GLOB\n";
    scratch.breaking("r", "--against release").is(2, &[], said);
    for tag in ["v1.10.0", "v1.11.0-rc.1", "v1.9.0", "api/v3.0.0"] {
        scratch.commit("r", &[(ORDER_PATH, &schema(&ORDER.replace("}", &format!("// {tag}\n}}"))))]);
        scratch.git("r", &format!("tag {tag}"));
    }
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.breaking("r", "--against release").is(1, BROKEN, "with COMMIT (v1.10.0, the newest tag matching v*)");
    let run = scratch.breaking("r", "--against release --pre-releases");
    run.is(1, BROKEN, "with COMMIT (v1.11.0-rc.1, the newest tag matching v*)");
    // On the commit of a release that is compared with the one before, until something is changed.
    scratch.git("r", "tag v1.12.0");
    let before = "with COMMIT (v1.10.0, the newest tag matching v* before HEAD)";
    scratch.breaking("r", "--against release").is(1, BROKEN, before);
    scratch.breaking("r", "--against release --index").is(1, BROKEN, before);
    scratch.write(&format!("r/{ITEM_PATH}"), &schema(&format!("{ITEM}message Box {{}}\n")));
    scratch.breaking("r", "--against release").is_silent("with COMMIT (v1.12.0, the newest tag matching v*)");
    scratch.write(&format!("r/{ITEM_PATH}"), &schema(ITEM));
    scratch.git("r", "tag -d v1.12.0");
    let run = scratch.breaking_with("r", &["--against", "release", "--tag-pattern", "api/*"], &[]);
    run.is(1, BROKEN, "with COMMIT (api/v3.0.0, the newest tag matching api/*)");
    scratch.write("r/protolint.yaml", "version: 1\nbreaking:\n  against: release\n  tag_pattern: api/v*\n");
    scratch.breaking("r", "").is(
        1,
        BROKEN,
        "with COMMIT (api/v3.0.0, the newest tag matching api/v*, by the configuration)",
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
fn on_the_default_branch_it_is_the_last_change() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    let last = "with COMMIT (HEAD~1, as this is main and the work tree has no changes) for";
    scratch.breaking("r", "").is(1, BROKEN, last);
    scratch.breaking("r", "--index").is(1, BROKEN, "with COMMIT (HEAD~1, as this is main and nothing is staged) for");
    // What git does not track yet was not deleted.
    scratch.write("r/proto/shop/v1/untracked.proto", &schema("message Untracked {}"));
    scratch.breaking("r", "").is(1, BROKEN, last);
    scratch.write("r/proto/shop/v1/untracked.proto", "");
    let changed = schema(&BROKEN_ORDER.replace("string id", "bytes id"));
    let told = ["FIELD_SAME_TYPE proto/shop/v1/order.proto:4"];
    scratch.write(&format!("r/{ORDER_PATH}"), &changed.replace("bytes id", "int32 id"));
    scratch.breaking("r", "").is(1, &told, "with COMMIT (HEAD, as this is main and the work tree has changes) for");
    scratch.breaking("r", "--index").is(1, BROKEN, "nothing is staged");
    scratch.git("r", "add -A");
    scratch.breaking("r", "--index").is(
        1,
        &told,
        "with COMMIT (HEAD, as this is main and there are staged changes) for",
    );
    scratch.git("r", "reset -q --hard");
    // The same in a clone, which has the remote's branch too, on a detached head, and in a bare repository.
    scratch.git("", "clone -q r c");
    scratch.breaking("c", "").is(1, BROKEN, "(HEAD~1, as this is origin/main and the work tree has no changes)");
    scratch.git("c", "checkout -q --detach");
    let part = "(HEAD~1, as HEAD is part of origin/main and the work tree has no changes)";
    scratch.breaking("c", "").is(1, BROKEN, part);
    scratch.git("", "clone -q --bare r bare.git");
    scratch.breaking("bare.git", "").is(1, BROKEN, "with COMMIT (HEAD~1, as this is main) for");
    // A merge is compared with what it was merged into.
    scratch.git("r", "checkout -q -b side HEAD~1");
    scratch.commit("r", &[(ITEM_PATH, &schema(&ITEM.replace("string name", "int32 name")))]);
    scratch.git("r", "checkout -q main");
    scratch.git("r", "merge -q -m merge side");
    scratch.breaking("r", "").is(1, &["FIELD_SAME_TYPE proto/shop/v1/item.proto:6"], "(HEAD~1, as this is main");
    // Findings that are new are new since then.
    scratch.commit("r", &[("proto/shop/v1/new.proto", &schema("message new_one {}"))]);
    let run = scratch.check("r", "--new-only");
    assert!(run.told().iter().all(|told| told.contains("new.proto")) && !run.told().is_empty(), "{:?}", run.told());
    // A clone that was cut off does not have it.
    scratch.git("", &format!("clone -q --depth=1 {} cut", scratch.url("r")));
    scratch.breaking("cut", "").is(2, &[], "error: the history in this shallow clone ends before `HEAD~1`\n");
}

#[test]
fn names_of_the_last_commit_are_not_renamed_on_the_default_branch() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let old = schema("message Order {\n  string OrderId = 1;\n}\n");
    scratch.commit("r", &[(ORDER_PATH, &old)]);
    let run = scratch.check("r", "--fix --unsafe");
    assert!(run.stderr.contains("skipped: ") && run.stderr.contains("(HEAD, as this is main"), "{}", run.stderr);
    scratch.write(&format!("r/{ORDER_PATH}"), &old.replace("}\n", "  string newName = 2;\n}\n"));
    let run = scratch.check("r", "--fix --unsafe");
    assert!(run.stderr.contains("skipped: "), "{}", run.stderr);
    let text = std::fs::read_to_string(scratch.path(&format!("r/{ORDER_PATH}"))).unwrap();
    assert!(text.contains("OrderId") && text.contains("new_name"), "{text}");
}

#[test]
fn a_default_branch_may_be_called_anything() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q -b trunk r");
    scratch.commit("r", &[(ORDER_PATH, &schema(ORDER))]);
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    scratch.breaking("r", "").is(1, BROKEN, "(HEAD, as this is trunk and the work tree has changes)");
    scratch.git("r", "checkout -q -b feature");
    scratch.commit("r", &[]);
    let said = "error: no base given, and the default branch is not clear: there are `feature`, `trunk`\n  help: protolint breaking --against BRANCH\n";
    scratch.breaking("r", "").is(2, &[], said);
    scratch.write("home/.gitconfig", "[init]\n\tdefaultBranch = trunk\n");
    let home = scratch.path("home/.gitconfig");
    let run = scratch.breaking_with("r", &[], &[("GIT_CONFIG_GLOBAL", home.to_str().unwrap())]);
    run.is(1, BROKEN, "(merge base of HEAD and trunk)");
    scratch.git("r", "checkout -q trunk");
    scratch.git("", "clone -q r c");
    scratch.git("c", "checkout -q feature");
    scratch.breaking("c", "").is(1, BROKEN, "(merge base of HEAD and origin/trunk)");
    // A branch without commits beside one that has some.
    scratch.git("c", "checkout -q --orphan island");
    let said = "error: the current branch has no commits yet, and so no merge base with `origin/trunk`\n  help: --against tip:origin/trunk\n";
    scratch.breaking("c", "").is(2, &[], said);
    scratch.breaking("c", "--against tip:trunk").is(1, BROKEN, "compared 1 file");
}

#[test]
fn a_path_that_exists_is_a_path() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    scratch.write("r/old/shop/v1/order.proto", &schema(ORDER));
    scratch.write("r/new/shop/v1/order.proto", &schema(BROKEN_ORDER));
    let told = ["FIELD_SAME_TYPE new/shop/v1/order.proto:5"];
    let as_directory = |line: &str| scratch.breaking("r", line).is(1, &told, "compared 1 file with `old` for");
    as_directory("new --against old");
    as_directory("new --against ./old");
    scratch.breaking("r", "new --against old/").is(1, &told, "compared 1 file with `old/` for");
    scratch.commit("r", &[]);
    as_directory("new --against old");
    for (kind, make, remove) in [("tag", "tag old", "tag -d old"), ("branch", "branch old", "branch -q -D old")] {
        scratch.git("r", make);
        let run = scratch.breaking("r", "new --against old");
        run.is_silent("compared 1 file with COMMIT (merge base of HEAD and old)");
        let note = format!("note: `old` is the {kind}; to compare with the directory of that name: --against ./old\n");
        assert!(run.stderr.starts_with(&note), "{}", run.stderr);
        as_directory("new --against ./old");
        scratch.git("r", remove);
    }
    // A branch wins over a program that was built beside it.
    scratch.write("r/main", "\u{7f}ELF");
    scratch.breaking("r", "--against main").is_silent("(merge base of HEAD and main)");
    scratch.write("r/release/shop/v1/order.proto", &schema(ORDER));
    scratch.git("r", "tag v1.0.0");
    let run = scratch.breaking("r", "new --against release");
    run.is_silent("`v1.0.0` is the first release: nothing to compare with");
    scratch.breaking("r", "new --against ./release").is(1, &told, "compared 1 file with `release`");
    // A repository that cannot be read is no reason not to compare directories.
    scratch.git("", "init -q --ref-format=reftable t");
    scratch.write("t/old/shop/v1/order.proto", &schema(ORDER));
    scratch.write("t/new/shop/v1/order.proto", &schema(BROKEN_ORDER));
    scratch.breaking("t", "new --against old").is(1, &told, "compared 1 file with `old`");
    let run = scratch.breaking("t", "new");
    run.is(2, &[], "keeps its references as `reftable`, which is not supported\n");
    assert_eq!(run.help(), "git refs migrate --ref-format=files, or name a directory: --against DIRECTORY");
}

#[test]
fn what_buf_calls_a_base_is_named_as_it_is_here() {
    let Some(scratch) = Scratch::shop() else { return };
    let rows = [
        (".git#branch=main", "use --against main"),
        (".#branch=main", "use --against main"),
        ("../.git#tag=v1.0.0", "use --against v1.0.0"),
        (".git#ref=HEAD~1", "use --against HEAD~1"),
        (".git#branch=main,subdir=proto", "use --against main: protolint breaking proto --against main"),
        (".git#subdir=proto", "use --against HEAD: protolint breaking proto --against HEAD"),
        (
            "https://example.com/a/b.git#branch=main",
            "use --against main in a clone of it, or fetch it here: git fetch https://example.com/a/b.git main && protolint breaking --against FETCH_HEAD",
        ),
    ];
    for (base, help) in rows {
        let run = scratch.breaking("r", &format!("--against {base}"));
        run.is(2, &[], &format!("error: `{base}` is not a base: options after `#` are not supported\n"));
        assert_eq!(run.help(), help);
    }
    let said = "error: `.git` is a git repository, not a directory of schemas\n";
    scratch.breaking("r", "--against .git").is(2, &[], said);
    // Elsewhere too.
    scratch.write("plain/a.proto", &schema(ORDER));
    assert_eq!(scratch.breaking("plain", "--against .git#branch=main").help(), "use --against main");
    for (at, more) in
        [("r", "and no branch, tag or commit has that name"), ("plain", "and this is not a git repository")]
    {
        let said = format!("error: there is no file `set.binpb`, {more}\n");
        scratch.breaking(at, "--against set.binpb").is(2, &[], &said);
    }
}

#[test]
fn where_it_is_not_given_it_is_the_branch_to_merge_into() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[("README.md", "x")]);
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
