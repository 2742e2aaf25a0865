//! The names that the files of one state declare, and what written names stand for in it: by protoc's scoping rule, over
//! all files. Where several names fit, the one counts that the file declares or imports.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::outline::{FileOutline, TypeName};

/// The files of a state.
#[derive(Default)]
pub(super) struct State {
    pub(super) files: FxHashMap<Box<str>, Arc<FileOutline>>,
    /// By a full name, the files that declare it.
    declared: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// By a name as it is written where other files declare what it stands for, the files that have it.
    uses: FxHashMap<Box<str>, FxHashSet<Box<str>>>,
}

impl State {
    /// Replaces the outline of a file; what was there. `touched` gets the names that are declared now and were not, or
    /// the other way round.
    pub(super) fn replace(
        &mut self,
        path: &str,
        outline: Option<Arc<FileOutline>>,
        touched: &mut FxHashSet<Box<str>>,
    ) -> Option<Arc<FileOutline>> {
        let old = match &outline {
            Some(new) => self.files.insert(path.into(), Arc::clone(new)),
            None => self.files.remove(path),
        };
        for container in old.iter().flat_map(|old| &old.containers) {
            let name = &container.full_name;
            if let Some(paths) = self.declared.get_mut(name) {
                paths.retain(|known| **known != *path);
                if paths.is_empty() {
                    self.declared.remove(name);
                    toggle(touched, name);
                }
            }
        }
        for container in outline.iter().flat_map(|new| &new.containers) {
            let paths = self.declared.entry(container.full_name.clone()).or_default();
            if paths.is_empty() {
                toggle(touched, &container.full_name);
            }
            paths.push(path.into());
        }
        let (before, after) =
            (old.as_deref().map(used).unwrap_or_default(), outline.as_deref().map(used).unwrap_or_default());
        for gone in before.difference(&after) {
            if let Some(paths) = self.uses.get_mut(*gone) {
                paths.remove(path);
            }
        }
        for new in after.difference(&before) {
            self.uses.entry((*new).into()).or_default().insert(path.into());
        }
        old
    }

    /// The files in which a name may stand for something else, now that others are declared or gone.
    pub(super) fn reached(&self, touched: &FxHashSet<Box<str>>) -> FxHashSet<&str> {
        let mut reached = FxHashSet::default();
        for name in touched {
            // A name that is written in full stands for the same, whether it is declared or not.
            for (outer, written) in name.match_indices('.').map(|(dot, _)| (&name[..dot], &name[dot + 1..])) {
                let files = self.uses.get(written).into_iter().flatten().map(|path| &**path);
                let is_around = |path: &&str| {
                    let package = self.files.get(*path).map_or("", |file| &*file.package);
                    is_within(package, outer) || is_within(outer, package)
                };
                reached.extend(files.filter(is_around));
            }
        }
        reached
    }

    /// Whether a file declares a name.
    pub(super) fn declares(&self, path: &str, name: &str) -> bool {
        self.declared.get(name).is_some_and(|paths| paths.iter().any(|known| **known == *path))
    }

    /// Whether any file declares a name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.declared.contains_key(name)
    }

    /// What a name stands for in a scope of a file; what no file declares stays as it is written.
    pub(super) fn resolve<'a>(&'a self, name: &'a TypeName, scope: &str, path: &str, file: &FileOutline) -> &'a str {
        let (written, is_full) = match name {
            TypeName::Full(full) => return full,
            TypeName::Written(written, is_full) => (&**written, *is_full),
        };
        if is_full {
            return written;
        }
        let scopes = std::iter::once(scope).chain(scope.rmatch_indices('.').map(|(dot, _)| &scope[..dot]));
        let found: Vec<&'a str> = scopes
            .filter(|scope| !scope.is_empty())
            .filter_map(|scope| Some(&**self.declared.get_key_value(format!("{scope}.{written}").as_str())?.0))
            .chain(self.declared.get_key_value(written).map(|(name, _)| &**name))
            .collect();
        match found.as_slice() {
            [] => written,
            [only] => only,
            several => {
                let is_seen = |name: &&&str| {
                    let declared = self.declared.get(**name).into_iter().flatten();
                    declared
                        .into_iter()
                        .any(|of| **of == *path || file.imports.iter().any(|import| is_path_of(of, import)))
                };
                several.iter().find(is_seen).unwrap_or(&several[0])
            }
        }
    }
}

/// Whether a path from the top ends with what an import says.
fn is_path_of(path: &str, import: &str) -> bool {
    path.strip_suffix(import).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// A name that is gone and there again was not touched.
fn toggle(touched: &mut FxHashSet<Box<str>>, name: &str) {
    if !touched.remove(name) {
        touched.insert(name.into());
    }
}

/// The names in a file that others declare, as they are written; without those that are written in full.
fn used(outline: &FileOutline) -> FxHashSet<&str> {
    let elements = outline.containers.iter().flat_map(|container| &container.elements);
    let names = elements.flat_map(|element| element.types.names());
    let written = names.filter_map(|name| match name {
        TypeName::Written(written, false) => Some(&**written),
        TypeName::Full(_) | TypeName::Written(_, true) => None,
    });
    written.collect()
}

/// Whether a package or a message is another one, or lies in it.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| outer.is_empty() || rest.is_empty() || rest.starts_with('.'))
}
