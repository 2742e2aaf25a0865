//! What holds over all test data: no place is a panic, references and definitions lead to each other.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::ide::{Cursor, definition, file_of, names, references};
use crate::project::Project;
use crate::source::FileId;
use crate::syntax::{TokenKind, parse};

/// The schemas below each folder of test data, as a project each.
pub(super) fn projects() -> Vec<(String, Project)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut folders: std::collections::BTreeMap<String, Vec<(String, Vec<u8>)>> = std::collections::BTreeMap::new();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(|entry| entry.expect("readable")) {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "proto") {
            continue;
        }
        let below = path.strip_prefix(&root).expect("below it").to_str().expect("a plain name").replace('\\', "/");
        let depth = if below.starts_with("protoc/") { 2 } else { 3 };
        let parts: Vec<&str> = below.split('/').collect();
        let depth = depth.min(parts.len() - 1);
        let (folder, name) = (parts[..depth].join("/"), parts[depth..].join("/"));
        folders.entry(folder).or_default().push((name, std::fs::read(path).expect("readable")));
    }
    folders.into_iter().map(|(folder, files)| (folder, Project::in_memory(files))).collect()
}

fn files(project: &Project) -> impl Iterator<Item = FileId> {
    project.sources().iter().map(|(id, _)| id).filter(|id| project.absolute(*id).is_some())
}

#[test]
fn each_reference_is_one_of_its_definition() {
    let faults: Vec<String> = projects()
        .par_iter()
        .flat_map(|(folder, project)| {
            let (mut faults, mut known) = (Vec::new(), FxHashMap::default());
            for id in files(project) {
                let Some(file) = file_of(project, id) else { continue };
                let source = project.sources().get(id);
                for name in names::all(project, file) {
                    let at = Cursor { file: id, offset: name.span.start };
                    let Some(found) = definition(project, at) else { continue };
                    let location = found.locations[0];
                    let target = project.sources().get(location.name.file);
                    let tree = parse(target.text());
                    let token = tree.tokens()[tree.token_at(location.name.span.start) as usize];
                    let is_word = token.kind == TokenKind::Ident && token.start == location.name.span.start;
                    if !is_word && location.name.span.end > 0 {
                        faults.push(format!("{folder}: {} leads to no word", name.span.slice(source.text())));
                    }
                    // Some of them: there are many.
                    let is_left_out = location.name.span.start % 4 > 0;
                    if location.name.span.end == 0 || found.locations.len() > 1 || is_left_out {
                        continue;
                    }
                    let back = known.entry(location.name).or_insert_with(|| {
                        let at = Cursor { file: location.name.file, offset: location.name.span.start };
                        references(project, at, true)
                    });
                    if !back.iter().any(|place| place.file == id && place.span == name.span) {
                        let line = source.position(name.span.start).line;
                        let word = name.span.slice(source.text());
                        faults.push(format!("{folder}/{}:{line}: `{word}` is not among its references", source.path()));
                    }
                }
            }
            faults
        })
        .collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults[..faults.len().min(30)].join("\n"));
}
