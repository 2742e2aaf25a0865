//! The import roots of the earlier side of a comparison, by the configuration that it has itself.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::config;
use crate::project::base::Base;
use crate::project::path;
use crate::project::settings::Settings;
use crate::project::view::Kind;

/// The roots that the base's own configuration names, absolute: it may have had other directories than there are now.
/// `None` where it has no configuration, or this run is not by one of those that are found by their names. It is looked
/// for in `directory`, where that of this run would be, and above. `None` too where
/// all of the `later` ones are among them: the others are no longer targets.
pub(super) fn configured(
    settings: &Settings,
    base: &Base,
    directory: &Path,
    later: &[PathBuf],
) -> Option<Vec<PathBuf>> {
    // Settings that were made in memory have no texts.
    let (_, source) = settings.sources.iter().nth(settings.config.source?.index())?;
    if !Path::new(source.path()).file_name().and_then(OsStr::to_str).is_some_and(config::is_found_by_name) {
        return None;
    }
    let view = base.before.view();
    let read = |file: &Path| if view.is_file(file) { view.read(file).ok() } else { None };
    let top = base.earlier_top().map_or_else(|| directory.ancestors().find(|above| above.join(".git").exists()), Some);
    let levels = directory.ancestors().position(|above| Some(above) == top).unwrap_or(0);
    let mut places = directory.ancestors().take(levels + 1);
    let (above, roots) = places.find_map(|above| Some((above, config::roots_in(above, &read)?)))?;
    let roots = roots.iter().map(|root| path::absolute(&above.join(root)));
    let own: Vec<PathBuf> = roots.filter(|root| root.starts_with(directory) || directory.starts_with(root)).collect();
    let is_kept =
        |root: &PathBuf| own.iter().any(|own| root.starts_with(own)) && matches!(view.kind(root), Ok(Kind::Directory));
    let are_fewer = !later.is_empty() && later.iter().all(is_kept);
    Some(own).filter(|own| !own.is_empty() && !are_fewer)
}
