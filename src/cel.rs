//! The Common Expression Language (<https://cel.dev>): reads an expression, finds its type and what is wrong with it,
//! and evaluates it as far as that is certain. What an embedder adds to the language comes as an [`Environment`]; this
//! must not know of protolint, of any rules or of findings.

mod build;
mod check;
mod environment;
mod eval;
mod format;
mod functions;
mod lexer;
mod library;
mod parser;
pub(crate) mod re2;
mod scope;
mod syntax;
pub(crate) mod time;
mod types;
mod value;

pub(crate) use check::check;
pub(crate) use environment::{Environment, Function};
pub(crate) use eval::evaluate;
pub(crate) use functions::{Overload, Sig};
pub(crate) use parser::{ParseError, parse};
pub(crate) use scope::{Scope, kind_type};
pub(crate) use syntax::{Expr, MacroKind, Node};
pub(crate) use types::Type;
pub(crate) use value::Value;
