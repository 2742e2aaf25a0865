//! However many scopes a configuration has, each file is looked at once, and schemas are paired once.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::compare::pairing::{Comparison, Pair};
use crate::config::{self, Config, Selection};
use crate::finding::Severity;
use crate::project::Project;
use crate::project::settings::Settings;
use crate::project::sides::Sides;
use crate::rules::{self, ChangeCx, Check, Cx, Reach, Rule};
use crate::schema::{File, Root, Schema};
use crate::source::{SourceFile, Sources};

/// How many scopes there are, each with a file.
const SCOPES: usize = 300;

fn files(option: &str) -> impl Iterator<Item = (String, String)> {
    (0..SCOPES).map(move |at| {
        let text = format!("syntax = \"proto3\";\npackage a{at}.v1;\nmessage A {{\n  string name = 1{option};\n}}\n");
        (format!("a{at}/v1/a.proto"), text)
    })
}

fn config() -> Config {
    let mut text = "version: 1\nscopes:\n".to_owned();
    for at in 0..SCOPES {
        let layers = if at % 2 == 0 { "[wire]" } else { "[json]" };
        let _ = writeln!(text, "  - {{paths: [a{at}], check: {{use: [MINIMAL]}}, breaking: {{layers: {layers}}}}}");
    }
    let file = Sources::new().add(SourceFile::new("protolint.yaml".to_owned(), text.clone()));
    config::parse(&text, file).expect("it has no faults")
}

fn settings() -> Settings {
    Settings { config: Arc::new(config()), ..Settings::default() }
}

/// A rule that is in no list.
fn rule(check: Check) -> &'static Rule {
    let page = rules::Page::parse(rules::find("PACKAGE_DEFINED").expect("it is there").page.text, "lint");
    Box::leak(Box::new(Rule { id: "COUNTED", page, check }))
}

/// Switches a rule on in every section.
fn switch_on(selection: &mut Selection, rule: &'static Rule) {
    selection.selected.push((rule, Severity::Error));
    selection.scopes.iter_mut().for_each(|scope| switch_on(scope, rule));
}

static FILES: AtomicUsize = AtomicUsize::new(0);
static ROOTS: AtomicUsize = AtomicUsize::new(0);
static SCHEMAS: AtomicUsize = AtomicUsize::new(0);

fn file(_: File<'_>, _: &mut Cx<'_>) {
    FILES.fetch_add(1, Ordering::Relaxed);
}

fn root(_: &Root<'_>, _: &mut Cx<'_>) {
    ROOTS.fetch_add(1, Ordering::Relaxed);
}

fn schema(_: &Schema, _: &mut Cx<'_>) {
    SCHEMAS.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn scopes_share_one_walk() {
    let mut rules = settings().rules().expect("the names are known");
    let checks = &[Check::File(file), Check::Root(Reach::Packages, root), Check::Schema(schema)];
    switch_on(&mut rules.selection, rule(Check::Each(checks)));
    let report = Project::in_memory(files("")).lint(&rules);
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let counts = [&FILES, &ROOTS, &SCHEMAS].map(|count| count.load(Ordering::Relaxed));
    assert_eq!(counts, [SCOPES, 1, 1]);
}

static COMPARISONS: AtomicUsize = AtomicUsize::new(0);
static PAIRS: AtomicUsize = AtomicUsize::new(0);

fn comparison<'s>(_: &'s Comparison<'s>, _: &mut ChangeCx<'s>) {
    COMPARISONS.fetch_add(1, Ordering::Relaxed);
}

fn pair<'s>(_: Pair<File<'s>>, _: &mut ChangeCx<'s>) {
    PAIRS.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn scopes_share_one_comparison() {
    let mut policy = settings().policy().expect("the names are known");
    switch_on(&mut policy.selection, rule(Check::Each(&[Check::Comparison(comparison), Check::FilePair(pair)])));
    let [before, after] = ["", " [json_name = \"other\"]"].map(|option| Project::in_memory(files(option)));
    let report = Sides::new(&before, &after).compare(&policy);
    // Every second scope is about JSON, which alone is broken.
    assert_eq!(report.findings.len(), SCOPES / 2, "{:?}", report.findings.first());
    assert_eq!([&COMPARISONS, &PAIRS].map(|count| count.load(Ordering::Relaxed)), [1, SCOPES]);
}
