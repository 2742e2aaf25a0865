//! `breaking` by every layer with evidence, and by every group; and the changelog.

use protolint::finding::Layer;
use protolint::rules::Family;
use protolint::{ChangelogFormat, ChangelogStyle, Format, Policy, Sides, render};

use super::library::{self, Files, compare};
use super::{input, places};

/// Places lie in their files, every format takes the evidence, and nothing is reported of what did not change.
pub fn breaking(bytes: &[u8]) {
    let (before, after) = input::sides(bytes);
    let sides = library::sides(&before, &after);
    for uses in selections() {
        places::hold(&compare(&sides, &uses), sides.sources());
    }
    let report = sides.compare(&Policy::by_layers(&Layer::ALL));
    for format in Format::ALL {
        render(format, &report, &mut Vec::new()).unwrap();
    }
    let changelog = sides.changelog();
    for format in [ChangelogFormat::Human, ChangelogFormat::Markdown, ChangelogFormat::Html, ChangelogFormat::Json] {
        changelog.write(format, ChangelogStyle::default(), &mut Vec::new()).unwrap();
    }
    is_silent_on_itself(&before);
    is_silent_on_itself(&after);
}

/// Nothing is reported of files compared with themselves.
pub fn is_silent_on_itself(files: &Files) {
    is_silent(&library::sides(files, files));
}

/// Nothing is reported of two sides that are the same.
pub fn is_silent(sides: &Sides) {
    for uses in selections() {
        let mut findings = compare(sides, &uses);
        // What is wrong with either side is reported too.
        findings.retain(|finding| finding.change.is_some());
        assert!(findings.is_empty(), "told of itself by {uses:?}: {findings:#?}");
    }
    let entries = sides.changelog().entries;
    assert!(entries.is_empty(), "changed from itself: {entries:#?}");
}

/// By layers, and by each group.
fn selections() -> Vec<Vec<String>> {
    let groups = Family::Breaking.groups().into_iter().map(|group| vec![group.to_owned()]);
    std::iter::once(Vec::new()).chain(groups).collect()
}
