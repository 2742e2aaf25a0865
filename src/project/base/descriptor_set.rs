//! Descriptor sets as a side of a comparison: each file is read as the source it stands for.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Base, Side, Unread};
use crate::error::Error;
use crate::project::path::{self, PathSet};
use crate::project::view::Snapshot;
use crate::project::{ReadFault, image, plain_name};

/// Whether a path is a file that can be nothing but a descriptor set.
pub(super) fn is_one(file: &Path) -> bool {
    file.is_file() && file.extension().is_none_or(|extension| extension != "proto")
}

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
        asked: None,
    })
}

/// A descriptor set as one side.
pub(super) fn side(file: &Path) -> Result<Side, Error> {
    let shown = path::shown(file);
    let cannot = |reason: String| Error::new(format!("`{shown}` cannot be read: {reason}"));
    let bytes = crate::project::read_file_or_pipe(file).map_err(|error| cannot(crate::source::reason(&error)))?;
    let files = image::files(&bytes).map_err(|fault| Error { help: fault.help, ..cannot(fault.message) })?;
    let top = path::absolute(file);
    let (mut texts, mut asked) = (BTreeMap::new(), Vec::new());
    for file in files {
        let name = plain_name(file.name);
        if !file.is_import {
            asked.push(top.join(&name));
        }
        texts.insert(name, file.text.map_err(|fault| fault.message));
    }
    let label = top.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    let (names, texts): (Vec<String>, Vec<Result<String, String>>) = texts.into_iter().unzip();
    let is_file = top.is_file();
    let snapshot = Snapshot::new(top, Some(label), names, move |index, _| match &texts[index] {
        Ok(text) => Ok(text.clone().into_bytes()),
        Err(message) => Err(ReadFault::Unreadable(message.clone())),
    });
    let snapshot = if is_file { snapshot.shown_from_top() } else { snapshot };
    Ok(Side { snapshot: Some(snapshot), paths: Some(asked), ..Side::default() })
}
