//! Where files lie that belong to a project as its configuration does, whether it has one or not.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::project::path;

/// The absolute path of a file of that name: beside the configuration, else at the top of the repository that holds
/// `start`, else here.
pub(super) fn place_of(name: &str, config: &Config, start: &Path) -> PathBuf {
    if config.source.is_some() {
        return path::absolute(&config.directory).join(name);
    }
    let start = path::absolute(start);
    let top = start.ancestors().find(|above| above.join(".git").exists());
    top.map_or_else(|| path::absolute(Path::new(name)), |top| top.join(name))
}
