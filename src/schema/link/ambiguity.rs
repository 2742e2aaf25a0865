//! Files of the same name in different roots that one file reaches both.

use rustc_hash::FxHashMap;

use super::files::Files;
use crate::schema::data::FileIndex;
use crate::schema::graph;

/// Two files of one name that come together in a third.
#[derive(Clone, Debug)]
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
pub(super) fn find(files: Files<'_>, circle: &[u32]) -> Vec<Ambiguity> {
    let mut names: FxHashMap<&str, u32> = FxHashMap::default();
    for at in files.indexes() {
        *names.entry(files.name(at)).or_default() += 1;
    }
    names.retain(|_, count| *count > 1);
    if names.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<FileIndex> = files.indexes().collect();
    order.sort_unstable_by_key(|&at| circle[at as usize]);
    let mut circles = vec![Circle::default(); circle.iter().max().map_or(0, |last| *last as usize + 1)];
    let mut found = Vec::new();
    for members in order.chunk_by(|one, other| circle[*one as usize] == circle[*other as usize]) {
        let own = circle[members[0] as usize];
        let targets = members.iter().flat_map(|&at| files.imported(at)).map(|&target| circle[target as usize]);
        let mut state = targets
            .filter(|&target| target != own)
            .fold(Circle::default(), |state, target| state.and(circles[target as usize]));
        let doubled = members.iter().filter(|&&at| names.contains_key(files.name(at)));
        state.roots = doubled.fold(state.roots, |roots, &at| roots.and(Roots::One(files.root(at))));
        // Files of one name have different roots, so most need no closer look.
        if !state.meets
            && state.roots == Roots::Many
            && let Some(meeting) = meeting(members[0], files, &names)
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

fn meeting(importer: FileIndex, files: Files<'_>, names: &FxHashMap<&str, u32>) -> Option<Ambiguity> {
    let mut seen: FxHashMap<&str, FileIndex> = FxHashMap::default();
    seen.insert(files.name(importer), importer);
    for (import, target) in (0..).zip(files.imports(importer)) {
        let Some(target) = *target else { continue };
        for file in graph::reached(target, |at| files.imported(at)) {
            let name = files.name(file);
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
