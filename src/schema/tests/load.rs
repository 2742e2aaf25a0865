//! Loads a schema of `testdata/protoc` with all it imports. It uses no rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::schema::{Fault, FilePlace, MissingImport, ParsedFile, Schema, built_in, parse};
use crate::source::{SourceFile, Sources};

pub(crate) fn testdata(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/protoc").join(folder)
}

/// The paths of the schemas in a folder, relative to it and sorted.
pub(crate) fn schemas(folder: &str) -> impl Iterator<Item = String> {
    let root = testdata(folder);
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(|entry| entry.expect("readable"));
    files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "proto")).map(move |entry| {
        let path = entry.path().strip_prefix(&root).expect("below the folder");
        path.to_str().expect("plain names").replace('\\', "/")
    })
}

/// The paths of the schemas that protoc takes.
pub(crate) fn accepted() -> impl Iterator<Item = String> {
    schemas("accepted")
}

/// A file and all it imports, parsed.
pub(crate) struct Loaded {
    pub(crate) sources: Sources,
    pub(crate) files: BTreeMap<String, ParsedFile>,
    /// What is wrong with the file itself.
    pub(crate) faults: Vec<Fault>,
}

/// Reads `name` and what it imports: of `folder`, else of the accepted schemas, else built in.
pub(crate) fn load(folder: &str, name: &str) -> Loaded {
    let folders = [folder, "accepted"];
    let read = |path: &str| folders.iter().find_map(|at| std::fs::read_to_string(testdata(at).join(path)).ok());
    load_from(&[name], &read)
}

/// Reads files and what they import: what `read` gives, else built in. The faults are those of all `names`.
pub(crate) fn load_from(names: &[&str], read: &dyn Fn(&str) -> Option<String>) -> Loaded {
    let mut loaded = Loaded { sources: Sources::new(), files: BTreeMap::new(), faults: Vec::new() };
    let mut wanted: Vec<String> = names.iter().rev().map(|name| (*name).to_owned()).collect();
    while let Some(next) = wanted.pop() {
        if loaded.files.contains_key(&next) {
            continue;
        }
        let file = match read(&next) {
            None => built_in(&next),
            Some(text) => {
                let source = SourceFile::new(next.clone(), text);
                let (mut file, faults) = parse(&source);
                if names.contains(&next.as_str()) {
                    loaded.faults.extend(faults);
                }
                let id = loaded.sources.add(source);
                file.identify(next.clone(), Some(id));
                Some(file)
            }
        };
        if let Some(file) = file {
            wanted.extend(file.imports().map(str::to_owned));
            loaded.files.insert(next, file);
        }
    }
    loaded
}

impl Loaded {
    /// Links the files; findings are wanted on `target` alone.
    pub(crate) fn link(self, target: &str) -> (Schema, Sources) {
        self.link_all(&[target])
    }

    /// Links the files; findings are wanted on `targets`.
    pub(crate) fn link_all(self, targets: &[&str]) -> (Schema, Sources) {
        let names: Vec<&String> = self.files.keys().collect();
        let place = |(name, file): (&String, &ParsedFile)| {
            let imports: Vec<Option<u32>> = file
                .imports()
                .map(|import| names.binary_search_by(|name| (**name).as_str().cmp(import)).ok().map(|at| at as u32))
                .collect();
            let missing = (0..).zip(&imports).filter(|(_, import)| import.is_none()).map(|(at, _)| {
                (at, MissingImport { searched: Vec::new(), more_searched: 0, held_by: None, broken: None })
            });
            FilePlace {
                root: 0,
                target: targets.contains(&name.as_str()),
                missing: missing.collect(),
                imports,
                inferred_root: None,
            }
        };
        let places = self.files.iter().map(place).collect();
        (Schema::link(self.files.into_values().collect(), places), self.sources)
    }
}

/// The schema of an accepted file; the parser's faults, in words, where it has any.
pub(crate) fn schema_of(name: &str) -> Result<Schema, String> {
    let loaded = load("accepted", name);
    match loaded.faults.first() {
        Some(fault) => Err(format!("{name}: {}", fault.message)),
        None => Ok(loaded.link(name).0),
    }
}
