//! Paths as text: absolute ones without `..`, and as the user would type them.

use std::path::{Component, Path, PathBuf};

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

/// How an absolute path is shown that the user did not type: relative to the current directory if it lies below.
pub(crate) fn shown_from_here(path: &Path) -> String {
    let here = std::env::current_dir().ok().and_then(|here| below(path, &here));
    here.unwrap_or_else(|| shown(path))
}
