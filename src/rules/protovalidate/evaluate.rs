//! What rules make of a value: it meets them, or breaks some, or that cannot be decided here, as with expressions that
//! look at the clock. It must not know of checks, comparisons or findings.

use prost_reflect::Value;

use super::element::Element;
use super::lookup::View;
use super::numeric::show;

mod custom;
mod field;
mod message;
mod number;
mod text;
mod time;

pub(super) use custom::Programs;
pub(super) use field::Place;
pub(super) use message::Evaluator;
pub(crate) use message::Focus;

/// Numbers of the values of `buf.validate.Ignore` that skip rules; older versions spell the names differently.
pub(super) const IGNORE_IF_ZERO_VALUE: i32 = 1;
pub(super) const IGNORE_ALWAYS: i32 = 3;

/// What was found of a value.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) broken: Vec<Broken>,
    /// Whether a rule could not be decided.
    pub(super) is_undecided: bool,
}

/// A rule that a value breaks.
#[derive(Debug)]
pub(super) struct Broken {
    /// Where the value is, from the message down: `address.lines[0]`; empty for the value itself.
    pub(super) path: String,
    /// The name of the rule: `string.min_len`.
    pub(super) rule: String,
    /// What the rule wants, to be read after "must".
    pub(super) wanted: String,
}

impl Outcome {
    fn breaks(&mut self, rule: impl Into<String>, wanted: impl Into<String>) {
        self.broken.push(Broken { path: String::new(), rule: rule.into(), wanted: wanted.into() });
    }

    /// Whether every rule is met.
    pub(super) fn accepts(&self) -> bool {
        self.broken.is_empty() && !self.is_undecided
    }

    /// Whether a rule is broken.
    pub(super) fn refuses(&self) -> bool {
        !self.broken.is_empty()
    }

    /// The same as the outcome of what has this name.
    fn named(self, name: &str) -> Outcome {
        let mut out = Outcome::default();
        out.add(self, name, "");
        out
    }

    /// Adds what was found of a part, whose place and rules have these names.
    fn add(&mut self, part: Outcome, path: &str, rule: &str) {
        self.is_undecided |= part.is_undecided;
        self.broken.extend(part.broken.into_iter().map(|broken| Broken {
            path: joined(path, &broken.path),
            rule: joined(rule, &broken.rule),
            wanted: broken.wanted,
        }));
    }
}

fn joined(outer: &str, inner: &str) -> String {
    match (outer.is_empty(), inner.is_empty()) {
        (true, _) => inner.to_owned(),
        (_, true) => outer.to_owned(),
        _ if inner.starts_with('[') => format!("{outer}{inner}"),
        _ => format!("{outer}.{inner}"),
    }
}

/// What `typed`, the rules for the type of `element`, make of a single value, expressions left out.
fn standard(element: &Element, typed: View<'_>, value: &Value) -> Outcome {
    let mut out = Outcome::default();
    match value {
        Value::String(value) => text::string(value, typed, &mut out),
        Value::Bytes(value) => text::bytes(value, typed, &mut out),
        Value::Bool(_) => number::constant(value, typed, &mut out),
        Value::Message(message) => time::message(message, typed, &mut out),
        // The rules have numbers.
        Value::EnumNumber(number) => number::check(element, &Value::I32(*number), typed, &mut out),
        _ => number::check(element, value, typed, &mut out),
    }
    out
}

impl Programs {
    /// What rules make of a single value: `typed`, which are called `name`, and the expressions of `rules`.
    pub(super) fn value(
        &self,
        element: &Element,
        rules: View<'_>,
        (typed, name): (View<'_>, &str),
        value: &Value,
    ) -> Outcome {
        let mut out = Outcome::default();
        out.add(standard(element, typed, value), "", name);
        self.expressions(value, rules, &mut out);
        self.predefined(value, typed, &mut out);
        out
    }
}

/// Whether a value is what an unset field without presence reads as.
pub(super) fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::I32(value) | Value::EnumNumber(value) => *value == 0,
        Value::I64(value) => *value == 0,
        Value::U32(value) => *value == 0,
        Value::U64(value) => *value == 0,
        // A negative zero is set, for it has other bits.
        Value::F32(value) => value.to_bits() == 0,
        Value::F64(value) => value.to_bits() == 0,
        Value::String(value) => value.is_empty(),
        Value::Bytes(value) => value.is_empty(),
        Value::List(values) => values.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Message(_) => false,
    }
}

/// Values of a rule as shown in messages.
pub(super) fn show_all(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().map(show).collect();
    format!("[{}]", shown.join(", "))
}
