//! Finds where the values of a YAML text stand, which the YAML library does not report. It reads texts that the library
//! has accepted, does not depend on what they mean, and stops where it meets the rarer forms of the language.

mod scalar;
mod token;

pub(super) use scalar::part;

use crate::source::{Span, line_starts};

/// Where a value stands.
#[derive(Debug)]
pub(super) struct Spot {
    /// The key of an entry of a mapping, with its quotes; [`Span::NONE`] elsewhere.
    pub(super) key: Span,
    /// A scalar or an alias with its quotes, a list or mapping in brackets as a whole, else the first token;
    /// [`Span::NONE`] where the text has nothing.
    pub(super) value: Span,
    /// Of a list or mapping, in order.
    pub(super) children: Vec<Spot>,
}

impl Spot {
    fn at(value: Span, children: Vec<Spot>) -> Spot {
        Spot { key: Span::NONE, value, children }
    }

    fn nothing() -> Spot {
        Spot::at(Span::NONE, Vec::new())
    }
}

/// What was found in a text.
pub(super) struct Found {
    /// The spots of the first document; what the scanner does not understand, and all after it, is left out.
    pub(super) root: Spot,
    /// The byte up to which the scanner understood the text. So far, brackets are no deeper than [`MAX_DEPTH`].
    pub(super) understood: usize,
}

/// Finds where the values of a text stand.
pub(super) fn find(text: &str) -> Found {
    let mut line_starts = line_starts(text);
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    line_starts[0] = offset(at);
    let mut scanner = Scanner { text: text.as_bytes(), line_starts, at, depth: 0, lost: false };
    scanner.skip_header();
    let root = scanner.block(-1, false);
    scanner.skip_blank();
    Found { root, understood: scanner.at.min(first_odd_line_break(text)) }
}

/// The first of the rarer line breaks, which the scanner does not know, or the end of the text.
fn first_odd_line_break(text: &str) -> usize {
    let is_odd = |(at, found): &(usize, &str)| *found != "\r" || !text[at + 1..].starts_with('\n');
    text.match_indices(['\r', '\u{85}', '\u{2028}', '\u{2029}']).find(is_odd).map_or(text.len(), |(at, _)| at)
}

/// How deep the scanner follows; the library reads no deeper.
const MAX_DEPTH: usize = 128;

struct Scanner<'t> {
    text: &'t [u8],
    line_starts: Vec<u32>,
    at: usize,
    depth: usize,
    /// Met something it does not understand.
    lost: bool,
}

impl Scanner<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    /// The line of a place, 0-based.
    fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|&start| start as usize <= at).saturating_sub(1)
    }

    /// Bytes before the scanner on its line.
    fn column(&self) -> i64 {
        self.at as i64 - i64::from(self.line_starts[self.line(self.at)])
    }

    fn is_blank(&self, ahead: usize) -> bool {
        self.byte(ahead).is_none_or(|byte| byte.is_ascii_whitespace())
    }

    /// Whether the scanner is at a line's indicator, such as `-`, that white space follows.
    fn is_indicator(&self, indicator: u8) -> bool {
        self.byte(0) == Some(indicator) && self.is_blank(1)
    }

    /// Whether the document ends here.
    fn ends(&self) -> bool {
        let rest = &self.text[self.at..];
        rest.is_empty()
            || self.lost
            || (self.column() == 0 && self.is_blank(3) && matches!(rest.get(..3), Some(b"---" | b"...")))
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }

    fn skip_spaces(&mut self) {
        while matches!(self.byte(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Skips white space, line breaks and comments.
    fn skip_blank(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                _ if byte.is_ascii_whitespace() => self.at += 1,
                b'#' => self.skip_line(),
                _ => break,
            }
        }
    }

    /// Skips directives and the mark that starts the document.
    fn skip_header(&mut self) {
        self.skip_blank();
        while self.byte(0) == Some(b'%') {
            self.skip_line();
            self.skip_blank();
        }
        if self.text[self.at..].starts_with(b"---") && self.is_blank(3) {
            self.at += 3;
        }
    }

    /// Skips anchors and tags; says whether there were any, and leaves the scanner at what follows.
    fn skip_properties(&mut self) -> bool {
        let start = self.at;
        while matches!(self.byte(0), Some(b'&' | b'!')) {
            while !self.is_blank(0) && !matches!(self.byte(0), Some(b',' | b']' | b'}')) {
                self.at += 1;
            }
            self.skip_spaces();
        }
        self.at > start
    }

    /// What stands for a value in a block whose parent is at column `parent`; `sibling_list` says whether a list may
    /// stand at that column too.
    fn block(&mut self, parent: i64, sibling_list: bool) -> Spot {
        let line = self.line(self.at);
        let mut column = 0;
        let mut column_line = usize::MAX;
        loop {
            self.skip_blank();
            if self.ends() {
                return Spot::nothing();
            }
            let is_list = sibling_list && self.is_indicator(b'-');
            if self.line(self.at) != line && self.column() + i64::from(is_list) <= parent {
                return Spot::nothing();
            }
            if self.line(self.at) != column_line {
                (column, column_line) = (self.column(), self.line(self.at));
            }
            if !self.skip_properties() {
                break;
            }
        }
        self.depth += 1;
        self.lost |= self.depth > MAX_DEPTH;
        let spot = if self.lost { Spot::nothing() } else { self.block_content(parent, column) };
        self.depth -= 1;
        spot
    }

    fn block_content(&mut self, parent: i64, column: i64) -> Spot {
        match self.byte(0) {
            _ if self.is_indicator(b'-') => self.block_list(self.column()),
            _ if self.is_indicator(b'?') => {
                self.lost = true;
                Spot::nothing()
            }
            Some(b'|' | b'>') => self.literal(parent),
            _ => {
                let spot = self.token(false);
                let end = self.at;
                self.skip_spaces();
                if self.is_indicator(b':') {
                    return self.block_mapping(column, spot.value);
                }
                self.at = end;
                if self.is_plain(spot.value) { self.continue_plain(spot, parent) } else { spot }
            }
        }
    }

    fn block_list(&mut self, column: i64) -> Spot {
        let dash = |at: usize| Span::of(at..at + 1);
        let first = dash(self.at);
        let mut children = Vec::new();
        while !self.ends() && self.is_indicator(b'-') && self.column() == column {
            let dash = dash(self.at);
            self.at += 1;
            let item = self.block(column, false);
            children.push(Spot { value: item.value.or(dash), ..item });
            self.skip_blank();
        }
        Spot::at(first, children)
    }

    /// A mapping whose first key was read; the scanner is at the colon after it.
    fn block_mapping(&mut self, column: i64, first: Span) -> Spot {
        let mut children = Vec::new();
        let mut key = first;
        loop {
            self.at += 1;
            children.push(Spot { key, ..self.block(column, true) });
            self.skip_blank();
            if self.ends() || self.column() != column || self.is_indicator(b'-') {
                break;
            }
            self.skip_properties();
            key = self.token(false).value;
            self.skip_spaces();
            if !self.is_indicator(b':') {
                self.lost = true;
                break;
            }
        }
        Spot::at(first, children)
    }

    /// A scalar in lines of its own, after `|` or `>`; they are indented even at the top.
    fn literal(&mut self, parent: i64) -> Spot {
        let start = self.at;
        while !self.is_blank(0) {
            self.at += 1;
        }
        let token = Span::of(start..self.at);
        self.skip_line();
        while self.at < self.text.len() {
            let line = self.at;
            self.at += 1;
            self.skip_spaces();
            let is_empty = matches!(self.byte(0), None | Some(b'\n' | b'\r'));
            if !is_empty && (self.column() <= parent.max(0) || self.ends()) {
                self.at = line;
                break;
            }
            self.skip_line();
        }
        Spot::at(token, Vec::new())
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("configurations are at most 1 MiB")
}
