//! Paths that are missing, and outputs that end early or cannot be written.

use std::io::Read;
use std::process::{Command, Stdio};

use super::*;

#[test]
fn a_path_that_is_missing_hides_nothing_of_the_others() {
    let directory = tree(&[]);
    let alone = protolint(directory.path(), &["check", "a/nope.proto"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(String::from_utf8(alone.stderr).unwrap().contains("`a/nope.proto` cannot be read"));
    let (findings, status) = check(directory.path(), &["a/nope.proto", "a/witness.proto"]);
    assert_eq!((findings.len(), status), (1, 2));
    assert_eq!((findings[0].rule.as_str(), findings[0].path.as_deref()), ("INPUT_UNREADABLE", Some("a/nope.proto")));
}

#[test]
fn the_output_may_end_early() {
    let text = format!("{HEAD}message M {{\n{}}}\n", lines(20_000, |n| format!("  string F{n} = {n};")));
    let directory = tree(&[("a/bad.proto", text.as_bytes())]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_protolint"))
        .current_dir(directory.path())
        .args(["check", "--quiet"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), ""));
}

#[test]
fn an_output_file_is_replaced_or_the_failure_reported() {
    let directory = tree(&[("out.txt", &[b'x'; 10_000])]);
    assert_eq!(protolint(directory.path(), &["check", "--output", "out.txt"]).status.code(), Some(1));
    let written = std::fs::read_to_string(directory.path().join("out.txt")).unwrap();
    assert!(
        written.starts_with("a/witness.proto:") && !written.contains("xxx") && written.ends_with('\n'),
        "{written}"
    );
    let failed = protolint(directory.path(), &["check", "--output", "no/such/out.txt"]);
    assert_eq!(failed.status.code(), Some(2));
    assert!(String::from_utf8(failed.stderr).unwrap().contains("`no/such/out.txt` cannot be written"));
}
