//! Generated pairs of rules: what the comparison says of them obeys laws, and its cases can be written for another
//! implementation to judge (`tests/validation/compare.py`).

#![allow(clippy::unwrap_used)]

mod generate;

use std::fmt::Write;
use std::path::PathBuf;

use prost_reflect::prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};

use super::messages::Messages;
use super::{Refusal, Rules, refusal};
use crate::rules::protovalidate::evaluate::{Focus, Outcome};
use crate::schema::tests::random::Random;
use crate::schema::{self, ParsedFile, Schema};
use crate::source::SourceFile;

fn schema_of(text: &str) -> Schema {
    let (mut file, faults) = schema::parse(&SourceFile::new("test.proto".to_owned(), text.to_owned()));
    assert!(faults.is_empty(), "{faults:?}\n{text}");
    file.identify("test.proto".to_owned(), None);
    let mut files: Vec<ParsedFile> = vec![file];
    let mut at = 0;
    while at < files.len() {
        let names: Vec<String> = files[at].imports().map(str::to_owned).collect();
        for name in names {
            if files.iter().all(|file| file.name() != name) {
                files.push(schema::built_in(&name).unwrap());
            }
        }
        at += 1;
    }
    files.sort_by(|one, other| one.name().cmp(other.name()));
    Schema::link_one_root(files)
}

fn rules_of(text: &str) -> Rules {
    let schema = schema_of(text);
    let mut pool = DescriptorPool::new();
    let file = schema.files().find(|file| file.name() == "test.proto").unwrap();
    for reached in file.closure() {
        reached.add_to(&mut pool).unwrap_or_else(|why| panic!("{why}\n{text}"));
    }
    Rules::new(pool)
}

fn verdict(outcome: &Outcome) -> &'static str {
    match outcome {
        outcome if outcome.accepts() => "accept",
        // What cannot be decided may refuse as well.
        outcome if outcome.refuses() => "refuse",
        _ => "undecided",
    }
}

fn hex(message: &DynamicMessage) -> String {
    message.encode_to_vec().iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    })
}

/// The same under another name.
fn package(text: &str, name: &str) -> String {
    format!("syntax = \"proto3\";\npackage {name};\n{text}")
}

/// Writes cases where VALIDATION_CASES says.
#[test]
#[ignore = "writes files for tests/validation/compare.py"]
fn writes_cases() {
    let Some(directory) = std::env::var_os("VALIDATION_CASES").map(PathBuf::from) else { return };
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (count, seed) = (number("VALIDATION_PAIRS", 2_000), number("VALIDATION_SEED", 1));
    let pairs: Vec<[String; 2]> =
        (0..count).map(|at| generate::pair(&mut Random::new(seed * 1_000_000 + at), at)).collect();
    let texts = [0, 1].map(|side| pairs.iter().map(|pair| pair[side].as_str()).collect::<String>());
    let names = ["before", "after"];
    let mut rules = Vec::new();
    for (name, text) in names.iter().zip(&texts) {
        let whole = package(&format!("{}{text}", generate::HEADER), name);
        std::fs::write(directory.join(format!("{name}.proto")), &whole).unwrap();
        rules.push(rules_of(&whole));
    }
    let (mut cases, mut counts) = (String::new(), [0_usize; 3]);
    for at in 0..count {
        write_pair(&format!("P{at}"), [&rules[0], &rules[1]], &mut cases, &mut counts);
    }
    std::fs::write(directory.join("cases.tsv"), cases).unwrap();
    let counts = format!("{count} pairs: {} refusals shown, {} possible, {} none\n", counts[0], counts[1], counts[2]);
    std::fs::write(directory.join("counts.txt"), counts).unwrap();
}

fn write_pair(name: &str, rules: [&Rules; 2], cases: &mut String, counts: &mut [usize; 3]) {
    let names = ["before", "after"];
    for direction in [[0, 1], [1, 0]] {
        let [from, to] = direction.map(|side| rules[side].message(&format!("{}.{name}", names[side])).unwrap());
        let messages = Messages { writer: from.version(), reader: to.version() };
        let mut case = |message: &DynamicMessage, kind: &str| {
            let Some(read) = messages.read(message) else { return };
            for (side, of, message) in [(direction[0], &from, message), (direction[1], &to, &read)] {
                let verdict = verdict(&of.evaluator.whole(message));
                writeln!(cases, "{name}\t{}\t{kind}\t{}\t{verdict}", names[side], hex(message)).unwrap();
            }
        };
        let all = focuses_between(name, rules, names);
        for focus in &all {
            let candidates = messages.candidates(focus);
            let step = candidates.len().div_ceil(24).max(1);
            candidates.iter().step_by(step).for_each(|message| case(message, "sample"));
            match refusal(&from, &to, focus) {
                Refusal::None => counts[2] += 1,
                Refusal::Possible => counts[1] += 1,
                Refusal::Shown(witness) => {
                    counts[0] += 1;
                    case(&witness.message, "witness");
                    let verdict_of = |side: usize, of: &super::Of<'_>, message: &DynamicMessage| {
                        (side, verdict(&of.evaluator.whole(message)))
                    };
                    let read = messages.read(&witness.message).unwrap();
                    assert_ne!(verdict_of(direction[0], &from, &witness.message).1, "refuse", "{name}");
                    assert_eq!(verdict_of(direction[1], &to, &read).1, "refuse", "{name}");
                }
            }
        }
    }
}

/// The parts of both versions of a message, which is in these packages.
fn focuses_between(name: &str, rules: [&Rules; 2], packages: [&str; 2]) -> Vec<Focus> {
    let mut unique: Vec<Focus> = vec![Focus::Message];
    for (package, rules) in packages.into_iter().zip(rules) {
        let of = rules.message(&format!("{package}.{name}")).unwrap().message;
        let fields = of.fields().map(|field| Focus::Field { number: field.number(), is_deep: true });
        let oneofs =
            of.oneofs().filter(|oneof| !oneof.is_synthetic()).map(|oneof| Focus::Oneof(oneof.name().to_owned()));
        for focus in fields.chain(oneofs) {
            if !unique.contains(&focus) {
                unique.push(focus);
            }
        }
    }
    unique
}

/// The schema of a version in the table.
fn version(kind: &str, rules: &str) -> String {
    let body = match (kind, rules) {
        ("-", body) => body.to_owned(),
        (kind, "") => format!("{kind} f = 1;"),
        (kind, rules) => format!("{kind} f = 1 [(buf.validate.field) = {{{rules}}}];"),
    };
    package(&format!("{}message M {{ {body} }}\n", generate::HEADER), "v")
}

/// What one side refuses of what the other may send, as the table has it: the simplest message of all parts.
fn refused(writer: &Rules, reader: &Rules) -> String {
    let [from, to] = [writer, reader].map(|rules| rules.message("v.M").unwrap());
    let mut found = "-".to_owned();
    for focus in focuses_between("M", [writer, reader], ["v", "v"]) {
        match refusal(&from, &to, &focus) {
            Refusal::Shown(witness) => return witness.written,
            Refusal::Possible => found = "?".to_owned(),
            Refusal::None => {}
        }
    }
    found
}

#[test]
fn table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/validation.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let line = |line: &str| {
        let columns: Vec<&str> = line.split(" |").map(str::trim).collect();
        let [kind, before, after, ..] = columns[..] else { return line.to_owned() };
        if line.starts_with('#') {
            return line.to_owned();
        }
        let [old, new] = [before, after].map(|rules| rules_of(&version(kind, rules)));
        let (tighter, looser) = (refused(&old, &new), refused(&new, &old));
        for rules in [&old, &new] {
            assert!(!refused(rules, rules).starts_with('{'), "{line} with itself");
        }
        format!("{kind} | {before} | {after} | {tighter} | {looser}")
    };
    let found: String = text.lines().map(|text| line(text) + "\n").collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    let differing = |(one, other): (&str, &str)| (one != other).then(|| format!("- {one}\n+ {other}\n"));
    let differences: String = text.lines().zip(found.lines()).filter_map(differing).collect();
    assert!(differences.is_empty() || std::env::var_os("UPDATE_EXPECT").is_some(), "\n{differences}");
}

/// What is shown is accepted by its writer and refused by its reader, and rules refuse nothing that they accept.
#[test]
fn laws_of_generated_pairs() {
    let mut shown = 0;
    for at in 0..60 {
        let pair = generate::pair(&mut Random::new(7_000_000 + at), at);
        let [old, new] = pair.map(|text| rules_of(&package(&format!("{}{text}", generate::HEADER), "v")));
        let name = format!("P{at}");
        for (writer, reader) in [(&old, &new), (&new, &old), (&old, &old), (&new, &new)] {
            let [from, to] = [writer, reader].map(|rules| rules.message(&format!("v.{name}")).unwrap());
            for focus in focuses_between(&name, [writer, reader], ["v", "v"]) {
                let Refusal::Shown(witness) = refusal(&from, &to, &focus) else { continue };
                shown += 1;
                assert!(!std::ptr::eq(writer, reader), "{name} {focus:?}: {}", witness.written);
                assert!(!from.evaluator.whole(&witness.message).refuses(), "{name} {focus:?}: {}", witness.written);
                let mut read = DynamicMessage::new(to.message.clone());
                read.transcode_from(&witness.message).unwrap();
                assert!(to.evaluator.whole(&read).refuses(), "{name} {focus:?}: {}", witness.written);
            }
        }
    }
    assert!(shown > 40, "{shown}");
}

#[test]
fn patterns() {
    use crate::cel::re2::includes;
    let includes_it =
        [("", "a"), ("a", "a"), ("^a", "^a$"), ("[a-c]", "^[ab]+$"), ("^.*$", "^[^\n]$"), ("^a*$", "^(a|aa)$")];
    for (outer, inner) in includes_it {
        assert_eq!(includes(outer, inner), Some(true), "{outer} {inner}");
    }
    for (outer, inner) in
        [("^a$", "^a"), ("a", ""), ("^[a-z]{2}$", "^[a-z]{2,3}$"), ("^(?i)a$", "^[Aab]$"), ("^.$", "^(?s).$")]
    {
        assert_eq!(includes(outer, inner), Some(false), "{outer} {inner}");
    }
    assert_eq!(includes("\\ba", "a"), None);
}
