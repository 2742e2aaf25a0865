//! What happens to schemas on branches: others go on, files and roots come, go and move.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

#[test]
fn what_others_added_since_is_not_deleted_here() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    scratch.git("r", "checkout -q main");
    let body = format!("{ITEM}service Items {{\n  rpc Get(Item) returns (Item);\n}}\n");
    scratch.commit("r", &[(ITEM_PATH, &schema(&body)), ("proto/shop/v1/new.proto", &schema("enum New { A = 0; }"))]);
    scratch.git("r", "checkout -q feature");
    let summary = "compared 2 files with COMMIT (merge base of HEAD and main, 1 commit behind main) for wire, json, grpc: 1 breaking\n";
    scratch.breaking("r", "--against main").is(1, BROKEN, summary);
    let of_tip = ["SERVICE_NO_DELETE proto/shop/v1/item.proto:1", BROKEN[0]];
    scratch.breaking("r", "--against tip:main").is(1, &of_tip, "with COMMIT (main) for wire, json, grpc: 2 breaking");
    scratch.git("r", "merge -q -m merge main");
    scratch.breaking("r", "--against main").is(1, BROKEN, "(merge base of HEAD and main) for");
    // Two branches that merge each other.
    scratch.git("r", "checkout -q -b other main~1");
    scratch.commit("r", &[("proto/shop/v1/other.proto", &schema("message Other {}"))]);
    scratch.git("r", "merge -q -m merge main");
    scratch.breaking("r", "--against feature").is_silent("(merge base of HEAD and feature, 2 commits behind feature)");
}

#[test]
fn where_nothing_changed_nothing_is_said() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch
        .breaking("r", "--against main")
        .is_silent("compared 2 files with COMMIT (merge base of HEAD and main) for wire, json, grpc: 0 breaking\n");
    let quiet = scratch.breaking("r", "--against main --quiet");
    assert!(quiet.findings.is_empty() && quiet.stderr.is_empty(), "{}", quiet.stderr);
}

#[test]
fn work_that_is_not_committed_counts() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    scratch.breaking("r", "--against main").is(1, BROKEN, "1 breaking");
    // A file that git does not know yet takes up what another one no longer has.
    scratch.write(&format!("r/{ORDER_PATH}"), &schema("message Rest {}"));
    scratch.write("r/proto/shop/v1/untracked.proto", &schema(ORDER));
    scratch.write(&format!("r/{ITEM_PATH}"), &schema(&ITEM.replace("order.proto", "untracked.proto")));
    scratch.breaking("r", "--against main").is_silent("compared 3 files");
    // One that does not compile is reported, and what is beside it compared.
    scratch.write("r/proto/shop/v1/untracked.proto", "message {");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    let told = [
        "COMPILE_IMPORT_NOT_FOUND proto/shop/v1/item.proto:3",
        BROKEN[0],
        "COMPILE_SYNTAX proto/shop/v1/untracked.proto:1",
        "NOT_COMPARED proto/shop/v1/untracked.proto:1",
    ];
    scratch.breaking("r", "--against main").is(1, &told, "1 breaking, 1 error, 2 warnings");
}

#[test]
fn what_is_staged_can_be_compared_instead() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(BROKEN_ORDER));
    scratch.breaking("r", "--against HEAD --index").is_silent("compared 2 files with COMMIT (HEAD)");
    scratch.git("r", "add -A");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(ORDER));
    scratch.write("r/proto/shop/v1/untracked.proto", "message {");
    scratch.breaking("r", "--against HEAD --index").is(1, BROKEN, "1 breaking");
    scratch.breaking("r/proto/shop", "--against HEAD --index v1").is(
        1,
        &["FIELD_SAME_TYPE v1/order.proto:5"],
        "1 breaking",
    );
    scratch.git("r", "rm -q --cached proto/shop/v1/item.proto");
    scratch.breaking("r", "--against HEAD --index --layers source").is(
        1,
        &["FILE_NO_DELETE proto/shop/v1/item.proto:1", BROKEN[0]],
        "2 breaking",
    );
}

#[test]
fn a_file_that_is_gone_is_reported_by_its_old_path() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.write(
        "r/proto/shop/v1/api.proto",
        &schema("import \"shop/v1/order.proto\";\nservice Orders {\n  rpc Get(Order) returns (Order);\n}\n"),
    );
    scratch.commit("r", &[]);
    scratch.git("r", "branch -f main");
    scratch.commit("r", &[("proto/shop/v1/api.proto", ""), (ITEM_PATH, "")]);
    let files = ["FILE_NO_DELETE proto/shop/v1/api.proto:1", "FILE_NO_DELETE proto/shop/v1/item.proto:1"];
    scratch.breaking("r", "--against main").is(1, &files, "compared 1 file with");
    scratch.breaking("r", "--against main --use FILE").is(1, &files, "by FILE: 2 breaking");
    scratch.breaking("r", "--against main proto/shop/v1/api.proto").is(1, &files[..1], "compared 0 files with");
    // All of them.
    scratch.commit("r", &[(ORDER_PATH, "")]);
    scratch.breaking("r", "--against main --use PACKAGE_NO_DELETE").is(
        1,
        &["PACKAGE_NO_DELETE proto/shop/v1/api.proto:1"],
        "compared 0 files with",
    );
}

#[test]
fn what_moves_within_a_package_is_the_same() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "mv proto/shop/v1/order.proto proto/shop/v1/orders.proto");
    scratch.commit("r", &[(ITEM_PATH, &schema(&ITEM.replace("order.proto", "orders.proto")))]);
    scratch.breaking("r", "--against main").is_silent("compared 2 files");
    scratch.breaking("r", "--against main --use PACKAGE").is_silent("by PACKAGE: 0 breaking");
    let moved = BROKEN_ORDER.to_owned() + "message Item {\n  Order order = 1;\n  string name = 2;\n}\n";
    scratch.commit("r", &[("proto/shop/v1/orders.proto", ""), (ITEM_PATH, &schema(&moved))]);
    scratch.breaking("r", "--against main").is(1, &["FIELD_SAME_TYPE proto/shop/v1/item.proto:5"], "compared 1 file");
}

#[test]
fn roots_move_come_and_go() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "mv proto api");
    scratch.commit("r", &[]);
    for at in ["r", "r/api"] {
        scratch.breaking(at, "--against main").is_silent("compared 2 files");
        scratch.breaking(at, "--against main --use FILE").is_silent("0 breaking");
    }
    scratch.write("r/api/shop/v1/order.proto", &schema(BROKEN_ORDER));
    scratch.breaking("r", "--against main").is(1, &["FIELD_SAME_TYPE api/shop/v1/order.proto:5"], "");
    // The root may be named on the command line and in the configuration, as it is called now.
    scratch.breaking("r", "--against main api").is(1, &["FIELD_SAME_TYPE api/shop/v1/order.proto:5"], "");
    scratch.write("r/protolint.yaml", "version: 1\nroots: [api]\n");
    scratch.breaking("r", "--against main --use FILE").is(1, &["FIELD_SAME_TYPE api/shop/v1/order.proto:5"], "");
    scratch.breaking("r", "--against main api/shop").is(1, &["FIELD_SAME_TYPE api/shop/v1/order.proto:5"], "");
    scratch.write("r/protolint.yaml", "");
    // Another root beside it, with and without being named by a configuration.
    let extra = "syntax = \"proto3\";\npackage extra.v1;\nimport \"shop/v1/order.proto\";\nmessage Extra {\n  shop.v1.Order order = 1;\n}\n";
    scratch.git("r", "checkout -q -f main");
    scratch.git("r", "checkout -q -b two");
    scratch.commit("r", &[("more/extra/v1/extra.proto", extra)]);
    scratch.breaking("r", "--against main --use FILE").is_silent("compared 3 files");
    scratch.write("r/protolint.yaml", "version: 1\nroots: [proto, more]\n");
    scratch.breaking("r", "--against main --use FILE").is_silent("compared 3 files");
    scratch.commit("r", &[]);
    scratch.git("r", "checkout -q -b three");
    // What is gone with its root is reported; what only is no root any more is named.
    let one_root = ("protolint.yaml", "version: 1\nroots: [proto]\n");
    scratch.commit("r", &[one_root]);
    let summary = "note: not checked, outside of all roots in protolint.yaml: `more`\ncompared 2 files";
    scratch.breaking("r", "--against two --use FILE").is_silent(summary);
    scratch.commit("r", &[("more/extra/v1/extra.proto", "")]);
    let gone = "FILE_NO_DELETE more/extra/v1/extra.proto:1";
    scratch.breaking("r", "--against two --use FILE").is(1, &[gone], "compared 2 files");
    // What went from there into a root that stays is compared with what it was.
    scratch.commit("r", &[("proto/extra/v1/extra.proto", extra)]);
    scratch.breaking("r", "--against two --use FILE").is_silent("compared 3 files");
    scratch.commit("r", &[("proto/extra/v1/extra.proto", &extra.replace("Order order", "Order sale"))]);
    let renamed = "FIELD_SAME_NAME proto/extra/v1/extra.proto:5";
    let keyed = "FIELD_SAME_JSON_NAME proto/extra/v1/extra.proto:5";
    scratch.breaking("r", "--against two --use FILE").is(1, &[keyed, renamed], "compared 3 files");
}

#[test]
fn each_of_several_merge_bases_counts() {
    let Some(scratch) = Scratch::shop() else { return };
    let (left, right) =
        ("message Left {\n  string a = 1;\n  int32 b = 2;\n}\n", "message Right {\n  string a = 1;\n}\n");
    scratch.commit("r", &[("proto/shop/v1/left.proto", &schema(left))]);
    scratch.git("r", "tag left");
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[("proto/shop/v1/right.proto", &schema(right))]);
    scratch.git("r", "tag right");
    scratch.git("r", "merge -q -m merge left");
    scratch.git("r", "checkout -q feature");
    scratch.git("r", "merge -q -m merge right");
    assert_eq!(scratch.git("r", "merge-base --all main feature").lines().count(), 2);
    let summary = "with COMMIT and COMMIT (merge bases of HEAD and main, 2 commits behind main) for wire, json, grpc";
    scratch.breaking("r", "--against main").is_silent(&format!("compared 4 files {summary}: 0 breaking\n"));
    // Each of the bases has a part of what this breaks, and both have the rest.
    scratch.commit(
        "r",
        &[
            ("proto/shop/v1/left.proto", &schema("message Left {\n  string a = 1;\n  string b = 2;\n}\n")),
            ("proto/shop/v1/right.proto", &schema("message Right {\n  int32 a = 1;\n}\n")),
            (ORDER_PATH, &schema(BROKEN_ORDER)),
        ],
    );
    let told = ["FIELD_SAME_TYPE proto/shop/v1/left.proto:5", BROKEN[0], "FIELD_SAME_TYPE proto/shop/v1/right.proto:4"];
    for line in ["--against main", "--against main --index"] {
        let run = scratch.breaking("r", line);
        run.is(1, &told, &format!("{summary}: 3 breaking\n"));
        let with: Vec<Option<&str>> =
            run.findings.iter().map(|found| found.message.split(" (compared with ").nth(1)).collect();
        let short = |name: &str| format!("{})", scratch.git("r", &format!("rev-parse --short {name}")));
        assert_eq!(with, [Some(short("left").as_str()), None, Some(short("right").as_str())]);
        // The fingerprint is that of the change, whatever it was found with.
        let alone = scratch.breaking("r", "--against tip:left");
        assert_eq!(alone.findings[0].fingerprint, run.findings[0].fingerprint);
    }
    // What goes with one of the bases only is deleted from the merge nevertheless.
    scratch.git("r", "rm -q proto/shop/v1/left.proto");
    let told = ["FILE_NO_DELETE proto/shop/v1/left.proto:1", BROKEN[0], "FIELD_SAME_TYPE proto/shop/v1/right.proto:4"];
    scratch.breaking("r", "--against main").is(1, &told, "3 breaking\n");
    let accept = scratch.breaking("r", "--against main").findings[0].fingerprint.clone().unwrap();
    scratch.breaking_with("r", &["--against", "main", "--accept", &accept, "--reason", "gone"], &[]).is(0, &[], "");
    scratch.breaking("r", "--against main").is(1, &told[1..], "2 breaking\n");
}
