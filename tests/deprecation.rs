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
fn repository(package: &str, releases: &[(u64, &str, &str)]) -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    scratch.write("r/protolint.yaml", CONFIG);
    for (day, tag, body) in releases {
        scratch.on_day(DAY + day);
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
    let (status, stdout, stderr) = scratch.protolint("r", &all);
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
    let (status, stdout, stderr) = scratch.protolint("r", &["deprecated", "--date", "2026-01-21"]);
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
    let (_, stdout, stderr) = scratch.protolint("r", &["deprecated", "--date", "2026-01-31"]);
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
    let (status, stdout, stderr) = scratch.protolint("r", &["deprecated"]);
    assert_eq!((status, stdout.as_str()), (0, "a/v1/a.proto:3:20\nfield `a.v1.M.a`\n"), "{stderr}");
    assert!(stderr.contains("note: ages are unknown: there are no release tags\n  help: git fetch --tags"), "{stderr}");
    assert!(
        stderr.contains("note: 1 file with errors may have more deprecated elements\n  help: protolint check\n"),
        "{stderr}"
    );
    let (status, _, stderr) = scratch.protolint("r", &["deprecated", "--date", "tomorrow"]);
    assert_eq!(
        (status, stderr.as_str()),
        (2, "error: invalid date `tomorrow`, expected YYYY-MM-DD\n  help: --date 2027-01-31\n")
    );
    let (_, _, stderr) = scratch.protolint("r", &["deprecated", "--may-go", "--no-config"]);
    assert!(stderr.contains("note: no deprecation policy is configured"), "{stderr}");
}
