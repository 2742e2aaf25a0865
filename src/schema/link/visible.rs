//! Which files one file can see: itself, what it imports, and what that brings by `import public`. It uses no names,
//! but lists the extensions of files.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Target;
use super::files::Files;
use super::public_imports::PublicImports;
use crate::schema::data::{FileIndex, ImportKind};

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
    public_imports: &'p PublicImports,
}

impl<'p> Visible<'p> {
    /// What the file at `at` can see.
    pub(super) fn new(at: FileIndex, files: Files<'_>, public_imports: &'p PublicImports) -> Visible<'p> {
        through(at, files, public_imports).unwrap_or_else(|| one_by_one(at, files))
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
        self.public_imports.brings(carrier, file).unwrap_or_default()
    }
}

/// Where imports bring no more files, these are listed.
const MAX_LISTED: u32 = 1000;

/// Of more imports that bring others, each is followed at once instead of asked for each name.
const MAX_CARRIERS: usize = 16;

/// What a file sees whose few imports bring very many others.
fn through<'p>(at: FileIndex, files: Files<'_>, public_imports: &'p PublicImports) -> Option<Visible<'p>> {
    let targets = || files.imported(at).copied();
    if targets().all(|target| public_imports.most(target) <= MAX_LISTED) {
        return None;
    }
    let mut seen: Vec<FileIndex> = targets().chain([at]).collect();
    seen.sort_unstable();
    seen.dedup();
    let mut carriers: Vec<FileIndex> = targets().filter(|&target| public_imports.most(target) > 1).collect();
    carriers.sort_unstable();
    carriers.dedup();
    let has_options = files.statements(at).any(|(kind, _)| kind == ImportKind::Option);
    if has_options || carriers.len() > MAX_CARRIERS || !carriers.iter().all(|&carrier| public_imports.keeps(carrier)) {
        return None;
    }
    let incomplete = files.imports(at).iter().any(|target| target.is_none_or(|to| public_imports.is_incomplete(to)));
    let through = Some(Through { carriers, public_imports });
    Some(Visible { files: seen, for_options: Vec::new(), incomplete, through })
}

/// All files that the one at `at` can see, sorted.
pub(super) fn listed(at: FileIndex, files: Files<'_>) -> Vec<FileIndex> {
    one_by_one(at, files).files
}

/// The same where each file is listed, however many there are.
pub(super) fn one_by_one(at: FileIndex, files: Files<'_>) -> Visible<'static> {
    let (mut seen, mut for_options) = (vec![at], Vec::new());
    let mut incomplete = false;
    let mut known = FxHashSet::default();
    let (mut entered, mut for_options_entered) = (FxHashSet::default(), FxHashSet::default());
    for (kind, target) in files.statements(at) {
        let is_option = kind == ImportKind::Option;
        if !known.insert((is_option, target)) {
            continue;
        }
        let (supplied, entered) =
            if is_option { (&mut for_options, &mut for_options_entered) } else { (&mut seen, &mut entered) };
        match target {
            Some(target) => incomplete |= public_closure(target, files, entered, supplied),
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
    files: Files<'_>,
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
        for meant in files.public_imports(at) {
            match meant {
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
pub(super) fn extensions(files: Files<'_>, visible: &[FileIndex]) -> FxHashMap<String, Target> {
    let mut found = FxHashMap::default();
    for &at in visible {
        let file = files.data(at);
        for (index, field) in file.extensions() {
            let (scope, name) = (file.scope(field.parent), file.text(field.name));
            let full_name = if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") };
            found.entry(full_name).or_insert(Target::Field(at, index));
        }
    }
    found
}
