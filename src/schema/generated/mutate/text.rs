//! A text as tokens and statements that may be cut out, moved or replaced.

use crate::syntax::{Token, TokenKind};

/// Something in a text that may be replaced: bytes from and to.
pub(super) type Stretch = (usize, usize);

pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
}

impl Text<'_> {
    pub(super) fn stretch(&self, at: usize) -> Stretch {
        (self.tokens[at].start as usize, self.tokens[at].end as usize)
    }

    pub(super) fn slice(&self, at: usize) -> &str {
        self.tokens[at].slice(self.text)
    }

    /// The places of tokens that are like this.
    pub(super) fn places(&self, is_like: impl Fn(&str, TokenKind) -> bool) -> Vec<usize> {
        (0..self.tokens.len()).filter(|at| is_like(self.slice(*at), self.tokens[*at].kind)).collect()
    }

    /// The statements, each with what it has in braces.
    pub(super) fn statements(&self) -> Vec<Stretch> {
        let mut open = vec![0];
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            let (start, end) = self.stretch(at);
            match self.slice(at) {
                "{" => open.push(end),
                ";" => {
                    let begin = open.last_mut().expect("never empty");
                    found.push((*begin, end));
                    *begin = end;
                }
                "}" if open.len() > 1 => {
                    open.pop();
                    let begin = open.last_mut().expect("never empty");
                    found.push((*begin, end));
                    *begin = end;
                }
                _ => _ = start,
            }
        }
        found
    }

    pub(super) fn replaced(&self, (start, end): Stretch, by: &str) -> String {
        format!("{}{by}{}", &self.text[..start], &self.text[end..])
    }
}
