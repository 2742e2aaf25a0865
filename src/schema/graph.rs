//! Ways and circles in graphs, whatever their nodes stand for.

use rustc_hash::FxHashSet;

const UNSEEN: u32 = u32::MAX;

/// The nodes that edges lead to from one, itself first, each once, found as they are asked for. `targets` gives where the
/// edges of a node lead.
pub(crate) fn reached<'e, T>(from: u32, targets: impl Fn(u32) -> T) -> impl Iterator<Item = u32>
where
    T: IntoIterator<Item = &'e u32>,
{
    let mut seen = FxHashSet::from_iter([from]);
    let mut stack = vec![from];
    std::iter::from_fn(move || {
        let at = stack.pop()?;
        stack.extend(targets(at).into_iter().copied().filter(|&next| seen.insert(next)));
        Some(at)
    })
}

/// For each node, a number that the nodes of one circle share (Tarjan's strongly connected components; the walk keeps
/// its own stack, so chains may be of any length). The numbers run from 0 without gaps, and edges between circles lead
/// to lower ones. `edges` has the targets of each node.
pub(crate) fn components(edges: &[Vec<u32>]) -> Vec<u32> {
    let mut walk = Walk {
        order: vec![UNSEEN; edges.len()],
        low: vec![0; edges.len()],
        component: vec![UNSEEN; edges.len()],
        open: Vec::new(),
        next: 0,
        left: 0,
    };
    for start in 0..edges.len() {
        if walk.order[start] == UNSEEN {
            walk.from(start, edges);
        }
    }
    walk.component
}

struct Walk {
    order: Vec<u32>,
    low: Vec<u32>,
    component: Vec<u32>,
    open: Vec<usize>,
    next: u32,
    /// How many circles were left.
    left: u32,
}

impl Walk {
    fn enter(&mut self, at: usize) -> (usize, usize) {
        self.order[at] = self.next;
        self.low[at] = self.next;
        self.next += 1;
        self.open.push(at);
        (at, 0)
    }

    fn from(&mut self, start: usize, edges: &[Vec<u32>]) {
        let mut way = vec![self.enter(start)];
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            *next += 1;
            match edges[at].get(*next - 1) {
                Some(&target) if self.order[target as usize] == UNSEEN => way.push(self.enter(target as usize)),
                Some(&target) if self.component[target as usize] == UNSEEN => {
                    self.low[at] = self.low[at].min(self.order[target as usize]);
                }
                Some(_) => {}
                None => {
                    way.pop();
                    self.leave(at);
                    if let Some(&(above, _)) = way.last() {
                        self.low[above] = self.low[above].min(self.low[at]);
                    }
                }
            }
        }
    }

    fn leave(&mut self, at: usize) {
        if self.low[at] != self.order[at] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.component[member] = self.left;
            if member == at {
                break;
            }
        }
        self.left += 1;
    }
}
