//! Examples in rules must satisfy the rules beside them. What cannot be evaluated is taken to hold.

use prost_reflect::Value;

use super::element::Element;
use super::evaluate::{IGNORE_IF_ZERO_VALUE, Programs, is_zero};
use super::lookup::{View, index_i32};
use super::numeric::show;
use super::report::Reporter;
use crate::cel::re2;

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

/// The rules that `example` breaks, and what each wants; `rule_of` is the name of the rules for its type.
fn broken(
    element: &Element,
    rules: View<'_>,
    typed: View<'_>,
    example: &Value,
    rule_of: &str,
) -> Vec<(String, String)> {
    let is_unset = !element.is_list && !element.of_map && !element.has_presence && is_zero(example);
    if is_unset && rules.flag("required") == Some(true) {
        return vec![("required".to_owned(), "be set".to_owned())];
    }
    let ignore = rules.enum_number("ignore").map_or(0, |(_, ignore)| ignore);
    if ignore == IGNORE_IF_ZERO_VALUE && !element.has_presence && is_zero(example) {
        return Vec::new();
    }
    let outcome = Programs::default().value(element, rules, (typed, rule_of), example);
    outcome.broken.into_iter().map(|broken| (broken.rule, broken.wanted)).collect()
}
