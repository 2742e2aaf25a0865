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

/// What differs between the findings and the marks of a tree; empty if nothing does.
fn faults(name: &str, mut files: BTreeMap<String, String>, usual: &[&str], own: &str) -> String {
    let arguments = files.remove("args");
    let input = files.remove("stdin");
    let project = tree::project(&files);
    let arguments: Vec<&str> = arguments.as_deref().map_or(usual.to_vec(), |arguments| arguments.lines().collect());
    let outside = tempfile::tempdir().unwrap();
    let input = input.map(|text| {
        if let Some(at) = arguments.iter().position(|argument| *argument == "--stdin-file-path") {
            files.insert(arguments[at + 1].to_owned(), text.clone());
        }
        let path = outside.path().join("stdin");
        std::fs::write(&path, text).unwrap();
        path
    });
    let findings = support::check_with_input(project.path(), &arguments, input.as_deref());
    let differences = support::differences(&findings, &support::marks(&files, own));
    if differences.is_empty() { differences } else { format!("{name}\n{differences}") }
}

#[test]
fn cases() {
    let faults: String = testdata("cases")
        .into_par_iter()
        .map(|case| faults(case.to_str().unwrap(), tree::files(&case), &["--use", "IMPORT_USED"], ""))
        .collect();
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn protovalidate() {
    let faults: String = testdata("protovalidate")
        .into_par_iter()
        .map(|file| {
            let name = file.file_name().unwrap().to_str().unwrap();
            let files = BTreeMap::from([(name.to_owned(), std::fs::read_to_string(&file).unwrap())]);
            faults(name, files, &["--use", "PROTOVALIDATE"], "PROTOVALIDATE")
        })
        .collect();
    assert!(faults.is_empty(), "\n{faults}");
}
