//! Changes of small schemas, each with what is found: `testdata/verdicts/NAME.txt` has both sides and the findings over all
//! layers, which `UPDATE_EXPECT=1` writes. What help says is done, too: what is ready to paste compiles and takes the
//! finding away.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use protolint::finding::{Finding, Layer};
use protolint::report::Report;
use protolint::{Policy, Project, Rules, compare};
use rayon::prelude::*;
use support::helps;

/// Texts by path.
type Files = BTreeMap<String, String>;

struct Case {
    path: PathBuf,
    before: Files,
    after: Files,
    /// The file up to the findings.
    head: String,
    findings: String,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/verdicts");
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Case {
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, findings) = text.split_once("-- findings\n").unwrap();
    let (mut before, mut after) = (Files::new(), Files::new());
    for section in head.split("-- ").skip(1) {
        let (title, text) = section.split_once('\n').unwrap();
        let (side, file) = title.split_once(' ').unwrap();
        let files = if side == "before" { &mut before } else { &mut after };
        files.insert(file.to_owned(), text.to_owned());
    }
    Case { before, after, head: head.to_owned(), findings: findings.to_owned(), path }
}

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
    for case in cases() {
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
    let of_cases = cases()
        .into_iter()
        .map(|case| (case.path.file_stem().unwrap().to_string_lossy().into_owned(), case.before, case.after));
    let of_pages = protolint::rules::breaking_rules().into_iter().flat_map(|rule| {
        let trees = support::pages::trees(rule.page.text);
        let before = trees.iter().find(|tree| tree.section == "Before").map(|tree| tree.files.clone());
        let after = trees.into_iter().filter(|tree| matches!(tree.section.as_str(), "After" | "Allowed"));
        let after: Vec<Files> = after.map(|tree| tree.files).collect();
        before.into_iter().flat_map(move |before| {
            after.clone().into_iter().map(move |after| (rule.id.to_owned(), before.clone(), after))
        })
    });
    let all: Vec<(String, Files, Files)> = of_cases.chain(of_pages).collect();
    let both_ways = all.into_par_iter().flat_map_iter(|(name, before, after)| {
        [faults_of_help(&name, &before, &after), faults_of_help(&name, &after, &before)]
    });
    let faults: String = both_ways.collect();
    assert!(faults.is_empty(), "\n{faults}");
}
