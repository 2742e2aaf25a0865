//! Why something cannot be done at all, in words for the user. It does not depend on what was to be done; findings are
//! not errors.

use std::fmt;

/// Why something cannot be done: a path that is not there, a branch that is unknown, a file that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// What to do, ready to paste.
    pub help: Option<String>,
}

impl Error {
    /// An error with this message and no help.
    pub fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), help: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }
}

/// The message alone.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
