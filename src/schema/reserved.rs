//! What messages and enums reserve, and the ranges messages leave to extensions.

use super::data::{RangeData, Reserved, Run};
use super::element::{File, Message};
use super::option::Options;
use crate::source::Span;

/// The `reserved` statements of one message or enum.
#[derive(Clone, Copy)]
pub(crate) struct ReservedOf<'s> {
    file: File<'s>,
    data: Reserved,
}

/// A range of numbers, both ends included.
#[derive(Clone, Copy)]
pub(crate) struct NumberRange<'s> {
    pub(crate) start: i32,
    pub(crate) end: i32,
    pub(crate) span: Span,
    file: File<'s>,
    options: Run,
}

impl<'s> NumberRange<'s> {
    fn new(file: File<'s>, data: &RangeData) -> NumberRange<'s> {
        NumberRange { start: data.start, end: data.end, span: data.span, file, options: data.options }
    }

    pub(crate) fn contains(self, number: i32) -> bool {
        self.start <= number && number <= self.end
    }

    pub(crate) fn options(self) -> Options<'s> {
        Options::new(self.file, self.options)
    }
}

impl<'s> ReservedOf<'s> {
    pub(crate) fn new(file: File<'s>, data: Reserved) -> ReservedOf<'s> {
        ReservedOf { file, data }
    }

    pub(crate) fn ranges(self) -> impl Iterator<Item = NumberRange<'s>> {
        ranges(self.file, self.data.ranges)
    }

    /// The reserved names, each with the place of its literal.
    pub(crate) fn names(self) -> impl Iterator<Item = (&'s str, Span)> {
        let data = self.file.data();
        data.reserved_names[self.data.names.range()].iter().map(|name| (data.text(name.name), name.span))
    }

    /// The first `reserved` statement.
    pub(crate) fn span(self) -> Span {
        self.data.span
    }
}

impl<'s> Message<'s> {
    /// The ranges it leaves to extensions.
    pub(crate) fn extension_ranges(self) -> impl Iterator<Item = NumberRange<'s>> {
        ranges(self.file, self.data().extension_ranges)
    }
}

fn ranges<'s>(file: File<'s>, run: Run) -> impl Iterator<Item = NumberRange<'s>> {
    file.data().ranges[run.range()].iter().map(move |data| NumberRange::new(file, data))
}

/// Ranges of numbers, both ends included.
pub(crate) type NumberRanges = Vec<(i64, i64)>;

/// The highest field number, <https://protobuf.dev/programming-guides/proto3/#assigning>.
pub(crate) const LAST_FIELD: i64 = (1 << 29) - 1;

/// Ranges in order, merged where they meet, so that few of them are searched.
pub(crate) fn merged_ranges<'s>(ranges: impl Iterator<Item = NumberRange<'s>>) -> NumberRanges {
    let mut ranges: NumberRanges = ranges.map(|range| (i64::from(range.start), i64::from(range.end))).collect();
    ranges.sort_unstable();
    let mut merged: NumberRanges = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some((_, last)) if start <= *last + 1 => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// The parts of `wanted` that none of `ranges` covers.
pub(crate) fn uncovered(wanted: NumberRange<'_>, ranges: &NumberRanges) -> NumberRanges {
    let (mut next, last) = (i64::from(wanted.start), i64::from(wanted.end));
    let mut missing = Vec::new();
    let first = ranges.partition_point(|&(_, end)| end < next);
    for &(start, end) in ranges[first..].iter().take_while(|&&(start, _)| start <= last) {
        if start > next {
            missing.push((next, start - 1));
        }
        next = next.max(end + 1);
    }
    if next <= last {
        missing.push((next, last));
    }
    missing
}

/// Ranges as they are written; those up to `most` with `max`.
pub(crate) fn listed_ranges(ranges: &NumberRanges, most: i64) -> String {
    let one = |&(start, end): &(i64, i64)| match (start, end) {
        _ if start == end => start.to_string(),
        (start, end) if end >= most => format!("{start} to max"),
        (start, end) => format!("{start} to {end}"),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(", ")
}
