//! Quick looks at whole texts, before any of them is read: most have nothing of what is looked for.

use memchr::{memchr, memchr_iter, memmem};

/// The offsets of the `{` of a text, in order.
pub(super) fn open_braces(text: &str) -> impl Iterator<Item = usize> {
    memchr_iter(b'{', text.as_bytes())
}

/// The offset of the first NUL.
pub(super) fn nul(text: &str) -> Option<usize> {
    memchr(0, text.as_bytes())
}

/// The offsets at which a word stands in a text, also within longer ones, in order.
pub(super) fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    memmem::find_iter(text.as_bytes(), word.as_bytes())
}

/// Whether a word stands in a text, also within a longer one.
pub(super) fn contains(text: &str, word: &str) -> bool {
    words(text, word).next().is_some()
}

/// Whether what is at an offset may be the first word of a statement. It may suspect too much, as what stands in
/// comments and literals, never too little.
pub(super) fn may_begin_statement(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end();
    let on_new_line = || text[before.len()..at].contains('\n');
    before.is_empty() || before.ends_with([';', '{', '}']) || before.ends_with("*/") || on_new_line()
}

#[cfg(test)]
mod tests {
    use super::super::lexer::{TokenKind, tokens};
    use super::{may_begin_statement, words};

    #[test]
    fn where_statements_begin_is_suspected() {
        let text = "extend A {} extend B { } /* x */ extend C {;}; // extend it\n  extend D {}//;\r\nextend E {}
            message extend { extend extend = 1; /* to be extended; extend this */ extend F {\textend G {} } }";
        let statements = || tokens(text).filter(|token| !token.is_comment());
        let before = statements().map(|token| token.kind).skip(1).zip(statements().skip(2));
        let begins = |kind| matches!(kind, TokenKind::Punct(b'{' | b'}' | b';'));
        let begin: Vec<usize> = statements()
            .take(1)
            .chain(before.filter(|&(kind, _)| begins(kind)).map(|(_, token)| token))
            .filter(|token| token.slice(text) == "extend")
            .map(|token| token.start as usize)
            .collect();
        let suspected: Vec<usize> = words(text, "extend").filter(|&at| may_begin_statement(text, at)).collect();
        assert_eq!(begin.len(), 8);
        assert!(begin.iter().all(|at| suspected.contains(at)), "{begin:?} {suspected:?}");
        // The one in a comment, behind a semicolon, and no other.
        assert_eq!(suspected.len(), 9, "{suspected:?}");
    }
}
