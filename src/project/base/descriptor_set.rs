//! Descriptor sets as a side of a comparison.

use std::path::Path;
use std::sync::Arc;

use super::{Base, Side};
use crate::error::Error;
use crate::project::descriptor_set;
use crate::project::path;

/// What is on disk against a descriptor set.
pub(super) fn base(file: &Path) -> Result<Base, Error> {
    let moved = Some((path::absolute(file), path::absolute(Path::new("."))));
    Ok(Base { moved, ..Base::new(side(file)?, Side::default(), format!("`{}`", path::shown(file))) })
}

/// A descriptor set as one side.
pub(super) fn side(file: &Path) -> Result<Side, Error> {
    let (snapshot, asked) = descriptor_set::open(file)?;
    Ok(Side { snapshot: Some(Arc::new(snapshot)), paths: Some(asked), ..Side::default() })
}
