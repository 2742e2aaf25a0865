//! What protoc reads before and after formatting, where it is installed: `PROTOC` names it, or it is on the path.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use prost_reflect::prost::Message;
use prost_reflect::prost_types::{FileDescriptorProto, FileDescriptorSet};
use protolint::format::{Style, applied, whole};
use rayon::prelude::*;

use super::{comments, corpus};

/// The descriptors that protoc makes of all files of a tree; none where it cannot.
fn compiled(protoc: &str, tree: &Path, files: &[String]) -> Option<BTreeMap<String, FileDescriptorProto>> {
    let out = tree.join("set.binpb");
    let list = tree.join("list.txt");
    std::fs::write(&list, files.join("\n")).unwrap();
    let output = Command::new(protoc)
        .current_dir(tree)
        .args(["--include_source_info", "-I.", "-oset.binpb", "@list.txt"])
        .output()
        .ok()?;
    if !output.status.success() {
        eprintln!("protoc: {}", String::from_utf8_lossy(&output.stderr).lines().take(5).collect::<Vec<_>>().join("\n"));
        return None;
    }
    let set = FileDescriptorSet::decode(&std::fs::read(out).unwrap()[..]).unwrap();
    Some(set.file.into_iter().map(|file| (file.name().to_owned(), file)).collect())
}

/// The descriptor without places, imports sorted.
fn meaning(file: &FileDescriptorProto) -> FileDescriptorProto {
    let mut file = file.clone();
    file.source_code_info = None;
    let path = |file: &FileDescriptorProto, at: i32| file.dependency[at as usize].clone();
    let mut special: Vec<String> = file.public_dependency.iter().map(|&at| path(&file, at)).collect();
    special.extend(file.weak_dependency.iter().map(|&at| path(&file, at)));
    special.sort_unstable();
    file.dependency.sort_unstable();
    file.dependency.extend(special);
    file.public_dependency.clear();
    file.weak_dependency.clear();
    file
}

/// The tree that `FORMAT_TREE` names, or what test data has that protoc takes.
fn files() -> Vec<(String, String)> {
    let root = std::env::var_os("FORMAT_TREE")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/protoc/accepted"), Into::into);
    let relative = |path: &str| Path::new(path).strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    corpus::below(&root).into_iter().map(|(path, text)| (relative(&path), text)).collect()
}

#[test]
fn protoc_reads_the_same_descriptors_and_comments() {
    let protoc = std::env::var("PROTOC").unwrap_or_else(|_| "protoc".to_owned());
    if Command::new(&protoc).arg("--version").output().is_err() {
        eprintln!("protoc is not installed: descriptors are not compared");
        return;
    }
    let files = files();
    let names: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
    let write = |texts: Vec<(String, String)>| {
        let directory = tempfile::tempdir().unwrap();
        super::support::write(directory.path(), &texts.into_iter().collect());
        directory
    };
    let formatted: Vec<(String, String)> = files
        .par_iter()
        .map(|(path, text)| (path.clone(), applied(text, &whole(text, &Style::default()).edits)))
        .collect();
    let (before, after) = (write(files), write(formatted));
    // Test data has files that cannot stand beside each other.
    let groups: Vec<&[String]> =
        if std::env::var_os("FORMAT_TREE").is_some() { vec![&names[..]] } else { names.chunks(1).collect() };
    let mut compared = 0;
    let mut broken = Vec::new();
    for group in groups {
        let Some(before) = compiled(&protoc, before.path(), group) else { continue };
        let after = compiled(&protoc, after.path(), group).expect("what compiled compiles");
        compared += before.len();
        for (name, file) in &before {
            if meaning(file) != meaning(&after[name]) {
                broken.push(format!("{name}: the descriptor differs"));
            }
            let lost = comments::lost(&comments::of_file(file), &comments::of_file(&after[name]));
            broken.extend(lost.map(|lost| format!("{name}: {lost}")));
        }
    }
    assert!(compared > 0, "protoc took no file");
    assert!(broken.is_empty(), "of {compared} files:\n{}", broken.join("\n"));
}
