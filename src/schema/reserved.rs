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
