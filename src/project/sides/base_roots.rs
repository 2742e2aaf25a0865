//! The import roots of the earlier side of a comparison, by the configuration that it has itself.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::config;
use crate::project::base::Base;
use crate::project::path;
use crate::project::settings::Settings;
use crate::project::view::Kind;
use crate::project::walk::Exclude;

/// The roots of the base by its own configuration, absolute.
pub(super) struct BaseRoots {
    pub(super) roots: Vec<PathBuf>,
    /// Those that the later configuration does not name any more, though what they hold is still there: where it lies now.
    pub(super) left_out: Vec<PathBuf>,
}

/// The roots that the base's own configuration names: it may have had other directories than there are now. `None` where it
/// has no configuration, or this run is not by one of those that are found by their names. It is looked for in `directory`,
/// where that of this run would be, and above.
pub(super) fn configured(settings: &Settings, base: &Base, directory: &Path, later: &[PathBuf]) -> Option<BaseRoots> {
    // Settings that were made in memory have no texts.
    let (_, source) = settings.sources.iter().nth(settings.config.source?.index())?;
    if !Path::new(source.path()).file_name().and_then(OsStr::to_str).is_some_and(config::is_found_by_name) {
        return None;
    }
    let (view, later_view) = (base.before.view(), base.after.view());
    let read = |file: &Path| if view.is_file(file) { view.read(file).ok() } else { None };
    let top = base.earlier_top().map_or_else(|| directory.ancestors().find(|above| above.join(".git").exists()), Some);
    let levels = directory.ancestors().position(|above| Some(above) == top).unwrap_or(0);
    let mut places = directory.ancestors().take(levels + 1);
    let (above, roots) = places.find_map(|above| Some((above, config::roots_in(above, &read)?)))?;
    let roots = roots.iter().map(|root| path::absolute(&above.join(root)));
    let own: Vec<PathBuf> = roots.filter(|root| root.starts_with(directory) || directory.starts_with(root)).collect();
    if own.is_empty() {
        return None;
    }
    let is_kept =
        |root: &PathBuf| own.iter().any(|own| root.starts_with(own)) && matches!(view.kind(root), Ok(Kind::Directory));
    if later.is_empty() || !later.iter().all(is_kept) {
        return Some(BaseRoots { roots: own, left_out: Vec::new() });
    }
    // There is less to look at than there was. What is gone with its root is gone; what only lost its root is not.
    let is_there = |root: &PathBuf| {
        let now = base.after_of(root);
        let found = later_view.protos(&now, &Exclude::nothing(&now), false);
        found.is_ok_and(|found| found.files.iter().any(|file| !is_within(&file.absolute, later, base)))
    };
    let is_named = |root: &PathBuf| later.iter().any(|later| later.starts_with(root));
    let (left_out, roots): (Vec<PathBuf>, Vec<PathBuf>) =
        own.iter().cloned().partition(|root| !is_named(root) && is_there(root));
    let roots = if roots.iter().all(is_named) { later.to_vec() } else { roots };
    Some(BaseRoots { roots, left_out: left_out.iter().map(|root| base.after_of(root)).collect() })
}

/// Whether a file of the later side lies in a root that is still one.
fn is_within(file: &Path, later: &[PathBuf], base: &Base) -> bool {
    later.iter().any(|root| file.starts_with(base.after_of(root)))
}
