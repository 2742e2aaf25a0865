//! Wherever a repository is kept, and wherever in it one stands: linked work trees, bare repositories, submodules,
//! subdirectories, links, names and line ends.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

#[test]
fn it_does_not_matter_how_a_repository_is_checked_out() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    scratch.git("r", "worktree add -q ../linked main");
    scratch.breaking("linked", "--against feature~1").is_silent("compared 2 files");
    scratch.git("linked", "checkout -q --detach feature");
    scratch.breaking("linked", "--against main").is(1, BROKEN, "merge base of HEAD and main");
    scratch.git("r", "checkout -q --detach");
    scratch.breaking("r", "--against main").is(1, BROKEN, "merge base of HEAD and main");
    scratch.git("r", "gc -q");
    scratch.breaking("r", "--against main").is(1, BROKEN, "merge base of HEAD and main");
}

#[test]
fn a_bare_repository_compares_its_head() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    scratch.git("", "clone -q --bare r bare.git");
    scratch.breaking("bare.git", "--against main").is(1, BROKEN, "compared 2 files");
    scratch.breaking("bare.git", "--against main proto/shop").is(1, BROKEN, "compared 2 files");
    scratch.breaking("bare.git", "--against main proto/shop/v1/item.proto").is_silent("compared 1 file");
    scratch.breaking("", "--against main bare.git").is(
        1,
        &["FIELD_SAME_TYPE bare.git/proto/shop/v1/order.proto:5"],
        "compared 2 files",
    );
    scratch.git("bare.git", "symbolic-ref HEAD refs/heads/main");
    scratch.breaking("bare.git", "--against feature~1").is_silent("compared 2 files");
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("", "init -q outer");
    scratch.git("outer", "submodule --quiet add ../r third");
    let cart = "syntax = \"proto3\";\npackage cart.v1;\nimport \"shop/v1/order.proto\";\nmessage Cart {\n  shop.v1.Order order = 1;\n  int32 size = 2;\n}\n";
    scratch.write("outer/protolint.yaml", "version: 1\nroots: [proto]\nincludes: [third/proto]\n");
    scratch.commit("outer", &[("proto/cart/v1/cart.proto", cart)]);
    scratch.git("outer", "checkout -q -b feature");
    scratch.commit("outer", &[("proto/cart/v1/cart.proto", &cart.replace("int32 size", "bytes size"))]);
    let told = ["FIELD_SAME_TYPE proto/cart/v1/cart.proto:6"];
    scratch.breaking("outer", "--against main").is(1, &told, "compared 1 file");
    scratch.breaking("outer", "--against main --index").is(1, &told, "compared 1 file");
    scratch.write(&format!("outer/third/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    scratch.breaking("outer", "--against main").is(1, &told, "compared 1 file");
    scratch.breaking("outer/third", "--against HEAD").is(1, BROKEN, "compared 2 files");
    // Without a configuration all files are target files; what is in the submodule is the same on both sides.
    std::fs::remove_file(scratch.path("outer/protolint.yaml")).unwrap();
    scratch.breaking("outer", "--against main").is(1, &told, "compared 3 files");
}

#[test]
fn a_submodule_that_moved_is_compared_or_said_not_to_be() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("", "init -q outer");
    scratch.git("outer", "submodule --quiet add ../r third");
    scratch.commit("outer", &[("README.md", "x")]);
    scratch.git("outer", "checkout -q -b feature");
    scratch.breaking("outer", "--against main").is_silent("compared 2 files");
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.git("outer/third", "pull -q");
    let told = ["FIELD_SAME_TYPE third/proto/shop/v1/order.proto:5"];
    // Before it is committed, as after that; in a part of the tree, and elsewhere.
    scratch.breaking("outer", "--against main").is(1, &told, "compared 2 files");
    scratch.commit("outer", &[]);
    scratch.breaking("outer", "--against main").is(1, &told, "compared 2 files");
    scratch.breaking("outer", "--against main third").is(1, &told, "compared 2 files");
    scratch.breaking("outer", "--against main third/proto/shop/v1/item.proto").is_silent("compared 1 file");
    scratch.write("outer/own/a.proto", "syntax = \"proto3\";\npackage own;\n");
    scratch.breaking("outer", "--against main own").is_silent("compared 1 file");
    // What is staged, or a clone without the submodule's objects, says that it was not compared.
    let warned = ["NOT_COMPARED -:0"];
    let run = scratch.breaking("outer", "--against main --index");
    assert_eq!(run.told(), warned, "{}", run.stderr);
    assert!(run.findings[0].message.starts_with("submodule `third` moved from commit `"));
    assert_eq!(run.findings[0].severity, "warning");
    scratch.git("", "clone -q outer c");
    let run = scratch.breaking("c", "--against origin/main own");
    assert!(run.told().is_empty(), "{:?}", run.told());
    let run = scratch.breaking("c", "--against origin/main");
    assert_eq!(run.told(), warned, "{}", run.stderr);
    scratch.breaking("c", "--against HEAD README.md").is(2, &[], "");
    let run = scratch.breaking("c", "--against HEAD");
    assert!(run.told().is_empty(), "it did not move: {:?}", run.told());
    // So does one that goes.
    scratch.git("outer", "rm -q -f third");
    assert_eq!(scratch.breaking("outer", "--against main").told(), warned);
}

#[test]
fn any_directory_of_it_will_do() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    scratch.breaking("r/proto/shop", "--against main").is(1, &["FIELD_SAME_TYPE v1/order.proto:5"], "compared 2 files");
    scratch.breaking("r/proto", "--against main shop/v1/order.proto").is(
        1,
        &["FIELD_SAME_TYPE shop/v1/order.proto:5"],
        "compared 1 file",
    );
    scratch.breaking("r/proto/shop", "--against main ../shop").is(
        1,
        &["FIELD_SAME_TYPE ../shop/v1/order.proto:5"],
        "compared 2 files",
    );
    scratch.breaking("", "--against main r/proto").is(
        1,
        &["FIELD_SAME_TYPE r/proto/shop/v1/order.proto:5"],
        "compared 2 files",
    );
    scratch.breaking("r", "--against main proto/shop/v1/item.proto").is_silent("compared 1 file");
    scratch.breaking("r", "--against main proto/shop/v2").is(
        2,
        &[],
        "error: `proto/shop/v2` cannot be read: no such file or directory\n",
    );
    let absolute = scratch.path("r/proto").display().to_string();
    let run = scratch.breaking_with("", &["--against", "main", &absolute], &[]);
    run.is(1, &[&format!("FIELD_SAME_TYPE {absolute}/shop/v1/order.proto:5")], "compared 2 files");
}

#[test]
fn a_directory_that_only_the_base_has_can_be_named() {
    let Some(scratch) = Scratch::shop() else { return };
    // What `order.proto` declares is reached by what `item.proto` does alone.
    let told = ["FILE_NO_DELETE proto/shop/v1/item.proto:1"];
    scratch.git("r", "rm -q -r proto");
    scratch.write("r/README.md", "x");
    scratch.commit("r", &[]);
    scratch.breaking("r", "--against main").is(1, &told, "compared 0 files");
    scratch.breaking("r", "--against main proto").is(1, &told, "compared 0 files");
}

#[cfg(unix)]
#[test]
fn links_are_followed_on_both_sides() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    scratch.write(&format!("r/shared/{ORDER_PATH}"), &schema(ORDER));
    scratch.write("r/proto/shop/v1/readme.txt", "x");
    std::os::unix::fs::symlink("../../../shared/proto/shop/v1/order.proto", scratch.path(&format!("r/{ORDER_PATH}")))
        .unwrap();
    std::os::unix::fs::symlink("shared/proto", scratch.path("r/all")).unwrap();
    scratch.commit("r", &[(ITEM_PATH, &schema(ITEM))]);
    scratch.git("r", "checkout -q -b feature");
    scratch.breaking("r", "--against main proto").is_silent("compared 2 files");
    scratch.commit("r", &[(&format!("shared/{ORDER_PATH}"), &schema(BROKEN_ORDER))]);
    scratch.breaking("r", "--against main proto").is(1, BROKEN, "compared 2 files");
    scratch.breaking("r", "--against main --index proto").is(1, BROKEN, "compared 2 files");
    scratch.breaking("r", "--against main all").is(
        1,
        &["FIELD_SAME_TYPE all/shop/v1/order.proto:5"],
        "compared 1 file",
    );
    std::os::unix::fs::symlink("r", scratch.path("link")).unwrap();
    scratch.breaking("link", "--against main proto").is(1, BROKEN, "compared 2 files");
    // What a link leads to is found by its own path, and links may lead to links.
    std::os::unix::fs::symlink("all", scratch.path("r/chain")).unwrap();
    scratch.git("r", "rm -q -r proto");
    scratch.commit("r", &[]);
    scratch.breaking("r", "--against HEAD --use FILE").is_silent("compared 1 file");
    scratch.write(&format!("r/shared/{ORDER_PATH}"), &schema(ORDER));
    scratch.breaking("r", "--against HEAD chain").is(
        1,
        &["FIELD_SAME_TYPE chain/shop/v1/order.proto:5"],
        "compared 1 file",
    );
}

#[test]
fn line_ends_are_no_change() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "config core.autocrlf true");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(ORDER).replace('\n', "\r\n"));
    scratch.write(&format!("r/{ITEM_PATH}"), &schema(ITEM).replace('\n', "\r\n"));
    scratch.git("r", "add -A");
    assert_eq!(scratch.git("r", "status --porcelain"), "");
    scratch.breaking("r", "--against main").is_silent("0 breaking");
    scratch.breaking("r", "--against main --index").is_silent("0 breaking");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER).replace('\n', "\r\n"));
    scratch.breaking("r", "--against main").is(1, BROKEN, "1 breaking");
}

#[test]
fn names_may_be_any() {
    let Some(scratch) = Scratch::shop() else { return };
    let (spaced, accented) = ("proto/shop/v1/my order.proto", "proto/shop/v1/größe.proto");
    scratch.git("r", "checkout -q main");
    scratch.commit(
        "r",
        &[
            (spaced, &schema("message My {\n  int32 a = 1;\n}\n")),
            (accented, &schema("message Size {\n  int32 a = 1;\n}\n")),
        ],
    );
    scratch.git("r", "checkout -q -b zweig-ö");
    scratch.breaking("r", "--against main").is_silent("compared 4 files");
    scratch.commit(
        "r",
        &[
            (spaced, &schema("message My {\n  bool a = 1;\n}\n")),
            (accented, &schema("message Size {\n  string a = 1;\n}\n")),
        ],
    );
    let told = [&*format!("FIELD_SAME_TYPE {accented}:4"), &*format!("FIELD_SAME_TYPE {spaced}:4")];
    scratch.breaking("r", "--against main").is(1, &told, "2 breaking");
    scratch.git("r", "mv proto pro+to");
    scratch.breaking_with("r", &["--against", "main", "pro+to"], &[]).is(
        1,
        &told.map(|told| told.replace("proto/shop", "pro+to/shop")).iter().map(String::as_str).collect::<Vec<_>>(),
        "2 breaking",
    );
    scratch.git("r", "checkout -q -f main");
    scratch.breaking("r", "--against zweig-ö").is_silent("(merge base of HEAD and zweig-ö, 1 commit behind zweig-ö)");
}

#[test]
fn what_hooks_are_given_does_not_lead_astray() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let own = scratch.path("r/.git");
    for directory in [own.to_str().unwrap(), ".git"] {
        scratch.breaking_with("r", &["--against", "main"], &[("GIT_DIR", directory)]).is(1, BROKEN, "1 breaking");
    }
    // A hook of a linked work tree may have gone elsewhere in it.
    scratch.git("r", "worktree add -q ../linked feature~1");
    scratch.write(&format!("linked/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    let linked = scratch.path("r/.git/worktrees/linked");
    let hook = [("GIT_DIR", linked.to_str().unwrap())];
    scratch.breaking_with("linked", &["--against", "main"], &hook).is(1, BROKEN, "1 breaking");
    let told = ["FIELD_SAME_TYPE shop/v1/order.proto:5"];
    scratch.breaking_with("linked/proto", &["--against", "main"], &hook).is(1, &told, "1 breaking");
    // While `git commit FILE` runs its hook, what is about to be committed is in an index of its own.
    scratch.git("r", "checkout -q -f main");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    std::fs::copy(own.join("index"), own.join("kept")).unwrap();
    scratch.git("r", "add -A");
    std::fs::rename(own.join("index"), own.join("next-index-1.lock")).unwrap();
    std::fs::rename(own.join("kept"), own.join("index")).unwrap();
    let run = |variables: &[(&str, &str)]| scratch.breaking_with("r", &["--against", "HEAD", "--index"], variables);
    run(&[]).is_silent("0 breaking");
    run(&[("GIT_INDEX_FILE", ".git/next-index-1.lock")]).is(1, BROKEN, "1 breaking");
}

#[test]
fn the_environment_may_name_another_repository() {
    let Some(scratch) = Scratch::shop() else { return };
    // As files of a home directory are kept: the repository is beside what it holds.
    scratch.git("", "clone -q --bare r kept.git");
    scratch.write(&format!("tree/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    scratch.write(&format!("tree/{ITEM_PATH}"), &schema(ITEM));
    let (git, tree) = (scratch.path("kept.git"), scratch.path("tree"));
    let (git, tree) = (git.to_str().unwrap(), tree.to_str().unwrap());
    let both = [("GIT_DIR", git), ("GIT_WORK_TREE", tree)];
    scratch.breaking_with("tree", &["--against", "main"], &both).is(1, BROKEN, "1 breaking");
    let told = ["FIELD_SAME_TYPE shop/v1/order.proto:5"];
    scratch.breaking_with("tree/proto", &["--against", "main"], &both).is(1, &told, "1 breaking");
    // Without one it is a bare repository, wherever one stands.
    scratch.breaking_with("tree", &["--against", "main"], &[("GIT_DIR", git)]).is_silent("compared 2 files");
    let said = "error: `GIT_DIR` names `nowhere`, which is not a git repository\n  help: unset GIT_DIR\n";
    scratch.breaking_with("tree", &["--against", "main"], &[("GIT_DIR", "nowhere")]).is(2, &[], said);
    scratch.breaking_with("tree", &["--against", "../r/proto", "proto"], &[("GIT_DIR", "nowhere")]).is(
        1,
        BROKEN,
        "compared 2 files with `../r/proto`",
    );
    let ceiling = [("GIT_CEILING_DIRECTORIES", scratch.path("r"))];
    let ceiling = [(ceiling[0].0, ceiling[0].1.to_str().unwrap())];
    scratch.breaking_with("r/proto", &["--against", "main"], &ceiling).is(2, &[], "this is not a git repository");
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_deleted() {
    let Some(scratch) = Scratch::shop() else { return };
    let cart = "syntax = \"proto3\";\npackage cart.v1;\nimport \"shop/v1/order.proto\";\nmessage Cart {\n  shop.v1.Order order = 1;\n}\n";
    scratch.commit("r", &[("proto/cart/v1/cart.proto", cart)]);
    scratch.git("r", "branch -f main");
    scratch.commit("r", &[("README.md", "x")]);
    for line in
        ["--no-cone /proto/cart/ /README.md", "--cone --no-sparse-index proto/cart", "--cone --sparse-index proto/cart"]
    {
        scratch.git("r", &format!("sparse-checkout set {line}"));
        assert!(!scratch.path("r/proto/shop").exists(), "{line}");
        for line in ["--against main", "--against main --use FILE", "--against main --index"] {
            scratch.breaking("r", line).is_silent("compared 3 files");
        }
        scratch.breaking("r", "--against main proto/shop").is_silent("compared 2 files");
        // What is there may need what is not.
        let told = ["FIELD_SAME_TYPE proto/cart/v1/cart.proto:5"];
        scratch.write("r/proto/cart/v1/cart.proto", &cart.replace("shop.v1.Order order", "int32 order"));
        scratch.breaking("r", "--against main").is(1, &told, "compared 3 files");
        scratch.write("r/proto/cart/v1/cart.proto", cart);
    }
    // The branch may have changed what is left out.
    scratch.git("r", "sparse-checkout disable");
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.git("r", "sparse-checkout set --cone proto/cart");
    scratch.breaking("r", "--against main").is(1, BROKEN, "compared 3 files");
}
