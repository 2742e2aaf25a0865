//! Collects problems of one element, and writes rule names the way a schema's author does
//! (`repeated.items.string.min_len`). It must not know what a rule means.

use super::Problem;

/// Collects the problems of one message, field or extension.
pub(super) struct Reporter<'a> {
    problems: &'a mut Vec<Problem>,
    element: &'a [i32],
    /// The short name of the element.
    pub(super) name: &'a str,
    option: Vec<i32>,
    rule: String,
    /// Whether rules are switched off or faulty from here on, so that examples say nothing.
    pub(super) skips_examples: bool,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(problems: &'a mut Vec<Problem>, element: &'a [i32], name: &'a str, extension: i32) -> Self {
        Reporter { problems, element, name, option: vec![extension], rule: String::new(), skips_examples: false }
    }

    /// A reporter for rules nested in these, such as `items` of `repeated`.
    pub(super) fn within(&mut self, path: &[i32], rule: &str) -> Reporter<'_> {
        let option = [&self.option[..], path].concat();
        let rule = self.rule(rule);
        let skips_examples = self.skips_examples;
        Reporter { problems: self.problems, element: self.element, name: self.name, option, rule, skips_examples }
    }

    /// The name of a rule below `(buf.validate.…)`.
    pub(super) fn rule(&self, name: &str) -> String {
        match (self.rule.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (_, true) => self.rule.clone(),
            _ => format!("{}.{name}", self.rule),
        }
    }

    /// Reports a problem at `path`, field numbers and indexes below this reporter's rules.
    pub(super) fn report(&mut self, path: &[i32], message: impl Into<String>) {
        self.problems.push(Problem {
            element: self.element.to_vec(),
            option: [&self.option[..], path].concat(),
            message: message.into(),
        });
    }
}

/// The most characters of a value or expression that a message quotes.
const MAX_QUOTED: usize = 80;

/// A text short enough to be part of a message.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
