//! How a finding could be fixed. The code that applies a fix decides whether it may; this only says what would change.

use crate::source::Place;

/// What would fix a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Texts change, and nothing that is visible outside: no name, number, type or option. Safe to apply unseen.
    Edits(Vec<Edit>),
    /// What the finding is about gets another name, which has to change wherever it is used, and which others may know.
    Rename {
        /// The new name.
        to: String,
        /// Whether the old name only says "nothing was set", as `UNKNOWN` does.
        is_placeholder: bool,
    },
}

/// A range of a text with what is to stand there instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What goes; empty where something is inserted.
    pub place: Place,
    /// What comes; lines end in LF, whatever ends them in the text it is for.
    pub text: String,
}
