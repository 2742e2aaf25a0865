//! Values against the rules of durations, timestamps, field masks and packed messages. Rules that look at the clock are
//! decided only where every clock agrees, so that the answer does not change from run to run.

use std::cmp::Ordering;

use prost_reflect::{DynamicMessage, ReflectMessage, Value};

use super::super::lookup::View;
use super::super::numeric::{is_enforceable, show};
use super::Outcome;
use super::number::{members, range};
use crate::cel::time::{seconds_and_nanos, total_nanos};

/// 2026-01-01 and 2126-01-01 in nanoseconds: no clock shows a time outside these.
const EARLIEST_NOW: i128 = 1_767_225_600_000_000_000;
const LATEST_NOW: i128 = 4_922_899_200_000_000_000;

const DURATION: &str = "google.protobuf.Duration";

/// Checks a value that is a message.
pub(super) fn message(example: &DynamicMessage, rules: View<'_>, out: &mut Outcome) {
    match example.descriptor().full_name() {
        "google.protobuf.FieldMask" => return field_mask(example, rules, out),
        "google.protobuf.Any" => return any(example, rules, out),
        DURATION if is_unenforceable(rules) => {
            out.is_undecided = true;
            return;
        }
        _ => {}
    }
    let value = Value::Message(example.clone());
    if let Some(set) = rules.get("const").filter(|set| order(&value, &set.value) != Some(Ordering::Equal)) {
        out.breaks("const", format!("equal {}", show(&set.value)));
    }
    members(&value, rules, order, out);
    range(&value, rules, order, out);
    if let Some(instant) = nanos(&value) {
        clock(instant, rules, out);
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

fn clock(instant: i128, rules: View<'_>, out: &mut Outcome) {
    if rules.flag("lt_now") == Some(true) && instant >= EARLIEST_NOW {
        if instant > LATEST_NOW {
            out.breaks("lt_now", "be in the past");
        }
        out.is_undecided |= instant <= LATEST_NOW;
    }
    if rules.flag("gt_now") == Some(true) && instant <= LATEST_NOW {
        if instant < EARLIEST_NOW {
            out.breaks("gt_now", "be in the future");
        }
        out.is_undecided |= instant >= EARLIEST_NOW;
    }
    if let Some(within) = rules.get("within").and_then(|set| nanos(&set.value)) {
        if instant + within < EARLIEST_NOW || instant - within > LATEST_NOW {
            out.breaks("within", "be near the current time");
        } else {
            out.is_undecided = true;
        }
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

fn field_mask(example: &DynamicMessage, rules: View<'_>, out: &mut Outcome) {
    let given = paths(example);
    if let Some((_, wanted)) = rules.message("const").filter(|(_, wanted)| paths(wanted) != given) {
        out.breaks("const", format!("have the paths {:?}", paths(&wanted)));
    }
    let is_under = |path: &str, parents: &[String]| {
        parents.iter().any(|parent| {
            path.strip_prefix(parent.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let (_, allowed) = rules.strings("in");
    if !allowed.is_empty() && !given.iter().all(|path| is_under(path, &allowed)) {
        out.breaks("in", format!("have paths in {allowed:?} only"));
    }
    let (_, forbidden) = rules.strings("not_in");
    if given.iter().any(|path| is_under(path, &forbidden)) {
        out.breaks("not_in", format!("have no path in {forbidden:?}"));
    }
}

fn any(example: &DynamicMessage, rules: View<'_>, out: &mut Outcome) {
    let url = example.get_field_by_name("type_url").and_then(|url| url.as_str().map(str::to_owned)).unwrap_or_default();
    let (_, allowed) = rules.strings("in");
    if !allowed.is_empty() && !allowed.contains(&url) {
        out.breaks("in", format!("have a type URL in {allowed:?}"));
    }
    let (_, forbidden) = rules.strings("not_in");
    if forbidden.contains(&url) {
        out.breaks("not_in", format!("have no type URL in {forbidden:?}"));
    }
}
