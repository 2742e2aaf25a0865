//! One folder of the workspace, or one file outside of all: its settings, its schemas as they are on the disk, and the
//! open documents laid over them. It knows no protocol.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::Uri;
use rustc_hash::{FxHashMap, FxHashSet};

use super::documents::Documents;
use super::uri;
use crate::error::Error;
use crate::finding::Finding;
use crate::project::base::CompareRequest;
use crate::project::settings::{ConfigChoice, Settings, StdinText};
use crate::project::view::{Edited, View};
use crate::project::{Project, path};
use crate::report::Report;
use crate::run::suppress::accepted_file::AcceptedFile;
use crate::run::suppress::baseline_file::{BaselineError, BaselineFile, BaselineUse};
use crate::run::{Policy, Rules};
use crate::source::FileId;

/// What holds in a folder, read once.
pub(super) struct Held {
    /// Of what `check` is made there.
    pub(super) check: Settings,
    pub(super) rules: Rules,
    pub(super) baseline: Option<BaselineFile>,
    /// Of what `breaking` is made there.
    pub(super) breaking: Settings,
    pub(super) policy: Policy,
    pub(super) accepted: AcceptedFile,
}

/// The schemas of a folder at one time, with all open documents laid over them.
#[derive(Clone)]
pub(super) struct Snapshot {
    /// Which folder.
    pub(super) folder: PathBuf,
    /// The only file that is looked at, where this is no folder.
    pub(super) file: Option<PathBuf>,
    /// What holds there; or, where the configuration has faults, a report of these.
    pub(super) held: Result<Arc<Held>, Arc<Report>>,
    pub(super) project: Project,
    pub(super) documents: Documents,
    /// The texts that are others than on the disk, by absolute path.
    pub(super) edited: Arc<Edited>,
    /// The texts of the project by absolute path.
    texts: Arc<Texts>,
    /// Grows with each change in any folder.
    pub(super) revision: u64,
    /// The revision in which everything was read from the disk last.
    pub(super) epoch: u64,
}

impl Snapshot {
    /// What distinguishes the folder from others.
    pub(super) fn key(&self) -> PathBuf {
        self.file.as_ref().unwrap_or(&self.folder).clone()
    }

    /// Whether a path is looked at here.
    pub(super) fn holds(&self, path: &Path) -> bool {
        match &self.file {
            Some(file) => file == path,
            None => path.starts_with(&self.folder),
        }
    }

    /// Where several folders hold a path, that with the highest rank is meant: the innermost.
    pub(super) fn rank(&self) -> usize {
        if self.file.is_some() { usize::MAX } else { self.folder.components().count() }
    }

    /// The text of the project at a path.
    pub(super) fn text_at(&self, path: &Path) -> Option<FileId> {
        self.texts.get(path.as_os_str()).copied()
    }

    /// The URI of a file, as the client calls it where it is open.
    pub(super) fn uri(&self, path: &Path) -> Uri {
        self.documents.at(path).map_or_else(|| uri::from_path(path), |document| document.uri.clone())
    }

    /// A report of what is wrong with the configuration.
    pub(super) fn faults(&self) -> Option<&Report> {
        self.held.as_ref().err().map(Arc::as_ref)
    }
}

/// A folder, or a file outside of all.
pub(super) struct Folder {
    pub(super) directory: PathBuf,
    /// The only file that is looked at, where this is no folder.
    file: Option<PathBuf>,
    held: Result<Arc<Held>, Arc<Report>>,
    /// As it was read last.
    opened: Project,
    /// The files it found then.
    known: Arc<Texts>,
    /// Documents that it did not find then, though they were looked for.
    missed: FxHashSet<PathBuf>,
    /// What has changed on the disk since, and is not open.
    changed: FxHashMap<PathBuf, String>,
    current: Arc<Snapshot>,
}

impl Folder {
    /// Reads a folder of the workspace.
    pub(super) fn open(directory: PathBuf, documents: &Documents, revision: u64) -> Result<Folder, Error> {
        let is_here = std::env::current_dir().is_ok_and(|here| here == directory);
        let paths = if is_here { Vec::new() } else { vec![directory.clone()] };
        Folder::read(directory, None, &Settings { paths, ..Settings::default() }, documents, revision)
    }

    /// Whether the configuration may extend a file; where that has faults, any.
    pub(super) fn extends(&self, path: &Path) -> bool {
        match &self.held {
            Ok(held) => {
                let extended = &held.check.config.extended;
                !extended.is_empty() && extended.contains(&path.canonicalize().unwrap_or_else(|_| path.to_owned()))
            }
            Err(_) => true,
        }
    }

    /// Reads a file outside of all folders, or one that is not on the disk.
    pub(super) fn of_file(file: &Path, documents: &Documents, revision: u64) -> Result<Folder, Error> {
        let directory = file.parent().unwrap_or(file).to_owned();
        let mut settings = Settings::default();
        match file.is_file() {
            true => settings.paths.push(file.to_owned()),
            false => {
                let text = documents.at(file).map(|document| document.text.clone()).unwrap_or_default();
                settings.stdin = Some(StdinText { path: file.to_owned(), bytes: text.into_bytes() });
            }
        }
        Folder::read(directory, Some(file.to_owned()), &settings, documents, revision)
    }

    fn read(
        directory: PathBuf,
        file: Option<PathBuf>,
        settings: &Settings,
        documents: &Documents,
        revision: u64,
    ) -> Result<Folder, Error> {
        let (held, settings) = match hold(settings) {
            Ok(held) => {
                let settings = held.check.clone();
                (Ok(Arc::new(held)), settings)
            }
            // What is there can be looked at nevertheless.
            Err(report) => {
                let mut plain = settings.clone();
                let _ = plain.configure(&ConfigChoice::Default);
                (Err(report), plain)
            }
        };
        let opened = Project::open(&settings)?;
        let known = known(&opened);
        let current = Arc::new(Snapshot {
            folder: directory.clone(),
            file: file.clone(),
            held: held.clone(),
            project: opened.clone(),
            documents: Documents::default(),
            edited: Arc::default(),
            texts: Arc::clone(&known),
            revision,
            epoch: revision,
        });
        let (missed, changed) = (FxHashSet::default(), FxHashMap::default());
        let mut folder = Folder { directory, file, held, opened, known, missed, changed, current };
        folder.lay_over(documents, revision)?;
        Ok(folder)
    }

    /// Reads everything again, as something else is on the disk now.
    pub(super) fn reopen(&mut self, documents: &Documents, revision: u64) -> Result<(), Error> {
        *self = match &self.file {
            Some(file) => Folder::of_file(file, documents, revision)?,
            None => Folder::open(self.directory.clone(), documents, revision)?,
        };
        Ok(())
    }

    /// Takes a look at files that have changed on the disk; all are read again where that takes more than their texts.
    pub(super) fn look_at(&mut self, files: &[PathBuf], documents: &Documents, revision: u64) -> Result<(), Error> {
        for file in files {
            let text = View::default().read(file).ok().filter(|_| self.known.contains_key(file.as_os_str()));
            match text {
                Some(text) => self.changed.insert(file.clone(), text),
                None => return self.reopen(documents, revision),
            };
        }
        self.lay_over(documents, revision)
    }

    /// Lays the open documents over what is on the disk.
    pub(super) fn lay_over(&mut self, documents: &Documents, revision: u64) -> Result<(), Error> {
        let is_new = |path: &PathBuf| {
            !self.known.contains_key(path.as_os_str())
                && !self.missed.contains(path)
                && self.file.is_none()
                && path.is_file()
        };
        let own = documents.iter().filter(|document| document.is_schema() && self.current.holds(&document.path));
        let new: Vec<PathBuf> = own.clone().map(|document| document.path.clone()).filter(is_new).collect();
        let mut epoch = self.current.epoch;
        if !new.is_empty() {
            epoch = revision;
            self.opened = Project::open(self.opened.settings())?;
            self.known = known(&self.opened);
            self.changed.clear();
            self.missed.extend(new.into_iter().filter(|path| !self.known.contains_key(path.as_os_str())));
        }
        let text_of = |path: &Path| Some(self.opened.sources().get(*self.known.get(path.as_os_str())?).text());
        let mut edited: Edited = self.changed.clone();
        // What was edited and is closed is as it is on the disk.
        for path in self.current.edited.keys() {
            let text = || View::default().read(path).ok().or_else(|| text_of(path).map(str::to_owned));
            if !edited.contains_key(path) && self.known.contains_key(path.as_os_str()) {
                edited.extend(text().map(|text| (path.clone(), text)));
            }
        }
        let own = own.filter(|document| self.known.contains_key(document.path.as_os_str()));
        let is_other = |path: &Path, text: &str| self.current.edited.contains_key(path) || text_of(path) != Some(text);
        for document in own.filter(|document| is_other(&document.path, &document.text)) {
            edited.insert(document.path.clone(), document.text.clone());
        }
        // The text that came with the settings is edited like any other.
        let start = match new_start(&edited, &self.current) {
            true => &self.current.project,
            false => &self.opened,
        };
        let project = start.with_edited(&edited)?;
        let is_as_opened = Arc::ptr_eq(&project.loaded.absolute, &self.opened.loaded.absolute);
        let texts = if is_as_opened { Arc::clone(&self.known) } else { known(&project) };
        self.current = Arc::new(Snapshot {
            folder: self.directory.clone(),
            file: self.file.clone(),
            held: self.held.clone(),
            project,
            documents: documents.clone(),
            edited: Arc::new(edited),
            texts,
            revision,
            epoch,
        });
        Ok(())
    }

    /// The only file that is looked at, where this is no folder.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }

    /// Whether what happens to a file on the disk matters here.
    pub(super) fn is_about(&self, path: &Path) -> bool {
        self.knows(path) || self.current.holds(path)
    }

    /// Whether a file of the folder is among its schemas.
    pub(super) fn knows(&self, path: &Path) -> bool {
        self.known.contains_key(path.as_os_str())
    }

    /// The schemas with all open documents laid over them.
    pub(super) fn snapshot(&self) -> &Arc<Snapshot> {
        &self.current
    }
}

/// Whether the texts that were edited go on from those of a snapshot.
fn new_start(edited: &Edited, current: &Snapshot) -> bool {
    current.edited.keys().all(|path| edited.contains_key(path))
}

/// Texts by absolute path, which are distinguished by their own texts: that is much faster than component by component.
type Texts = FxHashMap<OsString, FileId>;

fn known(project: &Project) -> Arc<Texts> {
    let texts = project.sources().iter().filter_map(|(id, _)| Some((project.absolute(id)?.as_os_str().to_owned(), id)));
    Arc::new(texts.collect())
}

/// Reads what holds at the paths of settings, as the command line does.
fn hold(settings: &Settings) -> Result<Held, Arc<Report>> {
    let failed = |error: Error| {
        let finding = Finding::nowhere(crate::rules::compile::CONFIG_INVALID.id, error.message);
        let finding = Finding { help: error.help, ..finding };
        Arc::new(Report::new(vec![finding], settings.sources().clone()))
    };
    let mut check = settings.clone();
    check.base = CompareRequest { command: "protolint check --new-only", ..CompareRequest::default() };
    check.configure(&ConfigChoice::Nearest).map_err(|report| Arc::new(*report))?;
    let rules = check.rules().map_err(failed)?;
    let baseline = BaselineFile::read(&mut check, BaselineUse::Apply(None)).map_err(|error| match error {
        BaselineError::Faulty(report) => Arc::new(*report),
        BaselineError::Missing(error) => failed(error),
    })?;
    let mut breaking = settings.clone();
    breaking.configure(&ConfigChoice::Nearest).map_err(|report| Arc::new(*report))?;
    let policy = breaking.policy().map_err(failed)?;
    let accepted = AcceptedFile::read(&mut breaking).map_err(|report| Arc::new(*report))?;
    Ok(Held { check, rules, baseline, breaking, policy, accepted })
}

/// The directory that stands for where no folder is open.
pub(super) fn here() -> PathBuf {
    path::absolute(Path::new("."))
}
