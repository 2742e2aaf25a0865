//! What of a schema may be judged otherwise than before some of its files were edited: for those who check it once more.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::element::{File, Method};
use super::link::since;
use super::root::Root;
use super::{FileIndex, Schema};

/// A schema after some of its files were edited, beside what it was before.
pub(crate) struct Reached<'s> {
    schema: &'s Schema,
    before: &'s Schema,
    edited: Vec<FileIndex>,
    reached: Vec<bool>,
}

impl<'s> Reached<'s> {
    /// `None` where there are other files than before, and not only other texts.
    pub(crate) fn new(schema: &'s Schema, before: &'s Schema) -> Option<Reached<'s>> {
        let since = since(schema.linked_files(), before.linked_files())?;
        Some(Reached { schema, before, edited: since.edited, reached: since.reached })
    }

    /// For each file, whether it was edited or imports one that was, directly or not.
    pub(crate) fn reached(&self) -> &[bool] {
        &self.reached
    }

    /// The files that were reached, as roots.
    pub(crate) fn reached_roots(&self) -> Vec<Root<'s>> {
        let files = self.schema.files().filter(|file| self.reached[file.index as usize]);
        as_roots(files)
    }

    /// The files of all packages and directories that edited files are in, or were in, as roots; whole packages and
    /// directories only.
    pub(crate) fn neighbours(&self) -> Vec<Root<'s>> {
        let package = |file: File<'s>| (file.root(), file.package().unwrap_or_default());
        let directory = |file: File<'s>| (file.root(), file.directory());
        let now = self.edited.iter().map(|at| self.schema.file_at(*at));
        let then = self.edited.iter().map(|at| self.before.file_at(*at));
        let both = now.chain(then);
        let (mut packages, mut directories): (FxHashSet<_>, FxHashSet<_>) =
            both.map(|file| (package(file), directory(file))).unzip();
        let mut left: Vec<File<'s>> = self.schema.files().collect();
        let mut found: Vec<File<'s>> = Vec::new();
        loop {
            let is_one =
                |file: &File<'s>| packages.contains(&package(*file)) || directories.contains(&directory(*file));
            let (own, others): (Vec<File<'s>>, Vec<File<'s>>) = left.into_iter().partition(is_one);
            if own.is_empty() {
                break;
            }
            packages.extend(own.iter().map(|file| package(*file)));
            directories.extend(own.iter().map(|file| directory(*file)));
            (left, found) = (others, [found, own].concat());
        }
        found.sort_unstable_by_key(|file| file.index);
        as_roots(found.into_iter())
    }

    /// Whether edited files have the packages and the imports that they had, in the same places.
    pub(crate) fn has_same_imports(&self) -> bool {
        self.edited.iter().all(|at| {
            let (now, then) = (self.schema.file_at(*at), self.before.file_at(*at));
            let targets = |file: File<'s>| file.imports().map(|import| import.target().map(|file| file.index));
            let places = |file: File<'s>| file.imports().map(|import| import.span());
            now.package() == then.package() && targets(now).eq(targets(then)) && places(now).eq(places(then))
        })
    }

    /// Whether reached files have the rpcs that they had, in the same places, with the same messages.
    pub(crate) fn has_same_rpcs(&self) -> bool {
        let reached = self.schema.files().filter(|file| self.reached[file.index as usize]);
        let mut reached = reached.map(|file| (file, self.before.file_at(file.index)));
        reached.all(|(now, then)| {
            let methods = |file: File<'s>| file.services().flat_map(|service| service.methods());
            methods(now).count() == methods(then).count()
                && methods(now).zip(methods(then)).all(|(now, then)| is_same_rpc(now, then))
        })
    }
}

fn is_same_rpc(one: Method<'_>, other: Method<'_>) -> bool {
    let place = |method: Method<'_>| (method.place().span, method.place().name);
    let names =
        |method: Method<'_>| (method.parent().full_name(), method.name()) == (other.parent().full_name(), other.name());
    let message = |one: Option<super::Message<'_>>, other: Option<super::Message<'_>>| match (one, other) {
        (Some(one), Some(other)) => {
            (one.file.index, one.index) == (other.file.index, other.index) && one.full_name() == other.full_name()
        }
        (one, other) => one.is_none() && other.is_none(),
    };
    place(one) == place(other)
        && names(one)
        && message(one.input(), other.input())
        && message(one.output(), other.output())
}

/// Files by their roots, those without a target file left out.
fn as_roots<'s>(files: impl Iterator<Item = File<'s>>) -> Vec<Root<'s>> {
    let mut by_root: BTreeMap<u32, Vec<File<'s>>> = BTreeMap::new();
    for file in files {
        by_root.entry(file.root()).or_default().push(file);
    }
    by_root.into_values().filter(|files| files.iter().any(|file| file.is_target())).map(Root::new).collect()
}
