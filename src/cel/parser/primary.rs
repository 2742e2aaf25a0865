//! The smallest parts of an expression: literals, names, calls of functions, lists, maps and messages.

use super::{Parsed, Parser};
use crate::cel::build::{grown, presence};
use crate::cel::fault::Fault;
use crate::cel::lexer::Token;
use crate::cel::syntax::{Expr, Node};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parsed {
        let start = self.start();
        let expr = match self.peek().cloned() {
            Some(Token::Symbol("(")) => {
                self.at += 1;
                let node = self.expr()?;
                self.expect(")")?;
                return Ok(node);
            }
            Some(Token::Symbol("[")) => {
                self.at += 1;
                Expr::List(self.list("]")?)
            }
            Some(Token::Symbol("{")) => {
                self.at += 1;
                Expr::Map(self.pairs(Self::expr)?)
            }
            Some(Token::Symbol(".")) => return self.named(),
            Some(Token::Word(word)) => match word.as_str() {
                "true" => self.constant(Expr::Bool(true)),
                "false" => self.constant(Expr::Bool(false)),
                "null" => self.constant(Expr::Null),
                _ => return self.named(),
            },
            Some(Token::Symbol("-")) => return self.number("-"),
            Some(Token::Int(_) | Token::Uint(_) | Token::Float(_)) => return self.number(""),
            Some(Token::Text(text)) => self.constant(Expr::Text(text)),
            Some(Token::Bytes(bytes)) => self.constant(Expr::Bytes(bytes)),
            _ => return self.unexpected("an expression"),
        };
        grown(expr, start, self.since(start))
    }

    fn constant(&mut self, expr: Expr) -> Expr {
        self.at += 1;
        expr
    }

    fn number(&mut self, sign: &str) -> Parsed {
        let start = self.start();
        self.at += usize::from(!sign.is_empty());
        let token = self.peek().cloned();
        self.at += 1;
        let expr = match token {
            Some(Token::Int(digits)) => integer(&digits)
                .and_then(|value| i64::try_from(if sign.is_empty() { value } else { -value }).ok())
                .map(Expr::Int),
            Some(Token::Uint(digits)) => integer(&digits).and_then(|value| u64::try_from(value).ok()).map(Expr::Uint),
            Some(Token::Float(text)) => format!("{sign}{text}").parse().ok().map(Expr::Double),
            _ => None,
        };
        let span = self.since(start);
        match expr {
            Some(expr) => Ok(Node::new(expr, start, span)),
            None => Err(Fault::syntax(span, "a number is out of range")),
        }
    }

    /// A name, a call of a function, or a message: `pkg.Type{…}`.
    fn named(&mut self) -> Parsed {
        let offset = self.start();
        let dot = if self.accept(".") { "." } else { "" };
        let start = self.at;
        let at = self.start();
        if let Some(message) = self.message_name() {
            let fields = self.pairs(Self::field_name)?;
            return grown(Expr::Struct(format!("{dot}{message}"), fields), at, self.since(offset));
        }
        self.at = start;
        let name = format!("{dot}{}", self.name(true)?);
        if !self.accept("(") {
            return Ok(Node::new(Expr::Ident(name), at, self.since(offset)));
        }
        let args = self.list(")")?;
        if name == "has" && args.len() == 1 {
            return presence(args, self.since(offset));
        }
        grown(Expr::Call { function: name, target: None, args }, at, self.since(offset))
    }

    /// `pkg.Type` and the brace after it, if that is what comes.
    fn message_name(&mut self) -> Option<String> {
        let mut name = self.name(false).ok()?;
        while self.accept(".") {
            name.push('.');
            name.push_str(&self.name(false).ok()?);
        }
        self.accept("{").then_some(name)
    }
}

fn integer(digits: &str) -> Option<i128> {
    match digits.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    }
}
