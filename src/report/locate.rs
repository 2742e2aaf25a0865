//! Places as formats print them: path, line, column. Unlike [`SourceFile::position`] it remembers what it counted,
//! which keeps a huge line with many findings from taking quadratic time. It uses no format.

use rustc_hash::FxHashMap;

use crate::source::{FileId, Place, Position, SourceFile, Sources};

/// Up to this many bytes before a place are counted anew.
const LONG_LINE: usize = 1024;
/// Bytes between two remembered counts in a longer line.
const STEP: usize = 256;

/// Where a place is.
#[derive(Clone, Copy)]
pub(super) struct Location<'a> {
    pub(super) path: &'a str,
    pub(super) start: Position,
    /// The position after the last character; never before `start`.
    pub(super) end: Position,
}

impl Location<'_> {
    /// The line of the last character, 1-based: a range that ends with a line feed does not reach into the next line.
    pub(super) fn last_line(&self) -> u32 {
        if self.end.column == 1 && self.end.line > self.start.line { self.end.line - 1 } else { self.end.line }
    }
}

/// Finds places, fastest when asked in the order of the text.
pub(super) struct Locator<'a> {
    sources: &'a Sources,
    files: FxHashMap<FileId, Counted>,
}

/// What was counted in a file.
#[derive(Default)]
struct Counted {
    /// Index of the line last found.
    line: usize,
    /// For long lines, by index: how many characters start in the first 0, 1, 2… steps of bytes.
    counts: FxHashMap<usize, Vec<u32>>,
}

impl<'a> Locator<'a> {
    pub(super) fn new(sources: &'a Sources) -> Locator<'a> {
        Locator { sources, files: FxHashMap::default() }
    }

    /// The location of `place`; the start of the file if its span is none.
    pub(super) fn locate(&mut self, place: Place) -> Location<'a> {
        let file = self.sources.get(place.file);
        if place.span.is_none() {
            let start = file.position(0);
            return Location { path: file.path(), start, end: start };
        }
        let counted = self.files.entry(place.file).or_default();
        let start = counted.position(file, place.span.start);
        let end = counted.position(file, place.span.end).max(start);
        Location { path: file.path(), start, end }
    }

    /// The path, and the position where `place` starts.
    pub(super) fn start(&mut self, place: Place) -> (&'a str, Position) {
        let file = self.sources.get(place.file);
        if place.span.is_none() {
            return (file.path(), file.position(0));
        }
        (file.path(), self.files.entry(place.file).or_default().position(file, place.span.start))
    }

    /// The same in one text, `3f2c1a9:a/b.proto:3:7`, for a place that may not be in a file on disk.
    pub(super) fn title(&mut self, place: Place) -> String {
        let (_, at) = self.start(place);
        format!("{}:{}:{}", self.sources.get(place.file).title(), at.line, at.column)
    }
}

impl Counted {
    /// Like [`SourceFile::position`].
    fn position(&mut self, file: &SourceFile, offset: u32) -> Position {
        if !file.has_text() {
            return file.position(offset);
        }
        let text = file.text();
        let offset = floor_char_boundary(text, offset as usize);
        let line = self.line(file.line_starts(), offset);
        let start = file.line_starts()[line] as usize;
        let marks = u32::from(start == 0 && offset > 0 && text.starts_with('\u{feff}'));
        let characters = if offset - start <= LONG_LINE {
            starting_characters(&text.as_bytes()[start..offset])
        } else {
            let end = file.line_starts().get(line + 1).map_or(text.len(), |&next| next as usize);
            let counts = self.counts.entry(line).or_insert_with(|| counts(&text.as_bytes()[start..end]));
            let step = (offset - start) / STEP;
            counts[step] + starting_characters(&text.as_bytes()[start + step * STEP..offset])
        };
        Position { line: clamp(line + 1), column: characters - marks + 1 }
    }

    /// The index of the line that holds `offset`. Most often it is the one of the last question, or close behind.
    fn line(&mut self, starts: &[u32], offset: usize) -> usize {
        let is_before = |&start: &u32| start as usize <= offset;
        let near = (self.line + 16).min(starts.len());
        self.line = if !is_before(&starts[self.line]) {
            starts[..self.line].partition_point(is_before)
        } else if near < starts.len() && is_before(&starts[near]) {
            near + starts[near..].partition_point(is_before)
        } else {
            self.line + starts[self.line..near].partition_point(is_before)
        } - 1;
        self.line
    }
}

/// How many characters start in the first 0, 1, 2… steps of `line`.
fn counts(line: &[u8]) -> Vec<u32> {
    let steps = line.chunks(STEP).scan(0, |sum, chunk| {
        *sum += starting_characters(chunk);
        Some(*sum)
    });
    std::iter::once(0).chain(steps).collect()
}

/// How many characters start in a part of a UTF-8 text, which may begin within one.
fn starting_characters(bytes: &[u8]) -> u32 {
    clamp(bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count())
}

/// The last offset of `text` that is not beyond `offset` and not within a character, in bytes.
pub(super) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
