//! The files of one import root, grouped as rules over packages and directories need them.

use std::collections::BTreeMap;

use super::Schema;
use super::element::File;

/// The files of one import root. Only files that were asked about or stand beside them are in it, never includes.
pub(crate) struct Root<'s> {
    /// Sorted by name.
    pub(crate) files: Vec<File<'s>>,
    /// By package; files without one under the empty name, those that are damaged there nowhere.
    pub(crate) packages: BTreeMap<&'s str, Vec<File<'s>>>,
    /// By directory.
    pub(crate) directories: BTreeMap<&'s str, Vec<File<'s>>>,
}

impl Schema {
    /// The roots that hold files findings are wanted on.
    pub(crate) fn roots(&self) -> Vec<Root<'_>> {
        let mut by_root: BTreeMap<u32, Vec<File<'_>>> = BTreeMap::new();
        for file in self.files() {
            by_root.entry(file.root()).or_default().push(file);
        }
        by_root.into_values().filter(|files| files.iter().any(|file| file.is_target())).map(Root::new).collect()
    }
}

impl<'s> Root<'s> {
    fn new(files: Vec<File<'s>>) -> Root<'s> {
        let (mut packages, mut directories) = (BTreeMap::new(), BTreeMap::new());
        for &file in files.iter().filter(|file| file.is_package_known()) {
            packages.entry(file.package().unwrap_or_default()).or_insert_with(Vec::new).push(file);
            directories.entry(file.directory()).or_insert_with(Vec::new).push(file);
        }
        Root { files, packages, directories }
    }
}
