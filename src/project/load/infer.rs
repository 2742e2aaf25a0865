//! Infers the roots of what was given where no configuration names them: finds the trees that it lies in, and reads
//! what stands beside it there, so that the same tree has the same roots wherever one asks from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::given::ResolvedPaths;
use super::read::{Read, Reader};
use super::{Request, imports, unasked};
use crate::project::path;
use crate::project::roots::{self, Facts, Holders, Tree};
use crate::schema::{self, ParsedFile};

/// The directories that imports count from.
pub(super) struct Roots {
    /// Absolute.
    pub(super) directories: Vec<PathBuf>,
    /// What inferred ones are called, which are the first.
    shown: Vec<Arc<str>>,
    are_inferred: bool,
}

impl Roots {
    /// Those of the configuration.
    pub(super) fn configured(request: &Request<'_>) -> Roots {
        let mut directories = request.roots.clone();
        // A text that is no file yet belongs to no root, and yet it is somewhere.
        directories.extend(request.stdin.is_some().then(|| request.exclude.directory.to_owned()));
        Roots { directories, shown: Vec::new(), are_inferred: false }
    }

    /// Adds those that are new.
    pub(super) fn add(&mut self, more: &[PathBuf]) {
        let known: FxHashSet<PathBuf> = self.directories.iter().cloned().collect();
        self.directories.extend(more.iter().filter(|root| !known.contains(*root)).cloned());
    }

    pub(super) fn are_inferred(&self) -> bool {
        self.are_inferred
    }

    /// What the root of that index is called, if it was inferred.
    pub(super) fn shown(&self, index: u32) -> Option<Arc<str>> {
        self.shown.get(index as usize).cloned()
    }
}

/// Leaves out the files that are not target files and are in no root with target files. Where one is
/// imported, it is read again.
pub(super) fn leave_unrelated(batch: &mut Vec<Read>, holders: &Holders, reader: &mut Reader<'_>) {
    if batch.iter().all(|read| read.found.target) {
        return;
    }
    let root = |read: &Read| holders.holding(&read.found.absolute).map(|(root, _)| root);
    let wanted: FxHashSet<Option<usize>> = batch.iter().filter(|read| read.found.target).map(root).collect();
    batch.retain(|read| {
        let is_wanted = read.found.target || wanted.contains(&root(read));
        if !is_wanted {
            reader.forget(&read.found.absolute);
        }
        is_wanted
    });
}

/// A tree that roots are inferred in.
struct Ground {
    top: PathBuf,
    /// Whether something says that it is the top, so that all of it counts.
    is_marked: bool,
}

/// The tree that `directory` lies in: its repository, or the directory of the configuration; else the current
/// directory or `directory` itself, and how far up that reaches the files have to say.
fn ground(directory: &Path, request: &Request<'_>) -> Ground {
    let is_marked = |above: &&Path| request.project.as_deref() == Some(*above) || above.join(".git").exists();
    if let Some(top) = directory.ancestors().find(is_marked) {
        return Ground { top: top.to_owned(), is_marked: true };
    }
    let here = path::absolute(Path::new("."));
    let top = if directory.starts_with(&here) { here } else { directory.to_owned() };
    Ground { top, is_marked: false }
}

fn is_of_protobuf(import: &str) -> bool {
    schema::is_of_protobuf(import)
}

fn facts(read: &Read) -> Facts<'_> {
    let parsed = read.parsed.as_ref();
    Facts {
        path: &read.found.absolute,
        package: parsed.and_then(ParsedFile::package),
        imports: parsed
            .map(|parsed| parsed.imports().filter(|import| imports::is_plain(import)).collect())
            .unwrap_or_default(),
    }
}

fn facts_below<'r>(top: &Path, batch: &'r [Read]) -> Vec<Facts<'r>> {
    batch.par_iter().filter(|read| read.found.absolute.starts_with(top)).map(facts).collect()
}

/// Infers the roots of what was given, and reads what stands beside it.
pub(super) fn roots(given: &ResolvedPaths, batch: &mut Vec<Read>, reader: &mut Reader<'_>) -> Roots {
    let request = reader.request;
    let mut grounds: FxHashMap<PathBuf, bool> = FxHashMap::default();
    let parents = given.single.iter().filter_map(|file| file.parent());
    let starts: FxHashSet<&Path> = given.directories.iter().map(PathBuf::as_path).chain(parents).collect();
    for start in starts {
        let Ground { top, is_marked } = ground(start, request);
        *grounds.entry(top).or_default() |= is_marked;
    }
    let mut repositories = given.repositories.clone();
    let mut tops: Vec<PathBuf> = Vec::new();
    let read_first = batch.len();
    let (mut inferred, is_one_tree) = (None, grounds.len() == 1);
    for (top, is_marked) in grounds {
        if is_marked {
            repositories.extend(read_beside(&top, given, batch, reader));
            tops.push(top);
        } else {
            let top = {
                let below = facts_below(&top, batch);
                roots::top_above(&top, &below, request.view, is_of_protobuf).to_owned()
            };
            inferred = read_packages(&top, given, batch, reader);
            tops.push(top);
        }
    }
    tops.extend(repositories);
    tops.sort_unstable();
    tops.dedup();
    if batch.len() > read_first {
        batch.sort_by(|one, other| one.found.absolute.cmp(&other.found.absolute));
    }
    let by_top = match inferred.filter(|_| is_one_tree && tops.len() == 1 && !batch.is_empty()) {
        Some(roots) => vec![(&tops[0], roots)],
        None => infer_each(&tops, batch, given, reader),
    };
    let mut found: Vec<(PathBuf, Arc<str>)> = Vec::new();
    for (top, roots::Roots { directories, .. }) in by_top {
        found.extend(directories.into_iter().map(|root| (shown(&root, top), root)).map(|(shown, root)| (root, shown)));
    }
    let mut known = FxHashSet::default();
    found.retain(|(root, _)| known.insert(root.clone()));
    let (directories, shown) = found.into_iter().unzip();
    Roots { directories, shown, are_inferred: true }
}

/// Infers the roots of each tree that files lie in.
fn infer_each<'t>(
    tops: &'t [PathBuf],
    batch: &[Read],
    given: &ResolvedPaths,
    reader: &Reader<'_>,
) -> Vec<(&'t PathBuf, roots::Roots)> {
    let holders = Holders::of(tops);
    let mut by_top: Vec<Vec<Facts<'_>>> = tops.iter().map(|_| Vec::new()).collect();
    let place = |read: &Read| match tops.len() {
        1 => Some(0),
        _ => holders.holding(&read.found.absolute).map(|(at, _)| at),
    };
    let placed: Vec<_> = batch.par_iter().filter_map(|read| Some((place(read)?, facts(read)))).collect();
    placed.into_iter().for_each(|(at, facts)| by_top[at].push(facts));
    let with_files = tops.iter().zip(&by_top).filter(|(_, files)| !files.is_empty());
    with_files.map(|(top, files)| (top, infer(top, files, given, reader))).collect()
}

fn infer(top: &Path, files: &[Facts<'_>], given: &ResolvedPaths, reader: &Reader<'_>) -> roots::Roots {
    let Request { includes, view, .. } = reader.request;
    let holds_given = |include: &&PathBuf| is_asked_within(include, given);
    let named: Vec<PathBuf> = includes.given.iter().filter(holds_given).cloned().collect();
    roots::infer(Tree { top, files, unread: &reader.unread, named: &named, view: *view }, is_of_protobuf)
}

fn is_asked_within(directory: &Path, given: &ResolvedPaths) -> bool {
    given.directories.iter().chain(&given.single).any(|asked| asked.starts_with(directory))
}

/// How a root is called in messages: by its path from the top of its tree, which is the same on every machine.
fn shown(root: &Path, top: &Path) -> Arc<str> {
    let levels = || root.strip_prefix(top).err().and_then(|_| Some(top.strip_prefix(root).ok()?.components().count()));
    match (path::below(root, top), levels()) {
        (Some(below), _) => below.into(),
        (None, Some(levels)) => vec![".."; levels].join("/").into(),
        (None, None) => path::shown(root).into(),
    }
}

/// Reads what lies in a tree beside what was given; the tops of repositories in it.
fn read_beside(top: &Path, given: &ResolvedPaths, batch: &mut Vec<Read>, reader: &mut Reader<'_>) -> Vec<PathBuf> {
    if given.directories.iter().any(|directory| top.starts_with(directory)) {
        return Vec::new();
    }
    let request = reader.request;
    // What cannot be listed is checked without its neighbours.
    let Ok(found) = request.view.protos(top, &request.exclude, false) else { return Vec::new() };
    let paths = found.files.into_iter().map(|file| file.absolute);
    read_neighbours(paths, given, batch, reader);
    found.repositories
}

/// Reads what may be of the packages of what was given, in a tree that nothing marks: it may be all of the disk. Gives the
/// tree's roots where there was nothing to read and all files lie in the tree.
fn read_packages(
    top: &Path,
    given: &ResolvedPaths,
    batch: &mut Vec<Read>,
    reader: &mut Reader<'_>,
) -> Option<roots::Roots> {
    let request = reader.request;
    let walked: FxHashSet<&Path> = given.directories.iter().map(PathBuf::as_path).collect();
    let is_walked = |path: &Path| path.ancestors().any(|above| walked.contains(above));
    let (mut trees, mut single): (FxHashSet<PathBuf>, FxHashSet<PathBuf>) = Default::default();
    let known = {
        let below = facts_below(top, batch);
        let roots = infer(top, &below, given, reader);
        let holders = Holders::of(&roots.directories);
        for file in &below {
            let (Some(own), Some((_, root))) = (file.path.parent(), holders.holding(file.path)) else { continue };
            let is_proven = (root != top || roots.is_top_proven) && root.parent().is_some();
            let first = own.ancestors().take_while(|above| *above != root).last();
            match first.filter(|_| is_proven) {
                Some(first) if !is_walked(first) => trees.extend([first.to_owned()]),
                None if !is_walked(own) => single.extend([own.to_owned()]),
                _ => {}
            }
        }
        Some(roots).filter(|_| below.len() == batch.len())
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for tree in &trees {
        let found = request.view.protos(tree, &request.exclude, false).unwrap_or_default();
        paths.extend(found.files.into_iter().map(|file| file.absolute));
    }
    paths.extend(single.iter().flat_map(|directory| request.view.in_directory(directory, &request.exclude)));
    let read_before = batch.len();
    read_neighbours(paths.into_iter(), given, batch, reader);
    known.filter(|_| batch.len() == read_before)
}

/// Reads files that are not target files, but for those that others supply and those that were found behind links.
fn read_neighbours(
    paths: impl Iterator<Item = PathBuf>,
    given: &ResolvedPaths,
    batch: &mut Vec<Read>,
    reader: &mut Reader<'_>,
) {
    let request = reader.request;
    let includes = request.includes.all().filter(|include| !is_asked_within(include, given));
    let left_out: FxHashSet<&Path> = includes.chain(&given.behind_links).map(PathBuf::as_path).collect();
    let is_wanted = |path: &PathBuf| !path.ancestors().any(|above| left_out.contains(above));
    let files = paths.filter(is_wanted).map(|path| unasked(&path, request.view)).collect();
    let files = reader.wanted(files);
    batch.extend(reader.read(files));
}
