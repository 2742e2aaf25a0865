//! Answers against those of a walk that remembers nothing, and how often pairs are looked at.

use std::cell::Cell;

use rustc_hash::FxHashSet;

use super::*;

/// Pairs by number: how much can be read of each, and where it leads.
struct Graph {
    nodes: Vec<(Compatibility, Vec<u32>)>,
    looks: Cell<usize>,
}

impl Graph {
    fn new(nodes: Vec<(Compatibility, Vec<u32>)>) -> Graph {
        Graph { nodes, looks: Cell::new(0) }
    }

    /// The answer by a walk that remembers nothing.
    fn plainly(&self, from: u32, most: usize) -> Compatibility {
        let mut seen = FxHashSet::default();
        let (mut next, mut worst) = (vec![from], Compatibility::Full);
        while let Some(at) = next.pop() {
            if seen.insert(at) {
                let (compatibility, others) = &self.nodes[at as usize];
                worst = worst.max(*compatibility);
                next.extend(others);
            }
        }
        if seen.len() > most { Compatibility::None } else { worst }
    }
}

impl Pairs for Graph {
    type Pair = u32;

    fn key(&self, pair: u32) -> (MessageKey, MessageKey) {
        ((0, 0, pair / 7), (1, 0, pair % 7))
    }

    fn look(&self, pair: u32) -> (Compatibility, Vec<u32>) {
        self.looks.set(self.looks.get() + 1);
        self.nodes[pair as usize].clone()
    }
}

/// Numbers below a bound, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }
}

#[test]
fn answers_are_those_of_a_plain_walk_whatever_was_asked_before() {
    let mut numbers = Numbers(7);
    let mut met = [0; 3];
    for round in 0..5_000 {
        let count = 1 + numbers.below(24);
        let (edges, losses) = (1 + numbers.below(3), [2, 12, 60][numbers.below(3) as usize]);
        let node = |numbers: &mut Numbers| {
            let compatibility = match numbers.below(losses) {
                0 => Compatibility::Lossy,
                1 if losses == 12 => Compatibility::None,
                _ => Compatibility::Full,
            };
            (compatibility, (0..numbers.below(edges + 1)).map(|_| numbers.below(count)).collect())
        };
        let graph = Graph::new((0..count).map(|_| node(&mut numbers)).collect());
        let most = 1 + numbers.below(count + 2) as usize;
        let remembered = if round % 5 == 0 { 3 } else { usize::MAX };
        let mut memory = Remembered::new(most, remembered);
        for _ in 0..count * 2 {
            let from = numbers.below(count);
            let expected = graph.plainly(from, most);
            assert_eq!(memory.compatibility(&graph, from), expected, "{from} of {:?}, at most {most}", graph.nodes);
            met[expected as usize] += 1;
        }
        assert!(remembered == 3 || graph.looks.get() <= 2 * count as usize, "{:?}, at most {most}", graph.nodes);
    }
    assert!(met.iter().all(|count| *count > 5_000), "{met:?}");
}

/// How often pairs are read where each is compared.
fn looks(nodes: Vec<(Compatibility, Vec<u32>)>, most: usize) -> usize {
    let count = nodes.len() as u32;
    let graph = Graph::new(nodes);
    let mut memory = Remembered::new(most, usize::MAX);
    (0..count).for_each(|from| _ = memory.compatibility(&graph, from));
    graph.looks.get()
}

#[test]
fn each_pair_is_looked_at_once_or_twice() {
    let count = 3_000_u32;
    let graph = |next: &dyn Fn(u32) -> Vec<u32>| -> Vec<(Compatibility, Vec<u32>)> {
        (0..count).map(|at| (Compatibility::Full, next(at).into_iter().filter(|&to| to < count).collect())).collect()
    };
    let shapes = [
        ("ring", graph(&|at| vec![(at + 1) % count])),
        ("chain down", graph(&|at| vec![at + 1])),
        ("chain up", graph(&|at| at.checked_sub(1).into_iter().collect())),
        ("ladder", graph(&|at| vec![at + 1, at + 2, at + 3])),
        ("fan and back", graph(&|at| if at == 0 { (1..count).collect() } else { vec![0] })),
        ("tree", graph(&|at| vec![2 * at + 1, 2 * at + 2])),
        ("rings in a row", graph(&|at| vec![if at % 100 == 99 { at - 99 } else { at + 1 }, at + 100])),
    ];
    for (name, nodes) in shapes {
        for most in [5, 100, 1_000, 5_000] {
            let looks = looks(nodes.clone(), most);
            assert!((count as usize..=2 * count as usize).contains(&looks), "{name}, at most {most}: {looks}");
        }
    }
}
