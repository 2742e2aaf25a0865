//! Descriptor sets, checked and compared with themselves.

use protolint::report::Format;
use protolint::stages::fuzzing::{self, Sides};

use super::breaking::are_the_same;
use super::places;

/// What a set holds is linked and checked, every format takes what is found, and it did not change from itself.
pub fn descriptor_set(bytes: &[u8]) {
    let Some(sides) = Sides::of_set(bytes) else { return };
    let sources = sides.labelled_sources();
    let findings = sides.check();
    places::hold(&findings, sources);
    for finding in &findings {
        assert!(finding.fix.is_none(), "a fix without a text: {finding:?}");
    }
    for format in Format::ALL {
        fuzzing::print(sources, &findings, format);
    }
    are_the_same(&sides);
}
