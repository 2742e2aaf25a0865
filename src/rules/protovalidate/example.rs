//! Examples in rules must satisfy the rules beside them. Standard rules are evaluated here, expressions as far as
//! they can be; what cannot be evaluated is taken to hold.

use prost_reflect::Value;

use super::element::Element;
use super::lookup::{View, index_i32};
use super::numeric::show;
use super::report::Reporter;
use crate::cel::re2;

mod custom;
mod number;
mod text;
mod time;

/// Number of the value of `buf.validate.Ignore` that skips rules for zero values.
const IGNORE_IF_ZERO_VALUE: i32 = 1;

/// Collects the rules that a value breaks: the rule's name, and what it wants, to be read after "must".
pub(super) type Broken = Vec<(String, String)>;

/// Checks the examples of `typed`, the rules for the type of `element` within `rules`.
pub(super) fn check(element: &Element, rules: View<'_>, typed: View<'_>, out: &mut Reporter<'_>) {
    let (number, examples) = typed.list("example");
    let has_rules = !rules.list("cel").1.is_empty() || typed.populated() > 1 || !typed.extensions().is_empty();
    if examples.is_empty() || !has_rules || element.is_extension || out.skips_examples {
        return;
    }
    if typed.text("pattern").is_some_and(|(_, text)| re2::translate(&text).is_err()) {
        return;
    }
    let rule_of = out.rule("");
    for (index, example) in examples.iter().enumerate() {
        for (rule, wanted) in broken(element, rules, typed, example, &rule_of) {
            let message =
                format!("the example {} of `{}` violates `{rule}`: it must {wanted}", show(example), out.name);
            out.report(&[number, index_i32(index)], message);
        }
    }
}

/// What `example` breaks; `rule_of` is the name of the rules for its type.
fn broken(element: &Element, rules: View<'_>, typed: View<'_>, example: &Value, rule_of: &str) -> Broken {
    let is_unset = !element.is_list && !element.of_map && !element.has_presence && is_zero(example);
    if is_unset && rules.flag("required") == Some(true) {
        return vec![("required".to_owned(), "be set".to_owned())];
    }
    let mut broken = Broken::new();
    let ignore = rules.enum_number("ignore").map_or(0, |(_, ignore)| ignore);
    if ignore == IGNORE_IF_ZERO_VALUE && !element.has_presence && is_zero(example) {
        return broken;
    }
    match example {
        Value::String(value) => text::string(value, typed, &mut broken),
        Value::Bytes(value) => text::bytes(value, typed, &mut broken),
        Value::Bool(_) => number::constant(example, typed, &mut broken),
        Value::Message(message) => time::message(message, typed, &mut broken),
        _ => number::check(element, example, typed, &mut broken),
    }
    for (rule, _) in &mut broken {
        *rule = format!("{rule_of}.{rule}");
    }
    custom::check(example, rules, typed, &mut broken);
    broken
}

/// Whether a value is what an unset field without presence reads as.
fn is_zero(value: &Value) -> bool {
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
        Value::Message(_) | Value::List(_) | Value::Map(_) => false,
    }
}

/// Values of a rule as shown in messages.
pub(super) fn show_all(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().map(show).collect();
    format!("[{}]", shown.join(", "))
}
