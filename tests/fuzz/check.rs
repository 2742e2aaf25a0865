//! `check` with every rule, rendered in every format.

use protolint::finding::Severity;
use protolint::{Format, render};

use super::library::{self, Checked};
use super::{input, places};

/// Places lie in their files; what cannot be read is reported; the same input gives the same bytes.
pub fn check(bytes: &[u8]) {
    let files = input::files(bytes);
    let checked = library::check(&files);
    places::hold(checked.findings(), checked.sources());
    for file in &checked.unparsed {
        let is_told = checked.findings().iter().any(|finding| {
            finding.severity == Severity::Error && finding.place.is_some_and(|place| place.file == *file)
        });
        assert!(is_told, "{} was not parsed, and nothing says why", checked.sources().get(*file).path());
    }
    let (first, second) = (printed(&checked), printed(&library::check(&files)));
    for ((one, other), format) in first.iter().zip(&second).zip(Format::NAMES) {
        let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
        assert_eq!(one, other, "{format} differs from run to run");
    }
}

fn printed(checked: &Checked) -> Vec<Vec<u8>> {
    let print = |format: Format| {
        let mut out = Vec::new();
        render(format, &checked.report, &mut out).unwrap();
        out
    };
    Format::ALL.into_iter().map(print).collect()
}
