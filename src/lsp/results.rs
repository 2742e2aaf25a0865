//! What was found in one folder at one time, by file: what `check` reports there, and what `breaking` does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use gen_lsp_types::{Diagnostic, Uri};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::Changes;
use super::diagnostics::{Converter, Shown, uri_of_shown};
use super::folder::Snapshot;
use super::uri;
use crate::finding::Finding;
use crate::report::Report;
use crate::run::Checked;
use crate::source::{FileId, Place, Sources};

/// The file that stands in for one where a finding has none: such a finding is about the configuration.
const STAND_IN: &str = "protolint.yaml";

/// What was found in one folder.
pub(super) struct Results {
    pub(super) snapshot: Arc<Snapshot>,
    /// What the rules find; nothing where the configuration has faults.
    pub(super) checked: Option<Checked>,
    pub(super) changes: Option<Changes>,
    /// By absolute path.
    files: BTreeMap<PathBuf, OfFile>,
    shown: Shown,
}

/// What was found in one file.
#[derive(Default)]
struct OfFile {
    /// Names what was found: another one where that is something else.
    id: u64,
    check: Arc<Vec<Finding>>,
    /// The findings of the comparison, by their positions in its report.
    changes: Vec<usize>,
    /// Those as the client sees them: places in other texts matter too.
    of_changes: Vec<Diagnostic>,
    diagnostics: OnceLock<Arc<Vec<Diagnostic>>>,
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
        let mut files: BTreeMap<PathBuf, OfFile> = BTreeMap::new();
        let stand_in = snapshot.folder.join(STAND_IN);
        let path_of = |id: FileId| path_of(&snapshot, snapshot.project.sources(), id);
        let mut add = |path: PathBuf, findings: Arc<Vec<Finding>>| {
            let own = files.entry(path).or_default();
            match own.check.is_empty() {
                true => own.check = findings,
                false => Arc::make_mut(&mut own.check).extend(findings.iter().cloned()),
            }
        };
        if let Some(report) = snapshot.faults() {
            for (place, findings) in by_text(report.findings.iter().cloned()) {
                let path = place.map_or(stand_in.clone(), |id| shown_path(&report.sources, id));
                add(path, Arc::new(findings));
            }
        }
        match (&left, &checked) {
            (Some(left), _) => {
                for (text, findings) in by_text(left.iter().cloned()) {
                    add(text.map_or(stand_in.clone(), path_of), Arc::new(findings));
                }
            }
            (None, Some(checked)) => {
                for (id, findings) in checked.reported().iter().filter(|(_, findings)| !findings.is_empty()) {
                    add(path_of(*id), Arc::clone(findings));
                }
                if !checked.nowhere().is_empty() {
                    add(stand_in.clone(), Arc::new(checked.nowhere().to_vec()));
                }
            }
            (None, None) => {}
        }
        let mut results = Results { snapshot, checked, changes, files, shown };
        results.add_changes(&stand_in);
        results.name(before);
        results
    }

    /// Adds what the comparison found: what is wrong with the schemas of now was found already.
    fn add_changes(&mut self, stand_in: &Path) {
        let Some(changes) = &self.changes else { return };
        let sources = &changes.report.sources;
        let mut known: FxHashMap<PathBuf, FxHashSet<Key>> = FxHashMap::default();
        for (at, finding) in changes.report.findings.iter().enumerate() {
            let path = match finding.place {
                Some(place) => changes.path_of(&self.snapshot, place.file),
                None => stand_in.to_owned(),
            };
            let own = self.files.entry(path.clone()).or_default();
            if finding.change.is_none() {
                let known = known.entry(path).or_insert_with(|| own.check.iter().map(key).collect());
                if known.contains(&key(finding)) {
                    continue;
                }
            }
            own.changes.push(at);
            let uri = |id: FileId| Some(uri::from_path(&changes.path_of(&self.snapshot, id)));
            own.of_changes.push(Converter { sources, uri: &uri, shown: self.shown }.diagnostic(finding));
        }
        self.files.retain(|_, own| !own.check.is_empty() || !own.changes.is_empty());
    }

    /// Gives what was found in each file a name.
    fn name(&mut self, before: Option<&Results>) {
        // What was found first is not news.
        let revision = if before.is_some() { self.snapshot.revision } else { self.snapshot.epoch };
        for (path, own) in &mut self.files {
            let is_same = |then: &&OfFile| {
                (Arc::ptr_eq(&then.check, &own.check) || then.check.is_empty() && own.check.is_empty())
                    && then.of_changes == own.of_changes
            };
            let then = before.and_then(|before| before.files.get(path)).filter(is_same);
            own.id = then.map_or(revision, |then| then.id);
            if let Some(diagnostics) = then.and_then(|then| then.diagnostics.get()) {
                let _ = own.diagnostics.set(Arc::clone(diagnostics));
            }
        }
    }

    /// What names that which was found in a file.
    pub(super) fn id(&self, path: &Path) -> u64 {
        self.files.get(path).map_or(0, |own| own.id)
    }

    /// The files in which something was found.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.keys()
    }

    /// What was found in a file, for the client.
    pub(super) fn diagnostics(&self, path: &Path) -> Arc<Vec<Diagnostic>> {
        let Some(own) = self.files.get(path) else { return Arc::default() };
        let made = own.diagnostics.get_or_init(|| {
            let of_check = own.check.iter().map(|finding| self.of_check(finding));
            Arc::new(of_check.chain(own.of_changes.iter().cloned()).collect())
        });
        Arc::clone(made)
    }

    fn of_check(&self, finding: &Finding) -> Diagnostic {
        let (sources, shown) = (self.sources(), self.shown);
        let uri = |id: FileId| Some(uri::from_path(&path_of(&self.snapshot, sources, id)));
        Converter { sources, uri: &uri, shown }.diagnostic(finding)
    }

    /// The texts that the findings of `check` are in.
    fn sources(&self) -> &Sources {
        match self.snapshot.faults() {
            Some(report) => &report.sources,
            None => self.snapshot.project.sources(),
        }
    }

    /// What `check` found in a file.
    pub(super) fn of_check_in(&self, path: &Path) -> &[Finding] {
        self.files.get(path).map_or(&[], |own| &own.check)
    }

    /// What `breaking` found in a file, with the report that holds it.
    pub(super) fn of_changes_in(&self, path: &Path) -> impl Iterator<Item = (&Report, &Finding)> {
        let report = self.changes.as_ref().map(|changes| &changes.report);
        let own = self.files.get(path).map_or(&[][..], |own| &own.changes);
        own.iter().filter_map(move |at| Some((report?, report?.findings.get(*at)?)))
    }
}

impl Changes {
    /// The absolute path of a text; of one that is only in the base, the path that it had.
    fn path_of(&self, snapshot: &Snapshot, id: FileId) -> PathBuf {
        let known = self.sides.absolute(id).map(Path::to_owned);
        known.unwrap_or_else(|| path_of(snapshot, &self.report.sources, id))
    }
}

type Key = (&'static str, Option<(u32, u32)>, String);

fn key(finding: &Finding) -> Key {
    (finding.rule, finding.place.map(|place: Place| (place.span.start, place.span.end)), finding.message.clone())
}

/// The absolute path of a text.
fn path_of(snapshot: &Snapshot, sources: &Sources, id: FileId) -> PathBuf {
    let of_project = std::ptr::eq(sources, snapshot.project.sources()).then(|| snapshot.project.absolute(id)).flatten();
    of_project.map_or_else(|| shown_path(sources, id), Path::to_owned)
}

/// The absolute path of a text by the one that findings show.
fn shown_path(sources: &Sources, id: FileId) -> PathBuf {
    let uri: Uri = uri_of_shown(sources.get(id));
    uri::to_path(&uri).unwrap_or_default()
}

/// Findings by the text that they are in.
fn by_text(findings: impl Iterator<Item = Finding>) -> BTreeMap<Option<FileId>, Vec<Finding>> {
    let mut by_text: BTreeMap<Option<FileId>, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        by_text.entry(finding.place.map(|place| place.file)).or_default().push(finding);
    }
    by_text
}
