//! What a text says at first glance, without the parser. It knows tokens, and of statements only where they begin.

use super::lexer::{TokenKind, tokens};

/// The package that a text names, empty where it names none. A text that cannot be parsed may have one too.
pub(crate) fn package(text: &str) -> String {
    let mut tokens = tokens(text).filter(|token| !token.is_comment());
    let (mut depth, mut begins) = (0usize, true);
    while let Some(token) = tokens.next() {
        if begins && depth == 0 && token.slice(text) == "package" {
            let is_part = |kind: TokenKind| matches!(kind, TokenKind::Ident | TokenKind::Punct(b'.'));
            return tokens.take_while(|token| is_part(token.kind)).map(|token| token.slice(text)).collect();
        }
        match token.kind {
            TokenKind::Punct(b'{') => depth += 1,
            TokenKind::Punct(b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        begins = matches!(token.kind, TokenKind::Punct(b';' | b'}'));
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn packages_are_seen_where_statements_begin() {
        let named = [
            "package a.b;",
            "// package x;\nsyntax = \"proto3\"; package /* here */ a . b ;",
            "option (o) = { package: 1 package: { x: 2 } }; message M { package p = 1; } package a.b; package c;",
            "syntax = 'package x;'; import \"package\"; package a.b",
            "} } package a.b;",
        ];
        for text in named {
            assert_eq!(package(text), "a.b", "{text}");
        }
        for text in
            ["", "syntax = \"proto3\";", "message package {}", "option package = 1;", "message M { package a; }"]
        {
            assert_eq!(package(text), "", "{text}");
        }
    }
}
