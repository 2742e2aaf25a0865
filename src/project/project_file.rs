//! Where files lie that belong to a project as its configuration does, whether it has one or not.

use std::path::{Path, PathBuf};

use super::path;
use super::settings::Settings;

/// The absolute path of a file of that name: beside the configuration, else at the top of the repository that holds the
/// paths, else here.
pub(crate) fn project_file(name: &str, settings: &Settings) -> PathBuf {
    if settings.config.source.is_some() {
        return path::absolute(&settings.config.directory).join(name);
    }
    let start = path::absolute(&settings.start());
    let top = start.ancestors().find(|above| above.join(".git").exists());
    top.map_or_else(|| path::absolute(Path::new(name)), |top| top.join(name))
}
