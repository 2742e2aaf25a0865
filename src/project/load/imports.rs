//! Finds what files import: in their own root first, then in the others, then in the includes, then among the built-in
//! files; and reads it, until nothing new is asked for.

mod elsewhere;

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use self::elsewhere::{Elsewhere, Listing};
use super::read::{Kept, Reader};
use super::{Linked, unasked};
use crate::project::path;
use crate::project::roots::Holders;
use crate::schema::{self, FileIndex, FilePlace, MissingImport, ParsedFile};
use crate::source::{FileId, Sources};

/// Whether an import is a plain relative path; others are looked up nowhere, so that no schema can make the tool read
/// what lies outside its roots.
pub(super) fn is_plain(import: &str) -> bool {
    let is_name = |component: &str| !matches!(component, "" | "." | "..");
    import.split('/').all(is_name) && !import.contains(['\\', '\0', ':'])
}

/// Reads what is imported and gives every file its place. The roots are the first of `directories`.
pub(super) fn complete(reader: &mut Reader<'_>, directories: &[PathBuf], sources: &mut Sources) -> Linked {
    let view = reader.request.view;
    let holders = Holders::of(directories);
    let mut built_in: FxHashMap<String, ParsedFile> = FxHashMap::default();
    let mut known: FxHashSet<String> = FxHashSet::default();
    let mut asked: FxHashSet<(usize, String)> = FxHashSet::default();
    let listing = Listing::of(directories, view);
    let mut elsewhere = Elsewhere::new(&listing);
    let (mut looked_at, mut others) = (0, Others::default());
    while looked_at < reader.kept.len() {
        known.extend(reader.kept[looked_at..].iter().map(|kept| kept.parsed.name().to_owned()));
        let mut wanted = Vec::new();
        for kept in &reader.kept[looked_at..] {
            for import in kept.parsed.imports() {
                if known.contains(import) || built_in.contains_key(import) || !is_plain(import) {
                    continue;
                }
                if !asked.insert((kept.root, import.to_owned())) {
                    continue;
                }
                let is_there = |path: &Path| reader.broken.contains_key(path) || view.is_file(path);
                let own = directories.get(kept.root).map(|own| own.join(import)).filter(|path| is_there(path));
                match own.or_else(|| elsewhere.find(import, is_there)) {
                    Some(path) => {
                        let path = reader.seen_behind_links(&path, &holders).unwrap_or(path);
                        if !is_called(&path, import, &holders) {
                            others.insert((kept.root, import.to_owned()), path.clone());
                        }
                        wanted.push(unasked(&path, view));
                    }
                    None => add_built_in(import, &mut built_in),
                }
            }
        }
        looked_at = reader.kept.len();
        reader.import(wanted, &holders, sources);
    }
    let kept = std::mem::take(&mut reader.kept);
    let faults = Faults { directories, reader, elsewhere: Elsewhere::new(&listing), searches: HOLDER_SEARCHES };
    place(kept, built_in, &others, faults)
}

/// By root and import, the absolute paths of files that imports lead to but that have another name, as they belong to
/// another root.
type Others = FxHashMap<(usize, String), PathBuf>;

/// Whether the root that holds a file makes an import its name.
fn is_called(file: &Path, import: &str, holders: &Holders) -> bool {
    holders.holding(file).is_some_and(|(_, root)| file.strip_prefix(root).is_ok_and(|name| name == Path::new(import)))
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

/// Sorts the files by root and name and finds what each import means.
fn place(
    mut kept: Vec<Kept>,
    built_in: FxHashMap<String, ParsedFile>,
    others: &Others,
    mut faults: Faults<'_>,
) -> Linked {
    let built_in_root = faults.directories.len();
    kept.extend(built_in.into_values().map(|parsed| Kept { parsed, target: false, root: built_in_root }));
    kept.sort_by(|one, other| (one.root, one.parsed.name()).cmp(&(other.root, other.parsed.name())));
    let mut by_name: FxHashMap<&str, Vec<FileIndex>> = FxHashMap::default();
    for (index, file) in (0..).zip(&kept) {
        by_name.entry(file.parsed.name()).or_default().push(index);
    }
    let by_path = if others.is_empty() { FxHashMap::default() } else { by_path(&kept, faults.reader) };
    let root_of = |index: &FileIndex| kept[*index as usize].root;
    let mut places = Vec::with_capacity(kept.len());
    for file in &kept {
        let (mut imports, mut missing) = (Vec::new(), Vec::new());
        for (statement, import) in (0..).zip(file.parsed.imports()) {
            // The files of one name are in the order of their roots.
            let named = by_name.get(import).map_or(&[][..], Vec::as_slice);
            let own = named.binary_search_by_key(&file.root, root_of).ok();
            let target = own.map_or(named.first(), |at| named.get(at)).copied();
            let other = || by_path.get(others.get(&(file.root, import.to_owned()))?.as_path()).copied();
            let target = target.or_else(|| if others.is_empty() { None } else { other() });
            if target.is_none() {
                missing.push((statement, faults.missing(import, file.root)));
            }
            imports.push(target);
        }
        places.push(FilePlace { root: file.root as u32, target: file.target, imports, missing, inferred_root: None });
    }
    drop(by_name);
    (kept.into_iter().map(|file| file.parsed).collect(), places)
}

/// The files by their absolute paths.
fn by_path<'r>(kept: &[Kept], reader: &'r Reader<'_>) -> FxHashMap<&'r Path, FileIndex> {
    let paths: FxHashMap<FileId, &Path> = reader.places.iter().map(|(id, path)| (*id, path.as_path())).collect();
    (0..).zip(kept).filter_map(|(index, file)| Some((*paths.get(&file.parsed.source()?)?, index))).collect()
}

/// How many directories are named that were searched.
const NAMED_DIRECTORIES: usize = 5;

/// For how many missing imports a directory is looked for that holds them, so that a tree without any stays cheap.
const HOLDER_SEARCHES: usize = 200;

/// Directories beside or above the roots where vendored schemas usually lie.
const VENDORED: [&str; 6] = ["third_party", "vendor", "proto", "protos", "third_party/googleapis", "googleapis"];

/// Returns why imports are missing.
struct Faults<'a> {
    directories: &'a [PathBuf],
    reader: &'a Reader<'a>,
    /// Where files that cannot be parsed lie.
    elsewhere: Elsewhere<'a>,
    /// How many more times a holder is looked for.
    searches: usize,
}

impl Faults<'_> {
    fn missing(&mut self, import: &str, own: usize) -> MissingImport {
        let directories = self.directories;
        let first = directories.get(own);
        let in_order = first.into_iter().chain(directories.iter().filter(|directory| Some(*directory) != first));
        // What was inferred from all of a repository says little to the user of one root.
        let named = if directories.len() > NAMED_DIRECTORIES { 1 } else { NAMED_DIRECTORIES };
        let searched = in_order.take(named).map(|directory| path::shown_from_here(directory)).collect();
        let broken = self.broken(import, first);
        let more_searched = directories.len().saturating_sub(named);
        let mut held_by = None;
        if broken.is_none() && is_plain(import) && self.searches > 0 {
            self.searches -= 1;
            held_by = directories.get(own).and_then(|root| self.holder(import, root));
        }
        MissingImport { searched, more_searched, held_by, broken }
    }

    /// The file that the import means but that cannot be parsed, as shown.
    fn broken(&mut self, import: &str, own: Option<&PathBuf>) -> Option<String> {
        let broken = &self.reader.broken;
        if broken.is_empty() {
            return None;
        }
        let is_broken = |path: &Path| broken.contains_key(path);
        let in_own = own.map(|own| own.join(import)).filter(|path| is_broken(path));
        let path = in_own.or_else(|| self.elsewhere.find(import, is_broken))?;
        broken.get(&path).cloned()
    }

    fn holder(&self, import: &str, root: &Path) -> Option<String> {
        let candidates = root.ancestors().take(4).flat_map(|above| {
            std::iter::once(above.to_owned()).chain(VENDORED.iter().map(move |name| above.join(name)))
        });
        let mut candidates = candidates.filter(|directory| !self.directories.contains(directory));
        candidates
            .find(|directory| self.reader.request.view.is_file(&directory.join(import)))
            .map(|directory| path::shown_from_here(&directory))
    }
}
