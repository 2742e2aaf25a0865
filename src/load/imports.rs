//! Finds what files import: in their own root first, then in the others, then in the includes, then among the built-in
//! files; and reads it, until nothing new is asked for.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::{Kept, Linked, Reader};
use crate::input::{Found, path};
use crate::schema::{self, FileIndex, FilePlace, MissingImport, ParsedFile};

/// Whether an import is a plain relative path; others are looked up nowhere, so that no schema can make the tool read
/// what lies outside its roots.
pub(super) fn is_plain(import: &str) -> bool {
    let is_name = |component: &str| !matches!(component, "" | "." | "..");
    import.split('/').all(is_name) && !import.contains(['\\', '\0', ':'])
}

/// Reads what is imported and gives every file its place.
pub(super) fn complete(reader: &mut Reader<'_>, roots: &[PathBuf], includes: &[PathBuf]) -> Linked {
    let directories: Vec<PathBuf> = roots.iter().chain(includes).cloned().collect();
    let mut built_in: FxHashMap<String, ParsedFile> = FxHashMap::default();
    let mut looked_at = 0;
    while looked_at < reader.kept.len() {
        let known: FxHashMap<&Path, ()> = reader.kept.iter().map(|kept| (kept.absolute.as_path(), ())).collect();
        let mut wanted: Vec<Found> = Vec::new();
        for kept in &reader.kept[looked_at..] {
            for import in kept.parsed.imports() {
                let search = Search { directories: &directories, own: kept.root };
                let is_known = search.paths(import).any(|path| known.contains_key(path.as_path()));
                if is_known || built_in.contains_key(import) || !is_plain(import) {
                    continue;
                }
                match search.paths(import).find(|path| reader.broken.contains_key(path) || path.is_file()) {
                    Some(path) => {
                        wanted.push(Found { shown: path::shown_from_here(&path), absolute: path, target: false });
                    }
                    None => add_built_in(import, &mut built_in),
                }
            }
        }
        looked_at = reader.kept.len();
        let batch = reader.read(wanted);
        reader.keep(batch, &directories);
    }
    let kept = std::mem::take(&mut reader.kept);
    place(kept, built_in, &directories, reader)
}

/// Takes in a built-in file and what it imports, which is built in too.
fn add_built_in(name: &str, built_in: &mut FxHashMap<String, ParsedFile>) {
    let mut names = vec![name.to_owned()];
    while let Some(name) = names.pop() {
        if built_in.contains_key(&name) {
            continue;
        }
        if let Some(file) = schema::built_in(&name) {
            names.extend(file.imports().map(str::to_owned));
            built_in.insert(name, file);
        }
    }
}

/// The directories an import is looked up in, the importing file's own root first.
struct Search<'d> {
    directories: &'d [PathBuf],
    own: usize,
}

impl<'d> Search<'d> {
    fn order(&self) -> impl Iterator<Item = usize> + use<'d> {
        let own = self.own;
        std::iter::once(own).chain((0..self.directories.len()).filter(move |&index| index != own))
    }

    fn paths<'a>(&'a self, import: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
        self.order().filter_map(|index| self.directories.get(index)).map(move |directory| directory.join(import))
    }
}

/// Sorts the files by root and name and finds what each import means.
fn place(
    mut kept: Vec<Kept>,
    built_in: FxHashMap<String, ParsedFile>,
    directories: &[PathBuf],
    reader: &Reader<'_>,
) -> Linked {
    let built_in_root = directories.len();
    let well_known = built_in.into_values();
    kept.extend(well_known.map(|parsed| Kept { parsed, absolute: PathBuf::new(), target: false, root: built_in_root }));
    kept.sort_by(|one, other| (one.root, one.parsed.name()).cmp(&(other.root, other.parsed.name())));
    let mut by_name: FxHashMap<(usize, &str), FileIndex> = FxHashMap::default();
    for (index, file) in (0..).zip(&kept) {
        by_name.insert((file.root, file.parsed.name()), index);
    }
    let mut places = Vec::with_capacity(kept.len());
    for file in &kept {
        let search = Search { directories, own: file.root };
        let (mut imports, mut missing) = (Vec::new(), Vec::new());
        for (statement, import) in (0..).zip(file.parsed.imports()) {
            let in_directories = search.order().chain([built_in_root]);
            let target = in_directories.filter_map(|root| by_name.get(&(root, import))).next().copied();
            if target.is_none() {
                missing.push((statement, missing_import(import, &search, reader)));
            }
            imports.push(target);
        }
        places.push(FilePlace { root: file.root as u32, target: file.target, imports, missing });
    }
    drop(by_name);
    (kept.into_iter().map(|file| file.parsed).collect(), places)
}

fn missing_import(import: &str, search: &Search<'_>, reader: &Reader<'_>) -> MissingImport {
    let broken = search.paths(import).find_map(|path| reader.broken.get(&path).cloned());
    let directories = search.order().filter_map(|index| search.directories.get(index));
    let searched: Vec<String> = directories.map(|directory| path::shown_from_here(directory)).collect();
    let held_by = if broken.is_none() && is_plain(import) { holder(import, search) } else { None };
    MissingImport { searched, held_by, broken }
}

/// Directories beside or above the roots where vendored schemas usually lie.
const VENDORED: [&str; 6] = ["third_party", "vendor", "proto", "protos", "third_party/googleapis", "googleapis"];

fn holder(import: &str, search: &Search<'_>) -> Option<String> {
    let root = search.directories.get(search.own)?;
    let candidates = root.ancestors().take(4).flat_map(|above| {
        std::iter::once(above.to_owned()).chain(VENDORED.iter().map(move |name| above.join(name)))
    });
    let mut candidates = candidates.filter(|directory| !search.directories.contains(directory));
    candidates.find(|directory| directory.join(import).is_file()).map(|directory| path::shown_from_here(&directory))
}
