//! Edits that fixes share: how a statement goes without leaving a hole, and where one comes. They look at texts only.

use crate::finding::Edit;
use crate::schema::{Element, Part, Token, TokenKind, tokens};
use crate::source::{Place, Span};

/// Removes a statement: with its lines, the end of the last one included, where nothing but a comment stands beside it.
pub(crate) fn remove_statement(text: &str, place: Place) -> Edit {
    Edit { place: Place { file: place.file, span: lines_of(text, place.span) }, text: String::new() }
}

/// The whole lines that a statement and the comment after it take up; the span alone where more stands there.
fn lines_of(text: &str, span: Span) -> Span {
    let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
    let rest = after[..line_end].trim();
    let is_alone = before[start..].trim_matches('\u{feff}').trim().is_empty();
    if !is_alone || !(rest.is_empty() || rest.starts_with("//")) {
        return span;
    }
    let start = start + (before[start..].len() - before[start..].trim_start_matches('\u{feff}').len());
    Span::of(start..span.end as usize + line_end)
}

/// Adds statements to the body of a message or enum, a line each: below what it reserves, else before all else in it.
/// `None` where the body is not found.
pub(crate) fn add_to_body(text: &str, element: Element<'_>, statements: &[String]) -> Option<Edit> {
    let declaration = element.locate(Part::Declaration)?;
    let name = element.locate(Part::Name)?.span;
    let rest = Span::new(name.end, declaration.span.end);
    let open = opening_brace(rest.slice(text))? + rest.start;
    let reserved = element.locate(Part::Reserved)?.span;
    let after = if reserved == declaration.span { open + 1 } else { reserved.end };
    let line_end = text[after as usize..].find('\n').map_or(text.len(), |at| after as usize + at);
    let beside = text[after as usize..line_end].trim();
    let is_line_end = beside.is_empty() || beside.starts_with("//");
    let (at, added) = if is_line_end {
        let indent = if reserved == declaration.span {
            inner_indent(text, open)
        } else {
            indent(text, reserved.start).to_owned()
        };
        let at = line_end - usize::from(text[..line_end].ends_with('\r'));
        (at, statements.iter().map(|statement| format!("\n{indent}{statement}")).collect())
    } else {
        (after as usize, statements.iter().map(|statement| format!(" {statement}")).collect())
    };
    Some(Edit { place: Place { file: declaration.file, span: Span::of(at..at) }, text: added })
}

/// The brace that opens a body, by its offset: those of options before it stand in brackets.
fn opening_brace(text: &str) -> Option<u32> {
    let mut open = 0usize;
    for token in tokens(text) {
        match token.kind {
            TokenKind::Punct(b'[') => open += 1,
            TokenKind::Punct(b']') => open = open.saturating_sub(1),
            TokenKind::Punct(b'{') if open == 0 => return Some(token.start),
            _ => {}
        }
    }
    None
}

/// The white space that starts the line of an offset.
fn indent(text: &str, offset: u32) -> &str {
    let start = text[..offset as usize].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].trim_start_matches('\u{feff}');
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// That of the first line within a body, or two spaces more than the body's own.
fn inner_indent(text: &str, open: u32) -> String {
    let body = &text[open as usize + 1..];
    let first = tokens(body).find(|token: &Token| !matches!(token.kind, TokenKind::LineComment));
    let inner =
        first.filter(|token| token.kind != TokenKind::Punct(b'}') && body[..token.start as usize].contains('\n'));
    let inner = inner.map(|token| indent(text, open + 1 + token.start).to_owned());
    inner.unwrap_or_else(|| format!("{}  ", indent(text, open)))
}

/// Puts a statement before the first one of a file: below comments that the whole file or a `package` statement has,
/// above those that explain a declaration.
pub(crate) fn add_first(text: &str, place: Place, statement: &str) -> Edit {
    // A byte order mark is none that any statement begins with.
    let all: Vec<Token> = tokens(text).skip_while(|token| token.kind == TokenKind::Unknown).collect();
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let first = all.iter().position(|token| !token.is_comment());
    let at = match first {
        None => start,
        Some(first) if matches!(all[first].slice(text), "package" | "import" | "option") => all[first].start as usize,
        Some(first) => {
            let starts = |at: usize| at.checked_sub(1).map_or(start, |before| all[before].end as usize);
            let is_apart = |at: &usize| text[starts(*at)..all[*at].start as usize].matches('\n').count() > 1;
            let block = (1..=first).rev().find(is_apart).unwrap_or(0);
            all[block].start as usize
        }
    };
    Edit { place: Place { file: place.file, span: Span::of(at..at) }, text: format!("{statement}\n\n") }
}
