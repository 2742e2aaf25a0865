//! Which imports supply what a file uses.

use rustc_hash::FxHashSet;

use super::files::Files;
use super::visible::{Visible, public_closure};
use crate::schema::data::{FileIndex, ImportKind};

/// An import is used if a name that was resolved is declared in its file. For a file that is not imported itself, the
/// first import counts that brings it through public imports; those that are public themselves come before the others.
pub(super) fn used_imports(
    at: FileIndex,
    files: Files<'_>,
    used: &FxHashSet<FileIndex>,
    visible: &Visible<'_>,
) -> Vec<bool> {
    let targets = files.imports(at);
    let mut supplies: Vec<bool> = targets.iter().map(|target| target.is_none_or(|file| used.contains(&file))).collect();
    let direct: FxHashSet<FileIndex> = targets.iter().flatten().copied().collect();
    let mut brought: FxHashSet<FileIndex> = used.difference(&direct).copied().collect();
    if brought.is_empty() {
        return supplies;
    }
    let is_public = |import: &usize| files.data(at).imports[*import].kind == ImportKind::Public;
    let (public, others): (Vec<usize>, Vec<usize>) = (0..targets.len()).partition(is_public);
    // What one import brings, a later one need not be followed to.
    let (mut entered, mut closure) = (FxHashSet::default(), Vec::new());
    for import in public.into_iter().chain(others) {
        let Some(target) = targets[import].filter(|_| !brought.is_empty()) else { continue };
        if let Some(through) = &visible.through {
            let before = brought.len();
            brought.retain(|&file| !through.brings(target, file));
            supplies[import] |= brought.len() < before;
            continue;
        }
        public_closure(target, files, &mut entered, &mut closure);
        for file in closure.drain(..) {
            supplies[import] |= brought.remove(&file);
        }
    }
    supplies
}
