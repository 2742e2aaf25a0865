//! Circles of imports between files.

use rustc_hash::FxHashMap;

use super::files::Files;
use crate::schema::data::FileIndex;

/// An import from whose target a way of imports leads back.
#[derive(Clone, Debug)]
pub(crate) struct ImportCycle {
    /// The file that imports.
    pub(crate) file: FileIndex,
    /// Index of its import statement.
    pub(crate) import: u32,
    /// A shortest way around: the importing file first and last. In a large circle only its first files.
    pub(crate) way: Vec<FileIndex>,
}

/// In a circle of more files, ways around are not searched, so that the work stays linear.
const MAX_SEARCHED: usize = 64;

/// Every import that is part of a circle, in the order of files and statements. `component` has the number of the circle
/// that each file is in, as of [`graph::components`](crate::schema::graph::components).
pub(super) fn find(files: Files<'_>, component: &[u32]) -> Vec<ImportCycle> {
    let mut sizes: FxHashMap<u32, usize> = FxHashMap::default();
    for &of in component {
        *sizes.entry(of).or_default() += 1;
    }
    let mut cycles = Vec::new();
    for file in files.indexes() {
        for (import, target) in (0..).zip(files.imports(file)) {
            let Some(target) = *target else { continue };
            let of = component[file as usize];
            if component[target as usize] != of || (sizes[&of] == 1 && target != file) {
                continue;
            }
            let inside = |at: FileIndex| component[at as usize] == of;
            let way = if sizes[&of] <= MAX_SEARCHED { way(file, target, files, inside) } else { vec![file, target] };
            cycles.push(ImportCycle { file, import, way });
        }
    }
    cycles
}

/// The shortest way from `target` back to `file`, with `file` before it.
fn way(file: FileIndex, target: FileIndex, files: Files<'_>, inside: impl Fn(FileIndex) -> bool) -> Vec<FileIndex> {
    let mut came_from = FxHashMap::from_iter([(target, file)]);
    let mut queue = std::collections::VecDeque::from([target]);
    while let Some(at) = queue.pop_front() {
        if at == file {
            break;
        }
        for &next in files.imported(at) {
            if inside(next) && !came_from.contains_key(&next) {
                came_from.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    let mut way = vec![file];
    let mut at = came_from.get(&file).copied();
    while let Some(here) = at.filter(|&here| here != file) {
        way.push(here);
        at = came_from.get(&here).copied();
    }
    way.push(file);
    way.reverse();
    way
}
