//! Edits of a text, in order: made, joined one after the other, and cut down to what changes.

use super::{LineEnd, Style};
use crate::source::Span;

/// The text with edits made, which are in order and do not overlap.
pub fn applied(text: &str, edits: &[(Span, String)]) -> String {
    let (mut changed, mut at) = (String::with_capacity(text.len() + text.len() / 8), 0);
    for (span, new) in edits {
        changed.push_str(Span::new(at, span.start).slice(text));
        changed.push_str(new);
        at = span.end;
    }
    changed.push_str(&text[at as usize..]);
    changed
}

/// How the lines of a text end once it is formatted.
pub(super) fn line_end(text: &str, style: &Style) -> &'static str {
    let found = if text.contains("\r\n") { LineEnd::CrLf } else { LineEnd::Lf };
    style.line_end.unwrap_or(found).text()
}

/// Edits whose lines end in a line feed, with the line ends of a text.
pub(super) fn with_line_ends(mut edits: Vec<(Span, String)>, text: &str, style: &Style) -> Vec<(Span, String)> {
    let line_end = line_end(text, style);
    for (_, new) in edits.iter_mut().filter(|_| line_end != "\n") {
        *new = new.replace('\n', line_end);
    }
    edits
}

/// A piece of a text that edits made.
#[derive(Clone)]
enum Piece {
    /// What stood in the text before.
    Kept(Span),
    New(String),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Piece::Kept(span) => span.range().len(),
            Piece::New(text) => text.len(),
        }
    }

    /// The parts before and after an offset in it.
    fn split(self, at: usize) -> (Piece, Piece) {
        match self {
            Piece::Kept(span) => {
                let middle = span.start + at as u32;
                (Piece::Kept(Span::new(span.start, middle)), Piece::Kept(Span::new(middle, span.end)))
            }
            Piece::New(text) => (Piece::New(text[..at].to_owned()), Piece::New(text[at..].to_owned())),
        }
    }
}

/// Edits of a text of a length, and edits of what these make of it, as one.
pub(super) fn composed(length: usize, first: &[(Span, String)], second: &[(Span, String)]) -> Vec<(Span, String)> {
    let pieces = edited(edited(vec![Piece::Kept(Span::of(0..length))], first), second);
    let (mut edits, mut at, mut new) = (Vec::new(), 0, String::new());
    let end = Piece::Kept(Span::of(length..length));
    for piece in pieces.into_iter().chain([end]) {
        match piece {
            Piece::New(text) => new.push_str(&text),
            Piece::Kept(span) => {
                if span.start > at || !new.is_empty() {
                    edits.push((Span::new(at, span.start), std::mem::take(&mut new)));
                }
                at = span.end;
            }
        }
    }
    edits
}

/// Pieces after edits of the text that they make.
fn edited(pieces: Vec<Piece>, edits: &[(Span, String)]) -> Vec<Piece> {
    let mut ahead: Vec<Piece> = pieces;
    ahead.reverse();
    let (mut done, mut at) = (Vec::new(), 0);
    for (span, new) in edits {
        let kept = taken(&mut ahead, span.start as usize - at);
        done.extend(kept);
        taken(&mut ahead, span.range().len());
        done.push(Piece::New(new.clone()));
        at = span.end as usize;
    }
    done.extend(ahead.into_iter().rev());
    done.retain(|piece| piece.len() > 0);
    done
}

/// Takes the first bytes of pieces, whose first one is the last of the list.
fn taken(ahead: &mut Vec<Piece>, mut length: usize) -> Vec<Piece> {
    let mut taken = Vec::new();
    while length > 0
        && let Some(piece) = ahead.pop()
    {
        if piece.len() > length {
            let (before, after) = piece.split(length);
            ahead.push(after);
            taken.push(before);
            break;
        }
        length -= piece.len();
        taken.push(piece);
    }
    taken
}

/// The same without what stays as it is.
pub(super) fn reduced(edits: Vec<(Span, String)>, text: &str) -> Vec<(Span, String)> {
    edits.into_iter().filter(|(span, new)| span.slice(text) != new).collect()
}
