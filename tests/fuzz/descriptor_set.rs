//! Descriptor sets, checked and compared with themselves.

use protolint::{Project, Sides};

use super::breaking::is_silent;
use super::library::Checked;
use super::places;

/// What a set stands for parses, is checked like what people wrote, and did not change from itself. What stands for nothing
/// is reported.
pub fn descriptor_set(bytes: &[u8]) {
    let Ok(project) = Project::from_descriptor_set(bytes) else { return };
    let checked = Checked::of(&project);
    places::hold(checked.findings(), checked.sources());
    for file in &checked.unparsed {
        let told = checked.findings().iter().filter(|finding| finding.place.is_some_and(|place| place.file == *file));
        let rules: Vec<&str> = told.map(|finding| finding.rule).collect();
        let text = checked.sources().get(*file).text();
        let stands_for_none = text.is_empty() && rules.contains(&"INPUT_UNREADABLE");
        let is_beyond_limits = rules.contains(&"COMPILE_NESTING");
        assert!(stands_for_none || is_beyond_limits, "it does not parse: {:#?}\n{text}", checked.findings());
    }
    is_silent(&Sides::new(&project, &project));
}
