//! A directory on disk as the earlier side of a comparison.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Base, Side};
use crate::project::path::{self, PathSet};
use crate::project::settings::Settings;
use crate::project::walk::{self, Exclude};
use crate::source::FILES_OF_A_TASK;

/// A directory on disk. Where the paths given lie in it too, those are meant.
pub(super) fn base(settings: &Settings, directory: &Path) -> Base {
    let given: Vec<PathBuf> = if settings.paths.is_empty() { vec![PathBuf::from(".")] } else { settings.paths.clone() };
    let join = |path: &PathBuf| if path == Path::new(".") { directory.to_owned() } else { directory.join(path) };
    let inner: Vec<PathBuf> = given.iter().map(join).collect();
    let is_inside = given.iter().all(|path| path.is_relative()) && inner.iter().all(|path| path.exists());
    let after = match &given[..] {
        [only] if !is_inside => path::absolute(only),
        _ => path::absolute(Path::new(".")),
    };
    let paths = if is_inside { inner } else { vec![directory.to_owned()] };
    let before = Side { paths: Some(paths), ..Side::default() };
    let described = format!("`{}`", path::shown(directory));
    let moved = Some((path::absolute(directory), after));
    let mut base = Base { moved, ..Base::new(before, Side::default(), described) };
    base.unchanged = same_on_disk(directory, &base);
    base
}

/// The files of the later side that hold the same bytes as those in the same place of a directory.
fn same_on_disk(directory: &Path, base: &Base) -> PathSet {
    let found = walk::protos(directory, &Exclude::nothing(directory), true).unwrap_or_default().files;
    let is_same = |before: &Path, after: &Path| {
        let length =
            |file: &Path| std::fs::metadata(file).ok().filter(|found| found.is_file()).map(|found| found.len());
        let lengths = [before, after].map(length);
        lengths[0].is_some()
            && lengths[0] == lengths[1]
            && matches!((std::fs::read(before), std::fs::read(after)), (Ok(one), Ok(other)) if one == other)
    };
    let same = found.into_par_iter().with_max_len(FILES_OF_A_TASK).filter_map(|file| {
        let after = base.after_of(&file.absolute);
        is_same(&file.absolute, &after).then_some(after)
    });
    same.collect::<Vec<PathBuf>>().into_iter().collect()
}
