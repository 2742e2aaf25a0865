//! Which files each file brings to its importers by `import public`, for all files at once: what many of them share, or
//! a long chain hands on, is kept once. It uses no names.

use rustc_hash::FxHashSet;

use super::files::Files;
use crate::schema::data::FileIndex;
use crate::schema::graph;

/// Public imports, with circles as one node each, numbered so that targets have lower numbers. Nodes with one target
/// make trees, in which two numbers say whether one node leads to another; of a node with more targets, a fork, all
/// that it brings is kept.
pub(super) struct PublicImports {
    /// The node of each file.
    node: Vec<u32>,
    nodes: Vec<Node>,
    /// For each fork the nodes it brings, itself included, sorted; none where that would take too much room.
    forks: Vec<Option<Vec<u32>>>,
}

struct Node {
    /// Those that lead to it within its tree, itself included, have the places from `first` to `last`; its own is
    /// `first`.
    first: u32,
    last: u32,
    /// The fork that it leads to, or is; an index of `forks`.
    fork: Option<u32>,
    /// No fewer than the files it brings.
    most: u32,
    /// Whether a file that it brings is missing.
    incomplete: bool,
}

impl PublicImports {
    pub(super) fn new(files: Files<'_>) -> PublicImports {
        let edges: Vec<Vec<u32>> = files.indexes().map(|at| files.public_imports(at).flatten().collect()).collect();
        let lacks = files.indexes().map(|at| files.public_imports(at).any(|target| target.is_none()));
        PublicImports::from_edges(&edges, &lacks.collect::<Vec<bool>>())
    }

    /// From what each file imports publicly, and whether it lacks such an import.
    fn from_edges(edges: &[Vec<FileIndex>], lacks: &[bool]) -> PublicImports {
        let node = graph::components(edges);
        let count = node.iter().max().map_or(0, |last| *last as usize + 1);
        let (mut targets, mut incomplete) = (vec![Vec::new(); count], vec![false; count]);
        for (at, edges) in edges.iter().enumerate() {
            let own = node[at];
            targets[own as usize].extend(edges.iter().map(|&target| node[target as usize]).filter(|&to| to != own));
            incomplete[own as usize] |= lacks[at];
        }
        for targets in &mut targets {
            targets.sort_unstable();
            targets.dedup();
        }
        let mut all = PublicImports { node, nodes: placed(&targets), forks: Vec::new() };
        for &node in &all.node {
            all.nodes[node as usize].most += 1;
        }
        all.gather(&targets, &incomplete);
        all
    }

    /// Whether `file` is or brings `other`; none where that is not kept.
    pub(super) fn brings(&self, file: FileIndex, other: FileIndex) -> Option<bool> {
        let (from, to) = (&self.nodes[self.node[file as usize] as usize], self.node[other as usize]);
        let target = &self.nodes[to as usize];
        match from.fork {
            _ if (target.first..=target.last).contains(&from.first) => Some(true),
            None => Some(false),
            Some(fork) => self.forks[fork as usize].as_ref().map(|brought| brought.binary_search(&to).is_ok()),
        }
    }

    /// Whether everything that `file` brings is kept.
    pub(super) fn keeps(&self, file: FileIndex) -> bool {
        let fork = self.nodes[self.node[file as usize] as usize].fork;
        fork.is_none_or(|fork| self.forks[fork as usize].is_some())
    }

    /// No fewer than the files that `file` is or brings.
    pub(super) fn most(&self, file: FileIndex) -> u32 {
        self.nodes[self.node[file as usize] as usize].most
    }

    /// Whether a file that `file` brings is missing.
    pub(super) fn is_incomplete(&self, file: FileIndex) -> bool {
        self.nodes[self.node[file as usize] as usize].incomplete
    }

    fn gather(&mut self, targets: &[Vec<u32>], incomplete: &[bool]) {
        // As much as the imports themselves take, some times over.
        let mut room = 8 * targets.iter().map(|targets| targets.len() + 1).sum::<usize>();
        for (at, to) in targets.iter().enumerate() {
            let reached = || to.iter().map(|&to| &self.nodes[to as usize]);
            let most = reached().fold(self.nodes[at].most, |most: u32, node| most.saturating_add(node.most));
            let incomplete = incomplete[at] || reached().any(|node| node.incomplete);
            let fork = match to[..] {
                [] => None,
                [only] => self.nodes[only as usize].fork,
                _ => {
                    let brought = self.brought(at as u32, targets, &mut room);
                    self.forks.push(brought);
                    Some(self.forks.len() as u32 - 1)
                }
            };
            let node = &mut self.nodes[at];
            (node.most, node.incomplete, node.fork) = (most, incomplete, fork);
        }
    }

    /// What a fork brings; once there is no room for one, there is none for the others.
    fn brought(&self, at: u32, targets: &[Vec<u32>], room: &mut usize) -> Option<Vec<u32>> {
        let mut brought = FxHashSet::from_iter([at]);
        let mut left = std::mem::take(room);
        // Higher numbers bring lower ones, not the other way round.
        for &target in targets[at as usize].iter().rev() {
            let mut next = Some(target);
            while let Some(node) = next.filter(|node| brought.insert(*node)) {
                left = left.checked_sub(1)?;
                next = match targets[node as usize][..] {
                    [only] => Some(only),
                    [] => None,
                    _ => {
                        let others = self.forks[self.nodes[node as usize].fork? as usize].as_ref()?;
                        left = left.checked_sub(others.len())?;
                        brought.extend(others);
                        None
                    }
                };
            }
        }
        *room = left;
        let mut brought: Vec<u32> = brought.into_iter().collect();
        brought.sort_unstable();
        Some(brought)
    }
}

/// The places of all nodes in their trees.
fn placed(targets: &[Vec<u32>]) -> Vec<Node> {
    let above = |at: usize| if let [only] = targets[at][..] { Some(only as usize) } else { None };
    let mut sizes = vec![1; targets.len()];
    for at in (0..targets.len()).rev() {
        if let Some(above) = above(at) {
            sizes[above] += sizes[at];
        }
    }
    let mut free = vec![0; targets.len()];
    let mut free_for_trees = 0;
    let place = |at: usize| {
        let next = above(at).map_or(&mut free_for_trees, |above| &mut free[above]);
        let first = *next;
        *next += sizes[at];
        free[at] = first + 1;
        Node { first, last: first + sizes[at] - 1, fork: None, most: 0, incomplete: false }
    };
    (0..targets.len()).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::PublicImports;

    /// What each file reaches, found the slow way.
    fn reached(from: u32, edges: &[Vec<u32>]) -> Vec<bool> {
        let mut reached = vec![false; edges.len()];
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            if !std::mem::replace(&mut reached[at as usize], true) {
                stack.extend(&edges[at as usize]);
            }
        }
        reached
    }

    #[test]
    fn says_what_following_each_import_says() {
        let mut state = 1u64;
        let mut below = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % most
        };
        let (mut told, mut forks) = (0, 0);
        for round in 0..400 {
            let count = 1 + below(24);
            let most_edges = 1 + round % 4;
            let edges: Vec<Vec<u32>> =
                (0..count).map(|_| (0..below(most_edges + 1)).map(|_| below(count) as u32).collect()).collect();
            let lacks: Vec<bool> = (0..count).map(|_| below(9) == 0).collect();
            let publics = PublicImports::from_edges(&edges, &lacks);
            forks += publics.forks.len();
            for from in 0..count as u32 {
                let reached = reached(from, &edges);
                assert!(publics.most(from) as usize >= reached.iter().filter(|is| **is).count());
                assert_eq!(publics.is_incomplete(from), reached.iter().zip(&lacks).any(|(is, lacks)| *is && *lacks));
                for (other, is_reached) in (0..).zip(&reached) {
                    let brings = publics.brings(from, other);
                    assert_eq!(brings.is_some(), publics.keeps(from) || *is_reached && brings == Some(true));
                    assert!(brings.is_none_or(|brings| brings == *is_reached), "{from} {other} {edges:?}");
                    told += usize::from(brings.is_some());
                }
            }
        }
        assert!(told > 50_000 && forks > 100, "{told} {forks}");
    }

    #[test]
    fn long_chains_and_wide_hubs_take_little() {
        let count = 50_000u32;
        let chain: Vec<Vec<u32>> = (0..count).map(|at| (at + 1..count).take(1).collect()).collect();
        let publics = PublicImports::from_edges(&chain, &vec![false; chain.len()]);
        assert!(publics.forks.is_empty() && publics.brings(0, count - 1) == Some(true));
        assert_eq!(publics.brings(count - 1, 0), Some(false));
        let hub: Vec<Vec<u32>> = (0..count).map(|at| if at == 7 { (8..count).collect() } else { vec![] }).collect();
        let publics = PublicImports::from_edges(&hub, &vec![false; hub.len()]);
        assert_eq!(publics.forks.iter().flatten().map(Vec::len).sum::<usize>(), count as usize - 7);
        assert_eq!(
            (publics.brings(7, 9), publics.brings(7, 6), publics.brings(9, 7)),
            (Some(true), Some(false), Some(false))
        );
    }
}
