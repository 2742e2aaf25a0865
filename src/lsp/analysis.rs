//! The thread that keeps the folders: it lays the open documents over them, one state after the other, and hands out
//! snapshots. It answers nothing itself.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use super::checker::CheckJob;
use super::documents::Documents;
use super::folder::{Folder, Snapshot};
use super::outbox::Outbox;

/// What the analysis is asked to do.
pub(super) enum Job {
    /// These documents are open now, with these texts.
    Documents(Documents),
    /// These folders are the workspace now.
    Folders(Vec<PathBuf>),
    /// Something may have happened to these files on the disk.
    Disk(BTreeSet<PathBuf>),
    /// To do something with the folders as they are then.
    With(WithFolders),
}

/// Takes the snapshots of all folders.
pub(super) type WithFolders = Box<dyn FnOnce(&Folders, &Sender<CheckJob>) + Send>;

/// The snapshots of all folders.
#[derive(Clone)]
pub(super) struct Folders(pub(super) Vec<Arc<Snapshot>>);

impl Folders {
    /// The folder that holds a file: the innermost.
    pub(super) fn holding(&self, path: &Path) -> Option<&Arc<Snapshot>> {
        let holding = self.0.iter().filter(|snapshot| snapshot.holds(path));
        holding.max_by_key(|snapshot| snapshot.rank())
    }
}

/// Keeps the folders.
pub(super) struct Analysis {
    folders: Vec<Folder>,
    documents: Documents,
    revision: u64,
    checker: Sender<CheckJob>,
    outbox: Outbox,
}

impl Analysis {
    pub(super) fn new(checker: Sender<CheckJob>, outbox: Outbox) -> Analysis {
        Analysis { folders: Vec::new(), documents: Documents::default(), revision: 0, checker, outbox }
    }

    /// Works until no more jobs can come.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        let mut waiting: VecDeque<Job> = VecDeque::new();
        loop {
            match waiting.pop_front() {
                Some(job) => {
                    // Of several states of the documents in a row, the last one counts.
                    waiting.extend(jobs.try_iter());
                    let is_outdated = matches!((&job, waiting.front()), (Job::Documents(_), Some(Job::Documents(_))));
                    if !is_outdated {
                        self.work(job);
                    }
                }
                None => match jobs.recv() {
                    Ok(job) => waiting.push_back(job),
                    Err(_) => return,
                },
            }
        }
    }

    fn work(&mut self, job: Job) {
        self.revision += 1;
        match job {
            Job::Documents(documents) => {
                self.documents = documents;
                self.update(|folder, documents, revision| folder.lay_over(documents, revision));
                self.hand_out();
            }
            Job::Folders(directories) => {
                self.folders.retain(|folder| folder.file().is_some() || directories.contains(&folder.directory));
                let is_open = |directory: &PathBuf, folders: &[Folder]| {
                    folders.iter().any(|folder| folder.file().is_none() && folder.directory == *directory)
                };
                for directory in directories {
                    if !is_open(&directory, &self.folders) {
                        self.open(|documents, revision| Folder::open(directory, documents, revision));
                    }
                }
                self.hand_out();
            }
            Job::Disk(files) => {
                self.look_at(&files);
                self.hand_out();
            }
            Job::With(run) => {
                let folders = Folders(self.folders.iter().map(|folder| Arc::clone(folder.snapshot())).collect());
                let checker = &self.checker;
                let _ = super::guard(|| run(&folders, checker));
            }
        }
    }

    /// Opens a folder, or says why it cannot be.
    fn open(&mut self, open: impl FnOnce(&Documents, u64) -> Result<Folder, crate::error::Error>) {
        let (documents, revision) = (&self.documents, self.revision);
        match super::guard(|| open(documents, revision)) {
            Ok(Ok(folder)) => self.folders.push(folder),
            Ok(Err(error)) => self.outbox.log_error(&error.message),
            Err(why) => self.outbox.log_error(&why),
        }
    }

    /// Brings every folder up to date; one that cannot be is read again, and given up where that fails too.
    fn update(&mut self, update: impl Fn(&mut Folder, &Documents, u64) -> Result<(), crate::error::Error>) {
        let (documents, revision, outbox) = (&self.documents, self.revision, &self.outbox);
        self.folders.retain_mut(|folder| {
            if let Ok(Ok(())) = super::guard(|| update(folder, documents, revision)) {
                return true;
            }
            match super::guard(|| folder.reopen(documents, revision)) {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    outbox.log_error(&error.message);
                    false
                }
                Err(why) => {
                    outbox.log_error(&why);
                    false
                }
            }
        });
    }

    fn look_at(&mut self, files: &BTreeSet<PathBuf>) {
        let is_schema = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "proto");
        let in_git = |path: &&PathBuf| path.components().any(|component| component.as_os_str() == ".git");
        // Other YAML files matter where a configuration extends them.
        let is_other_yaml = |path: &PathBuf| {
            let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
            is_yaml && !is_configuration(path) && !self.folders.iter().any(|folder| folder.extends(path))
        };
        let configures = files.iter().any(|path| !is_schema(&path) && !in_git(&path) && !is_other_yaml(path));
        let schemas: Vec<PathBuf> = files.iter().filter(is_schema).cloned().collect();
        if configures {
            self.update(Folder::reopen);
        } else if !schemas.is_empty() {
            self.update(|folder, documents, revision| {
                let own: Vec<PathBuf> = schemas.iter().filter(|file| folder.is_about(file)).cloned().collect();
                folder.look_at(&own, documents, revision)
            });
        }
        let _ = self.checker.send(CheckJob::ForgetBases);
    }

    /// Gives documents that no folder knows a place of their own, and hands all snapshots to the checker.
    fn hand_out(&mut self) {
        let open: Vec<PathBuf> = self
            .documents
            .iter()
            .filter(|document| document.is_schema())
            .map(|document| document.path.clone())
            .collect();
        self.folders.retain(|folder| match folder.file() {
            Some(file) => open.contains(file),
            None => true,
        });
        for path in open {
            let is_known = |folder: &Folder| match folder.file() {
                Some(file) => *file == path,
                None => folder.knows(&path),
            };
            if !self.folders.iter().any(is_known) {
                self.open(|documents, revision| Folder::of_file(&path, documents, revision));
            }
        }
        let outside = |folder: &Folder| {
            folder
                .file()
                .is_some_and(|file| self.folders.iter().any(|other| other.file().is_none() && other.knows(file)))
        };
        let kept: Vec<bool> = self.folders.iter().map(|folder| !outside(folder)).collect();
        let mut kept = kept.into_iter();
        self.folders.retain(|_| kept.next().unwrap_or(true));
        let snapshots = self.folders.iter().map(|folder| Arc::clone(folder.snapshot())).collect();
        let _ = self.checker.send(CheckJob::Snapshots(snapshots));
    }
}

/// Whether a YAML file is a configuration by its name, a baseline file or accepted changes.
fn is_configuration(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with("protolint.") || name.starts_with("buf.")
}
