//! Texts that fixes changed: shown as differences, or written in the place of the old ones.

use std::path::PathBuf;

use super::Failure;
use crate::fix;
use crate::input::replace::replace;
use crate::input::view::View;
use crate::input::{self, path};

/// A file whose text changes.
pub(super) struct Text {
    /// Absolute.
    pub(super) path: PathBuf,
    /// As findings show it.
    pub(super) shown: String,
    pub(super) old: String,
    pub(super) new: String,
}

/// How texts differ, in unified format.
pub(super) fn differences(texts: &[Text]) -> String {
    texts.iter().map(|text| fix::unified(&text.shown, &text.old, &text.new)).collect()
}

/// Writes each text in the place of the old one. A file that is not what was read any more is left alone, and with it
/// all others where they belong `together`.
pub(super) fn write(texts: &[Text], together: bool) -> Result<(), Failure> {
    let is_as_read = |text: &&Text| View::default().read(&text.path).is_ok_and(|now| now == text.old);
    let (as_read, changed): (Vec<&Text>, Vec<&Text>) = texts.iter().partition(is_as_read);
    let names: Vec<String> = changed.iter().map(|text| format!("`{}`", text.shown)).collect();
    let why = format!("{} changed since it was read", names.join(", "));
    if together && !changed.is_empty() {
        return Err(Failure::new(why).help("nothing was written; run it again"));
    }
    for text in as_read {
        let written = replace(&text.path, |out| out.write_all(text.new.as_bytes()));
        written.map_err(|error| {
            let shown = path::shown_from_here(&text.path);
            Failure::new(format!("`{shown}` cannot be written: {}", input::reason(&error)))
        })?;
    }
    if changed.is_empty() { Ok(()) } else { Err(Failure::new(why).help("it was left alone; run it again")) }
}
