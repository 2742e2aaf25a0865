//! Whether lines are short enough to be read side by side, where they could be broken at all.

use crate::rules::Cx;
use crate::schema::{File, Part};
use crate::source::Span;
use crate::syntax::{TokenKind, Tree};

pub(super) fn line_length(file: File<'_>, cx: &mut Cx<'_>) {
    let text = cx.text(file);
    let (limit, tab) = (cx.settings.line_length, cx.settings.tab_width);
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    for line in text[start..].split('\n') {
        let next = start + line.len() + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        // No line has more characters than bytes but for its tabs.
        if line.len() > limit || line.contains('\t') {
            let width = width(line, tab);
            let place = Span::of(start..start + line.len());
            if width > limit && can_be_broken(line, limit, tab) && !has_long_string(&cx.tree(file), place, limit, tab) {
                let span = Span::of(start + overflow(line, limit, tab)..start + line.len());
                let message = format!("line has {width} characters, which is more than {limit}");
                cx.report(file, Part::Exactly(span), message);
            }
        }
        start = next;
    }
}

/// The characters of a text, a tab counted as so many.
fn width(text: &str, tab: usize) -> usize {
    text.chars().map(|character| if character == '\t' { tab } else { 1 }).sum()
}

/// The offset in a line of the first character beyond the limit.
fn overflow(line: &str, limit: usize, tab: usize) -> usize {
    let mut width = 0;
    let beyond = line.char_indices().find(|&(_, character)| {
        width += if character == '\t' { tab } else { 1 };
        width > limit
    });
    beyond.map_or(line.len(), |(at, _)| at)
}

/// Whether a line could be made shorter, whatever strings it has: by no means an import, a directive, or a comment with a
/// word or an address that would not fit on a line of its own.
fn can_be_broken(line: &str, limit: usize, tab: usize) -> bool {
    let trimmed = line.trim();
    let words = trimmed.trim_start_matches(['/', '*', '#']).trim_start();
    let is_comment = words.len() < trimmed.len();
    let is_directive = words.starts_with("protolint:") || words.starts_with("buf:lint:");
    if trimmed.starts_with("import ") || (is_comment && is_directive) {
        return false;
    }
    if is_comment {
        let ends_in_address = words.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"));
        let longest = words.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
        return !ends_in_address && longest <= room(line, trimmed.len() - words.len(), limit, tab);
    }
    true
}

/// What is left of a line of its own beside its indentation and a mark or a semicolon of `extra` characters.
fn room(line: &str, extra: usize, limit: usize, tab: usize) -> usize {
    let indentation = width(&line[..line.len() - line.trim_start().len()], tab);
    limit.saturating_sub(indentation + extra)
}

/// Whether a string on a line would not fit on a line of its own.
fn has_long_string(tree: &Tree<'_>, line: Span, limit: usize, tab: usize) -> bool {
    let text = tree.source();
    let room = room(line.slice(text), 1, limit, tab);
    let tokens = &tree.tokens()[tree.token_at(line.start) as usize..];
    let mut on_line = tokens.iter().take_while(|token| token.start < line.end);
    on_line.any(|token| {
        matches!(token.kind, TokenKind::Str | TokenKind::BadStr) && token.slice(text).chars().count() > room
    })
}
