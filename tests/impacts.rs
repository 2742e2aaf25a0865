//! What changes break, and what is shown of that: the blocks of `testdata/impacts.txt`, and that no payload is shown that
//! is read as what was written.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;

use protolint::finding::{Direction, Layer};
use protolint::{Policy, Project, Report, compare, rules};
use support::{pages, tree};

const BLOCKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/impacts.txt");

/// A change.
struct Block {
    name: String,
    before: String,
    after: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let block = |block: &str| {
        let mut lines = block.lines();
        let mut next = |word: &str| lines.next().unwrap().strip_prefix(word).unwrap().to_owned();
        Block { name: next(""), before: next("before  "), after: next("after   ") }
    };
    text.split("\n\n").skip(1).map(block).collect()
}

/// `proto3 message M {…}` is short for the same after `syntax = "proto3";`, `2023` for an edition.
fn project(text: &str) -> Project {
    let (word, rest) = text.split_once(' ').unwrap();
    let header = if word.starts_with("proto") { "syntax" } else { "edition" };
    let text = format!("{header} = \"{word}\";\n{rest}\n");
    Project::in_memory(BTreeMap::from([("test.proto".to_owned(), text)]))
}

fn compared(before: &str, after: &str) -> Report {
    compare(&project(before), &project(after), &Policy::default())
}

/// Which data a layer loses, whatever finding says so.
fn broken(report: &Report, layer: Layer) -> &'static str {
    let has = |direction| {
        let mut changes = report.findings.iter().filter_map(|finding| finding.change.as_deref());
        changes.any(|change| change.verdict.has(layer, direction))
    };
    match Direction::ALL.map(has) {
        [true, true] => "both ways",
        [true, false] => "new code reads old data",
        [false, true] => "old code reads new data",
        [false, false] => "nothing",
    }
}

#[test]
fn changes_break_what_the_runtimes_lose() {
    let expected = std::fs::read_to_string(BLOCKS).unwrap();
    let mut shown = expected.split("\n\n").next().unwrap().trim_end().to_owned() + "\n";
    for Block { name, before, after } in blocks(&expected) {
        let report = compared(&before, &after);
        let [wire, json] = [Layer::Wire, Layer::Json].map(|layer| broken(&report, layer));
        write!(shown, "\n{name}\nbefore  {before}\nafter   {after}\nwire    {wire}\njson    {json}\n").unwrap();
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(BLOCKS, shown).unwrap();
    } else {
        assert!(shown == expected, "{shown}");
    }
}

/// Payloads that are read as what was written.
fn false_payloads(name: &str, report: &Report) -> Vec<String> {
    let shown = report.findings.iter().filter_map(|finding| Some((finding, finding.change.as_deref()?)));
    let payloads = shown.flat_map(|(finding, change)| change.evidence.iter().map(move |one| (finding, one)));
    let is_false = payloads.filter(|(_, one)| one.written == one.read);
    is_false.map(|(finding, one)| format!("{name}: {} {one:?}", finding.rule)).collect()
}

/// What is said to be broken of a layer, and shown by no payload.
fn unproven(name: &str, report: &Report) -> Vec<String> {
    let shown = report.findings.iter().filter_map(|finding| Some((finding, finding.change.as_deref()?)));
    let layers = shown.flat_map(|(finding, change)| change.verdict.layers().map(move |layer| (finding, change, layer)));
    let is_unproven = layers.filter(|(_, change, layer)| {
        matches!(layer, Layer::Wire | Layer::Json) && change.evidence.iter().all(|one| one.layer != *layer)
    });
    is_unproven.map(|(finding, _, layer)| format!("{name}: {} {}", finding.rule, layer.name())).collect()
}

#[test]
fn no_payload_shows_two_equal_values() {
    let mut faults = Vec::new();
    for Block { name, before, after } in blocks(&std::fs::read_to_string(BLOCKS).unwrap()) {
        for report in [compared(&before, &after), compared(&after, &before)] {
            faults.extend(false_payloads(&name, &report));
            faults.extend(unproven(&name, &report));
        }
    }
    let mut trees = 0;
    for rule in rules::breaking_rules() {
        let projects: Vec<Project> = pages::trees(rule.page.text)
            .into_iter()
            .map(|tree| tree.files.into_iter().filter(|(path, _)| path.ends_with(".proto")).collect::<BTreeMap<_, _>>())
            .filter(|files| !files.is_empty())
            .map(Project::in_memory)
            .collect();
        for (before, after) in projects.iter().flat_map(|one| projects.iter().map(move |other| (one, other))) {
            trees += 1;
            faults.extend(false_payloads(rule.id, &compare(before, after, &Policy::default())));
        }
    }
    assert!(trees > 200, "only {trees} pairs of trees were compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Each a change of one file, and a file beside it that is the same on both sides and makes something of it.
#[test]
fn changes_reach_files_that_did_not_change() {
    let changes = [
        (
            "enum E { A = 0; B = 1; }",
            "enum E { A = 0; B = 1; C = 2; }",
            "message Uses { required E e = 1; }",
            "REQUIRED_ENUM_VALUE_ADDED",
        ),
        (
            "message Old { extensions 100; } message Holder { optional Old o = 1; }",
            "message Old { extensions 100; } message New { extensions 100; } message Holder { optional New o = 1; }",
            "extend Old { optional int32 extra = 100; }",
            "FIELD_SAME_TYPE",
        ),
    ];
    for (before, after, beside, rule) in changes {
        let header = "syntax = \"proto2\";\npackage a;\n";
        let changed = |text: &str| format!("{header}{text}\n");
        let same = format!("{header}import \"changed.proto\";\n{beside}\n");
        let files = BTreeMap::from([
            ("before/changed.proto".to_owned(), changed(before)),
            ("before/same.proto".to_owned(), same.clone()),
            ("after/changed.proto".to_owned(), changed(after)),
            ("after/same.proto".to_owned(), same),
        ]);
        let directory = tree::project(&files);
        let arguments = ["after", "--against", "before", "--no-config", "--layers", "wire"];
        let found = support::breaking(directory.path(), &arguments);
        assert!(found.iter().any(|finding| finding.rule == rule), "{after} with {beside}: {found:#?}");
    }
}
