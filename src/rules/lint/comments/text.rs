//! What comments say, read from the tree of a text: the schema only says whether there is one.

use rustc_hash::FxHashMap;

use crate::source::Span;
use crate::syntax::{Comment, NodeKind, Tree};

/// For the offset of each token that has a comment right above it, that comment: a block, or `//` lines that follow
/// each other.
pub(super) fn leading(tree: &Tree<'_>) -> FxHashMap<u32, Span> {
    let by_token = tree.comments().chunk_by(|one, other| one.before == other.before);
    by_token.filter_map(|comments| right_above(tree, comments)).collect()
}

/// The last of the comments that stand between two tokens, if it stands right above the second; with where that begins.
fn right_above(tree: &Tree<'_>, comments: &[Comment]) -> Option<(u32, Span)> {
    let token = comments.first()?.before;
    let line_ends =
        |start, end| Span::new(start, end).slice(tree.source()).bytes().filter(|&byte| byte == b'\n').count();
    let mut end = token.checked_sub(1).map(|before| tree.tokens()[before as usize].end);
    let mut last: Option<(bool, Span)> = None;
    for comment in comments {
        let span = comment.span();
        let is_behind = end.take().is_some_and(|end| line_ends(end, span.start) == 0);
        last = match last {
            // It is about what stands before it on its line.
            _ if is_behind => None,
            Some((false, first)) if !comment.is_block && line_ends(first.end, span.start) == 1 => {
                Some((false, Span::new(first.start, span.end)))
            }
            _ => Some((comment.is_block, span)),
        };
    }
    let start = tree.tokens()[token as usize].start;
    last.filter(|(_, span)| line_ends(span.end, start) <= 1).map(|(_, span)| (start, span))
}

/// Whether a comment stands above the first statement of a text and says something.
pub(super) fn has_heading(tree: &Tree<'_>) -> bool {
    let comments = tree.comments_before(0).iter();
    comments.flat_map(|comment| lines(comment.span().slice(tree.source()))).next().is_some()
}

/// The lines of a comment that say something, without its marks and directives.
pub(super) fn lines(comment: &str) -> impl Iterator<Item = &str> {
    let lines = comment.trim_end_matches("*/").lines();
    let said = lines.map(|line| line.trim().trim_start_matches(['/', '*', '!', '#']).trim());
    said.filter(|line| !line.is_empty() && !line.starts_with("protolint:") && !line.starts_with("buf:lint:"))
}

/// Whether a comment starts with a name, after an article or not.
pub(super) fn starts_with(comment: &str, name: &str) -> bool {
    let Some(line) = lines(comment).next() else { return false };
    let quotes = ['`', '"', '\'', '[', '*', '_'];
    let is_name = |text: &str| {
        let rest = text.trim_start().trim_start_matches(quotes).strip_prefix(name.trim_start_matches('_'));
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
    };
    is_name(line) || ["A ", "An ", "The "].iter().any(|article| line.strip_prefix(article).is_some_and(is_name))
}

/// The `reserved` statements without a comment: above it, after it on its line, or above those of such statements that
/// it follows line by line.
pub(super) fn unexplained(tree: &Tree<'_>) -> Vec<Span> {
    let text = tree.source();
    let line_ends = |start, end| Span::new(start, end).slice(text).bytes().filter(|&byte| byte == b'\n').count();
    let mut above: Option<FxHashMap<u32, Span>> = None;
    let mut unexplained = Vec::new();
    let mut explained_up_to: Option<u32> = None;
    for node in tree.nodes().filter(|node| node.kind() == NodeKind::Reserved && !node.is_damaged()) {
        let span = node.span();
        let says = |comment: Span| lines(comment.slice(text)).next().is_some();
        let leading = above.get_or_insert_with(|| leading(tree)).get(&span.start).copied();
        let mut behind = tree.comments_before(node.end()).iter().map(|comment| comment.span());
        let behind = behind.next().filter(|comment| line_ends(span.end, comment.start) == 0);
        let follows = explained_up_to.is_some_and(|end| {
            end <= span.start
                && line_ends(end, span.start) == 1
                && Span::new(end, span.start).slice(text).trim().is_empty()
        });
        if follows || leading.into_iter().chain(behind).any(says) {
            explained_up_to = Some(behind.map_or(span.end, |comment| comment.end));
        } else {
            unexplained.push(span);
        }
    }
    unexplained
}

/// A statement as messages show it: in backticks, on one line, not too long.
pub(super) fn shortened(statement: &str) -> String {
    const MAX_CHARS: usize = 60;
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}
