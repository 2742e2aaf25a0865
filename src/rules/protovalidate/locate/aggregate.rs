//! Reads the text form of a message (`{min_len: 5, in: ["a"]}`) far enough to know which field stands where.
//! It must not know of descriptors; text that is not well-formed yields what was read before the fault.

use std::ops::Range;

/// A field that the text sets.
#[derive(Debug)]
pub(super) struct Field<'t> {
    /// The name as written, without the brackets of an extension.
    pub(super) name: &'t str,
    /// Whether the name stood in brackets.
    pub(super) is_extension: bool,
    /// From the name to the end of the value, in bytes of the text.
    pub(super) span: Range<usize>,
    /// The fields of a message value; empty for scalars and lists.
    pub(super) fields: Vec<Field<'t>>,
}

/// A value: an empty list sets nothing.
struct Value<'t> {
    is_set: bool,
    fields: Vec<Field<'t>>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Value { is_set: true, fields: Vec::new() }
    }
}

/// Deeper text is left unread: no options schema nests like that.
const MAX_DEPTH: usize = 64;

/// Reads the fields of `{…}` or `<…>`, with the brackets; any other text has none.
pub(super) fn parse(text: &str) -> Vec<Field<'_>> {
    let mut scanner = Scanner { text, at: 0 };
    match scanner.next() {
        Some(Token::Open) => scanner.fields(0),
        _ => Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    /// `{` or `<`
    Open,
    /// `}` or `>`
    Close,
    ListOpen,
    ListClose,
    /// `,` or `;`
    Separator,
    Colon,
    /// A name or a number, with signs and dots.
    Word(&'t str),
    Quoted,
    Other,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = match rest {
                [byte, ..] if byte.is_ascii_whitespace() || *byte == 0x0b => 1,
                [b'/', b'/', ..] | [b'#', ..] => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', after @ ..] => {
                    after.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |end| end + 4)
                }
                _ => return,
            };
            self.at += skipped;
        }
    }

    fn next(&mut self) -> Option<Token<'t>> {
        self.skip_blanks();
        let start = self.at;
        let (first, after) = self.rest().split_first()?;
        self.at += 1;
        Some(match first {
            b'{' | b'<' => Token::Open,
            b'}' | b'>' => Token::Close,
            b'[' => Token::ListOpen,
            b']' => Token::ListClose,
            b',' | b';' => Token::Separator,
            b':' => Token::Colon,
            b'"' | b'\'' => {
                self.at += quoted_length(after, *first);
                Token::Quoted
            }
            byte if is_word(*byte) => {
                self.at += after.iter().take_while(|byte| is_word(**byte)).count();
                Token::Word(self.text.get(start..self.at)?)
            }
            _ => Token::Other,
        })
    }

    fn peek(&mut self) -> Option<Token<'t>> {
        let start = self.at;
        let token = self.next();
        self.at = start;
        token
    }

    /// Reads fields up to the closing bracket, which is consumed.
    fn fields(&mut self, depth: usize) -> Vec<Field<'t>> {
        let mut fields = Vec::new();
        loop {
            self.skip_blanks();
            let start = self.at;
            let (name, is_extension) = match self.next() {
                Some(Token::Separator) => continue,
                Some(Token::Word(name)) => (name, false),
                Some(Token::ListOpen) => match self.bracketed() {
                    Some(name) => (name, true),
                    None => return fields,
                },
                _ => return fields,
            };
            let Some(value) = self.value(depth) else {
                return fields;
            };
            if value.is_set {
                fields.push(Field { name, is_extension, span: start..self.at, fields: value.fields });
            }
        }
    }

    /// The name in `[…]`, after the opening bracket.
    fn bracketed(&mut self) -> Option<&'t str> {
        self.skip_blanks();
        let length = self.rest().iter().position(|byte| *byte == b']')?;
        let name = self.text.get(self.at..self.at + length)?.trim_end();
        self.at += length + 1;
        Some(name)
    }

    /// Reads a value, with the colon before it.
    fn value(&mut self, depth: usize) -> Option<Value<'t>> {
        if self.peek() == Some(Token::Colon) {
            self.next();
        }
        match self.next()? {
            Token::Open if depth < MAX_DEPTH => Some(Value { fields: self.fields(depth + 1), ..Value::default() }),
            Token::ListOpen if self.peek() == Some(Token::ListClose) => {
                self.next();
                Some(Value { is_set: false, ..Value::default() })
            }
            Token::ListOpen => self.skip_list().then(Value::default),
            Token::Quoted => {
                while self.peek() == Some(Token::Quoted) {
                    self.next();
                }
                Some(Value::default())
            }
            Token::Word("-") => matches!(self.next()?, Token::Word(_)).then(Value::default),
            Token::Word(_) => Some(Value::default()),
            _ => None,
        }
    }

    /// Skips to the end of a list; brackets of all kinds nest.
    fn skip_list(&mut self) -> bool {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                None => return false,
                Some(Token::Open | Token::ListOpen) => depth += 1,
                Some(Token::Close | Token::ListClose) => depth -= 1,
                Some(_) => {}
            }
        }
        true
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+')
}

/// The length of a quoted text after its opening quote, with the closing one.
fn quoted_length(after: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while let Some(byte) = after.get(at) {
        at += match byte {
            b'\\' => 2,
            byte if *byte == quote => return at + 1,
            _ => 1,
        };
    }
    after.len()
}
