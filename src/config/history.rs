//! What the `history` section of a configuration says.

use crate::pattern::{NamePatterns, PathPatterns};

/// Which releases the history of elements is read from, and for which elements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryConfig {
    /// The names of the tags that are releases; tags that are versions where there are none.
    pub tags: PathPatterns,
    /// The first release that counts; all do where there is none.
    pub since: Option<String>,
    /// What history is not read for.
    pub ignore: HistoryIgnore,
}

/// Elements whose history does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryIgnore {
    /// Full names: of packages, with all that is in them, or of elements.
    pub names: NamePatterns,
    /// Paths of files, from the directory of the configuration.
    pub paths: PathPatterns,
}

impl HistoryIgnore {
    /// Whether an element of that full name is covered: by its own name, or by that of what it is in.
    pub fn covers_name(&self, full_name: &str) -> bool {
        !self.names.is_empty() && self.names.covers(full_name)
    }

    /// Whether all elements of a file are covered.
    pub fn covers_path(&self, path: &str) -> bool {
        self.paths.matches(path)
    }
}
