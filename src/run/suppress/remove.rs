//! Takes a rule out of a directive, or the directive out of its comment, without leaving an empty one behind.

use crate::finding::{Edit, Fix};
use crate::source::{FileId, Place, Span};

/// The edit that takes the rule at index `at` out of a directive that names `rules`, whose word stands at `word`. What
/// follows on the directive's line is its reason, and goes with the last rule.
pub(super) fn remove(file: FileId, text: &str, word: Span, rules: &[(String, Span)], at: usize) -> Fix {
    let span = match rules {
        [] | [_] => span_of_directive(text, word),
        [.., (_, before), (_, last)] if at + 1 == rules.len() => Span::new(before.end, last.end),
        _ => Span::new(rules[at].1.start, rules[at + 1].1.start),
    };
    Fix::Edits(vec![Edit { place: Place { file, span }, text: String::new() }])
}

fn span_of_directive(text: &str, word: Span) -> Span {
    let word = word.range();
    let start = text[..word.start].rfind('\n').map_or(0, |at| at + 1);
    let next = text[word.end..].find('\n').map_or(text.len(), |at| word.end + at + 1);
    let end = next - (text[word.end..next].len() - text[word.end..next].trim_end_matches(['\n', '\r']).len());
    let before = text[start..word.start].trim_end();
    let closes = text[word.end..end].find("*/").map(|at| word.end + at);
    let comment = if before.ends_with("//") || before.ends_with('#') {
        let code = before.trim_end_matches('/').trim_end_matches('#');
        start + code.len()..end
    } else {
        match (before.rfind("/*"), closes) {
            (Some(open), Some(close)) if before[open..].trim_matches(['/', '*', ' ', '\t']).is_empty() => {
                start + open..close + "*/".len()
            }
            // One line of a comment of several.
            (Some(_), _) => return Span::of(word.start..end),
            (None, Some(close)) => return Span::of(word.start..close),
            (None, None) => return Span::of(start..next),
        }
    };
    let (code, after) = (&text[start..comment.start], &text[comment.end..end]);
    match (code.trim_start_matches('\u{feff}').trim().is_empty(), after.trim().is_empty()) {
        (true, true) => Span::of(start + code.len() - code.trim_start_matches('\u{feff}').len()..next),
        (false, true) => Span::of(start + code.trim_end().len()..end),
        (true, false) => Span::of(comment.start..end - after.trim_start().len()),
        _ => Span::of(comment),
    }
}
