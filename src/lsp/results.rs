//! What was found in one folder at one time, by file: what `check` reports there, and what `breaking` does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{Diagnostic, Uri};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::Changes;
use super::diagnostics::{Converter, Shown, uri_of_shown};
use super::documents::Document;
use super::folder::Snapshot;
use super::uri;
use crate::finding::Finding;
use crate::ide::config_file;
use crate::project::path;
use crate::report::{Report, STAND_IN};
use crate::run::Checked;
use crate::source::{FileId, Place, Sources};

/// What was found in one folder.
pub(super) struct Results {
    pub(super) snapshot: Arc<Snapshot>,
    /// What the rules find; nothing where the configuration has faults.
    pub(super) checked: Option<Checked>,
    pub(super) changes: Option<Changes>,
    /// What `check` reports in the texts of the project.
    of_texts: FxHashMap<FileId, (u64, Arc<Vec<Finding>>)>,
    /// What is reported beside that, by absolute path.
    more: BTreeMap<PathBuf, More>,
    shown: Shown,
}

/// What is reported of a file beside what `check` does in its text.
#[derive(Default)]
struct More {
    /// Names what was found: another one where that is something else.
    id: u64,
    /// What `check` reports of a file that is no schema.
    check: Vec<Finding>,
    /// The findings of the comparison, by their positions in its report.
    changes: Vec<usize>,
    /// All of it as the client sees it: places in other texts matter too.
    diagnostics: Vec<Diagnostic>,
}

/// What the rules and the comparison found, before it is sorted by file.
pub(super) struct Found {
    pub(super) checked: Option<Checked>,
    /// What is left of it where a baseline file lists some.
    pub(super) left: Option<Vec<Finding>>,
    pub(super) changes: Option<Changes>,
}

impl Results {
    /// Sorts by file what was found. What is the same as `before` keeps its name.
    pub(super) fn new(snapshot: Arc<Snapshot>, found: Found, before: Option<&Results>, shown: Shown) -> Results {
        let Found { checked, left, changes } = found;
        // What was found first is not news.
        let revision = if before.is_some() { snapshot.revision } else { snapshot.epoch };
        let reported: FxHashMap<FileId, Arc<Vec<Finding>>> = match (left, &checked) {
            (Some(left), _) => by_text(left).into_iter().map(|(id, findings)| (id, Arc::new(findings))).collect(),
            (None, Some(checked)) => {
                let some = checked.reported().iter().filter(|(_, findings)| !findings.is_empty());
                some.map(|(id, findings)| (*id, Arc::clone(findings))).collect()
            }
            (None, None) => FxHashMap::default(),
        };
        let then = before.map(|before| &before.of_texts);
        let named = |(id, findings): (FileId, Arc<Vec<Finding>>)| {
            let is_same = |(_, then): &&(u64, Arc<Vec<Finding>>)| Arc::ptr_eq(then, &findings);
            let name = then.and_then(|then| then.get(&id)).filter(is_same).map_or(revision, |(name, _)| *name);
            (id, (name, findings))
        };
        let of_texts = reported.into_iter().map(named).collect();
        let mut results = Results { snapshot, checked, changes, of_texts, more: BTreeMap::new(), shown };
        results.add_faults();
        results.add_changes();
        let then = before.map(|before| &before.more);
        for (path, own) in &mut results.more {
            let then = then.and_then(|then| then.get(path)).filter(|then| then.diagnostics == own.diagnostics);
            own.id = then.map_or(revision, |then| then.id);
        }
        results
    }

    /// Adds what is wrong with the configuration, and what is in no file.
    fn add_faults(&mut self) {
        let faults = self.snapshot.faults();
        let nowhere = self.checked.as_ref().map(Checked::nowhere).unwrap_or_default();
        let sources = faults.map_or(self.snapshot.project.sources(), |report| &report.sources);
        for finding in faults.map_or(nowhere, |report| &report.findings) {
            let path = finding.place.map(|place| shown_path(sources, place.file));
            let own = self.more.entry(path.unwrap_or_else(|| self.snapshot.folder.join(STAND_IN))).or_default();
            own.check.push(finding.clone());
            let uri = |id: FileId| Some(uri_of_shown(sources.get(id)));
            own.diagnostics.push(Converter { sources, uri: &uri, shown: self.shown }.diagnostic(finding));
        }
    }

    /// Adds what the comparison found: what is wrong with the schemas of now was found already.
    fn add_changes(&mut self) {
        let Some(changes) = &self.changes else { return };
        let sources = &changes.report.sources;
        let mut known: FxHashMap<PathBuf, FxHashSet<Key>> = FxHashMap::default();
        for (at, finding) in changes.report.findings.iter().enumerate() {
            let path = match finding.place {
                Some(place) => changes.path_of(place.file),
                None => self.snapshot.folder.join(STAND_IN),
            };
            if finding.change.is_none() {
                let of_check = || self.of_check_in(&path).iter().map(key).collect();
                if known.entry(path.clone()).or_insert_with(of_check).contains(&key(finding)) {
                    continue;
                }
            }
            let uri = |id: FileId| Some(uri::from_path(&changes.path_of(id)));
            let own = self.more.entry(path).or_default();
            own.changes.push(at);
            own.diagnostics.push(Converter { sources, uri: &uri, shown: self.shown }.diagnostic(finding));
        }
    }

    /// What names that which was found in a file.
    pub(super) fn id(&self, path: &Path) -> String {
        let of_text = self.of_text(path).map_or(0, |(name, _)| *name);
        let id = format!("{of_text}.{}", self.more.get(path).map_or(0, |more| more.id));
        // What is wrong with the text of a configuration is found when it is asked for.
        self.configuration_at(path).map_or(id.clone(), |document| format!("{id}.{}", document.version))
    }

    /// What names that nothing was found.
    pub(super) const NOTHING: &str = "0.0";

    /// When what was found in a file became something else: a revision.
    pub(super) fn changed(&self, path: &Path) -> u64 {
        let of_text = self.of_text(path).map_or(0, |(name, _)| *name);
        of_text.max(self.more.get(path).map_or(0, |more| more.id))
    }

    fn of_text(&self, path: &Path) -> Option<&(u64, Arc<Vec<Finding>>)> {
        self.of_texts.get(&self.snapshot.text_at(path)?)
    }

    /// The files in which something was found.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let project = &self.snapshot.project;
        let of_texts = self.of_texts.keys().map(|id| match project.absolute(*id) {
            Some(path) => path.to_owned(),
            None => shown_path(project.sources(), *id),
        });
        let known = |path: &&PathBuf| self.of_text(path).is_none();
        of_texts.chain(self.more.keys().filter(known).cloned())
    }

    /// An open document that is no schema.
    fn configuration_at(&self, path: &Path) -> Option<&Document> {
        self.snapshot.documents.at(path).map(Arc::as_ref).filter(|document| !document.is_schema())
    }

    /// What is wrong with the text of an open configuration; what was found with the one on the disk, where that is the
    /// same and nothing is wrong.
    fn of_configuration(&self, document: &Document) -> Vec<Diagnostic> {
        let path = &document.path;
        let (sources, found) = config_file::diagnostics(path, &path::shown_from_here(path), &document.text);
        if found.is_empty() {
            let is_saved = std::fs::read_to_string(path).is_ok_and(|text| text == document.text);
            return self.more.get(path).filter(|_| is_saved).map(|more| more.diagnostics.clone()).unwrap_or_default();
        }
        let uri = |id: FileId| Some(uri_of_shown(sources.get(id)));
        let converter = Converter { sources: &sources, uri: &uri, shown: self.shown };
        found.iter().map(|finding| converter.diagnostic(finding)).collect()
    }

    /// What was found in a file, for the client.
    pub(super) fn diagnostics(&self, path: &Path) -> Vec<Diagnostic> {
        if let Some(document) = self.configuration_at(path) {
            return self.of_configuration(document);
        }
        let sources = self.snapshot.project.sources();
        let uri = |id: FileId| {
            Some(self.snapshot.project.absolute(id).map_or_else(|| uri_of_shown(sources.get(id)), uri::from_path))
        };
        let converter = Converter { sources, uri: &uri, shown: self.shown };
        let of_text = self.of_text(path).into_iter().flat_map(|(_, findings)| findings.iter());
        let more = self.more.get(path).into_iter().flat_map(|more| more.diagnostics.iter().cloned());
        of_text.map(|finding| converter.diagnostic(finding)).chain(more).collect()
    }

    /// What `check` found in a file.
    pub(super) fn of_check_in(&self, path: &Path) -> &[Finding] {
        self.of_text(path).map_or(&[], |(_, findings)| findings)
    }

    /// What `breaking` found in a file, with the report that holds it.
    pub(super) fn of_changes_in(&self, path: &Path) -> impl Iterator<Item = (&Report, &Finding)> {
        let report = self.changes.as_ref().map(|changes| &changes.report);
        let own = self.more.get(path).map_or(&[][..], |own| &own.changes);
        own.iter().filter_map(move |at| Some((report?, report?.findings.get(*at)?)))
    }
}

impl Changes {
    /// The absolute path of a text; of one that is only in the base, the path that it had.
    fn path_of(&self, id: FileId) -> PathBuf {
        self.sides.absolute(id).map_or_else(|| shown_path(&self.report.sources, id), Path::to_owned)
    }
}

type Key = (&'static str, Option<(u32, u32)>, String);

fn key(finding: &Finding) -> Key {
    (finding.rule, finding.place.map(|place: Place| (place.span.start, place.span.end)), finding.message.clone())
}

/// The absolute path of a text by the one that findings show.
fn shown_path(sources: &Sources, id: FileId) -> PathBuf {
    let uri: Uri = uri_of_shown(sources.get(id));
    uri::to_path(&uri).unwrap_or_default()
}

/// Findings by the text that they are in.
fn by_text(findings: Vec<Finding>) -> FxHashMap<FileId, Vec<Finding>> {
    let mut by_text: FxHashMap<FileId, Vec<Finding>> = FxHashMap::default();
    for finding in findings {
        if let Some(place) = finding.place {
            by_text.entry(place.file).or_default().push(finding);
        }
    }
    by_text
}
