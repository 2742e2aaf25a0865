//! What the deprecation policy says of what the later side does not have any more: found by the history of releases.

use rustc_hash::FxHashMap;

use crate::schema::Element;

/// Elements of the earlier side that releases have and the policy is for, by their files and full names: what is gone on
/// two branches is the same.
#[derive(Debug, Default)]
pub(crate) struct Deletions(FxHashMap<(String, String), Deletion>);

/// What the policy says of an element that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// It was deprecated for long enough.
    Allowed,
    /// It was not; what is to be said of it, after its name.
    TooEarly(String),
}

impl Deletions {
    /// Keeps what is said of an element.
    pub(crate) fn add(&mut self, element: Element<'_>, deletion: Deletion) {
        self.0.insert(key(element), deletion);
    }

    /// What is said of an element.
    pub(crate) fn of(&self, element: Element<'_>) -> Option<&Deletion> {
        self.0.get(&key(element))
    }
}

fn key(element: Element<'_>) -> (String, String) {
    (element.file().name().to_owned(), element.full_name())
}
