//! Descriptor sets on disk or in a pipe: what is in one stands below the path of the set. It decodes nothing.

use std::path::{Component, Path, PathBuf};

use super::view::Snapshot;
use super::{InputFault, path};
use crate::schema::descriptor_set::{SetFault, files};
use crate::source::reason;

/// Reads a set: its files, and the paths of those that are not only imported.
///
/// # Errors
///
/// It cannot be read, or is no descriptor set.
pub(crate) fn open(file: &Path) -> Result<(Snapshot, Vec<PathBuf>), InputFault> {
    let shown = path::shown(file);
    let cannot = |reason: &str| format!("`{shown}` cannot be read: {reason}");
    let bytes =
        super::read_file_or_pipe(file).map_err(|error| InputFault { message: cannot(&reason(&error)), help: None })?;
    let top = path::absolute(file);
    let label = top.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    snapshot(&bytes, top, label).map_err(|fault| InputFault { message: cannot(&fault.message), help: fault.help })
}

/// The same of bytes, as if they stood at the absolute path `top`; `label` is what that is called.
pub(crate) fn snapshot(bytes: &[u8], top: PathBuf, label: String) -> Result<(Snapshot, Vec<PathBuf>), SetFault> {
    let (mut named, mut asked) = (Vec::new(), Vec::new());
    let files = files(bytes)?;
    // Whoever names a set of imports alone means these.
    let are_imports = files.iter().all(|file| file.is_import);
    for file in files {
        // A name that is none is told with the fault of the file, and leads nowhere.
        let is_name = Path::new(&file.name).components().all(|part| matches!(part, Component::Normal(_)));
        let name = if is_name { file.name } else { file.name.replace(['/', '\\'], "_") };
        if !file.is_import || are_imports {
            asked.push(top.join(&name));
        }
        named.push((name, file.read.map_err(|fault| fault.message)));
    }
    // Of two files of one name the later one says that they differ.
    named.reverse();
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    named.dedup_by(|(one, _), (other, _)| one == other);
    Ok((Snapshot::described(top, label, named), asked))
}
