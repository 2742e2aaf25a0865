//! Replacements in a text, and where each offset of the new text stood in the old one. It knows nothing of protobuf.

use std::borrow::Cow;
use std::ops::Range;

/// One replacement: `text` takes the place of the bytes `range`, and offsets in it stand for those of `origin`.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) range: Range<u32>,
    pub(super) text: Cow<'static, str>,
    pub(super) origin: Range<u32>,
}

impl Edit {
    /// Something else in the place of `range`.
    pub(super) fn replace(range: Range<u32>, text: impl Into<Cow<'static, str>>) -> Edit {
        Edit { origin: range.clone(), range, text: text.into() }
    }

    /// Something new at `offset`.
    pub(super) fn insert(offset: u32, text: impl Into<Cow<'static, str>>) -> Edit {
        Edit::replace(offset..offset, text)
    }

    /// A copy of `text`, which stands at `origin`, at `offset`.
    pub(super) fn copy(offset: u32, text: &str, origin: Range<u32>) -> Edit {
        Edit { range: offset..offset, text: Cow::Owned(text.to_owned()), origin }
    }

    /// Spaces in the place of `range`.
    pub(super) fn blank(range: Range<u32>) -> Edit {
        let spaces = " ".repeat(range.len());
        Edit::replace(range, spaces)
    }
}

/// A run of the new text and the bytes of the old text it stands for. Offsets beyond the old run stand for its end.
#[derive(Clone, Debug)]
struct Segment {
    new: u32,
    old: Range<u32>,
}

/// Maps offsets between the old text and the new one.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    /// In the order of the new text; each reaches to the next one. What precedes them is the same in both texts.
    segments: Vec<Segment>,
    /// Where the old text goes on after each edit that changes its length, and the offset there in the new text.
    moves: Vec<(u32, u32)>,
    /// How many bytes were dropped before the old text: [`Map::back`] counts them, [`Map::forward`] does not.
    dropped: u32,
}

impl Map {
    /// The map of a text that only loses its first bytes.
    pub(super) fn dropping(dropped: u32) -> Map {
        Map { dropped, ..Map::default() }
    }

    /// Offset in the old text of an offset in the new one.
    pub(super) fn back(&self, new: u32) -> u32 {
        let next = self.segments.partition_point(|segment| segment.new <= new);
        let old = match next.checked_sub(1).map(|at| &self.segments[at]) {
            Some(segment) => segment.old.start.saturating_add(new - segment.new).min(segment.old.end),
            None => new,
        };
        old.saturating_add(self.dropped)
    }

    /// Offset in the new text of an offset in the old one that no edit covers.
    pub(super) fn forward(&self, old: u32) -> u32 {
        let next = self.moves.partition_point(|&(from, _)| from <= old);
        match next.checked_sub(1).map(|at| self.moves[at]) {
            Some((from, to)) => to + (old - from),
            None => old,
        }
    }
}

/// Applies `edits` to `text`, which `dropped` bytes precede. Of two edits that overlap the first one wins; of two at
/// one place the one noted first comes first.
pub(super) fn apply(text: &str, dropped: u32, edits: &mut [Edit]) -> (String, Map) {
    edits.sort_by_key(|edit| edit.range.start);
    let mut map = Map::dropping(dropped);
    let mut new = String::with_capacity(text.len() + edits.len() * 4);
    let mut done = 0;
    for edit in edits.iter() {
        if edit.range.start < done {
            continue;
        }
        new.push_str(&text[done as usize..edit.range.start as usize]);
        let start = length(&new);
        new.push_str(&edit.text);
        done = edit.range.end;
        if edit.text.len() != edit.range.len() || edit.origin != edit.range {
            let end = length(&new);
            map.segments.push(Segment { new: start, old: edit.origin.clone() });
            map.segments.push(Segment { new: end, old: done..length(text) });
            map.moves.push((done, end));
        }
    }
    new.push_str(&text[done as usize..]);
    (new, map)
}

/// Texts are shorter than 2 GiB, so that lengths fit.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
