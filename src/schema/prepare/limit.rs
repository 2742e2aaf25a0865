//! A quick look, without a full reading, at whether a text may exceed the limits of `walk`. It may suspect too much,
//! never too little.

use super::MAX_OPTION_DEPTH;
use crate::schema::lexer::{self, TokenKind};
use crate::schema::search;

/// The parser copies the options of an `extensions` statement to each of its ranges. So many bytes of options may be
/// copied in one file; without a limit, a text of 100 kB could fill all memory.
pub(super) const MAX_COPIED_OPTIONS: usize = 1 << 20;

/// Whether an option value may nest too deep, or `extensions` statements may multiply their options too often.
pub(super) fn may_exceed(text: &str) -> bool {
    may_copy_too_much(text) || may_nest_too_deep(text)
}

/// `n` ranges with `m` bytes of options take at least `2 n + m` bytes, so short texts cannot reach the limit.
fn may_copy_too_much(text: &str) -> bool {
    const WORD: &str = "extensions";
    let most = (text.len() / 4).saturating_mul(text.len() / 2);
    most > MAX_COPIED_OPTIONS && search::contains(text, WORD) && {
        let first = |c: char| c.is_ascii_digit() || c == '-';
        let is_statement = |behind: &str| behind.starts_with(first) || is_comment(behind);
        search::words(text, WORD).any(|at| is_statement(text[at + WORD.len()..].trim_start()))
    }
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with("/*")
}

/// Looks at each `{` that may open an option value. What is no value may be read too, some of it several times: then
/// the budget ends, and the full reading decides.
fn may_nest_too_deep(text: &str) -> bool {
    let mut budget = text.len();
    for at in search::open_braces(text) {
        if !may_open_value(&text[..at]) {
            continue;
        }
        match read_value(&text[at..]) {
            Some(length) if length <= budget => budget -= length,
            _ => return true,
        }
    }
    false
}

/// Whether the text before a `{` ends in a `=`, or in a comment, which may stand behind one.
fn may_open_value(before: &str) -> bool {
    let trimmed = before.trim_end();
    let crosses_line = || before[trimmed.len()..].contains('\n');
    let last_line = || trimmed.rfind('\n').map_or(trimmed, |newline| &trimmed[newline..]);
    trimmed.ends_with('=') || trimmed.ends_with("*/") || crosses_line() && last_line().contains("//")
}

/// The length of the value that `text` starts with; `None` where it nests too deep.
fn read_value(text: &str) -> Option<usize> {
    let (mut depth, mut braces) = (0u32, 0u32);
    for token in lexer::tokens(text) {
        match token.kind {
            TokenKind::Punct(open @ (b'{' | b'[' | b'<')) => {
                depth += 1;
                braces += u32::from(open == b'{');
                if depth > MAX_OPTION_DEPTH {
                    return None;
                }
            }
            TokenKind::Punct(close @ (b'}' | b']' | b'>')) => {
                depth = (depth - 1).max(1);
                braces -= u32::from(close == b'}');
                if braces == 0 {
                    return Some(token.end as usize);
                }
            }
            _ => {}
        }
    }
    Some(text.len())
}
