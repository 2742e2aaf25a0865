//! What holds for the library: a project that is edited is as one that is opened so, whatever brought the texts, and
//! sections of a configuration that say the same as no sections find the same.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use protolint::source::{SourceFile, Sources};
use protolint::{Base, Format, FoundBase, Project, Report, Rules, Settings, Sides, config, render, rules};
use rayon::prelude::*;
use support::{pages, tree};

type Files = BTreeMap<String, String>;

fn printed(report: &Report) -> String {
    let mut out = Vec::new();
    render(Format::Json, report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The schemas of all pages, two trees with the same files each: what there is first, and what it becomes.
fn edits() -> Vec<(String, Files, Files)> {
    let mut edits = Vec::new();
    for rule in rules::lint_rules().into_iter().chain(rules::compile_rules()).chain(rules::breaking_rules()) {
        let trees = pages::trees(rule.page.text).into_iter().map(|tree| {
            let protos = tree.files.into_iter().filter(|(path, _)| path.ends_with(".proto"));
            protos.collect::<Files>()
        });
        let trees: Vec<Files> = trees.filter(|files| !files.is_empty()).collect();
        for (at, before) in trees.iter().enumerate() {
            let alike = trees.iter().filter(|after| after.keys().eq(before.keys()));
            edits.extend(alike.map(|after| (format!("{} {at}", rule.id), before.clone(), after.clone())));
        }
    }
    edits
}

/// The project with these texts laid over it.
fn edited(project: &Project, files: &Files, path: impl Fn(&str) -> PathBuf) -> Project {
    project.with_texts(files.iter().map(|(name, text)| (path(name), text.clone()))).unwrap()
}

#[test]
fn edited_is_as_opened() {
    let all = Rules::named(["ALL"]).unwrap();
    let edits = edits();
    assert!(edits.len() > 300, "only {} edits were tried", edits.len());
    let faults: Vec<String> = edits
        .into_par_iter()
        .filter_map(|(name, before, after)| {
            let project = Project::in_memory(before.clone());
            let paths: BTreeMap<String, PathBuf> = project
                .sources()
                .iter()
                .map(|(id, file)| (file.path().to_owned(), project.absolute(id).unwrap().to_owned()))
                .collect();
            let now = edited(&project, &after, |name| paths[name].clone()).lint(&all);
            let opened = Project::in_memory(after).lint(&all);
            (printed(&now) != printed(&opened)).then(|| format!("{name}\n{}---\n{}", printed(&now), printed(&opened)))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn edited_on_disk_is_as_written_to_it() {
    let all = Rules::named(["ALL"]).unwrap();
    let faults: Vec<String> = edits()
        .into_par_iter()
        .filter_map(|(name, before, after)| {
            let directory = tree::project(&before);
            let mut settings = Settings::default();
            settings.paths.push(directory.path().to_owned());
            let project = Project::open(&settings).unwrap();
            let now = edited(&project, &after, |name| directory.path().join(name)).lint(&all);
            support::write(directory.path(), &after);
            let opened = Project::open(&settings).unwrap().lint(&all);
            (printed(&now) != printed(&opened)).then(|| format!("{name}\n{}---\n{}", printed(&now), printed(&opened)))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn shop(side: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/shop").join(side)
}

/// The settings for a side of the shop, by a configuration of this text.
fn settings(side: &str, text: &str) -> Settings {
    let file = Sources::new().add(SourceFile::new("protolint.yaml".to_owned(), text.to_owned()));
    let mut settings = Settings::default();
    settings.paths.push(shop(side));
    settings.config = Arc::new(config::Config { directory: shop(side), ..config::parse(text, file).unwrap() });
    settings.base.against = Some(shop("before").to_str().unwrap().to_owned());
    settings
}

const NO_SCOPES: &str = "version: 1\n";
const SCOPES: &str =
    "version: 1\nscopes:\n  - {paths: [\"**/*a*\"], check: {}, breaking: {}}\n  - {paths: [\"**/*e*\"], check: {}}\n";

#[test]
fn scopes_that_say_nothing_change_nothing() {
    let lint = |text: &str| {
        let mut settings = settings("after", text);
        settings.rule_names.uses.push("ALL".to_owned());
        printed(&Project::open(&settings).unwrap().lint(&settings.rules().unwrap()))
    };
    assert!(!lint(NO_SCOPES).is_empty());
    assert_eq!(lint(NO_SCOPES), lint(SCOPES));
    let compare = |text: &str| {
        let settings = settings("after", text);
        let FoundBase::Base(mut base) = Base::find(&settings).unwrap() else { panic!("it is there") };
        let sides = Sides::open(&settings, &mut base, &|| ()).unwrap();
        printed(&sides.compare(&settings.policy().unwrap()))
    };
    assert!(!compare(NO_SCOPES).is_empty());
    assert_eq!(compare(NO_SCOPES), compare(SCOPES));
}

/// Two projects that were opened each for itself compare as two sides that were read together.
#[test]
fn projects_compare_as_sides_do() {
    let settings = settings("after", NO_SCOPES);
    let FoundBase::Base(mut base) = Base::find(&settings).unwrap() else { panic!("it is there") };
    let policy = settings.policy().unwrap();
    let together = Sides::open(&settings, &mut base, &|| ()).unwrap().compare(&policy);
    let before = Project::open_base(&settings).unwrap().unwrap();
    let apart = protolint::compare(&before, &Project::open(&settings).unwrap(), &policy);
    let told = |report: &Report| -> Vec<String> {
        let told = report.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message));
        told.collect()
    };
    assert!(!together.findings.is_empty());
    assert_eq!(told(&together), told(&apart));
}
