//! Descriptor sets, checked and compared with themselves.

use protolint::{Format, Project, Sides, render};

use super::breaking::is_silent;
use super::library::Checked;
use super::places;

/// What a set holds is linked and checked, every format takes what is found, and it did not change from itself. What cannot
/// be read of it is reported.
pub fn descriptor_set(bytes: &[u8]) {
    let Ok(project) = Project::from_descriptor_set(bytes) else { return };
    let checked = Checked::of(&project);
    places::hold(checked.findings(), checked.sources());
    for finding in checked.findings() {
        assert!(finding.fix.is_none(), "a fix without a text: {finding:?}");
    }
    for file in &checked.unparsed {
        let is_told = checked.findings().iter().any(|finding| finding.place.is_some_and(|place| place.file == *file));
        assert!(is_told, "it is not read, and that is not reported: {:#?}", checked.findings());
    }
    for format in Format::ALL {
        render(format, &checked.report, &mut Vec::new()).unwrap();
    }
    is_silent(&Sides::new(&project, &project));
}
