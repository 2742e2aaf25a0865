//! Places as the protocol has them: lines from 0, and in a line bytes, UTF-16 code units or characters, as client and
//! server agreed. It knows texts, and nothing of what they mean.

use gen_lsp_types::{Position, Range};

use crate::source::Span;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

/// A text with where its lines start, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    pub(super) starts: &'t [u32],
    pub(super) encoding: Encoding,
}

impl Lines<'_> {
    /// The position of a byte offset; one beyond the end, or within a character, is moved back onto one.
    pub(super) fn position(self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start as usize <= offset).saturating_sub(1);
        let before = &self.text[self.starts[line] as usize..offset];
        let column = match self.encoding {
            _ if before.is_ascii() => before.len(),
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => before.chars().count(),
        };
        Position { line: fit(line), character: fit(column) }
    }

    /// The range of a span in bytes.
    pub(super) fn range(self, span: Span) -> Range {
        let end = if span.is_none() { span.start } else { span.end };
        Range { start: self.position(span.start), end: self.position(end) }
    }

    /// The range of a span up to the end of the line that it starts in: of a declaration, what a client marks.
    pub(super) fn first_line(self, span: Span) -> Range {
        let range = self.range(span);
        if range.start.line == range.end.line {
            return range;
        }
        let line_end = Position { line: range.start.line, character: u32::MAX };
        Range { end: self.position(self.offset(line_end)), ..range }
    }

    /// The byte offset of a position; one beyond the end of a line is that end, one beyond the last line the end of the
    /// text, and one within a character the start of that.
    pub(super) fn offset(self, position: Position) -> u32 {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return fit(self.text.len()) };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |&end| end as usize);
        let text = self.text[start as usize..end].trim_end_matches(['\r', '\n']);
        let wanted = position.character as usize;
        if text.is_ascii() {
            return start + fit(wanted.min(text.len()));
        }
        let mut passed = 0;
        for (at, character) in text.char_indices() {
            passed += match self.encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if passed > wanted {
                return start + fit(at);
            }
        }
        start + fit(text.len())
    }

    /// The span of a range; where it ends before it starts, the empty one at its start.
    pub(super) fn span(self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span::new(start, self.offset(range.end).max(start))
    }
}

fn fit(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::line_starts;

    const TEXT: &str = "a\u{e4}\u{1f600}b\r\n\r\n\u{e4}x";

    #[test]
    fn every_offset_finds_back_through_its_position() {
        let starts = line_starts(TEXT);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Lines { text: TEXT, starts: &starts, encoding };
            for (offset, _) in TEXT.char_indices().chain([(TEXT.len(), ' ')]) {
                // The end of a line is where its line end starts.
                let is_in_line_end = TEXT[..offset].ends_with('\r');
                let back = lines.offset(lines.position(fit(offset)));
                assert_eq!(back as usize, if is_in_line_end { offset - 1 } else { offset }, "{encoding:?}");
            }
        }
    }

    #[test]
    fn positions_count_in_the_encoding_and_clamp() {
        let starts = line_starts(TEXT);
        let lines = |encoding| Lines { text: TEXT, starts: &starts, encoding };
        let b = fit(TEXT.find('b').expect("it is there"));
        let columns = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32].map(|of| lines(of).position(b).character);
        assert_eq!(columns, [7, 4, 3]);
        let utf16 = lines(Encoding::Utf16);
        assert_eq!(utf16.offset(Position { line: 0, character: 3 }), 3, "within the pair of surrogates");
        assert_eq!(utf16.offset(Position { line: 0, character: 99 }), 8);
        assert_eq!(utf16.offset(Position { line: 9, character: 0 }), fit(TEXT.len()));
        let back = Range { start: Position { line: 2, character: 1 }, end: Position { line: 0, character: 0 } };
        assert_eq!(utf16.span(back), Span::new(14, 14));
    }
}
