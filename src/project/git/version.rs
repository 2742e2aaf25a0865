//! The order of version tags: semantic versions (<https://semver.org/#spec-item-11>), with fewer or more numbers than
//! three allowed.

use std::cmp::Ordering;

/// A version as tags write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// Digits without zeros in front; of any length, as dates and build numbers are used too.
    numbers: Vec<String>,
    /// What follows the numbers; a version with nothing there is newer than one with something.
    pre_release: Vec<String>,
}

impl Version {
    /// Reads a tag of the pattern with which it was found: what the pattern has before its first wildcard is no part
    /// of the version, and neither are letters before the first digit. `None` if there is no number.
    pub(super) fn of_tag(name: &str, pattern: &str) -> Option<Version> {
        let literal = pattern.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default();
        let rest = name.strip_prefix(literal).unwrap_or(name);
        // A number may be part of the literal: `v1.*`.
        let digits = literal.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let rest = if digits.len() < literal.len() { &name[digits.len()..] } else { rest };
        let rest = rest.rsplit('/').next().unwrap_or_default();
        let rest = rest.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let text = rest.split('+').next().unwrap_or_default();
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let (numbers, pre_release) = text.split_at(end);
        let numbers: Vec<String> = parts(numbers).map(significant).collect();
        let pre_release = pre_release.trim_start_matches(['-', '_', '.', '~']);
        (!numbers.is_empty()).then(|| Version { numbers, pre_release: parts(pre_release).map(str::to_owned).collect() })
    }
}

/// What stands behind the numbers of a release, in some languages.
const RELEASED: [&str; 4] = ["final", "ga", "release", "stable"];

impl Version {
    /// Whether this comes before a release: `1.0.0-rc.1`, `1.0.0-1`, `2.0b1`. The days of `2026-08-01` do not say so, and
    /// neither does the word in `1.0.0.Final`.
    pub(super) fn is_pre_release(&self) -> bool {
        let is_word = |part: &String| part.contains(|letter: char| letter.is_alphabetic());
        let is_released = |part: &String| RELEASED.contains(&part.to_ascii_lowercase().as_str());
        match self.pre_release.first() {
            None => false,
            Some(first) => !is_released(first) && (self.numbers.len() >= 3 || self.pre_release.iter().any(is_word)),
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let number = |version: &'_ Version, at: usize| version.numbers.get(at).cloned().unwrap_or_default();
        let numbers = (0..length).map(|at| by_value(&number(self, at), &number(other, at)));
        numbers
            .fold(Ordering::Equal, Ordering::then)
            .then_with(|| self.pre_release.is_empty().cmp(&other.pre_release.is_empty()))
            .then_with(|| pre_releases(&self.pre_release, &other.pre_release))
            // Equal means the same text, so that the order is one of `Eq`.
            .then_with(|| self.numbers.len().cmp(&other.numbers.len()))
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split('.').filter(|part| !part.is_empty())
}

fn significant(digits: &str) -> String {
    digits.trim_start_matches('0').to_owned()
}

/// Of two numbers without zeros in front the longer one is larger.
fn by_value(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

fn pre_releases(one: &[String], other: &[String]) -> Ordering {
    let both = one.iter().zip(other).map(|(one, other)| identifiers(one, other));
    both.fold(Ordering::Equal, Ordering::then).then(one.len().cmp(&other.len()))
}

/// Numbers by value and before words; words by their letters, with a number at their end by value: `rc9` before `rc10`.
fn identifiers(one: &str, other: &str) -> Ordering {
    let split = |text: &str| {
        let word = text.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        (text[..word].to_owned(), significant(&text[word..]))
    };
    let ((one_word, one_number), (other_word, other_number)) = (split(one), split(other));
    one_word.cmp(&other_word).then_with(|| by_value(&one_number, &other_number)).then_with(|| one.cmp(other))
}
