//! What the deprecation policy says of what the later side does not have any more: found by the history of releases.

use rustc_hash::FxHashMap;

use crate::schema::{Element, ElementId};

/// Elements of the earlier side that releases have and the policy is for.
#[derive(Debug, Default)]
pub(crate) struct Deletions(pub(crate) FxHashMap<ElementId, Deletion>);

/// What the policy says of an element that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// It was deprecated for long enough.
    Allowed,
    /// It was not; what is to be said of it, after its name.
    TooEarly(String),
}

impl Deletions {
    /// What is said of an element.
    pub(crate) fn of(&self, element: Element<'_>) -> Option<&Deletion> {
        self.0.get(&element.id())
    }
}
