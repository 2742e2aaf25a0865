//! What of a text can be folded away: bodies, lists, values in braces, runs of comments and of imports.

use crate::source::Span;
use crate::syntax::{NodeKind, TokenKind, Tree};

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoldKind {
    /// What stands between brackets.
    Body,
    Comment,
    Imports,
}

/// A part of a text that goes over several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fold {
    /// For [`FoldKind::Body`] what stands between the brackets.
    pub(crate) span: Span,
    pub(crate) kind: FoldKind,
}

/// What can be folded in a text, by where it starts.
pub(crate) fn folding(tree: &Tree<'_>) -> Vec<Fold> {
    let mut folds: Vec<Fold> = brackets(tree).map(|span| Fold { span, kind: FoldKind::Body }).collect();
    folds.extend(comment_runs(tree).into_iter().map(|span| Fold { span, kind: FoldKind::Comment }));
    folds.extend(import_runs(tree).into_iter().map(|span| Fold { span, kind: FoldKind::Imports }));
    folds.retain(|fold| fold.span.slice(tree.source()).contains('\n'));
    folds.sort_by_key(|fold| (fold.span.start, fold.span.end));
    folds
}

/// What stands between braces and brackets that have their partners.
fn brackets<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = Span> + use<'t> {
    let mut open: Vec<(u8, u32)> = Vec::new();
    tree.tokens().iter().filter_map(move |token| {
        let TokenKind::Punct(byte) = token.kind else { return None };
        let partner = match byte {
            b'{' | b'[' => {
                open.push((byte, token.end));
                return None;
            }
            b'}' => b'{',
            b']' => b'[',
            _ => return None,
        };
        // What was opened within and not closed is damaged.
        let at = open.iter().rposition(|(opened, _)| *opened == partner)?;
        let (_, start) = open[at];
        open.truncate(at);
        Some(Span::new(start, token.start))
    })
}

/// Block comments, and line comments on lines of their own without another line between them.
pub(super) fn comment_runs(tree: &Tree<'_>) -> Vec<Span> {
    let text = tree.source();
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for comment in tree.comments() {
        let line = text[..comment.start as usize].rfind('\n').map_or(0, |at| at as u32 + 1);
        let is_alone = Span::new(line, comment.start).slice(text).trim_matches('\u{feff}').trim().is_empty();
        if comment.is_block || !is_alone {
            runs.push(comment.span());
            open = false;
            continue;
        }
        let follows = |last: &&mut Span| {
            let between = Span::new(last.end, comment.start).slice(text);
            open && between.trim().is_empty() && between.matches('\n').count() == 1
        };
        match runs.last_mut().filter(follows) {
            Some(last) => last.end = comment.end,
            None => runs.push(comment.span()),
        }
        open = true;
    }
    runs
}

/// Two imports or more, with nothing but comments and white space between them.
fn import_runs(tree: &Tree<'_>) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut is_open = false;
    for node in tree.root().children() {
        if node.kind() != NodeKind::Import {
            is_open = false;
            continue;
        }
        match runs.last_mut().filter(|_| is_open) {
            Some(last) => last.end = node.span().end,
            None => runs.push(node.span()),
        }
        is_open = true;
    }
    runs
}
