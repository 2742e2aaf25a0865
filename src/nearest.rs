//! Finds the name that was probably meant: the only place that compares names. It does not depend on what
//! the names stand for.

use similar::{Algorithm, capture_diff_slices, diff_ratio};

/// How alike two names have to be, from 0 to 1: twice the letters in common by the letters of both.
const ALIKE: f32 = 0.65;
/// Longer names, in bytes, are found by their letters alone, never by likeness.
const MAX_LENGTH: usize = 200;
/// How many names, the most promising ones, are compared letter by letter.
const COMPARED: usize = 100;

/// The name closest to `wanted`: one that differs in upper and lower case alone, else the most alike, the first of
/// equals; `None` where nothing is alike enough. It takes less than a millisecond for some thousand names.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bag = Bag::new(wanted);
    let mut promising: Vec<(f32, &str)> = Vec::new();
    for name in names {
        if name.eq_ignore_ascii_case(wanted) {
            return Some(name);
        }
        let bound = bag.most_alike(name);
        if bound >= ALIKE {
            promising.push((bound, name));
        }
    }
    promising.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let wanted = letters(wanted);
    let mut best: Option<(f32, &str)> = None;
    for (bound, name) in promising.into_iter().take(COMPARED) {
        if best.is_some_and(|(likeness, _)| likeness >= bound) {
            break;
        }
        let likeness = alike(&wanted, &letters(name));
        if likeness >= ALIKE && best.is_none_or(|(known, _)| likeness > known) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether two names are so alike at least, from 0.65 to 1, whatever their case.
pub fn are_alike(one: &str, other: &str, at_least: f32) -> bool {
    Bag::new(one).most_alike(other) >= at_least && alike(&letters(one), &letters(other)) >= at_least
}

fn letters(name: &str) -> Vec<char> {
    name.chars().map(|letter| letter.to_ascii_lowercase()).collect()
}

fn alike(one: &[char], other: &[char]) -> f32 {
    diff_ratio(&capture_diff_slices(Algorithm::Myers, one, other), one.len(), other.len())
}

/// How often each letter occurs, whatever the order; letters that share a slot are counted together.
struct Bag {
    counts: [u8; Bag::SLOTS],
    length: usize,
    too_long: bool,
}

impl Bag {
    const SLOTS: usize = 64;

    fn new(name: &str) -> Bag {
        let mut bag = Bag { counts: [0; Bag::SLOTS], length: 0, too_long: name.len() > MAX_LENGTH };
        for letter in name.chars().take(MAX_LENGTH) {
            bag.counts[Bag::slot(letter)] += 1;
            bag.length += 1;
        }
        bag
    }

    fn slot(letter: char) -> usize {
        letter.to_ascii_lowercase() as usize % Bag::SLOTS
    }

    /// At most how alike a name can be, from 0 to 1.
    fn most_alike(&self, name: &str) -> f32 {
        if self.too_long || name.len() > MAX_LENGTH {
            return 0.0;
        }
        let length = name.chars().count();
        let both = (self.length + length) as f32;
        let bound_by_length = 2.0 * self.length.min(length) as f32 / both;
        if bound_by_length < ALIKE {
            return 0.0;
        }
        let mut left = self.counts;
        let mut common = 0;
        for letter in name.chars() {
            let count = &mut left[Bag::slot(letter)];
            common += usize::from(*count > 0);
            *count = count.saturating_sub(1);
        }
        2.0 * common as f32 / both
    }
}
