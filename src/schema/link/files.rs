//! The files that are linked together, and what the imports of each mean. It uses no names.

use std::sync::Arc;

use crate::schema::data::{FileData, FileIndex, ImportKind};

/// So many files are linked by one thread; there are fewer that are built in.
const MAX_ALONE: usize = 32;

/// Where a file belongs.
#[derive(Clone, Debug)]
pub(crate) struct FilePlace {
    /// Which import root holds it.
    pub(crate) root: u32,
    /// Whether findings on it are wanted.
    pub(crate) target: bool,
    /// The files its imports mean, in the order of the statements.
    pub(crate) imports: Vec<Option<FileIndex>>,
    /// The imports that were not found, by the index of the statement.
    pub(crate) missing: Vec<(u32, MissingImport)>,
    /// What its root is called where that was inferred, and no configuration names it.
    pub(crate) inferred_root: Option<Arc<str>>,
}

/// An import that was not found.
#[derive(Clone, Debug)]
pub(crate) struct MissingImport {
    /// The first directories that were searched, as the user would write them.
    pub(crate) searched: Vec<String>,
    /// How many more were.
    pub(crate) more_searched: usize,
    /// A directory that was not searched and holds the file.
    pub(crate) held_by: Option<String>,
    /// The file was found but cannot be parsed: its path.
    pub(crate) broken: Option<String>,
}

/// All files, sorted by root and name.
#[derive(Clone, Copy)]
pub(crate) struct Files<'f> {
    data: &'f [Arc<FileData>],
    places: &'f [FilePlace],
}

impl<'f> Files<'f> {
    /// `places` says for each file where it belongs.
    pub(crate) fn new(data: &'f [Arc<FileData>], places: &'f [FilePlace]) -> Files<'f> {
        Files { data, places }
    }

    pub(super) fn count(self) -> usize {
        self.data.len()
    }

    /// Whether one thread links them all. The built-in files are linked when one of them is first asked for, and who
    /// asks meanwhile waits: nothing that they are linked with may wait for a thread in turn.
    pub(super) fn are_few(self) -> bool {
        self.count() <= MAX_ALONE
    }

    pub(super) fn indexes(self) -> std::ops::Range<FileIndex> {
        0..self.data.len() as FileIndex
    }

    pub(super) fn data(self, at: FileIndex) -> &'f FileData {
        &self.data[at as usize]
    }

    pub(super) fn name(self, at: FileIndex) -> &'f str {
        &self.data[at as usize].name
    }

    pub(super) fn root(self, at: FileIndex) -> u32 {
        self.places[at as usize].root
    }

    /// What the import statements of a file mean, none where that was not found.
    pub(super) fn imports(self, at: FileIndex) -> &'f [Option<FileIndex>] {
        &self.places[at as usize].imports
    }

    /// The files that a file imports, as far as they were found.
    pub(super) fn imported(self, at: FileIndex) -> impl Iterator<Item = &'f FileIndex> {
        self.imports(at).iter().flatten()
    }

    /// The import statements of a file: their kinds, and what they mean.
    pub(super) fn statements(self, at: FileIndex) -> impl Iterator<Item = (ImportKind, Option<FileIndex>)> {
        self.data(at).imports.iter().zip(self.imports(at)).map(|(import, target)| (import.kind, *target))
    }

    /// What the public imports of a file mean.
    pub(super) fn public_imports(self, at: FileIndex) -> impl Iterator<Item = Option<FileIndex>> {
        self.statements(at).filter(|(kind, _)| *kind == ImportKind::Public).map(|(_, target)| target)
    }

    /// Whether the file at `at` is the same in `other`, with the same meaning of its imports.
    pub(super) fn is_same(self, at: FileIndex, other: Files<'_>) -> bool {
        let here = at as usize;
        other.data.get(here).is_some_and(|data| Arc::ptr_eq(data, &self.data[here]))
            && other.imports(at) == self.imports(at)
    }
}
