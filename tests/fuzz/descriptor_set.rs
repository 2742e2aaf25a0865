//! Descriptor sets, checked and compared with themselves.

use protolint::stages::fuzzing;

use super::breaking::is_silent_on_itself;
use super::places;

/// What a set stands for parses, is checked like what people wrote, and did not change from itself.
pub fn descriptor_set(bytes: &[u8]) {
    let Ok(files) = fuzzing::descriptor_set(bytes) else { return };
    if files.is_empty() {
        return;
    }
    let checked = fuzzing::check(&files);
    places::hold(&checked.findings, &checked.sources);
    for file in &checked.unparsed {
        let is_beyond_limits = checked
            .findings
            .iter()
            .any(|finding| finding.rule == "COMPILE_NESTING" && finding.place.is_some_and(|place| place.file == *file));
        let text = checked.sources.get(*file).text();
        assert!(is_beyond_limits, "it does not parse: {:#?}\n{text}", checked.findings);
    }
    is_silent_on_itself(&files);
}
