//! What the language refuses, of the schemas in `testdata/protoc`: our findings against protoc's first error, of the
//! schemas as they are recorded and, where there is the protoc that recorded them, as it answers now.

mod counting;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::finding::{Finding, Severity};
use crate::rules::{Settings, compile_rules};
use crate::run::{self, Plan, Section};
use crate::schema::Fault;
use crate::schema::tests::load::{Loaded, accepted, load, schemas, testdata};
use crate::schema::tests::report;

/// The version that the records are from.
const VERSION: &str = "libprotoc 36.2";

/// The lines of our errors, 1-based, each with its message.
fn errors(folder: &str, name: &str) -> Vec<(u32, String)> {
    let loaded = load(folder, name);
    let line = |loaded: &Loaded, start: u32| {
        let source = loaded.sources.iter().find(|(_, source)| source.path() == name).expect("it was read").1;
        source.position(start).line
    };
    let told = |fault: &Fault| (line(&loaded, fault.span.start), fault.message.clone());
    let mut errors: Vec<(u32, String)> = loaded.faults.iter().map(told).collect();
    if !loaded.files.contains_key(name) {
        return errors;
    }
    let (schema, sources) = loaded.link(name);
    let rules = compile_rules().into_iter().map(|rule| (rule, rule.page.severity)).collect();
    let settings = Settings::default();
    let plan = Plan::whole(Section::plain(rules, &settings), &sources, &[]);
    let is_error =
        |finding: &Finding| finding.severity == Severity::Error || finding.rule == "COMPILE_IMPORT_NOT_FOUND";
    for finding in run::check(&schema, &plan).into_iter().filter(is_error) {
        let place = finding.place.expect("each stands in the file");
        let source = sources.get(place.file);
        errors.push((source.position(place.span.start).line, finding.message));
    }
    errors
}

/// What `exceptions.txt` says of a file: where our answer is another than protoc's, and why.
fn exceptions() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(testdata("exceptions.txt")).expect("there is one");
    let entries = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entry = |line: &str| line.split_once(": ").map(|(path, ours)| (path.to_owned(), ours.to_owned()));
    entries.map(|line| entry(line).unwrap_or_else(|| panic!("no exception: {line}"))).collect()
}

/// Our answer in the words of `exceptions.txt`, where it is not protoc's.
fn differs(theirs: Option<Option<u32>>, ours: &[(u32, String)]) -> Option<String> {
    match theirs {
        None => ours.first().map(|(line, message)| format!("line {line}, {message}")),
        Some(_) if ours.is_empty() => Some("silent".to_owned()),
        Some(Some(line)) if ours.iter().all(|(at, _)| *at != line) => Some(format!("line {}", ours[0].0)),
        Some(_) => None,
    }
}

#[test]
fn refused_is_what_protoc_refuses() {
    let mut exceptions = exceptions();
    let mut differences = Vec::new();
    let refused: Vec<(String, Option<Option<u32>>)> = schemas("refused")
        .map(|name| {
            let text = std::fs::read_to_string(testdata("refused").join(&name)).expect("readable");
            let answer = text.lines().last().and_then(|line| line.strip_prefix("// protoc ")).unwrap_or_default();
            assert!(!answer.is_empty(), "{name}: protoc takes it");
            let line = answer.split(':').next().and_then(|line| line.parse().ok());
            (format!("refused/{name}"), Some(line))
        })
        .collect();
    for (path, theirs) in accepted().map(|name| (format!("accepted/{name}"), None)).chain(refused) {
        let (folder, name) = path.split_once('/').expect("a folder");
        let found = differs(theirs, &errors(folder, name));
        match (found, exceptions.remove(&path)) {
            (Some(found), Some(known)) if known.starts_with(&format!("{found}: ")) => {}
            (None, None) => {}
            (Some(found), _) => differences.push(format!("{path}: {found}")),
            (None, Some(known)) => differences.push(format!("{path}: no longer an exception: {known}")),
        }
    }
    differences.extend(exceptions.keys().map(|path| format!("{path}: an exception without a schema")));
    report(&differences);
}

/// Copies a folder and what is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory of our own");
    for entry in from.read_dir().expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a directory of our own");
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "says why it was skipped")]
fn records_are_what_protoc_says_now() {
    let protoc = std::env::var("PROTOC").unwrap_or_else(|_| "protoc".to_owned());
    let version = Command::new(&protoc).arg("--version").output().map(|output| output.stdout);
    match version.as_deref().map(String::from_utf8_lossy) {
        Ok(version) if version.trim() == VERSION => {}
        Ok(version) => return eprintln!("skipped: `{protoc}` is {}, and the records are of {VERSION}", version.trim()),
        Err(error) => return eprintln!("skipped: `{protoc}` cannot be run: {error}"),
    }
    let directory = tempfile::tempdir().expect("a place for temporary files");
    copy(&testdata(""), directory.path());
    let status = match Command::new("bash").arg(directory.path().join("record")).env("PROTOC", &protoc).status() {
        Ok(status) => status,
        Err(error) => return eprintln!("skipped: no bash: {error}"),
    };
    assert!(status.success(), "recording fails");
    let names = accepted().map(|name| format!("accepted/{}", name.replace(".proto", ".txt")));
    let names =
        names.chain(schemas("refused").map(|name| format!("refused/{name}"))).chain(["editions.txt".to_owned()]);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let differs = |name: &String| read(&testdata(name)) != read(&directory.path().join(name));
    let differences: Vec<String> = names
        .filter(differs)
        .map(|name| format!("{name}: protoc says something else; run testdata/protoc/record"))
        .collect();
    report(&differences);
}
