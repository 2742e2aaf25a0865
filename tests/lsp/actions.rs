//! Every quick fix, applied as a client applies it, removes its finding, and what compiled compiles.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::cases::{self, Files};
use crate::support::client::{Client, uri};
use crate::support::{pages, write};

/// So many trees are tried; `PROTOLINT_TEST_TREES` says otherwise.
const TREES: usize = 60;

#[test]
fn quick_fixes_remove_their_findings() {
    let wanted = std::env::var("PROTOLINT_TEST_TREES").map_or(TREES, |count| count.parse().unwrap());
    let mut trees: Vec<(String, Files)> = Vec::new();
    for rule in protolint::rules::lint_rules() {
        for tree in pages::trees(rule.page.text).into_iter().filter(|tree| tree.section == "Bad") {
            trees.push((rule.id.to_owned(), tree.files));
        }
    }
    trees.extend(cases::all().into_iter().map(|(name, _, after)| (name, after)));
    let step = trees.len().div_ceil(wanted).max(1);
    let applied: usize = trees.iter().step_by(step).map(|(name, files)| try_tree(name, files)).sum();
    assert!(applied >= wanted, "only {applied} fixes were applied");
}

/// How many actions of a tree were applied.
fn try_tree(name: &str, files: &Files) -> usize {
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path().canonicalize().unwrap();
    write(&top, files);
    let capabilities = json!({
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {"diagnostic": {}, "codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}},
    });
    let mut client = Client::start_with(&[&top], capabilities);
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, text)| path.ends_with(".proto") && !text.is_empty()) {
        client.open(&top.join(path), text);
        texts.insert(top.join(path), text.clone());
    }
    let mut applied = 0;
    let before = all(&mut client);
    for path in texts.keys() {
        for diagnostic in client.diagnostics(path) {
            let params = json!({
                "textDocument": {"uri": uri(path)},
                "range": diagnostic["range"],
                "context": {"diagnostics": [diagnostic], "only": ["quickfix"]},
            });
            let actions = client.request("textDocument/codeAction", params).unwrap();
            for action in actions.as_array().unwrap() {
                let title = action["title"].as_str().unwrap();
                let is_about = action["diagnostics"].as_array().is_some_and(|about| about.contains(&diagnostic));
                if !is_about || title.starts_with("accept") {
                    continue;
                }
                let edit = match action.get("edit") {
                    Some(edit) => edit.clone(),
                    None => client.request("codeAction/resolve", action.clone()).unwrap()["edit"].clone(),
                };
                let changed = edited(&texts, &edit);
                for (path, text) in &changed {
                    client.replace(path, text);
                }
                let after = all(&mut client);
                let what = format!("{name}: {title}: {diagnostic}\n{changed:#?}");
                assert!(count(&after, &diagnostic) < count(&before, &diagnostic), "{what}");
                assert!(errors(&after) <= errors(&before), "{what}\n{after:#?}");
                for path in changed.keys() {
                    client.replace(path, &texts[path]);
                }
                applied += 1;
            }
        }
    }
    assert_eq!(client.end(), Some(0), "{name}");
    applied
}

/// All diagnostics.
fn all(client: &mut Client) -> Vec<Value> {
    client.all_diagnostics().into_values().flatten().collect()
}

/// How often the same is reported, wherever.
fn count(all: &[Value], like: &Value) -> usize {
    all.iter().filter(|other| other["code"] == like["code"] && other["message"] == like["message"]).count()
}

/// How many findings say that something does not compile.
fn errors(all: &[Value]) -> usize {
    all.iter().filter(|one| one["code"].as_str().unwrap().starts_with("COMPILE_") && one["severity"] == 1).count()
}

/// The texts that a workspace edit changes.
fn edited(texts: &BTreeMap<PathBuf, String>, edit: &Value) -> BTreeMap<PathBuf, String> {
    let mut changed = BTreeMap::new();
    for (file, edits) in edit["changes"].as_object().unwrap() {
        let path = PathBuf::from(file.strip_prefix("file://").unwrap());
        let text = apply(&texts[&path], edits.as_array().unwrap());
        changed.insert(path, text);
    }
    changed
}

/// Applies edits as the protocol has it: all to the old text; what is inserted at one place in its order.
fn apply(text: &str, edits: &[Value]) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            (offset(text, start), offset(text, end), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(start, _, _)| *start);
    let (mut new, mut done) = (String::new(), 0);
    for (start, end, with) in edits {
        assert!(start >= done, "edits overlap");
        new.push_str(&text[done..start]);
        new.push_str(with);
        done = end;
    }
    new + &text[done..]
}

/// The byte offset of a position in UTF-16 code units.
fn offset(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let mut units = position["character"].as_u64().unwrap();
    for (at, character) in text[start..].char_indices() {
        if units == 0 || character == '\n' {
            return start + at;
        }
        units = units.saturating_sub(character.len_utf16() as u64);
    }
    text.len()
}
