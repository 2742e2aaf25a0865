//! Several releases as the base, and what the branch has already that this one will be merged into.

use crate::support::Finding;
use crate::support::repository::{BROKEN, BROKEN_ORDER, ORDER, ORDER_PATH, Run, Scratch, schema};

/// The fields of a message.
fn order(fields: &str) -> String {
    schema(&format!("message Order {{\n{fields}}}\n"))
}

/// A repository with a release of each of these states of one file on `main`: `v1.0.0`, `v1.1.0`, and so on.
fn released(states: &[&str]) -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    for (minor, state) in states.iter().enumerate() {
        // What is released need not differ in schemas.
        let readme = format!("Release {minor}\n");
        scratch.commit("r", &[(ORDER_PATH, &order(state)), ("README.md", &readme)]);
        scratch.git("r", &format!("tag v1.{minor}.0"));
    }
    Some(scratch)
}

/// Each finding with the releases that it names: `FIELD_NO_DELETE v1.0.0 to v1.2.0 (3)`.
fn with_releases(run: &Run) -> Vec<String> {
    let text = |finding: &Finding| {
        let releases = finding.releases.as_ref().map(|of| format!(" {} to {} ({})", of.oldest, of.newest, of.count));
        format!("{}{}", finding.rule, releases.unwrap_or_default())
    };
    run.findings.iter().map(text).collect()
}

const ID: &str = "  string id = 1;\n";
const COUNT: &str = "  string id = 1;\n  int32 count = 2;\n";
const TOTAL: &str = "  string id = 1;\n  string total = 2;\n";

#[test]
fn one_change_is_one_finding_with_the_releases_that_it_breaks() {
    let Some(scratch) = released(&[COUNT, COUNT, ID, COUNT, ID]) else { return };
    scratch.commit("r", &[(ORDER_PATH, &order(TOTAL))]);
    let run = |line: &str| scratch.breaking("r", line);
    let all = run("--against tags:v1.*");
    all.is(1, &["FIELD_REUSED proto/shop/v1/order.proto:5"], "compared 1 file with v1.0.0 to v1.4.0 (5 releases matching v1.*, transitive) for wire, json, grpc: 1 breaking\n");
    assert_eq!(with_releases(&all), ["FIELD_REUSED v1.0.0 to v1.3.0 (3)"]);
    // The newest release of these does not have the number.
    let ever_used = &["FIELD_NUMBER_EVER_USED proto/shop/v1/order.proto:5"];
    run("--against release").is(
        1,
        ever_used,
        "with COMMIT (v1.4.0, the newest tag matching v*) for wire, json, grpc: 1 breaking",
    );
    run("--against last:1").is(1, ever_used, "with COMMIT (v1.4.0, the newest tag matching v*)");
    let last = run("--against last:3");
    last.is(
        1,
        &["FIELD_REUSED proto/shop/v1/order.proto:5"],
        "with v1.2.0 to v1.4.0 (the last 3 releases matching v*, transitive)",
    );
    assert_eq!(with_releases(&last), ["FIELD_REUSED v1.3.0 to v1.3.0 (1)"]);
    run("--against last:9").is(
        1,
        &["FIELD_REUSED proto/shop/v1/order.proto:5"],
        "with v1.0.0 to v1.4.0 (the only 5 releases matching v*, transitive)",
    );
    // The configuration takes the same, and other patterns.
    scratch.write("r/protolint.yaml", "version: 1\nbreaking:\n  against: last:2\n  tag_pattern: v1.[01].*\n");
    let run = run("");
    run.is(
        1,
        &["FIELD_REUSED proto/shop/v1/order.proto:5"],
        "with v1.0.0 to v1.1.0 (the last 2 releases matching v1.[01].*, transitive, by the configuration)",
    );
    assert_eq!(with_releases(&run), ["FIELD_REUSED v1.0.0 to v1.1.0 (2)"]);
}

#[test]
fn a_release_that_is_compared_is_no_base_of_its_own() {
    let Some(scratch) = released(&[COUNT, ID]) else { return };
    let gone = &["FIELD_NO_DELETE proto/shop/v1/order.proto:3"];
    scratch.breaking("r", "--against last:3").is(
        1,
        gone,
        "with COMMIT (v1.0.0, the newest tag matching v* before HEAD)",
    );
    scratch.write(&format!("r/{ORDER_PATH}"), &order(TOTAL));
    scratch.breaking("r", "--against last:3").is(
        1,
        &["FIELD_REUSED proto/shop/v1/order.proto:5"],
        "with v1.0.0 to v1.1.0 (the only 2 releases matching v*, transitive)",
    );
    let Some(scratch) = released(&[COUNT]) else { return };
    scratch.breaking("r", "--against last:3").is_silent("`v1.0.0` is the first release: nothing to compare with");
}

#[test]
fn what_selects_no_releases_is_an_error() {
    let Some(scratch) = released(&[COUNT, ID]) else { return };
    let said = |against: &str, said: &str, help: &str| {
        let run = scratch.breaking_with("r", &["--against", against], &[]);
        run.is(2, &[], said);
        assert_eq!(run.help(), help);
    };
    said("last:0", "error: invalid number of releases in `last:0`\n", "protolint breaking --against last:3");
    said("last:x", "error: invalid number of releases in `last:x`\n", "protolint breaking --against last:3");
    said("last:", "error: invalid number of releases in `last:`\n", "protolint breaking --against last:3");
    said("tags:", "error: `tags:` has no pattern of tags\n", "protolint breaking --against 'tags:v1.*'");
    let none = "error: no tag matches `v2.*`, only others: `v1.1.0`, `v1.0.0`\n";
    said("tags:v2.*", none, "pass another pattern of tags: --against 'tags:GLOB'");
    scratch.write("plain/a.proto", &schema(ORDER));
    let said = "error: `last:3` selects release tags, and this is not a git repository\n";
    scratch.breaking("plain", "--against last:3").is(2, &[], said);
    // In a shallow clone what is missing is named, with the command that brings it.
    scratch.commit("r", &[("README.md", "After the release\n")]);
    scratch.git("", &format!("clone -q --depth 2 {} far", scratch.url("r")));
    scratch.write(&format!("far/{ORDER_PATH}"), &order(TOTAL));
    let run = scratch.breaking("far", "--against last:3");
    run.is(0, &[], "note: the history in this shallow clone ends before the releases older than `v1.1.0`: git fetch --tags --unshallow origin\n");
    scratch.git("far", "fetch -q --tags --unshallow origin");
    scratch.breaking("far", "--against last:3").is(1, &["FIELD_REUSED proto/shop/v1/order.proto:5"], "transitive");
}

#[test]
fn releases_that_cannot_be_read_are_named() {
    let Some(scratch) = released(&[COUNT, COUNT, ID]) else { return };
    scratch.commit("r", &[(ORDER_PATH, &order(TOTAL))]);
    scratch.git("r", "tag v1.1.5 HEAD^{tree}");
    scratch.git("r", &format!("tag v0.9.0 HEAD:{ORDER_PATH}"));
    scratch.git("r", "tag vendored HEAD^{tree}");
    let both = "note: tag `v0.9.0` was skipped, as `v0.9.0` names a file, not a commit\n\
                note: tag `v1.1.5` was skipped, as `v1.1.5` names a directory, not a commit\ncompared";
    let told = &["FIELD_REUSED proto/shop/v1/order.proto:5"];
    scratch.breaking("r", "--against tags:v*").is(1, told, both);
    // Only what would be among the last ones is.
    let run = scratch.breaking("r", "--against last:2");
    run.is(1, told, "note: tag `v1.1.5` was skipped");
    assert!(!run.stderr.contains("v0.9.0"), "{}", run.stderr);
    assert!(!scratch.breaking("r", "--against release").stderr.contains("skipped"));
    // A release whose schemas are missing is no release without schemas.
    let blob = scratch.git("r", &format!("rev-parse v1.0.0:{ORDER_PATH}"));
    let (start, rest) = blob.split_at(2);
    std::fs::remove_file(scratch.path(&format!("r/.git/objects/{start}/{rest}"))).unwrap();
    let run = scratch.breaking("r", "--against tags:v1.[01].*");
    run.is(
        2,
        &[],
        "`proto/shop/v1/order.proto` of v1.1.0 cannot be read: object `COMMIT` is missing from the git repository",
    );
    assert_eq!(run.help(), "git fsck");
    scratch.breaking("r", "--against last:1").is_silent("(v1.2.0, the newest tag matching v*)");
}

#[test]
fn what_is_new_since_several_releases_is_new_since_the_newest() {
    let Some(scratch) = released(&["  string Id = 1;\n", "  string Id = 1;\n  string Name = 2;\n"]) else { return };
    scratch.commit("r", &[(ORDER_PATH, &order("  string Id = 1;\n  string Name = 2;\n  string Note = 3;\n"))]);
    let told = &["FIELD_LOWER_SNAKE_CASE proto/shop/v1/order.proto:6"];
    let run = scratch.check("r", "--use FIELD_LOWER_SNAKE_CASE --new-only --against last:2");
    run.is(1, told, "1 new finding since COMMIT (v1.1.0, the newest tag matching v*); 2 older findings suppressed\n");
}

#[test]
fn only_what_the_branch_adds_fails() {
    let Some(scratch) = released(&[COUNT]) else { return };
    let run = |line: &str| scratch.breaking("r", line);
    // On the default branch itself nothing is inherited.
    scratch.commit("r", &[(ORDER_PATH, &order(&COUNT.replace("id = 1", "id = 3")))]);
    let of_main = &["FIELD_NO_DELETE proto/shop/v1/order.proto:3"];
    run("--against release").is(1, of_main, "grpc: 1 breaking (1 fixable");
    scratch.git("r", "checkout -q -b feature");
    let inherited = |run: &Run| run.findings.iter().map(|finding| finding.inherited_from.clone()).collect::<Vec<_>>();
    let before = run("--against release");
    before.is(0, of_main, "grpc: 0 breaking, 1 already on main (1 fixable");
    assert_eq!(inherited(&before), [Some("main".to_owned())]);
    assert_eq!(before.findings[0].severity, "warning");
    run("--against release --fail-on warning").is(0, of_main, "0 breaking, 1 already on main");
    run("--against release --fail-on-inherited").is(1, of_main, "0 breaking, 1 already on main");
    run("--against last:2").is(0, of_main, "0 breaking, 1 already on main");
    // What the branch adds fails, committed or not.
    scratch.write(&format!("r/{ORDER_PATH}"), &order(&COUNT.replace("id = 1", "id = 3").replace("int32", "string")));
    let both = &["FIELD_NO_DELETE proto/shop/v1/order.proto:3", "FIELD_SAME_TYPE proto/shop/v1/order.proto:5"];
    run("--against release").is(1, both, "grpc: 1 breaking, 1 already on main");
    scratch.git("r", "commit -q -a -m more");
    let after = run("--against release");
    after.is(1, both, "grpc: 1 breaking, 1 already on main");
    assert_eq!(inherited(&after), [Some("main".to_owned()), None]);
    // A release that the branch has and the other one does not is no base of what that has.
    scratch.git("r", "tag v1.1.0");
    scratch.commit("r", &[(ORDER_PATH, &order("  string id = 3;\n"))]);
    run("--against release").is(1, of_main, "(v1.1.0, the newest tag matching v*) for wire, json, grpc: 1 breaking");
    // CI names another branch.
    scratch.git("r", "branch old v1.0.0");
    let by_ci = |name: &str| scratch.breaking_with("r", &["--against", "tags:v1.0.*"], &[("GITHUB_BASE_REF", name)]);
    assert_eq!(inherited(&by_ci("old")), [None, None]);
    assert_eq!(inherited(&by_ci("main")).iter().flatten().count(), 1);
    by_ci("gone").is(
        1,
        &by_ci("old").told().iter().map(String::as_str).collect::<Vec<_>>(),
        "note: changes of the target branch count as new: there is no branch `gone` in this repository",
    );
    // Where the command line names the release, the configuration may name the branch.
    let configured = |name: &str| {
        scratch.write("r/protolint.yaml", &format!("version: 1\nbreaking: {{against: {name}}}\n"));
        inherited(&by_ci("gone")).iter().flatten().count()
    };
    assert_eq!(["old", "main", "feature"].map(configured), [0, 1, 0]);
}

#[test]
fn what_breaks_more_than_it_did_is_new() {
    let Some(scratch) = released(&["  string id = 1;\n  Old part = 2;\n}\nmessage Old {\n  int32 n = 1;\n"]) else {
        return;
    };
    let renamed =
        |number: &str| order(&format!("  string id = 1;\n  New part = 2;\n}}\nmessage New {{\n  {number};\n"));
    scratch.commit("r", &[(ORDER_PATH, &renamed("int64 n = 1"))]);
    scratch.git("r", "checkout -q -b feature");
    let part = |run: &Run| {
        let part = run.findings.iter().find(|finding| finding.message.contains("`part`"));
        part.map(|finding| (finding.severity.clone(), finding.inherited_from.clone()))
    };
    let before = scratch.breaking("r", "--against release");
    assert_eq!(before.status, 0, "{:?}", before.told());
    scratch.commit("r", &[(ORDER_PATH, &renamed("string n = 1"))]);
    let after = scratch.breaking("r", "--against release");
    assert_eq!(after.status, 1, "{:?}", after.told());
    assert!(part(&after).is_none_or(|(severity, inherited)| severity == "error" && inherited.is_none()));
}

#[test]
fn a_call_that_the_branch_adds_makes_no_older_change_new() {
    let Some(scratch) = released(&[COUNT]) else { return };
    let service = |rpcs: &str| {
        let rpcs: String = rpcs.split(' ').map(|rpc| format!("  rpc {rpc}(Order) returns (Order);\n")).collect();
        schema(&format!("import \"shop/v1/order.proto\";\nservice Shop {{\n{rpcs}}}\n"))
    };
    let path = "proto/shop/v1/shop.proto";
    scratch.commit("r", &[(path, &service("Get"))]);
    scratch.git("r", "tag v1.1.0");
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.git("r", "checkout -q -b feature");
    scratch.commit("r", &[(path, &service("Get Put"))]);
    let run = scratch.breaking("r", "--against last:2");
    run.is(0, BROKEN, "0 breaking, 1 already on main");
    assert_eq!(with_releases(&run), ["FIELD_SAME_TYPE v1.0.0 to v1.1.0 (2)"]);
    assert_eq!(run.findings[0].layers, ["wire", "json", "grpc", "source"]);
}

#[test]
fn what_is_gone_since_any_release_is_reserved() {
    let Some(scratch) =
        released(&["  string a = 1;\n  string b = 2;\n  string c = 3;\n", "  string b = 2;\n  string c = 3;\n"])
    else {
        return;
    };
    scratch.commit("r", &[(ORDER_PATH, &order("  string c = 3;\n"))]);
    let run = scratch.breaking("r", "--against last:2");
    assert_eq!(with_releases(&run), ["FIELD_NO_DELETE v1.0.0 to v1.0.0 (1)", "FIELD_NO_DELETE v1.0.0 to v1.1.0 (2)"]);
    scratch
        .breaking("r", "--against last:2 --fix")
        .is_silent("reserved deleted names and numbers: 2 findings in 1 file");
    let text = std::fs::read_to_string(scratch.path(&format!("r/{ORDER_PATH}"))).unwrap();
    assert!(text.contains("  reserved 1;\n") && text.contains("  reserved \"b\";\n"), "{text}");
}

#[test]
fn an_accepted_change_is_accepted_for_all_releases() {
    let Some(scratch) = released(&[ORDER_FIELDS, ORDER_FIELDS]) else { return };
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    let run = scratch.breaking("r", "--against last:2");
    run.is(1, BROKEN, "1 breaking");
    let fingerprint = run.findings[0].fingerprint.clone().unwrap();
    let accept = ["--against", "last:2", "--accept", &fingerprint, "--reason", "not-used"];
    assert_eq!(scratch.breaking_with("r", &accept, &[]).status, 0);
    scratch.breaking("r", "--against last:2").is_silent("1 accepted change in protolint.accepted.yaml");
}

const ORDER_FIELDS: &str = "  string id = 1;\n  int32 count = 2;\n";
