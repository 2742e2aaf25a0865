//! Which file is which, and what is left where something was deleted.

use rustc_hash::FxHashMap;

use super::roots::{RootKey, RootPairs};
use super::{Pair, all_files, by_key, own_files};
use crate::schema::{Element, File, Schema};

/// The earlier schema's files with what became of them.
pub(super) struct PairedFiles<'s> {
    pub(super) paired: Vec<Pair<File<'s>>>,
    pub(super) gone: Vec<File<'s>>,
}

/// Pairs files by their root and the path that imports use.
pub(super) fn pair<'s>(before: &'s Schema, after: &'s Schema, roots: &RootPairs) -> PairedFiles<'s> {
    let names: FxHashMap<(RootKey, &str), File<'s>> =
        by_key(all_files(after).map(|file| ((roots.key(file), file.name()), file)));
    let (mut paired, mut gone) = (Vec::new(), Vec::new());
    for file in own_files(before) {
        match roots.keys(file).iter().find_map(|root| names.get(&(*root, file.name()))) {
            Some(&after) => paired.push(Pair { before: file, after }),
            None => gone.push(file),
        }
    }
    PairedFiles { paired, gone }
}

/// A full name without the package of its file.
pub(crate) fn nested_name<'n>(full_name: &'n str, file: File<'_>) -> &'n str {
    let package = file.package().unwrap_or_default();
    full_name.strip_prefix(package).map_or(full_name, |rest| rest.trim_start_matches('.'))
}

/// The names of the messages that what is called `nested` in its package lies in, the innermost first.
pub(crate) fn scopes(nested: &str) -> impl Iterator<Item = &str> {
    nested.rmatch_indices('.').map(|(dot, _)| &nested[..dot])
}

/// Where what was called `nested` in its package is missed most: the innermost message around it that `file` still
/// has, else the file.
pub(crate) fn nearest_survivor<'s>(nested: &str, file: File<'s>) -> Element<'s> {
    let called = |name: &str| file.all_messages().find(|message| nested_name(message.full_name(), file) == name);
    scopes(nested).find_map(called).map_or(file.into(), Element::from)
}
