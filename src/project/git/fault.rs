//! What can be wrong with a repository or with what was asked of it, in words. What the words for a remote are is in
//! `remote.rs`.

use std::fmt::Display;

use gix::ObjectId;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitFault {
    pub(crate) kind: GitFaultKind,
    /// What is wrong, with names in backticks.
    pub(crate) message: String,
    /// The command that helps, or a short sentence with it.
    pub(crate) help: Option<String>,
}

/// What callers have to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GitFaultKind {
    /// There is nothing to compare with yet: no commit was made, or a push event names the commit before the first
    /// one, all zeros.
    NothingToCompare,
    /// No reference and no commit has the name; near names may be meant.
    UnknownReference,
    /// The name can be resolved, but not to one commit.
    NotACommit,
    /// The history is cut off before the answer.
    Shallow,
    /// There is no common ancestor.
    Unrelated,
    /// No tag matches.
    NoTag,
    /// An object is not here: a partial clone, or a damaged repository.
    Missing,
    /// An object or a file of the repository is damaged, or larger than can be right.
    Corrupt,
    /// The repository cannot be read by this program.
    Unsupported,
}

impl GitFault {
    pub(super) fn new(kind: GitFaultKind, message: impl Into<String>) -> GitFault {
        // Names in it come from anywhere.
        let escape = |letter: char| if letter.is_control() { letter.escape_default().collect() } else { vec![letter] };
        GitFault { kind, message: message.into().chars().flat_map(escape).collect(), help: None }
    }

    /// There is nothing to compare with yet, which is no fault: why.
    pub(crate) fn nothing(why: &str) -> GitFault {
        GitFault::new(GitFaultKind::NothingToCompare, why)
    }

    pub(super) fn help(self, help: impl Into<String>) -> GitFault {
        GitFault { help: Some(help.into()), ..self }
    }
}

pub(super) fn corrupt(id: ObjectId, why: impl Display) -> GitFault {
    GitFault::new(GitFaultKind::Corrupt, format!("object `{id}` of the git repository is corrupt: {}", reason(why)))
        .help("git fsck")
}

/// Something other than an object that cannot be read.
pub(super) fn unreadable(what: &str, why: impl Display) -> GitFault {
    GitFault::new(GitFaultKind::Corrupt, format!("{what} cannot be read: {}", reason(why))).help("git fsck")
}

/// What an error comes down to, with the value that was wrong and without what else was noted with it.
pub(super) fn cause(error: &gix::Error) -> String {
    let cause = error.probable_cause();
    let Some(noted) = cause.downcast_ref::<gix::error::Message>() else { return cause.to_string() };
    match noted.values.get("input") {
        Some(input) => format!("{}: {input}", noted.message),
        None => noted.message.to_string(),
    }
}

/// Whether a name from the repository or the command line can stand in a command as it is.
pub(super) fn is_plain(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+#@".contains(letter);
    !name.is_empty() && !name.starts_with('-') && !name.contains("..") && name.chars().all(is_plain)
}

/// The reason in the style of messages: one line, lower case, no full stop.
pub(super) fn reason(why: impl Display) -> String {
    let text = why.to_string();
    let line = text.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = line.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    // A word in capitals stays one.
    if letters.clone().next().is_some_and(char::is_uppercase) { line.to_owned() } else { first + letters.as_str() }
}
