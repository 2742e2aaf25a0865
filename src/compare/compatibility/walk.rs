//! One walk over pairs that are not known yet, deep first and without recursion, in the manner of Tarjan: pairs that lead
//! to each other are one group. A total loss ends it, and so do too many pairs.

use rustc_hash::FxHashMap;

use super::{Compatibility, Id, Pairs, Remembered};

/// A walk; positions are those in `seen`.
pub(super) struct Walk<'a, P: Pairs> {
    known: &'a mut Remembered,
    pairs: &'a P,
    /// All pairs that were looked at, in that order.
    seen: Vec<Seen<P::Pair>>,
    places: FxHashMap<Id, usize>,
    /// Those whose group is not known yet. Each leads to an earlier one that is on the path, the first of the path if
    /// no other, and so to the end of the path.
    open: Vec<usize>,
    /// Those on the way from where the walk began to where it is.
    path: Vec<usize>,
}

struct Seen<T> {
    id: Id,
    compatibility: Compatibility,
    /// Where it leads to and the walk has not been.
    next: Vec<T>,
    /// Groups that it leads to.
    groups: Vec<u32>,
    /// The earliest open one that it is known to lead to.
    low: usize,
}

/// The walk has its answer.
struct Done;

impl<'a, P: Pairs> Walk<'a, P> {
    pub(super) fn new(known: &'a mut Remembered, pairs: &'a P) -> Walk<'a, P> {
        Walk { known, pairs, seen: Vec::new(), places: FxHashMap::default(), open: Vec::new(), path: Vec::new() }
    }

    /// Finds the answer for a pair, and for those on the way.
    pub(super) fn run(mut self, pair: P::Pair) {
        let mut step = self.enter(pair);
        while let (Ok(()), Some(&at)) = (&step, self.path.last()) {
            step = match self.seen[at].next.pop() {
                Some(pair) => self.follow(at, pair),
                None => self.leave(at),
            };
        }
    }

    fn enter(&mut self, pair: P::Pair) -> Result<(), Done> {
        let at = self.seen.len();
        let id = self.known.id(self.pairs.key(pair));
        let (compatibility, next) = self.pairs.look(pair);
        self.seen.push(Seen { id, compatibility, next, groups: Vec::new(), low: at });
        self.places.insert(id, at);
        self.open.push(at);
        self.path.push(at);
        if compatibility == Compatibility::None {
            return Err(self.lose(usize::MAX));
        }
        // A pair on the path leads to all that were seen after it. Where the walk goes twice as far as it may, half of
        // what it saw is answered, and no pair is looked at again and again.
        let most = self.known.most_pairs;
        if self.seen.len() > most.saturating_mul(2) {
            return Err(self.lose(self.seen.len() - most));
        }
        Ok(())
    }

    fn follow(&mut self, at: usize, pair: P::Pair) -> Result<(), Done> {
        let id = self.known.id(self.pairs.key(pair));
        match (self.known.answers.get(&id), self.places.get(&id)) {
            (Some(None), _) => return Err(self.lose(usize::MAX)),
            (Some(Some(group)), _) => self.seen[at].groups.push(*group),
            (None, Some(&other)) => self.seen[at].low = self.seen[at].low.min(other),
            (None, None) => return self.enter(pair),
        }
        Ok(())
    }

    /// All that a pair leads to was seen.
    fn leave(&mut self, at: usize) -> Result<(), Done> {
        self.path.pop();
        let low = self.seen[at].low;
        let group = if low == at { Some(self.close(at)?) } else { None };
        if let Some(&parent) = self.path.last() {
            let parent = &mut self.seen[parent];
            parent.low = parent.low.min(low);
            parent.groups.extend(group);
        }
        Ok(())
    }

    /// Makes a group of a pair and the open ones after it, and gives its number.
    fn close(&mut self, first: usize) -> Result<u32, Done> {
        let start = self.open.partition_point(|&at| at < first);
        let mut compatibility = Compatibility::Full;
        let mut next = Vec::new();
        for &at in &self.open[start..] {
            compatibility = compatibility.max(self.seen[at].compatibility);
            next.append(&mut self.seen[at].groups);
        }
        next.sort_unstable();
        next.dedup();
        let Some(group) = self.known.group(compatibility, self.open.len() - start, next) else {
            return Err(self.lose(usize::MAX));
        };
        for at in self.open.drain(start..) {
            self.known.answers.insert(self.seen[at].id, Some(group));
        }
        Ok(group)
    }

    /// Nothing can be read of open pairs that were seen before the one at `end`: they lead to what is lost.
    fn lose(&mut self, end: usize) -> Done {
        let lost = self.open.iter().take_while(|&&at| at < end);
        self.known.answers.extend(lost.map(|&at| (self.seen[at].id, None)));
        Done
    }
}
