//! Changes of small schemas, each with what is found: `testdata/verdicts/NAME.txt` has both sides and the findings over all
//! layers, which `UPDATE_EXPECT=1` writes. What help says is done, too: what is ready to paste compiles and takes the
//! finding away.

#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Write;
use std::process::Command;

use protolint::finding::{Finding, Layer};
use protolint::report::Report;
use protolint::{Policy, Project, Rules, compare};
use rayon::prelude::*;
use support::cases::{self, Files};
use support::helps;

fn project(files: &Files) -> Project {
    Project::in_memory(files.iter().map(|(path, text)| (path.clone(), text.clone())))
}

fn compared(before: &Files, after: &Files) -> Report {
    compare(&project(before), &project(after), &Policy::by_layers(&Layer::ALL).with_evidence(0))
}

/// All findings, each with how much it matters by default.
fn shown(before: &Files, after: &Files) -> String {
    let by_default = compare(&project(before), &project(after), &Policy::default().with_evidence(0)).findings;
    let mut text = String::new();
    for finding in &compared(before, after).findings {
        let same = by_default.iter().find(|other| other.fingerprint() == finding.fingerprint());
        let severity = same.map_or("hidden", |same| same.severity.name());
        writeln!(text, "{severity} {}: {}", finding.rule, finding.message).unwrap();
        for line in finding.change.iter().filter_map(|change| change.breaks()) {
            writeln!(text, "  {line}").unwrap();
        }
        if let Some(help) = &finding.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    text
}

#[test]
fn changes_have_these_verdicts() {
    let mut faults = String::new();
    for case in cases::verdicts() {
        let found = shown(&case.before, &case.after);
        if found != case.findings && std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&case.path, format!("{}-- findings\n{found}", case.head)).unwrap();
        } else if found != case.findings {
            write!(faults, "{}\n{found}", case.path.display()).unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// What does not compile of a tree, by the rules of this crate, and by protoc where that is installed.
fn does_not_compile(files: &Files) -> Option<String> {
    let findings = project(files).lint(&Rules::named(["IMPORT_USED"]).unwrap()).findings;
    if let Some(finding) = findings.iter().find(|finding| finding.rule.starts_with("COMPILE")) {
        return Some(finding.message.clone());
    }
    if files.values().any(|text| text.contains("import \"buf/")) {
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    support::write(directory.path(), files);
    let mut protoc = Command::new("protoc");
    protoc.current_dir(directory.path()).args(["-I.", "--descriptor_set_out=set.binpb"]).args(files.keys());
    let output = protoc.output().ok()?;
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What is wrong with the help of the findings between two trees.
fn faults_of_help(name: &str, before: &Files, after: &Files) -> String {
    let report = compared(before, after);
    let mut faults = String::new();
    if does_not_compile(after).is_some() {
        return faults;
    }
    for finding in &report.findings {
        let Some(edited) = helps::applied(finding, after, &report.sources) else { continue };
        let help = finding.help.as_deref().unwrap_or_default();
        if let Some(fault) = does_not_compile(&edited) {
            writeln!(faults, "{name}: {}\n  help: {help}\n  does not compile: {fault}", finding.message).unwrap();
            continue;
        }
        let matters = |finding: &Finding| {
            let verdict = finding.change.as_ref().map(|change| change.verdict).unwrap_or_default();
            verdict.layers().any(|layer| layer != Layer::Source)
        };
        let fingerprint = finding.fingerprint();
        let stays =
            |left: &Finding| matters(left) && left.fingerprint() == fingerprint && left.change == finding.change;
        if matters(finding) && compared(before, &edited).findings.iter().any(stays) {
            writeln!(faults, "{name}: {}\n  help: {help}\n  changes nothing", finding.message).unwrap();
        }
    }
    faults
}

#[test]
fn what_help_says_to_add_compiles_and_helps() {
    let all = cases::all();
    // Also with what has nothing to do with them, where most is gone or another thing.
    let faults: Vec<String> = (0..all.len())
        .into_par_iter()
        .flat_map_iter(|at| {
            let (name, before, after) = &all[at];
            let strangers = [1, 7, 31].map(|step| &all[(at + step) % all.len()]);
            let strange =
                strangers.map(|(other, _, stranger)| faults_of_help(&format!("{name} and {other}"), before, stranger));
            [faults_of_help(name, before, after), faults_of_help(name, after, before)].into_iter().chain(strange)
        })
        .collect();
    let faults = faults.concat();
    assert!(faults.is_empty(), "\n{faults}");
}
