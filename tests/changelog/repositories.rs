//! Ranges of states in repositories, and git with the diff driver.

use std::path::Path;
use std::process::{Command, Output};

use regex::Regex;

use super::support::repository::{Scratch, isolated, schema};

const PATH: &str = "proto/shop/v1/order.proto";
const ONE: &str = "message Order {\n  string id = 1;\n}\n";
const TWO: &str = "message Order {\n  string id = 1;\n  int32 count = 2;\n}\n";
const THREE: &str = "message Order {\n  string id = 1;\n  string count = 2;\n}\n";

/// `r` with three versions of a schema, of which two are releases; the work tree has the third.
fn releases() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    scratch.commit("r", &[(PATH, &schema(ONE))]);
    scratch.git("r", "tag v1.0.0");
    scratch.commit("r", &[(PATH, &schema(TWO))]);
    scratch.git("r", "tag -a -m release v1.1.0");
    scratch.git("r", "checkout -q -b feature");
    scratch.write(&format!("r/{PATH}"), &schema(THREE));
    Some(scratch)
}

fn run(scratch: &Scratch, at: &str, line: &str) -> Output {
    let mut command = isolated(env!("CARGO_BIN_EXE_protolint"), &scratch.path(""));
    command.args(line.split_whitespace()).current_dir(scratch.path(at)).output().unwrap()
}

/// Each entry as `change symbol`, and what the summary says, without the duration.
fn told(scratch: &Scratch, at: &str, line: &str) -> (Vec<String>, String) {
    let output = run(scratch, at, &format!("{line} --format json"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{line}: {stderr}");
    let entry = |line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{} {}", entry["change"].as_str().unwrap(), entry["symbol"].as_str().unwrap())
    };
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = Regex::new(" in [0-9.]+ m?s:").unwrap().replace_all(&stderr, ":").into_owned();
    (stdout.lines().map(entry).collect(), stderr)
}

#[test]
fn a_range_names_two_states() {
    let Some(scratch) = releases() else { return };
    let count = |change: &str| format!("{change} shop.v1.Order.count");
    for (line, at, expected, states) in [
        ("changelog", "r", vec![count("changed")], "of the work tree with v1.1.0"),
        ("changelog release", "r", vec![count("changed")], "of the work tree with v1.1.0"),
        ("changelog v1.0.0", "r", vec![count("added")], "of the work tree with v1.0.0"),
        ("changelog v1.0.0..", "r", vec![count("added")], "of the work tree with v1.0.0"),
        ("changelog v1.0.0..v1.1.0", "r", vec![count("added")], "of v1.1.0 with v1.0.0"),
        ("changelog v1.1.0..v1.0.0", "r", vec![count("deleted")], "of v1.0.0 with v1.1.0"),
        ("changelog HEAD~1..HEAD", "r", vec![count("added")], "of HEAD with HEAD~1"),
        ("changelog v1.0.0..v1.1.0 proto/shop", "r", vec![count("added")], "of v1.1.0 with v1.0.0"),
        ("changelog v1.0.0..v1.1.0 shop", "r/proto", vec![count("added")], "of v1.1.0 with v1.0.0"),
        ("changelog v1.0.0..v1.0.0", "r", vec![], "of v1.0.0 with v1.0.0"),
        ("changelog v1.0.0..proto", "r", vec![count("added")], "of proto with v1.0.0"),
        ("changelog proto..v1.0.0", "r", vec![count("deleted")], "of v1.0.0 with proto"),
    ] {
        let (entries, summary) = told(&scratch, at, line);
        assert_eq!(entries, expected, "{line} in {at}: {summary}");
        assert!(summary.contains(states), "{line}: {summary}");
    }
}

#[test]
fn directories_sets_and_files_are_states() {
    let Some(scratch) = releases() else { return };
    for (name, text) in [("one", ONE), ("two", TWO)] {
        scratch.write(&format!("{name}/shop/v1/order.proto"), &schema(text));
        let mut compiler = protox::Compiler::new([scratch.path(name)]).unwrap();
        compiler.include_source_info(true).open_file("shop/v1/order.proto").unwrap();
        std::fs::write(scratch.path(&format!("{name}.binpb")), compiler.encode_file_descriptor_set()).unwrap();
    }
    for range in [
        "one..two",
        "./one.../two",
        "one.binpb..two.binpb",
        "one..two.binpb",
        "one.binpb..two",
        "one/shop/v1/order.proto..two/shop/v1/order.proto",
    ] {
        if range.contains("order.proto") {
            let (from, to) = range.split_once("..").unwrap();
            let output = run(&scratch, "", &format!("diff {from} {to}"));
            let stdout = String::from_utf8(output.stdout).unwrap();
            assert!(stdout.contains("added field shop.v1.Order.count"), "{range}: {stdout}");
            continue;
        }
        let (entries, summary) = told(&scratch, "", &format!("changelog {range}"));
        assert_eq!(entries, ["added shop.v1.Order.count"], "{range}: {summary}");
    }
    let of_set = told(&scratch, "r/proto", "changelog v1.0.0..../../two.binpb").0;
    assert_eq!(of_set, ["added shop.v1.Order.count"]);
}

#[test]
fn a_package_is_new_where_no_file_had_it() {
    let Some(scratch) = releases() else { return };
    let other = "syntax = \"proto3\";\npackage shop.v1;\nmessage Item {}\n";
    let pay = "syntax = \"proto3\";\npackage pay.v1;\nmessage Payment {}\n";
    scratch.git("r", "checkout -q .");
    scratch.commit("r", &[("proto/shop/v1/item.proto", other), ("proto/pay/v1/pay.proto", pay)]);
    let (entries, _) = told(&scratch, "r", "changelog");
    assert_eq!(entries, ["added pay.v1", "added shop/v1/item.proto"]);
    // A file that is moved is neither added nor deleted, and what it declares is not either.
    scratch.git("r", "mv proto/shop/v1/item.proto proto/shop/v1/items.proto");
    let (entries, _) = told(&scratch, "r", "changelog HEAD");
    assert_eq!(entries, ["changed shop/v1/items.proto"]);
}

#[test]
fn versions_grow_with_changes() {
    let Some(scratch) = releases() else { return };
    let said = |line: &str| {
        let output = run(&scratch, "r", line);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, text) = said("changelog --bump");
    assert!(status == 0 && text.starts_with("major\n") && text.contains("after v1.1.0 is 2.0.0"), "{text}");
    assert_eq!(said("changelog v1.0.0..v1.1.0 --bump --quiet"), (0, "minor\n".to_owned()));
    assert_eq!(said("changelog v1.0.0..v1.1.0 --check-bump 1.1.0").0, 0);
    assert_eq!(said("changelog v1.0.0..v1.1.0 --check-bump v1.0.1").0, 1);
    assert_eq!(said("changelog --check-bump 1.5.0").0, 1);
    assert_eq!(said("changelog --check-bump 2.0.0").0, 0);
    assert_eq!(said("changelog HEAD --check-bump 2.0.0").0, 2);
    assert_eq!(said("changelog --check-bump latest").0, 2);
    scratch.git("r", "checkout -q .");
    assert_eq!(said("changelog v1.1.0 --bump --quiet"), (0, "patch\n".to_owned()));
}

#[test]
fn a_number_that_an_earlier_release_had_is_a_breaking_addition() {
    let Some(scratch) = releases() else { return };
    scratch.commit("r", &[(PATH, &schema(ONE))]);
    scratch.git("r", "tag v1.2.0");
    scratch.write(&format!("r/{PATH}"), &schema("message Order {\n  string id = 1;\n  string note = 2;\n}\n"));
    let output = String::from_utf8(run(&scratch, "r", "changelog --format json").stdout).unwrap();
    let entry: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!((entry["change"].as_str(), entry["symbol"].as_str()), (Some("added"), Some("shop.v1.Order.note")));
    assert_eq!(entry["rules"][0].as_str(), Some("FIELD_NUMBER_EVER_USED"), "{entry}");
    assert!(entry["layers"].as_array().unwrap().contains(&"wire".into()), "{entry}");
}

/// A program in the place of git's own diff, as users configure it.
fn git(scratch: &Scratch, line: &[&str]) -> String {
    let mut git = isolated("git", &scratch.path(""));
    git.args(["-c", &format!("diff.protolint.command={} git-diff-driver", env!("CARGO_BIN_EXE_protolint"))]);
    let output = git.args(line).current_dir(scratch.path("r")).output().unwrap();
    assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn git_shows_changes_of_schemas() {
    let Some(scratch) = releases() else { return };
    scratch.write("r/.gitattributes", "*.proto diff=protolint\n");
    let diff = git(&scratch, &["diff"]);
    assert!(diff.starts_with("diff --protolint a/proto/shop/v1/order.proto b/proto/shop/v1/order.proto\n"), "{diff}");
    assert!(diff.contains("changed field shop.v1.Order.count") && diff.contains("- int32 count = 2;"), "{diff}");
    assert!(diff.contains("breaks wire"), "{diff}");
    let log = git(&scratch, &["log", "-p", "--ext-diff", "-1"]);
    assert!(log.contains("added field shop.v1.Order.count"), "{log}");
    assert!(git(&scratch, &["log", "-p", "--no-ext-diff", "-1"]).contains("+  int32 count = 2;"));
    // What is only there once, does not parse, is no text or is only laid out otherwise is shown line by line.
    scratch.git("r", "checkout -q .");
    let lines = |text: &str, expected: &[&str]| {
        scratch.write(&format!("r/{PATH}"), text);
        let diff = git(&scratch, &["diff"]);
        assert!(expected.iter().all(|line| diff.contains(line)), "{diff}");
    };
    lines("message {\n", &["\n--- a/", "\n+message {"]);
    lines(&schema(&TWO.replace("  int32", "      int32")), &["\n-  int32 count = 2;", "\n+      int32 count = 2;"]);
    lines("", &["deleted file mode 100644", "\n-message Order {"]);
    scratch.write("r/new.proto", "message New {}\n");
    scratch.git("r", "add -N new.proto");
    assert!(git(&scratch, &["diff", "new.proto"]).contains("+message New {}"));
    std::fs::write(scratch.path("r").join("new.proto"), b"\xff\xfe\n").unwrap();
    assert!(git(&scratch, &["diff", "new.proto"]).contains("Binary files"));
}

#[test]
fn a_renamed_file_is_compared_with_what_it_was() {
    let Some(scratch) = releases() else { return };
    scratch.write("r/.gitattributes", "*.proto diff=protolint\n");
    let long: String = (10..60).map(|at| format!("  string field_{at} = {at};\n")).collect();
    let text = |last: &str| schema(&format!("message Order {{\n{long}  {last} last = 99;\n}}\n"));
    scratch.commit("r", &[(PATH, &text("int32"))]);
    scratch.git("r", &format!("mv {PATH} proto/shop/v1/orders.proto"));
    scratch.write("r/proto/shop/v1/orders.proto", &text("bytes"));
    scratch.git("r", "add -A");
    let diff = git(&scratch, &["diff", "--cached", "-M"]);
    assert_eq!(diff.matches("\nindex ").count(), 1, "{diff}");
    assert!(diff.contains("rename to proto/shop/v1/orders.proto"), "{diff}");
    assert!(diff.contains("changed field shop.v1.Order.last") && diff.matches("  changed ").count() == 1, "{diff}");
}

#[test]
fn a_driver_that_git_did_not_call_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_protolint"))
        .args(["git-diff-driver", "a", "b"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("7 or 9 arguments"));
}
