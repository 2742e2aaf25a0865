//! Which files a change reaches: those that changed, and those that see one that shows something else. What the others
//! link to is as it was. It uses no names.

use super::files::Files;
use super::interface;
use crate::schema::data::FileIndex;

/// For each file, whether it is not as it was `before`, or sees a file that shows something else now.
///
/// A file sees what it imports and what that brings by public imports, which it shows too. A way to a file that shows
/// something else is as it was up to the first such file on it, so the ways of now find all that saw or see one.
pub(super) fn reached(files: Files<'_>, before: Files<'_>) -> Vec<bool> {
    let mut reached: Vec<bool> = files.indexes().map(|at| !files.is_same(at, before)).collect();
    if reached.iter().all(|changed| *changed) {
        return reached;
    }
    let mut public_importers = vec![Vec::new(); files.count()];
    for at in files.indexes() {
        files.public_imports(at).flatten().for_each(|target| public_importers[target as usize].push(at));
    }
    let shows_others = |at: &FileIndex| reached[*at as usize] && !interface::is_same(*at, files, before);
    let mut stack: Vec<FileIndex> = files.indexes().filter(shows_others).collect();
    let mut carries = vec![false; files.count()];
    stack.iter().for_each(|&at| carries[at as usize] = true);
    while let Some(at) = stack.pop() {
        for &importer in &public_importers[at as usize] {
            if !std::mem::replace(&mut carries[importer as usize], true) {
                stack.push(importer);
            }
        }
    }
    for at in files.indexes() {
        reached[at as usize] |= files.imported(at).any(|&target| carries[target as usize]);
    }
    reached
}

/// The files that those `reached` see, themselves among them, in order.
pub(super) fn seen_by(reached: &[bool], files: Files<'_>) -> Vec<FileIndex> {
    let mut seen = reached.to_vec();
    let is_reached = |at: &FileIndex| reached[*at as usize];
    let mut stack: Vec<FileIndex> =
        files.indexes().filter(is_reached).flat_map(|at| files.imported(at).copied()).collect();
    let mut followed = vec![false; files.count()];
    while let Some(at) = stack.pop() {
        seen[at as usize] = true;
        if !std::mem::replace(&mut followed[at as usize], true) {
            stack.extend(files.public_imports(at).flatten());
        }
    }
    files.indexes().filter(|&at| seen[at as usize]).collect()
}

/// Which files are not as they were `before`.
pub(in crate::schema) struct Since {
    /// Those that are others, or whose imports mean others, in order.
    pub(in crate::schema) edited: Vec<FileIndex>,
    /// For each file, whether it is one of these, or imports one, directly or not.
    pub(in crate::schema) reached: Vec<bool>,
}

/// Compares files with those that were there `before`; `None` where there are more or less, or others in their places.
pub(in crate::schema) fn since(files: Files<'_>, before: Files<'_>) -> Option<Since> {
    let is_there = |at| files.name(at) == before.name(at) && files.root(at) == before.root(at);
    if files.count() != before.count() {
        return None;
    }
    let edited: Vec<FileIndex> = files.indexes().filter(|at| !files.is_same(*at, before)).collect();
    if !edited.iter().all(|at| is_there(*at)) {
        return None;
    }
    let mut reached = vec![false; files.count()];
    edited.iter().for_each(|at| reached[*at as usize] = true);
    if edited.is_empty() {
        return Some(Since { edited, reached });
    }
    let mut importers = vec![Vec::new(); files.count()];
    for at in files.indexes() {
        files.imported(at).for_each(|target| importers[*target as usize].push(at));
    }
    let mut stack = edited.clone();
    while let Some(at) = stack.pop() {
        for &importer in &importers[at as usize] {
            if !std::mem::replace(&mut reached[importer as usize], true) {
                stack.push(importer);
            }
        }
    }
    Some(Since { edited, reached })
}

/// Whether the files have the names, roots and imports that they had `before`.
pub(super) fn has_same_graph(files: Files<'_>, before: Files<'_>) -> bool {
    let is_same = |at| {
        files.imports(at) == before.imports(at)
            && files.root(at) == before.root(at)
            && files.name(at) == before.name(at)
    };
    files.count() == before.count() && files.indexes().all(is_same)
}
