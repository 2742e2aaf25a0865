//! Rules that order values: numbers, durations and timestamps. It must not know of any other family.

use prost_reflect::{DynamicMessage, Value};

use super::lookup::{Set, View, index_i32};
use super::report::{Reporter, clip};
use crate::cel::time::{seconds_and_nanos, total_nanos};

const BOUNDS: [&str; 4] = ["gt", "gte", "lt", "lte"];

/// The greatest absolute duration that the runtimes of protovalidate take, in nanoseconds.
const MAX_DURATION_NANOS: i128 = 9_223_372_036_854_775_428;

/// Seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the range of `google.protobuf.Timestamp`.
const TIMESTAMP_SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Returns why a value of a rule is invalid, if it is.
type Fault = fn(&Value) -> Option<String>;

/// Checks the rules of any of the twelve number types.
pub(super) fn check_numbers(rules: View<'_>, out: &mut Reporter<'_>) {
    check_ordered(rules, |_| None, out);
}

/// Checks `google.protobuf.Duration` rules.
pub(super) fn check_durations(rules: View<'_>, out: &mut Reporter<'_>) {
    check_ordered(rules, |value| value.as_message().and_then(duration_fault), out);
}

/// Checks what `google.protobuf.Timestamp` rules share with numbers.
pub(super) fn check_timestamps(rules: View<'_>, out: &mut Reporter<'_>) {
    check_ordered(rules, |value| value.as_message().and_then(timestamp_fault), out);
}

fn check_ordered(rules: View<'_>, fault: Fault, out: &mut Reporter<'_>) {
    let valid = |name: &str, out: &mut Reporter<'_>| {
        let set = rules.get(name)?;
        match fault(&set.value) {
            None => Some(set),
            Some(why) => {
                let message = format!("`{}` of `{}` is not valid: {why}", out.rule(name), out.name);
                out.report(&[set.number], message);
                None
            }
        }
    };
    if valid("const", out).is_some() {
        super::field::check_const(rules, out);
    }
    let [gt, gte, lt, lte] = BOUNDS.map(|name| valid(name, out));
    let lower = gt.map(|set| ("gt", set)).or(gte.map(|set| ("gte", set)));
    let upper = lt.map(|set| ("lt", set)).or(lte.map(|set| ("lte", set)));
    if let (Some(lower), Some(upper)) = (lower, upper) {
        check_pair(lower, upper, out);
    }
}

/// Bounds may stand in either order: `gt: 5, lt: 3` admits what lies outside. Equal ones leave one value or none.
fn check_pair(lower: (&str, Set<'_>), upper: (&str, Set<'_>), out: &mut Reporter<'_>) {
    if !same(&lower.1.value, &upper.1.value) {
        return;
    }
    let names = format!("`{}` and `{}` of `{}`", out.rule(lower.0), out.rule(upper.0), out.name);
    let shown = show(&lower.1.value);
    let message = match (lower.0, upper.0) {
        ("gte", "lte") => format!("{names} are both {shown}, which leaves one value: use `{}`", out.rule("const")),
        _ => format!("{names} are both {shown}, so no value is valid"),
    };
    out.report(&[lower.1.number], message.clone());
    out.report(&[upper.1.number], message);
}

fn same(left: &Value, right: &Value) -> bool {
    match (left.as_message(), right.as_message()) {
        (Some(left), Some(right)) => seconds_and_nanos(left) == seconds_and_nanos(right),
        _ => left == right,
    }
}

/// Reports NaN in rules of `float` and `double`: no comparison with it holds.
pub(super) fn check_nan(rules: View<'_>, out: &mut Reporter<'_>) {
    for name in ["const", "gt", "gte", "lt", "lte"] {
        if let Some(set) = rules.get(name).filter(|set| is_nan(&set.value)) {
            let message = format!("`{}` of `{}` is NaN, for which every comparison is false", out.rule(name), out.name);
            out.report(&[set.number], message);
        }
    }
    for (name, effect) in [("in", "never matches"), ("not_in", "excludes nothing")] {
        let (number, values) = rules.list(name);
        for (index, _) in values.iter().enumerate().filter(|(_, value)| is_nan(value)) {
            let message = format!("`{}` of `{}` contains NaN, which {effect}", out.rule(name), out.name);
            out.report(&[number, index_i32(index)], message);
        }
    }
}

fn is_nan(value: &Value) -> bool {
    value.as_f64().is_some_and(f64::is_nan) || value.as_f32().is_some_and(f32::is_nan)
}

/// Why a `google.protobuf.Duration` is invalid, or beyond what can be enforced.
pub(super) fn duration_fault(duration: &DynamicMessage) -> Option<String> {
    let (seconds, nanos) = seconds_and_nanos(duration)?;
    if nanos.unsigned_abs() >= 1_000_000_000 {
        return Some(format!("{nanos} nanoseconds are a second or more"));
    }
    if (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0) {
        return Some(format!("{seconds} seconds and {nanos} nanoseconds have different signs"));
    }
    (!is_enforceable(seconds, nanos))
        .then(|| format!("{seconds} seconds are more than can be enforced, about 292 years"))
}

/// Whether a duration is short enough for the runtimes of protovalidate.
pub(super) fn is_enforceable(seconds: i64, nanos: i32) -> bool {
    total_nanos(seconds, nanos).abs() <= MAX_DURATION_NANOS
}

/// Why a `google.protobuf.Timestamp` is invalid: see the range stated in `google/protobuf/timestamp.proto`.
fn timestamp_fault(timestamp: &DynamicMessage) -> Option<String> {
    let (seconds, nanos) = seconds_and_nanos(timestamp)?;
    if !TIMESTAMP_SECONDS.contains(&seconds) {
        return Some(format!("{seconds} seconds are not between the years 1 and 9999"));
    }
    (!(0..1_000_000_000).contains(&nanos)).then(|| format!("{nanos} nanoseconds are not between 0 and 999999999"))
}

/// A value as shown in messages.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::I32(value) | Value::EnumNumber(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::U32(value) => value.to_string(),
        Value::U64(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::String(value) => format!("{:?}", clip(value)),
        Value::Bytes(value) => format!("\"{}\"", clip(&value.escape_ascii().to_string())),
        Value::Message(message) => match seconds_and_nanos(message) {
            Some((seconds, 0)) => format!("{seconds}s"),
            Some((seconds, nanos)) => format!("{seconds}s {nanos}ns"),
            None => "a message".to_owned(),
        },
        Value::List(_) | Value::Map(_) => "a list".to_owned(),
    }
}
