//! Values against the rules of numbers and enums.

use std::cmp::Ordering;

use prost_reflect::{Kind, Value};

use super::super::element::Element;
use super::super::lookup::{Set, View};
use super::super::numeric::show;
use super::{Outcome, show_all};

/// Checks a number against all rules of its type.
pub(super) fn check(element: &Element, example: &Value, rules: View<'_>, out: &mut Outcome) {
    constant(example, rules, out);
    members(example, rules, order, out);
    range(example, rules, order, out);
    let is_finite = match example {
        Value::F32(value) => value.is_finite(),
        Value::F64(value) => value.is_finite(),
        _ => true,
    };
    if rules.flag("finite") == Some(true) && !is_finite {
        out.breaks("finite", "be finite");
    }
    if let (Some(true), Kind::Enum(of), Some(number)) = (rules.flag("defined_only"), &element.kind, example.as_i32())
        && of.get_value(number).is_none()
    {
        out.breaks("defined_only", format!("be a value of `{}`", of.full_name()));
    }
}

/// The rule `const`.
pub(super) fn constant(example: &Value, rules: View<'_>, out: &mut Outcome) {
    if let Some(set) = rules.get("const").filter(|set| *set.value != *example) {
        out.breaks("const", format!("equal {}", show(&set.value)));
    }
}

/// How a value compares to one in a rule.
pub(super) type Order = fn(&Value, &Value) -> Option<Ordering>;

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::I32(left), Value::I32(right)) => Some(left.cmp(right)),
        (Value::I64(left), Value::I64(right)) => Some(left.cmp(right)),
        (Value::U32(left), Value::U32(right)) => Some(left.cmp(right)),
        (Value::U64(left), Value::U64(right)) => Some(left.cmp(right)),
        (Value::F32(left), Value::F32(right)) => left.partial_cmp(right),
        (Value::F64(left), Value::F64(right)) => left.partial_cmp(right),
        _ => None,
    }
}

/// The rules `in` and `not_in`.
pub(super) fn members(example: &Value, rules: View<'_>, order: Order, out: &mut Outcome) {
    let is_example = |value: &Value| order(example, value) == Some(Ordering::Equal);
    let (_, allowed) = rules.list("in");
    if !allowed.is_empty() && !allowed.iter().any(is_example) {
        out.breaks("in", format!("be in {}", show_all(&allowed)));
    }
    let (_, forbidden) = rules.list("not_in");
    if forbidden.iter().any(is_example) {
        out.breaks("not_in", format!("not be in {}", show_all(&forbidden)));
    }
}

/// The rules `gt`, `gte`, `lt` and `lte`. A lower bound above the upper one admits what lies outside them.
pub(super) fn range(example: &Value, rules: View<'_>, order: Order, out: &mut Outcome) {
    let bound = |strict: &'static str, inclusive: &'static str| {
        let set = rules.get(strict).map(|set| (strict, set));
        set.or_else(|| rules.get(inclusive).map(|set| (inclusive, set)))
    };
    let meets = |name: &str, limit: &Value| match order(example, limit) {
        Some(Ordering::Less) => name.starts_with('l'),
        Some(Ordering::Equal) => name.ends_with('e'),
        Some(Ordering::Greater) => name.starts_with('g'),
        // A bound of NaN is a fault of its own; NaN as an example meets no bound.
        None => order(example, example).is_some() && order(limit, limit).is_none(),
    };
    let lower = bound("gt", "gte");
    let upper = bound("lt", "lte");
    let held = |(name, set): &(&'static str, Set<'_>)| meets(name, &set.value);
    let word = |name: &str| match name {
        "gt" => "greater than",
        "gte" => "at least",
        "lt" => "less than",
        _ => "at most",
    };
    let text = |(name, set): &(&'static str, Set<'_>)| format!("{} {}", word(name), show(&set.value));
    match (&lower, &upper) {
        (Some(lower), Some(upper)) => {
            let is_outside = order(&lower.1.value, &upper.1.value) == Some(Ordering::Greater);
            let (holds, joint) = match is_outside {
                true => (held(lower) || held(upper), "or"),
                false => (held(lower) && held(upper), "and"),
            };
            if !holds {
                out.breaks(lower.0, format!("be {} {joint} {}", text(lower), text(upper)));
            }
        }
        (Some(only), None) | (None, Some(only)) if !held(only) => {
            out.breaks(only.0, format!("be {}", text(only)));
        }
        _ => {}
    }
}
