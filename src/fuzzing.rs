//! The door by which fuzzing and benchmarks reach what no report shows. It is no part of the library's interface.

use crate::cel;
use crate::format::{self, Style, applied, whole};
use crate::payload;
use crate::schema::{self, Judgement};
use crate::syntax;

/// What is wrong with how a text is read, if anything is: it comes back out of its tree, nodes nest, and its descriptor is
/// the one that protox makes, where both take it.
pub fn syntax(text: &str) -> Option<String> {
    syntax::breach(text).or_else(|| match schema::judge(text) {
        Judgement::Differs(difference) => Some(difference.message),
        Judgement::Same | Judgement::Refused | Judgement::OnlyOurs => None,
    })
}

/// What is wrong with how an expression is read and evaluated, if anything is: errors have places inside of it, and what it
/// gives does not change.
pub fn cel(text: &str) -> Option<String> {
    cel::breach(text)
}

/// An expression about a `name`, for benchmarks.
#[derive(Debug)]
pub struct Expression(cel::Program);

impl Expression {
    /// Compiles an expression; none if it is not valid.
    pub fn new(text: &str) -> Option<Self> {
        cel::about_name(text).map(Expression)
    }

    /// Whether it gives `true` for a name.
    pub fn holds(&self, name: &str) -> bool {
        let value = self.0.evaluate(&[cel::Value::text(name)], cel::Limits::DEFAULT);
        matches!(value, Ok(cel::Value::Bool(true)))
    }
}

/// What is wrong with how a text is formatted, if anything is: tokens, comments and damage stay, a second run changes
/// nothing, and the text means what it meant.
pub fn format(text: &str, style: &Style) -> Option<String> {
    format::breach(text, style).or_else(|| {
        let formatted = whole(text, style);
        schema::changed_meaning(text, &applied(text, &formatted.edits))
    })
}

/// What is wrong with how bytes are read as a message of a type, if anything is: each byte is explained once, what is
/// counted adds up, and the order of messages changes nothing.
pub fn payload(files: &[(&str, &str)], type_name: &str, bytes: &[u8]) -> Option<String> {
    payload::breach(&payload::schema(files), type_name, bytes)
}
