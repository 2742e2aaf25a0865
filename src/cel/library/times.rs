//! Parts of timestamps and durations.

use crate::cel::functions::Sig::{Duration, Int, Text, Timestamp};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::program::Failure;
use crate::cel::time::{Civil, NANOS, zone_offset};
use crate::cel::value::Value;

const DATE: &[Overload] = &[Overload::method(&[Timestamp], Int), Overload::method(&[Timestamp, Text], Int)];

const TIME: &[Overload] = &[
    Overload::method(&[Timestamp], Int),
    Overload::method(&[Timestamp, Text], Int),
    Overload::method(&[Duration], Int),
];

pub(super) static FUNCTIONS: &[Function] = &[
    row("getFullYear", DATE, |_, args| part(args, |at| at.year, None)),
    row("getMonth", DATE, |_, args| part(args, |at| at.month - 1, None)),
    row("getDayOfYear", DATE, |_, args| part(args, |at| at.day_of_year, None)),
    row("getDayOfMonth", DATE, |_, args| part(args, |at| at.day - 1, None)),
    row("getDate", DATE, |_, args| part(args, |at| at.day, None)),
    row("getDayOfWeek", DATE, |_, args| part(args, |at| at.weekday, None)),
    row("getHours", TIME, |_, args| part(args, |at| at.second_of_day / 3600, Some(|nanos| nanos / NANOS / 3600))),
    row("getMinutes", TIME, |_, args| part(args, |at| at.second_of_day / 60 % 60, Some(|nanos| nanos / NANOS / 60))),
    row("getSeconds", TIME, |_, args| part(args, |at| at.second_of_day % 60, Some(|nanos| nanos / NANOS))),
    row("getMilliseconds", TIME, |_, args| {
        part(args, |at| at.nanos / 1_000_000, Some(|nanos| nanos % NANOS / 1_000_000))
    }),
];

/// A part of a timestamp, in a time zone if one is given, or of a duration.
fn part<'v>(args: &[Value<'v>], of_time: fn(&Civil) -> i64, of_duration: Option<fn(i128) -> i128>) -> Called<'v> {
    let (nanos, offset) = match (args, of_duration) {
        ([Value::Duration(nanos)], Some(of_duration)) => {
            return Ok(i64::try_from(of_duration(*nanos)).ok().map(Value::Int));
        }
        ([Value::Timestamp(nanos)], _) => (*nanos, 0),
        ([Value::Timestamp(nanos), Value::Text(zone)], _) => {
            let unknown = || {
                Failure::Failed(format!("the time zone `{}` is not supported: use an offset such as `+01:00`", &**zone))
            };
            (*nanos, zone_offset(zone).ok_or_else(unknown)?)
        }
        _ => return Ok(None),
    };
    Ok(Some(Value::Int(of_time(&Civil::new(nanos + i128::from(offset) * NANOS)))))
}
