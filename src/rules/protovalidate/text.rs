//! Rules of strings and bytes: lengths that contradict each other, parts that do not fit, patterns.

use super::field::check_const;
use super::lookup::View;
use super::report::{Reporter, clip};
use crate::cel::re2;

/// The most bytes that one character takes in UTF-8.
const MAX_CHARACTER_BYTES: u64 = 4;

/// Checks `string` rules. Lengths count characters (Unicode code points), `…_bytes` count bytes of UTF-8.
pub(super) fn check_string(rules: View<'_>, out: &mut Reporter<'_>) {
    check_const(rules, out);
    check_lengths(rules, ["len", "min_len", "max_len"], "characters", out);
    check_lengths(rules, ["len_bytes", "min_bytes", "max_bytes"], "bytes", out);
    check_units(rules, out);
    for part in ["prefix", "suffix", "contains"] {
        if let Some((number, text)) = rules.text(part) {
            check_part(rules, part, number, &text, out);
        }
    }
    check_pattern(rules, out);
    check_strict(rules, out);
}

/// Checks `bytes` rules; all lengths count bytes.
pub(super) fn check_bytes(rules: View<'_>, out: &mut Reporter<'_>) {
    check_const(rules, out);
    check_lengths(rules, ["len", "min_len", "max_len"], "bytes", out);
    for part in ["prefix", "suffix", "contains"] {
        if let Some((number, bytes)) = rules.bytes(part) {
            check_part_length(rules, (part, number), (bytes.len(), "bytes"), "max_len", out);
        }
    }
    check_pattern(rules, out);
}

fn check_lengths(rules: View<'_>, [exact, least, most]: [&str; 3], unit: &str, out: &mut Reporter<'_>) {
    let (min, max) = (rules.uint(least), rules.uint(most));
    if let Some((_, length)) = rules.uint(exact) {
        for (name, bound) in [(least, min), (most, max)] {
            if let Some((number, _)) = bound {
                let message = format!(
                    "`{}` of `{}` has no effect beside `{}` {length}",
                    out.rule(name),
                    out.name,
                    out.rule(exact)
                );
                out.report(&[number], message);
            }
        }
    }
    let (Some((min_number, min)), Some((max_number, max))) = (min, max) else {
        return;
    };
    let (least, most) = (out.rule(least), out.rule(most));
    let message = match min.cmp(&max) {
        std::cmp::Ordering::Less => return,
        std::cmp::Ordering::Equal => {
            format!("`{least}` and `{most}` of `{}` are both {min} {unit}: use `{}`", out.name, out.rule(exact))
        }
        std::cmp::Ordering::Greater => {
            format!("`{least}` {min} is greater than `{most}` {max}, so no value of `{}` is valid", out.name)
        }
    };
    out.report(&[min_number], message.clone());
    out.report(&[max_number], message);
}

/// Bounds in characters against bounds in bytes.
fn check_units(rules: View<'_>, out: &mut Reporter<'_>) {
    if let (Some((min_number, characters)), Some((max_number, bytes))) =
        (rules.uint("min_len"), rules.uint("max_bytes"))
        && bytes < characters
    {
        let message = format!(
            "`{}` {characters} takes {characters} bytes or more, above `{}` {bytes}, so no value of `{}` is valid",
            out.rule("min_len"),
            out.rule("max_bytes"),
            out.name
        );
        out.report(&[min_number], message.clone());
        out.report(&[max_number], message);
    }
    if let (Some((max_number, characters)), Some((min_number, bytes))) =
        (rules.uint("max_len"), rules.uint("min_bytes"))
        && characters.saturating_mul(MAX_CHARACTER_BYTES) < bytes
    {
        let message = format!(
            "`{}` {characters} takes at most {} bytes, below `{}` {bytes}, so no value of `{}` is valid",
            out.rule("max_len"),
            characters.saturating_mul(MAX_CHARACTER_BYTES),
            out.rule("min_bytes"),
            out.name
        );
        out.report(&[min_number], message.clone());
        out.report(&[max_number], message);
    }
}

fn check_part(rules: View<'_>, part: &str, number: i32, text: &str, out: &mut Reporter<'_>) {
    check_part_length(rules, (part, number), (text.chars().count(), "characters"), "max_len", out);
    check_part_length(rules, (part, number), (text.len(), "bytes"), "max_bytes", out);
    if let Some((_, forbidden)) = rules.text("not_contains").filter(|(_, forbidden)| text.contains(forbidden.as_str()))
    {
        let message = format!(
            "`{}` {:?} contains {:?}, which `{}` forbids, so no value of `{}` is valid",
            out.rule(part),
            clip(text),
            clip(&forbidden),
            out.rule("not_contains"),
            out.name
        );
        out.report(&[number], message);
    }
}

fn check_part_length(
    rules: View<'_>,
    (part, number): (&str, i32),
    (length, unit): (usize, &str),
    most: &str,
    out: &mut Reporter<'_>,
) {
    let Some((_, max)) = rules.uint(most) else {
        return;
    };
    if u64::try_from(length).is_ok_and(|length| length > max) {
        let message = format!(
            "`{}` is {length} {unit} long, above `{}` {max}, so no value of `{}` is valid",
            out.rule(part),
            out.rule(most),
            out.name
        );
        out.report(&[number], message);
    }
}

fn check_pattern(rules: View<'_>, out: &mut Reporter<'_>) {
    let Some((number, text)) = rules.text("pattern") else {
        return;
    };
    if let Err(why) = re2::translate(&text) {
        let message = format!("`{}` of `{}` is not a valid RE2 expression: {why}", out.rule("pattern"), out.name);
        out.report(&[number], message);
    }
}

fn check_strict(rules: View<'_>, out: &mut Reporter<'_>) {
    let Some(set) = rules.get("strict").filter(|set| set.value.as_bool() == Some(false)) else {
        return;
    };
    if rules.enum_number("well_known_regex").is_none_or(|(_, regex)| regex == 0) {
        let message = format!(
            "`{}` of `{}` has no effect without `{}`",
            out.rule("strict"),
            out.name,
            out.rule("well_known_regex")
        );
        out.report(&[set.number], message);
    }
}
