//! Where no message shows a difference: whether there may be one all the same. It evaluates nothing.

use std::collections::BTreeSet;

use prost_reflect::{DynamicMessage, Value};

use super::Version;
use crate::cel::re2;
use crate::rules::protovalidate::evaluate::Focus;
use crate::rules::protovalidate::lookup::{Extensions, View};

/// What rules say that examples cannot settle.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opaque {
    /// CEL expressions, white space left out.
    pub(super) expressions: BTreeSet<String>,
    /// Patterns of strings and bytes.
    pub(super) patterns: BTreeSet<String>,
}

impl Opaque {
    /// What the rules of a part say.
    pub(super) fn new(version: Version<'_>, part: &Focus) -> Opaque {
        let mut opaque = Opaque::default();
        let rules = match part {
            Focus::Field { number, .. } => {
                version.message.get_field(*number).and_then(|field| version.evaluator.rules_of(&field))
            }
            Focus::Message => version.evaluator.rules_of_message(version.message),
            Focus::Oneof(_) => None,
        };
        if let Some(rules) = rules {
            opaque.add(&rules);
        }
        opaque
    }

    fn add(&mut self, rules: &DynamicMessage) {
        for (field, value) in rules.fields() {
            match (field.name(), value) {
                ("pattern", Value::String(pattern)) => _ = self.patterns.insert(pattern.clone()),
                ("expression", Value::String(expression)) => self.add_expression(expression),
                (_, Value::Message(message)) => self.add(message),
                ("cel_expression", Value::List(values)) => {
                    values.iter().filter_map(Value::as_str).for_each(|text| self.add_expression(text));
                }
                (_, Value::List(values)) => {
                    values.iter().filter_map(Value::as_message).for_each(|rules| self.add(rules))
                }
                _ => {}
            }
        }
        let used = View(rules).extensions();
        let Some(extensions) = Extensions::find(&View(rules).pool()).filter(|_| !used.is_empty()) else { return };
        for (extension, _) in used {
            if let Some(predefined) = extensions.predefined_rules(&extension.options()) {
                self.add(&predefined);
            }
        }
    }

    /// Adds an expression without the white space that has no meaning.
    fn add_expression(&mut self, text: &str) {
        let mut quote = None;
        let is_kept = |letter: &char| {
            match (quote, *letter) {
                (None, '"' | '\'') => quote = Some(*letter),
                (Some(open), close) if open == close => quote = None,
                _ => {}
            }
            quote.is_some() || !letter.is_whitespace()
        };
        self.expressions.insert(text.chars().filter(is_kept).collect());
    }

    /// Whether these may refuse what others accept, as they have another expression.
    pub(super) fn has_more_expressions_than(&self, other: &Opaque) -> bool {
        !self.expressions.is_subset(&other.expressions)
    }

    /// Whether a pattern of these may not match what the others let pass. What is known to be no text of both is not
    /// doubted: then the other rules decided.
    pub(super) fn has_doubtful_patterns_beside(&self, other: &Opaque) -> bool {
        let others: Vec<&str> = match other.patterns.is_empty() {
            true => vec![""],
            false => other.patterns.iter().map(String::as_str).collect(),
        };
        let is_known = |pattern: &String| others.iter().any(|other| re2::includes(pattern, other).is_some());
        self.patterns.difference(&other.patterns).any(|pattern| !is_known(pattern))
    }
}
