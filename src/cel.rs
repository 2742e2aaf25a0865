//! The Common Expression Language (<https://cel.dev>): compiles an expression, finds its type and what is wrong with it,
//! and evaluates it within limits. What an embedder adds to the language comes as an [`Environment`], what it has to
//! show as an [`Object`]; this must not know of protolint, of any rules or of findings.

mod build;
mod compile;
mod environment;
mod eval;
mod fault;
mod format;
mod functions;
mod lexer;
mod library;
mod meter;
mod object;
mod parser;
mod pattern;
mod program;
pub(crate) mod re2;
mod scope;
mod syntax;
#[cfg(test)]
mod tests;
pub(crate) mod time;
mod types;
mod value;

pub(crate) use environment::{Environment, Library};
pub(crate) use fault::{Fault, FaultKind};
pub(crate) use functions::{Called, Function, Overload, Sig, row};
pub(crate) use meter::{Limits, Meter};
pub(crate) use object::{Attribute, Object, ObjectType};
pub(crate) use parser::parse;
pub(crate) use program::{Failure, Program};
pub(crate) use scope::kind_type;
pub(crate) use syntax::{Expr, MacroKind, Node};
pub(crate) use types::Type;
pub(crate) use value::{List, Map, Value};
