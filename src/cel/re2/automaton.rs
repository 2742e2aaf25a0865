//! Which texts a pattern matches, as an automaton: texts that one pattern matches and another does not, or the proof that
//! there are none. Patterns that look at neighbouring characters (`\b`, `(?m)^`) have no automaton here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::translate;

/// How many states an automaton has at most.
const MAX_STATES: usize = 4_000;

/// How many pairs of state sets are looked at for a proof.
const MAX_PAIRS: usize = 3_000;

/// How many state sets are followed from one character to the next when words are looked for.
const MAX_FRONT: usize = 60;

/// How many characters that patterns distinguish are tried.
const MAX_LETTERS: usize = 32;

/// The states of a pattern's automaton, from its start to the end of a match.
struct Automaton {
    states: Vec<State>,
    start: usize,
}

enum State {
    /// One character of these ranges, and what follows.
    Char(Vec<(char, char)>, usize),
    /// Any of these.
    Split(Vec<usize>),
    /// Only at the start of the text.
    Start(usize),
    /// Only at its end.
    End(usize),
    Match,
}

/// States, sorted; where the pattern matches whatever follows, only that.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Set {
    Matched,
    Of(Vec<usize>),
}

impl Automaton {
    fn new(pattern: &str) -> Option<Automaton> {
        let hir = regex_syntax::parse(&translate(pattern).ok()?).ok()?;
        let mut automaton = Automaton { states: vec![State::Match], start: 0 };
        automaton.start = automaton.add(&hir, 0)?;
        Some(automaton)
    }

    fn push(&mut self, state: State) -> Option<usize> {
        self.states.push(state);
        (self.states.len() <= MAX_STATES).then_some(self.states.len() - 1)
    }

    /// Adds what matches before `next`.
    fn add(&mut self, hir: &Hir, next: usize) -> Option<usize> {
        match hir.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                text.chars().rev().try_fold(next, |next, letter| self.push(State::Char(vec![(letter, letter)], next)))
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
                self.push(State::Char(ranges, next))
            }
            HirKind::Class(Class::Bytes(_)) => None,
            HirKind::Look(Look::Start) => self.push(State::Start(next)),
            HirKind::Look(Look::End) => self.push(State::End(next)),
            HirKind::Look(_) => None,
            HirKind::Capture(capture) => self.add(&capture.sub, next),
            HirKind::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.add(part, next)),
            HirKind::Alternation(parts) => {
                let starts = parts.iter().map(|part| self.add(part, next)).collect::<Option<_>>()?;
                self.push(State::Split(starts))
            }
            HirKind::Repetition(repetition) => {
                let sub = &repetition.sub;
                let mut next = next;
                match repetition.max {
                    None => {
                        let split = self.push(State::Split(vec![next]))?;
                        let again = self.add(sub, split)?;
                        if let Some(State::Split(to)) = self.states.get_mut(split) {
                            to.push(again);
                        }
                        next = split;
                    }
                    Some(max) => {
                        let end = next;
                        for _ in repetition.min..max {
                            let one = self.add(sub, next)?;
                            next = self.push(State::Split(vec![end, one]))?;
                        }
                    }
                }
                for _ in 0..repetition.min {
                    next = self.add(sub, next)?;
                }
                Some(next)
            }
        }
    }

    /// What is reached from states without a character; the end of the text is one where `at_end`.
    fn closure(&self, from: impl IntoIterator<Item = usize>, at_start: bool, at_end: bool) -> Set {
        let mut pending: Vec<usize> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(at) = pending.pop() {
            if !reached.insert(at) {
                continue;
            }
            match &self.states[at] {
                State::Split(to) => pending.extend(to),
                State::Start(to) if at_start => pending.push(*to),
                State::End(to) if at_end => pending.push(*to),
                State::Match => return Set::Matched,
                State::Char(..) | State::Start(_) | State::End(_) => {}
            }
        }
        let is_waiting = |at: &usize| matches!(self.states[*at], State::Char(..) | State::End(_));
        Set::Of(reached.into_iter().filter(is_waiting).collect())
    }

    fn first(&self) -> Set {
        self.closure([self.start], true, false)
    }

    fn step(&self, set: &Set, letter: char) -> Set {
        let Set::Of(states) = set else { return Set::Matched };
        let to = |at: &usize| match &self.states[*at] {
            State::Char(ranges, to) if holds(ranges, letter) => Some(*to),
            _ => None,
        };
        // A match can start anywhere.
        self.closure(states.iter().filter_map(to).chain([self.start]), false, false)
    }

    fn accepts(&self, set: &Set, at_start: bool) -> bool {
        match set {
            Set::Matched => true,
            Set::Of(states) => {
                let all = states.iter().copied().chain([self.start]);
                self.closure(all, at_start, true) == Set::Matched
            }
        }
    }

    fn ranges(&self) -> impl Iterator<Item = &[(char, char)]> {
        self.states.iter().filter_map(|state| match state {
            State::Char(ranges, _) => Some(ranges.as_slice()),
            _ => None,
        })
    }
}

fn holds(ranges: &[(char, char)], letter: char) -> bool {
    let at = ranges.partition_point(|range| range.1 < letter);
    ranges.get(at).is_some_and(|range| range.0 <= letter)
}

/// One character for each set of ranges that it can be in, the plainest ones.
fn letters(automata: &[Automaton]) -> Vec<char> {
    let mut edges = BTreeSet::from(['\0', 'a', '0', 'A', ' ', '-', 'é']);
    for (first, last) in automata.iter().flat_map(Automaton::ranges).flatten() {
        edges.insert(*first);
        edges.extend(char::from_u32(u32::from(*last) + 1));
    }
    let class = |letter: char| match letter {
        'a'..='z' => 0,
        '0'..='9' => 1,
        'A'..='Z' => 2,
        ' '..='~' => 3,
        _ => 4,
    };
    let mut by_ranges: BTreeMap<Vec<bool>, char> = BTreeMap::new();
    for letter in edges {
        let key = automata.iter().flat_map(Automaton::ranges).map(|ranges| holds(ranges, letter)).collect();
        let known = by_ranges.entry(key).or_insert(letter);
        if class(letter) < class(*known) {
            *known = letter;
        }
    }
    let mut letters: Vec<char> = by_ranges.into_values().collect();
    letters.sort_by_key(|letter| (class(*letter), *letter));
    letters.truncate(MAX_LETTERS);
    letters
}

/// Whether every text that one pattern matches is matched by another; `None` where that is not known.
pub(crate) fn includes(outer: &str, inner: &str) -> Option<bool> {
    let automata = [Automaton::new(inner)?, Automaton::new(outer)?];
    let letters = letters(&automata);
    if letters.len() >= MAX_LETTERS {
        return None;
    }
    let [inner, outer] = &automata;
    let first = (inner.first(), outer.first());
    let is_missed =
        |pair: &(Set, Set), at_start: bool| inner.accepts(&pair.0, at_start) && !outer.accepts(&pair.1, at_start);
    if is_missed(&first, true) {
        return Some(false);
    }
    let mut seen = BTreeSet::from([first.clone()]);
    let mut pending = vec![first];
    while let Some(pair) = pending.pop() {
        for letter in &letters {
            let next = (inner.step(&pair.0, *letter), outer.step(&pair.1, *letter));
            if is_missed(&next, false) {
                return Some(false);
            }
            if seen.len() >= MAX_PAIRS {
                return None;
            }
            if seen.insert(next.clone()) {
                pending.push(next);
            }
        }
    }
    Some(true)
}

/// Texts that patterns distinguish: for every set of patterns that some text matches the shortest of them, and one of each
/// length that is wanted.
pub(crate) fn words(patterns: &[&str], lengths: &BTreeSet<usize>) -> Vec<String> {
    let automata: Vec<Automaton> = patterns.iter().filter_map(|pattern| Automaton::new(pattern)).collect();
    if automata.is_empty() {
        return Vec::new();
    }
    let letters = letters(&automata);
    let longest = lengths.iter().copied().filter(|length| *length <= 300).max().unwrap_or(0).max(24);
    let mut found: BTreeMap<(Vec<bool>, usize), String> = BTreeMap::new();
    let mut shortest: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    let first: Vec<Set> = automata.iter().map(Automaton::first).collect();
    let mut front: HashMap<Vec<Set>, String> = HashMap::from([(first, String::new())]);
    for length in 0..=longest {
        for (sets, word) in &front {
            let accepts: Vec<bool> =
                automata.iter().zip(sets).map(|(automaton, set)| automaton.accepts(set, length == 0)).collect();
            let known = shortest.entry(accepts.clone()).or_insert(length);
            if length < *known + 2 || lengths.contains(&length) {
                let kept = found.entry((accepts, length)).or_insert_with(|| word.clone());
                if *word < *kept {
                    kept.clone_from(word);
                }
            }
        }
        let mut words: Vec<(&Vec<Set>, &String)> = front.iter().collect();
        words.sort_by(|one, other| one.1.cmp(other.1));
        let mut next: HashMap<Vec<Set>, String> = HashMap::new();
        'words: for (sets, word) in words {
            for letter in &letters {
                let to: Vec<Set> =
                    automata.iter().zip(sets).map(|(automaton, set)| automaton.step(set, *letter)).collect();
                if next.len() >= MAX_FRONT && !next.contains_key(&to) {
                    continue 'words;
                }
                next.entry(to).or_insert_with(|| format!("{word}{letter}"));
            }
        }
        front = next;
    }
    found.into_values().collect()
}
