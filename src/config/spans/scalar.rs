//! Where a part of a scalar's value stands in the text, through quotes, escapes and folded lines. What it reads must be
//! what the YAML library read; where it is not, nothing is known of the parts.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::source::Span;

/// The place of some bytes of the value of the scalar that stands at a span; of a scalar whose form is not understood,
/// the whole.
pub(in crate::config) fn part(text: &str, scalar: Span, value: &str, part: Range<usize>) -> Span {
    let Some(pieces) = read(text, scalar).filter(|pieces| is_value(pieces, value)) else { return scalar };
    let (mut start, mut end, mut at) = (None, None, 0);
    for piece in &pieces {
        let next = at + piece.letter.len_utf8();
        if next > part.start && start.is_none() {
            start = Some(piece.start);
        }
        if at < part.end {
            end = Some(piece.end);
        }
        at = next;
    }
    let after = pieces.last().map_or(scalar.start as usize, |piece| piece.end);
    let start = start.unwrap_or(after);
    Span::of(start..end.unwrap_or(start).max(start))
}

/// A character of the value, and the bytes of the text that it is written as.
struct Piece {
    letter: char,
    start: usize,
    end: usize,
}

/// Whether these are the characters of a value, line breaks at the end aside.
fn is_value(pieces: &[Piece], value: &str) -> bool {
    let read: String = pieces.iter().map(|piece| piece.letter).collect();
    read.trim_end_matches('\n') == value.trim_end_matches('\n')
}

fn read(text: &str, scalar: Span) -> Option<Vec<Piece>> {
    let written = scalar.slice(text);
    let start = scalar.start as usize;
    match written.as_bytes().first()? {
        b'"' => Flow::new(text, start + 1..scalar.end.saturating_sub(1) as usize).read(Style::Double),
        b'\'' => Flow::new(text, start + 1..scalar.end.saturating_sub(1) as usize).read(Style::Single),
        b'|' => block(text, scalar).map(|lines| literal(&lines)),
        b'>' => block(text, scalar).map(|lines| folded(&lines)),
        _ => Flow::new(text, scalar.range()).read(Style::Plain),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
}

/// Reads what may go on in several lines, which are joined by spaces.
struct Flow<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    pieces: Vec<Piece>,
    /// How many pieces a line break leaves, as they are no white space or are escaped.
    kept: usize,
}

impl<'t> Flow<'t> {
    fn new(text: &'t str, range: Range<usize>) -> Flow<'t> {
        Flow { text, at: range.start, end: range.end, pieces: Vec::new(), kept: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..self.end)?.chars().next()
    }

    fn read(mut self, style: Style) -> Option<Vec<Piece>> {
        while let Some(letter) = self.peek() {
            let start = self.at;
            self.at += letter.len_utf8();
            match (letter, style) {
                ('\n' | '\r', _) => self.fold(start),
                ('\\', Style::Double) => self.escape(start)?,
                ('\'', Style::Single) => {
                    self.at += 1;
                    self.push('\'', start, true);
                }
                (letter, _) => self.push(letter, start, !matches!(letter, ' ' | '\t')),
            }
        }
        Some(self.pieces)
    }

    fn push(&mut self, letter: char, start: usize, is_kept: bool) {
        self.pieces.push(Piece { letter, start, end: self.at });
        if is_kept {
            self.kept = self.pieces.len();
        }
    }

    /// A line break with the white space around it: a space, or where lines are empty a break for each of them.
    fn fold(&mut self, start: usize) {
        self.pieces.truncate(self.kept);
        let breaks = 1 + self.skip_blank();
        match breaks {
            1 => self.push(' ', start, true),
            _ => (1..breaks).for_each(|_| self.push('\n', start, true)),
        }
    }

    /// Skips white space; how many line breaks that has. The first one was read already, a carriage return perhaps.
    fn skip_blank(&mut self) -> usize {
        if self.text.get(..self.at).is_some_and(|before| before.ends_with('\r')) && self.peek() == Some('\n') {
            self.at += 1;
        }
        let mut breaks = 0;
        while let Some(letter @ (' ' | '\t' | '\n' | '\r')) = self.peek() {
            breaks += usize::from(letter == '\n');
            self.at += 1;
        }
        breaks
    }

    fn escape(&mut self, start: usize) -> Option<()> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        let plain = match letter {
            '\n' | '\r' => {
                self.kept = self.pieces.len();
                self.skip_blank();
                return Some(());
            }
            'x' => self.number(2)?,
            'u' => self.number(4)?,
            'U' => self.number(8)?,
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            letter => letter,
        };
        self.push(plain, start, true);
        Some(())
    }

    fn number(&mut self, digits: usize) -> Option<char> {
        let written = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        char::from_u32(u32::from_str_radix(written, 16).ok()?)
    }
}

/// The lines of a scalar in lines of its own, without their indentation, each with where it starts.
fn block(text: &str, header: Span) -> Option<Vec<(usize, &str)>> {
    let start = header.start as usize;
    let first = start + text[start..].find('\n')? + 1;
    let mut lines = Vec::new();
    let mut at = first;
    for line in text[first..].split_inclusive('\n') {
        lines.push((at, line.trim_end_matches(['\n', '\r'])));
        at += line.len();
    }
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let is_blank = |line: &str| line.trim_start_matches(' ').is_empty();
    // An indicator of the indentation would count from that of the parent.
    let is_given = header.slice(text).contains(|letter: char| letter.is_ascii_digit());
    let indent = lines.iter().find(|(_, line)| !is_blank(line)).map(|(_, line)| spaces(line)).filter(|_| !is_given)?;
    let belongs = |(_, line): &(usize, &str)| is_blank(line) || spaces(line) >= indent;
    let own = lines.into_iter().take_while(belongs);
    Some(own.map(|(at, line)| (at + indent.min(line.len()), line.get(indent..).unwrap_or_default())).collect())
}

fn letters<'t>(at: usize, line: &'t str) -> impl Iterator<Item = Piece> + 't {
    line.char_indices().map(move |(offset, letter)| {
        let start = at + offset;
        Piece { letter, start, end: start + letter.len_utf8() }
    })
}

fn literal(lines: &[(usize, &str)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for &(at, line) in lines {
        let end = at + line.len();
        pieces.extend(letters(at, line).chain([Piece { letter: '\n', start: end, end: end + 1 }]));
    }
    pieces
}

fn folded(lines: &[(usize, &str)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut blank, mut before): (usize, Option<&str>) = (0, None);
    let is_deeper = |line: &str| line.starts_with([' ', '\t']);
    for &(at, line) in lines {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        let breaks = match before {
            None => blank,
            Some(before) if is_deeper(before) || is_deeper(line) => blank + 1,
            Some(_) => blank,
        };
        let piece = |letter| Piece { letter, start: at, end: at };
        match (breaks, before) {
            (0, Some(_)) => pieces.push(piece(' ')),
            _ => pieces.extend((0..breaks).map(|_| piece('\n'))),
        }
        pieces.extend(letters(at, line));
        (blank, before) = (0, Some(line));
    }
    pieces
}
