//! Runs the examples of every rule's page: what is marked is found, and nothing else.

#![allow(clippy::unwrap_used)]

mod support;

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
