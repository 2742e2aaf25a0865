//! White space at the start of lines: what it should be, and how what continues a line moves along with it.

use super::{Indent, Style};
use crate::source::Span;

/// What a level is indented by.
pub(crate) struct Unit {
    pub(crate) text: String,
    /// How many columns a tab takes.
    tab_width: usize,
}

impl Unit {
    pub(crate) fn new(indent: Indent, tab_width: usize) -> Unit {
        let text = match indent {
            Indent::Spaces(count) => " ".repeat(usize::from(count)),
            Indent::Tab => "\t".to_owned(),
        };
        Unit { text, tab_width }
    }

    pub(super) fn of(style: &Style) -> Unit {
        Unit::new(style.indent, style.tab_width)
    }

    /// The white space of a level.
    pub(crate) fn white(&self, level: usize) -> String {
        self.text.repeat(level)
    }

    /// Whether white space is that of a level.
    pub(crate) fn is_white(&self, white: &str, level: usize) -> bool {
        white.len() == self.text.len() * level && white == self.white(level)
    }

    /// How many characters white space takes up.
    pub(super) fn width(&self, white: &str) -> usize {
        white.chars().map(|character| if character == '\t' { self.tab_width } else { 1 }).sum()
    }

    /// The white space of a line that continues one whose white space was `old` and is now that of `level`. `depth` is how
    /// many braces and brackets of the statement are open around the line: where it is indented by as many levels, it
    /// stays so; else it keeps its distance.
    pub(crate) fn shifted(&self, white: &str, old: &str, level: usize, depth: usize) -> String {
        let (old_width, width) = (self.width(old), self.width(white));
        let distance = width.saturating_sub(old_width);
        let old_unit = if level > 0 && old_width.is_multiple_of(level) { old_width / level } else { 0 };
        if depth > 0 && old_unit > 0 && distance == depth * old_unit {
            return self.white(level + depth);
        }
        match white.strip_prefix(old) {
            Some(rest) if self.text.starts_with(' ') => self.white(level) + &rest.replace('\t', &self.text),
            Some(rest) => self.white(level) + rest,
            None => self.white(level) + &" ".repeat(distance),
        }
    }
}

/// How the further lines of a block comment move where its first line was indented by `old` and is now by `new`: only
/// where each starts with an asterisk, as white space before those is no part of what the comment says.
pub(crate) fn shifted_lines(text: &str, comment: Span, old: &str, new: &str) -> Vec<(Span, String)> {
    let mut start = comment.start as usize;
    let mut edits = Vec::new();
    for line in comment.slice(text).split_inclusive('\n') {
        if start > comment.start as usize {
            if !line.trim_start_matches([' ', '\t']).starts_with('*') || !line.starts_with(old) {
                return Vec::new();
            }
            edits.push((Span::of(start..start + old.len()), new.to_owned()));
        }
        start += line.len();
    }
    edits
}
