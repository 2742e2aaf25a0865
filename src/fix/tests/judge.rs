//! What we make of a tree of files in memory.

use std::collections::BTreeMap;
use std::fmt;

use prost_reflect::DescriptorPool;

use crate::finding::Severity;
use crate::rules::{Rule, Settings};
use crate::run::{self, Plan, Section};
use crate::schema::Schema;
use crate::schema::tests::load::load_from;

/// Texts by path.
pub(super) type Files = BTreeMap<String, String>;

/// What the pool of descriptors cannot express, by a part of its message.
const BEYOND_DESCRIPTORS: [&str; 4] = [
    // Its text format is narrower than protobuf's.
    "invalid value of type",
    // The words `inf` and `nan` are no values to it.
    "expected a value of type",
    // Numbers of message sets go further than those of other messages.
    "invalid field number",
    // It holds keys in JSON that differ in their case alone for the same.
    "camel-case name of field",
];

pub(super) fn is_beyond_descriptors(error: &str) -> bool {
    BEYOND_DESCRIPTORS.iter().any(|part| error.contains(part))
}

/// Something found in a file.
pub(super) struct Told {
    path: String,
    /// 1-based; 0 where there is no place.
    pub(super) line: u32,
    rule: &'static str,
    pub(super) message: String,
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} {}", self.path, self.line, self.rule, self.message)
    }
}

pub(super) struct Ours {
    /// None where a file cannot be read.
    pub(super) schema: Option<Schema>,
    /// What keeps the files from being taken.
    pub(super) faults: Vec<Told>,
    /// All that was found.
    pub(super) all: Vec<Told>,
}

/// Reads files with what they import and checks them.
pub(super) fn judge(files: &Files, names: &[&str], rules: &[&'static Rule]) -> Ours {
    let loaded = load_from(names, &|path| files.get(path).cloned());
    let of_file = |loaded: &crate::schema::tests::load::Loaded, name: &str, at: u32| {
        let source = loaded.sources.iter().find(|(_, source)| source.path() == name);
        source.map_or(0, |(_, source)| source.position(at).line)
    };
    let broken = names.iter().find(|name| !loaded.files.contains_key(**name));
    let mut faults: Vec<Told> = Vec::new();
    for fault in &loaded.faults {
        // Faults do not say whose they are; where there is one target file, it is that one.
        let path = broken.copied().unwrap_or(names[0]);
        let line = of_file(&loaded, path, fault.span.start);
        faults.push(Told { path: path.to_owned(), line, rule: "COMPILE_SYNTAX", message: fault.message.clone() });
    }
    if broken.is_some() {
        let all =
            faults.iter().map(|fault| Told { path: fault.path.clone(), message: fault.message.clone(), ..*fault });
        return Ours { schema: None, all: all.collect(), faults };
    }
    let (schema, sources) = loaded.link_all(names);
    let settings = Settings::default();
    let rules = rules.iter().map(|rule| (*rule, rule.page.severity)).collect();
    let plan = Plan::whole(Section::plain(rules, &settings), &sources, &[]);
    let mut all = Vec::new();
    for finding in run::check(&schema, &plan) {
        let place = finding.place.map(|place| (sources.get(place.file), place.span.start));
        let told = |message: String| Told {
            path: place.map_or(String::new(), |(source, _)| source.path().to_owned()),
            line: place.map_or(0, |(source, start)| source.position(start).line),
            rule: finding.rule,
            message,
        };
        let is_compile = finding.rule.starts_with("COMPILE_");
        if is_compile && (finding.severity == Severity::Error || finding.rule == "COMPILE_IMPORT_NOT_FOUND") {
            faults.push(told(finding.message.clone()));
        }
        all.push(told(finding.message));
    }
    Ours { schema: Some(schema), faults, all }
}

impl Ours {
    /// Makes descriptors of the schema and links them.
    pub(super) fn descriptors(&self) -> Result<(), String> {
        let Some(schema) = &self.schema else { return Ok(()) };
        let mut pool = DescriptorPool::new();
        for file in schema.files().flat_map(|file| file.closure()) {
            if pool.get_file_by_name(file.name()).is_none() {
                file.add_to(&mut pool)?;
            }
        }
        Ok(())
    }
}
