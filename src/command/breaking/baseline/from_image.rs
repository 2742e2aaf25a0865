//! Descriptor sets as a side of a comparison.

use std::path::Path;

use super::{Baseline, Side, Unread};
use crate::command::Failure;
use crate::project::descriptor_set;
use crate::project::path::{self, PathSet};

/// Whether a path is a file that can be nothing but a descriptor set.
pub(super) fn is_image(file: &Path) -> bool {
    file.is_file() && file.extension().is_none_or(|extension| extension != "proto")
}

/// What is on disk against a descriptor set.
pub(super) fn baseline(file: &Path) -> Result<Baseline, Failure> {
    let before = side(file)?;
    let moved = Some((path::absolute(file), path::absolute(Path::new("."))));
    Ok(Baseline {
        before,
        after: Side::default(),
        described: format!("`{}`", path::shown(file)),
        unchanged: PathSet::default(),
        moved,
        tip: None,
        unread: Unread::default(),
        asked: None,
    })
}

/// A descriptor set as one side.
pub(super) fn side(file: &Path) -> Result<Side, Failure> {
    let (snapshot, asked) =
        descriptor_set::open(file).map_err(|fault| Failure { message: fault.message, help: fault.help })?;
    Ok(Side { snapshot: Some(snapshot), paths: Some(asked), ..Side::default() })
}
