//! Which import root of the later side holds what a root of the earlier one held: the same directory, or where its
//! files went. It compares paths only.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::project::load::Loaded;
use crate::project::path;
use crate::project::roots::Holders;

/// The roots of two sides.
#[derive(Clone, Debug, Default)]
pub(crate) struct RootMatches {
    /// For each root of the earlier side, those of the later one; empty where roots do not matter.
    pub(crate) later: Vec<Vec<u32>>,
    /// How many roots the later side has.
    pub(crate) count: usize,
}

impl RootMatches {
    /// Matches the roots of two sides; `after_of` is where a directory of the earlier side lies in the later one.
    pub(crate) fn new(before: &Loaded, after: &Loaded, after_of: impl Fn(&Path) -> PathBuf) -> RootMatches {
        let count = after.roots.len();
        if before.roots.len() == 1 && count == 1 {
            return RootMatches { later: vec![vec![0]], count };
        }
        let mut indexes: FxHashMap<&Path, u32> = FxHashMap::default();
        for (index, root) in (0..).zip(&after.roots) {
            indexes.entry(root).or_insert(index);
        }
        let same: Vec<Option<u32>> =
            before.roots.iter().map(|root| indexes.get(after_of(root).as_path()).copied()).collect();
        let (old_names, names) = (names_by_root(before), names_by_root(after));
        // Roots that hold nothing of their own on the other side.
        let known: FxHashSet<u32> =
            same.iter().zip(&old_names).filter(|(_, names)| !names.is_empty()).filter_map(|(at, _)| *at).collect();
        let new: Vec<u32> = (0..).zip(&names).filter(|(_, names)| !names.is_empty()).map(|(at, _)| at).collect();
        let new: Vec<u32> = new.into_iter().filter(|at| !known.contains(at)).collect();
        let empty = FxHashSet::default();
        let later = same.iter().zip(&old_names).map(|(&same, old)| {
            let kept = same.map_or(&empty, |at| &names[at as usize]);
            let gone = || old.iter().filter(|name| !kept.contains(*name));
            let mut later: Vec<u32> = same.into_iter().collect();
            later.extend(new.iter().filter(|at| gone().any(|name| names[**at as usize].contains(name))));
            if kept.is_empty() && later.len() < 2 {
                // It went into a root that there was: what is new there may be what is gone here.
                let is_new = |at: u32, name: &String| match same_of(&known, &indexes, at, before, &after_of) {
                    Some(root) => !old_names[root].contains(name),
                    None => true,
                };
                let held = |at: u32| old.iter().filter(|n| names[at as usize].contains(*n) && is_new(at, n)).count();
                let most = known.iter().copied().filter(|at| held(*at) > 0).max_by_key(|at| (held(*at), u32::MAX - at));
                later.extend(most.filter(|at| Some(*at) != same));
            }
            later
        });
        RootMatches { later: later.collect(), count }
    }
}

/// The root of the earlier side that a root of the later one was.
fn same_of(
    known: &FxHashSet<u32>,
    indexes: &FxHashMap<&Path, u32>,
    at: u32,
    before: &Loaded,
    after_of: &impl Fn(&Path) -> PathBuf,
) -> Option<usize> {
    known.contains(&at).then_some(())?;
    before.roots.iter().position(|root| indexes.get(after_of(root).as_path()) == Some(&at))
}

/// The names of the files of each root, including those that need not be read.
fn names_by_root(side: &Loaded) -> Vec<FxHashSet<String>> {
    let mut names = vec![FxHashSet::default(); side.roots.len()];
    let holders = Holders::of(&side.roots);
    let files = side.absolute.iter().filter(|file| !file.as_os_str().is_empty()).chain(&side.unread);
    for file in files {
        if let Some((root, directory)) = holders.holding(file) {
            names[root].extend(path::below(file, directory));
        }
    }
    names
}
