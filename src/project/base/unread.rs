//! Files of a commit that its repository cannot give: noted while they are read, reported once at the end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::project::git::GitFault;
use crate::project::path;

/// Files that a repository lists, but does not contain: a fault of the repository, reported once and not of each file.
#[derive(Clone, Default)]
pub(crate) struct Unread {
    faults: Arc<Mutex<BTreeMap<PathBuf, Error>>>,
}

impl Unread {
    /// Notes a file of `revision`.
    pub(super) fn note(&self, file: &Path, revision: &str, fault: GitFault) {
        let message = format!("`{}` of {revision} cannot be read: {}", path::shown_from_here(file), fault.message);
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.insert(file.to_owned(), Error { message, help: fault.help });
    }

    /// Fails if there was any.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, mut first)) = faults.pop_first() else { return Ok(()) };
        match faults.len() {
            0 => {}
            1 => first.message.push_str("; neither can another file"),
            more => first.message.push_str(&format!("; neither can {more} other files")),
        }
        Err(first)
    }
}
