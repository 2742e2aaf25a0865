//! Runs the examples of every rule's page: what is marked is found, and nothing else.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use protolint::rules::{self, Rule};

/// What is wrong with a page's examples; empty if nothing is.
fn faults(rule: &Rule) -> String {
    let mut faults = String::new();
    let trees = support::pages::trees(rule.page.text);
    for tree in &trees {
        let directory = tempfile::tempdir().unwrap();
        support::write(directory.path(), &tree.files);
        let own = if rules::compile_rules().iter().any(|known| known.id == rule.id) { "" } else { rule.id };
        let uses = format!("STANDARD,FIELD_HOT_NUMBER,{own}");
        let findings = support::check(directory.path(), &["--use", uses.trim_end_matches(',')]);
        let marks = support::marks(&tree.files, rule.id);
        let differences = support::differences(&findings, &marks);
        if !differences.is_empty() {
            faults += &format!("{} / {}\n{differences}", rule.id, tree.section);
        }
        match tree.section.as_str() {
            "Bad" if !marks.iter().any(|mark| mark.rule == rule.id) => faults += "Bad flags nothing\n",
            "Good" if !marks.is_empty() => faults += "Good flags something\n",
            _ => {}
        }
    }
    let has = |section: &str| trees.iter().any(|tree| tree.section == section);
    let runs = has("Bad") && has("Good");
    let is_told = rule.page.text.contains("\n## Example\n");
    if !runs && !is_told {
        faults += &format!("{} needs a Bad and a Good example\n", rule.id);
    }
    faults
}

#[test]
fn examples_of_lint_pages() {
    let faults: String = rules::lint_rules().into_iter().map(faults).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn examples_of_compile_pages() {
    let faults: String = rules::compile_rules().into_iter().map(faults).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

/// What `breaking` says of a rule's changes between two trees; paths of the earlier one are as there.
fn changes(rule: &Rule, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<support::Finding> {
    let directory = tempfile::tempdir().unwrap();
    support::write(&directory.path().join("before"), before);
    support::write(&directory.path().join("after"), after);
    let arguments = ["--against", "../before", "--use", rule.id];
    let mut findings = support::breaking(&directory.path().join("after"), &arguments);
    for path in findings.iter_mut().filter_map(|finding| finding.path.as_mut()) {
        *path = path.trim_start_matches("../before/").to_owned();
    }
    findings
}

/// What is wrong with the examples of a rule about changes; empty if nothing is.
fn faults_of_change(rule: &Rule) -> String {
    let trees = support::pages::trees(rule.page.text);
    let Some(before) = trees.iter().find(|tree| tree.section == "Before") else {
        let is_told = rule.page.text.contains("\n## Example\n");
        return if is_told { String::new() } else { format!("{} needs an example\n", rule.id) };
    };
    let mut faults = String::new();
    let mut layers: BTreeSet<String> = BTreeSet::new();
    for tree in trees.iter().filter(|tree| matches!(tree.section.as_str(), "After" | "Allowed")) {
        let mut marks = support::marks(&tree.files, rule.id);
        if tree.section == "After" {
            // What is gone is reported where it was.
            marks.extend(support::marks(&before.files, rule.id));
        }
        if marks.is_empty() != (tree.section == "Allowed") {
            faults += &format!("{} / {} has the wrong marks\n", rule.id, tree.section);
        }
        let findings = changes(rule, &before.files, &tree.files);
        let differences = support::differences(&findings, &marks);
        if !differences.is_empty() {
            faults += &format!("{} / {}\n{differences}", rule.id, tree.section);
        }
        layers.extend(findings.into_iter().flat_map(|finding| finding.layers));
    }
    let listed: BTreeSet<String> = rule.page.layers().map(str::to_owned).collect();
    if listed != layers {
        faults += &format!("{}: the page lists the layers {listed:?}, its examples break {layers:?}\n", rule.id);
    }
    // Files that are the same byte by byte are not even looked at.
    let changed = |(path, text): (&String, &String)| {
        let more = if path.ends_with(".proto") { "\n// The same.\n" } else { "" };
        (path.clone(), format!("{text}{more}"))
    };
    let same = before.files.iter().map(changed).collect();
    let unchanged = changes(rule, &before.files, &same);
    if !unchanged.is_empty() {
        faults += &format!("{}: no change, and yet {unchanged:?}\n", rule.id);
    }
    faults
}

#[test]
fn examples_of_breaking_pages() {
    let faults: String = rules::breaking_rules().into_iter().map(faults_of_change).collect();
    assert!(faults.is_empty(), "\n{faults}");
}
