//! Finds the directories that imports count from, by what the files say: where their imports lie, and where their
//! packages would have them. It reads no files, but may ask whether one exists.

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::view::View;

/// What a file says about where it belongs.
pub(crate) struct Facts<'f> {
    /// Absolute.
    pub(crate) path: &'f Path,
    pub(crate) package: Option<&'f str>,
    pub(crate) imports: Vec<&'f str>,
}

/// Names of directories that are roots by custom; a package that matches below one of them makes it a root.
const CUSTOMARY: [&str; 10] =
    ["proto", "protos", "protobuf", "protobufs", "protocol", "schema", "schemas", "idl", "api", "apis"];

/// Files that say that their directory is the top of a project.
const TOP_MARKS: [&str; 6] = ["protolint.yaml", "protolint.yml", "buf.yaml", "buf.work.yaml", ".git", "buf.gen.yaml"];

/// How far above a given directory a root is looked for.
const LEVELS_ABOVE: usize = 12;

/// The roots of the files below `directory`, which is one of them unless everything lies below others; sorted, the
/// outermost first. `unread` are files of which no more than the path is known. `is_built_in` says which imports need no
/// directory.
pub(crate) fn infer(
    directory: &Path,
    files: &[Facts<'_>],
    (unread, view): (&[PathBuf], View<'_>),
    is_built_in: impl Fn(&str) -> bool,
) -> Vec<PathBuf> {
    let known = Known::of(files, (unread, view), directory);
    let mut roots: FxHashSet<PathBuf> = FxHashSet::default();
    let mut top = directory.to_owned();
    let mut top_is_proven = false;
    let mut asked: FxHashSet<(&str, &Path)> = FxHashSet::default();
    for file in files {
        let own = file.path.parent().unwrap_or(directory);
        for &import in file.imports.iter().filter(|import| !is_built_in(import)) {
            if !asked.insert((import, own)) {
                continue;
            }
            if known.holds(&directory.join(import)) {
                top_is_proven = true;
            } else if let Some(root) = known.root_of(import, own, directory) {
                roots.insert(root);
            } else if let Some(above) = above(directory).find(|above| view.is_file(&above.join(import))) {
                top = above.to_owned();
            }
        }
    }
    if top_is_proven && top != directory {
        // Imports count from the directory given, and some from above: both are roots.
        roots.insert(directory.to_owned());
    } else if top == directory && !top_is_proven && roots.is_empty() {
        by_package(directory, files, &mut top, &mut roots);
    }
    roots.insert(top);
    let mut roots: Vec<PathBuf> = roots.into_iter().collect();
    roots.sort();
    roots
}

/// The root a single file belongs to: the ancestor that its package, or else its imports, make it lie under; else the
/// top of its project; else its own directory.
pub(crate) fn of_file(file: &Facts<'_>, view: View<'_>, is_built_in: impl Fn(&str) -> bool) -> PathBuf {
    let own = file.path.parent().unwrap_or(Path::new("/"));
    let imports = || file.imports.iter().filter(|import| !is_built_in(import));
    if let Some(root) = by_own_package(file).filter(|root| imports().all(|import| view.is_file(&root.join(import)))) {
        return root;
    }
    let resolves = |ancestor: &&Path| imports().any(|import| view.is_file(&ancestor.join(import)));
    if let Some(root) = own.ancestors().take(LEVELS_ABOVE).find(resolves) {
        return root.to_owned();
    }
    let by_project = || own.ancestors().find(|ancestor| is_top(ancestor)).map(Path::to_owned);
    by_own_package(file).or_else(by_project).unwrap_or_else(|| own.to_owned())
}

/// Directories, for asking which of them holds a path.
pub(crate) struct Holders<'r> {
    by_path: FxHashMap<&'r Path, usize>,
}

impl<'r> Holders<'r> {
    pub(crate) fn of(directories: &'r [PathBuf]) -> Holders<'r> {
        // Of equal ones the first counts.
        let by_path = directories.iter().enumerate().rev().map(|(index, directory)| (directory.as_path(), index));
        Holders { by_path: by_path.collect() }
    }

    /// The innermost directory that holds `path`, and its index.
    pub(crate) fn holding<'a>(&self, path: &'a Path) -> Option<(usize, &'a Path)> {
        path.ancestors().find_map(|above| Some((*self.by_path.get(above)?, above)))
    }
}

/// Whether `directory` is the top of a project or lies below one.
pub(crate) fn is_in_project(directory: &Path) -> bool {
    directory.ancestors().any(is_top)
}

fn is_top(directory: &Path) -> bool {
    TOP_MARKS.iter().any(|mark| directory.join(mark).exists())
}

/// The directories above a given one, up to the top of the project.
fn above(directory: &Path) -> impl Iterator<Item = &Path> {
    let mut inside = !is_top(directory);
    directory.ancestors().skip(1).take(LEVELS_ABOVE).take_while(move |above| {
        let take = inside;
        inside = inside && !is_top(above);
        take
    })
}

/// The directory that the file's package makes it lie under.
fn by_own_package(file: &Facts<'_>) -> Option<PathBuf> {
    let package = PathBuf::from(file.package.filter(|package| !package.is_empty())?.replace('.', "/"));
    let own = file.path.parent()?;
    let depth = own.components().count().checked_sub(package.components().count())?;
    own.ends_with(&package).then(|| own.components().take(depth).collect())
}

/// Where no import tells, packages do: roots above if all files agree, customary ones below if nothing contradicts.
fn by_package(directory: &Path, files: &[Facts<'_>], top: &mut PathBuf, roots: &mut FxHashSet<PathBuf>) {
    let claims: Vec<Option<PathBuf>> = files.iter().filter(|file| file.package.is_some()).map(by_own_package).collect();
    if claims.iter().flatten().any(|root| root == directory) {
        return;
    }
    if let Some(Some(first)) = claims.first()
        && claims.iter().all(|claim| claim.as_ref() == Some(first))
        && above(directory).any(|above| above == first)
    {
        first.clone_into(top);
        return;
    }
    let is_customary = |root: &&PathBuf| {
        root.starts_with(directory)
            && root.file_name().and_then(|name| name.to_str()).is_some_and(|name| CUSTOMARY.contains(&name))
    };
    roots.extend(claims.iter().flatten().filter(is_customary).cloned());
}

/// The last two components of a path: enough to make candidates few.
type Tail<'f> = (Option<&'f OsStr>, Option<&'f OsStr>);

fn tail(path: &Path) -> Tail<'_> {
    (path.parent().and_then(Path::file_name), path.file_name())
}

/// The files of a walk, for asking where an import lies.
struct Known<'f> {
    files: &'f [Facts<'f>],
    unread: &'f [PathBuf],
    view: View<'f>,
    /// What all files lie below.
    top: &'f Path,
    /// Of those that were read, and all there are where none is unread.
    paths: FxHashSet<&'f Path>,
    by_tail: OnceCell<FxHashMap<Tail<'f>, Vec<&'f Path>>>,
}

impl<'f> Known<'f> {
    fn of(files: &'f [Facts<'f>], (unread, view): (&'f [PathBuf], View<'f>), top: &'f Path) -> Known<'f> {
        let paths = files.iter().map(|file| file.path).collect();
        Known { files, unread, view, top, paths, by_tail: OnceCell::new() }
    }

    fn holds(&self, path: &Path) -> bool {
        self.paths.contains(path) || (!self.unread.is_empty() && self.view.is_file(path))
    }

    /// The files whose path ends alike.
    fn alike(&self, import: &'f Path) -> &[&'f Path] {
        let by_tail = self.by_tail.get_or_init(|| {
            let unread = self.unread.iter().map(PathBuf::as_path).filter(|path| path.starts_with(self.top));
            let mut by_tail: FxHashMap<Tail<'f>, Vec<&'f Path>> = FxHashMap::default();
            for path in self.files.iter().map(|file| file.path).chain(unread) {
                by_tail.entry(tail(path)).or_default().push(path);
            }
            by_tail
        });
        by_tail.get(&tail(import)).map_or(&[], Vec::as_slice)
    }

    /// The directory within `top` that `import` counts from: an ancestor of the importing directory if one holds it,
    /// else the first that does.
    fn root_of(&self, import: &'f str, own: &Path, top: &Path) -> Option<PathBuf> {
        let mut within = own.ancestors().take_while(|ancestor| ancestor.starts_with(top));
        if let Some(root) = within.find(|ancestor| self.holds(&ancestor.join(import))) {
            return Some(root.to_owned());
        }
        // The name alone says too little to make a root of where it happens to lie.
        let import = Path::new(import);
        import.parent().and_then(Path::file_name)?;
        let found = self.alike(import).iter().find(|path| path.ends_with(import))?;
        let depth = found.components().count().checked_sub(import.components().count())?;
        Some(found.components().take(depth).collect())
    }
}
