//! Shared by the tests: runs the built binary on trees written to a temporary directory, and reads the marks
//! (`// error`, `// error: text`, `// error[RULE]`) that say what it should find.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod cases;
pub mod client;
pub mod helps;
pub mod pages;
pub mod repository;
pub mod tree;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A finding as `--format json` prints it.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Finding {
    pub path: Option<String>,
    pub start_line: Option<u32>,
    pub start_column: Option<u32>,
    pub end_line: Option<u32>,
    pub end_column: Option<u32>,
    pub rule: String,
    pub severity: String,
    pub message: String,
    pub help: Option<String>,
    #[serde(default)]
    pub layers: Vec<String>,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    pub fingerprint: Option<String>,
    pub releases: Option<Releases>,
    pub inherited_from: Option<String>,
}

/// The releases that show a change.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Releases {
    pub oldest: String,
    pub newest: String,
    pub count: usize,
}

/// One payload of a finding.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Evidence {
    pub layer: String,
    pub direction: String,
    pub written: String,
    pub payload: String,
    pub read: String,
}

/// A finding that a mark asks for.
#[derive(Debug, Clone)]
pub struct Mark {
    pub path: String,
    pub line: u32,
    pub rule: String,
    /// Part of the message.
    pub text: String,
}

/// The binary under test, to be run in `directory`.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protolint"));
    command.current_dir(directory).args(arguments).stdin(Stdio::null());
    command
}

/// What the binary under test says, run in `directory`.
pub fn protolint(directory: &Path, arguments: &[&str]) -> Output {
    command(directory, arguments).output().unwrap()
}

/// The findings of `protolint check --format json` with these arguments, run in `directory`.
pub fn check(directory: &Path, arguments: &[&str]) -> Vec<Finding> {
    check_with_input(directory, arguments, None)
}

/// The same with a file as standard input.
pub fn check_with_input(directory: &Path, arguments: &[&str], input: Option<&Path>) -> Vec<Finding> {
    findings_of("check", directory, arguments, input)
}

/// The findings of `protolint breaking --format json` with these arguments, run in `directory`.
pub fn breaking(directory: &Path, arguments: &[&str]) -> Vec<Finding> {
    findings_of("breaking", directory, arguments, None)
}

fn findings_of(subcommand: &str, directory: &Path, arguments: &[&str], input: Option<&Path>) -> Vec<Finding> {
    let mut all = vec![subcommand, "--format", "json", "--fail-on", "never"];
    all.extend(arguments);
    let mut command = command(directory, &all);
    if let Some(input) = input {
        command.stdin(File::open(input).unwrap());
    }
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let findings: Vec<Finding> = stdout.lines().map(parse).collect();
    let status = output.status.code();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(status == Some(0) || (status == Some(2) && !findings.is_empty()), "{arguments:?}: {status:?} {stderr}");
    findings
}

/// Writes files, by path relative to `directory`.
pub fn write(directory: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The marks of all files; `own` is the rule of marks that name none.
pub fn marks(files: &BTreeMap<String, String>, own: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (path, text) in files {
        for (line, number) in text.lines().zip(1..) {
            marks.extend(marks_of_line(line).map(|(rule, text)| Mark {
                path: path.clone(),
                line: number,
                rule: rule.unwrap_or(own).to_owned(),
                text: text.to_owned(),
            }));
        }
    }
    marks
}

/// Each mark of a line: the rule it names, and the part of the message it asks for.
fn marks_of_line(line: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let pieces = line.split("// error").flat_map(|piece| piece.split("# error")).skip(1);
    pieces.map(|piece| {
        let (rule, rest) = match piece.strip_prefix('[') {
            Some(rest) => rest.split_once(']').map_or((None, rest), |(rule, rest)| (Some(rule), rest)),
            None => (None, piece),
        };
        (rule, rest.strip_prefix(':').unwrap_or_default().trim())
    })
}

/// What differs between the findings and the marks, one line a difference; empty if nothing does.
pub fn differences(findings: &[Finding], marks: &[Mark]) -> String {
    let mut unexpected: Vec<&Finding> = findings.iter().collect();
    let mut missing = Vec::new();
    for mark in marks {
        let is_meant = |finding: &&Finding| {
            finding.path.as_deref() == Some(&mark.path)
                && finding.start_line == Some(mark.line)
                && finding.rule == mark.rule
                && finding.message.contains(&mark.text)
        };
        match unexpected.iter().position(is_meant) {
            Some(at) => drop(unexpected.remove(at)),
            None => missing.push(format!("missing: {}:{} {} {}\n", mark.path, mark.line, mark.rule, mark.text)),
        }
    }
    let unexpected = unexpected.iter().map(|finding| {
        let (path, line) = (finding.path.as_deref().unwrap_or("-"), finding.start_line.unwrap_or_default());
        format!("unexpected: {path}:{line} {} {}\n", finding.rule, finding.message)
    });
    missing.into_iter().chain(unexpected).collect()
}
