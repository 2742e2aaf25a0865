//! Where a configuration lies: which file holds for what is below a directory.

use std::path::{Component, Path, PathBuf};

use super::buf;
use super::files::{FILE_NAMES, MAX_BYTES, MODULE_FILE, WORKSPACE_FILE, read};

/// Looks for a configuration in `start` and the directories above, up to the first one that holds `.git`: one of this
/// tool, else one of buf. A `buf.yaml` whose directory a `buf.work.yaml` above lists is a part of that.
pub fn discover(start: &Path) -> Option<PathBuf> {
    let mut start = std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
    if start.components().any(|component| component == Component::ParentDir) {
        start = start.canonicalize().unwrap_or(start);
    }
    let names = FILE_NAMES.into_iter().chain([WORKSPACE_FILE, MODULE_FILE]);
    let found = up_to_the_repository(&start)
        .find_map(|directory| names.clone().map(|name| directory.join(name)).find(|path| is_there(path)))?;
    let module = found.parent().filter(|_| found.file_name().is_some_and(|name| name == MODULE_FILE));
    let workspace =
        module.and_then(|module| up_to_the_repository(module).skip(1).find_map(|above| holds(above, module)));
    Some(workspace.unwrap_or(found))
}

/// Whether there is anything but a directory of that name. What cannot be read is reported later; skipping it would
/// take another configuration without a word.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) && !path.is_dir()
}

/// A directory and those above it.
fn up_to_the_repository(start: &Path) -> impl Iterator<Item = &Path> {
    let mut is_over = false;
    start.ancestors().take_while(move |directory| {
        let was_over = is_over;
        is_over = directory.join(".git").exists();
        !was_over
    })
}

/// The workspace in a directory, if it has a module in another one.
fn holds(directory: &Path, module: &Path) -> Option<PathBuf> {
    let path = directory.join(WORKSPACE_FILE);
    let bytes = read(&path, MAX_BYTES).ok()?;
    let below = module.strip_prefix(directory).ok()?.to_string_lossy().replace('\\', "/");
    let holds = std::str::from_utf8(&bytes).is_ok_and(|text| buf::holds(text, &below));
    holds.then_some(path)
}
