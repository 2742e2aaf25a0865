//! `breaking` by every layer with evidence, and by every group.

use protolint::report::Format;
use protolint::rules::Family;
use protolint::stages::fuzzing::{self, Files, Sides};

use super::{input, places};

/// Places lie in their files, every format takes the evidence, and nothing is told of what did not change.
pub fn breaking(bytes: &[u8]) {
    let (before, after) = input::sides(bytes);
    if let Some(sides) = Sides::of(&before, &after) {
        let sources = sides.sources();
        for uses in selections() {
            let findings = sides.compare(&uses);
            places::hold(&findings, &sources);
            let formats = if uses.is_empty() { &Format::ALL[..] } else { &[] };
            for format in formats {
                fuzzing::print(&sources, &findings, *format);
            }
        }
    }
    is_silent_on_itself(&before);
    is_silent_on_itself(&after);
}

/// Nothing is told of files compared with themselves.
pub fn is_silent_on_itself(files: &Files) {
    if let Some(sides) = Sides::of(files, files) {
        are_the_same(&sides);
    }
}

/// Nothing is told of what did not change.
pub fn are_the_same(sides: &Sides) {
    for uses in selections() {
        let mut findings = sides.compare(&uses);
        findings.retain(|finding| finding.rule != "UNUSED_IGNORE");
        assert!(findings.is_empty(), "told of itself by {uses:?}: {findings:#?}");
    }
}

/// By layers, and by each group.
fn selections() -> Vec<Vec<String>> {
    let groups = Family::Breaking.groups().into_iter().map(|group| vec![group.to_owned()]);
    std::iter::once(Vec::new()).chain(groups).collect()
}
