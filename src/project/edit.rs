//! Some texts of a project are others now: only these are parsed again, and where a file still imports and declares as
//! it did, nothing is looked for. Otherwise everything is read again.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::load::{Loaded, fault_finding};
use super::settings::Settings;
use super::view::{Edited, Known, KnownFile};
use super::{Project, path};
use crate::error::Error;
use crate::finding::{Finding, Label};
use crate::schema::{self, FileIndex, FilePlace, ParsedFile, Schema};
use crate::source::{FILES_OF_A_TASK, FileId, Place, SourceFile, Sources};

impl Project {
    /// The same project where the texts of some files, by absolute path, are others: those of open buffers, or those
    /// that fixes make. It is made of the project as it was opened, so that `texts` holds all that differs from that,
    /// and shares what did not change.
    ///
    /// ```
    /// use protolint::{Project, Rules};
    ///
    /// let project = Project::in_memory([("a/v1/user.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n")]);
    /// let (file, text) = project.sources().iter().next().expect("one file");
    /// let path = project.absolute(file).expect("a schema").to_owned();
    /// let edited = project.with_texts([(path, text.text().replace("user", "User"))]).expect("it can be read");
    /// assert!(edited.lint(&Rules::default()).findings.is_empty());
    /// ```
    ///
    /// # Errors
    ///
    /// As those of [`Project::open`].
    pub fn with_texts(&self, texts: impl IntoIterator<Item = (PathBuf, String)>) -> Result<Project, Error> {
        self.with_edited(&texts.into_iter().collect())
    }

    /// The same project with more texts edited than are already.
    pub(crate) fn edited_further(&self, texts: &Edited) -> Result<Project, Error> {
        let mut edited = (*self.edited).clone();
        edited.extend(texts.iter().map(|(path, text)| (path.clone(), text.clone())));
        self.with_edited(&edited)
    }

    /// The same for texts that are together already.
    pub(crate) fn with_edited(&self, edited: &Edited) -> Result<Project, Error> {
        let is_fixed = !self.settings.config.roots.is_empty();
        let goes_on = self.edited.keys().all(|path| edited.contains_key(path));
        let mut sources = self.sources.clone();
        let loaded = if goes_on { self.loaded.edited(edited, is_fixed, (&self.sources, &mut sources)) } else { None };
        match loaded {
            Some(loaded) => {
                let (loaded, edited) = (Arc::new(loaded), Arc::new(edited.clone()));
                Ok(Project { loaded, sources, edited, ..self.clone() })
            }
            None => self.read_again(edited),
        }
    }
}

impl Project {
    /// Looks for everything again. What was read of files that are as they were when the project was opened, and have
    /// no faults, is taken over.
    fn read_again(&self, edited: &Edited) -> Result<Project, Error> {
        let mut known = Known::default();
        for file in self.loaded.files.iter().filter(|file| !file.has_faults()) {
            let Some((id, path)) = file.source().and_then(|id| Some((id, self.absolute(id)?))) else { continue };
            if !self.edited.contains_key(path) {
                let file = KnownFile { source: self.sources.shared(id), parsed: file.clone(), id: None };
                known.0.insert(path.as_os_str().to_owned(), file);
            }
        }
        let (settings, snapshot) = (Arc::clone(&self.settings), self.snapshot.clone());
        Project::read_after(settings, snapshot, edited, (&known, self.schema()), &|| ())
    }

    /// The same files with numbers that follow those of other texts, among which they are taken. They are called what
    /// is not on the disk is called. Findings are not wanted on those that `unparsed` names.
    pub(super) fn numbered_after(&self, sources: &mut Sources, unparsed: &FxHashSet<String>) -> Loaded {
        let first = sources.len();
        let mut absolute = vec![PathBuf::new(); first];
        let mut numbers: FxHashMap<FileId, usize> = FxHashMap::default();
        for (id, file) in self.sources.iter() {
            let Some(path) = self.absolute(id) else { continue };
            let text = file.clone().of_revision(file.revision().unwrap_or(EARLIER));
            numbers.insert(id, sources.add(text).index() - first);
            absolute.push(path.to_owned());
        }
        let added: Vec<FileId> = sources.iter().skip(first).map(|(id, _)| id).collect();
        let number = |id: FileId| numbers.get(&id).map(|&at| added[at]);
        let again = |file: &ParsedFile| match file.source().and_then(number) {
            Some(id) => {
                let mut parsed = file.clone();
                parsed.identify(file.name().to_owned(), Some(id));
                parsed
            }
            None => file.clone(),
        };
        let files: Vec<ParsedFile> = self.loaded.files.par_iter().with_max_len(FILES_OF_A_TASK).map(again).collect();
        let moved = |place: Place| Some(Place { file: number(place.file)?, ..place });
        let findings = self.loaded.findings.iter().map(|finding| Finding {
            place: finding.place.and_then(moved),
            labels: finding
                .labels
                .iter()
                .filter_map(|label| Some(Label { place: moved(label.place)?, ..label.clone() }))
                .collect(),
            ..finding.clone()
        });
        let findings = findings.collect();
        let (mut places, targets) = (self.loaded.places.clone(), self.loaded.targets);
        for (file, place) in self.loaded.files.iter().zip(&mut places) {
            place.target &=
                !file.source().and_then(|id| self.name_from_start(id)).is_some_and(|name| unparsed.contains(&name));
        }
        let schema = Schema::link(files.clone(), places.clone());
        let (roots, unread, left_out) =
            (self.loaded.roots.clone(), self.loaded.unread.clone(), self.loaded.left_out.clone());
        let absolute = Arc::new(absolute);
        Loaded { schema, files, places, findings, targets, left_out, absolute, roots, unread }
    }

    /// The names of the files that cannot be parsed: what they still declare is not known.
    pub(super) fn unparsed_names(&self) -> FxHashSet<String> {
        self.unparsed().into_iter().filter_map(|id| self.name_from_start(id)).collect()
    }

    /// The path of a text from where the project starts.
    fn name_from_start(&self, id: FileId) -> Option<String> {
        path::below(self.absolute(id)?, &path::absolute(&self.settings.start()))
    }

    /// A side of a comparison as a project.
    pub(super) fn of_side(settings: Arc<Settings>, loaded: Arc<Loaded>, sources: Sources) -> Project {
        Project { settings, snapshot: None, loaded, sources, edited: Arc::default(), used_excludes: Arc::new([]) }
    }
}

/// What the earlier texts are called where two projects are compared.
const EARLIER: &str = "before";

impl Loaded {
    /// The same with some texts edited, which take the places of the old ones among the new sources; `None` where that
    /// takes another look at what there is to read. `roots_are_fixed` says that no import or package can make a directory
    /// a root.
    pub(crate) fn edited(
        &self,
        edited: &Edited,
        roots_are_fixed: bool,
        (old_sources, sources): (&Sources, &mut Sources),
    ) -> Option<Loaded> {
        let (mut files, mut places) = (self.files.clone(), self.places.clone());
        let mut findings = self.findings.clone();
        let mut again: Vec<(usize, FileId, &String)> = Vec::new();
        for (path, text) in edited {
            // Comparing texts is much faster than comparing paths, component by component.
            let index = self.absolute.iter().position(|known| known.as_os_str() == path.as_os_str())?;
            let is_it = |file: &ParsedFile| file.source().is_some_and(|id| id.index() == index);
            let at = self.files.iter().position(is_it)?;
            let id = self.files[at].source()?;
            if old_sources.get(id).text() != text {
                again.push((at, id, text));
            }
        }
        again.sort_unstable_by_key(|(at, _, _)| *at);
        let names = Names::new(&self.files, &self.places);
        for (at, id, text) in again {
            let old = sources.get(id);
            let source = SourceFile::new(old.path().to_owned(), text.clone());
            let source = match old.revision() {
                Some(revision) => source.of_revision(revision),
                None => source,
            };
            let (mut parsed, faults) = schema::parse(&source);
            parsed.identify(self.files[at].name().to_owned(), Some(id));
            names.place(&self.files[at], &parsed, &mut places[at], roots_are_fixed)?;
            let is_here = |finding: &Finding| finding.place.is_some_and(|place| place.file == id);
            // A target file with faults is none any more where schemas are compared.
            let is_wanted = places[at].target || findings.iter().any(is_here);
            findings.retain(|finding| !is_here(finding));
            if is_wanted {
                findings.extend(faults.iter().map(|fault| fault_finding(fault, id)));
            }
            files[at] = parsed;
            sources.replace(id, source);
        }
        let schema = self.schema.relink(files.clone(), places.clone());
        Some(Loaded {
            schema,
            files,
            places,
            findings,
            targets: self.targets,
            left_out: self.left_out.clone(),
            absolute: Arc::clone(&self.absolute),
            roots: self.roots.clone(),
            unread: self.unread.clone(),
        })
    }

    /// The texts of the files that were parsed.
    pub(super) fn sources(&self) -> impl Iterator<Item = FileId> {
        self.files.iter().filter_map(ParsedFile::source)
    }
}

/// The files of a project by name.
struct Names<'p> {
    files: &'p [ParsedFile],
    places: &'p [FilePlace],
}

impl<'p> Names<'p> {
    fn new(files: &'p [ParsedFile], places: &'p [FilePlace]) -> Names<'p> {
        Names { files, places }
    }

    /// Finds what the imports of an edited file mean; `None` where what was read does not say.
    fn place(&self, old: &ParsedFile, new: &ParsedFile, place: &mut FilePlace, roots_are_fixed: bool) -> Option<()> {
        if old.imports().eq(new.imports()) && old.package() == new.package() {
            return Some(());
        }
        let (before, after): (FxHashSet<&str>, FxHashSet<&str>) = (old.imports().collect(), new.imports().collect());
        if !roots_are_fixed && (before != after || old.package() != new.package()) {
            return None;
        }
        let mut meant: FxHashMap<&str, u32> = FxHashMap::default();
        for (statement, import) in (0..).zip(old.imports()) {
            meant.entry(import).or_insert(statement);
        }
        let (mut imports, mut missing) = (Vec::new(), Vec::new());
        for (statement, import) in (0..).zip(new.imports()) {
            match meant.get(import) {
                Some(&at) => {
                    imports.push(place.imports[at as usize]);
                    let fault = place.missing.iter().find(|(known, _)| *known == at);
                    missing.extend(fault.map(|(_, fault)| (statement, fault.clone())));
                }
                None => imports.push(Some(self.find(import, place.root)?)),
            }
        }
        (place.imports, place.missing) = (imports, missing);
        Some(())
    }

    /// The file of a name: that of the root, else the first.
    fn find(&self, name: &str, root: u32) -> Option<FileIndex> {
        // In the order of their roots.
        let named = (0..).zip(self.files).filter(|(_, file)| file.name() == name).map(|(index, _)| index);
        let named: Vec<FileIndex> = named.collect();
        let own = named.iter().find(|index| self.places[**index as usize].root == root);
        own.or(named.first()).copied()
    }
}
