//! Values against the rules of strings and bytes.

use std::cell::RefCell;

use prost_reflect::Value;
use regex::Regex;
use rustc_hash::FxHashMap;

use super::super::formats;
use super::super::lookup::View;
use super::super::numeric::show;
use super::super::report::clip;
use super::{Outcome, show_all};
use crate::cel::re2;

/// A rule, whether a value meets what it holds, and words for that.
type Part<V> = (&'static str, Holds<V>, &'static str);

type Holds<V> = fn(&V, &V) -> bool;

/// Checks a string; lengths count characters, `…_bytes` count bytes.
pub(super) fn string(example: &str, rules: View<'_>, out: &mut Outcome) {
    let characters = example.chars().count();
    length(characters, ["len", "min_len", "max_len"], "characters", rules, out);
    length(example.len(), ["len_bytes", "min_bytes", "max_bytes"], "bytes", rules, out);
    let value = Value::String(example.to_owned());
    members(&value, rules, out);
    let parts: [Part<str>; 4] = [
        ("prefix", |text, part| text.starts_with(part), "start with"),
        ("suffix", |text, part| text.ends_with(part), "end with"),
        ("contains", |text, part| text.contains(part), "contain"),
        ("not_contains", |text, part| !text.contains(part), "not contain"),
    ];
    for (rule, holds, verb) in parts {
        if let Some((_, part)) = rules.text(rule).filter(|(_, part)| !holds(example, part)) {
            out.breaks(rule, format!("{verb} {:?}", clip(&part)));
        }
    }
    matches(example, rules, out);
    well_known(example, rules, out);
}

/// Checks bytes.
pub(super) fn bytes(example: &[u8], rules: View<'_>, out: &mut Outcome) {
    length(example.len(), ["len", "min_len", "max_len"], "bytes", rules, out);
    members(&Value::Bytes(example.to_vec().into()), rules, out);
    let parts: [Part<[u8]>; 3] = [
        ("prefix", |bytes, part| bytes.starts_with(part), "start with"),
        ("suffix", |bytes, part| bytes.ends_with(part), "end with"),
        ("contains", |bytes, part| part.is_empty() || bytes.windows(part.len()).any(|at| at == part), "contain"),
    ];
    for (rule, holds, verb) in parts {
        if let Some((_, part)) = rules.bytes(rule).filter(|(_, part)| !holds(example, part)) {
            out.breaks(rule, format!("{verb} \"{}\"", clip(&part.escape_ascii().to_string())));
        }
    }
    match std::str::from_utf8(example) {
        Ok(text) => matches(text, rules, out),
        // A pattern cannot be applied to it.
        Err(_) => out.is_undecided |= rules.get("pattern").is_some(),
    }
    let lengths: [(&str, &[usize], &str); 4] = [
        ("ip", &[4, 16], "be an IP address of 4 or 16 bytes"),
        ("ipv4", &[4], "be an IPv4 address of 4 bytes"),
        ("ipv6", &[16], "be an IPv6 address of 16 bytes"),
        ("uuid", &[16], "be a UUID of 16 bytes"),
    ];
    for (rule, lengths, wanted) in lengths {
        if rules.flag(rule) == Some(true) && !lengths.contains(&example.len()) {
            out.breaks(rule, wanted);
        }
    }
}

fn members(example: &Value, rules: View<'_>, out: &mut Outcome) {
    if let Some(set) = rules.get("const").filter(|set| *set.value != *example) {
        out.breaks("const", format!("equal {}", show(&set.value)));
    }
    let (_, allowed) = rules.list("in");
    if !allowed.is_empty() && !allowed.contains(example) {
        out.breaks("in", format!("be in {}", show_all(&allowed)));
    }
    let (_, forbidden) = rules.list("not_in");
    if forbidden.contains(example) {
        out.breaks("not_in", format!("not be in {}", show_all(&forbidden)));
    }
}

fn length(given: usize, [exact, least, most]: [&'static str; 3], unit: &str, rules: View<'_>, out: &mut Outcome) {
    let given = u64::try_from(given).unwrap_or(u64::MAX);
    let bounds: [Part<u64>; 3] = [
        (exact, |given, wanted| given == wanted, ""),
        (least, |given, wanted| given >= wanted, "at least "),
        (most, |given, wanted| given <= wanted, "at most "),
    ];
    for (rule, holds, adverb) in bounds {
        if let Some((_, wanted)) = rules.uint(rule).filter(|(_, wanted)| !holds(&given, wanted)) {
            let unit = if wanted == 1 { unit.trim_end_matches('s') } else { unit };
            out.breaks(rule, format!("be {adverb}{wanted} {unit} long, not {given}"));
        }
    }
}

fn matches(example: &str, rules: View<'_>, out: &mut Outcome) {
    let Some((_, wanted)) = rules.text("pattern") else {
        return;
    };
    match is_match(&wanted, example) {
        Some(true) => {}
        Some(false) => out.breaks("pattern", format!("match `{}`", clip(&wanted))),
        None => out.is_undecided = true,
    }
}

/// How many patterns are kept compiled.
const MAX_PATTERNS: usize = 64;

thread_local! {
    /// Patterns that were compiled, as many values are compared with one; `None` for what is no pattern.
    static PATTERNS: RefCell<FxHashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether a pattern matches a part of a text; `None` where it is not valid.
fn is_match(pattern: &str, text: &str) -> Option<bool> {
    let compile = || re2::translate(pattern).ok().and_then(|translated| Regex::new(&translated).ok());
    PATTERNS.with_borrow_mut(|known| {
        if known.len() >= MAX_PATTERNS && !known.contains_key(pattern) {
            known.clear();
        }
        let regex = known.entry(pattern.to_owned()).or_insert_with(compile);
        regex.as_ref().map(|regex| regex.is_match(text))
    })
}

fn well_known(example: &str, rules: View<'_>, out: &mut Outcome) {
    for (rule, holds, wanted) in formats::BY_RULE {
        if rules.flag(rule) == Some(true) && !holds(example) {
            out.breaks(*rule, format!("be {wanted}"));
        }
    }
    let strict = rules.flag("strict") != Some(false);
    let (holds, wanted) = match rules.enum_number("well_known_regex") {
        Some((_, 1)) => (formats::is_header_name(example, strict), "be the name of an HTTP header"),
        Some((_, 2)) => (formats::is_header_value(example, strict), "be the value of an HTTP header"),
        _ => return,
    };
    if !holds {
        out.breaks("well_known_regex", wanted);
    }
}
