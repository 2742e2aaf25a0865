//! The statements at the top level of a text, each with the comments that belong to it and the lines they take up
//! together: what can be moved as a whole. It looks at the tree and at line ends only.

use std::ops::Range;

use crate::source::Span;
use crate::syntax::{Node, NodeKind, Tree, ast};

/// What a statement is, in the order in which the style guide has them,
/// <https://protobuf.dev/programming-guides/style/#file-structure>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `syntax` or `edition`.
    Syntax,
    Package,
    Import,
    Option,
    /// Messages, enums, services, extensions.
    Rest,
}

impl Kind {
    fn new(node: Node<'_>) -> Kind {
        match node.kind() {
            NodeKind::Syntax => Kind::Syntax,
            NodeKind::Package => Kind::Package,
            NodeKind::Import => Kind::Import,
            NodeKind::OptionStatement => Kind::Option,
            _ => Kind::Rest,
        }
    }
}

/// A statement at the top level.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) kind: Kind,
    /// From its first token to its `;` or `}`.
    pub(crate) span: Span,
    /// From the start of its first line to the end of the last comment on its last one, or of the comment below it that
    /// is about it, with the comment lines right above it, line end excluded. None where it shares a line with another
    /// statement.
    pub(crate) lines: Option<Span>,
    /// Whether it is not known what it is.
    pub(crate) is_damaged: bool,
}

/// What comments say that turn formatting off or on.
const MARK: &str = "protolint:format";

/// A statement or a comment at the top level.
struct Piece<'t> {
    statement: Option<Node<'t>>,
    span: Span,
    /// How many line ends stand between it and the piece before.
    line_ends: usize,
}

/// The statements of a text, in order.
pub(crate) fn statements(tree: &Tree<'_>) -> Vec<Statement> {
    let pieces = pieces(tree);
    let first = pieces.iter().position(|piece| piece.statement.is_some()).unwrap_or_default();
    let indexes = (first..pieces.len()).filter_map(|at| Some((at, pieces[at].statement?)));
    let statement = |(at, node): (usize, Node<'_>)| Statement {
        kind: Kind::new(node),
        span: node.span(),
        lines: lines(tree.source(), &pieces, at, first),
        is_damaged: node.is_damaged() || node.kind() == NodeKind::Error,
    };
    indexes.map(statement).collect()
}

fn pieces<'t>(tree: &'t Tree<'t>) -> Vec<Piece<'t>> {
    let mut pieces: Vec<Piece<'t>> = Vec::new();
    let mut end = 0;
    let mut push = |statement, span: Span| {
        let line_ends = count_line_ends(Span::new(end, span.start).slice(tree.source()));
        end = span.end;
        pieces.push(Piece { statement, span, line_ends });
    };
    for node in ast::statements(tree.root()).map(ast::Statement::node) {
        tree.comments_before(node.first()).iter().for_each(|comment| push(None, comment.span()));
        push(Some(node), node.span());
    }
    tree.comments_before(tree.root().end()).iter().for_each(|comment| push(None, comment.span()));
    pieces
}

fn count_line_ends(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

/// The lines of the statement at an index. Comments above the first statement of a text are about the text.
fn lines(text: &str, pieces: &[Piece<'_>], at: usize, first: usize) -> Option<Span> {
    let is_comment = |index: usize| pieces[index].statement.is_none();
    let mut start = at;
    while start > first && is_comment(start - 1) && pieces[start].line_ends <= 1 && pieces[start - 1].line_ends > 0 {
        start -= 1;
    }
    let mut end = at;
    while end + 1 < pieces.len() && is_comment(end + 1) && pieces[end + 1].line_ends == 0 {
        end += 1;
    }
    let below = if end == at { trailing(text, pieces, at) } else { at..at };
    // What turns formatting off or on has its place.
    if pieces[below.clone()].iter().any(|comment| comment.span.slice(text).contains(MARK)) {
        return None;
    }
    end = end.max(below.end.saturating_sub(1));
    whole_lines(text, pieces[start].span.start, pieces[end].span.end)
}

/// The comment on the lines right below a statement that an empty line, or the end of the text, follows: it is about
/// the statement, as protoc attaches it. Line comments below each other are one.
fn trailing(text: &str, pieces: &[Piece<'_>], at: usize) -> Range<usize> {
    let is_comment = |index: usize| pieces.get(index).is_some_and(|piece| piece.statement.is_none());
    let is_line = |index: usize| pieces[index].span.slice(text).starts_with("//");
    let first = at + 1;
    if !is_comment(first) || pieces[first].line_ends != 1 {
        return at..at;
    }
    let mut end = first + 1;
    while is_line(first) && is_comment(end) && is_line(end) && pieces[end].line_ends == 1 {
        end += 1;
    }
    let is_last = pieces.get(end).is_none_or(|next| next.line_ends > 1);
    if is_last { first..end } else { at..at }
}

/// From the start of the line on which `start` is to `end`, in bytes, if only blanks stand before and after on these
/// lines. It looks no farther than the blanks go: a line may hold any number of statements.
pub(crate) fn whole_lines(text: &str, start: u32, end: u32) -> Option<Span> {
    let is_blank = |character: char| character != '\n' && character.is_whitespace();
    let start = text[..start as usize].trim_end_matches(is_blank).len();
    let above = text[..start].trim_end_matches('\u{feff}');
    let rest = text[end as usize..].trim_start_matches(is_blank);
    let is_alone = (above.is_empty() || above.ends_with('\n')) && (rest.is_empty() || rest.starts_with('\n'));
    is_alone.then(|| Span::new(start as u32, end))
}

/// A part of a text as edits want it: lines end in LF.
pub(crate) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}
