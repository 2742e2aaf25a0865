//! Durations and instants in nanoseconds. It must not know of expressions.

use prost_reflect::DynamicMessage;

/// `seconds` and `nanos` of a `google.protobuf.Duration` or `google.protobuf.Timestamp`.
pub(crate) fn seconds_and_nanos(message: &DynamicMessage) -> Option<(i64, i32)> {
    let seconds = message.get_field_by_name("seconds")?.as_i64()?;
    let nanos = message.get_field_by_name("nanos")?.as_i32()?;
    Some((seconds, nanos))
}

/// A duration or an instant in nanoseconds.
pub(crate) fn total_nanos(seconds: i64, nanos: i32) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanos)
}

/// Nanoseconds of a second.
pub(super) const NANOS: i128 = 1_000_000_000;

const SECONDS_A_DAY: i64 = 86_400;

/// Whether a duration is one that the language has: its nanoseconds are 64 bits.
pub(super) fn in_duration_range(nanos: i128) -> bool {
    i64::try_from(nanos).is_ok()
}

/// Whether an instant is one that the language has: from the year 1 to the year 9999.
pub(super) fn in_timestamp_range(nanos: i128) -> bool {
    (-62_135_596_800 * NANOS..253_402_300_800 * NANOS).contains(&nanos)
}

/// An instant on the calendar.
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    /// From 1.
    pub(super) day: i64,
    /// From 0.
    pub(super) day_of_year: i64,
    /// From 0, a Sunday.
    pub(super) weekday: i64,
    pub(super) second_of_day: i64,
    /// Of the second.
    pub(super) nanos: i64,
}

impl Civil {
    /// The date and time of an instant, in nanoseconds since 1970.
    pub(super) fn new(nanos: i128) -> Self {
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).unwrap_or_default();
        let days = seconds.div_euclid(SECONDS_A_DAY);
        // Years begin in March here, so that a leap day is the last day of one.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_march_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_march_year + 2) / 153;
        let day = day_of_march_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Civil {
            year,
            month,
            day,
            day_of_year: days - days_before(year, 1, 1),
            weekday: (days + 4).rem_euclid(7),
            second_of_day: seconds.rem_euclid(SECONDS_A_DAY),
            nanos: i64::try_from(nanos.rem_euclid(NANOS)).unwrap_or_default(),
        }
    }
}

/// The days from 1970-01-01 to a date.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A number of exactly so many digits at the start of a text, and what follows.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    Some((digits.parse().ok().filter(|_| is_number)?, rest))
}

/// An instant such as `2009-02-13T23:31:30.5Z` (RFC 3339), in nanoseconds since 1970.
pub(super) fn parse_timestamp(text: &str) -> Option<i128> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (hour, rest) = digits(rest.strip_prefix('T')?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, mut rest) = digits(rest.strip_prefix(':')?, 2)?;
    let mut nanos = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = fraction.split_at(length);
        let scale = 10_i128.pow(u32::try_from(9_usize.checked_sub(length).filter(|_| length > 0)?).ok()?);
        nanos = digits.parse::<i128>().ok()? * scale;
        rest = after;
    }
    let offset = if rest == "Z" { 0 } else { zone_offset(rest).filter(|_| rest.starts_with(['+', '-']))? };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days_before(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second - offset;
    Some(i128::from(seconds) * NANOS + nanos)
}

/// The seconds that a time zone is ahead: `UTC`, or an offset such as `+01:00`.
pub(super) fn zone_offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "UTC" | "Z") {
        return Some(0);
    }
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, zone.strip_prefix('+').unwrap_or(zone)),
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// An instant as [`parse_timestamp`] reads it.
pub(super) fn show_timestamp(nanos: i128) -> String {
    let at = Civil::new(nanos);
    let (hour, minute, second) = (at.second_of_day / 3600, at.second_of_day / 60 % 60, at.second_of_day % 60);
    let fraction = fraction(at.nanos);
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z", at.year, at.month, at.day)
}

/// A duration in seconds, such as `1.5s`.
pub(super) fn show_duration(nanos: i128) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let part = i64::try_from((nanos % NANOS).abs()).unwrap_or_default();
    format!("{sign}{}{}s", (nanos / NANOS).abs(), fraction(part))
}

/// The digits after the point, with the point; nothing for zero.
fn fraction(nanos: i64) -> String {
    match nanos {
        0 => String::new(),
        nanos => format!(".{nanos:09}").trim_end_matches('0').to_owned(),
    }
}

/// A duration such as `1h30m` or `-1.5s`, in nanoseconds.
pub(super) fn parse_duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let digits = rest.find(|next: char| !next.is_ascii_digit()).filter(|digits| (1..=12).contains(digits))?;
        let whole: i128 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let mut fraction = "";
        if let Some(after) = rest.strip_prefix('.') {
            let digits = after.find(|next: char| !next.is_ascii_digit()).filter(|digits| *digits <= 9)?;
            (fraction, rest) = after.split_at(digits);
        }
        let letters = rest.find(|next: char| next.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        rest = &rest[letters..];
        let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        total = total.checked_add(whole * unit + part * unit / scale)?;
    }
    Some(sign * total)
}
