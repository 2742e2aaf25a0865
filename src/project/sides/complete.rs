//! Brings what was read of both sides together: what each imports, which files are not compared, which packages are left.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::project::base::{Base, Uncompared};
use crate::project::load::{AlreadyRead, Loaded, Started};
use crate::project::path;
use crate::project::roots::Holders;
use crate::source::Sources;

/// Both sides, linked.
pub(super) struct Completed {
    pub(super) after: Loaded,
    pub(super) before: Loaded,
    /// The roots that files of either count from.
    pub(super) all_roots: Vec<PathBuf>,
    /// Packages that only unchanged files are left in, with their later roots.
    pub(super) unread_packages: FxHashSet<(u32, String)>,
    /// How many files of the later side do not parse on one side.
    pub(super) unparsed: usize,
    /// What the later side does not contain, though it may be there.
    pub(super) uncompared: Vec<Uncompared>,
}

/// Reads what both sides import and links them.
pub(super) fn complete(after: Started<'_>, before: Started<'_>, base: &Base, sources: &mut Sources) -> Completed {
    // A file belongs to the same root on both sides, whatever made it a root.
    let old: FxHashSet<PathBuf> = before.roots().iter().cloned().collect();
    let moved = after.roots().iter().map(|root| base.before_of(root));
    let shared_by_after: Vec<PathBuf> = moved.filter(|root| !old.contains(root)).collect();
    let shared_by_before: Vec<PathBuf> = before.roots().iter().map(|root| base.after_of(root)).collect();
    let all_roots: Vec<PathBuf> = after.roots().iter().chain(&shared_by_before).cloned().collect();
    let unread_packages = unread_packages(&after, &before, (&shared_by_after, &shared_by_before), base);
    // What a file with faults still declares, or declared, is not known.
    let unparsed: FxHashSet<PathBuf> = after.unparsed().map(Path::to_owned).collect();
    let mut unpaired: FxHashSet<PathBuf> = before.unparsed().map(Path::to_owned).collect();
    let holders = Holders::of(&all_roots);
    for file in &unparsed {
        let name = holders.holding(file).and_then(|(_, root)| path::below(file, root));
        unpaired.extend(before.formerly(base.before_of(file), name.as_deref()));
    }
    let uncompared = match base.after.view().set() {
        Some(set) => lacking(set, &after, &before, &mut unpaired),
        None => Vec::new(),
    };
    let mut of_either: FxHashSet<PathBuf> = unparsed.clone();
    of_either.extend(before.unparsed().flat_map(|file| after.formerly(base.after_of(file), None)));
    let of_either = of_either.iter().filter(|file| after.is_target(file)).count();
    let after = after.finish(&shared_by_before, unparsed, AlreadyRead::default(), sources);
    // What did not change is imported by both sides.
    let unchanged = after.read().filter(|(file, _)| base.unchanged.contains(file));
    let read = unchanged.map(|(file, parsed)| (base.before_of(file), parsed.clone())).collect();
    let before = before.finish(&shared_by_after, unpaired, read, sources);
    let (after, before) = rayon::join(|| after.link(), || before.link());
    Completed { after, before, all_roots, unread_packages, unparsed: of_either, uncompared }
}

/// What a set imports and does not contain is not gone, as the set was made without its imports; nor is it compared.
fn lacking(
    set: &Path,
    after: &Started<'_>,
    before: &Started<'_>,
    unpaired: &mut FxHashSet<PathBuf>,
) -> Vec<Uncompared> {
    let mut names: Vec<&str> = after.lacking().into_iter().collect();
    names.sort_unstable();
    let set = path::shown_from_here(set);
    let of_base = names.into_iter().map(|name| (name, before.formerly(PathBuf::new(), Some(name))));
    let not_compared = |(name, files): (&str, Vec<PathBuf>)| {
        unpaired.extend(files);
        let message = format!("`{name}` was not compared: `{set}` imports it and does not contain it");
        Uncompared { path: name.to_owned(), message, help: "make the set with --include_imports".to_owned() }
    };
    of_base.filter(|(_, files)| !files.is_empty()).map(not_compared).collect()
}

/// Packages that had files which changed, and now only have some that did not.
fn unread_packages(
    after: &Started<'_>,
    before: &Started<'_>,
    (shared_by_after, shared_by_before): (&[PathBuf], &[PathBuf]),
    base: &Base,
) -> FxHashSet<(u32, String)> {
    let (old_roots, roots) = (before.roots_with(shared_by_after), after.roots_with(shared_by_before));
    let packages = after.packages(&roots);
    let same: Vec<Option<usize>> = old_roots
        .iter()
        .map(|root| {
            let now = base.after_of(root);
            roots.iter().position(|other| *other == now)
        })
        .collect();
    let now = |(root, package): (u32, _)| Some((same[root as usize]? as u32, package));
    let old = before.packages(&old_roots);
    let old: FxHashSet<(u32, &str)> = old.into_iter().filter_map(now).collect();
    let mut missed: FxHashSet<(u32, &str)> = old.difference(&packages).copied().collect();
    if base.is_for_changelog {
        // A package may be new as well as gone.
        missed.extend(packages.difference(&old));
    }
    if missed.is_empty() { FxHashSet::default() } else { after.unread_in(&missed, &roots) }
}
