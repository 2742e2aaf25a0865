//! What to read: paths on the command line become files and directories with the names findings show. Nothing is
//! parsed here.

pub(crate) mod path;
pub(crate) mod roots;
pub(crate) mod walk;

use std::path::{Path, PathBuf};

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Absolute, without `.` and `..`.
    pub(crate) absolute: PathBuf,
    /// As the user would type it, `/` between components.
    pub(crate) shown: String,
    /// Whether findings on it are wanted.
    pub(crate) target: bool,
}

/// Why an input cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFault {
    /// What is wrong, with the path in backticks.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

/// Reads a file as text. `Err` has the reason in words; invalid UTF-8 is told by the byte offset at which it starts.
pub(crate) fn read(path: &Path) -> Result<String, ReadFault> {
    let metadata = std::fs::metadata(path).map_err(|error| ReadFault::Unreadable(reason(&error)))?;
    if !metadata.is_file() {
        return Err(ReadFault::Unreadable("it is not a regular file".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| ReadFault::Unreadable(reason(&error)))?;
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        ReadFault::NotUtf8 { offset, text: String::from_utf8_lossy(error.as_bytes()).into_owned() }
    })
}

/// Why a file could not be read.
#[derive(Debug)]
pub(crate) enum ReadFault {
    /// The reason, lower case.
    Unreadable(String),
    NotUtf8 {
        /// Of the first bad byte, 0-based.
        offset: usize,
        /// The text with replacement characters; what stands before `offset` is unchanged.
        text: String,
    },
}

/// The reason in words, without the number of the operating system's error.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
