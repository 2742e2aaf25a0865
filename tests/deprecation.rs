//! Deprecated elements in a repository with releases: since when, what refers to them, and when they may be deleted.
//! Without a `git` program to make repositories with, these tests do nothing.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::repository::Scratch;

const CONFIG: &str =
    "version: 1\ndeprecation: {min_releases: 2, min_days: 180, per_stability: {beta: {min_days: 30}}}\n";

/// The day 2026-01-01, counted from 1970.
const DAY: u64 = 20_454;

/// A file of a package.
fn text(package: &str, body: &str) -> String {
    format!("syntax = \"proto3\";\npackage {package};\n{body}")
}

/// A repository with releases: each with the day of 2026 it was made on, and the body of its only file.
fn repository(package: &str, releases: &[(i64, &str, &str)]) -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    scratch.write("r/protolint.yaml", CONFIG);
    for (day, tag, body) in releases {
        scratch.on_day(DAY.saturating_add_signed(*day));
        scratch.write(&format!("r/{}", path(package)), &text(package, body));
        scratch.git("r", "add -A");
        scratch.git("r", "commit -q --allow-empty -m change");
        scratch.git("r", &format!("tag {tag}"));
    }
    Some(scratch)
}

fn path(package: &str) -> String {
    format!("{}/a.proto", package.replace('.', "/"))
}

/// What `protolint deprecated` lists on a day, by the names of the elements.
fn listed(scratch: &Scratch, arguments: &[&str]) -> Vec<Value> {
    let all = [&["deprecated", "--format", "json"], arguments].concat();
    let (status, stdout, stderr) = scratch.printed("r", &all);
    assert_eq!(status, 0, "{stderr}");
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn ages_count_from_the_unbroken_run_across_renames() {
    let Some(scratch) = repository(
        "a.v1",
        &[
            (
                0,
                "v1.0.0",
                "message M { string a = 1 [deprecated = true]; string b = 2; string c = 3 [deprecated = true]; }\n",
            ),
            (30, "v1.1.0", "message M { string a = 1 [deprecated = true]; string b = 2; string c = 3; }\n"),
            (
                60,
                "v1.2.0",
                "message M { string x = 1 [deprecated = true]; string b = 2 [deprecated = true]; string c = 3 [deprecated = true]; }\n",
            ),
            (
                60,
                "v1.2.1",
                "message M { string x = 1 [deprecated = true]; string b = 2 [deprecated = true]; string c = 3 [deprecated = true]; string d = 4; }\n",
            ),
        ],
    ) else {
        return;
    };
    let last = "message M { string x = 1 [deprecated = true]; string b = 2 [deprecated = true]; string c = 3 [deprecated = true]; string d = 4 [deprecated = true]; }\n";
    scratch.write("r/a/v1/a.proto", &text("a.v1", last));
    let ages = |date: &str| -> Vec<Value> {
        let age = |entry: Value| {
            json!([entry["symbol"], entry["since"], entry["may_go"], entry["may_go_from"], entry["releases_left"]])
        };
        listed(&scratch, &["--date", date]).into_iter().map(age).collect()
    };
    let since = |release: &str, date: &str, releases: u32, days: u32| json!({"release": release, "date": date, "releases": releases, "days": days});
    let expected = [
        json!(["a.v1.M.x", since("v1.0.0", "2026-01-01", 4, 179), false, "2026-06-30", 0]),
        json!(["a.v1.M.b", since("v1.2.0", "2026-03-02", 2, 119), false, "2026-08-29", 0]),
        json!(["a.v1.M.c", since("v1.2.0", "2026-03-02", 2, 119), false, "2026-08-29", 0]),
        json!(["a.v1.M.d", null, false, null, 2]),
    ];
    assert_eq!(ages("2026-06-29"), expected);
    let expected = json!(["a.v1.M.x", since("v1.0.0", "2026-01-01", 4, 180), true, null, 0]);
    assert_eq!(ages("2026-06-30")[0], expected);
    let may_go = listed(&scratch, &["--date", "2026-06-30", "--may-go"]);
    assert_eq!(may_go.iter().map(|entry| &entry["symbol"]).collect::<Vec<_>>(), ["a.v1.M.x"]);
}

#[test]
fn the_list_for_people_says_since_when_and_when_it_may_go() {
    let old = "message Old { option deprecated = true; }\n";
    let body = format!(
        "// Deprecated: use `New` instead.\n{old}message New {{ Old old = 1; Old older = 2 [deprecated = true]; }}\nmessage Rest {{\n  option deprecated = true;\n  Old old = 1;\n}}\n"
    );
    let Some(scratch) = repository("a.v1beta1", &[(0, "v1.0.0", &body), (10, "v2.0.0", &body)]) else { return };
    let body = format!("{body}enum E {{ E_UNSPECIFIED = 0; E_OLD = 1 [deprecated = true]; }}\n");
    scratch.write("r/a/v1beta1/a.proto", &text("a.v1beta1", &body));
    let (status, stdout, stderr) = scratch.printed("r", &["deprecated", "--date", "2026-01-21"]);
    let expected = "\
a/v1beta1/a.proto:4:9
message `a.v1beta1.Old`
  deprecated since v1.0.0 (2026-01-01): 2 releases, 20 days
  reason: use `New` instead
  replaced by `a.v1beta1.New`
  used by field `a.v1beta1.New.old` (a/v1beta1/a.proto:5)
  used by deprecated field `a.v1beta1.New.older` (a/v1beta1/a.proto:5)
  used by deprecated field `a.v1beta1.Rest.old` (a/v1beta1/a.proto:8)
  may be deleted from 2026-01-31 on

a/v1beta1/a.proto:5:32
field `a.v1beta1.New.older`
  deprecated since v1.0.0 (2026-01-01): 2 releases, 20 days
  may be deleted from 2026-01-31 on

a/v1beta1/a.proto:6:9
message `a.v1beta1.Rest`
  deprecated since v1.0.0 (2026-01-01): 2 releases, 20 days
  may be deleted from 2026-01-31 on

a/v1beta1/a.proto:10:29
enum value `a.v1beta1.E.E_OLD`
  deprecated in no release yet
  may be deleted after 2 releases have it as deprecated, and 30 days after the first of them
";
    assert_eq!(
        (status, stdout.as_str(), stderr.as_str()),
        (0, expected, "4 deprecated elements, 0 may be deleted, 1 still referred to\n")
    );
    let (_, stdout, stderr) = scratch.printed("r", &["deprecated", "--date", "2026-01-31"]);
    assert!(stdout.contains("  may be deleted when nothing refers to it\n"), "{stdout}");
    assert_eq!(stderr, "4 deprecated elements, 2 may be deleted, 1 still referred to\n");
}

#[test]
fn files_and_what_is_in_deprecated_elements_are_deprecated_with_them() {
    let Some(scratch) =
        repository("a.v1", &[(0, "v1.0.0", "option deprecated = true;\nmessage M { string a = 1; }\n")])
    else {
        return;
    };
    let user = "syntax = \"proto3\";\npackage b.v1;\nimport \"a/v1/a.proto\";\nmessage User { a.v1.M m = 1; }\n";
    scratch.write("r/b/v1/b.proto", user);
    let [file] = &listed(&scratch, &["--date", "2026-12-31"])[..] else { panic!() };
    let referrer = json!({"kind": "file", "symbol": "b/v1/b.proto", "deprecated": false, "path": "b/v1/b.proto", "line": 3, "column": 1});
    assert_eq!(
        (&file["kind"], &file["symbol"], &file["referrers"]),
        (&json!("file"), &json!("a/v1/a.proto"), &json!([referrer]))
    );
    assert_eq!(
        (&file["since"]["release"], &file["may_go"], &file["releases_left"]),
        (&json!("v1.0.0"), &json!(false), &json!(1))
    );
    // References are found outside of the paths too.
    assert_eq!(listed(&scratch, &["--date", "2026-12-31", "a"])[0], *file);
    assert!(listed(&scratch, &["b"]).is_empty());
}

#[test]
fn what_is_not_known_is_said() {
    let Some(scratch) = repository("a.v1", &[]) else { return };
    let file = ("a/v1/a.proto", text("a.v1", "message M { string a = 1 [deprecated = true]; }\n"));
    scratch.commit("r", &[(file.0, &file.1), ("b.proto", "message {\n")]);
    let (status, stdout, stderr) = scratch.printed("r", &["deprecated"]);
    assert_eq!((status, stdout.as_str()), (0, "a/v1/a.proto:3:20\nfield `a.v1.M.a`\n"), "{stderr}");
    assert!(stderr.contains("note: ages are unknown: there are no release tags\n  help: git fetch --tags"), "{stderr}");
    assert!(
        stderr.contains("note: 1 file with errors may have more deprecated elements\n  help: protolint check\n"),
        "{stderr}"
    );
    let (status, _, stderr) = scratch.printed("r", &["deprecated", "--date", "tomorrow"]);
    assert_eq!(
        (status, stderr.as_str()),
        (2, "error: invalid date `tomorrow`, expected YYYY-MM-DD\n  help: --date 2027-01-31\n")
    );
    let (_, _, stderr) = scratch.printed("r", &["deprecated", "--may-go", "--no-config"]);
    assert!(stderr.contains("note: no deprecation policy is configured"), "{stderr}");
}

/// The body of a file with a message, an enum and a service.
fn shop(fields: &str, values: &str, rpcs: &str) -> String {
    format!(
        "message Order {{ string id = 1; {fields} }}\nenum State {{ STATE_UNSPECIFIED = 0; {values} }}\n\
         message GetRequest {{}}\nmessage GetResponse {{}}\n\
         service Shop {{ rpc Get(GetRequest) returns (GetResponse); {rpcs} }}\n"
    )
}

/// What `protolint breaking` reports against the branch `main`, once the only file has this body: rules and messages.
fn deleted(scratch: &Scratch, package: &str, body: &str, line: &str) -> Vec<String> {
    scratch.write(&format!("r/{}", path(package)), &text(package, body));
    let run = scratch.breaking("r", &format!("--against main {line}"));
    run.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message)).collect()
}

/// A repository whose releases after the first deprecate `note`, `STATE_OLD`, `Old` and `Box`, on these days.
fn deprecated_shop(package: &str, days: &[i64]) -> Option<Scratch> {
    let new = shop(
        "string note = 2 [deprecated = true];",
        "STATE_OLD = 1 [deprecated = true];",
        "rpc Old(GetRequest) returns (GetResponse) { option deprecated = true; }",
    );
    let new =
        format!("{new}message Box {{ option deprecated = true; string a = 1; enum Kind {{ KIND_NONE = 0; }} }}\n");
    let old = new.replace("option deprecated = true;", "").replace("[deprecated = true]", "");
    let names: Vec<String> = (1..=days.len()).map(|minor| format!("v1.{minor}.0")).collect();
    let later = days.iter().zip(&names).map(|(day, name)| (*day, name.as_str(), new.as_str()));
    let releases: Vec<_> = [(OLD, "v1.0.0", old.as_str())].into_iter().chain(later).collect();
    let scratch = repository(package, &releases)?;
    scratch.git("r", "branch -M main");
    Some(scratch)
}

/// 2024-01-02 and 2096-01-01, as days from the first of 2026: what is that old may go, and what is from that day not yet.
const OLD: i64 = -730;
const FUTURE: i64 = 25_567;

const NOTE: &str = "reserved 2; reserved \"note\";";
const STATE: &str = "reserved 1; reserved \"STATE_OLD\";";

/// The arguments that select what is reported: by layers, and by groups that report deletions.
const SELECTIONS: [&str; 4] = [
    "",
    "--layers wire,json,grpc,source",
    "--use FILE,DELETED_BEFORE_DEPRECATION_ENDS",
    "--use PACKAGE,DELETED_BEFORE_DEPRECATION_ENDS",
];

#[test]
fn what_is_old_enough_and_reserved_may_go() {
    let Some(scratch) = deprecated_shop("a.v1", &[OLD, OLD + 1]) else { return };
    let none: [&str; 0] = [];
    for line in SELECTIONS {
        assert_eq!(deleted(&scratch, "a.v1", &shop(NOTE, STATE, ""), line), none, "{line}");
    }
    // What is not reserved is reported as without a policy.
    let found = deleted(&scratch, "a.v1", &shop("", STATE, ""), "");
    assert_eq!(found, ["FIELD_NO_DELETE field `note` (2) of message `Order` was deleted"]);
    let found = deleted(&scratch, "a.v1", &shop(NOTE, "", ""), "");
    assert_eq!(found, ["ENUM_VALUE_NO_DELETE enum value `STATE_OLD` (1) of `State` was deleted"]);
    // What has another number now was not deleted.
    let found = deleted(&scratch, "a.v1", &shop("string note = 3;", STATE, ""), "");
    assert_eq!(found, ["FIELD_NO_DELETE field `note` of message `Order` changed its number from 2 to 3"]);
    // Without the rule there is no policy.
    let found = deleted(&scratch, "a.v1", &shop(NOTE, STATE, ""), "--except DELETED_BEFORE_DEPRECATION_ENDS");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn what_is_deprecated_for_too_short_may_not() {
    let Some(scratch) = deprecated_shop("a.v1", &[FUTURE]) else { return };
    let why = "was deleted too early: it is deprecated since v1.1.0 (2096-01-01) and may be deleted from 2096-06-29 on, and after 1 more release";
    let expected = [
        "enum value `STATE_OLD` (1) of enum `State`",
        "field `note` (2) of message `Order`",
        "message `Box`",
        "rpc `Old` of service `Shop`",
    ];
    let expected = expected.map(|what| format!("DELETED_BEFORE_DEPRECATION_ENDS {what} {why}"));
    for fields in ["", NOTE] {
        for line in SELECTIONS {
            let mut found = deleted(&scratch, "a.v1", &shop(fields, STATE, ""), line);
            found.sort();
            assert_eq!(found, expected, "{line}");
        }
    }
    // Exempt layers and accepted changes are exempt from the policy too.
    let run = scratch.breaking("r", "--against main");
    assert_eq!((run.status, run.findings[0].severity.as_str()), (1, "error"));
    let fingerprints: Vec<String> = run.findings.iter().filter_map(|finding| finding.fingerprint.clone()).collect();
    let accept: Vec<&str> = fingerprints.iter().flat_map(|fingerprint| ["--accept", fingerprint]).collect();
    let (status, _, stderr) =
        scratch.printed("r", &[&["breaking", "--against", "main", "--reason", "x"], &accept[..]].concat());
    assert_eq!(status, 0, "{stderr}");
    scratch.breaking("r", "--against main").is(0, &[], "");
    // They stay accepted when the next release is out and fewer are missing.
    scratch.git("r", "commit -q --allow-empty -m next");
    scratch.git("r", "tag v1.2.0");
    scratch.breaking("r", "--against main").is(0, &[], "");
}

#[test]
fn what_was_never_deprecated_may_not_go_and_what_was_never_released_may() {
    let Some(scratch) = deprecated_shop("a.v1beta1", &[OLD, OLD + 1]) else { return };
    let main = "string note = 2 [deprecated = true]; string new = 3; string late = 4 [deprecated = true];";
    let main = shop(main, STATE, "rpc New(GetRequest) returns (GetResponse);");
    scratch.commit("r", &[(&path("a.v1beta1"), &text("a.v1beta1", &main))]);
    let found = deleted(
        &scratch,
        "a.v1beta1",
        "message Order { reserved 2, 3, 4; reserved \"note\", \"new\", \"late\"; }\n",
        "",
    );
    let never = "was deleted, but was never deprecated: it may be deleted after 2 releases have it as deprecated, and 30 days after the first of them";
    let expected = [
        format!("DELETED_BEFORE_DEPRECATION_ENDS enum `State` {never}"),
        format!("DELETED_BEFORE_DEPRECATION_ENDS field `id` (1) of message `Order` {never}"),
        format!("DELETED_BEFORE_DEPRECATION_ENDS message `GetRequest` {never}"),
        format!("DELETED_BEFORE_DEPRECATION_ENDS message `GetResponse` {never}"),
        format!("DELETED_BEFORE_DEPRECATION_ENDS service `Shop` {never}"),
    ];
    let mut sorted = found;
    sorted.sort();
    assert_eq!(sorted, expected);
    scratch.write("r/protolint.yaml", &format!("{CONFIG}history: {{ignore: [a.**]}}\n"));
    assert!(
        deleted(&scratch, "a.v1beta1", &shop(NOTE, STATE, ""), "")
            .iter()
            .all(|found| !found.starts_with("DELETED_BEFORE"))
    );
}

#[test]
fn a_file_may_go_if_all_that_it_has_may() {
    let old = "message A { option deprecated = true; }\nenum E { option deprecated = true; E_NONE = 0; }\n";
    let Some(scratch) = repository("a.v1", &[(OLD, "v1.0.0", old), (OLD, "v1.1.0", old), (OLD, "v1.2.0", old)]) else {
        return;
    };
    scratch.git("r", "branch -M main");
    scratch.commit("r", &[("b/v1/b.proto", "syntax = \"proto3\";\npackage b.v1;\n")]);
    scratch.write("r/a/v1/a.proto", "");
    for line in SELECTIONS {
        scratch.breaking("r", &format!("--against main {line}")).is(0, &[], "");
    }
    scratch.git("r", "checkout -q -- a");
    let new = format!("{old}message B {{}}\n");
    scratch.commit("r", &[("a/v1/a.proto", &text("a.v1", &new))]);
    scratch.git("r", "tag v1.3.0");
    scratch.write("r/a/v1/a.proto", "");
    for line in SELECTIONS {
        let run = scratch.breaking("r", &format!("--against main {line}"));
        run.is(1, &["DELETED_BEFORE_DEPRECATION_ENDS a/v1/a.proto:1"], "");
        assert!(
            run.findings[0].message.starts_with("message `B` was deleted, but was never deprecated"),
            "{}",
            run.findings[0].message
        );
    }
}

#[test]
fn a_deletion_that_was_released_counts_up_to_that_release() {
    let deprecated = "message M { string a = 1 [deprecated = true]; string b = 2; }\n";
    let gone = "message M { string b = 2; reserved 1; reserved \"a\"; }\n";
    let body = "message M { string a = 1; string b = 2; }\n";
    let releases = [(0, "v1.0.0", body), (10, "v1.1.0", deprecated), (40, "v1.2.0", gone), (300, "v1.3.0", gone)];
    let Some(scratch) = repository("a.v1", &releases) else { return };
    let run = scratch.breaking("r", "--against v1.0.0");
    let message = "field `a` (1) of message `M` was deleted in v1.2.0 too early: it is deprecated since v1.1.0 (2026-01-11) and could be deleted from 2026-07-10 on, and after 1 more release";
    assert_eq!(run.findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), [message]);
    scratch.write("r/protolint.yaml", "version: 1\ndeprecation: {min_releases: 1, min_days: 30}\n");
    scratch.breaking("r", "--against v1.0.0").is(0, &[], "");
}

#[test]
fn without_releases_the_policy_is_not_applied_and_that_is_said() {
    let Some(scratch) = repository("a.v1", &[]) else { return };
    scratch.commit("r", &[("a/v1/a.proto", &text("a.v1", "message M { string a = 1; }\n"))]);
    let found = deleted(&scratch, "a.v1", "message M {}\n", "");
    assert_eq!(found, ["FIELD_NO_DELETE field `a` (1) of message `M` was deleted"]);
    let run = scratch.breaking("r", "--against main");
    assert!(
        run.stderr.contains(
            "note: the deprecation policy is not applied, because there are no release tags: git fetch --tags\n"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn scopes_and_groups_of_the_configuration_keep_the_policy() {
    let Some(scratch) = deprecated_shop("a.v1", &[FUTURE]) else { return };
    for more in ["breaking: {use: [WIRE]}", "scopes: [{paths: [a], breaking: {use: [FILE]}}]"] {
        scratch.write("r/protolint.yaml", &format!("{CONFIG}{more}\n"));
        let found = deleted(&scratch, "a.v1", &shop(NOTE, STATE, ""), "");
        assert_eq!(
            (found.len(), found.iter().all(|found| found.starts_with("DELETED_BEFORE"))),
            (4, true),
            "{more} {found:?}"
        );
    }
    scratch.write(
        "r/protolint.yaml",
        &format!("{CONFIG}scopes: [{{paths: [a], breaking: {{except: [DELETED_BEFORE_DEPRECATION_ENDS]}}}}]\n"),
    );
    let found = deleted(&scratch, "a.v1", &shop(NOTE, STATE, ""), "");
    assert_eq!(
        found,
        ["MESSAGE_NO_DELETE message `Box` was deleted", "RPC_NO_DELETE rpc `Old` of service `Shop` was deleted"]
    );
}

#[test]
fn what_the_main_branch_has_deleted_too_early_is_inherited() {
    let Some(scratch) = deprecated_shop("a.v1", &[FUTURE]) else { return };
    scratch.commit("r", &[(&path("a.v1"), &text("a.v1", &shop(NOTE, STATE, "")))]);
    scratch.git("r", "checkout -q -b feature");
    scratch.write(&format!("r/{}", path("a.v1")), &text("a.v1", &shop(NOTE, STATE, "").replace("string id = 1;", "")));
    let run = scratch.breaking("r", "--against release");
    let found: Vec<(&str, bool)> = run
        .findings
        .iter()
        .map(|finding| (finding.message.split(' ').nth(1).unwrap_or_default(), finding.inherited_from.is_some()))
        .collect();
    assert_eq!(
        found,
        [("`Box`", true), ("`id`", false), ("`note`", true), ("value", true), ("`Old`", true)],
        "{}",
        run.stderr
    );
}

#[test]
fn several_releases_are_each_compared_by_the_policy() {
    let Some(scratch) = deprecated_shop("a.v1", &[OLD, OLD + 1]) else { return };
    scratch.write(&format!("r/{}", path("a.v1")), &text("a.v1", &shop(NOTE, STATE, "")));
    scratch.breaking("r", "--against last:3").is(0, &[], "");
    let Some(scratch) = deprecated_shop("a.v1", &[FUTURE]) else { return };
    scratch.write(&format!("r/{}", path("a.v1")), &text("a.v1", &shop(NOTE, STATE, "")));
    let run = scratch.breaking("r", "--against last:2");
    assert!(
        run.findings.len() == 4 && run.findings.iter().all(|finding| finding.rule.starts_with("DELETED_BEFORE")),
        "{:?}",
        run.told()
    );
}
