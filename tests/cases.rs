//! Runs every tree in `testdata/cases/`, and every file in `testdata/protovalidate/` as a tree of its own: what the
//! marks ask for is found, and nothing else.
//!
//! A case is a folder. Beside its schemas it may hold a `protolint.yaml`, `args` (arguments, one a line), and `stdin`,
//! the text that `-` reads. Without `args` it is run with `--use IMPORT_USED`, so that cases about the language need
//! not be stylish. A mark names its rule: `// error[RULE]`, or `// error[RULE]: part of the message`.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use support::tree;

fn testdata(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
    let mut entries: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// What differs between the findings and the marks of a case; empty if nothing does.
fn faults(case: &Path) -> String {
    let mut files = tree::files(case);
    let (arguments, input) = (files.remove("args"), files.remove("stdin"));
    let arguments = arguments.unwrap_or_else(|| "--use\nIMPORT_USED".to_owned());
    let arguments: Vec<&str> = arguments.lines().collect();
    let project = tree::project(&files);
    let findings = match input {
        None => support::check(project.path(), &arguments),
        Some(text) => {
            let path =
                arguments.iter().position(|argument| *argument == "--stdin-file-path").map(|at| arguments[at + 1]);
            files.insert(path.unwrap().to_owned(), text);
            support::check_with_input(project.path(), &arguments, Some(&case.join("stdin")))
        }
    };
    told(case, support::differences(&findings, &support::marks(&files, "")))
}

fn told(path: &Path, differences: String) -> String {
    if differences.is_empty() { differences } else { format!("{}\n{differences}", path.display()) }
}

#[test]
fn cases() {
    let faults: String = testdata("cases").into_par_iter().map(|case| faults(&case)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

/// There a mark asks for one finding or more on its line.
#[test]
fn protovalidate() {
    let in_file = |file: PathBuf| {
        let files = BTreeMap::from([("a.proto".to_owned(), std::fs::read_to_string(&file).unwrap())]);
        let mut findings = support::check(tree::project(&files).path(), &["--use", "PROTOVALIDATE"]);
        findings.dedup_by(|one, other| one.rule == other.rule && one.start_line == other.start_line);
        told(&file, support::differences(&findings, &support::marks(&files, "PROTOVALIDATE")))
    };
    let faults: String = testdata("protovalidate").into_par_iter().map(in_file).collect();
    assert!(faults.is_empty(), "\n{faults}");
}
