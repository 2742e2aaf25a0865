//! Changes of small schemas: those of `testdata/verdicts`, those that the pages of breaking rules show, and all other
//! pairs of `before` and `after` below `testdata`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::pages;

/// Texts by path.
pub type Files = BTreeMap<String, String>;

/// A change with what is found: a file of `testdata/verdicts`.
pub struct Case {
    pub path: PathBuf,
    pub before: Files,
    pub after: Files,
    /// The file up to the findings.
    pub head: String,
    pub findings: String,
}

/// The changes of `testdata/verdicts`, sorted.
pub fn verdicts() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/verdicts");
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Case {
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, findings) = text.split_once("-- findings\n").unwrap();
    let (mut before, mut after) = (Files::new(), Files::new());
    for section in head.split("-- ").skip(1) {
        let (title, text) = section.split_once('\n').unwrap();
        let (side, file) = title.split_once(' ').unwrap();
        let files = if side == "before" { &mut before } else { &mut after };
        files.insert(file.to_owned(), text.to_owned());
    }
    Case { before, after, head: head.to_owned(), findings: findings.to_owned(), path }
}

/// The directories of `testdata` that hold a `before` and an `after`.
fn trees() -> Vec<(String, Files, Files)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let walk = walkdir::WalkDir::new(&top).sort_by_file_name().into_iter().map(Result::unwrap);
    let both = walk.filter(|entry| entry.path().join("before").is_dir() && entry.path().join("after").is_dir());
    both.map(|entry| {
        let name = entry.path().strip_prefix(&top).unwrap().to_string_lossy().into_owned();
        (name, files_below(&entry.path().join("before")), files_below(&entry.path().join("after")))
    })
    .collect()
}

fn files_below(directory: &Path) -> Files {
    let walk = walkdir::WalkDir::new(directory).into_iter().map(Result::unwrap);
    let schemas = walk.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "proto"));
    let text = |path: &Path| {
        let name = path.strip_prefix(directory).unwrap().to_string_lossy().into_owned();
        (name, String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned())
    };
    schemas.map(|entry| text(entry.path())).collect()
}

/// All changes: what each is called, and both sides.
pub fn all() -> Vec<(String, Files, Files)> {
    let of_verdicts = verdicts()
        .into_iter()
        .map(|case| (case.path.file_stem().unwrap().to_string_lossy().into_owned(), case.before, case.after));
    let of_pages = protolint::rules::breaking_rules().into_iter().flat_map(|rule| {
        let trees = pages::trees(rule.page.text);
        let before = trees.iter().find(|tree| tree.section == "Before").map(|tree| tree.files.clone());
        let after = trees.into_iter().filter(|tree| matches!(tree.section.as_str(), "After" | "Allowed"));
        let after: Vec<Files> = after.map(|tree| tree.files).collect();
        before.into_iter().flat_map(move |before| {
            after.clone().into_iter().map(move |after| (rule.id.to_owned(), before.clone(), after))
        })
    });
    of_verdicts.chain(of_pages).chain(trees()).collect()
}
