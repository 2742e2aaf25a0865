//! The laws of formatting, whatever the text: tokens and comments stay, a second run changes nothing, damage is left
//! alone, and a range is a part of the whole. Tests and fuzzing call it; nothing else does.

use super::layout::{Scope, gaps};
use super::{Style, applied, order, range, region, render, whole};
use crate::source::Span;
use crate::syntax::{NodeKind, TokenKind, Tree, ast, literal, parse};

/// The first law that formatting a text breaks, in words.
pub(crate) fn breach(text: &str, style: &Style) -> Option<String> {
    let formatted = whole(text, style);
    let touches = |pair: &[(Span, String)]| pair[0].0.end > pair[1].0.start;
    if formatted.edits.windows(2).any(touches) {
        return Some("edits overlap".to_owned());
    }
    if let Some((span, _)) = formatted.edits.iter().find(|(span, new)| span.slice(text) == new) {
        return Some(format!("the edit at {} changes nothing", span.start));
    }
    let after_text = applied(text, &formatted.edits);
    if let Some((span, new)) = whole(&after_text, style).edits.first() {
        let line = after_text[..span.start as usize].rsplit('\n').next().unwrap_or_default();
        return Some(format!("a second run replaces {:?} after `{line}` by {new:?}", span.slice(&after_text)));
    }
    let (before, after) = (parse(text), parse(&after_text));
    let moves = !formatted.is_damaged() && !order::is_ordered(&before);
    if sequence(tokens(&before), moves) != sequence(tokens(&after), moves) {
        return Some("tokens differ".to_owned());
    }
    if sequence(comments(&before), moves) != sequence(comments(&after), moves) {
        return Some("comments differ".to_owned());
    }
    if before.start() != after.start() {
        return Some("the byte order mark differs".to_owned());
    }
    touched(&before, &formatted.edits).or_else(|| of_ranges(&before, style, moves))
}

fn sequence(mut words: Vec<Vec<u8>>, is_any_order: bool) -> Vec<Vec<u8>> {
    if is_any_order {
        words.sort_unstable();
    }
    words
}

/// All tokens; of strings what they mean.
fn tokens(tree: &Tree<'_>) -> Vec<Vec<u8>> {
    let text = |kind, text: &str| match kind {
        TokenKind::Str => literal::bytes(text).into_owned(),
        _ => text.as_bytes().to_vec(),
    };
    tree.tokens().iter().map(|token| text(token.kind, token.slice(tree.source()))).collect()
}

/// All comments, by their words.
fn comments(tree: &Tree<'_>) -> Vec<Vec<u8>> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").into_bytes();
    tree.comments().iter().map(|comment| words(comment.span().slice(tree.source()))).collect()
}

/// An edit within a statement with an error, or where formatting is off.
fn touched(tree: &Tree<'_>, edits: &[(Span, String)]) -> Option<String> {
    let is_damaged = |node: &ast::Statement<'_>| node.node().is_damaged() || node.node().kind() == NodeKind::Error;
    let damaged = tree.nodes().filter_map(ast::Statement::cast).filter(is_damaged).map(|node| node.node().span());
    let kept: Vec<Span> = damaged.chain(region::off(tree)).collect();
    let is_within = |(edit, _): &&(Span, String)| {
        kept.iter().any(|kept| {
            edit.start < kept.end && kept.start < edit.end
                || edit.start == edit.end && kept.start < edit.start && edit.start < kept.end
        })
    };
    edits.iter().find(is_within).map(|(edit, _)| format!("the edit at {} changes what should stay", edit.start))
}

/// Ranges of a text: their edits are some of the whole, and no others lie between these.
fn of_ranges(tree: &Tree<'_>, style: &Style, moves: bool) -> Option<String> {
    let text = tree.source();
    let all = match moves {
        true => render::edits(tree, &gaps(tree, style, Scope::All), style),
        false => whole(text, style).edits,
    };
    let length = text.len() as u32;
    let everything = range(text, Span::new(0, length), style).edits;
    if everything != all {
        return Some("the range of the whole text is formatted otherwise".to_owned());
    }
    for part in 0..4 {
        let (start, end) = (length / 4 * part, length / 4 * (part + 1));
        let edits = range(text, Span::new(start, end), style).edits;
        let first = edits.first().and_then(|first| all.iter().position(|edit| edit == first));
        let is_part = edits.is_empty() || first.is_some_and(|first| all[first..].starts_with(&edits));
        if !is_part {
            return Some(format!("the range {start} to {end} is formatted otherwise than the whole"));
        }
    }
    None
}
