//! Descriptor sets as a side of a comparison: each file is read as the source it stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Baseline, Side};
use crate::command::Failure;
use crate::input::view::Snapshot;
use crate::input::{ReadFault, image, path};

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
        unchanged: FxHashSet::default(),
        moved,
        tip: None,
    })
}

/// A descriptor set as one side.
pub(super) fn side(file: &Path) -> Result<Side, Failure> {
    let shown = path::shown(file);
    let cannot = |reason: String| Failure::new(format!("`{shown}` cannot be read: {reason}"));
    let opened = std::fs::File::open(file).and_then(crate::input::read_all);
    let bytes = opened.map_err(|error| cannot(crate::input::reason(&error)))?;
    let files = image::files(&bytes).map_err(|fault| Failure { help: fault.help, ..cannot(fault.message) })?;
    let top = path::absolute(file);
    let (mut texts, mut asked) = (BTreeMap::new(), Vec::new());
    for file in files {
        let path = top.join(&file.name);
        if !file.is_import {
            asked.push(path.clone());
        }
        texts.insert(path, file.text.map_err(|fault| fault.message));
    }
    let label = top.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    let names: BTreeSet<PathBuf> = texts.keys().cloned().collect();
    let snapshot = Snapshot::new(top.clone(), label, names, move |path| match texts.get(path) {
        Some(Ok(text)) => Ok(text.clone().into_bytes()),
        Some(Err(message)) => Err(ReadFault::Unreadable(message.clone())),
        None => Err(ReadFault::Unreadable("the set has no such file".to_owned())),
    });
    Ok(Side { snapshot: Some(snapshot), paths: Some(asked) })
}
