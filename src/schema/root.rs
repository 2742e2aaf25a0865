//! The files of one import root, grouped as rules over packages and directories need them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::element::File;
use super::option::OptionValue;
use super::{FileIndex, Schema};

/// The files of one import root. Only target files and those beside them are in it, never includes.
pub(crate) struct Root<'s> {
    /// Sorted by name.
    pub(crate) files: Vec<File<'s>>,
    /// By package; files without one under the empty name, those that are damaged there nowhere.
    pub(crate) packages: BTreeMap<&'s str, Vec<File<'s>>>,
    /// By directory.
    pub(crate) directories: BTreeMap<&'s str, Vec<File<'s>>>,
    /// Made when it is first asked for.
    options: OnceLock<FileOptions<'s>>,
}

/// The texts that files give to options of plain names, by the option and the file; empty ones say as much as none.
type FileOptions<'s> = FxHashMap<&'s str, FxHashMap<FileIndex, &'s str>>;

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
    pub(super) fn new(files: Vec<File<'s>>) -> Root<'s> {
        let known: Vec<File<'s>> = files.iter().copied().filter(|file| file.is_package_known()).collect();
        let (packages, directories) = (grouped(&known, package), grouped(&known, File::directory));
        Root { files, packages, directories, options: OnceLock::new() }
    }

    /// For each file of the root that sets the option of that plain name to a string or a word which is not empty,
    /// that.
    pub(crate) fn files_with_option(&self, name: &str) -> Option<&FxHashMap<FileIndex, &'s str>> {
        self.options.get_or_init(|| file_options(&self.files)).get(name)
    }
}

/// One walk over the options of all files, which lie far apart in memory: a walk for each option would wait for them
/// anew.
fn file_options<'s>(files: &[File<'s>]) -> FileOptions<'s> {
    let mut options = FileOptions::default();
    for file in files {
        for option in file.options().iter() {
            let Some(name) = option.plain_name() else { continue };
            let by_file = options.entry(name).or_default();
            // The last one counts.
            match option.value() {
                OptionValue::String(text) | OptionValue::Identifier(text) if !text.is_empty() => {
                    by_file.insert(file.index, text);
                }
                _ => {
                    by_file.remove(&file.index);
                }
            }
        }
    }
    options
}

fn package(file: File<'_>) -> &str {
    file.package().unwrap_or_default()
}

/// Files by what `key` says of them; neighbours mostly have the same.
fn grouped<'s>(files: &[File<'s>], key: fn(File<'s>) -> &'s str) -> BTreeMap<&'s str, Vec<File<'s>>> {
    let mut groups: BTreeMap<&str, Vec<File<'_>>> = BTreeMap::new();
    for alike in files.chunk_by(|one, other| key(*one) == key(*other)) {
        groups.entry(key(alike[0])).or_default().extend(alike);
    }
    groups
}
