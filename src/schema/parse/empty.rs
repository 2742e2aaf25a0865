//! Empty statements in oneofs and `extend` blocks, and `extend` blocks that are empty: the parser takes them and leaves
//! no trace, protoc refuses them. It knows no types.

use super::super::data::{FileData, OneofData};
use super::super::lexer::{Token, TokenKind, tokens};
use super::super::search;
use super::{Fault, FaultKind};
use crate::source::Span;

/// What is empty in a file and must not be, in no particular order.
pub(super) fn statements(data: &FileData, text: &str) -> Vec<Fault> {
    let mut faults = in_oneofs(data, text);
    // Few files have such a statement, which is cheap to see.
    if search::words(text, "extend").any(|at| search::may_begin_statement(text, at)) {
        in_extends(text, &mut faults);
    }
    faults
}

fn in_oneofs(data: &FileData, text: &str) -> Vec<Fault> {
    let mut fields = vec![0; data.oneofs.len()];
    for field in &data.fields {
        if let Some(oneof) = field.oneof.and_then(|oneof| fields.get_mut(oneof as usize)) {
            *oneof += 1;
        }
    }
    let mut faults = Vec::new();
    for (oneof, fields) in data.oneofs.iter().zip(fields).filter(|(oneof, _)| !oneof.synthetic) {
        if may_have_empty(oneof, fields, text) {
            let Span { start, end } = oneof.place.span;
            let inside = &text[start as usize..end as usize];
            let mut tokens = tokens(inside).filter(|token| !token.is_comment());
            if tokens.any(|token| token.kind == TokenKind::Punct(b'{')) {
                in_block(&mut tokens, inside, start, "oneofs", &mut faults);
            }
        }
    }
    faults
}

/// Whether there are more semicolons than statements.
fn may_have_empty(oneof: &OneofData, fields: usize, text: &str) -> bool {
    let Span { start, end } = oneof.place.span;
    let inside = text.get(start as usize..end as usize).unwrap_or_default();
    inside.bytes().filter(|&byte| byte == b';').count() > fields + oneof.options.range().len()
}

fn in_extends(text: &str, faults: &mut Vec<Fault>) {
    let mut tokens = tokens(text).filter(|token| !token.is_comment());
    let mut begins = true;
    while let Some(token) = tokens.next() {
        if begins && token.slice(text) == "extend" {
            let name = |token: &Token| matches!(token.kind, TokenKind::Ident | TokenKind::Punct(b'.'));
            if tokens.find(|token| !name(token)).is_some_and(|open| open.kind == TokenKind::Punct(b'{'))
                && in_block(&mut tokens, text, 0, "`extend` blocks", faults)
            {
                let (start, end) = (token.start, token.end);
                let message = "this `extend` block is empty";
                faults.push(fault(Span::new(start, end), message.to_owned(), "remove it, or add a field"));
            }
            begins = true;
        } else if token.kind == TokenKind::Punct(b'[') || begins && token.slice(text) == "option" {
            // Values in braces have no statements.
            begins = token.kind != TokenKind::Punct(b'[');
            pass_values(&mut tokens, if begins { b';' } else { b']' });
        } else {
            begins = matches!(token.kind, TokenKind::Punct(b'{' | b'}' | b';'));
        }
    }
}

/// Reads up to `end` outside all braces and brackets.
fn pass_values(tokens: &mut impl Iterator<Item = Token>, end: u8) {
    let mut depth = 0_u32;
    for token in tokens {
        match token.kind {
            TokenKind::Punct(byte) if byte == end && depth == 0 => return,
            TokenKind::Punct(b'{' | b'[') => depth += 1,
            TokenKind::Punct(b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Reads to the end of a block whose brace was read; whether nothing is in it.
fn in_block(
    tokens: &mut impl Iterator<Item = Token>,
    text: &str,
    from: u32,
    what: &str,
    faults: &mut Vec<Fault>,
) -> bool {
    // Whether the next token begins a statement, and whether that is an option.
    let (mut depth, mut begins, mut is_option, mut is_empty) = (1_u32, true, false, true);
    for token in tokens {
        match token.kind {
            TokenKind::Punct(b'{') => depth += 1,
            TokenKind::Punct(b'}') => {
                depth -= 1;
                if depth == 0 {
                    return is_empty;
                }
                // A group ends here, and what an option has in braces does not end it.
                begins = depth == 1 && !is_option;
            }
            TokenKind::Punct(b';') if depth == 1 => {
                if begins {
                    let span = Span::new(from + token.start, from + token.end);
                    faults.push(fault(span, format!("{what} take no empty statements"), "remove the `;`"));
                }
                begins = true;
            }
            _ if begins => {
                is_option = token.slice(text) == "option";
                begins = false;
            }
            _ => {}
        }
        is_empty = false;
    }
    false
}

fn fault(span: Span, message: String, help: &str) -> Fault {
    Fault { kind: FaultKind::Syntax, span, message, help: Some(help.to_owned()), label: None }
}
