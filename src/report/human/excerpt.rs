//! Cuts out of source texts the few lines that a snippet shows, and makes them fit to print: tabs become spaces, unsafe
//! characters their visible form, long lines a part of themselves. Its cost does not depend on the size of the text.

use std::ops::Range;

use crate::report::escape::{Visible, is_unsafe, opens_order};
use crate::report::locate::floor_char_boundary;
use crate::source::{Place, SourceFile, Sources};

/// Columns between tab stops.
const TAB: usize = 4;

/// Lines shown before and after the marked ones, unless blank.
const CONTEXT: usize = 1;

/// Something to underline: a place, cut to its first line.
pub(super) struct Mark<'a> {
    pub(super) place: Place,
    /// Index of the line, 0-based.
    pub(super) line: usize,
    /// The bytes of the text to underline, all on that line; may be empty.
    pub(super) bytes: Range<usize>,
    /// What a label says there; none for the place of the finding itself.
    pub(super) label: Option<&'a str>,
}

impl<'a> Mark<'a> {
    /// The mark for a place, if it is in a text at all.
    pub(super) fn new(sources: &Sources, place: Place, label: Option<&'a str>) -> Option<Mark<'a>> {
        let file = sources.get(place.file);
        if place.span.is_none() || !file.has_text() {
            return None;
        }
        let start = floor_char_boundary(file.text(), place.span.start as usize);
        let end = floor_char_boundary(file.text(), place.span.end as usize);
        let line = file.line_starts().partition_point(|&at| at as usize <= start) - 1;
        let within = line_bytes(file, line);
        let start = start.clamp(within.start, within.end);
        let bytes = start..end.clamp(start, within.end);
        Some(Mark { place, line, bytes, label })
    }

    pub(super) fn is_primary(&self) -> bool {
        self.label.is_none()
    }
}

/// Groups marks that one excerpt can show: close together, one after the other. The finding's own group comes first,
/// then the rest of its file, then other files by path.
pub(super) fn clusters<'a>(mut marks: Vec<Mark<'a>>, sources: &Sources, room: usize) -> Vec<Vec<Mark<'a>>> {
    let home = marks.iter().find(|mark| mark.is_primary()).map(|mark| mark.place.file);
    marks.sort_by_key(|mark| {
        let file = mark.place.file;
        (Some(file) != home, sources.get(file).path(), file, mark.bytes.start, mark.bytes.end)
    });
    let mut clusters: Vec<Vec<Mark<'a>>> = Vec::new();
    for mark in marks {
        match clusters.last_mut() {
            Some(cluster) if cluster.last().is_some_and(|last| joins(last, &mark, sources, room)) => {
                cluster.push(mark);
            }
            _ => clusters.push(vec![mark]),
        }
    }
    clusters.sort_by_key(|cluster| !cluster.iter().any(Mark::is_primary));
    clusters
}

/// Whether `mark`, the next one in order, can be drawn in the same excerpt as `last`.
fn joins(last: &Mark<'_>, mark: &Mark<'_>, sources: &Sources, room: usize) -> bool {
    if last.place.file != mark.place.file {
        return false;
    }
    if last.line == mark.line {
        let file = sources.get(mark.place.file);
        let line = line_bytes(file, mark.line);
        return reach(file.text(), &line, room) == line.end
            && mark.bytes.start >= last.bytes.end.max(last.bytes.start + 1);
    }
    mark.line - last.line <= 2 * CONTEXT + 1
}

/// Consecutive lines of a text, ready to print.
pub(super) struct Excerpt {
    /// Number of the first line, 1-based.
    pub(super) first_line: usize,
    /// The lines, each ended by LF.
    pub(super) text: String,
    /// What to underline: bytes of `text`, in order, and what a label says there.
    pub(super) marks: Vec<(Range<usize>, Option<String>)>,
}

impl Excerpt {
    /// The lines around `marks`, a group of [`clusters`]. Lines longer than `room` columns are cut, which `ellipsis`
    /// shows.
    pub(super) fn new(sources: &Sources, marks: &[Mark<'_>], room: usize, ellipsis: &str) -> Excerpt {
        let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
            return Excerpt { first_line: 1, text: String::new(), marks: Vec::new() };
        };
        let file = sources.get(first.place.file);
        let blank = |line: usize| file.text()[line_bytes(file, line)].chars().take(room).all(char::is_whitespace);
        let before = (first.line.saturating_sub(CONTEXT)..first.line).find(|&line| !blank(line));
        let end = (last.line + 1 + CONTEXT).min(file.line_starts().len());
        let after = (last.line + 1..end).rfind(|&line| !blank(line));

        let first_line = before.unwrap_or(first.line);
        let mut excerpt = Excerpt { first_line: first_line + 1, text: String::new(), marks: Vec::new() };
        for line in first_line..=after.unwrap_or(last.line) {
            let here: Vec<_> = marks.iter().filter(|mark| mark.line == line).collect();
            excerpt.push_line(file, line, &here, room, ellipsis);
        }
        excerpt
    }

    fn push_line(&mut self, file: &SourceFile, line: usize, marks: &[&Mark<'_>], room: usize, ellipsis: &str) {
        let whole = line_bytes(file, line);
        let focus = marks.first().map_or(whole.start..whole.start, |mark| mark.bytes.clone());
        let shown = window(file.text(), &whole, &focus, room, ellipsis.chars().count());
        if shown.start > whole.start {
            self.text.push_str(ellipsis);
        }
        let printed = self.push_text(&file.text()[shown.clone()], shown.start);
        for mark in marks {
            let start = find(&printed, mark.bytes.start);
            let end = find(&printed, mark.bytes.end).max(start);
            self.marks.push((start..end, mark.label.map(|label| Visible(label).to_string())));
        }
        if shown.end < whole.end {
            self.text.push_str(ellipsis);
        }
        self.text.push('\n');
    }

    /// Adds a part of a line that starts at byte `origin` of the file; where each of its characters and its end are in
    /// the file and in the excerpt, in bytes.
    fn push_text(&mut self, part: &str, origin: usize) -> Vec<(usize, usize)> {
        let mut printed = Vec::with_capacity(part.len() + 1);
        let mut column = 0;
        for (at, character) in part.char_indices() {
            printed.push((origin + at, self.text.len()));
            let columns = columns(&part[..at], character, column);
            if character == '\t' {
                self.text.extend(std::iter::repeat_n(' ', columns));
            } else if is_special(&part[..at], character) {
                self.text.extend(character.escape_unicode());
            } else {
                self.text.push(character);
            }
            column += columns;
        }
        printed.push((origin + part.len(), self.text.len()));
        printed
    }
}

/// Where byte `offset` of the file was printed, or the nearest byte that was.
fn find(printed: &[(usize, usize)], offset: usize) -> usize {
    let at = printed.partition_point(|&(original, _)| original < offset);
    printed.get(at).or(printed.last()).map_or(0, |&(_, shown)| shown)
}

/// The part of the line `whole` to show in `room` columns: all of it if it fits, otherwise as much around the start of
/// `focus` as fits beside ellipses of `ellipsis` columns.
fn window(text: &str, whole: &Range<usize>, focus: &Range<usize>, room: usize, ellipsis: usize) -> Range<usize> {
    let reach_from = |start: usize, room: usize| reach(text, &(start..whole.end), room);
    if reach_from(whole.start, room) == whole.end {
        return whole.clone();
    }
    let end = reach_from(whole.start, room.saturating_sub(ellipsis));
    if focus.end <= end {
        return whole.start..end;
    }
    let mut lead = room / 3;
    let mut start = focus.start;
    for (at, character) in text[whole.start..focus.start].char_indices().rev() {
        let columns = columns(&text[whole.start..whole.start + at], character, 0);
        if columns > lead {
            break;
        }
        lead -= columns;
        start = whole.start + at;
    }
    let left = if start > whole.start { ellipsis } else { 0 };
    let room = room.saturating_sub(left);
    let end = reach_from(start, room);
    if end == whole.end { start..end } else { start..reach_from(start, room.saturating_sub(ellipsis)) }
}

/// The end of what `room` columns can show of `part`.
fn reach(text: &str, part: &Range<usize>, room: usize) -> usize {
    let mut column = 0;
    let shown = &text[part.clone()];
    for (at, character) in shown.char_indices() {
        column += columns(&shown[..at], character, column);
        if column > room {
            return part.start + at;
        }
    }
    part.end
}

/// Whether a character right after `before` is printed in its visible form.
fn is_special(before: &str, character: char) -> bool {
    is_unsafe(character) || opens_order(before, character)
}

/// The columns a character right after `before` is printed in, at least those the terminal needs: wide ones are
/// recognized by their block alone.
fn columns(before: &str, character: char, column: usize) -> usize {
    match character {
        '\t' => TAB - column % TAB,
        _ if is_special(before, character) => character.escape_unicode().len(),
        ' '..='~' => 1,
        ..'\u{1100}' => 1,
        _ => 2,
    }
}

/// The bytes of a line without its end (LF or CRLF) and without a byte order mark.
fn line_bytes(file: &SourceFile, line: usize) -> Range<usize> {
    let text = file.text();
    let starts = file.line_starts();
    let start = starts[line] as usize;
    let (start, end) = match starts.get(line + 1) {
        Some(&next) => (start, next as usize - 1),
        None => (start, text.len()),
    };
    let start = if line == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start };
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    start..end
}
