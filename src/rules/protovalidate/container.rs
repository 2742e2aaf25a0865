//! Rules of lists and maps: how many elements, and rules nested for items, keys and values.
//! It must not know what the nested rules mean.

use super::element::Element;
use super::field::{self, is_wrapper};
use super::lookup::View;
use super::report::Reporter;

pub(super) fn check_repeated(element: &Element, number: i32, rules: View<'_>, out: &mut Reporter<'_>) {
    if !element.is_list {
        let message = format!("`{}` is not repeated, but has `{}` rules", element.name, out.rule("repeated"));
        out.report(&[number], message);
        return;
    }
    let mut list = out.within(&[number], "repeated");
    check_bounds(rules, "min_items", "max_items", "items", &mut list);
    check_unique(element, rules, &mut list);
    check_nested(element, rules, "items", "an item of a repeated field is always set", &mut list);
}

fn check_unique(element: &Element, rules: View<'_>, out: &mut Reporter<'_>) {
    let Some(set) = rules.get("unique").filter(|set| set.value.as_bool() == Some(true)) else {
        return;
    };
    if let Some(message) = element.message().filter(|message| !is_wrapper(message.full_name())) {
        let message = format!(
            "`{}` is set, but the items of `{}` are of type `{}`; only scalars and wrappers can be compared",
            out.rule("unique"),
            element.name,
            message.full_name()
        );
        out.report(&[set.number], message);
    }
}

pub(super) fn check_map(element: &Element, number: i32, rules: View<'_>, out: &mut Reporter<'_>) {
    let (Some(key), Some(value)) = (element.map_key(), element.map_value()) else {
        let message = format!("`{}` is not a map, but has `{}` rules", element.name, out.rule("map"));
        out.report(&[number], message);
        return;
    };
    let mut map = out.within(&[number], "map");
    check_bounds(rules, "min_pairs", "max_pairs", "pairs", &mut map);
    // Rules that do not fit keep the whole map from being validated.
    let is_misfit = |element: &Element, name: &str| {
        let nested = rules.message(name);
        let typed = nested.as_ref().and_then(|(_, nested)| View(nested).type_rules());
        typed.is_some_and(|(_, name, _)| !field::fits(element, &name))
    };
    map.skips_examples |= is_misfit(key, "keys") || is_misfit(value, "values");
    check_nested(key, rules, "keys", "a key of a map is always set", &mut map);
    check_nested(value, rules, "values", "a value of a map is always set", &mut map);
}

fn check_bounds(rules: View<'_>, least: &str, most: &str, unit: &str, out: &mut Reporter<'_>) {
    let (Some((least_number, min)), Some((most_number, max))) = (rules.uint(least), rules.uint(most)) else {
        return;
    };
    if min > max {
        let message = format!(
            "`{}` {min} is greater than `{}` {max}, so no number of {unit} of `{}` is valid",
            out.rule(least),
            out.rule(most),
            out.name
        );
        out.report(&[least_number], message.clone());
        out.report(&[most_number], message);
    }
}

/// Rules of items, keys or values, to which `required` does not apply.
fn check_nested(element: &Element, rules: View<'_>, name: &str, why: &str, out: &mut Reporter<'_>) {
    let Some((number, nested)) = rules.message(name) else {
        return;
    };
    let view = View(&nested);
    let mut inner = out.within(&[number], name);
    if let Some(set) = view.get("required").filter(|set| set.value.as_bool() == Some(true)) {
        let message = format!("`{}` of `{}` has no effect: {why}", inner.rule("required"), element.name);
        inner.report(&[set.number], message);
    }
    field::check(element, view, false, &mut inner);
}
