//! Splits a text into tokens and comments. It implements the lexical rules of
//! <https://protobuf.dev/reference/protobuf/proto3-spec/#lexical_elements>, as protoc's `tokenizer.cc` has them, and
//! nothing of statements.

use memchr::{memchr, memchr2, memchr3};

use super::fault::Fault;
use super::literal;
use crate::source::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A letter or `_`, then letters, digits and `_`; keywords are identifiers too.
    Ident,
    /// An integer without its sign: decimal, hexadecimal or octal.
    Int,
    /// A number with a dot or an exponent, without its sign.
    Float,
    /// A literal in single or double quotes, both included.
    Str,
    /// One byte of ASCII punctuation.
    Punct(u8),
    /// A number with a fault in it, which was reported.
    BadNumber,
    /// A literal with a fault in it, which was reported; an unterminated one ends before the newline.
    BadStr,
    /// Other characters, which were reported.
    Unknown,
    /// The end of the text, or of the part of it that was read.
    End,
}

/// One token, by bytes of its text. White space before it belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Offset of the first byte.
    pub(crate) start: u32,
    /// Offset after the last byte.
    pub(crate) end: u32,
}

impl Token {
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }

    /// The token as written.
    pub(crate) fn slice(self, text: &str) -> &str {
        self.span().slice(text)
    }

    pub(crate) fn is(self, punct: u8) -> bool {
        self.kind == TokenKind::Punct(punct)
    }
}

/// A comment, by bytes of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// Offset of the first byte.
    pub(crate) start: u32,
    /// Offset after the last byte: a line comment ends before its newline.
    pub(crate) end: u32,
    /// The index of the token that follows it.
    pub(crate) before: u32,
    /// Whether it is of the form `/* … */`.
    pub(crate) is_block: bool,
}

impl Comment {
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// What a text is made of.
pub(super) struct Lexed {
    /// The last one is the end.
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    pub(super) faults: Vec<Fault>,
    /// Whether each brace, bracket and parenthesis has its partner.
    pub(super) is_balanced: bool,
}

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    Digit,
    Quote,
    Slash,
    Dot,
    Hash,
    Brace,
    Punct,
    Other,
}

const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            // A vertical tab and a form feed are white space to protobuf.
            b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r' => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Word,
            b'0'..=b'9' => Class::Digit,
            b'"' | b'\'' => Class::Quote,
            b'/' => Class::Slash,
            b'.' => Class::Dot,
            b'#' => Class::Hash,
            b'{' | b'}' | b'[' | b']' | b'(' | b')' => Class::Brace,
            b'!'..=b'~' => Class::Punct,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
}

fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

fn is_word(byte: u8) -> bool {
    matches!(class(byte), Class::Word | Class::Digit)
}

/// The tokens of the first `end` bytes of `text`, which is shorter than 4 GiB.
pub(super) fn lex(text: &str, end: usize) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: &text.as_bytes()[..end],
        at: 0,
        has_nul: memchr(0, &text.as_bytes()[..end]).is_some(),
        lexed: Lexed {
            tokens: Vec::with_capacity(end / 6 + 1),
            comments: Vec::new(),
            faults: Vec::new(),
            is_balanced: true,
        },
        open: Vec::new(),
    };
    lexer.run();
    lexer.lexed
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Whether there is a NUL anywhere, which no string and no comment may hold.
    has_nul: bool,
    lexed: Lexed,
    /// The brackets that are open, by what closes them.
    open: Vec<u8>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.at = '\u{feff}'.len_utf8();
        }
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            match class(byte) {
                Class::Space => self.at = self.end_of(start + 1, |byte| byte == b' '),
                Class::Word => {
                    self.at = self.end_of(start + 1, is_word);
                    self.push(TokenKind::Ident, start);
                }
                Class::Digit => self.number(),
                Class::Dot if self.bytes.get(start + 1).is_some_and(u8::is_ascii_digit) => self.number(),
                Class::Quote => self.string(byte),
                Class::Slash if self.bytes.get(start + 1) == Some(&b'/') => self.line_comment(),
                Class::Slash if self.bytes.get(start + 1) == Some(&b'*') => self.block_comment(),
                // A comment in values, and meant to be one elsewhere: the parser decides which.
                Class::Hash => self.line_comment(),
                Class::Brace => {
                    self.at += 1;
                    self.note_bracket(byte);
                    self.push(TokenKind::Punct(byte), start);
                }
                Class::Dot | Class::Slash | Class::Punct => {
                    self.at += 1;
                    self.push(TokenKind::Punct(byte), start);
                }
                Class::Other => self.unknown(),
            }
        }
        self.lexed.is_balanced &= self.open.is_empty();
        self.push(TokenKind::End, self.at);
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        // The caller made sure that offsets fit.
        self.lexed.tokens.push(Token { kind, start: start as u32, end: self.at as u32 });
    }

    fn fault(&mut self, fault: Fault) {
        self.lexed.faults.push(fault);
    }

    /// The first offset at or after `at` whose byte is not `wanted`.
    fn end_of(&self, at: usize, wanted: impl Fn(u8) -> bool) -> usize {
        self.bytes[at..].iter().position(|&byte| !wanted(byte)).map_or(self.bytes.len(), |length| at + length)
    }

    fn note_bracket(&mut self, byte: u8) {
        match byte {
            b'{' => self.open.push(b'}'),
            b'[' => self.open.push(b']'),
            b'(' => self.open.push(b')'),
            _ => self.lexed.is_balanced &= self.open.pop() == Some(byte),
        }
    }

    /// `0x1F`, `017`, `12`, `1.`, `.5`, `1e5`, `1.5E-3`.
    fn number(&mut self) {
        let start = self.at;
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let is_hex = self.bytes[start] == b'0' && matches!(self.bytes.get(start + 1), Some(b'x' | b'X'));
        let (mut kind, mut wrong) = (TokenKind::Int, None);
        if is_hex {
            self.at = self.end_of(start + 2, |byte| byte.is_ascii_hexdigit());
            if self.at == start + 2 {
                wrong = Some("`0x` needs hexadecimal digits after it");
            }
        } else {
            self.at = self.end_of(start, is_digit);
            let digits = &self.bytes[start..self.at];
            let is_octal = digits.len() > 1 && digits[0] == b'0';
            if self.bytes.get(self.at) == Some(&b'.') && !is_octal {
                kind = TokenKind::Float;
                self.at = self.end_of(self.at + 1, is_digit);
            }
            if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) && !is_octal {
                kind = TokenKind::Float;
                let sign = usize::from(matches!(self.bytes.get(self.at + 1), Some(b'+' | b'-')));
                let digits = self.at + 1 + sign;
                self.at = self.end_of(digits.min(self.bytes.len()), is_digit);
                if self.at == digits {
                    wrong = Some("the exponent of a number needs digits");
                }
            }
            if is_octal && digits.iter().any(|digit| matches!(digit, b'8' | b'9')) {
                wrong = Some("a number that starts with 0 is octal and has no digits 8 and 9");
            }
        }
        match self.bytes.get(self.at) {
            Some(&byte) if class(byte) == Class::Word => {
                wrong = wrong.or(Some("there must be space between a number and a word"));
            }
            Some(b'.') if kind == TokenKind::Float => wrong = wrong.or(Some("the number has a second dot")),
            Some(b'.') => wrong = wrong.or(Some("hexadecimal and octal numbers have no dot")),
            _ => {}
        }
        if let Some(wrong) = wrong {
            self.at = self.end_of(self.at, |byte| is_word(byte) || byte == b'.');
            self.fault(Fault::syntax(Span::of(start..self.at), wrong));
            kind = TokenKind::BadNumber;
        }
        self.push(kind, start);
    }

    fn string(&mut self, quote: u8) {
        let start = self.at;
        let mut kind = TokenKind::Str;
        self.at += 1;
        loop {
            let Some(length) = memchr3(quote, b'\\', b'\n', &self.bytes[self.at..]) else {
                self.at = self.bytes.len();
                kind = self.unterminated(start);
                break;
            };
            self.at += length;
            match self.bytes[self.at] {
                b'\n' => {
                    self.at -= usize::from(self.bytes[self.at - 1] == b'\r' && self.at - 1 > start);
                    kind = self.unterminated(start);
                    break;
                }
                b'\\' => kind = self.escape(kind),
                _ => {
                    self.at += 1;
                    break;
                }
            }
        }
        if kind == TokenKind::Str
            && self.has_nul
            && let Some(nul) = memchr(0, &self.bytes[start..self.at])
        {
            self.fault(Fault::syntax(Span::of(start + nul..start + nul + 1), "a NUL in a string").help("write `\\0`"));
            kind = TokenKind::BadStr;
        }
        self.push(kind, start);
    }

    fn unterminated(&mut self, start: usize) -> TokenKind {
        let quote = char::from(self.bytes[start]);
        let fault = Fault::syntax(Span::of(start..self.at), format!("the string has no closing `{quote}`"));
        self.fault(fault.help("close the string on the same line; adjacent strings are joined"));
        TokenKind::BadStr
    }

    fn escape(&mut self, kind: TokenKind) -> TokenKind {
        let start = self.at;
        if let Some(length) = literal::escape_length(&self.bytes[start..]) {
            self.at += length;
            return kind;
        }
        // The backslash and the character after it, if that is no newline.
        let next = self.text[start + 1..self.bytes.len()].chars().next().filter(|&next| next != '\n');
        self.at += 1 + next.map_or(0, char::len_utf8);
        let fault = Fault::syntax(Span::of(start..self.at), "the string has an invalid escape");
        self.fault(fault.help("write a backslash as `\\\\`"));
        TokenKind::BadStr
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let length = memchr(b'\n', &self.bytes[start..]).unwrap_or(self.bytes.len() - start);
        self.at = start + length;
        let ends_line = self.at < self.bytes.len();
        let end = self.at - usize::from(ends_line && self.bytes[self.at - 1] == b'\r');
        self.comment(start, end, false);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        loop {
            let Some(length) = memchr2(b'/', 0, &self.bytes[self.at..]) else {
                self.at = self.bytes.len();
                let fault = Fault::syntax(Span::of(start..start + 2), "the comment has no closing `*/`");
                self.fault(fault);
                break;
            };
            let slash = self.at + length;
            self.at = slash + 1;
            if self.bytes[slash] == 0 {
                continue;
            }
            if slash > start + 2 && self.bytes[slash - 1] == b'*' {
                break;
            }
            if self.bytes.get(slash + 1) == Some(&b'*') {
                let fault = Fault::syntax(Span::of(slash..slash + 2), "a comment within a comment");
                self.fault(fault.help("the first `*/` ends both; write `/ *`"));
            }
        }
        self.comment(start, self.at, true);
    }

    fn comment(&mut self, start: usize, end: usize, is_block: bool) {
        if self.has_nul
            && let Some(nul) = memchr(0, &self.bytes[start..end])
        {
            let message = "a NUL in a comment: protoc does not read what follows as a comment";
            let fault = Fault::syntax(Span::of(start + nul..start + nul + 1), message);
            self.fault(fault.help("remove the character"));
        }
        let before = self.lexed.tokens.len() as u32;
        self.lexed.comments.push(Comment { start: start as u32, end: end as u32, before, is_block });
    }

    /// One token for characters of no meaning that stand side by side.
    fn unknown(&mut self) {
        let start = self.at;
        self.at = self.end_of(start, |byte| class(byte) == Class::Other);
        let characters = self.text[start..self.at].escape_debug().to_string();
        let shown: String = characters.chars().take(20).collect();
        let fault = Fault::syntax(Span::of(start..self.at), format!("`{shown}` has no meaning outside strings"));
        self.fault(fault.help("put it in a string or a comment, or remove it"));
        self.push(TokenKind::Unknown, start);
    }
}
