//! That places lie in their texts.

use protolint::finding::{Finding, Fix};
use protolint::source::{Place, Sources};

/// Every place of every finding lies within its text, on boundaries of characters.
pub fn hold(findings: &[Finding], sources: &Sources) {
    for finding in findings {
        assert!(finding.place.is_some(), "no place: {finding:?}");
        let before = finding.change.iter().filter_map(|change| change.before);
        let labels = finding.labels.iter().map(|label| label.place);
        let edits = match finding.fix.as_deref() {
            Some(Fix::Edits(edits)) => edits.as_slice(),
            _ => &[],
        };
        let edits = edits.iter().map(|edit| edit.place);
        for place in finding.place.into_iter().chain(before).chain(labels).chain(edits) {
            assert!(is_in_text(place, sources), "{place:?} is not in its text: {finding:?}");
        }
    }
}

fn is_in_text(place: Place, sources: &Sources) -> bool {
    sources.get(place.file).contains(place.span)
}
