//! Splits protobuf text into tokens with byte offsets, comments included. It knows the lexical rules of
//! <https://protobuf.dev/reference/protobuf/proto3-spec/#lexical_elements> and nothing of statements.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A letter or `_`, then letters, digits and `_`; keywords are identifiers too.
    Ident,
    /// An integer or a float, without its sign.
    Number,
    /// A literal in single or double quotes, both included; an unterminated one ends before the newline.
    Str,
    /// `//`, or the `#` of the text format, up to the end of the line, which is not part of it.
    LineComment,
    /// `/* … */`; an unterminated one ends with the text.
    BlockComment,
    /// One byte of ASCII punctuation.
    Punct(u8),
    /// Any other character.
    Unknown,
}

/// One token, by byte offsets in the text it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Offset of the first byte.
    pub(crate) start: u32,
    /// Offset after the last byte.
    pub(crate) end: u32,
}

impl Token {
    /// The token as written in `text`, the text it was read from.
    pub(crate) fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Whether it is a comment of either kind.
    pub(crate) fn is_comment(self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment)
    }
}

/// The tokens of `text`, in order; white space is skipped. A text of 4 GiB or more, which no parser takes, has none.
pub(crate) fn tokens(text: &str) -> Tokens<'_> {
    let fits = u32::try_from(text.len()).is_ok();
    Tokens { text: if fits { text } else { "" }, at: 0 }
}

/// Iterator over the tokens of a text.
#[derive(Clone, Debug)]
pub(crate) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let start = end_of(bytes, self.at, is_space);
        self.at = start;
        let (kind, end) = match *bytes.get(start)? {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (TokenKind::Ident, end_of(bytes, start, is_word)),
            b'0'..=b'9' => (TokenKind::Number, number_end(bytes, start)),
            b'.' if bytes.get(start + 1).is_some_and(u8::is_ascii_digit) => {
                (TokenKind::Number, number_end(bytes, start))
            }
            b'"' | b'\'' => (TokenKind::Str, string_end(bytes, start)),
            b'#' => (TokenKind::LineComment, self.line_end(start)),
            b'/' if bytes.get(start + 1) == Some(&b'/') => (TokenKind::LineComment, self.line_end(start)),
            b'/' if bytes.get(start + 1) == Some(&b'*') => (TokenKind::BlockComment, self.block_end(start)),
            byte if byte.is_ascii_punctuation() => (TokenKind::Punct(byte), start + 1),
            _ => (TokenKind::Unknown, start + self.text[start..].chars().next()?.len_utf8()),
        };
        self.at = end;
        // The constructor made sure that offsets fit.
        Some(Token { kind, start: start as u32, end: end as u32 })
    }
}

impl Tokens<'_> {
    fn line_end(&self, start: usize) -> usize {
        let end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        if self.text.as_bytes()[end - 1] == b'\r' && end < self.text.len() { end - 1 } else { end }
    }

    fn block_end(&self, start: usize) -> usize {
        let mut at = start + 2;
        while let Some(slash) = self.text[at..].find('/').map(|length| at + length) {
            if slash > start + 2 && self.text.as_bytes()[slash - 1] == b'*' {
                return slash + 1;
            }
            at = slash + 1;
        }
        self.text.len()
    }
}

/// The first offset at or after `at` whose byte does not satisfy `wanted`.
fn end_of(bytes: &[u8], at: usize, wanted: impl Fn(u8) -> bool) -> usize {
    bytes[at..].iter().position(|&byte| !wanted(byte)).map_or(bytes.len(), |length| at + length)
}

/// White space as protobuf's tokenizer has it: a vertical tab and a form feed are among it.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `0x1F`, `017`, `12`, `1.`, `.5`, `1e5`, `1.5E-3`.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    if bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'X')) {
        return end_of(bytes, start + 2, |byte| byte.is_ascii_hexdigit());
    }
    let mut at = end_of(bytes, start, is_digit);
    if bytes.get(at) == Some(&b'.') {
        at = end_of(bytes, at + 1, is_digit);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let digits = at + 1 + sign;
        if bytes.get(digits).is_some_and(u8::is_ascii_digit) {
            at = end_of(bytes, digits, is_digit);
        }
    }
    at
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => return at,
            b'\\' if bytes.get(at + 1).is_some_and(|&next| next != b'\n') => at += 2,
            _ if byte == bytes[start] => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
