//! Bad input: what is broken, hostile, huge or unreadable. Each case ends with findings or a message and the documented
//! exit status, and hides nothing of the files beside it. That work grows with the input alone is shown by counting
//! findings over sizes at which anything quadratic would be felt.

#![allow(clippy::unwrap_used)]

mod support;

#[path = "hostile/changes.rs"]
mod changes;
#[path = "hostile/growth.rs"]
mod growth;
#[path = "hostile/paths.rs"]
mod paths;
#[path = "hostile/texts.rs"]
mod texts;
#[cfg(unix)]
#[path = "hostile/unix.rs"]
mod unix;

use std::fmt::Write as _;
use std::path::Path;

use support::{Finding, protolint};
use tempfile::TempDir;

const HEAD: &str = "syntax = \"proto3\";\npackage a;\n";

/// A file that has one finding, to stand beside bad ones.
const WITNESS: &str = "syntax = \"proto3\";\npackage a;\nmessage Witness {\n  string Bad = 1;\n}\n";

/// A tree of the witness and the files given.
fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let directory = TempDir::new().unwrap();
    let root = directory.path();
    std::fs::write(root.join("protolint.yaml"), "version: 1\nroots: [.]\n").unwrap();
    std::fs::create_dir(root.join("a")).unwrap();
    std::fs::write(root.join("a/witness.proto"), WITNESS).unwrap();
    for (path, bytes) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    directory
}

/// Runs `check` and gives the findings beside the witness's own, which must be there, and the exit status.
fn check(directory: &Path, arguments: &[&str]) -> (Vec<Finding>, i32) {
    let output = protolint(directory, &[&["check", "--format", "json"], arguments].concat());
    let status = output.status.code().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut findings: Vec<Finding> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let before = findings.len();
    findings.retain(|finding| !finding.path.as_ref().is_some_and(|path| path.ends_with("witness.proto")));
    assert!(findings.len() < before, "the witness is silent: {text}");
    (findings, status)
}

/// The findings of one bad file, as `rule line:column message`, and the exit status.
fn of_file(bytes: &[u8]) -> (Vec<String>, i32) {
    let directory = tree(&[("a/bad.proto", bytes)]);
    let (findings, status) = check(directory.path(), &[]);
    let line = |finding: &Finding| {
        assert_eq!(finding.path.as_deref(), Some("a/bad.proto"));
        let (line, column) = (finding.start_line.unwrap(), finding.start_column.unwrap());
        format!("{} {line}:{column} {}", finding.rule, finding.message)
    };
    (findings.iter().map(line).collect(), status)
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (1..=count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

/// How many findings of `rule` a text has.
fn count(text: &str, rule: &str) -> usize {
    let (findings, status) = of_file(text.as_bytes());
    assert!(status < 2);
    findings.iter().filter(|finding| finding.starts_with(rule)).count()
}
