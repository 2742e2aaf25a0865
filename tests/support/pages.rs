//! The trees that a rule's page shows.

use std::collections::BTreeMap;

/// One tree of a page: its heading, and its files with their paths.
#[derive(Default)]
pub struct Tree {
    pub section: String,
    pub files: BTreeMap<String, String>,
}

/// The fences of a page that name a file. A `protolint.yaml` begins a new tree.
pub fn trees(page: &str) -> Vec<Tree> {
    let mut trees: Vec<Tree> = Vec::new();
    let mut section = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.to_owned();
        }
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let body: String = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        let Some((_, path)) = info.split_once(' ') else { continue };
        if path == "protolint.yaml" || trees.last().is_none_or(|tree| tree.section != section) {
            trees.push(Tree { section: section.clone(), files: BTreeMap::new() });
        }
        let before = trees.last_mut().unwrap().files.insert(path.to_owned(), body);
        assert!(before.is_none(), "{path} stands twice in {section}");
    }
    trees
}
