//! The laws of trees, whatever the text: every byte comes back, nodes nest, faults stand in the text and in order. Tests and
//! fuzzing call it; nothing else does.

use super::parse;

/// The first law that the tree of a text breaks, in words.
pub(crate) fn breach(text: &str) -> Option<String> {
    let tree = parse(text);
    if tree.text() != text {
        return Some("the text is another one".to_owned());
    }
    for node in tree.nodes() {
        let mut end = node.first();
        for child in node.children() {
            if child.first() < end || child.end() > node.end() {
                return Some(format!("{:?} reaches out of {:?}", child.kind(), node.kind()));
            }
            end = child.end();
        }
    }
    let mut last = None;
    for fault in tree.faults() {
        if fault.span.end as usize > text.len() || !text.is_char_boundary(fault.span.start as usize) {
            return Some(format!("a fault out of the text: {}", fault.message));
        }
        if last.is_some_and(|last| last > fault.span.start) {
            return Some("faults out of order".to_owned());
        }
        last = Some(fault.span.start);
    }
    None
}
