//! Files of the same name in different roots that one file reaches both.

use rustc_hash::FxHashMap;
use std::sync::Arc;

use crate::schema::FilePlace;
use crate::schema::data::FileData;
use crate::schema::element::FileIndex;
use crate::schema::graph;

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
/// `circle` has the number of the circle that each file is in, as of [`graph::components`].
pub(super) fn find(files: &[Arc<FileData>], places: &[FilePlace], circle: &[u32]) -> Vec<Ambiguity> {
    let mut names: FxHashMap<&str, u32> = FxHashMap::default();
    for file in files {
        *names.entry(&file.name).or_default() += 1;
    }
    names.retain(|_, count| *count > 1);
    if names.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<FileIndex> = (0..files.len() as FileIndex).collect();
    order.sort_unstable_by_key(|&at| circle[at as usize]);
    let mut circles = vec![Circle::default(); circle.iter().max().map_or(0, |last| *last as usize + 1)];
    let mut found = Vec::new();
    for members in order.chunk_by(|one, other| circle[*one as usize] == circle[*other as usize]) {
        let own = circle[members[0] as usize];
        let targets = members
            .iter()
            .flat_map(|&at| places[at as usize].imports.iter().flatten())
            .map(|&target| circle[target as usize]);
        let mut state = targets
            .filter(|&target| target != own)
            .fold(Circle::default(), |state, target| state.and(circles[target as usize]));
        let doubled = members.iter().filter(|&&at| names.contains_key(files[at as usize].name.as_str()));
        state.roots = doubled.fold(state.roots, |roots, &at| roots.and(Roots::One(places[at as usize].root)));
        // Files of one name have different roots, so most need no closer look.
        if !state.meets
            && state.roots == Roots::Many
            && let Some(meeting) = meeting(members[0], files, places, &names)
        {
            state.meets = true;
            if members.len() == 1 {
                found.push(meeting);
            }
        }
        circles[own as usize] = state;
    }
    found.sort_unstable_by_key(|meeting| meeting.importer);
    found
}

/// What is known of files that import each other in a circle, or of a single file.
#[derive(Clone, Copy, Default)]
struct Circle {
    /// The roots of what they reach of the files whose names several roots have.
    roots: Roots,
    /// Whether two files of one name meet in what they reach.
    meets: bool,
}

impl Circle {
    fn and(self, other: Circle) -> Circle {
        Circle { roots: self.roots.and(other.roots), meets: self.meets || other.meets }
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Roots {
    #[default]
    None,
    One(u32),
    Many,
}

impl Roots {
    fn and(self, other: Roots) -> Roots {
        match (self, other) {
            (Roots::None, roots) | (roots, Roots::None) => roots,
            (one, other) if one == other => one,
            _ => Roots::Many,
        }
    }
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
        for file in graph::reached(target, |at| places[at as usize].imports.iter().flatten()) {
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
