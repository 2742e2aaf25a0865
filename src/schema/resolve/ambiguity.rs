//! Files of the same name in different roots that one file reaches both.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

use super::duplicates::closure;
use crate::schema::FilePlace;
use crate::schema::data::FileData;
use crate::schema::element::FileIndex;

/// Two files of one name that come together in a third.
#[derive(Debug)]
pub(crate) struct Ambiguity {
    /// The file that reaches both.
    pub(crate) importer: FileIndex,
    /// Index of the import statement that brings the second of them.
    pub(crate) import: u32,
    /// The two.
    pub(crate) files: [FileIndex; 2],
}

/// The files in which two of one name come together first: none of what they import reaches both already.
pub(super) fn find(files: &[Arc<FileData>], places: &[FilePlace]) -> Vec<Ambiguity> {
    let mut names: FxHashMap<&str, u32> = FxHashMap::default();
    for file in files {
        *names.entry(&file.name).or_default() += 1;
    }
    names.retain(|_, count| *count > 1);
    if names.is_empty() {
        return Vec::new();
    }
    let meetings: FxHashMap<FileIndex, Ambiguity> = (0..files.len() as FileIndex)
        .filter_map(|at| meeting(at, files, places, &names).map(|meeting| (at, meeting)))
        .collect();
    let is_first = |at: &FileIndex| {
        let mut targets = places[*at as usize].imports.iter().flatten();
        !targets.any(|target| target != at && meetings.contains_key(target))
    };
    let first: FxHashSet<FileIndex> = meetings.keys().copied().filter(is_first).collect();
    let mut found: Vec<Ambiguity> = meetings.into_iter().filter(|(at, _)| first.contains(at)).map(|(_, m)| m).collect();
    found.sort_unstable_by_key(|meeting| meeting.importer);
    found
}

fn meeting(
    importer: FileIndex,
    files: &[Arc<FileData>],
    places: &[FilePlace],
    names: &FxHashMap<&str, u32>,
) -> Option<Ambiguity> {
    let mut seen: FxHashMap<&str, FileIndex> = FxHashMap::default();
    seen.insert(&files[importer as usize].name, importer);
    for (import, target) in (0..).zip(&places[importer as usize].imports) {
        let Some(target) = *target else { continue };
        for file in closure(target, places) {
            let name = files[file as usize].name.as_str();
            if !names.contains_key(name) {
                continue;
            }
            let first = *seen.entry(name).or_insert(file);
            if first != file {
                return Some(Ambiguity { importer, import, files: [first, file] });
            }
        }
    }
    None
}
