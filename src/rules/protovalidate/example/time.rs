//! Examples against the rules of durations, timestamps and field masks. Rules that look at the clock count as
//! broken only where every clock agrees, so that the answer does not change from run to run.

use std::cmp::Ordering;

use prost_reflect::{DynamicMessage, ReflectMessage, Value};

use super::super::lookup::View;
use super::super::numeric::{is_enforceable, show};
use super::Broken;
use super::number::{members, range};
use crate::cel::time::{seconds_and_nanos, total_nanos};

/// 2026-01-01 and 2126-01-01 in nanoseconds: no clock shows a time outside these.
const EARLIEST_NOW: i128 = 1_767_225_600_000_000_000;
const LATEST_NOW: i128 = 4_922_899_200_000_000_000;

const DURATION: &str = "google.protobuf.Duration";

/// Checks an example that is a message.
pub(super) fn message(example: &DynamicMessage, rules: View<'_>, broken: &mut Broken) {
    if example.descriptor().full_name() == "google.protobuf.FieldMask" {
        return field_mask(example, rules, broken);
    }
    if example.descriptor().full_name() == DURATION && is_unenforceable(rules) {
        return;
    }
    let value = Value::Message(example.clone());
    if let Some(set) = rules.get("const").filter(|set| order(&value, &set.value) != Some(Ordering::Equal)) {
        broken.push(("const".to_owned(), format!("equal {}", show(&set.value))));
    }
    members(&value, rules, order, broken);
    range(&value, rules, order, broken);
    if let Some(instant) = nanos(&value) {
        clock(instant, rules, broken);
    }
}

/// Whether a rule holds a duration too long for any runtime, which leaves all of the rules unenforced.
fn is_unenforceable(rules: View<'_>) -> bool {
    let values = rules.0.fields().filter(|(field, _)| field.name() != "example");
    values.flat_map(|(_, value)| value.as_list().unwrap_or(std::slice::from_ref(value))).any(|value| {
        let duration = value.as_message().filter(|message| message.descriptor().full_name() == DURATION);
        duration.and_then(seconds_and_nanos).is_some_and(|(seconds, nanos)| !is_enforceable(seconds, nanos))
    })
}

fn clock(instant: i128, rules: View<'_>, broken: &mut Broken) {
    if rules.flag("lt_now") == Some(true) && instant > LATEST_NOW {
        broken.push(("lt_now".to_owned(), "be in the past".to_owned()));
    }
    if rules.flag("gt_now") == Some(true) && instant < EARLIEST_NOW {
        broken.push(("gt_now".to_owned(), "be in the future".to_owned()));
    }
    let within = rules.get("within").and_then(|set| nanos(&set.value));
    if within.is_some_and(|within| instant + within < EARLIEST_NOW || instant - within > LATEST_NOW) {
        broken.push(("within".to_owned(), "be near the current time".to_owned()));
    }
}

fn nanos(value: &Value) -> Option<i128> {
    let (seconds, nanos) = seconds_and_nanos(value.as_message()?)?;
    Some(total_nanos(seconds, nanos))
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    Some(nanos(left)?.cmp(&nanos(right)?))
}

/// A mask's paths, in order.
fn paths(mask: &DynamicMessage) -> Vec<String> {
    View(mask).strings("paths").1
}

fn field_mask(example: &DynamicMessage, rules: View<'_>, broken: &mut Broken) {
    let given = paths(example);
    if let Some((_, wanted)) = rules.message("const").filter(|(_, wanted)| paths(wanted) != given) {
        broken.push(("const".to_owned(), format!("have the paths {:?}", paths(&wanted))));
    }
    let is_under = |path: &str, parents: &[String]| {
        parents.iter().any(|parent| {
            path.strip_prefix(parent.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let (_, allowed) = rules.strings("in");
    if !allowed.is_empty() && !given.iter().all(|path| is_under(path, &allowed)) {
        broken.push(("in".to_owned(), format!("have paths in {allowed:?} only")));
    }
    let (_, forbidden) = rules.strings("not_in");
    if given.iter().any(|path| is_under(path, &forbidden)) {
        broken.push(("not_in".to_owned(), format!("have no path in {forbidden:?}")));
    }
}
