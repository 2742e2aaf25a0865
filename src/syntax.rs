//! The syntax of `.proto` files: a lexer, a parser that goes on after mistakes, and a tree that holds every byte of its
//! text. It implements the grammar of <https://protobuf.dev/reference/protobuf/edition-2023-spec/> and its older forms,
//! and nothing of names, types and other files.
//!
//! ```text
//! text ──lexer──▶ tokens, comments ──parser──▶ Tree ──ast──▶ typed views such as `ast::Field<'t>`
//! ```
//!
//! What is wrong is a [`Fault`] with a place, what was expected there, and a repair where one is certain. A declaration
//! with a fault in it is marked as damaged; its neighbours are whole.

pub(crate) mod ast;
mod comments;
pub(crate) mod edit;
mod fault;
mod laws;
mod lexer;
pub(crate) mod literal;
mod parser;
mod places;
#[cfg(test)]
pub(crate) mod tests;
mod tree;

pub(crate) use fault::{Fault, FaultKind, Repair};
pub(crate) use laws::breach;
pub(crate) use lexer::{Comment, Token, TokenKind};
pub(crate) use parser::{is_import_path, parse};
pub(crate) use places::{Quote, words};
pub(crate) use tree::{Node, NodeKind, Tree};

/// The editions this version reads, <https://protobuf.dev/editions/overview/>.
pub(crate) const EDITIONS: [&str; 3] = ["2023", "2024", "2026"];

/// Braces and brackets within one option value may nest this deep; who interprets options recurses that far.
pub(crate) const MAX_OPTION_DEPTH: u32 = 100;

/// Messages and groups may nest this deep: `MaxMessageDeclarationNestingDepth` of protoc's `parser.cc`.
pub(crate) const MAX_MESSAGE_DEPTH: u32 = 32;
