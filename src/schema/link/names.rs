//! Answers what a name stands for in one file, after linking: as written now, or once the file imports one file more. It
//! follows the rules of `lookup` and keeps nothing.

use rustc_hash::FxHashSet;

use super::Target;
use super::files::Files;
use super::lookup::{Lookup, NameUse};
use super::symbols::Symbols;
use super::visible::{self, Visible};
use crate::schema::data::FileIndex;

/// The names that one file sees, and those of some files that it could import.
pub(crate) struct SeenNames<'f> {
    own: FileIndex,
    files: Files<'f>,
    symbols: Symbols<'f>,
    visible: Visible<'f>,
}

impl<'f> SeenNames<'f> {
    /// Those of the file at `own`; `more` are files that it could import.
    pub(crate) fn new(own: FileIndex, files: Files<'f>, more: &[FileIndex]) -> SeenNames<'f> {
        let visible = visible::one_by_one(own, files);
        let mut all = visible.files.clone();
        let mut entered = FxHashSet::default();
        for &file in more {
            visible::public_closure(file, files, &mut entered, &mut all);
        }
        all.sort_unstable();
        all.dedup();
        SeenNames { own, files, symbols: Symbols::new(files, &all), visible }
    }

    /// The files whose types it sees now, itself included, in order.
    pub(crate) fn files(&self) -> impl Iterator<Item = FileIndex> {
        self.visible.files.iter().copied().filter(|file| self.visible.for_options.binary_search(file).is_err())
    }

    /// The files whose extensions it sees now, itself included, in order.
    pub(crate) fn files_for_options(&self) -> &[FileIndex] {
        &self.visible.files
    }

    /// The names as they are now.
    pub(crate) fn now<T>(&self, ask: impl FnOnce(&mut Names<'_>) -> T) -> T {
        ask(&mut Names(Lookup::new(self.own, self.files, &self.symbols, &self.visible)))
    }

    /// The names as they are once the file at `import` is imported, which is one of those it could import.
    pub(crate) fn with<T>(&self, import: FileIndex, ask: impl FnOnce(&mut Names<'_>) -> T) -> T {
        let Visible { files, for_options, incomplete, .. } = &self.visible;
        let (mut files, mut added) = (files.clone(), Vec::new());
        visible::public_closure(import, self.files, &mut FxHashSet::default(), &mut added);
        let for_options = for_options.iter().copied().filter(|file| !added.contains(file)).collect();
        files.extend(added);
        files.sort_unstable();
        files.dedup();
        let visible = Visible { files, for_options, incomplete: *incomplete, through: None };
        ask(&mut Names(Lookup::new(self.own, self.files, &self.symbols, &visible)))
    }
}

/// Names as one file sees them.
pub(crate) struct Names<'f>(Lookup<'f>);

impl Names<'_> {
    /// What `name` stands for in `scope`.
    pub(crate) fn get(&mut self, scope: &str, name: &str, name_use: NameUse) -> Option<Target> {
        self.0.stands_for(scope, name, name_use)
    }

    /// The shortest name that stands for `target`, which has that full name, in `scope`.
    pub(crate) fn shortest(
        &mut self,
        scope: &str,
        full_name: &str,
        target: Target,
        name_use: NameUse,
    ) -> Option<String> {
        let starts = full_name.rmatch_indices('.').map(|(at, _)| at + 1).chain([0]);
        let short = starts.map(|start| &full_name[start..]);
        let found = short.into_iter().find(|name| self.get(scope, name, name_use) == Some(target));
        let absolute = || Some(format!(".{full_name}")).filter(|name| self.get(scope, name, name_use) == Some(target));
        found.map(str::to_owned).or_else(absolute)
    }

    /// How a full name that no file declares yet has to be written in `scope` once one does.
    pub(crate) fn of_new(&mut self, scope: &str, full_name: &str) -> String {
        let is_hidden = self.0.hides(scope, full_name);
        if is_hidden { format!(".{full_name}") } else { full_name.to_owned() }
    }
}
