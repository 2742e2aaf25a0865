//! Trees of files on disk: a case's folder, and the project that a test makes of it.

use std::collections::BTreeMap;
use std::path::Path;

/// The files below a directory with their paths, `/` between components.
pub fn files(directory: &Path) -> BTreeMap<String, String> {
    let entries = walkdir::WalkDir::new(directory).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(directory).unwrap().to_str().unwrap().replace('\\', "/");
            let text = std::fs::read_to_string(entry.path()).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, text)
        })
        .collect()
}

/// A new directory that holds these files and is the top of a repository, so that nothing above it counts.
pub fn project(files: &BTreeMap<String, String>) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    super::write(directory.path(), files);
    std::fs::create_dir(directory.path().join(".git")).unwrap();
    directory
}
