//! Paths as text: absolute ones without `..`, and as the user would type them.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use rustc_hash::FxHashSet;

/// Absolute paths as [`absolute`] makes them. They are distinguished by their text, which is much faster than component
/// by component, as paths do it themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathSet {
    paths: FxHashSet<OsString>,
}

impl PathSet {
    /// No paths, with room for as many.
    pub(crate) fn with_room(count: usize) -> PathSet {
        PathSet { paths: FxHashSet::with_capacity_and_hasher(count, Default::default()) }
    }

    /// Takes a path in, and says whether it is new.
    pub(crate) fn insert(&mut self, path: PathBuf) -> bool {
        self.paths.insert(path.into_os_string())
    }

    pub(crate) fn contains(&self, path: &Path) -> bool {
        self.paths.contains(path.as_os_str())
    }

    pub(crate) fn remove(&mut self, path: &Path) {
        self.paths.remove(path.as_os_str());
    }

    pub(crate) fn clear(&mut self) {
        self.paths.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.paths.len()
    }

    /// The paths, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().map(Path::new)
    }
}

impl Extend<PathBuf> for PathSet {
    fn extend<I: IntoIterator<Item = PathBuf>>(&mut self, paths: I) {
        self.paths.extend(paths.into_iter().map(PathBuf::into_os_string));
    }
}

impl FromIterator<PathBuf> for PathSet {
    fn from_iter<I: IntoIterator<Item = PathBuf>>(paths: I) -> PathSet {
        PathSet { paths: paths.into_iter().map(PathBuf::into_os_string).collect() }
    }
}

/// How the files below a directory are shown that the user named.
pub(crate) struct Below<'d> {
    given: &'d Path,
    absolute: &'d Path,
    /// What absolute paths below it begin with, where text shows it.
    start: Option<String>,
    /// What paths below it begin with as they are shown.
    shown: String,
}

impl<'d> Below<'d> {
    /// Below the directory `given`, which is `absolute`.
    pub(crate) fn new(given: &'d Path, absolute: &'d Path) -> Below<'d> {
        let with_name = |directory: &Path| shown(&directory.join("x"));
        let without_name = |text: String| text[..text.len() - 1].to_owned();
        let is_plain = std::path::MAIN_SEPARATOR == '/' && absolute.to_str().is_some();
        let start = is_plain.then(|| without_name(with_name(absolute)));
        Below { given, absolute, start, shown: without_name(with_name(given)) }
    }

    /// An absolute path below the directory, as it is shown.
    pub(crate) fn path(&self, file: &Path) -> String {
        let rest = self.start.as_ref().and_then(|start| file.to_str()?.strip_prefix(start.as_str()));
        if let Some(rest) = rest {
            return self.relative(rest);
        }
        file.strip_prefix(self.absolute).map_or_else(|_| shown(file), |rest| shown(&self.given.join(rest)))
    }

    /// A path that counts from the directory, `/` between components, as it is shown.
    pub(crate) fn relative(&self, rest: &str) -> String {
        [self.shown.as_str(), rest].concat()
    }
}

/// `path` from the root of the file system, `.` and `..` resolved by name alone, so that links keep their names.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let from_root = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for component in from_root.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// The path with `/` between components, without a leading `./`. What is not Unicode is replaced.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    let short = text.trim_start_matches("./");
    if short.is_empty() { ".".to_owned() } else { short.to_owned() }
}

/// `path` relative to `directory` if it lies below, with `/` between components.
pub(crate) fn below(path: &Path, directory: &Path) -> Option<String> {
    path.strip_prefix(directory).ok().map(shown)
}

/// How an absolute path is shown that the user did not type: relative to the current directory if it lies below, or at
/// least in the same project.
pub(crate) fn shown_from_here(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.and_then(|here| below(path, &here).or_else(|| across(path, &here)));
    relative.unwrap_or_else(|| shown(path))
}

/// Files that say that their directory is the top of a project.
const TOP_MARKS: [&str; 5] = [".git", "protolint.yaml", "protolint.yml", "buf.work.yaml", "buf.yaml"];

thread_local! {
    /// The current directory when that was last asked, and the top of the project that it is in.
    static PROJECT: RefCell<(PathBuf, Option<PathBuf>)> = RefCell::default();
}

/// `path` relative to the current directory by way of one above it that is in the same project.
fn across(path: &Path, here: &Path) -> Option<String> {
    PROJECT.with_borrow_mut(|(known, project)| {
        if known != here {
            let top_by = |mark: &str| here.ancestors().find(|above| above.join(mark).exists());
            *project = TOP_MARKS.iter().find_map(|mark| top_by(mark)).map(Path::to_owned);
            here.clone_into(known);
        }
        let shared = here.ancestors().find(|above| path.starts_with(above))?;
        shared.starts_with(project.as_ref()?).then_some(())?;
        let up = std::iter::repeat_n(Component::ParentDir, here.strip_prefix(shared).ok()?.components().count());
        Some(shown(&up.chain(path.strip_prefix(shared).ok()?.components()).collect::<PathBuf>()))
    })
}
