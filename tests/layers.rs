//! Keeps the house in order: which layer may use which, which file may know which foreign crate, and how long a file
//! may be.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;

/// The layers from the top down, each with those it may use; none may use one that stands above it.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &["cli", "command"]),
    (
        "stages",
        &[
            "command", "compare", "config", "finding", "pattern", "project", "report", "rules", "run", "schema",
            "source",
        ],
    ),
    (
        "command",
        &[
            "cli", "compare", "config", "date", "finding", "fix", "pattern", "project", "report", "rules", "run",
            "schema", "source",
        ],
    ),
    ("cli", &[]),
    ("report", &["finding", "source"]),
    ("fix", &["finding", "schema", "source"]),
    ("project", &["finding", "pattern", "rules", "schema", "source"]),
    ("config", &["date", "finding", "pattern", "rules", "run", "source"]),
    ("run", &["compare", "date", "finding", "pattern", "rules", "schema", "source"]),
    ("rules", &["compare", "finding", "pattern", "schema", "source"]),
    ("compare", &["finding", "schema", "source"]),
    ("schema", &["source"]),
    ("finding", &["source"]),
    ("pattern", &[]),
    ("source", &[]),
    ("date", &[]),
];

/// Where each foreign crate may be named: a file, or with a `/` or `*` at the end whatever starts like that.
const HOMES: &[(&str, &[&str])] = &[
    ("clap", &["cli.rs", "cli/", "main.rs"]),
    ("clap_complete", &["command/completions.rs"]),
    ("clap_mangen", &["command/completions.rs"]),
    ("gix", &["project/git.rs", "project/git/"]),
    ("globset", &["pattern.rs"]),
    ("indicatif", &["command/progress.rs"]),
    ("memchr", &["source.rs", "schema/search.rs"]),
    // The parser speaks its error trait.
    ("miette", &["report/human/", "schema/parse.rs"]),
    ("mimalloc", &["main.rs"]),
    (
        "prost_reflect",
        &[
            "compare/evidence*",
            "schema/lower*",
            "schema/parse*",
            "schema/descriptor*",
            "rules/protovalidate*",
            "rules/lint/validation.rs",
        ],
    ),
    ("protox", &["schema/parse.rs"]),
    ("rayon", &["*"]),
    ("signal_hook", &["project/replace/unfinished.rs"]),
    ("tempfile", &["project/replace.rs", "project/replace/unfinished.rs"]),
    ("regex", &["rules/protovalidate*"]),
    ("rustc_hash", &["*"]),
    ("semver", &["config/sets.rs", "config/validate/version.rs"]),
    ("serde", &["command/rules.rs", "config/raw*", "report/gitlab.rs", "report/json.rs", "report/sarif*"]),
    ("serde_json", &["command/breaking/baseline/ci.rs", "command/rules.rs", "compare/evidence*", "report/json.rs"]),
    ("serde_yaml", &["config/raw*"]),
    ("similar", &["fix/diff.rs", "rules/nearest.rs"]),
    ("terminal_size", &["command/report.rs"]),
    ("walkdir", &["project/walk.rs"]),
];

/// The most lines a file may have.
const LONGEST: usize = 500;

struct Source {
    /// Below `src`, `/` between components.
    path: String,
    text: String,
    /// The text without comments.
    code: String,
}

fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&src).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let rust = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
        Source { path: file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/"), text, code }
    })
    .collect()
}

/// The unit tests of a module: they may use what the module may not.
fn is_test(source: &Source) -> bool {
    ["/tests.rs", "/tests/", "/generated.rs", "/generated/"].iter().any(|part| source.path.contains(part))
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn layers_use_only_what_lies_below_them() {
    let mention = Regex::new(r"\b(?:crate|protolint)::(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\w+))").unwrap();
    let (mut faults, mut all_used) = (Vec::new(), BTreeSet::new());
    for (at, (layer, below)) in LAYERS.iter().enumerate() {
        let is_lower = |used: &&str| LAYERS[at + 1..].iter().any(|(lower, _)| lower == used);
        faults.extend(
            below
                .iter()
                .filter(|used| !is_lower(used))
                .map(|used| format!("the table lets {layer} use {used}, which is above it")),
        );
    }
    for source in sources().iter().filter(|source| source.path != "lib.rs") {
        let layer = source.path.trim_end_matches(".rs").split('/').next().unwrap();
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            faults.push(format!("{}: layer `{layer}` is not in the table", source.path));
            continue;
        };
        let mentions = mention.captures_iter(&source.code).flat_map(|found| match (found.get(1), found.get(2)) {
            (Some(list), _) => heads(list.as_str()),
            (_, one) => vec![one.unwrap().as_str().to_owned()],
        });
        let used: BTreeSet<String> = mentions.filter(|used| used != layer).collect();
        let forbidden = used.iter().filter(|used| !below.contains(&used.as_str()));
        faults.extend(forbidden.map(|used| format!("{}: {layer} may not use {used}", source.path)));
        all_used.extend(used.into_iter().map(|used| (layer.to_owned(), used)));
    }
    for (layer, below) in LAYERS {
        let stale = below.iter().filter(|used| !all_used.contains(&((*layer).to_owned(), (**used).to_owned())));
        faults.extend(stale.map(|used| format!("the table lets {layer} use {used}, which it does not")));
    }
    report(&faults);
}

/// The first names of the items of a `use` list.
fn heads(list: &str) -> Vec<String> {
    let flat = Regex::new(r"\{[^{}]*\}").unwrap().replace_all(list, "");
    flat.split(',')
        .map(|item| item.trim().split([':', ' ']).next().unwrap().to_owned())
        .filter(|head| !head.is_empty())
        .collect()
}

#[test]
fn foreign_crates_stay_at_home() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let sections = manifest.split("\n[").filter_map(|section| section.split_once("]\n"));
    let sections = sections.filter(|(name, _)| *name == "dependencies" || name.ends_with(".dependencies"));
    let lines = sections.flat_map(|(_, section)| section.lines());
    let dependencies = lines.filter_map(|line| line.split_once(" =")).map(|(name, _)| name.replace('-', "_"));
    let sources = sources();
    let mut faults = Vec::new();
    for dependency in dependencies {
        let Some((_, homes)) = HOMES.iter().find(|(name, _)| *name == dependency) else {
            faults.push(format!("{dependency} has no home in the table"));
            continue;
        };
        let named = Regex::new(&format!(r"(?m)(?:^|[^\w:])(?:::)?{dependency}::|\buse (?:::)?{dependency}\b")).unwrap();
        let is_in = |home: &str, path: &str| match home.strip_suffix('*').or(home.ends_with('/').then_some(home)) {
            Some(start) => path.starts_with(start),
            None => path == home,
        };
        let using: Vec<&Source> = sources.iter().filter(|source| named.is_match(&source.code)).collect();
        let is_home = |path: &str| homes.iter().any(|home| is_in(home, path));
        let outside = using.iter().filter(|source| !is_home(&source.path) && !is_test(source));
        faults.extend(outside.map(|source| format!("{}: {dependency} belongs in {}", source.path, homes.join(", "))));
        let left = homes.iter().filter(|home| !using.iter().any(|source| is_in(home, &source.path)));
        faults.extend(left.map(|home| format!("nothing in {home} uses {dependency}")));
    }
    report(&faults);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let sources = sources();
    let mut faults = Vec::new();
    for source in &sources {
        let lines = source.text.lines().count();
        if lines > LONGEST {
            faults.push(format!("{}: {lines} lines, the most is {LONGEST}", source.path));
        }
        if !source.text.starts_with("//! ") {
            faults.push(format!("{}: does not open with `//!`", source.path));
        }
        if source.code.contains(".unwrap()") && !is_test(source) {
            faults.push(format!("{}: `unwrap()`; say with `expect` what holds", source.path));
        }
    }
    if faults.iter().any(|fault| fault.contains("lines")) {
        let long =
            sources.iter().map(|source| (source.text.lines().count(), &source.path)).filter(|(lines, _)| *lines > 300);
        faults.extend(long.map(|(lines, path)| format!("long: {path}, {lines} lines")));
    }
    report(&faults);
}
