//! Keeps the house in order: which layer may use which, which file may know which foreign crate, and how long a file
//! may be.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;

/// The layers from the top down, each with those it may use; none may use one that stands above it.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "changelog",
            "config",
            "error",
            "finding",
            "fix",
            "history",
            "lsp",
            "nearest",
            "payload",
            "project",
            "report",
            "rules",
            "run",
            "source",
        ],
    ),
    ("lsp", &["error", "finding", "fix", "format", "ide", "project", "report", "rules", "run", "source", "syntax"]),
    ("fuzzing", &["cel", "format", "payload", "schema", "syntax"]),
    ("ide", &["config", "error", "finding", "fix", "project", "report", "rules", "run", "schema", "source", "syntax"]),
    (
        "fix",
        &[
            "config", "error", "finding", "format", "history", "project", "report", "rules", "run", "schema", "source",
            "syntax",
        ],
    ),
    ("changelog", &["compare", "finding", "project", "report", "rules", "run", "schema", "source", "syntax"]),
    (
        "run",
        &[
            "compare", "config", "date", "error", "finding", "history", "nearest", "pattern", "project", "report",
            "rules", "schema", "source",
        ],
    ),
    (
        "project",
        &[
            "config", "date", "error", "finding", "format", "history", "nearest", "pattern", "report", "rules",
            "schema", "source",
        ],
    ),
    ("report", &["finding", "history", "payload", "rules", "source"]),
    ("config", &["date", "error", "finding", "format", "nearest", "pattern", "rules", "source"]),
    ("rules", &["cel", "compare", "finding", "format", "nearest", "pattern", "schema", "source", "syntax"]),
    ("compare", &["finding", "nearest", "schema", "source"]),
    ("history", &["date", "nearest", "schema", "source"]),
    ("payload", &["nearest", "schema", "source"]),
    ("schema", &["source", "syntax"]),
    ("format", &["source", "syntax"]),
    ("syntax", &["nearest", "source"]),
    ("finding", &["source"]),
    ("cel", &[]),
    ("nearest", &[]),
    ("pattern", &[]),
    ("source", &[]),
    ("error", &[]),
    ("date", &[]),
    ("nearest", &[]),
];

/// The groups of files below `schema` from the top down: their files, and the groups they may use beside themselves.
/// `schema` is what `schema.rs` itself declares or hands on.
const SCHEMA: &[(&str, &[&str], &[&str])] = &[
    (
        "handles",
        &[
            "annotation",
            "default",
            "descriptor",
            "element",
            "extensions",
            "features",
            "field_behavior",
            "json",
            "locate",
            "option",
            "reached",
            "reserved",
            "resource",
            "root",
            "standard",
        ],
        &["schema", "parse", "link", "index", "data"],
    ),
    ("parse", &["comment", "descriptor_set", "judge", "lower", "parse"], &["data"]),
    ("link", &["link"], &["index", "data", "ground"]),
    ("index", &["member_index"], &["data"]),
    ("data", &["data"], &["ground"]),
    ("ground", &["graph", "kinds"], &[]),
];

/// Imports that run up nevertheless: the directives of a file are made, kept and handed out in one place, and the types
/// that are built in are linked before they explain the options of a set.
const SCHEMA_EXCEPTIONS: &[(&str, &str)] = &[
    ("comment", "element"),
    ("data", "comment"),
    ("descriptor_set", "FieldType"),
    ("descriptor_set", "Schema"),
    ("descriptor_set", "self"),
];

/// The files below `config` from the top down; each may use those after it, and nothing that `config.rs` hands on.
const CONFIG: &[&str] = &[
    "editor_config",
    "convert",
    "discover",
    "earlier",
    "keys",
    "buf",
    "json_schema",
    "validate",
    "shared",
    "selection",
    "init",
    "exceptions",
    "reader",
    "raw",
    "spans",
    "names",
    "model",
    "breaking",
    "check",
    "history",
    "sets",
    "own",
    "buf_version",
    "files",
];

/// Where each foreign crate may be named: a file, or with a `/` or `*` at the end whatever starts like that.
const HOMES: &[(&str, &[&str])] = &[
    ("clap", &["cli/args.rs", "cli/args/"]),
    ("clap_complete", &["cli/completions.rs"]),
    ("clap_mangen", &["cli/completions.rs"]),
    ("gix", &["project/git.rs", "project/git/"]),
    ("gen_lsp_types", &["lsp/"]),
    ("globset", &["pattern.rs"]),
    ("indicatif", &["cli/progress.rs"]),
    ("lsp_server", &["lsp/"]),
    ("memchr", &["source.rs", "schema/comment.rs", "syntax/comments.rs", "syntax/lexer.rs"]),
    ("miette", &["report/human/", "schema/judge.rs"]),
    ("mimalloc", &["main.rs"]),
    ("percent_encoding", &["lsp/uri.rs"]),
    (
        "prost_reflect",
        &[
            "cel/",
            "compare/evidence*",
            "payload/json.rs",
            "schema/lower*",
            "schema/parse*",
            "schema/descriptor*",
            "rules/protovalidate*",
            "rules/breaking/validation/rule_sets.rs",
            "rules/lint/validation.rs",
        ],
    ),
    ("protox", &["schema/judge.rs", "schema/parse.rs"]),
    ("rayon", &["*"]),
    ("signal_hook", &["project/replace/unfinished.rs"]),
    ("tempfile", &["project/replace.rs", "project/replace/unfinished.rs"]),
    ("regex", &["cel/pattern.rs", "cel/re2/class.rs", "rules/protovalidate/evaluate/text.rs"]),
    ("regex_syntax", &["cel/re2/automaton.rs"]),
    ("rustc_hash", &["*"]),
    ("semver", &["config/sets.rs", "config/validate/version.rs"]),
    (
        "serde",
        &[
            "config/raw*",
            "lsp/",
            "report/changelog/json.rs",
            "report/deprecated_list.rs",
            "report/examples.rs",
            "report/gitlab.rs",
            "report/go_tool.rs",
            "report/json.rs",
            "report/history.rs",
            "report/payload/",
            "report/rule_list.rs",
            "report/sarif*",
        ],
    ),
    // It only selects features: see `Cargo.toml`.
    ("serde_core", &[]),
    (
        "serde_json",
        &[
            "cli/ci.rs",
            "compare/evidence*",
            "config/json_schema*",
            "lsp/",
            "payload/json.rs",
            "report/deprecated_list.rs",
            "report/examples.rs",
            "report/history.rs",
            "report/json.rs",
            "report/payload/",
            "report/rule_list.rs",
        ],
    ),
    ("serde_yaml", &["config/raw*"]),
    ("similar", &["fix/diff.rs", "nearest.rs"]),
    ("terminal_size", &["cli/terminal.rs"]),
    ("walkdir", &["project/walk.rs"]),
    ("zlib_rs", &["payload/input/gzip.rs"]),
];

/// The most lines a file may have.
const MAX_LINES: usize = 500;

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

/// What a file below a module at the top names of that module: other files, and what the module itself has.
fn used_of_module(source: &Source) -> BTreeSet<String> {
    let module = source.path.split('/').next().unwrap();
    let mention =
        Regex::new(&format!(r"\b((?:super::)+|crate::{module}::)(?:\{{((?:[^{{}}]|\{{[^{{}}]*\}})*)\}}|(\w+))"))
            .unwrap();
    let depth = source.path.matches('/').count();
    let above = |prefix: &str| prefix.starts_with("crate") || prefix.matches("super").count() == depth;
    let code = source.code.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let named = mention.captures_iter(code).filter(|found| above(&found[1]));
    named
        .flat_map(|found| match (found.get(2), found.get(3)) {
            (Some(list), _) => heads(list.as_str()),
            (_, one) => vec![one.unwrap().as_str().to_owned()],
        })
        .collect()
}

#[test]
fn parts_of_the_schema_use_only_what_lies_below_them() {
    let group_of = |file: &str| SCHEMA.iter().position(|(_, files, _)| files.contains(&file));
    let sources = sources();
    let (mut faults, mut used, mut exceptions) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (at, (group, _, below)) in SCHEMA.iter().enumerate() {
        let is_lower = |name: &str| name == "schema" || SCHEMA[at + 1..].iter().any(|(lower, ..)| *lower == name);
        let raised = below.iter().filter(|name| !is_lower(name));
        faults.extend(raised.map(|name| format!("the table lets {group} use {name}, which is above it")));
    }
    for source in sources.iter().filter(|source| source.path.starts_with("schema/") && !is_test(source)) {
        let file = source.path["schema/".len()..].trim_end_matches(".rs").split('/').next().unwrap();
        let Some(own) = group_of(file) else {
            faults.push(format!("{}: `{file}` is in no group of the table", source.path));
            continue;
        };
        let (group, _, below) = SCHEMA[own];
        for named in used_of_module(source) {
            let name = group_of(&named).map_or("schema", |at| SCHEMA[at].0);
            if let Some(exception) = SCHEMA_EXCEPTIONS.iter().find(|(from, to)| (*from, *to) == (file, &named)) {
                exceptions.insert(*exception);
            } else if name != group && !below.contains(&name) {
                faults.push(format!("{}: {group} may not use {name} (`{named}`)", source.path));
            }
            used.insert((group, name));
        }
    }
    for (group, _, below) in SCHEMA {
        let stale = below.iter().filter(|name| !used.contains(&(*group, **name)));
        faults.extend(stale.map(|name| format!("the table lets {group} use {name}, which it does not")));
    }
    let stale = SCHEMA_EXCEPTIONS.iter().filter(|exception| !exceptions.contains(exception));
    faults.extend(stale.map(|(from, to)| format!("{from} no longer uses {to}")));
    report(&faults);
}

#[test]
fn files_of_the_configuration_use_only_those_below_them() {
    let position = |file: &str| CONFIG.iter().position(|name| *name == file);
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("config/") && !is_test(source)) {
        let file = source.path["config/".len()..].trim_end_matches(".rs").split('/').next().unwrap();
        let Some(own) = position(file) else {
            faults.push(format!("{}: `{file}` is not in the list", source.path));
            continue;
        };
        let forbidden = |used: &String| position(used).is_none_or(|used| used < own);
        let used = used_of_module(source).into_iter().filter(forbidden);
        faults.extend(used.map(|used| format!("{}: `{file}` may not use `{used}`", source.path)));
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
        if lines > MAX_LINES {
            faults.push(format!("{}: {lines} lines, the most is {MAX_LINES}", source.path));
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
