//! Reads the files that a configuration extends: relative to its directory, each once. It does not depend on what they
//! say.

use std::path::{Component, Path, PathBuf};

use super::files::{MAX_BYTES, take_in};
use crate::finding::Finding;
use crate::source::{FileId, Sources};

/// The most files that a configuration may extend, those included that they extend.
pub(super) const MAX_FILES: usize = 100;

/// Where the files of a configuration are read from.
pub(super) struct SharedFiles<'a> {
    /// The configuration.
    own: PathBuf,
    /// Of the configuration.
    directory: PathBuf,
    /// The same as findings show it.
    shown: PathBuf,
    sources: &'a mut Sources,
}

impl<'a> SharedFiles<'a> {
    /// Those beside the configuration at a path, which findings show as `shown`.
    pub(super) fn beside(path: &Path, shown: &str, sources: &'a mut Sources) -> SharedFiles<'a> {
        let parent = |path: &Path| path.parent().map(Path::to_owned).unwrap_or_default();
        SharedFiles { own: path.to_owned(), directory: parent(path), shown: parent(Path::new(shown)), sources }
    }

    /// What distinguishes a file from all others, whatever path leads to it.
    pub(super) fn identity(&self, relative: &str) -> PathBuf {
        identity(&self.directory.join(relative))
    }

    /// The same of the configuration.
    pub(super) fn own_identity(&self) -> PathBuf {
        identity(&self.own)
    }

    /// The text of a file, which is one of the sources from now on.
    pub(super) fn read(&mut self, relative: &str) -> Result<(FileId, String), Box<Finding>> {
        let shown = normal(&self.shown.join(relative)).to_string_lossy().replace('\\', "/");
        let file = take_in(&self.directory.join(relative), shown, MAX_BYTES, self.sources)?;
        Ok((file, self.sources.get(file).text().to_owned()))
    }
}

fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| normal(path))
}

/// The path of a file that another one names, from the same directory as that of the other.
pub(super) fn beside(other: &str, named: &str) -> String {
    let directory = other.rsplit_once('/').map_or("", |(directory, _)| directory);
    normal(&Path::new(directory).join(named)).to_string_lossy().replace('\\', "/")
}

/// A path without `.`, and without `..` where that has something to leave.
fn normal(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.into_iter().collect()
}
