//! String literals in other quotes.

use super::{Quote, Style};
use crate::syntax::{Token, TokenKind};

impl Quote {
    /// The character.
    pub(crate) fn character(self) -> char {
        match self {
            Quote::Double => '"',
            Quote::Single => '\'',
        }
    }
}

/// A token in the quotes of a style; none where it has those, or is no string that can have them.
pub(crate) fn requoted(token: Token, text: &str, quote: Quote) -> Option<String> {
    let from = match quote {
        Quote::Double => '\'',
        Quote::Single => '"',
    };
    let literal = token.slice(text);
    if token.kind != TokenKind::Str || !literal.starts_with(from) {
        return None;
    }
    in_quotes(literal, from, quote.character())
}

/// The literal in other quotes; none where it holds one of those, so that one of the two has to be escaped anyway.
fn in_quotes(literal: &str, from: char, to: char) -> Option<String> {
    let inner = literal.strip_prefix(from)?.strip_suffix(from)?;
    let mut better = String::with_capacity(literal.len());
    better.push(to);
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                quote if quote == from => better.push(quote),
                other => better.extend(['\\', other]),
            },
            quote if quote == to => return None,
            other => better.push(other),
        }
    }
    better.push(to);
    Some(better)
}

/// How many characters a token has once it is formatted.
pub(super) fn width(token: Token, text: &str, style: &Style) -> usize {
    match requoted(token, text, style.quote) {
        Some(better) => better.chars().count(),
        None if token.kind == TokenKind::Ident => (token.end - token.start) as usize,
        None => token.slice(text).chars().count(),
    }
}
