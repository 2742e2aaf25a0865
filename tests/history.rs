//! `protolint history` in repositories that are made here: histories of which a model has the answers, laws, and
//! repositories that lack something. Without a `git` program to make repositories with, these tests do nothing.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

#[path = "history/hostile.rs"]
mod hostile;
#[path = "history/laws.rs"]
mod laws;
#[path = "history/model.rs"]
mod model;
#[path = "history/stories.rs"]
mod stories;

use serde_json::Value;
use support::repository::{Scratch, isolated};

/// What a run printed.
struct Printed {
    lines: Vec<Value>,
    stdout: String,
    stderr: String,
    status: i32,
}

/// Runs `protolint history` in the directory `at`, with arguments separated by blanks.
fn history(scratch: &Scratch, at: &str, line: &str) -> Printed {
    let arguments: Vec<&str> = std::iter::once("history").chain(line.split_whitespace()).collect();
    let output = scratch.protolint(at, &arguments).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap().replace(scratch.path("").to_str().unwrap(), "SCRATCH");
    let objects = stdout.lines().filter(|line| line.starts_with('{'));
    let lines = objects.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!stderr.contains("panicked"), "{stderr}");
    Printed { lines, stdout, stderr, status: output.status.code().unwrap_or(-1) }
}

/// The same in JSON, which must succeed.
#[track_caller]
fn lines(scratch: &Scratch, at: &str, line: &str) -> Vec<Value> {
    let printed = history(scratch, at, &format!("--format json {line}"));
    assert_eq!(printed.status, 0, "{}{}", printed.stdout, printed.stderr);
    printed.lines
}

/// What the script of this directory finds with protoc.
fn by_protoc(scratch: &Scratch, at: &str) -> Option<Vec<serde_json::Value>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/history/reuses.py");
    let mut command = isolated("python3", &scratch.path(""));
    let output = command.args(["-B", script, "--all", "--repo", "."]).current_dir(scratch.path(at)).output().ok()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if stderr.contains("skipped: ") {
        eprintln!("{stderr}");
        return None;
    }
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    Some(stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
