//! What `// protolint:format off` and `// protolint:format on` leave as it is.

use crate::source::Span;
use crate::syntax::Tree;

/// From each comment that turns formatting off to the one that turns it on again, both included; to the end of the text
/// where there is none.
pub(super) fn off(tree: &Tree<'_>) -> Vec<Span> {
    let text = tree.source();
    let mut regions = Vec::new();
    let mut start = None;
    for comment in tree.comments() {
        match (switch(comment.span().slice(text)), start) {
            (Some(false), None) => start = Some(comment.start),
            (Some(true), Some(from)) => {
                regions.push(Span::new(from, comment.end));
                start = None;
            }
            _ => {}
        }
    }
    regions.extend(start.map(|from| Span::new(from, text.len() as u32)));
    regions
}

/// Whether a comment turns formatting on or off.
fn switch(comment: &str) -> Option<bool> {
    let words = comment.strip_prefix("//").or_else(|| comment.strip_prefix("/*")?.strip_suffix("*/"))?;
    let mut words = words.split_whitespace();
    match (words.next()?, words.next()?) {
        ("protolint:format", "off") => Some(false),
        ("protolint:format", "on") => Some(true),
        _ => None,
    }
}

/// Whether a span touches one of the regions, which are in order.
pub(super) fn touches(regions: &[Span], span: Span) -> bool {
    let first = regions.partition_point(|region| region.end <= span.start);
    regions.get(first).is_some_and(|region| region.start < span.end)
}

/// Whether a span lies in one of the regions, which are in order.
pub(super) fn holds(regions: &[Span], span: Span) -> bool {
    let first = regions.partition_point(|region| region.end < span.end);
    regions.get(first).is_some_and(|region| region.start <= span.start)
}
