//! Empty statements in oneofs: the parser takes them and leaves no trace, protoc refuses them. It knows no types.

use super::super::data::{FileData, OneofData};
use super::super::lexer::{TokenKind, tokens};
use super::{Fault, FaultKind};
use crate::source::Span;

/// The empty statements in the oneofs of a file.
pub(super) fn statements(data: &FileData, text: &str) -> Vec<Fault> {
    let mut fields = vec![0; data.oneofs.len()];
    for field in &data.fields {
        if let Some(oneof) = field.oneof.and_then(|oneof| fields.get_mut(oneof as usize)) {
            *oneof += 1;
        }
    }
    let written = data.oneofs.iter().zip(fields).filter(|(oneof, _)| !oneof.synthetic);
    written.flat_map(|(oneof, fields)| of_oneof(oneof, fields, text)).collect()
}

fn of_oneof(oneof: &OneofData, fields: usize, text: &str) -> Vec<Fault> {
    let Span { start, end } = oneof.place.span;
    let inside = text.get(start as usize..end as usize).unwrap_or_default();
    // Most oneofs have no semicolon too many, which is cheap to see.
    let semicolons = inside.bytes().filter(|&byte| byte == b';').count();
    if semicolons <= fields + oneof.options.range().len() {
        return Vec::new();
    }
    let (mut depth, mut is_option, mut faults) = (0_u32, false, Vec::new());
    // Whether the next token begins a statement.
    let mut begins = false;
    for token in tokens(inside).filter(|token| !token.is_comment()) {
        match token.kind {
            TokenKind::Punct(b'{') => {
                depth += 1;
                begins = depth == 1;
            }
            TokenKind::Punct(b'}') => {
                depth = depth.saturating_sub(1);
                // A group ends here, and what an option has in braces does not end it.
                begins = depth == 1 && !is_option;
            }
            TokenKind::Punct(b';') if depth == 1 => {
                if begins {
                    faults.push(fault(Span::new(start + token.start, start + token.end)));
                }
                begins = true;
            }
            _ if begins => {
                is_option = token.slice(inside) == "option";
                begins = false;
            }
            _ => {}
        }
    }
    faults
}

fn fault(span: Span) -> Fault {
    let (message, help) = ("oneofs take no empty statements".to_owned(), Some("remove the `;`".to_owned()));
    Fault { kind: FaultKind::Syntax, span, message, help, label: None }
}
