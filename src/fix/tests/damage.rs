//! Each token of a schema deleted in turn, and doubled in turn. Where protox does not parse the file any more there are
//! one to three faults, all within the declaration that was damaged or on the line after it; what is found on other
//! declarations is still found, and nothing is taken for missing that is only damaged. What is found on another
//! declaration may need the damaged one, such as the value of an option that it declares: that is counted apart, and is
//! what is not found either where the whole declaration is gone. A plain run looks at a sample; `PROTOLINT_DAMAGES=all`
//! at all of them. Both print the shares that hold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::Path;

use rayon::prelude::*;

use crate::project::Project;
use crate::run::Rules;
use crate::source::{SourceFile, Span};
use crate::syntax::{self, Node, NodeKind, Tree};

/// About how many damages a plain run looks at.
const SAMPLE: usize = 4_000;

/// The share of damages, in thousandths, that holds at least.
const MIN_SHARE: usize = 995;

/// Files with more bytes are left out: they have as many tokens as all others together.
const MAX_BYTES: usize = 20_000;

/// How the reason begins where a finding needs the damaged declaration.
const NEEDED: &str = "needed";

type Files = BTreeMap<String, String>;

/// A finding as laws compare it: file, line, rule, message.
type Found = (String, u32, &'static str, String);

/// What a text is after a token was damaged.
struct Damaged {
    file: String,
    text: String,
    /// The text without the declaration.
    without: String,
    /// The lines of the declaration, 1-based.
    own: RangeInclusive<u32>,
    kind: NodeKind,
    what: String,
    /// Whether the other parser takes the text as it was before.
    is_judged: bool,
}

fn line(text: &str, offset: u32) -> u32 {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..offset as usize]).count() as u32
}

fn damage(tree: &Tree<'_>, statement: Node<'_>, span: Span, is_deleted: bool, file: &str, is_judged: bool) -> Damaged {
    let (text, token) = (tree.source(), span.slice(tree.source()));
    let (before, behind) = (&text[..span.start as usize], &text[span.end as usize..]);
    let damaged = if is_deleted { format!("{before}{behind}") } else { format!("{before}{token} {token}{behind}") };
    let own = statement.span();
    let blank = |byte: char| if byte == '\n' { "\n" } else { " " };
    let blanks: String = own.slice(text).chars().map(blank).collect();
    Damaged {
        file: file.to_owned(),
        text: damaged,
        without: format!("{}{blanks}{}", &text[..own.start as usize], &text[own.end as usize..]),
        own: line(text, own.start)..=line(text, own.end),
        kind: statement.kind(),
        what: format!("{} `{token}`, line {}", if is_deleted { "deleted" } else { "doubled" }, line(text, span.start)),
        is_judged,
    }
}

fn is_refused(text: &str) -> bool {
    protox::file::File::from_source("a.proto", text).is_err()
}

fn findings(files: &Files, rules: &Rules) -> BTreeSet<Found> {
    let report = Project::in_memory(files.iter().map(|(name, text)| (name.clone(), text.clone()))).lint(rules);
    let found = report.findings.iter().filter_map(|finding| {
        let place = finding.place?;
        let source = report.sources.get(place.file);
        Some((source.path().to_owned(), source.position(place.span.start).line, finding.rule, finding.message.clone()))
    });
    found.collect()
}

/// Rules that weigh several declarations against each other, so that one that is damaged changes what they find.
fn weighs_several(rule: &str) -> bool {
    const PARTS: [&str; 11] = [
        "IMPORT_USED",
        "IMPORT_SORTED",
        "FILE_LAYOUT",
        "UNIQUE",
        "_SAME_",
        "CYCLE",
        "DUPLICATE",
        "CONFLICT",
        "UNUSED",
        "COLLISION",
        "AMBIGUOUS",
    ];
    PARTS.iter().any(|part| rule.contains(part))
}

fn is_syntax(rule: &str) -> bool {
    matches!(rule, "COMPILE_SYNTAX" | "COMPILE_EDITION" | "COMPILE_NESTING")
}

fn must_not_come(rule: &str) -> bool {
    rule == "COMPILE_UNRESOLVED_NAME"
        || rule == "IMPORT_USED"
        || rule.starts_with("COMPILE_IMPORT_")
        || rule.starts_with("PACKAGE_")
}

/// Why a damage does not hold; nothing where it does.
fn breach(damaged: &Damaged, files: &Files, before: &BTreeSet<Found>, rules: &Rules) -> Option<String> {
    let mut files = files.clone();
    files.insert(damaged.file.clone(), damaged.text.clone());
    let after = findings(&files, rules);
    let is_own = |found: &Found| found.0 == damaged.file;
    let faults: Vec<&Found> = after.iter().filter(|found| is_own(found) && is_syntax(found.2)).collect();
    if faults.is_empty() && damaged.is_judged && is_refused(&damaged.text) {
        return Some("silent".to_owned());
    }
    if faults.is_empty() {
        return None;
    }
    if faults.len() > 3 {
        return Some(format!("{} faults: {}", faults.len().min(9), faults[0].3));
    }
    let lines = *damaged.own.start()..=*damaged.own.end() + 1;
    if let Some(outside) = faults.iter().find(|fault| !lines.contains(&fault.1)) {
        return Some(format!("outside: {}", outside.3));
    }
    // A statement that holds for the whole file says what many findings are about.
    let is_syntax_lost = damaged.kind == NodeKind::Syntax;
    let depends = |found: &Found| {
        let needs_syntax = crate::rules::find(found.2).is_some_and(|rule| rule.page.needs_syntax);
        weighs_several(found.2) || is_syntax_lost && needs_syntax
    };
    let is_elsewhere = |found: &Found| !is_own(found) || !damaged.own.contains(&found.1);
    let is_package = damaged.kind == NodeKind::Package;
    let is_there = |found: &Found| {
        after.contains(found)
            || is_package && after.iter().any(|other| (&other.0, other.1, other.2) == (&found.0, found.1, found.2))
    };
    let is_lost = |found: &&Found| is_elsewhere(found) && !depends(found) && !is_there(found);
    let lost: Vec<&Found> = before.iter().filter(is_lost).collect();
    if let Some(first) = lost.first() {
        files.insert(damaged.file.clone(), damaged.without.clone());
        let without = findings(&files, rules);
        return Some(match lost.iter().find(|found| without.contains(found)) {
            Some(lost) => format!("lost: {} {}", lost.2, lost.3),
            None => format!("{NEEDED}: {} {}", first.2, first.3),
        });
    }
    let is_new = |found: &&Found| !before.iter().any(|old| (&old.0, old.1, old.2) == (&found.0, found.1, found.2));
    let new = after.iter().filter(|found| must_not_come(found.2)).find(is_new);
    new.map(|new| format!("new: {} {}", new.2, new.3))
}

/// The damages of one file.
fn damages(name: &str, text: &str) -> Vec<Damaged> {
    let source = SourceFile::new(name.to_owned(), text.to_owned());
    if text.len() > MAX_BYTES || !crate::schema::parse(&source).1.is_empty() {
        return Vec::new();
    }
    // The other parser reads no editions, and refuses some of what protoc takes.
    let is_judged = !is_refused(text);
    let tree = syntax::parse(text);
    let mut found = Vec::new();
    for statement in tree.root().children() {
        for token in statement.tokens() {
            found.extend(
                [true, false].map(|is_deleted| damage(&tree, statement, token.span(), is_deleted, name, is_judged)),
            );
        }
    }
    found
}

/// The trees of the test data: each case is one, and each schema elsewhere.
fn trees() -> Vec<Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trees: BTreeMap<String, Files> = BTreeMap::new();
    for folder in [
        "testdata/blog",
        "testdata/shop",
        "testdata/buf",
        "testdata/cases",
        "testdata/fix",
        "testdata/protoc",
        "testdata/protovalidate",
    ] {
        let files = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().flatten();
        for file in files.filter(|file| file.path().extension().is_some_and(|extension| extension == "proto")) {
            let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
            let path = file.path().strip_prefix(root).expect("below it").to_str().expect("plain names");
            let below: Vec<&str> = path.split('/').collect();
            // A case has a folder of its own, and what protoc takes is one tree.
            let depth = if folder == "testdata/protovalidate" { below.len() } else { below.len().min(3) };
            let (tree, name) = match folder {
                "testdata/blog" => (2, below[2..].join("/")),
                "testdata/protovalidate" => (depth, below[below.len() - 1].to_owned()),
                _ => (3, below[3..].join("/")),
            };
            trees.entry(below[..tree].join("/")).or_default().insert(name, text);
        }
    }
    for page in walkdir::WalkDir::new(root.join("rules")).sort_by_file_name().into_iter().flatten() {
        let Ok(text) = std::fs::read_to_string(page.path()) else { continue };
        for (at, example) in text.split("```proto\n").skip(1).enumerate() {
            let example = example.split("```").next().unwrap_or_default();
            let tree = format!("{}#{at}", page.path().display());
            trees.entry(tree).or_default().insert("example.proto".to_owned(), example.to_owned());
        }
    }
    trees.into_values().collect()
}

fn shown(breaches: &[(String, String)]) -> String {
    let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (kind, place) in breaches {
        kinds.entry(kind).or_insert((0, place)).0 += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    kinds.iter().take(200).map(|(kind, (count, place))| format!("{count:6} {kind}; {place}\n")).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "says the share")]
fn one_damaged_token_stays_where_it_is() {
    let rules = Rules::named(["ALL"]).expect("a known name");
    let trees = trees();
    let of_tree = |(at, files): (usize, &Files)| {
        let all = files.iter().flat_map(|(name, text)| damages(name, text));
        all.map(move |damaged| (at, damaged)).collect::<Vec<_>>()
    };
    let all: Vec<(usize, Damaged)> = trees.iter().enumerate().flat_map(of_tree).collect();
    let is_all = std::env::var("PROTOLINT_DAMAGES").is_ok_and(|wanted| wanted == "all");
    let step = if is_all { 1 } else { all.len() / SAMPLE };
    let sample: Vec<&(usize, Damaged)> = all.iter().step_by(step).collect();
    let before: Vec<BTreeSet<Found>> = trees.par_iter().map(|files| findings(files, &rules)).collect();
    let breaches: Vec<(String, String)> = sample
        .par_iter()
        .filter_map(|(tree, damaged)| {
            let why = breach(damaged, &trees[*tree], &before[*tree], &rules)?;
            Some((why, format!("{}: {}", damaged.file, damaged.what)))
        })
        .collect();
    let (needed, breaches): (Vec<_>, Vec<_>) = breaches.into_iter().partition(|(why, _)| why.starts_with(NEEDED));
    let tried = sample.len();
    let held = tried - breaches.len();
    let share = |count: usize| 100.0 * count as f64 / tried as f64;
    eprintln!("{held} of {tried} damages hold: {:.2} %\n{}", share(held), shown(&breaches));
    eprintln!(
        "{:.2} % where what needs the damaged declaration counts too\n{}",
        share(held - needed.len()),
        shown(&needed)
    );
    assert!(held * 1000 >= tried * MIN_SHARE, "too few damages hold");
}
