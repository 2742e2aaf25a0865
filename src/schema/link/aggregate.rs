//! The names in brackets of option values in braces that are still text: what they refer to counts as used.

use super::lookup::Lookup;
use crate::schema::lexer::{self, TokenKind};

impl Lookup<'_> {
    /// Marks what `[ext.name]: …` and `[type.googleapis.com/some.Type]: …` refer to as used,
    /// <https://protobuf.dev/reference/protobuf/textformat-spec/#fields>.
    pub(super) fn use_names_in_brackets(&mut self, scope: &str, text: &str) {
        let mut name: Option<String> = None;
        for token in lexer::tokens(text) {
            let word = &text[token.start as usize..token.end as usize];
            match (token.kind, &mut name) {
                (TokenKind::Punct(b'['), _) => name = Some(String::new()),
                (TokenKind::Punct(b']'), Some(inside)) => {
                    let inside = std::mem::take(inside);
                    let found = match inside.rsplit_once('/') {
                        Some((_, message)) => self.find(message),
                        None => self.search(scope, &inside, Self::find_extension),
                    };
                    self.note(found);
                    name = None;
                }
                (TokenKind::Ident | TokenKind::Number | TokenKind::Punct(b'.' | b'/' | b'-'), Some(inside)) => {
                    inside.push_str(word);
                }
                (TokenKind::LineComment | TokenKind::BlockComment, _) | (_, None) => {}
                (_, Some(_)) => name = None,
            }
        }
    }
}
