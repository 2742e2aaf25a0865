//! Reads a CEL expression into its tree, by the grammar of the language definition. It must not know what names mean.

use std::ops::Range;

use super::build::{Member, call, grown, member_call, single_or};
use super::environment::Library;
use super::fault::Fault;
use super::lexer::{Token, tokens};
use super::syntax::{BINARY, Expr, Node};

mod primary;

/// Longer expressions are not looked into, in bytes.
const MAX_LENGTH: usize = 100_000;

/// How deep brackets and conditionals may nest.
const MAX_NESTING: usize = 48;

const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Words that are tokens of their own, never names.
const KEYWORDS: [&str; 4] = ["in", "true", "false", "null"];

pub(super) type Parsed<T = Node> = Result<T, Fault>;

/// Reads a whole expression of the language with some libraries, which bring macros and syntax.
pub(crate) fn parse(text: &str, libraries: &[Library]) -> Parsed {
    if text.len() > MAX_LENGTH {
        let message = format!("the expression has {} bytes, more than {MAX_LENGTH}", text.len());
        return Err(Fault::limit(0..text.len(), message));
    }
    let mut parser = Parser { tokens: tokens(text)?, libraries, at: 0, nesting: 0, length: text.len() };
    let node = parser.expr()?;
    match parser.tokens.get(parser.at) {
        None => Ok(node),
        Some((token, span)) => Err(Fault::syntax(span.clone(), format!("{} is out of place", token.describe()))),
    }
}

struct Parser<'l> {
    tokens: Vec<(Token, Range<usize>)>,
    libraries: &'l [Library],
    at: usize,
    nesting: usize,
    /// Of the text, in bytes.
    length: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Where the next token begins.
    fn start(&self) -> usize {
        self.tokens.get(self.at).map_or(self.length, |(_, span)| span.start)
    }

    /// The bytes from an offset to the end of the last token.
    fn since(&self, start: usize) -> Range<usize> {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        start..last.map_or(start, |(_, span)| span.end.max(start))
    }

    fn is_next(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(Token::Symbol(next)) if *next == symbol)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let is_next = self.is_next(symbol);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes the `?` of an optional part.
    fn accept_optional(&mut self) -> bool {
        self.libraries.contains(&Library::Optionals) && self.accept("?")
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        match self.accept(symbol) {
            true => Ok(()),
            false => self.unexpected(&format!("`{symbol}`")),
        }
    }

    fn unexpected<T>(&self, wanted: &str) -> Parsed<T> {
        let found = self.peek().map_or_else(|| "the end".to_owned(), Token::describe);
        let span = self.tokens.get(self.at).map_or(self.length..self.length, |(_, span)| span.clone());
        Err(Fault::syntax(span, format!("{wanted} is expected, not {found}")))
    }

    fn expr(&mut self) -> Parsed {
        let start = self.start();
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            let message = format!("the expression is nested more than {MAX_NESTING} levels deep");
            return Err(Fault::limit(start..start + 1, message));
        }
        let mut node = self.any_of()?;
        let at = self.start();
        if self.accept("?") {
            let yes = self.any_of()?;
            self.expect(":")?;
            let no = self.expr()?;
            node = call("_?_:_", vec![node, yes, no], at, self.since(start))?;
        }
        self.nesting -= 1;
        Ok(node)
    }

    fn any_of(&mut self) -> Parsed {
        let mut terms = vec![self.all_of()?];
        while self.accept("||") {
            terms.push(self.all_of()?);
        }
        single_or(terms, Expr::Or)
    }

    fn all_of(&mut self) -> Parsed {
        let mut terms = vec![self.binary(1)?];
        while self.accept("&&") {
            terms.push(self.binary(1)?);
        }
        single_or(terms, Expr::And)
    }

    fn binary(&mut self, least: u8) -> Parsed {
        let start = self.start();
        let mut left = self.unary()?;
        while let Some((function, precedence)) = self.operator().filter(|(_, precedence)| *precedence >= least) {
            let at = self.start();
            self.at += 1;
            let right = self.binary(precedence + 1)?;
            left = call(function, vec![left, right], at, self.since(start))?;
        }
        Ok(left)
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let text = match self.peek()? {
            Token::Symbol(symbol) => symbol,
            Token::Word(word) => word.as_str(),
            _ => return None,
        };
        BINARY.iter().find(|(symbol, ..)| *symbol == text).map(|(_, function, precedence)| (*function, *precedence))
    }

    fn unary(&mut self) -> Parsed {
        let offset = self.start();
        for (symbol, function) in [("!", "!_"), ("-", "-_")] {
            let start = self.at;
            while self.accept(symbol) {}
            let mut count = self.at - start;
            if count == 0 {
                continue;
            }
            // A minus right before a number belongs to the number.
            if symbol == "-" && matches!(self.peek(), Some(Token::Int(_) | Token::Float(_))) {
                self.at -= 1;
                count -= 1;
            }
            let node = self.member()?;
            // Two cancel out, but there must be one left to check what they stand before.
            let kept = if count == 0 { 0 } else { 2 - count % 2 };
            return (0..kept).try_fold(node, |node, _| call(function, vec![node], offset, self.since(offset)));
        }
        self.member()
    }

    fn member(&mut self) -> Parsed {
        let offset = self.start();
        let mut node = self.primary()?;
        loop {
            if self.accept(".") {
                node = self.after_dot(node, offset)?;
            } else if self.is_next("[") {
                let at = self.start();
                self.at += 1;
                let function = if self.accept_optional() { "_[?_]" } else { "_[_]" };
                let index = self.expr()?;
                self.expect("]")?;
                node = call(function, vec![node, index], at, self.since(offset))?;
            } else {
                return Ok(node);
            }
        }
    }

    /// A field or a method of a node that begins at `offset`.
    fn after_dot(&mut self, target: Node, offset: usize) -> Parsed {
        let is_optional = self.accept_optional();
        let is_quoted = matches!(self.peek(), Some(Token::Quoted(_)));
        let at = self.start() + usize::from(is_quoted);
        let name = self.field_name()?;
        if is_optional {
            let end = at + name.len();
            let name = Node::new(Expr::Text(name), at, at..end);
            return call("_?._", vec![target, name], at, self.since(offset));
        }
        if is_quoted || !self.accept("(") {
            return grown(Expr::Select(Box::new(target), name), at, self.since(offset));
        }
        let args = self.list(")")?;
        let span = self.since(offset);
        member_call(Member { target, name, at, args, span }, self.libraries)
    }

    /// A field or function name, or a name that is not after a dot, which must not be reserved.
    fn name(&mut self, is_alone: bool) -> Parsed<String> {
        match self.tokens.get(self.at) {
            Some((Token::Word(word), span)) if is_alone && RESERVED.contains(&word.as_str()) => {
                Err(Fault::syntax(span.clone(), format!("`{word}` is a reserved word")))
            }
            Some((Token::Word(word), _)) if !KEYWORDS.contains(&word.as_str()) => {
                let name = word.clone();
                self.at += 1;
                Ok(name)
            }
            _ => self.unexpected("a name"),
        }
    }

    /// The name of a field, which alone may stand in backticks.
    fn field_name(&mut self) -> Parsed<String> {
        let Some(Token::Quoted(name)) = self.peek() else { return self.name(false) };
        let name = name.clone();
        self.at += 1;
        Ok(name)
    }

    /// Expressions up to the closing bracket; before `]` there may be a last comma, and elements may be optional.
    fn list(&mut self, close: &str) -> Parsed<Vec<Node>> {
        let mut nodes = Vec::new();
        while !self.accept(close) {
            let start = self.start();
            let is_optional = close == "]" && self.accept_optional();
            let node = self.expr()?;
            nodes.push(self.optional(node, is_optional, start)?);
            if !self.accept(",") {
                if !self.is_next(close) {
                    return self.unexpected(&format!("`,` or `{close}`"));
                }
            } else if self.is_next(close) && close != "]" {
                return self.unexpected("an expression");
            }
        }
        Ok(nodes)
    }

    /// The node, marked as optional if it is.
    fn optional(&self, node: Node, is_optional: bool, start: usize) -> Parsed {
        match is_optional {
            true => grown(Expr::Optional(Box::new(node)), start, self.since(start)),
            false => Ok(node),
        }
    }

    /// `key: value` pairs up to the closing brace, which may follow a comma.
    fn pairs<K>(&mut self, key: impl Fn(&mut Self) -> Parsed<K>) -> Parsed<Vec<(K, Node)>> {
        let mut pairs = Vec::new();
        while !self.accept("}") {
            let start = self.start();
            let is_optional = self.accept_optional();
            let name = key(self)?;
            self.expect(":")?;
            let value = self.expr()?;
            pairs.push((name, self.optional(value, is_optional, start)?));
            if !self.accept(",") && !self.is_next("}") {
                return self.unexpected("`,` or `}`");
            }
        }
        Ok(pairs)
    }
}
