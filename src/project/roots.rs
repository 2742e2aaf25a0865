//! Infers the directories that imports count from, by what the files of a tree say: where their imports lie, and where
//! their packages would have them. It reads no files, but may ask whether one exists.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::path;
use super::view::View;

/// What a file says about where it belongs.
pub(crate) struct Facts<'f> {
    /// Absolute.
    pub(crate) path: &'f Path,
    pub(crate) package: Option<&'f str>,
    pub(crate) imports: Vec<&'f str>,
}

/// A tree of files whose roots are to be found.
#[derive(Clone, Copy)]
pub(crate) struct Tree<'t> {
    /// What all files lie below.
    pub(crate) top: &'t Path,
    pub(crate) files: &'t [Facts<'t>],
    /// Files of which no more than the path is known; they may lie outside of the tree.
    pub(crate) unread: &'t [PathBuf],
    /// Directories that the user named for imports.
    pub(crate) named: &'t [PathBuf],
    pub(crate) view: View<'t>,
}

/// The roots of a tree.
pub(crate) struct Roots {
    /// Sorted, the outermost first.
    pub(crate) directories: Vec<PathBuf>,
    /// Whether the top of the tree is one for a reason, and not only for want of another.
    pub(crate) is_top_proven: bool,
}

/// Names of directories that are roots by custom: there a package of one component is reason enough, as it is where all
/// packages agree.
const CUSTOMARY: [&str; 10] =
    ["proto", "protos", "protobuf", "protobufs", "protocol", "schema", "schemas", "idl", "api", "apis"];

/// The files by which buf's users say that a directory is a root.
const MODULE_MARKS: [&str; 2] = ["buf.yaml", "buf.gen.yaml"];

/// How far above a tree a root is looked for.
const LEVELS_ABOVE: usize = 12;

/// Finds the roots of a tree. An import proves the directory that it counts from. A package implies the directory that
/// it would have the file lie under; a claim counts unless an import says otherwise, or the directory belongs to the
/// packages of a root above. `is_built_in` says which imports need no directory.
pub(crate) fn infer(tree: Tree<'_>, is_built_in: impl Fn(&str) -> bool) -> Roots {
    let index = Index::new(tree);
    let mut evidence = Evidence::default();
    let mut imports = Imports::new(&index, is_built_in);
    for file in tree.files {
        let Some(own) = file.path.parent() else { continue };
        let claim = claim(file.path, file.package);
        match claim {
            Some(root) => evidence.claim(root, own, file.package),
            None => evidence.is_disputed |= file.package.is_some_and(|package| !package.is_empty()),
        }
        imports.add(file, own, claim);
    }
    imports.claimed.iter().for_each(|(&(_, root), meant)| {
        if let Some(meant) = meant {
            evidence.prove(Path::new(root), Some(meant));
        }
    });
    let found: Vec<(&Path, Option<&Path>)> =
        imports.others.into_par_iter().filter_map(|import| index.root_of(import)).collect();
    found.into_iter().for_each(|(root, meant)| evidence.prove(root, meant));
    evidence.roots(tree)
}

/// The top of a tree that nothing marks: `start`, or a directory above it that the packages and imports of its files
/// count from.
pub(crate) fn top_above<'a>(
    start: &'a Path,
    files: &[Facts<'_>],
    view: View<'_>,
    is_built_in: impl Fn(&str) -> bool,
) -> &'a Path {
    let tree = Tree { top: start, files, unread: &[], named: &[], view };
    let index = Index::new(tree);
    let mut imports = Imports::new(&index, is_built_in);
    let above = || start.ancestors().enumerate().skip(1).take(LEVELS_ABOVE);
    let level = |is_top: &dyn Fn(&Path) -> bool| above().find(|(_, above)| is_top(above)).map_or(0, |(level, _)| level);
    let mut highest = 0;
    for file in files {
        let Some(own) = file.path.parent() else { continue };
        let claim = claim(file.path, file.package);
        highest = highest.max(level(&|above| claim == Some(above)));
        imports.add(file, own, claim);
    }
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    imports.others.retain(|import| seen.insert(import.path));
    let missing = imports.others.into_par_iter().filter(|&import| index.root_of(import).is_none());
    let levels = missing.map(|import| level(&|above| view.is_file(&above.join(import.path))));
    highest = highest.max(levels.max().unwrap_or(0));
    start.ancestors().nth(highest).unwrap_or(start)
}

/// An import, with what may say where it counts from.
#[derive(Clone, Copy)]
struct Import<'t> {
    path: &'t str,
    /// The directory that it is asked from.
    own: &'t Path,
    /// What the package of its file claims.
    claim: Option<&'t Path>,
}

/// The imports of a tree, those that count from one directory once.
struct Imports<'i, 't, B> {
    index: &'i Index<'t>,
    is_built_in: B,
    /// By path and the root that a package claims: the file that is meant if the import counts from there. Most do.
    claimed: FxHashMap<(&'t str, &'t OsStr), Option<&'t Path>>,
    asked: FxHashSet<(&'t str, &'t OsStr)>,
    /// Those that count from elsewhere.
    others: Vec<Import<'t>>,
}

impl<'i, 't, B: Fn(&str) -> bool> Imports<'i, 't, B> {
    fn new(index: &'i Index<'t>, is_built_in: B) -> Imports<'i, 't, B> {
        Imports { index, is_built_in, claimed: FxHashMap::default(), asked: FxHashSet::default(), others: Vec::new() }
    }

    /// Adds what a file imports that lies in `own` and whose package makes the claim.
    fn add(&mut self, file: &Facts<'t>, own: &'t Path, claim: Option<&'t Path>) {
        for &path in &file.imports {
            let asker = if (self.is_built_in)(path) { beside(path, own) } else { Some(own) };
            let Some(asker) = asker else { continue };
            let index = self.index;
            let is_below = |root: &'t Path| {
                self.claimed.entry((path, root.as_os_str())).or_insert_with(|| index.below(root, path)).is_some()
            };
            if !claim.is_some_and(is_below) && self.asked.insert((path, asker.as_os_str())) {
                self.others.push(Import { path, own: asker, claim });
            }
        }
    }
}

/// The directory above a file, in which `own` is, that a built-in file may lie below: `google/protobuf/any.proto` is the
/// tree's own for what lies below a `google` too.
fn beside<'t>(import: &str, own: &'t Path) -> Option<&'t Path> {
    let first = import.split('/').next().map(OsStr::new);
    own.ancestors().find(|above| above.file_name() == first)
}

/// The directory that a package makes a file lie under.
fn claim<'f>(file: &'f Path, package: Option<&str>) -> Option<&'f Path> {
    let mut directory = file.parent()?;
    for component in package.filter(|package| !package.is_empty())?.rsplit('.') {
        if directory.file_name()? != component {
            return None;
        }
        directory = directory.parent()?;
    }
    Some(directory)
}

/// Directories, for asking which of them holds a path.
pub(crate) struct Holders {
    /// By the text of their paths, without `.` and `..`: paths are slow to hash.
    by_path: FxHashMap<OsString, usize>,
}

impl Holders {
    pub(crate) fn of<'r>(directories: impl IntoIterator<Item = &'r PathBuf>) -> Holders {
        let mut by_path = FxHashMap::default();
        for (index, directory) in directories.into_iter().enumerate() {
            // Of equal ones the first counts.
            by_path.entry(path::absolute(directory).into_os_string()).or_insert(index);
        }
        Holders { by_path }
    }

    /// The innermost directory that holds `path`, and its index.
    pub(crate) fn holding<'a>(&self, path: &'a Path) -> Option<(usize, &'a Path)> {
        path.ancestors().find_map(|above| Some((*self.by_path.get(above.as_os_str())?, above)))
    }
}

/// What the files say of roots.
#[derive(Default)]
struct Evidence<'f> {
    /// Roots that imports count from.
    proven: FxHashSet<&'f Path>,
    /// Directories that an import leads through: what it means does not count from them.
    passed: FxHashSet<&'f Path>,
    /// Roots and directories within, to note each way once.
    ways: FxHashSet<(&'f OsStr, &'f OsStr)>,
    /// Roots that packages ask for, and whether by more than one component.
    claims: FxHashMap<&'f Path, bool>,
    /// Whether a package claims no directory.
    is_disputed: bool,
    /// For each root, the directories in it that are the first components of packages.
    packages: FxHashMap<&'f Path, FxHashSet<&'f Path>>,
}

impl<'f> Evidence<'f> {
    fn prove(&mut self, root: &'f Path, meant: Option<&'f Path>) {
        let directory = meant.and_then(Path::parent);
        if !self.ways.insert((root.as_os_str(), directory.unwrap_or(root).as_os_str())) {
            return;
        }
        self.proven.insert(root);
        if let Some(directory) = directory {
            self.passed.extend(directory.ancestors().take_while(|above| *above != root));
        }
    }

    fn claim(&mut self, root: &'f Path, own: &'f Path, package: Option<&str>) {
        let is_long = package.is_some_and(|package| package.contains('.'));
        *self.claims.entry(root).or_default() |= is_long;
        if is_long && let Some(first) = own.ancestors().take_while(|above| *above != root).last() {
            self.packages.entry(root).or_default().insert(first);
        }
    }

    fn roots(self, tree: Tree<'_>) -> Roots {
        let Evidence { proven, passed, claims, packages, .. } = self;
        let is_unanimous = claims.len() == 1 && proven.is_empty() && !self.is_disputed;
        let is_top_proven = proven.contains(tree.top) || claims.contains_key(tree.top);
        let mut roots: FxHashSet<PathBuf> = proven.iter().map(|&root| root.to_owned()).collect();
        let is_below_root = proven.iter().any(|root| tree.top.starts_with(root));
        if is_top_proven || !is_below_root {
            roots.insert(tree.top.to_owned());
        }
        let mut taken: FxHashSet<&Path> = FxHashSet::default();
        for root in &roots {
            taken.extend(packages.get(root.as_path()).into_iter().flatten());
        }
        let is_marked = |root: &Path| {
            let is_customary = root.file_name().and_then(OsStr::to_str).is_some_and(|name| CUSTOMARY.contains(&name));
            is_customary || MODULE_MARKS.iter().any(|mark| tree.view.is_file(&root.join(mark)))
        };
        let named = tree.named.iter().map(|named| (named.as_path(), true));
        let mut claims: Vec<(&Path, bool)> =
            claims.iter().map(|(&root, &is_long)| (root, is_long)).chain(named).collect();
        claims.sort_unstable();
        for (root, is_long) in claims {
            let is_within = root.starts_with(tree.top) && root != tree.top;
            let is_possible =
                is_within && !passed.contains(root) && !root.ancestors().any(|above| taken.contains(above));
            if is_possible && (is_long || is_unanimous || is_marked(root)) && roots.insert(root.to_owned()) {
                taken.extend(packages.get(root).into_iter().flatten());
            }
        }
        let mut directories: Vec<PathBuf> = roots.into_iter().collect();
        directories.sort_unstable();
        Roots { directories, is_top_proven }
    }
}

/// The last two components of a path: enough to make candidates few.
type Tail<'f> = (Option<&'f OsStr>, Option<&'f OsStr>);

fn tail(path: &Path) -> Tail<'_> {
    (path.parent().and_then(Path::file_name), path.file_name())
}

/// The files of a tree, for asking where an import lies.
struct Index<'t> {
    tree: Tree<'t>,
    by_tail: FxHashMap<Tail<'t>, Vec<(&'t Path, Option<&'t str>)>>,
}

impl<'t> Index<'t> {
    fn new(tree: Tree<'t>) -> Index<'t> {
        let unread = tree.unread.iter().map(PathBuf::as_path).filter(|path| path.starts_with(tree.top));
        let read = tree.files.iter().map(|file| (file.path, file.package));
        let mut by_tail: FxHashMap<Tail<'t>, Vec<(&'t Path, Option<&'t str>)>> = FxHashMap::default();
        for (path, package) in read.chain(unread.map(|path| (path, None))) {
            by_tail.entry(tail(path)).or_default().push((path, package));
        }
        Index { tree, by_tail }
    }

    /// The files whose paths end in that of an import, with the directory that it counts from there.
    fn alike<'a>(&'a self, import: &'a Path) -> impl Iterator<Item = Known<'t>> + use<'a, 't> {
        let depth = import.components().count();
        // A name alone has no second component to look for.
        let alike = self.by_tail.get(&tail(import)).filter(|_| depth > 1).map_or(&[][..], Vec::as_slice);
        let alike = alike.iter().filter(move |(path, _)| path.ends_with(import));
        alike.filter_map(move |&(path, package)| Some(Known { root: path.ancestors().nth(depth)?, path, package }))
    }

    /// The file that an import means if it counts from `root`, by the text of the paths, which are slow to compare.
    fn below(&self, root: &Path, import: &str) -> Option<&'t Path> {
        let mut names = import.rsplit('/').map(OsStr::new);
        let name = names.next();
        let directory = names.next()?;
        let (root, import) = (root.as_os_str().as_encoded_bytes(), import.as_bytes());
        let is_below = |path: &[u8]| {
            path.len() == root.len() + 1 + import.len()
                && path.ends_with(import)
                && path.starts_with(root)
                && std::path::is_separator(path[root.len()].into())
        };
        let alike = self.by_tail.get(&(Some(directory), name))?.iter();
        alike.map(|&(path, _)| path).find(|path| is_below(path.as_os_str().as_encoded_bytes()))
    }

    /// The file of that name directly in a directory.
    fn directly_in(&self, directory: &Path, name: &Path) -> Option<&'t Path> {
        let alike = self.by_tail.get(&(directory.file_name(), name.file_name()))?;
        alike.iter().map(|&(path, _)| path).find(|path| path.parent() == Some(directory))
    }

    /// The directory that an import counts from, and the file that it means where that is known.
    fn root_of(&self, Import { path, own, claim }: Import<'t>) -> Option<(&'t Path, Option<&'t Path>)> {
        let (import, tree) = (Path::new(path), self.tree);
        let around = self.alike(import).filter(|known| own.starts_with(known.root));
        let around = around.max_by_key(|known| (claim == Some(known.root), known.root.as_os_str().len()));
        if let Some(known) = around {
            return Some((known.root, Some(known.path)));
        }
        let above = || own.ancestors().take_while(|above| above.starts_with(tree.top));
        if import.components().count() == 1
            && let Some(found) = above().find_map(|above| Some((above, self.directly_in(above, import)?)))
        {
            return Some((found.0, Some(found.1)));
        }
        // What is not walked may be imported nevertheless.
        if let Some(root) = above().find(|above| tree.view.is_file(&above.join(import))) {
            return Some((root, None));
        }
        // Where a package says otherwise, a path that happens to end alike makes no root.
        let distance = |root: &Path| own.ancestors().position(|above| root.starts_with(above)).unwrap_or(usize::MAX);
        let elsewhere = self.alike(import).filter(Known::may_count_from_root);
        if let Some(known) = elsewhere.min_by_key(|known| distance(known.root)) {
            return Some((known.root, Some(known.path)));
        }
        self.above_top(import)
    }

    /// The directory above the tree that an import counts from which leads into the tree.
    fn above_top(&self, import: &Path) -> Option<(&'t Path, Option<&'t Path>)> {
        let top = self.tree.top;
        top.ancestors().skip(1).take(LEVELS_ABOVE).find_map(|above| {
            let rest = import.strip_prefix(top.strip_prefix(above).ok()?).ok()?;
            let path = match rest.components().count() {
                1 => self.directly_in(top, rest)?,
                _ => self.alike(rest).find(|known| known.root == top)?.path,
            };
            Some((above, Some(path)))
        })
    }
}

/// A file whose path ends in that of an import.
struct Known<'t> {
    root: &'t Path,
    path: &'t Path,
    package: Option<&'t str>,
}

impl Known<'_> {
    fn may_count_from_root(&self) -> bool {
        let package = self.package.filter(|package| package.contains('.'));
        claim(self.path, package).is_none_or(|claimed| claimed == self.root)
    }
}
