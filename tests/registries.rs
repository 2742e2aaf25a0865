//! What schema registries decide about changes: the blocks of `testdata/registries.txt`, and the table of
//! `rules/README.md`, which has a row for each. `REGISTRY_CASES=FILE` tries cases of your own: JSON, a list of objects
//! with `registry`, `before` and `after` (texts by path, of which `m.proto` is compared), and `backward` and `forward`,
//! whether the registry accepts that.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;

use protolint::{Policy, Project, compare};

const BLOCKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/registries.txt");
const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md");
const REGISTRIES: [&str; 4] = ["Confluent", "Redpanda", "Karapace", "Apicurio"];

type Files = BTreeMap<String, String>;

/// A change, and how it is written.
struct Block {
    name: String,
    sides: String,
    before: Files,
    after: Files,
}

/// `proto3 message M {…}` is short for the same after `syntax = "proto3";`; the name of another file can stand before it.
fn file(text: &str) -> (String, String) {
    let (first, rest) = text.split_once(' ').unwrap();
    if !first.ends_with(".proto") {
        return ("m.proto".to_owned(), format!("syntax = \"{first}\";\n{rest}\n"));
    }
    (first.to_owned(), file(rest).1)
}

fn blocks(text: &str) -> Vec<Block> {
    let block = |block: &str| {
        let mut lines = block.lines();
        let name = lines.next().unwrap().to_owned();
        let (mut before, mut after, mut sides) = (Files::new(), Files::new(), String::new());
        for line in lines {
            let (side, rest) = line.split_once(' ').unwrap();
            let files = match side {
                "before" => &mut before,
                "after" => &mut after,
                _ => continue,
            };
            files.extend([file(rest.trim_start())]);
            writeln!(sides, "{line}").unwrap();
        }
        Block { name, sides, before, after }
    };
    text.trim_end().split("\n\n").skip(1).map(block).collect()
}

/// What a rule or group says about a change: of each finding what the registry calls it, or else the rule.
fn found(before: &Files, after: &Files, rule: &str) -> Vec<String> {
    let project = |files: &Files| Project::in_memory(files.clone());
    let report = compare(&project(before), &project(after), &Policy::by_rules([rule]).unwrap().with_evidence(0));
    let of_rule = report.findings.iter().filter(|finding| finding.change.is_some());
    let code = |message: &str| message.rsplit_once("(`").map(|(_, code)| code.trim_end_matches("`)").to_owned());
    let mut codes: Vec<String> = of_rule
        .map(|finding| match finding.rule.ends_with("_COMPATIBLE") {
            true => code(&finding.message).unwrap(),
            false => finding.rule.to_owned(),
        })
        .collect();
    codes.sort();
    codes
}

fn decision(before: &Files, after: &Files, registry: &str, mode: &str) -> Vec<String> {
    found(before, after, &format!("{}_{mode}_COMPATIBLE", registry.to_uppercase()))
}

/// The cell of a registry, by what it rejects.
fn cell(backward: &[String], forward: &[String]) -> &'static str {
    match (backward.is_empty(), forward.is_empty()) {
        (true, true) => "",
        (false, true) => "backward",
        (true, false) => "forward",
        (false, false) => "both",
    }
}

#[test]
fn registries_decide_like_this() {
    let expected = std::fs::read_to_string(BLOCKS).unwrap();
    let mut shown = expected.split("\n\n").next().unwrap().trim_end().to_owned() + "\n";
    let mut table =
        "| change | Confluent | Redpanda | Karapace | Apicurio | CSR |\n|---|---|---|---|---|---|\n".to_owned();
    for Block { name, sides, before, after } in blocks(&expected) {
        write!(shown, "\n{name}\n{sides}").unwrap();
        let mut cells = Vec::new();
        for registry in REGISTRIES {
            let [backward, forward] = ["BACKWARD", "FORWARD"].map(|mode| decision(&before, &after, registry, mode));
            for (mode, codes) in [("BACKWARD", &backward), ("FORWARD", &forward)] {
                if !codes.is_empty() {
                    writeln!(shown, "{registry} {mode}: {}", codes.join(", ")).unwrap();
                }
            }
            cells.push(cell(&backward, &forward));
        }
        let csr = found(&before, &after, "CSR");
        if !csr.is_empty() {
            writeln!(shown, "CSR: {}", csr.join(", ")).unwrap();
        }
        cells.push(if csr.is_empty() { "" } else { "reported" });
        writeln!(table, "| {name} | {} |", cells.join(" | ")).unwrap();
    }
    let guide = std::fs::read_to_string(GUIDE).unwrap();
    let (begin, end) = ("<!-- registries: begin -->\n\n", "\n<!-- registries: end -->");
    let (head, rest) = guide.split_once(begin).unwrap();
    let (_, tail) = rest.split_once(end).unwrap();
    let with_table = format!("{head}{begin}{table}{end}{tail}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(BLOCKS, &shown).unwrap();
        std::fs::write(GUIDE, &with_table).unwrap();
    } else {
        assert!(shown == expected, "{shown}");
        assert!(guide == with_table, "{table}\nUPDATE_EXPECT=1 cargo test --test registries rewrites the table");
    }
}

/// A swapped pair is what the other direction is, and the same file twice is no change.
#[test]
fn forward_is_backward_with_the_sides_swapped() {
    for Block { name, before, after, .. } in blocks(&std::fs::read_to_string(BLOCKS).unwrap()) {
        for registry in REGISTRIES {
            let forward = decision(&before, &after, registry, "FORWARD");
            assert_eq!(forward, decision(&after, &before, registry, "BACKWARD"), "{registry}: {name}");
            assert!(decision(&before, &before, registry, "BACKWARD").is_empty(), "{registry}: {name}");
        }
    }
}

#[test]
fn cases_of_your_own_are_decided_alike() {
    let Some(path) = std::env::var_os("REGISTRY_CASES") else { return };
    let cases: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let (mut faults, mut decided) = (String::new(), 0);
    for case in &cases {
        let files = |side: &str| -> Files { serde_json::from_value(case[side].clone()).unwrap() };
        let (before, after) = (files("before"), files("after"));
        for mode in ["backward", "forward"] {
            let Some(accepts) = case[mode].as_bool() else { continue };
            let codes = decision(&before, &after, case["registry"].as_str().unwrap(), &mode.to_uppercase());
            decided += 1;
            if codes.is_empty() != accepts {
                writeln!(faults, "{mode} should be {accepts}, found {codes:?}: {case:#}").unwrap();
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    println!("{decided} decisions");
}
