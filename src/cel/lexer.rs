//! Splits a CEL expression into tokens. It must not know the grammar.

use std::ops::Range;

use super::fault::Fault;

/// A token of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// An identifier or keyword.
    Word(String),
    /// A name in backticks, which may be a keyword or hold dots, dashes, slashes and spaces.
    Quoted(String),
    /// Digits, or `0x` and hexadecimal digits.
    Int(String),
    /// As [`Token::Int`], without its `u`.
    Uint(String),
    Float(String),
    Text(String),
    Bytes(Vec<u8>),
    Symbol(&'static str),
}

impl Token {
    /// The token as shown in messages.
    pub(super) fn describe(&self) -> String {
        match self {
            Token::Word(text) | Token::Int(text) | Token::Uint(text) | Token::Float(text) => {
                format!("`{text}`")
            }
            Token::Quoted(name) => format!("the name `{name}` in backticks"),
            Token::Text(_) => "a text".to_owned(),
            Token::Bytes(_) => "bytes".to_owned(),
            Token::Symbol(symbol) => format!("`{symbol}`"),
        }
    }
}

/// Longer ones first.
const SYMBOLS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?", ":", "+", "*",
    "/", "%",
];

/// Splits `text` into tokens with their places; the fault says what is not a token.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut lexer = Lexer { rest: text };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let start = text.len() - lexer.rest.len();
        let Some(first) = lexer.rest.chars().next() else {
            return Ok(tokens);
        };
        let token = lexer.token(first).map_err(|why| Fault::syntax(start..start + first.len_utf8(), why))?;
        tokens.push((token, start..text.len() - lexer.rest.len()));
    }
}

struct Lexer<'t> {
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n', '\x0c']);
            if !self.rest.starts_with("//") {
                return;
            }
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }

    /// Takes the longest prefix of characters that `accepts`.
    fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|next| !accepts(next)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn token(&mut self, first: char) -> Result<Token, String> {
        if let Some(prefix) = self.quote_prefix() {
            return self.quoted(prefix);
        }
        let is_fraction = first == '.' && self.rest[1..].starts_with(|next: char| next.is_ascii_digit());
        if first.is_ascii_digit() || is_fraction {
            return Ok(self.number());
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let word = self.take_while(|next| next.is_ascii_alphanumeric() || next == '_');
            return Ok(Token::Word(word.to_owned()));
        }
        if first == '`' {
            return self.quoted_name();
        }
        for symbol in SYMBOLS {
            if let Some(rest) = self.rest.strip_prefix(symbol) {
                self.rest = rest;
                return Ok(Token::Symbol(symbol));
            }
        }
        Err(format!("`{}` is out of place", first.escape_default()))
    }

    /// `ESC_IDENTIFIER` of the language definition.
    fn quoted_name(&mut self) -> Result<Token, String> {
        let inner = &self.rest[1..];
        let is_part = |next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '.' | '-' | '/' | ' ');
        let end = inner.find(|next| !is_part(next)).unwrap_or(inner.len());
        let (name, rest) = inner.split_at(end);
        match rest.strip_prefix('`') {
            Some(_) if name.is_empty() => Err("a name in backticks is empty".to_owned()),
            Some(rest) => {
                self.rest = rest;
                Ok(Token::Quoted(name.to_owned()))
            }
            None if rest.is_empty() => Err("a name lacks its closing backtick".to_owned()),
            None => Err(format!(
                "a name in backticks cannot hold `{}`",
                rest.chars().next().unwrap_or_default().escape_default()
            )),
        }
    }

    fn number(&mut self) -> Token {
        if let Some(after) = self.rest.strip_prefix("0x").filter(|after| after.starts_with(is_hexadecimal)) {
            self.rest = after;
            let digits = format!("0x{}", self.take_while(is_hexadecimal));
            return self.integer(digits);
        }
        let mut text = self.take_while(is_decimal).to_owned();
        let mut is_float = false;
        if let Some(after) = self.rest.strip_prefix('.').filter(|after| after.starts_with(is_decimal)) {
            self.rest = after;
            text = format!("{text}.{}", self.take_while(is_decimal));
            is_float = true;
        }
        if let Some(after) = self.rest.strip_prefix(['e', 'E']) {
            let digits = after.strip_prefix(['+', '-']).unwrap_or(after);
            if digits.starts_with(is_decimal) {
                let sign = &after[..after.len() - digits.len()];
                self.rest = digits;
                text = format!("{text}e{sign}{}", self.take_while(is_decimal));
                is_float = true;
            }
        }
        if is_float { Token::Float(text) } else { self.integer(text) }
    }

    fn integer(&mut self, digits: String) -> Token {
        match self.rest.strip_prefix(['u', 'U']) {
            Some(rest) => {
                self.rest = rest;
                Token::Uint(digits)
            }
            None => Token::Int(digits),
        }
    }

    /// The length of the letters before a quote, if a quoted text is next.
    fn quote_prefix(&self) -> Option<Prefix> {
        let is = |letter: u8, byte: Option<&u8>| byte.is_some_and(|byte| byte.eq_ignore_ascii_case(&letter));
        let bytes = self.rest.as_bytes();
        let is_bytes = is(b'b', bytes.first());
        let mut length = usize::from(is_bytes);
        let is_raw = is(b'r', bytes.get(length));
        length += usize::from(is_raw);
        matches!(bytes.get(length), Some(b'"' | b'\'')).then_some(Prefix { length, is_bytes, is_raw })
    }

    fn quoted(&mut self, prefix: Prefix) -> Result<Token, String> {
        let body = &self.rest[prefix.length..];
        let quote = if body.starts_with('"') { '"' } else { '\'' };
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let is_triple = body.starts_with(&triple);
        let close = if is_triple { triple } else { quote.to_string() };
        let inner = &body[close.len()..];
        let mut at = 0;
        while !inner[at..].starts_with(&close) {
            let next = inner[at..].chars().next();
            let is_newline = matches!(next, Some('\n' | '\r')) && !is_triple;
            let Some(next) = next.filter(|_| !is_newline) else {
                return Err(format!("a text lacks its closing {close}"));
            };
            at += next.len_utf8();
            if next == '\\' && !prefix.is_raw {
                at += inner[at..].chars().next().map_or(0, char::len_utf8);
            }
        }
        self.rest = &inner[at + close.len()..];
        let content = &inner[..at];
        let value = match prefix.is_raw {
            true => content.as_bytes().to_vec(),
            false => unescape(content, prefix.is_bytes)?,
        };
        match prefix.is_bytes {
            true => Ok(Token::Bytes(value)),
            false => String::from_utf8(value).map(Token::Text).map_err(|_| "a text is not UTF-8".to_owned()),
        }
    }
}

struct Prefix {
    length: usize,
    is_bytes: bool,
    is_raw: bool,
}

fn is_decimal(next: char) -> bool {
    next.is_ascii_digit()
}

fn is_hexadecimal(next: char) -> bool {
    next.is_ascii_hexdigit()
}

fn unescape(text: &str, is_bytes: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('\\') {
        out.extend(plain.as_bytes());
        rest = unescape_one(after, is_bytes, &mut out)?;
    }
    out.extend(rest.as_bytes());
    Ok(out)
}

/// Appends what one escape stands for; returns the text after it.
fn unescape_one<'t>(after: &'t str, is_bytes: bool, out: &mut Vec<u8>) -> Result<&'t str, String> {
    let invalid = || format!("`\\{}` is not a valid escape", after.chars().next().unwrap_or(' '));
    let first = after.bytes().next().ok_or_else(invalid)?;
    let (skip, digits, radix) = match first {
        b'x' | b'X' => (1, 2, 16),
        b'u' if !is_bytes => (1, 4, 16),
        b'U' if !is_bytes => (1, 8, 16),
        b'0'..=b'3' => (0, 3, 8),
        _ => {
            let byte = match first {
                b'a' => 0x07,
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                b'"' | b'\'' | b'\\' | b'?' | b'`' => first,
                _ => return Err(invalid()),
            };
            out.push(byte);
            return Ok(&after[1..]);
        }
    };
    let text = after.get(skip..skip + digits).ok_or_else(invalid)?;
    if !text.chars().all(|digit| digit.is_digit(radix)) {
        return Err(invalid());
    }
    let code = u32::from_str_radix(text, radix).map_err(|_| invalid())?;
    if is_bytes {
        out.push(u8::try_from(code).map_err(|_| invalid())?);
    } else {
        let character = char::from_u32(code).ok_or_else(invalid)?;
        out.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(&after[skip + digits..])
}
