//! Descriptor sets on disk or in a pipe: what is in one stands below the path of the set. It decodes nothing.

use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::view::Snapshot;
use super::{path, plain_name};
use crate::error::Error;
use crate::schema::descriptor_set::{SetFault, files};
use crate::source::reason;

/// Whether a path is a file that can be nothing but a descriptor set.
pub(crate) fn is_one(file: &Path) -> bool {
    file.is_file() && file.extension().is_none_or(|extension| extension != "proto")
}

/// Reads the set that is the only path of the settings; `None` where that is no set, but a text of another name.
///
/// # Errors
///
/// As those of [`open`].
pub(super) fn given(settings: &Settings) -> Result<Option<(Snapshot, Vec<PathBuf>)>, Error> {
    let Some(set) = settings.paths.iter().find(|path| is_one(path)).filter(|_| settings.stdin.is_none()) else {
        return Ok(None);
    };
    match open(set) {
        Ok(_) if settings.paths.len() > 1 => {
            let message =
                format!("`{}` is a descriptor set, and cannot be combined with other paths", path::shown(set));
            Err(Error::new(message).help(format!("protolint check {}", path::shown(set))))
        }
        Ok(set) => Ok(Some(set)),
        Err(_) if is_text(set) || settings.paths.len() > 1 => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn is_text(file: &Path) -> bool {
    let bytes = super::read_file_or_pipe(file).unwrap_or_default();
    !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok()
}

/// Reads a set: its files, and the paths of those that are not only imported.
///
/// # Errors
///
/// It cannot be read, or is no descriptor set.
pub(crate) fn open(file: &Path) -> Result<(Snapshot, Vec<PathBuf>), Error> {
    let shown = path::shown(file);
    let cannot = |reason: &str| format!("`{shown}` cannot be read: {reason}");
    let bytes = super::read_file_or_pipe(file).map_err(|error| Error::new(cannot(&reason(&error))))?;
    let top = path::absolute(file);
    let label = top.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    snapshot(&bytes, top, Some(label)).map_err(|fault| Error { message: cannot(&fault.message), help: fault.help })
}

/// The same of bytes, as if they stood at the absolute path `top`; `label` is what that is called.
pub(crate) fn snapshot(
    bytes: &[u8],
    top: PathBuf,
    label: Option<String>,
) -> Result<(Snapshot, Vec<PathBuf>), SetFault> {
    let (mut named, mut asked) = (Vec::new(), Vec::new());
    let files = files(bytes)?;
    // A set of imports alone was named for these.
    let are_imports = files.iter().all(|file| file.is_import);
    for file in files {
        let name = plain_name(file.name);
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
