//! Writes a file so that it is never seen half written: beside the old one first, then in its place. Signals that end
//! the program leave nothing beside it.

mod unfinished;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;
use unfinished::Unfinished;

/// Puts what `write` writes in the place of the file, or of the one that a link leads to, whose permissions stay; where
/// anything fails, the old one stays whole. What is not a regular file, such as a pipe, is written to as it is.
///
/// # Errors
///
/// Those of `write` and of the file system.
pub(crate) fn replace(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    prepare(file, write)?.put()
}

/// What is to stand in the place of a file. Dropped, it leaves nothing behind.
pub(crate) struct Prepared {
    /// None where it was written to directly.
    beside: Option<Unfinished>,
    file: PathBuf,
}

impl Prepared {
    /// Puts it there.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub(crate) fn put(self) -> io::Result<()> {
        self.beside.map_or(Ok(()), |beside| beside.put(&self.file))
    }
}

/// Does all of [`replace`] but the last step, so that several files can be replaced together or not at all.
///
/// # Errors
///
/// As those of [`replace`].
pub(crate) fn prepare(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Prepared> {
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let old = match file.metadata() {
        Ok(metadata) if !metadata.is_file() => {
            write(&mut std::fs::OpenOptions::new().write(true).open(&file)?)?;
            return Ok(Prepared { beside: None, file });
        }
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if old.as_ref().is_some_and(std::fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = parent.map_or_else(|| PathBuf::from("."), Path::to_owned);
    let mut builder = Builder::new();
    builder.prefix(".protolint-");
    if let (None, Some(permissions)) = (&old, new_file_permissions()) {
        builder.permissions(permissions);
    }
    let (mut text, beside) = Unfinished::new(|| builder.tempfile_in(directory))?;
    if let Some(permissions) = old {
        text.set_permissions(permissions)?;
    }
    write(&mut text)?;
    text.sync_all()?;
    Ok(Prepared { beside: Some(beside), file })
}

/// Those that other programs give new files, less what the user's mask takes away.
#[cfg(unix)]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::Permissions::from_mode(0o666))
}

/// Those that a new file gets anyway.
#[cfg(not(unix))]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    None
}
