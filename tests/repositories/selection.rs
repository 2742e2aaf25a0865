//! Which changes are reported: layers, rules, policies and ignores of the configuration, comments, and schemas that do
//! not compile on one side or the other.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ORDER, ORDER_PATH, Run, Scratch, schema};

/// A broken shop, run with a `breaking` section of these lines.
fn configured(scratch: &Scratch, lines: &[&str]) -> Run {
    let section: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    scratch.write("r/protolint.yaml", &format!("version: 1\nbreaking:\n  against: main\n{section}"));
    scratch.breaking("r", "")
}

#[test]
fn the_configuration_selects_layers_and_rules() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let by = |lines: &[&str]| configured(&scratch, lines);
    by(&[]).is(1, BROKEN, "(merge base of HEAD and main, by the configuration) for wire, json, grpc: 1 breaking\n");
    by(&["layers: [grpc]"]).is_silent("for grpc: 0 breaking\n");
    by(&["layers: [json, wire]"]).is(1, BROKEN, "for wire, json: 1 breaking\n");
    by(&["use: [FILE]"]).is(1, BROKEN, "by FILE: 1 breaking\n");
    by(&["use: [FILE_NO_DELETE]"]).is_silent("by FILE_NO_DELETE: 0 breaking\n");
    by(&["use: [FILE]", "except: [FIELD_SAME_TYPE]"]).is_silent("by FILE, not FIELD_SAME_TYPE: 0 breaking\n");
    by(&["severity:", "  FIELD_SAME_TYPE: warning"]).is(0, BROKEN, "0 breaking, 1 warning\n");
    by(&["layers: []"]).is(2, &["CONFIG_INVALID protolint.yaml:4"], "invalid configuration");
    // The command line stands for the whole of it.
    scratch.write("r/protolint.yaml", "version: 1\nbreaking:\n  layers: [grpc]\n");
    scratch.breaking("r", "--against main --layers wire").is(1, BROKEN, "for wire: 1 breaking");
    scratch.breaking("r", "--against main --use WIRE").is(
        1,
        &["FIELD_WIRE_COMPATIBLE_TYPE proto/shop/v1/order.proto:5"],
        "by WIRE: 1 breaking",
    );
    scratch.breaking("r", "--against main --no-config").is(1, BROKEN, "for wire, json, grpc: 1 breaking");
}

#[test]
fn what_is_ignored_is_not_reported() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let by = |lines: &[&str]| configured(&scratch, lines);
    by(&["ignore:", "  proto/shop: [FIELD_SAME_TYPE]"]).is_silent("0 breaking\n");
    by(&["ignore:", "  \"proto/**/order.proto\": [ALL]"]).is_silent("0 breaking\n");
    by(&["ignore:", "  proto/shop/v1/item.proto: [ALL]"]).is(1, BROKEN, "1 breaking\n");
    by(&["ignore:", "  proto/shop: [FILE_NO_DELETE]"]).is(1, BROKEN, "1 breaking\n");
    by(&["ignore_packages: [shop.v1]"]).is_silent("0 breaking\n");
    by(&["ignore_packages: [\"shop.**\"]"]).is_silent("0 breaking\n");
    by(&["ignore_packages: [shop.v2]"]).is(1, BROKEN, "1 breaking\n");
    by(&["ignore_unstable_packages: true"]).is(1, BROKEN, "1 breaking\n");
    // A file that is gone is ignored by the path it had.
    let unstable = "syntax = \"proto3\";\npackage lab.v1beta1;\nmessage Try {\n  int32 a = 1;\n}\n";
    scratch.git("r", "checkout -q -f main");
    scratch.commit("r", &[("proto/lab/v1beta1/try.proto", unstable), ("protolint.yaml", "version: 1\n")]);
    scratch.git("r", "checkout -q -b gone");
    scratch.commit("r", &[("proto/lab/v1beta1/try.proto", "")]);
    let gone = ["FILE_NO_DELETE proto/lab/v1beta1/try.proto:1"];
    by(&[]).is(1, &gone, "1 breaking\n");
    by(&["ignore_unstable_packages: true"]).is_silent("0 breaking\n");
    by(&["ignore:", "  proto/lab: [FILE_NO_DELETE]"]).is_silent("0 breaking\n");
}

#[test]
fn the_last_policy_that_matches_counts() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let by = |lines: &[&str]| configured(&scratch, &[&["policies:"], lines].concat());
    by(&["  - {match: \"shop.**\", layers: [grpc]}"]).is_silent("0 breaking\n");
    by(&["  - {match: \"shop.**\", layers: []}"]).is_silent("0 breaking\n");
    by(&["  - {match: \"shop.**\", layers: []}", "  - {match: shop.v1.Order, layers: [wire]}"]).is(
        1,
        BROKEN,
        "1 breaking\n",
    );
    by(&["  - {match: \"shop.v1.Order.**\", layers: [wire]}", "  - {match: \"shop.**\", layers: []}"])
        .is_silent("0 breaking\n");
    by(&["  - {match: \"else.**\", layers: []}"]).is(1, BROKEN, "1 breaking\n");
}

#[test]
fn a_direction_selects_changes() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let required = |old: &str, new: &str| {
        let fields = format!("  {old} int32 old = 1;\n  {new} int32 new = 2;\n");
        format!("syntax = \"proto2\";\npackage shop.v1;\nmessage Order {{\n{fields}}}\n")
    };
    scratch.commit("r", &[(ORDER_PATH, &required("required", "optional"))]);
    scratch.commit("r", &[(ORDER_PATH, &required("optional", "required"))]);
    let [forward, backward] =
        ["FIELD_SAME_CARDINALITY proto/shop/v1/order.proto:4", "FIELD_REQUIRED_ADDED proto/shop/v1/order.proto:5"];
    let run = |line: &str| scratch.breaking("r", &format!("--against HEAD~1 {line}"));
    run("").is(1, &[forward, backward], "for wire, json, grpc: 2 breaking\n");
    run("--direction full").is(1, &[forward, backward], "for wire, json, grpc: 2 breaking\n");
    run("--direction backward").is(1, &[backward], "for wire, json, grpc (backward only): 1 breaking\n");
    run("--direction forward").is(1, &[forward], "for wire, json, grpc (forward only): 1 breaking\n");
    run("--direction sideways").is(2, &[], "possible values: backward, forward, full");
    // The evidence is of that direction.
    let evidence = |line: &str| {
        let found = run(line).findings.into_iter().flat_map(|finding| finding.evidence);
        found.map(|evidence| evidence.direction).collect::<Vec<String>>()
    };
    assert_eq!(evidence("--direction forward"), ["forward", "forward"]);
    // Where rules select, what is about data in the other direction alone is not reported.
    let by_rules = |direction: &str| run(&format!("--use FILE {direction}")).told();
    assert_eq!(by_rules("").len(), 4);
    let by_forward = ["MESSAGE_SAME_REQUIRED_FIELDS proto/shop/v1/order.proto:3", forward];
    assert_eq!(by_rules("--direction forward"), by_forward);
    let configured = |lines: &str| {
        scratch.write("r/protolint.yaml", &format!("version: 1\nbreaking:\n{lines}"));
        run("")
    };
    configured("  direction: backward\n").is(1, &[backward], "(backward only): 1 breaking\n");
    configured("  direction: backwards\n").is(2, &["CONFIG_INVALID protolint.yaml:3"], "invalid configuration");
    let policy = "  policies: [{match: shop.v1.Order, layers: [wire, json], direction: forward}]\n";
    configured(policy).is(1, &[forward], "for wire, json, grpc: 1 breaking\n");
    // A policy says more of what it matches than the command line does of all.
    run("--direction backward").is(1, &[forward], "(backward only): 1 breaking\n");
    // Generated code has no direction.
    scratch.write("r/protolint.yaml", "");
    scratch.commit("r", &[(ORDER_PATH, &required("optional", "required").replace("int32 old", "int32 older"))]);
    run("--layers source --direction forward").is(
        1,
        &["FIELD_SAME_JSON_NAME proto/shop/v1/order.proto:4"],
        "1 breaking\n",
    );
}

#[test]
fn comments_suppress_what_is_below_them() {
    let Some(scratch) = Scratch::shop() else { return };
    for (comment, told) in [
        ("// protolint:ignore FIELD_SAME_TYPE nobody uses it", &[][..]),
        ("// buf:lint:ignore FIELD_SAME_TYPE", &[]),
        ("// protolint:ignore FIELD_SAME_NAME", &["FIELD_SAME_TYPE proto/shop/v1/order.proto:6"]),
    ] {
        let body = BROKEN_ORDER.replace("  string count", &format!("  {comment}\n  string count"));
        scratch.write(&format!("r/{ORDER_PATH}"), &schema(&body));
        scratch.breaking("r", "--against main").is(i32::from(!told.is_empty()), told, "breaking\n");
    }
    // A field that is gone is suppressed where it is missed.
    let body = "// protolint:ignore FIELD_NO_DELETE nobody uses it\nmessage Order {\n  string id = 1;\n}\n";
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(body));
    scratch.breaking("r", "--against main").is_silent("0 breaking\n");
}

#[test]
fn a_base_that_does_not_compile_is_compared_as_far_as_it_does() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "checkout -q main");
    scratch.commit(
        "r",
        &[
            ("proto/shop/v1/bad.proto", "syntax = \"proto3\";\nmessage {\n"),
            (
                "proto/shop/v1/lost.proto",
                &schema("// No such type.\nmessage Lost {\n  Gone gone = 1;\n  int32 a = 2;\n}\n"),
            ),
        ],
    );
    scratch.git("r", "checkout -q -b fixed");
    // What both have is not a change.
    scratch.breaking("r", "--against main").is_silent("0 breaking\n");
    scratch.commit(
        "r",
        &[
            ("proto/shop/v1/bad.proto", &schema("message Good {}")),
            (
                "proto/shop/v1/lost.proto",
                &schema("message Gone {}\nmessage Lost {\n  Gone gone = 1;\n  bool a = 2;\n}\n"),
            ),
            (ORDER_PATH, &schema(BROKEN_ORDER)),
        ],
    );
    let run = scratch.breaking("r", "--against main");
    run.is(
        1,
        &[
            "NOT_COMPARED proto/shop/v1/bad.proto:2",
            "FIELD_SAME_TYPE proto/shop/v1/lost.proto:6",
            "COMPILE_UNRESOLVED_NAME proto/shop/v1/lost.proto:5",
            BROKEN[0],
        ],
        "2 breaking, 2 warnings\n",
    );
    for finding in run.findings.iter().filter(|finding| finding.rule.starts_with("COMPILE")) {
        assert!(finding.message.starts_with("in the base, ") && finding.severity == "warning", "{finding:?}");
    }
}

#[test]
fn a_work_tree_that_does_not_compile_is_no_deletion() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.write(&format!("r/{ORDER_PATH}"), "syntax = \"proto3\";\nmessage Order {\n  string id = 1\n}\n");
    for line in ["--against main", "--against main --use FILE", "--against main --layers source"] {
        let told = ["COMPILE_SYNTAX proto/shop/v1/order.proto:3", "NOT_COMPARED proto/shop/v1/order.proto:3"];
        scratch.breaking("r", line).is(1, &told, "0 breaking, 1 error, 1 warning\n");
    }
    scratch.write(&format!("r/{ORDER_PATH}"), &schema("message Order {\n  Nothing id = 1;\n  string count = 2;\n}\n"));
    scratch.breaking("r", "--against main").is(
        1,
        // That a name is no `string` is certain, whatever it would stand for.
        &[
            "COMPILE_UNRESOLVED_NAME proto/shop/v1/order.proto:4",
            "FIELD_SAME_TYPE proto/shop/v1/order.proto:4",
            BROKEN[0],
        ],
        "2 breaking, 1 error\n",
    );
    std::fs::write(scratch.path(&format!("r/{ORDER_PATH}")), b"\xff\xfe").unwrap();
    scratch.breaking("r", "--against main").is(
        1,
        &["COMPILE_ENCODING proto/shop/v1/order.proto:1", "NOT_COMPARED proto/shop/v1/order.proto:1"],
        "0 breaking, 1 error, 1 warning\n",
    );
}

#[test]
fn a_configuration_of_its_own_makes_another_comparison() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    // The configuration of today holds for both sides, and what it excludes is on neither.
    scratch.write("r/protolint.yaml", "version: 1\nroots: [proto]\nexclude: [\"proto/shop/v1/order.proto\"]\n");
    scratch.breaking("r", "--against main --use FILE").is_silent("compared 1 file");
    scratch.write("r/protolint.yaml", "version: 1\nroots: [proto]\n");
    scratch.breaking("r", "--against main --use FILE").is(1, BROKEN, "compared 2 files");
    scratch.breaking("r", "--against main proto/shop").is(1, BROKEN, "compared 2 files");
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(ORDER));
    scratch.breaking("r", "--against main --use FILE").is_silent("compared 2 files");
}
