//! Which import root of one schema is which of the other. Files of one path, and elements of one name, in two roots are
//! not the same.

use crate::schema::File;

/// Where a file of the later schema lies: in one of its roots, or outside of them all.
pub(super) type RootKey = u32;

/// What belongs to no root: includes, and files that are built in.
const OUTSIDE: RootKey = u32::MAX;

/// The roots of two schemas.
#[derive(Clone, Debug, Default)]
pub(crate) struct RootPairs {
    /// For each root of the earlier schema, the roots of the later one that its files are looked for in; none at all
    /// where roots do not matter.
    later: Vec<Vec<RootKey>>,
    /// Where files outside of all earlier roots are looked for.
    from_outside: Vec<RootKey>,
    /// How many roots the later schema has.
    count: u32,
}

impl RootPairs {
    /// Each root of the earlier schema with the indexes of those of the later one, which has `count` of them.
    pub(crate) fn new(later: &[Vec<u32>], count: usize) -> RootPairs {
        let count = u32::try_from(count).unwrap_or(OUTSIDE);
        let with_outside = |roots: &Vec<u32>| roots.iter().copied().chain([OUTSIDE]).collect();
        RootPairs {
            later: later.iter().map(with_outside).collect(),
            from_outside: [OUTSIDE].into_iter().chain(0..count).collect(),
            count,
        }
    }

    /// Where a file of the later schema lies.
    pub(super) fn key(&self, after: File<'_>) -> RootKey {
        match after.root() {
            _ if self.later.is_empty() => 0,
            root if root < self.count => root,
            _ => OUTSIDE,
        }
    }

    /// Where what a file of the earlier schema declares may be in the later one, the likeliest first.
    pub(super) fn keys(&self, before: File<'_>) -> &[RootKey] {
        if self.later.is_empty() {
            return &[0];
        }
        self.later.get(before.root() as usize).unwrap_or(&self.from_outside)
    }
}
