//! Descriptor sets as a side of a comparison.

use std::path::Path;
use std::sync::Arc;

use super::{Base, Side, Unread};
use crate::error::Error;
use crate::project::descriptor_set;
use crate::project::path::{self, PathSet};

/// What is on disk against a descriptor set.
pub(super) fn base(file: &Path) -> Result<Base, Error> {
    let before = side(file)?;
    let moved = Some((path::absolute(file), path::absolute(Path::new("."))));
    Ok(Base {
        before,
        after: Side::default(),
        described: format!("`{}`", path::shown(file)),
        unchanged: PathSet::default(),
        moved,
        tip: None,
        unread: Unread::default(),
        others: Vec::new(),
        uncompared: Vec::new(),
        notes: Vec::new(),
        asked: None,
        name: path::shown(file),
        is_for_changelog: false,
    })
}

/// A descriptor set as one side.
pub(super) fn side(file: &Path) -> Result<Side, Error> {
    let (snapshot, asked) = descriptor_set::open(file)?;
    Ok(Side { snapshot: Some(Arc::new(snapshot)), paths: Some(asked), ..Side::default() })
}
