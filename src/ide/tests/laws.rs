//! What holds over all test data: no place is a panic, references and definitions lead to each other.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::rename::edited;
use crate::finding::Severity;
use crate::ide::{
    Cursor, Symbol, definition, document_symbols, file_of, folding, highlights, hover, inlay_hints, links, names,
    prepare_rename, references, rename, selection, type_definition,
};
use crate::project::Project;
use crate::run::Rules;
use crate::source::{FileId, Span};
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
                for name in names::all(project, file).into_iter().step_by(5) {
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

/// Calls what takes an offset with every offset of a file, or with some where there are many.
fn ask_everywhere(project: &Project, file: FileId) {
    let source = project.sources().get(file);
    let text = source.text();
    let tree = parse(text);
    // Beyond the end, too.
    let most = text.len() as u32 + 2;
    let step = 1 + most / 25;
    for offset in (0..most).step_by(step as usize) {
        let at = Cursor { file, offset };
        let spans = selection(&tree, offset);
        assert!(spans.windows(2).all(|pair| pair[1].contains(pair[0]) && pair[0] != pair[1]), "{spans:?}");
        definition(project, at);
        type_definition(project, at);
        highlights(project, at);
        let shown = hover(project, at);
        assert!(shown.is_none_or(|hover| source.contains(hover.span) && !hover.markdown.is_empty()));
        let _ = prepare_rename(project, at);
    }
    for fold in folding(&tree) {
        assert!(source.contains(fold.span), "{fold:?}");
    }
    links(project, file);
    inlay_hints(project, file, Span::new(0, most));
    let symbols = document_symbols(project, file);
    nest(&symbols, Span::new(0, text.len() as u32), text);
}

/// Symbols lie in those around them, their names in them, and siblings are in order and apart.
fn nest(symbols: &[Symbol], around: Span, text: &str) {
    let mut end = around.start;
    for symbol in symbols {
        assert!(around.contains(symbol.span) && symbol.span.contains(symbol.name_span), "{symbol:?}");
        assert!(end <= symbol.span.start && !symbol.name.is_empty(), "{symbol:?}");
        assert_eq!(symbol.name_span.slice(text).split_whitespace().next().map(str::is_empty), Some(false));
        end = symbol.span.end;
        nest(&symbol.children, symbol.span, text);
    }
}

#[test]
fn every_place_is_answered() {
    projects().par_iter().for_each(|(_, project)| files(project).for_each(|file| ask_everywhere(project, file)));
}

#[test]
fn every_place_of_damaged_texts_is_answered() {
    projects().par_iter().enumerate().for_each(|(number, (_, project))| {
        for file in files(project).take(2) {
            let text = project.sources().get(file).text();
            let tree = parse(text);
            let tokens = tree.tokens();
            // Without one token, and cut off after one.
            let token = tokens[(number * 7919) % tokens.len()];
            let without = format!("{}{}", &text[..token.start as usize], &text[token.end as usize..]);
            let path = project.absolute(file).expect("a schema").to_owned();
            for damaged in [without, text[..token.end as usize].to_owned()] {
                let project = project.with_texts([(path.clone(), damaged)]).expect("in memory");
                files(&project)
                    .filter(|id| project.absolute(*id) == Some(&path))
                    .for_each(|id| ask_everywhere(&project, id));
            }
        }
    });
}

#[test]
fn a_new_name_and_the_old_one_again_give_the_same_texts() {
    let renamed: usize = projects().par_iter().map(|(folder, project)| there_and_back(folder, project)).sum();
    assert!(renamed > 300, "{renamed}");
}

/// Renames some declarations of a project to a fresh name and back; how many there were.
fn there_and_back(folder: &str, project: &Project) -> usize {
    let mut renamed = 0;
    let found = project.lint(&Rules::of_language()).findings;
    let is_faulty = found.iter().any(|finding| finding.severity == Severity::Error);
    for id in files(project) {
        let Some(file) = file_of(project, id) else { continue };
        let text = project.sources().get(id).text();
        let declared = names::all(project, file).into_iter().filter(|name| name.is_declaration);
        for name in declared.skip(renamed % 4).step_by(5).take(1) {
            let old = name.span.slice(text);
            let at = Cursor { file: id, offset: name.span.start };
            // A style that the edition enforces decides about letters.
            let fresh = format!("{old}{}", if old.chars().any(char::is_lowercase) { "fresh" } else { "FRESH" });
            let Ok(there) = rename(project, at, &fresh) else { continue };
            let texts = edited(project, &there);
            assert!(!texts.is_empty(), "{folder}: {old}");
            let paths = files(project).map(|id| (project.sources().get(id).path(), project.absolute(id)));
            let paths: FxHashMap<&str, &Path> = paths.filter_map(|(shown, path)| Some((shown, path?))).collect();
            let new = texts.iter().map(|(shown, text)| (paths[shown.as_str()].to_owned(), text.clone()));
            let after = project.with_texts(new).expect("in memory");
            let path = project.absolute(id).expect("a schema");
            let file = files(&after).find(|id| after.absolute(*id) == Some(path)).expect("the same file");
            let shift: i64 = there
                .iter()
                .filter(|edit| edit.place.file == id && edit.place.span.start < name.span.start)
                .map(|edit| edit.text.len() as i64 - i64::from(edit.place.span.end - edit.place.span.start))
                .sum();
            let at = Cursor { file, offset: (i64::from(name.span.start) + shift) as u32 };
            let back = match rename(&after, at, old) {
                Ok(back) => back,
                // What was forbidden before may not come again.
                Err(_) if is_faulty => continue,
                Err(why) => panic!("{folder}: {fresh} to {old}: {why}"),
            };
            for (shown, text) in edited(&after, &back) {
                let (_, source) = project.sources().iter().find(|(_, file)| file.path() == shown).expect("the same");
                assert_eq!(text, source.text(), "{folder}/{shown}: {old}");
            }
            renamed += 1;
        }
    }
    renamed
}
