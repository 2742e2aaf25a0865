//! Which files one file can see: itself, what it imports, and what that brings by `import public`. It knows no names, but
//! lists the extensions of files.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Target;
use super::publics::Publics;
use crate::schema::FilePlace;
use crate::schema::data::{FileData, ImportKind};
use crate::schema::element::FileIndex;

/// What one file can see.
pub(super) struct Visible<'p> {
    /// The files whose names it can use, sorted; it is one of them. Without those seen `through` others.
    pub(super) files: Vec<FileIndex>,
    /// Those of them that only supply options, sorted.
    pub(super) for_options: Vec<FileIndex>,
    /// Whether a file that should be among them is missing.
    pub(super) incomplete: bool,
    pub(super) through: Option<Through<'p>>,
}

/// Files that bring many others, which are asked for one by one.
pub(super) struct Through<'p> {
    carriers: Vec<FileIndex>,
    publics: &'p Publics,
}

impl<'p> Visible<'p> {
    /// What the file at `at` can see.
    pub(super) fn to(
        at: FileIndex,
        (files, places): (&[Arc<FileData>], &[FilePlace]),
        publics: &'p Publics,
    ) -> Visible<'p> {
        through(at, (files, places), publics).unwrap_or_else(|| one_by_one(at, files, places))
    }

    /// Whether `file` is seen.
    pub(super) fn sees(&self, file: FileIndex) -> bool {
        let is_brought = |through: &Through<'_>| through.carriers.iter().any(|&carrier| through.brings(carrier, file));
        self.files.binary_search(&file).is_ok() || self.through.as_ref().is_some_and(is_brought)
    }
}

impl Through<'_> {
    /// Whether who imports `carrier` sees `file`.
    pub(super) fn brings(&self, carrier: FileIndex, file: FileIndex) -> bool {
        self.publics.brings(carrier, file).unwrap_or_default()
    }
}

/// Where imports bring no more files, these are listed.
const MOST_LISTED: u32 = 1000;

/// Of more imports that bring others, each is followed at once instead of asked for each name.
const MOST_CARRIERS: usize = 16;

/// What a file sees whose few imports bring very many others.
fn through<'p>(
    at: FileIndex,
    (files, places): (&[Arc<FileData>], &[FilePlace]),
    publics: &'p Publics,
) -> Option<Visible<'p>> {
    let targets = || places[at as usize].imports.iter().flatten().copied();
    if targets().all(|target| publics.most(target) <= MOST_LISTED) {
        return None;
    }
    let mut seen: Vec<FileIndex> = targets().chain([at]).collect();
    seen.sort_unstable();
    seen.dedup();
    let mut carriers: Vec<FileIndex> = targets().filter(|&target| publics.most(target) > 1).collect();
    carriers.sort_unstable();
    carriers.dedup();
    let has_options = files[at as usize].imports.iter().any(|import| import.kind == ImportKind::Option);
    if has_options || carriers.len() > MOST_CARRIERS || !carriers.iter().all(|&carrier| publics.keeps(carrier)) {
        return None;
    }
    let incomplete = places[at as usize].imports.iter().any(|target| target.is_none_or(|to| publics.is_incomplete(to)));
    let through = Some(Through { carriers, publics });
    Some(Visible { files: seen, for_options: Vec::new(), incomplete, through })
}

/// All files that the one at `at` can see, sorted.
pub(super) fn listed(at: FileIndex, files: &[Arc<FileData>], places: &[FilePlace]) -> Vec<FileIndex> {
    one_by_one(at, files, places).files
}

fn one_by_one(at: FileIndex, files: &[Arc<FileData>], places: &[FilePlace]) -> Visible<'static> {
    let (mut seen, mut for_options) = (vec![at], Vec::new());
    let mut incomplete = false;
    let mut known = FxHashSet::default();
    let (mut entered, mut for_options_entered) = (FxHashSet::default(), FxHashSet::default());
    for (import, target) in files[at as usize].imports.iter().zip(&places[at as usize].imports) {
        let is_option = import.kind == ImportKind::Option;
        if !known.insert((is_option, *target)) {
            continue;
        }
        let (supplied, entered) =
            if is_option { (&mut for_options, &mut for_options_entered) } else { (&mut seen, &mut entered) };
        match *target {
            Some(target) => incomplete |= public_closure(target, (files, places), entered, supplied),
            None => incomplete = true,
        }
    }
    seen.sort_unstable();
    for_options.sort_unstable();
    for_options.retain(|file| seen.binary_search(file).is_err());
    seen.extend(&for_options);
    seen.sort_unstable();
    seen.dedup();
    Visible { files: seen, for_options, incomplete, through: None }
}

/// Adds `target` and what it imports publicly; true where such an import is missing. What is in `entered` was added
/// before and is not followed again, so that many imports of the same files take no longer than one.
pub(super) fn public_closure(
    target: FileIndex,
    (files, places): (&[Arc<FileData>], &[FilePlace]),
    entered: &mut FxHashSet<FileIndex>,
    seen: &mut Vec<FileIndex>,
) -> bool {
    if !entered.insert(target) {
        return false;
    }
    seen.push(target);
    let mut incomplete = false;
    let mut stack = vec![target];
    while let Some(at) = stack.pop() {
        for (import, meant) in files[at as usize].imports.iter().zip(&places[at as usize].imports) {
            if import.kind != ImportKind::Public {
                continue;
            }
            match *meant {
                Some(file) if entered.insert(file) => {
                    seen.push(file);
                    stack.push(file);
                }
                Some(_) => {}
                None => incomplete = true,
            }
        }
    }
    incomplete
}

/// The extensions that `visible` files declare, by full name.
pub(super) fn extensions(files: &[Arc<FileData>], visible: &[FileIndex]) -> FxHashMap<String, Target> {
    let mut found = FxHashMap::default();
    for &at in visible {
        let file = &files[at as usize];
        for (index, field) in (0..).zip(&file.fields) {
            if field.extendee.is_none() {
                continue;
            }
            let scope = match field.parent {
                Some(parent) => file.text(file.messages[parent as usize].full_name),
                None => file.package.map_or("", |package| file.text(package)),
            };
            let name = file.text(field.name);
            let full_name = if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") };
            found.entry(full_name).or_insert(Target::Extension(at, index));
        }
    }
    found
}
