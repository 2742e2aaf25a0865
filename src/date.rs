//! Days of the calendar: reading one, and finding today's. It does not depend on hours and time zones.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar in the years 1 to 9999; earlier ones are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Days from the first day of the year 1 to that of 1970.
const DAYS_TO_1970: u64 = 719_162;
/// The calendar repeats after so many days.
const DAYS_OF_400_YEARS: u64 = 146_097;
const SECONDS_OF_DAY: u64 = 24 * 60 * 60;

impl Date {
    /// The day that a text such as `2027-01-31` names; `None` where the calendar has no such day, or it is written in
    /// another way.
    pub(crate) fn parse(text: &str) -> Option<Date> {
        let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            let add = |sum: u16, digit: &u8| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0'));
            digits.iter().try_fold(0, add)
        };
        let (year, month, day) = (number(&[a, b, c, d])?, number(&[e, f])? as u8, number(&[g, h])? as u8);
        let exists = year > 0 && (1..=12).contains(&month) && day > 0 && day <= days_of_month(year, month);
        exists.then_some(Date { year, month, day })
    }

    /// The day it is now, in UTC.
    pub(crate) fn today() -> Date {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Date::of_day(DAYS_TO_1970 + seconds / SECONDS_OF_DAY)
    }

    /// The day of a second since 1970, in UTC; the first or the last day there is where it is none of them.
    pub(crate) fn from_seconds(seconds: i64) -> Date {
        let days = seconds.div_euclid(SECONDS_OF_DAY as i64) + DAYS_TO_1970 as i64;
        Date::of_day(u64::try_from(days).unwrap_or(0))
    }

    /// The day so many days later; the last day there is where there is none.
    pub(crate) fn plus(self, days: u32) -> Date {
        Date::of_day(self.number() + u64::from(days))
    }

    /// How many days later than another day this one is; 0 where it is earlier.
    pub(crate) fn days_since(self, earlier: Date) -> u64 {
        self.number().saturating_sub(earlier.number())
    }

    /// How many days come before it in the calendar.
    fn number(self) -> u64 {
        let years = u64::from(self.year) - 1;
        let months = (1..self.month).map(|month| u64::from(days_of_month(self.year, month)));
        years * 365 + years / 4 - years / 100 + years / 400 + months.sum::<u64>() + u64::from(self.day) - 1
    }

    /// The day so many days after the first of the year 1; the last of 9999 where there is none.
    fn of_day(mut left: u64) -> Date {
        let whole = (left / DAYS_OF_400_YEARS).min(24);
        left -= whole * DAYS_OF_400_YEARS;
        for year in whole as u16 * 400 + 1..=9999 {
            for month in 1..=12 {
                let days = days_of_month(year, month);
                if left < u64::from(days) {
                    return Date { year, month, day: left as u8 + 1 };
                }
                left -= u64::from(days);
            }
        }
        Date { year: 9999, month: 12, day: 31 }
    }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// As it is read.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
