//! Runs every tree in `testdata/buf/` with the configuration of buf that it holds: what the marks ask for is found, and
//! nothing else; and the same once `init --from` has written a `protolint.yaml` in its place.
//!
//! A case is a folder like those of `testdata/cases`: `args` are arguments, one a line. One with `before` and `after`
//! is compared; what is gone is marked in `before`.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use support::{Finding, tree};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/buf");
    let mut cases: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 10);
    cases
}

/// The configuration of buf that is at the top of a tree.
fn configuration(directory: &Path) -> Option<&'static str> {
    ["buf.work.yaml", "buf.yaml"].into_iter().find(|name| directory.join(name).is_file())
}

/// Writes what the configuration says as a `protolint.yaml`, which then is nearer than that of buf.
fn convert(directory: &Path) {
    let from = configuration(directory).unwrap();
    let output = support::protolint(directory, &["init", "--from", from]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What is wrong with the configuration's own entries is reported of another file once it is converted.
fn without_configuration(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.rule != "CONFIG_UNUSED_IGNORE").collect()
}

fn compare(files: &BTreeMap<String, String>, is_converted: bool) -> Vec<Finding> {
    let project = tree::project(files);
    let after = project.path().join("after");
    if is_converted {
        convert(&after);
    }
    let mut findings = support::breaking(&after, &["--against", "../before/"]);
    for path in findings.iter_mut().filter_map(|finding| finding.path.as_mut()) {
        *path = match path.strip_prefix("../") {
            Some(before) => before.to_owned(),
            None => format!("after/{path}"),
        };
    }
    findings
}

/// What differs between the findings and the marks of a case; empty if nothing does.
fn faults(case: &Path, is_converted: bool) -> String {
    let mut files = tree::files(case);
    let arguments = files.remove("args").unwrap_or_default();
    let arguments: Vec<&str> = arguments.lines().collect();
    let mut marks = support::marks(&files, "");
    let findings = if files.keys().any(|path| path.starts_with("before/")) {
        compare(&files, is_converted)
    } else {
        let project = tree::project(&files);
        if is_converted {
            convert(project.path());
        }
        support::check(project.path(), &arguments)
    };
    let findings = if is_converted {
        marks.retain(|mark| mark.rule != "CONFIG_UNUSED_IGNORE");
        without_configuration(findings)
    } else {
        findings
    };
    let differences = support::differences(&findings, &marks);
    if differences.is_empty() { differences } else { format!("{}\n{differences}", case.display()) }
}

#[test]
fn as_buf_decides() {
    let faults: String = cases().into_par_iter().map(|case| faults(&case, false)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn what_init_writes_decides_alike() {
    // A file that is imported has only its own section here, which the written file says in a comment.
    const NO_COUNTERPART: &str = "breaking_modules";
    // Cases about which file counts have one of this tool's own, or name theirs.
    let is_plain = |case: &PathBuf| {
        let is_top = configuration(case).is_some() || configuration(&case.join("after")).is_some();
        is_top
            && !case.ends_with(NO_COUNTERPART)
            && !case.join("protolint.yaml").exists()
            && !case.join("args").exists()
    };
    let converted: Vec<PathBuf> = cases().into_iter().filter(is_plain).collect();
    assert!(converted.len() > 10);
    let faults: String = converted.into_par_iter().map(|case| faults(&case, true)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}
