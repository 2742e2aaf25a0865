//! Descriptor sets as a side of a comparison: each file is read as the source it stands for.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::{Baseline, Side, Unread};
use crate::command::Failure;
use crate::project::path::{self, PathSet};
use crate::project::view::Snapshot;
use crate::project::{ReadFault, image};

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
    let shown = path::shown(file);
    let cannot = |reason: String| Failure::new(format!("`{shown}` cannot be read: {reason}"));
    let bytes = crate::project::read_file_or_pipe(file).map_err(|error| cannot(crate::source::reason(&error)))?;
    let files = image::files(&bytes).map_err(|fault| Failure { help: fault.help, ..cannot(fault.message) })?;
    let top = path::absolute(file);
    let (mut texts, mut asked) = (BTreeMap::new(), Vec::new());
    for file in files {
        // A name that is none is told with the text, and leads nowhere.
        let is_name = Path::new(&file.name).components().all(|part| matches!(part, Component::Normal(_)));
        let name = if is_name { file.name } else { file.name.replace(['/', '\\'], "_") };
        if !file.is_import {
            asked.push(top.join(&name));
        }
        texts.insert(name, file.text.map_err(|fault| fault.message));
    }
    let label = top.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    let (names, texts): (Vec<String>, Vec<Result<String, String>>) = texts.into_iter().unzip();
    let snapshot = Snapshot::new(top, label, names, move |index, _| match &texts[index] {
        Ok(text) => Ok(text.clone().into_bytes()),
        Err(message) => Err(ReadFault::Unreadable(message.clone())),
    });
    Ok(Side { snapshot: Some(snapshot), paths: Some(asked), ..Side::default() })
}
