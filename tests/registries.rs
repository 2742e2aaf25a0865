//! What schema registries decide about changes: the blocks of `testdata/registries.txt`, and the table of
//! `rules/README.md`, which has a row for each. `REGISTRY_CASES=FILE` tries cases of your own: JSON, a list of objects
//! with `registry`, `before` and `after` (texts by path, of which `m.proto` is compared), and `backward` and `forward`,
//! whether the registry accepts that.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;

use protolint::finding::DirectionFilter;
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

/// The rules that report a change, with their messages.
fn reports(before: &Files, after: &Files, policy: &Policy) -> Vec<(&'static str, String)> {
    let project = |files: &Files| Project::in_memory(files.clone());
    let report = compare(&project(before), &project(after), &policy.clone().with_evidence(0));
    report.findings.into_iter().map(|finding| (finding.rule, finding.message)).collect()
}

fn rules(before: &Files, after: &Files, names: &[&str]) -> Vec<&'static str> {
    let policy = Policy::by_rules(names.iter().copied()).unwrap();
    reports(before, after, &policy).into_iter().map(|(rule, _)| rule).collect()
}

/// No registry sees all that breaks, so groups of registries leave the layers on; a rule's id does not.
#[test]
fn groups_report_beside_the_layers() {
    let before = Files::from([file("proto3 message M { string name = 1; int32 size = 2; }")]);
    let after = Files::from([file("proto3 message M { string title = 1; sint32 size = 2; }")]);
    let of_layers: Vec<&str> = reports(&before, &after, &Policy::default()).iter().map(|(rule, _)| *rule).collect();
    assert_eq!(of_layers, ["FIELD_REUSED", "FIELD_SAME_TYPE"]);
    let confluent = "CONFLUENT_BACKWARD_COMPATIBLE";
    let both = ["FIELD_REUSED", confluent, "FIELD_SAME_TYPE"];
    assert_eq!(rules(&before, &after, &["CONFLUENT"]), both);
    assert_eq!(rules(&before, &after, &[confluent]), [confluent]);
    assert_eq!(rules(&before, &after, &["CONFLUENT", "FIELD_SAME_TYPE"]), [confluent, "FIELD_SAME_TYPE"]);
    assert_eq!(Policy::by_rules(["CONFLUENT"]).unwrap().layers(), Policy::default().layers());
    assert!(Policy::by_rules([confluent]).unwrap().layers().is_none());
    let of_all = rules(&before, &after, &["ALL"]);
    assert!(of_all.iter().all(|rule| !rule.ends_with("_COMPATIBLE")), "{of_all:?}");
    let forward = Policy::by_rules(["CONFLUENT"]).unwrap().in_directions(DirectionFilter::Forward);
    assert!(reports(&before, &after, &forward).iter().any(|(rule, _)| *rule == confluent), "a mode is no direction");
}

/// What is rejected both ways is one finding, which says so.
#[test]
fn a_change_that_is_rejected_both_ways_is_one_finding() {
    let before = Files::from([file("proto3 message M { int32 a = 1; } message N { int32 n = 1; }")]);
    let after = Files::from([file("proto3 message M { string a = 1; }")]);
    let full = Policy::by_rules(["CONFLUENT_BACKWARD_COMPATIBLE", "CONFLUENT_FORWARD_COMPATIBLE"]).unwrap();
    let rejects = "Confluent rejects this under BACKWARD";
    let found = [
        format!("message `N` was deleted: {rejects} (`MESSAGE_REMOVED`)"),
        format!(
            "field `a` (1) of message `M` changed its type from `int32` to `string`: {rejects} and FORWARD (`FIELD_SCALAR_KIND_CHANGED`)"
        ),
    ];
    let messages: Vec<String> = reports(&before, &after, &full).into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages, found);
}

/// A change of an import is reported there, and once.
#[test]
fn imports_are_compared_for_themselves() {
    let side = |held: &str, extra: &str| {
        let main = format!("proto3 import \"d.proto\"; message M {{ d.D a = 1; {extra} }}");
        Files::from([file(&main), file(&format!("d.proto proto3 package d; message D {{ {held} n = 1; }}"))])
    };
    for registry in ["CONFLUENT", "REDPANDA", "KARAPACE"] {
        let rule = format!("{registry}_BACKWARD_COMPATIBLE");
        let found = reports(&side("int32", ""), &side("string", "int32 b = 2;"), &Policy::by_rules([rule]).unwrap());
        assert!(matches!(&found[..], [(_, message)] if message.contains("message `D`")), "{registry}: {found:?}");
    }
}

/// What depends on a missing import is not compared, and that is reported.
#[test]
fn what_is_not_compared_is_reported() {
    let side = |held: &str| Files::from([file(&format!("proto3 import \"d.proto\"; message M {{ {held} d = 1; }}"))]);
    for registry in REGISTRIES {
        let rule = format!("{}_BACKWARD_COMPATIBLE", registry.to_uppercase());
        let found = rules(&side("d.D"), &side("d.E"), &[&rule]);
        assert!(found.contains(&"NOT_COMPARED"), "{registry}: {found:?}");
        let is_textual = registry == "Apicurio";
        assert_eq!(found.contains(&&*rule), is_textual, "{registry}: {found:?}");
    }
}

/// Long chains and many ways to the same messages end soon, and no stack overflows.
#[test]
fn large_files_are_compared() {
    let text = |last: &str| {
        let chain = (0..3000).map(|at| format!("message M{at} {{ M{} a = 1; M{} b = 2; }}", at + 1, 3000 - at));
        let chain: String = chain.collect();
        Files::from([file(&format!("proto3 {chain} message M3000 {{ {last} a = 1; }}"))])
    };
    for registry in REGISTRIES {
        let found = decision(&text("int32"), &text("string"), registry, "BACKWARD");
        assert_eq!(found.len(), 1, "{registry}: {found:?}");
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
    assert!(decided > 0, "no case has `backward` or `forward`");
}
