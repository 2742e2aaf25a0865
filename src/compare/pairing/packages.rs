//! The packages of each root of two schemas.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::roots::RootKey;
use super::{Comparison, RootPairs, own_files};
use crate::schema::{File, Schema};

/// The files of the later schema by root and package.
pub(crate) struct KeptPackages<'c, 's> {
    files: FxHashMap<(RootKey, &'c str), Vec<File<'s>>>,
    roots: &'c RootPairs,
}

impl<'s> KeptPackages<'_, 's> {
    /// The files left of the package of an earlier file, those known by their package alone left out; `None` where
    /// none is left.
    pub(crate) fn of(&self, before: File<'s>) -> Option<Vec<File<'s>>> {
        let package = before.package().unwrap_or_default();
        let kept = self.roots.keys(before).iter().filter_map(|root| self.files.get(&(*root, package)));
        kept.cloned().reduce(|mut all, more| {
            all.extend(more);
            all
        })
    }
}

impl<'s> Comparison<'s> {
    /// The packages of the later schema.
    pub(crate) fn kept_packages(&self) -> KeptPackages<'_, 's> {
        let roots = &self.names.roots;
        let mut files: FxHashMap<(RootKey, &str), Vec<File<'s>>> = FxHashMap::default();
        for file in own_files(self.after) {
            files.entry((roots.key(file), file.package().unwrap_or_default())).or_default().push(file);
        }
        for (root, package) in &self.unread_packages {
            files.entry((*root, package)).or_default();
        }
        KeptPackages { files, roots }
    }

    /// The files of each package and root of the earlier schema, sorted by package.
    pub(crate) fn old_packages(&self) -> Vec<(&'s str, Vec<File<'s>>)> {
        packages(self.before)
    }
}

fn packages(schema: &Schema) -> Vec<(&str, Vec<File<'_>>)> {
    let mut packages: BTreeMap<(&str, u32), Vec<File<'_>>> = BTreeMap::new();
    for file in own_files(schema) {
        packages.entry((file.package().unwrap_or_default(), file.root())).or_default().push(file);
    }
    packages.into_iter().map(|((package, _), files)| (package, files)).collect()
}
