//! Texts and byte strings that are likely to show a difference between rules: what the rules name, examples of every
//! format, words of patterns, and all of these with other lengths. The shortest come first.

use std::collections::BTreeSet;

use super::constants::Constants;
use crate::cel::re2;

/// How many values are made at most.
const MAX: usize = 1500;

/// The longest text that is made.
const MAX_LENGTH: usize = 20_000;

/// Texts that meet a format or just miss one.
const OF_FORMATS: [&str; 36] = [
    "a@b",
    "ann@example.org",
    "ann@",
    "example.org",
    "example.org.",
    "-a",
    "a_b",
    "127.0.0.1",
    "127.0.0.256",
    "::1",
    "fe80::1%eth0",
    "https://example.org/a?b#c",
    "http://[::1]",
    "/a",
    "./a",
    "a:b",
    "123e4567-e89b-12d3-a456-426614174000",
    "123e4567e89b12d3a456426614174000",
    "127.0.0.0/8",
    "127.0.0.1/8",
    "127.0.0.1/33",
    "::/64",
    "::1/64",
    "example.org:80",
    "example.org:",
    "127.0.0.1:80",
    "[::1]:80",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "a.b.C",
    ".a.b.C",
    ":path",
    "x-header",
    "a b",
    "a\tb",
    "a\nb",
    "%",
];

/// The texts.
pub(super) fn texts(constants: &Constants) -> Vec<String> {
    let mut seeds: Vec<String> = ["", "a", "A", "0", "é", " ", "ab", "a1", "-"].map(str::to_owned).to_vec();
    for text in &constants.texts {
        seeds.push(text.clone());
        if text.len() < 1000 {
            seeds.extend([format!("{text}a"), format!("a{text}"), format!("a{text}a"), swapped_case(text)]);
            let mut chars = text.chars();
            chars.next_back();
            seeds.push(chars.as_str().to_owned());
        }
    }
    // A prefix, a part and a suffix together.
    for one in constants.texts.iter().take(6) {
        seeds.extend(constants.texts.iter().take(6).map(|other| format!("{one}{other}")));
        seeds.extend(constants.texts.iter().take(6).map(|other| format!("{one}a{other}")));
    }
    if constants.texts.len() >= 3 {
        seeds.push(constants.texts.concat());
    }
    if constants.has_format || !constants.patterns.is_empty() {
        seeds.extend(OF_FORMATS.map(str::to_owned));
    }
    seeds.extend(words(constants));
    let mut seen = BTreeSet::new();
    seeds.retain(|seed| seed.len() <= MAX_LENGTH && seen.insert(seed.clone()));
    let mut padded = Vec::new();
    for length in lengths(constants) {
        for seed in &seeds {
            let fillers = if seed.is_empty() { &["a", "0", " ", "é"][..] } else { &["a"] };
            padded.extend(fillers.iter().flat_map(|filler| resized(seed, length, filler)));
        }
    }
    padded.retain(|text| seen.insert(text.clone()));
    padded.truncate(MAX.saturating_sub(seeds.len()));
    seeds.extend(padded);
    seeds.sort_by_cached_key(|text| (text.chars().count(), text.bytes().filter(|byte| !byte.is_ascii()).count()));
    seeds
}

/// Lengths next to the numbers of the rules.
fn lengths(constants: &Constants) -> BTreeSet<usize> {
    let numbers = constants.numbers.iter().flat_map(|number| [number - 1, *number, number + 1]);
    numbers.filter_map(|number| usize::try_from(number).ok().filter(|number| *number <= MAX_LENGTH)).collect()
}

/// A text with so many characters, or so many bytes: a longer one by a filler at its start, its middle and its end.
fn resized(seed: &str, length: usize, filler: &str) -> Vec<String> {
    let chars = seed.chars().count();
    let mut out = Vec::new();
    if chars > length {
        out.push(seed.chars().take(length).collect());
        return out;
    }
    let middle = seed.char_indices().nth(chars / 2).map_or(seed.len(), |(at, _)| at);
    let by_bytes = length.checked_sub(seed.len()).map(|missing| missing / filler.len()).filter(|_| filler.len() > 1);
    for missing in [Some(length - chars), by_bytes].into_iter().flatten() {
        let fill = filler.repeat(missing);
        for at in BTreeSet::from([0, middle, seed.len()]) {
            out.push(format!("{}{fill}{}", &seed[..at], &seed[at..]));
        }
    }
    out
}

fn swapped_case(text: &str) -> String {
    let swap = |letter: char| match letter.is_ascii_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    };
    text.chars().map(swap).collect()
}

/// How many patterns are distinguished by words.
const MAX_PATTERNS: usize = 3;

/// Words that patterns match or do not, and of every length that is wanted.
fn words(constants: &Constants) -> Vec<String> {
    let lengths = lengths(constants);
    let patterns: Vec<&str> = constants.patterns.iter().map(String::as_str).collect();
    let mut words: Vec<String> = patterns.chunks(MAX_PATTERNS).flat_map(|some| re2::words(some, &lengths)).collect();
    // A part that other rules want at the start or the end.
    let parts = constants.texts.iter().take(6);
    let joined: Vec<String> = parts
        .flat_map(|part| words.iter().take(8).flat_map(move |word| [format!("{part}{word}"), format!("{word}{part}")]))
        .collect();
    words.extend(joined);
    words
}

/// The byte strings.
pub(super) fn byte_strings(constants: &Constants) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [&b""[..], b"a", b"\0", b"ab"].map(<[u8]>::to_vec).to_vec();
    for bytes in &constants.bytes {
        seeds.extend([bytes.clone(), [bytes, &b"a"[..]].concat(), [&b"a"[..], bytes].concat()]);
        seeds.push(bytes.split_last().map(|(_, start)| start.to_vec()).unwrap_or_default());
    }
    for one in constants.bytes.iter().take(6) {
        seeds.extend(constants.bytes.iter().take(6).map(|other| [one.as_slice(), other].concat()));
    }
    if constants.bytes.len() >= 3 {
        seeds.push(constants.bytes.concat());
    }
    seeds.extend(words(constants).into_iter().map(String::into_bytes));
    let lengths: BTreeSet<usize> = lengths(constants).into_iter().chain([4, 16]).collect();
    let mut padded = Vec::new();
    for length in lengths {
        for seed in &seeds {
            let fill = vec![b'a'; length.saturating_sub(seed.len())];
            let start = &seed[..seed.len().min(length)];
            let (left, right) = start.split_at(start.len() / 2);
            padded.extend([
                [start, &fill[..]].concat(),
                [&fill[..], start].concat(),
                [left, &fill[..], right].concat(),
            ]);
        }
    }
    seeds.extend(padded);
    let mut seen = BTreeSet::new();
    seeds.retain(|seed| seen.insert(seed.clone()));
    seeds.sort_by_key(Vec::len);
    seeds.truncate(MAX);
    seeds
}
