//! The thread that checks: it takes the newest snapshot of each folder, checks it, and hands out what was found. What is
//! outdated when its turn comes is not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gen_lsp_types::{
    DocumentDiagnosticReport, FullDocumentDiagnosticReport, PublishDiagnosticsParams,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};
use rustc_hash::FxHashMap;

use super::compare::{Compared, Comparer};
use super::diagnostics::Shown;
use super::folder::{Held, Snapshot};
use super::outbox::{Outbox, Reply};
use super::results::{Found, Results};
use super::uri;
use crate::finding::Finding;
use crate::report::Report;
use crate::run::Checked;
use crate::source::SourceFile;

/// What the checker is asked to do.
pub(super) enum CheckJob {
    /// These are all folders now.
    Snapshots(Vec<Arc<Snapshot>>),
    /// Repositories may have changed.
    ForgetBases,
    /// What was found in a file; `previous` names what the client has.
    Pull { path: PathBuf, previous: Option<String>, reply: Reply },
    /// What was found in all files, where that is not what the client has; answered once something is.
    PullAll { previous: FxHashMap<PathBuf, String>, reply: Reply },
    /// To do something with what was found where a path is.
    With { path: PathBuf, run: WithResults },
}

/// Takes what was found in the folder of a path; `None` where that is in none.
pub(super) type WithResults = Box<dyn FnOnce(Option<Arc<Results>>) + Send>;

/// How the client wants to hear of what was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) shown: Shown,
    /// Whether it asks for diagnostics.
    pub(super) pulls: bool,
    /// Whether it can be asked to ask again.
    pub(super) refreshes: bool,
}

/// What was found last, by folder, for those who do not wait for more. A copy is the same.
#[derive(Clone, Default)]
pub(super) struct Board(Arc<Mutex<BTreeMap<PathBuf, Arc<Results>>>>);

impl Board {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<Results>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was found in a snapshot, unless it was not checked yet.
    pub(super) fn of(&self, snapshot: &Snapshot) -> Option<Arc<Results>> {
        self.lock().get(&snapshot.key()).filter(|results| results.snapshot.revision == snapshot.revision).cloned()
    }
}

impl Board {
    /// A text of a base that something was compared with.
    pub(super) fn text_of_base(&self, uri: &Uri) -> Option<String> {
        let (revision, path) = uri::to_base(uri)?;
        let all = self.lock();
        let mut sources = all.values().filter_map(|results| Some(&results.changes.as_ref()?.report.sources));
        let is_it = |file: &SourceFile| file.revision() == Some(&revision) && file.path() == path;
        sources.find_map(|sources| {
            let (_, file) = sources.iter().find(|(_, file)| is_it(file))?;
            Some(file.text().to_owned())
        })
    }
}

/// Checks folders.
pub(super) struct Checker {
    manner: Manner,
    outbox: Outbox,
    board: Board,
    folders: BTreeMap<PathBuf, OfFolder>,
    /// What was asked for all files, and waits for something to change.
    waiting: Vec<(FxHashMap<PathBuf, String>, Reply)>,
    /// The files that the client was told of, with what names that.
    published: BTreeMap<PathBuf, String>,
}

#[derive(Default)]
struct OfFolder {
    /// What is still to be checked.
    next: Option<Arc<Snapshot>>,
    results: Option<Arc<Results>>,
    comparer: Comparer,
}

impl Checker {
    pub(super) fn new(manner: Manner, outbox: Outbox, board: Board) -> Checker {
        let (folders, waiting, published) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        Checker { manner, outbox, board, folders, waiting, published }
    }

    /// Works until no more jobs can come. It has threads of its own, so that other tasks do not wait for a check.
    pub(super) fn run(mut self, jobs: &Receiver<CheckJob>) {
        let pool = rayon::ThreadPoolBuilder::new().build();
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            loop {
                match jobs.try_recv() {
                    Ok(job) => batch.push(job),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            let mut work = || self.work(std::mem::take(&mut batch));
            match &pool {
                Ok(pool) => pool.install(work),
                Err(_) => work(),
            }
        }
    }

    fn work(&mut self, batch: Vec<CheckJob>) {
        let mut asked = Vec::new();
        for job in batch {
            match job {
                CheckJob::Snapshots(snapshots) => self.take(snapshots),
                CheckJob::ForgetBases => {
                    for folder in self.folders.values_mut() {
                        folder.comparer.forget();
                        let last = folder.results.as_ref().map(|results| Arc::clone(&results.snapshot));
                        folder.next = folder.next.take().or(last);
                    }
                }
                job => asked.push(job),
            }
        }
        let waits = self.folders.values().any(|folder| folder.next.is_some());
        for folder in self.folders.values_mut() {
            if let Some(snapshot) = folder.next.take() {
                let checked = super::guard(|| folder.check(snapshot, self.manner.shown, &self.outbox));
                if let Err(why) = checked {
                    folder.results = None;
                    self.outbox.log_error(&format!("checking failed: {why}"));
                }
            }
        }
        if waits {
            let found = self.folders.iter().filter_map(|(key, folder)| Some((key.clone(), folder.results.clone()?)));
            *self.board.lock() = found.collect();
        }
        for job in asked {
            self.answer(job);
        }
        if waits {
            self.tell();
        }
    }

    /// Takes the snapshots of all folders; those that are gone have nothing any more.
    fn take(&mut self, snapshots: Vec<Arc<Snapshot>>) {
        let kept: BTreeSet<PathBuf> = snapshots.iter().map(|snapshot| snapshot.key()).collect();
        self.folders.retain(|folder, _| kept.contains(folder));
        for snapshot in snapshots {
            let folder = self.folders.entry(snapshot.key()).or_default();
            let is_known = folder.results.as_ref().is_some_and(|results| Arc::ptr_eq(&results.snapshot, &snapshot));
            folder.next = (!is_known).then_some(snapshot);
        }
    }

    fn answer(&mut self, job: CheckJob) {
        match job {
            CheckJob::Pull { path, previous, reply } => reply.ok(self.pulled(&path, previous)),
            CheckJob::PullAll { previous, reply } => match self.pulled_all(&previous) {
                Some(report) => reply.json(&report),
                None => {
                    self.waiting.retain(|(_, reply)| !reply.is_cancelled());
                    self.waiting.push((previous, reply));
                }
            },
            CheckJob::With { path, run } => run(self.results_of(&path)),
            CheckJob::Snapshots(_) | CheckJob::ForgetBases => {}
        }
    }

    /// What was found in the folder that a file is in: the innermost.
    fn results_of(&self, path: &Path) -> Option<Arc<Results>> {
        let holding = self.folders.values().filter_map(|folder| folder.results.as_ref());
        let holding = holding.filter(|results| results.snapshot.holds(path));
        holding.max_by_key(|results| results.snapshot.rank()).cloned()
    }

    fn pulled(&self, path: &Path, previous: Option<String>) -> DocumentDiagnosticReport {
        let results = self.results_of(path);
        let id = results.as_ref().map_or(Results::NOTHING.to_owned(), |results| results.id(path));
        if previous.as_ref() == Some(&id) {
            let unchanged = UnchangedDocumentDiagnosticReport { result_id: id };
            return RelatedUnchangedDocumentDiagnosticReport {
                unchanged_document_diagnostic_report: unchanged,
                ..Default::default()
            }
            .into();
        }
        let items = results.map(|results| results.diagnostics(path)).unwrap_or_default();
        let full = FullDocumentDiagnosticReport { result_id: Some(id), items };
        RelatedFullDocumentDiagnosticReport { full_document_diagnostic_report: full, ..Default::default() }.into()
    }

    /// What was found in all files, as JSON; `None` where the client has all of that. Of large workspaces it is large,
    /// and made piece by piece.
    fn pulled_all(&self, previous: &FxHashMap<PathBuf, String>) -> Option<String> {
        let (mut is_new, mut found, mut json) = (previous.is_empty(), BTreeSet::new(), String::from("{\"items\":["));
        let mut add = |report: WorkspaceDocumentDiagnosticReport| {
            json.push_str(if json.ends_with('[') { "" } else { "," });
            json.push_str(&serde_json::to_string(&report).unwrap_or_default());
        };
        for results in self.folders.values().filter_map(|folder| folder.results.as_ref()) {
            for path in results.paths() {
                let id = results.id(&path);
                let is_known = previous.get(&path) == Some(&id);
                is_new |= !is_known;
                add(report(results, &path, id, is_known));
                found.insert(path);
            }
        }
        let gone = previous.iter().filter(|(path, id)| *id != Results::NOTHING && !found.contains(*path));
        for (path, _) in gone {
            is_new = true;
            let id = Some(Results::NOTHING.to_owned());
            let full = FullDocumentDiagnosticReport { result_id: id, items: Vec::new() };
            let uri = uri::from_path(path);
            let version = None;
            add(WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report: full }.into());
        }
        json.push_str("]}");
        is_new.then_some(json)
    }

    /// Tells the client of what is new.
    fn tell(&mut self) {
        for (previous, reply) in std::mem::take(&mut self.waiting) {
            match self.pulled_all(&previous) {
                Some(report) => reply.json(&report),
                None if reply.is_cancelled() => {}
                None => self.waiting.push((previous, reply)),
            }
        }
        match self.manner.pulls {
            true if self.manner.refreshes => self.refresh(),
            true => {}
            false => self.publish(),
        }
    }

    /// Asks the client to ask again where what was found in another document than the one that changes is new.
    fn refresh(&mut self) {
        let mut now: BTreeMap<PathBuf, String> = BTreeMap::new();
        for results in self.folders.values().filter_map(|folder| folder.results.as_ref()) {
            let open = results.snapshot.documents.iter().map(|document| document.path.clone());
            now.extend(open.map(|path| (path.clone(), results.id(&path))));
        }
        let changed = now.iter().filter(|(path, id)| self.published.get(*path).is_some_and(|then| then != *id)).count();
        let was_there = !self.published.is_empty();
        self.published = now;
        if changed > 1 || !was_there {
            self.outbox.refresh_diagnostics();
        }
    }

    /// Sends what was found in open documents, and in others where an edit made it something else.
    fn publish(&mut self) {
        let mut now: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut sent: Vec<PublishDiagnosticsParams> = Vec::new();
        for folder in self.folders.values() {
            let Some(results) = &folder.results else { continue };
            let open: BTreeSet<&PathBuf> = results.snapshot.documents.iter().map(|document| &document.path).collect();
            let own = open.iter().copied().filter(|path| results.snapshot.holds(path)).cloned();
            let others = results.paths().filter(|path| !open.contains(path));
            let others = others.filter(|path| {
                self.published.contains_key(path) || results.changed(path) > results.snapshot.epoch || !is_schema(path)
            });
            for path in own.chain(others) {
                let id = results.id(&path);
                let document = results.snapshot.documents.at(&path);
                if self.published.get(&path) != Some(&id) || document.is_some() {
                    let (uri, version) = (results.snapshot.uri(&path), document.map(|document| document.version));
                    sent.push(PublishDiagnosticsParams { uri, version, diagnostics: results.diagnostics(&path) });
                }
                now.insert(path, id);
            }
        }
        let gone = self.published.iter().filter(|(path, id)| *id != Results::NOTHING && !now.contains_key(*path));
        sent.extend(gone.map(|(path, _)| PublishDiagnosticsParams {
            uri: uri::from_path(path),
            version: None,
            diagnostics: Vec::new(),
        }));
        self.published = now;
        sent.into_iter().for_each(|params| self.outbox.publish(params));
    }
}

/// What was found in a file, unless the client has that.
fn report(results: &Results, path: &Path, id: String, is_known: bool) -> WorkspaceDocumentDiagnosticReport {
    let version = results.snapshot.documents.at(path).map(|document| document.version);
    let uri = results.snapshot.uri(path);
    if is_known {
        let unchanged = UnchangedDocumentDiagnosticReport { result_id: id };
        return WorkspaceUnchangedDocumentDiagnosticReport {
            uri,
            version,
            unchanged_document_diagnostic_report: unchanged,
        }
        .into();
    }
    let full = FullDocumentDiagnosticReport { result_id: Some(id), items: results.diagnostics(path) };
    WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report: full }.into()
}

fn is_schema(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "proto")
}

impl OfFolder {
    fn check(&mut self, snapshot: Arc<Snapshot>, shown: Shown, outbox: &Outbox) {
        let before = self.results.take();
        let held = snapshot.held.as_ref().ok().cloned();
        let found = match &held {
            Some(held) => self.found(&snapshot, held, before.as_deref(), outbox),
            None => Found { checked: None, left: None, changes: None },
        };
        self.results = Some(Arc::new(Results::new(snapshot, found, before.as_deref(), shown)));
    }

    fn found(&mut self, snapshot: &Snapshot, held: &Arc<Held>, before: Option<&Results>, outbox: &Outbox) -> Found {
        let before = before.and_then(|before| before.checked.as_ref());
        let comparer = &mut self.comparer;
        let (checked, compared) = rayon::join(
            || Checked::new(snapshot.project.clone(), &held.rules, before),
            || comparer.compare(snapshot, held),
        );
        let left = held.baseline.as_ref().and_then(|baseline| {
            let all: Vec<Finding> = checked.reported().values().flat_map(|found| found.iter().cloned()).collect();
            let all = all.into_iter().chain(checked.nowhere().iter().cloned()).collect();
            let mut report = Report::sorted(all, checked.project().sources().clone());
            baseline.apply(checked.project(), &held.rules, &mut report).ok()?;
            Some(report.findings)
        });
        let changes = match compared {
            Compared::Changes(changes) => Some(changes),
            Compared::Nothing(why) => {
                why.into_iter().for_each(|why| outbox.log(&format!("not compared with a base: {why}")));
                None
            }
        };
        Found { checked: Some(checked), left, changes }
    }
}
