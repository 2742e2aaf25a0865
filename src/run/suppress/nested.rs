//! Answers which of many ranges hold a place, in time that depends on how deep the ranges nest, not on how many there
//! are. It does not depend on what the ranges stand for.

use std::cmp::Reverse;

use crate::source::Span;

/// Ranges of which none overlaps another without enclosing it.
#[derive(Debug)]
pub(super) struct Nested {
    /// Sorted by start, the outer one first.
    ranges: Vec<Range>,
}

#[derive(Debug)]
struct Range {
    span: Span,
    /// The innermost range around it.
    outer: Option<usize>,
    used: bool,
}

impl Nested {
    pub(super) fn new(mut spans: Vec<Span>) -> Nested {
        spans.sort_unstable_by_key(|span| (span.start, Reverse(span.end)));
        spans.dedup();
        let mut ranges: Vec<Range> = Vec::with_capacity(spans.len());
        let mut outer: Option<usize> = None;
        for span in spans {
            while let Some(at) = outer.filter(|&at| !ranges[at].span.contains(span)) {
                outer = ranges[at].outer;
            }
            ranges.push(Range { span, outer, used: false });
            outer = Some(ranges.len() - 1);
        }
        Nested { ranges }
    }

    /// Marks the ranges that hold `inner` as used; whether there are any.
    pub(super) fn mark(&mut self, inner: Span) -> bool {
        let mut next = self.ranges.partition_point(|range| range.span.start <= inner.start).checked_sub(1);
        let mut any = false;
        while let Some(at) = next {
            let range = &mut self.ranges[at];
            if range.span.contains(inner) {
                range.used = true;
                any = true;
            }
            next = range.outer;
        }
        any
    }

    /// Whether the range `span` was marked.
    pub(super) fn is_used(&self, span: Span) -> bool {
        let key = |range: &Range| (range.span.start, Reverse(range.span.end));
        let found = self.ranges.binary_search_by_key(&(span.start, Reverse(span.end)), key);
        found.is_ok_and(|at| self.ranges[at].used)
    }
}
