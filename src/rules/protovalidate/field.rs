//! Rules of a field: flags, the match of rule type and field type, lists and maps. The families of
//! scalar and well-known types are checked elsewhere; this must not know their rules.

use super::container;
use super::element::{Element, scalar_name};
use super::evaluate::{IGNORE_ALWAYS, IGNORE_IF_ZERO_VALUE};
use super::example;
use super::expressions;
use super::lookup::View;
use super::numeric;
use super::report::Reporter;
use super::text;
use super::well_known;

/// Rule types that sit on a message type: the wrapper of a scalar, or a well-known type.
const MESSAGE_RULES: [(&str, &str); 13] = [
    ("float", "google.protobuf.FloatValue"),
    ("double", "google.protobuf.DoubleValue"),
    ("int32", "google.protobuf.Int32Value"),
    ("int64", "google.protobuf.Int64Value"),
    ("uint32", "google.protobuf.UInt32Value"),
    ("uint64", "google.protobuf.UInt64Value"),
    ("bool", "google.protobuf.BoolValue"),
    ("string", "google.protobuf.StringValue"),
    ("bytes", "google.protobuf.BytesValue"),
    ("any", "google.protobuf.Any"),
    ("duration", "google.protobuf.Duration"),
    ("timestamp", "google.protobuf.Timestamp"),
    ("field_mask", "google.protobuf.FieldMask"),
];

/// Whether a message type is a wrapper of a scalar, such as `google.protobuf.StringValue`.
pub(super) fn is_wrapper(full_name: &str) -> bool {
    MESSAGE_RULES.iter().take(9).any(|(_, wrapper)| *wrapper == full_name)
}

/// Checks the rules of a field, of its items or of a map's keys or values.
///
/// `expects_list_rules` is true for a list or map itself, false for its items, keys and values.
pub(super) fn check(element: &Element, rules: View<'_>, expects_list_rules: bool, out: &mut Reporter<'_>) {
    check_required(element, rules, out);
    check_ignore(element, rules, out);
    out.skips_examples |= !expressions::check_field(element, rules, !expects_list_rules, out);
    let Some((number, name, type_rules)) = rules.type_rules() else {
        return;
    };
    let type_view = View(&type_rules);
    match name.as_str() {
        "map" => return container::check_map(element, number, type_view, out),
        "repeated" => return container::check_repeated(element, number, type_view, out),
        _ => {}
    }
    if !type_matches(element, number, &name, expects_list_rules, out) {
        return;
    }
    example::check(element, rules, type_view, &mut out.within(&[number], &name));
    let family = &mut out.within(&[number], &name);
    match name.as_str() {
        "float" | "double" => {
            numeric::check_numbers(type_view, family);
            numeric::check_nan(type_view, family);
        }
        "bool" => {}
        "string" => text::check_string(type_view, family),
        "bytes" => text::check_bytes(type_view, family),
        "enum" | "any" => check_const(type_view, family),
        "duration" => numeric::check_durations(type_view, family),
        "timestamp" => well_known::check_timestamp(type_view, family),
        "field_mask" => well_known::check_field_mask(type_view, family),
        _ => numeric::check_numbers(type_view, family),
    }
}

fn check_required(element: &Element, rules: View<'_>, out: &mut Reporter<'_>) {
    let Some(set) = rules.get("required").filter(|set| set.value.as_bool() == Some(true)) else {
        return;
    };
    let rule = out.rule("required");
    if element.is_extension {
        let message = format!("`{rule}` is set on the extension `{}`, where it has no effect", element.name);
        out.report(&[set.number], message);
    }
    if let Some(oneof) = &element.oneof {
        let message = format!(
            "`{rule}` is set on `{}`, a member of the oneof `{oneof}`, which need not be the one that is set",
            element.name
        );
        out.report(&[set.number], message);
    }
}

fn check_ignore(element: &Element, rules: View<'_>, out: &mut Reporter<'_>) {
    let Some((number, ignore)) = rules.enum_number("ignore") else {
        return;
    };
    let rule = out.rule("ignore");
    out.skips_examples |= ignore == IGNORE_ALWAYS;
    if ignore == IGNORE_ALWAYS && rules.populated() > 1 {
        let message = format!("`{rule}` is `IGNORE_ALWAYS`, so no other rule of `{}` is applied", element.name);
        out.report(&[number], message);
    }
    if ignore != IGNORE_IF_ZERO_VALUE {
        return;
    }
    if element.is_extension {
        let message =
            format!("`{rule}` is `IGNORE_IF_ZERO_VALUE` on the extension `{}`, where it has no effect", element.name);
        out.report(&[number], message);
    }
    if let Some(set) = rules.get("required").filter(|set| set.value.as_bool() == Some(true)) {
        let message = format!(
            "`{}` and `{rule} = IGNORE_IF_ZERO_VALUE` contradict each other: a required `{}` is never empty",
            out.rule("required"),
            element.name
        );
        out.report(&[set.number], message.clone());
        out.report(&[number], message);
    }
    if element.has_presence && !element.is_extension {
        let message = format!(
            "`{rule}` is `IGNORE_IF_ZERO_VALUE`, but `{}` tracks presence, so its rules are skipped when it is unset anyway",
            element.name
        );
        out.report(&[number], message);
    }
}

/// Reports rules that do not fit the type of the element, and returns whether they do.
fn type_matches(element: &Element, number: i32, name: &str, expects_list_rules: bool, out: &mut Reporter<'_>) -> bool {
    let rule = out.rule(name);
    if expects_list_rules {
        let (what, wanted) = match element.is_map {
            true => (element.type_name(), "`map`"),
            false => (format!("repeated {}", element.type_name()), "`repeated`"),
        };
        let message =
            format!("`{}` is of type `{what}`, but has `{rule}` rules instead of {wanted} rules", element.name);
        out.report(&[number], message);
        return false;
    }
    let fits = fits(element, name);
    if !fits {
        let message = format!("`{}` is of type `{}`, but has `{rule}` rules", element.name, element.type_name());
        out.report(&[number], message);
    }
    fits
}

/// Whether rules of a scalar or well-known type are for the type of the element.
pub(super) fn fits(element: &Element, name: &str) -> bool {
    match element.message() {
        Some(message) => MESSAGE_RULES.contains(&(name, message.full_name())),
        None => scalar_name(&element.kind) == name,
    }
}

/// `const` decides alone; whatever else is set is never looked at.
pub(super) fn check_const(rules: View<'_>, out: &mut Reporter<'_>) {
    if let Some(set) = rules.get("const").filter(|_| rules.populated() > 1) {
        let message = format!(
            "`{}` of `{}` leaves one value, so the other `{}` rules have no effect",
            out.rule("const"),
            out.name,
            out.rule("")
        );
        out.report(&[set.number], message);
    }
}
