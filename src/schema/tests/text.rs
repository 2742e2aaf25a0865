//! Reads the text format of messages into trees, <https://protobuf.dev/reference/protobuf/textformat-spec/>. It uses no
//! types: numbers and words stay as written, lists become repeated fields.

use crate::syntax::{self, Token, TokenKind};

/// The fields of a message in the order they are written; extensions are called `[full.name]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tree(pub(super) Vec<(String, Value)>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A number, a word.
    Word(String),
    Text(Vec<u8>),
    Tree(Tree),
}

impl Tree {
    pub(super) fn read(text: &str) -> Result<Tree, String> {
        // What is no schema has the tokens of one.
        let tree = syntax::parse(text);
        let (_, tokens) = tree.tokens().split_last().expect("the last one is the end");
        let mut reader = Reader { text, tokens, at: 0 };
        reader.tree(None)
    }

    pub(super) fn word(&mut self, name: &str, word: impl ToString) {
        self.0.push((name.to_owned(), Value::Word(word.to_string())));
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.0.push((name.to_owned(), Value::Text(text.as_bytes().to_owned())));
    }

    pub(super) fn tree(&mut self, name: &str, tree: Tree) {
        self.0.push((name.to_owned(), Value::Tree(tree)));
    }

    /// The messages that the field holds.
    pub(super) fn children<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t Tree> {
        self.0.iter().filter(move |(field, _)| field == name).filter_map(|(_, value)| match value {
            Value::Tree(tree) => Some(tree),
            _ => None,
        })
    }

    /// The word that the field holds.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).and_then(|(_, value)| match value {
            Value::Word(word) => Some(word.as_str()),
            _ => None,
        })
    }

    /// protoc distinguishes empty braces after an rpc from none.
    pub(super) fn without_empty_options(mut self) -> Tree {
        self.0.retain(|(name, value)| !(name == "options" && *value == Value::Tree(Tree::default())));
        for (_, value) in &mut self.0 {
            if let Value::Tree(tree) = value {
                *tree = std::mem::take(tree).without_empty_options();
            }
        }
        self
    }

    /// The first place where two trees differ, as a path and both values.
    pub(super) fn differs_from(&self, theirs: &Tree) -> Option<String> {
        for (at, (name, ours)) in self.0.iter().enumerate() {
            let Some((their_name, their_value)) = theirs.0.get(at) else {
                return Some(format!("{name}: {ours:?}, protoc has nothing more"));
            };
            if name != their_name {
                return Some(format!("{name}: {ours:?}, protoc has {their_name}: {their_value:?}"));
            }
            match (ours, their_value) {
                (Value::Tree(ours), Value::Tree(theirs)) => {
                    if let Some(difference) = ours.differs_from(theirs) {
                        return Some(format!("{name}.{difference}"));
                    }
                }
                _ if !ours.is_same(their_value) => {
                    return Some(format!("{name}: {ours:?}, protoc has {their_value:?}"));
                }
                _ => {}
            }
        }
        theirs.0.get(self.0.len()).map(|(name, value)| format!("nothing more, protoc has {name}: {value:?}"))
    }
}

impl Value {
    /// Whether both are the same; fractions may be written in several ways.
    fn is_same(&self, other: &Value) -> bool {
        let is_whole = |word: &str| word.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
        match (self, other) {
            (Value::Word(one), Value::Word(other)) if !is_whole(one) || !is_whole(other) => {
                let number = |word: &str| word.parse::<f64>().ok();
                one == other
                    || matches!((number(one), number(other)), (Some(one), Some(other)) if one == other || one.is_nan() && other.is_nan())
            }
            // The default of a fraction, which descriptors hold as a text.
            (Value::Word(_), Value::Text(text)) => {
                self.is_same(&Value::Word(String::from_utf8_lossy(text).into_owned()))
            }
            _ => self == other,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl Reader<'_> {
    fn slice(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| token.slice(self.text))
    }

    fn take(&mut self, word: &str) -> bool {
        let is_there = self.slice() == word && !word.is_empty();
        self.at += usize::from(is_there);
        is_there
    }

    fn expected(&self, what: &str) -> String {
        format!("{what} expected, found `{}`", self.slice())
    }

    fn tree(&mut self, close: Option<&str>) -> Result<Tree, String> {
        let mut tree = Tree::default();
        loop {
            match close {
                Some(close) if self.take(close) => return Ok(tree),
                None if self.at >= self.tokens.len() => return Ok(tree),
                _ => {}
            }
            let name = self.name()?;
            self.take(":");
            if self.take("[") {
                while !self.take("]") {
                    let value = self.value()?;
                    tree.0.push((name.clone(), value));
                    self.take(",");
                }
            } else {
                let value = self.value()?;
                tree.0.push((name, value));
            }
            let _ = self.take(",") || self.take(";");
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let mut name = String::new();
        let is_extension = self.slice() == "[";
        loop {
            let word = self.slice();
            if word.is_empty() {
                return Err(self.expected("a name"));
            }
            name.push_str(word);
            self.at += 1;
            if !is_extension || name.ends_with(']') {
                return Ok(name);
            }
        }
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.take("{") {
            return Ok(Value::Tree(self.tree(Some("}"))?));
        }
        if self.take("<") {
            return Ok(Value::Tree(self.tree(Some(">"))?));
        }
        let sign = if self.take("-") { "-" } else { "" };
        let Some(token) = self.tokens.get(self.at) else { return Err(self.expected("a value")) };
        if token.kind != TokenKind::Str {
            self.at += 1;
            return Ok(Value::Word(format!("{sign}{}", token.slice(self.text))));
        }
        let mut bytes = Vec::new();
        while let Some(token) = self.tokens.get(self.at).filter(|token| token.kind == TokenKind::Str) {
            let literal = token.slice(self.text);
            unescape(&literal[1..literal.len() - 1], &mut bytes);
            self.at += 1;
        }
        Ok(Value::Text(bytes))
    }
}

/// Adds the bytes that the inside of a literal means.
fn unescape(inside: &str, bytes: &mut Vec<u8>) {
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = &rest[at + 1..];
        let digits = |from: usize, most: usize, radix: u32| {
            let count = escape[from..].chars().take(most).take_while(|c| c.is_digit(radix)).count();
            (u32::from_str_radix(&escape[from..from + count], radix).unwrap_or_default(), from + count)
        };
        let code_point = |code: u32, bytes: &mut Vec<u8>| {
            let c = char::from_u32(code).expect("the schemas have no lone surrogates in braces");
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        };
        let taken = match escape.as_bytes()[0] {
            b'0'..=b'7' => {
                let (value, end) = digits(0, 3, 8);
                bytes.push(value as u8);
                end
            }
            b'x' | b'X' => {
                let (value, end) = digits(1, 2, 16);
                bytes.push(value as u8);
                end
            }
            b'u' => {
                let (code, end) = digits(1, 4, 16);
                code_point(code, bytes);
                end
            }
            b'U' => {
                let (code, end) = digits(1, 8, 16);
                code_point(code, bytes);
                end
            }
            simple => {
                let known = b"abtnvfr".iter().position(|&known| known == simple);
                bytes.push(known.map_or(simple, |at| 7 + at as u8));
                1
            }
        };
        rest = &escape[taken..];
    }
    bytes.extend_from_slice(rest.as_bytes());
}
