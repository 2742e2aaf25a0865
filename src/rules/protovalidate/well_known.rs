//! Rules of timestamps and field masks beyond those shared with numbers.

use super::field::check_const;
use super::lookup::View;
use super::numeric;
use super::report::Reporter;
use crate::cel::time::seconds_and_nanos;

/// Checks `google.protobuf.Timestamp` rules.
pub(super) fn check_timestamp(rules: View<'_>, out: &mut Reporter<'_>) {
    numeric::check_timestamps(rules, out);
    check_now(rules, out);
    let Some((number, within)) = rules.message("within") else {
        return;
    };
    let fault = numeric::duration_fault(&within).or_else(|| {
        let (seconds, nanos) = seconds_and_nanos(&within)?;
        (seconds <= 0 && nanos <= 0).then(|| "it must be greater than 0".to_owned())
    });
    if let Some(why) = fault {
        let message = format!("`{}` of `{}` is not valid: {why}", out.rule("within"), out.name);
        out.report(&[number], message);
    }
}

fn check_now(rules: View<'_>, out: &mut Reporter<'_>) {
    let set = |name: &str| rules.get(name).filter(|set| set.value.as_bool() == Some(true));
    if let (Some(before), Some(after)) = (set("lt_now"), set("gt_now")) {
        let message = format!(
            "`{}` and `{}` are both set, but `{}` cannot be in the past and in the future",
            out.rule("lt_now"),
            out.rule("gt_now"),
            out.name
        );
        out.report(&[before.number], message.clone());
        out.report(&[after.number], message);
    }
}

/// Checks `google.protobuf.FieldMask` rules.
pub(super) fn check_field_mask(rules: View<'_>, out: &mut Reporter<'_>) {
    check_const(rules, out);
    let (number, allowed) = rules.strings("in");
    let (_, forbidden) = rules.strings("not_in");
    for path in allowed.iter().filter(|path| forbidden.contains(path)) {
        let message =
            format!("the path `{path}` is in both `{}` and `{}` of `{}`", out.rule("in"), out.rule("not_in"), out.name);
        out.report(&[number], message);
    }
}
