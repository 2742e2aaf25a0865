//! Reads a CEL expression into its tree, by the grammar of the language definition. Optional syntax (`a.?b`)
//! is not part of it. It must not know what names mean.

use super::build::{call, grown, member_call, single_or};
use super::lexer::{Token, tokens};
use super::syntax::{BINARY, Expr, Node};

mod primary;

/// Why there is no tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ParseError {
    /// The text is not an expression; says why.
    Syntax(String),
    /// The expression is too long or too deep to be looked into; it may well be valid.
    TooLarge,
}

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

pub(super) type Parsed<T = Node> = Result<T, ParseError>;

/// Reads a whole expression.
pub(crate) fn parse(text: &str) -> Parsed {
    if text.len() > MAX_LENGTH {
        return Err(ParseError::TooLarge);
    }
    let tokens = tokens(text).map_err(ParseError::Syntax)?;
    let mut parser = Parser { tokens, at: 0, nesting: 0 };
    let node = parser.expr()?;
    match parser.tokens.get(parser.at) {
        None => Ok(node),
        Some((token, _)) => Err(ParseError::Syntax(format!("{} is out of place", token.describe()))),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    nesting: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Where the next token begins.
    fn start(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(_, start)| *start)
    }

    fn is_next(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(Token::Symbol(next)) if *next == symbol)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let is_next = self.is_next(symbol);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        match self.accept(symbol) {
            true => Ok(()),
            false => self.unexpected(&format!("`{symbol}`")),
        }
    }

    fn unexpected<T>(&self, wanted: &str) -> Parsed<T> {
        let found = self.peek().map_or_else(|| "the end".to_owned(), Token::describe);
        Err(ParseError::Syntax(format!("{wanted} is expected, not {found}")))
    }

    fn expr(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(ParseError::TooLarge);
        }
        let mut node = self.any_of()?;
        if self.accept("?") {
            let yes = self.any_of()?;
            self.expect(":")?;
            let no = self.expr()?;
            node = call("_?_:_", vec![node, yes, no])?;
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
        let mut left = self.unary()?;
        while let Some((function, precedence)) = self.operator().filter(|(_, precedence)| *precedence >= least) {
            self.at += 1;
            let right = self.binary(precedence + 1)?;
            left = call(function, vec![left, right])?;
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
            // An even number cancels out.
            return (0..count % 2).try_fold(node, |node, _| call(function, vec![node]));
        }
        self.member()
    }

    fn member(&mut self) -> Parsed {
        let mut node = self.primary()?;
        loop {
            if self.accept(".") {
                let is_quoted = matches!(self.peek(), Some(Token::Quoted(_)));
                let start = self.start() + usize::from(is_quoted);
                let name = self.field_name()?;
                node = match !is_quoted && self.accept("(") {
                    true => {
                        let args = self.list(")")?;
                        member_call(node, name, args)?
                    }
                    false => grown(Node::new(Expr::Select(Box::new(node), name)).named_at(start))?,
                };
            } else if self.accept("[") {
                let index = self.expr()?;
                self.expect("]")?;
                node = call("_[_]", vec![node, index])?;
            } else {
                return Ok(node);
            }
        }
    }

    /// A field or function name, or a name that stands alone, which must not be reserved.
    fn name(&mut self, is_alone: bool) -> Parsed<String> {
        match self.peek() {
            Some(Token::Word(word)) if is_alone && RESERVED.contains(&word.as_str()) => {
                Err(ParseError::Syntax(format!("`{word}` is a reserved word")))
            }
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.as_str()) => {
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

    /// Expressions up to the closing bracket; before `]` there may be a last comma.
    fn list(&mut self, close: &str) -> Parsed<Vec<Node>> {
        let mut nodes = Vec::new();
        while !self.accept(close) {
            nodes.push(self.expr()?);
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

    /// `key: value` pairs up to the closing brace, which may follow a comma.
    fn pairs<K>(&mut self, key: impl Fn(&mut Self) -> Parsed<K>) -> Parsed<Vec<(K, Node)>> {
        let mut pairs = Vec::new();
        while !self.accept("}") {
            let name = key(self)?;
            self.expect(":")?;
            pairs.push((name, self.expr()?));
            if !self.accept(",") && !self.is_next("}") {
                return self.unexpected("`,` or `}`");
            }
        }
        Ok(pairs)
    }
}
