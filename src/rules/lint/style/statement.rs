//! The statements at the top level of a text, each with the comments that belong to it and the lines they take up
//! together: what can be moved as a whole. It looks at tokens and line ends only.

use crate::schema::{Token, TokenKind, tokens};
use crate::source::Span;

/// What a statement is, in the order in which the style guide has them,
/// <https://protobuf.dev/programming-guides/style/#file-structure>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `syntax` or `edition`.
    Syntax,
    Package,
    Import,
    Option,
    /// Messages, enums, services, extensions.
    Rest,
}

impl Kind {
    fn of(word: &str) -> Kind {
        match word {
            "syntax" | "edition" => Kind::Syntax,
            "package" => Kind::Package,
            "import" => Kind::Import,
            "option" => Kind::Option,
            _ => Kind::Rest,
        }
    }
}

/// A statement at the top level.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) kind: Kind,
    /// From its first token to its `;` or `}`.
    pub(super) span: Span,
    /// From the start of its first line to the end of the last comment on its last one, with the comment lines right
    /// above it, line end excluded. None where it shares a line with another statement.
    pub(super) lines: Option<Span>,
}

/// A statement or a comment at the top level.
struct Piece {
    kind: Option<Kind>,
    span: Span,
    /// How many line ends stand between it and the piece before.
    line_ends: usize,
}

/// The statements of a text, in order.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let pieces = pieces(text);
    let first = pieces.iter().position(|piece| piece.kind.is_some()).unwrap_or_default();
    let indexes = (first..pieces.len()).filter_map(|at| Some((at, pieces[at].kind?)));
    indexes
        .map(|(at, kind)| Statement { kind, span: pieces[at].span, lines: lines(text, &pieces, at, first) })
        .collect()
}

/// What a top-level statement waits for.
struct Open {
    kind: Kind,
    start: u32,
    /// Whether it ends with its closing brace: it is no `option`, whose braces are a value.
    ends_in_brace: bool,
    /// How many braces, brackets and parentheses are open.
    depth: usize,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Option<Open> = None;
    let mut end = 0;
    let mut push = |pieces: &mut Vec<Piece>, kind, span: Span| {
        let line_ends = count_line_ends(&text[end as usize..span.start as usize]);
        end = span.end;
        pieces.push(Piece { kind, span, line_ends });
    };
    for token in tokens(text).filter(|token| token.kind != TokenKind::Unknown) {
        let Some(statement) = &mut open else {
            match token.kind {
                TokenKind::LineComment | TokenKind::BlockComment => push(&mut pieces, None, span_of(token)),
                // An empty statement, such as the second end of `message A {};`, belongs to the one before.
                TokenKind::Punct(b';') => push(&mut pieces, Some(Kind::Rest), span_of(token)),
                _ => {
                    let kind = Kind::of(token.slice(text));
                    open = Some(Open { kind, start: token.start, ends_in_brace: kind == Kind::Rest, depth: 0 });
                }
            }
            continue;
        };
        match token.kind {
            TokenKind::Punct(b'{' | b'[' | b'(') => statement.depth += 1,
            TokenKind::Punct(b'}' | b']' | b')') => statement.depth = statement.depth.saturating_sub(1),
            _ => {}
        }
        let is_end = match token.kind {
            TokenKind::Punct(b'}') => statement.ends_in_brace,
            kind => kind == TokenKind::Punct(b';'),
        };
        if is_end && statement.depth == 0 {
            let span = Span::new(statement.start, token.end);
            push(&mut pieces, Some(statement.kind), span);
            open = None;
        }
    }
    pieces
}

fn span_of(token: Token) -> Span {
    Span::new(token.start, token.end)
}

fn count_line_ends(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

/// The lines of the statement at an index. Comments above the first statement of a text are about the text.
fn lines(text: &str, pieces: &[Piece], at: usize, first: usize) -> Option<Span> {
    let is_comment = |index: usize| pieces[index].kind.is_none();
    let mut start = at;
    while start > first && is_comment(start - 1) && pieces[start].line_ends <= 1 && pieces[start - 1].line_ends > 0 {
        start -= 1;
    }
    let mut end = at;
    while end + 1 < pieces.len() && is_comment(end + 1) && pieces[end + 1].line_ends == 0 {
        end += 1;
    }
    whole_lines(text, pieces[start].span.start, pieces[end].span.end)
}

/// From the start of the line on which `start` is to `end`, in bytes, if only blanks stand before and behind on these
/// lines. It looks no farther than the blanks go: a line may hold any number of statements.
pub(super) fn whole_lines(text: &str, start: u32, end: u32) -> Option<Span> {
    let is_blank = |character: char| character != '\n' && character.is_whitespace();
    let start = text[..start as usize].trim_end_matches(is_blank).len();
    let above = text[..start].trim_end_matches('\u{feff}');
    let rest = text[end as usize..].trim_start_matches(is_blank);
    let is_alone = (above.is_empty() || above.ends_with('\n')) && (rest.is_empty() || rest.starts_with('\n'));
    is_alone.then(|| Span::new(start as u32, end))
}

/// A part of a text as edits want it: lines end in LF.
pub(super) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}
