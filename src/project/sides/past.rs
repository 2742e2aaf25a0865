//! What earlier releases had of what the later side adds or no longer reserves: found by comparing with their history,
//! and kept with the schemas of these releases.

use crate::history::{ContainerKind, Key, Life};
use crate::project::load::Loaded;

/// What earlier releases had, by the release.
#[derive(Default)]
pub(crate) struct Past {
    pub(crate) releases: Vec<PastRelease>,
}

/// A release, as far as it had something.
pub(crate) struct PastRelease {
    pub(crate) loaded: Loaded,
    pub(crate) lives: Vec<PastLife>,
}

/// What a release had for something else, or still needs reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PastLife {
    pub(crate) taken: Taken,
    pub(crate) kind: ContainerKind,
    /// The container's full name on the later side, and the file that declares it there, as imports name it.
    pub(crate) container: String,
    pub(crate) file: String,
    /// What the element was distinguished by.
    pub(crate) key: Key,
    pub(crate) life: Life,
    /// The name and the type of what is there now, where there is anything.
    pub(crate) now: String,
    /// `v1.50.0 to v1.54.0`.
    pub(crate) releases: String,
    /// The highest number that any release had in the container.
    pub(crate) highest: i32,
    /// How many numbers that were taken again in the container come before this one.
    pub(crate) before: usize,
    /// The branch that had it taken already where this one left it.
    pub(crate) inherited_from: Option<String>,
}

/// What the later side does with what a release had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Something new has its number; of an rpc, its name.
    Key,
    /// A new field has its name, or its key in JSON: the number of that field.
    Name(i32),
    /// Its number is not reserved any more, and nothing has it.
    Number,
    /// Its name is not reserved any more, and nothing has it.
    UnreservedName,
}

impl PastLife {
    /// Whether another comparison found the same.
    pub(crate) fn is_same(&self, other: &PastLife) -> bool {
        let key = |of: &PastLife| (of.taken.clone(), of.kind, of.container.clone(), of.key.clone(), of.now.clone());
        key(self) == key(other)
    }
}
