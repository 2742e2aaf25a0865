//! Examples against the rules of strings and bytes.

use prost_reflect::Value;
use regex::Regex;

use super::super::formats;
use super::super::lookup::View;
use super::super::numeric::show;
use super::super::report::clip;
use super::{Broken, show_all};
use crate::cel::re2;

/// A rule, whether a value meets what it holds, and words for that.
type Part<V> = (&'static str, Holds<V>, &'static str);

type Holds<V> = fn(&V, &V) -> bool;

/// Checks a string; lengths count characters, `…_bytes` count bytes.
pub(super) fn string(example: &str, rules: View<'_>, broken: &mut Broken) {
    let characters = example.chars().count();
    length(characters, ["len", "min_len", "max_len"], "characters", rules, broken);
    length(example.len(), ["len_bytes", "min_bytes", "max_bytes"], "bytes", rules, broken);
    let value = Value::String(example.to_owned());
    members(&value, rules, broken);
    let parts: [Part<str>; 4] = [
        ("prefix", |text, part| text.starts_with(part), "start with"),
        ("suffix", |text, part| text.ends_with(part), "end with"),
        ("contains", |text, part| text.contains(part), "contain"),
        ("not_contains", |text, part| !text.contains(part), "not contain"),
    ];
    for (rule, holds, verb) in parts {
        if let Some((_, part)) = rules.text(rule).filter(|(_, part)| !holds(example, part)) {
            broken.push((rule.to_owned(), format!("{verb} {:?}", clip(&part))));
        }
    }
    matches(example, rules, broken);
    well_known(example, rules, broken);
}

/// Checks bytes.
pub(super) fn bytes(example: &[u8], rules: View<'_>, broken: &mut Broken) {
    length(example.len(), ["len", "min_len", "max_len"], "bytes", rules, broken);
    members(&Value::Bytes(example.to_vec().into()), rules, broken);
    let parts: [Part<[u8]>; 3] = [
        ("prefix", |bytes, part| bytes.starts_with(part), "start with"),
        ("suffix", |bytes, part| bytes.ends_with(part), "end with"),
        ("contains", |bytes, part| part.is_empty() || bytes.windows(part.len()).any(|at| at == part), "contain"),
    ];
    for (rule, holds, verb) in parts {
        if let Some((_, part)) = rules.bytes(rule).filter(|(_, part)| !holds(example, part)) {
            broken.push((rule.to_owned(), format!("{verb} \"{}\"", clip(&part.escape_ascii().to_string()))));
        }
    }
    if let Ok(text) = std::str::from_utf8(example) {
        matches(text, rules, broken);
    }
    let lengths: [(&str, &[usize], &str); 4] = [
        ("ip", &[4, 16], "be an IP address of 4 or 16 bytes"),
        ("ipv4", &[4], "be an IPv4 address of 4 bytes"),
        ("ipv6", &[16], "be an IPv6 address of 16 bytes"),
        ("uuid", &[16], "be a UUID of 16 bytes"),
    ];
    for (rule, lengths, wanted) in lengths {
        if rules.flag(rule) == Some(true) && !lengths.contains(&example.len()) {
            broken.push((rule.to_owned(), wanted.to_owned()));
        }
    }
}

fn members(example: &Value, rules: View<'_>, broken: &mut Broken) {
    if let Some(set) = rules.get("const").filter(|set| *set.value != *example) {
        broken.push(("const".to_owned(), format!("equal {}", show(&set.value))));
    }
    let (_, allowed) = rules.list("in");
    if !allowed.is_empty() && !allowed.contains(example) {
        broken.push(("in".to_owned(), format!("be in {}", show_all(&allowed))));
    }
    let (_, forbidden) = rules.list("not_in");
    if forbidden.contains(example) {
        broken.push(("not_in".to_owned(), format!("not be in {}", show_all(&forbidden))));
    }
}

fn length(given: usize, [exact, least, most]: [&'static str; 3], unit: &str, rules: View<'_>, broken: &mut Broken) {
    let given = u64::try_from(given).unwrap_or(u64::MAX);
    let bounds: [Part<u64>; 3] = [
        (exact, |given, wanted| given == wanted, ""),
        (least, |given, wanted| given >= wanted, "at least "),
        (most, |given, wanted| given <= wanted, "at most "),
    ];
    for (rule, holds, adverb) in bounds {
        if let Some((_, wanted)) = rules.uint(rule).filter(|(_, wanted)| !holds(&given, wanted)) {
            broken.push((rule.to_owned(), format!("be {adverb}{wanted} {unit} long, not {given}")));
        }
    }
}

fn matches(example: &str, rules: View<'_>, broken: &mut Broken) {
    let Some((_, wanted)) = rules.text("pattern") else {
        return;
    };
    let regex = re2::translate(&wanted).ok().and_then(|translated| Regex::new(&translated).ok());
    if regex.is_some_and(|regex| !regex.is_match(example)) {
        broken.push(("pattern".to_owned(), format!("match `{}`", clip(&wanted))));
    }
}

fn well_known(example: &str, rules: View<'_>, broken: &mut Broken) {
    for (rule, holds, wanted) in formats::BY_RULE {
        if rules.flag(rule) == Some(true) && !holds(example) {
            broken.push(((*rule).to_owned(), format!("be {wanted}")));
        }
    }
    let strict = rules.flag("strict") != Some(false);
    let (holds, wanted) = match rules.enum_number("well_known_regex") {
        Some((_, 1)) => (formats::is_header_name(example, strict), "be the name of an HTTP header"),
        Some((_, 2)) => (formats::is_header_value(example, strict), "be the value of an HTTP header"),
        _ => return,
    };
    if !holds {
        broken.push(("well_known_regex".to_owned(), wanted.to_owned()));
    }
}
