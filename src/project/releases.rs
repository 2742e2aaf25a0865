//! The releases of a repository, read into a history: which they are, what changed from one to the next, and what an
//! earlier run kept of that. It compares nothing.

mod cache;
mod load;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::git::{BlobId, GitFault, GitFaultKind, ReleaseChoice, ReleaseCommit, ReleaseCommits, Repository};
use super::settings::Settings;
use super::walk::{self, Exclude};
use super::{base, excluded, path};
use crate::config::Config;
use crate::date::Date;
use crate::error::Error;
use crate::history::{Builder, Changed, FileOutline, History, Release, Stored};
use crate::nearest::nearest;
use crate::pattern::PathPatterns;
use crate::schema::parse;
use crate::source::SourceFile;
use cache::Cache;

/// Which states count as releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReleaseRequest {
    /// Patterns of tags; versions where there are none.
    pub(crate) tags: Vec<String>,
    /// Whether each commit of the branch counts, instead of tags.
    pub(crate) commits: bool,
    /// Whether tags count that are not behind `HEAD`.
    pub(crate) all_tags: bool,
    /// The first release that counts.
    pub(crate) since: Option<String>,
}

/// The releases of a repository.
pub(crate) struct Releases {
    pub(crate) repository: Arc<Repository>,
    /// Those that could be read, oldest first.
    pub(crate) commits: Vec<ReleaseCommit>,
    /// The lives of all that is in them, as far as the last of them.
    pub(crate) stored: Stored,
    /// What is missing, each with what brings it.
    pub(crate) notes: Vec<Error>,
    /// Tags that match and are none of a commit.
    pub(crate) other_tags: Vec<Error>,
    /// How many tags match and are not behind `HEAD`.
    pub(crate) elsewhere: usize,
    scope: Scope,
}

/// Which files of the repository count.
struct Scope {
    /// Absolute.
    top: PathBuf,
    /// The directory that files lie in which count, absolute.
    directory: PathBuf,
    config: Arc<Config>,
}

/// How many releases are looked at together: what they share is read once.
const TOGETHER: usize = 64;

/// How many outlines are kept in case that a later release has the file again.
const MAX_KEPT: usize = 50_000;

impl Settings {
    /// Reads the releases of the repository that holds the paths.
    ///
    /// # Errors
    ///
    /// There is no repository, or it cannot be read.
    pub(crate) fn releases(&self, request: &ReleaseRequest) -> Result<Releases, Error> {
        let start = base::start_of(self);
        let plain = |fault: GitFault| Error { message: fault.message, help: fault.help };
        let Some(repository) = Repository::find(&start).map_err(plain)? else {
            return Err(Error::new("this is not a git repository, so there are no releases"));
        };
        let repository = Arc::new(repository);
        let choice = match request.commits {
            true => ReleaseChoice::Commits,
            false => ReleaseChoice::Tags { patterns: &request.tags, all: request.all_tags },
        };
        let found = repository.releases(choice).map_err(plain)?;
        let scope = Scope::new(self, &repository);
        Releases::read(repository, found, request, scope)
    }
}

impl Settings {
    /// The releases that the configuration means; `None` where there are none, or no repository.
    ///
    /// # Errors
    ///
    /// The repository cannot be read.
    pub(crate) fn earlier_releases(&self) -> Result<Option<Releases>, Error> {
        let start = base::start_of(self);
        let repository = Repository::find(&start).ok().flatten();
        if repository.is_none_or(|repository| repository.tip("HEAD").is_err()) {
            return Ok(None);
        }
        let releases = self.releases(&ReleaseRequest::configured(self))?;
        Ok(Some(releases).filter(|releases| !releases.commits.is_empty()))
    }
}

impl ReleaseRequest {
    /// The releases that the configuration means.
    pub(crate) fn configured(settings: &Settings) -> ReleaseRequest {
        let history = &settings.config.history;
        let tags = history.tags.patterns().to_vec();
        ReleaseRequest { tags, since: history.since.clone(), ..ReleaseRequest::default() }
    }
}

impl Releases {
    fn read(
        repository: Arc<Repository>,
        found: ReleaseCommits,
        request: &ReleaseRequest,
        scope: Scope,
    ) -> Result<Releases, Error> {
        let (mut notes, mut other_tags) = (Vec::new(), Vec::new());
        for (tag, fault) in found.unread {
            let notes = if fault.kind == GitFaultKind::NotACommit { &mut other_tags } else { &mut notes };
            notes.push(Error { message: format!("tag `{tag}` was skipped, as {}", fault.message), help: fault.help });
        }
        if let Some(command) = found.cut_off {
            let message = "the history in this shallow clone ends before the first releases".to_owned();
            notes.push(Error { message, help: Some(command) });
        }
        let elsewhere = found.elsewhere;
        let list = since(found.list, request.since.as_deref())?;
        let cache = Cache::new(&repository, request.commits, &scope.key());
        if let Some(stored) = cache.whole(&list) {
            return Ok(Releases { repository, commits: list, stored, notes, other_tags, elsewhere, scope });
        }
        let (builder, known) = match cache.beginning(&list) {
            Some((stored, known)) => (stored.history().map(Builder::resume), known),
            None => (None, 0),
        };
        let known = if builder.is_some() { known } else { 0 };
        let mut reading = Reading { repository: &repository, scope: &scope, outlines: FxHashMap::default() };
        let (history, commits, faults) = reading.read(builder.unwrap_or_default(), list, known);
        let is_whole = faults.is_empty();
        notes.extend(faults);
        let bytes = Stored::encode(&history);
        if is_whole {
            cache.keep(&commits, &bytes);
        }
        let stored = Stored::new(bytes).expect("what was just written can be read");
        Ok(Releases { repository, commits, stored, notes, other_tags, elsewhere, scope })
    }

    /// The history with the present after the last release: the files of the work tree, or of `HEAD` where there is none.
    ///
    /// # Errors
    ///
    /// A file or a directory cannot be read.
    pub(crate) fn with_present(&self) -> Result<History, Error> {
        let history = self.stored.history().expect("what was written or checked can be read");
        let mut builder = Builder::resume(history);
        let mut changed = match self.repository.is_bare() {
            true => self.head()?,
            false => self.work_tree()?,
        };
        let there: FxHashSet<&str> = changed.iter().map(|(path, _)| path.as_str()).collect();
        let gone: Vec<Changed> =
            builder.paths().filter(|path| !there.contains(path)).map(|path| (path.to_owned(), None)).collect();
        changed.extend(gone);
        builder.present(changed);
        Ok(builder.finish())
    }

    fn work_tree(&self) -> Result<Vec<Changed>, Error> {
        let exclude = self.scope.exclude();
        let found = walk::protos(&self.scope.directory, &exclude, true)?;
        let outline = |file: &super::InputFile| {
            let relative = path::below(&file.absolute, &self.scope.top)?;
            let text = super::read(&file.absolute).ok()?;
            Some((relative, Some(Arc::new(outline(text)))))
        };
        Ok(found.files.par_iter().filter_map(outline).collect())
    }

    fn head(&self) -> Result<Vec<Changed>, Error> {
        let plain = |fault: GitFault| Error { message: fault.message, help: fault.help };
        let head = self.repository.tip("HEAD").map_err(plain)?.commit;
        let files = self.repository.changed_files(None, head).map_err(plain)?;
        let exclude = self.scope.exclude();
        let files = files.into_iter().filter(|(file, _)| self.scope.has(file, &exclude));
        let outline = |(file, blob): (String, Option<BlobId>)| {
            let bytes = self.repository.read(blob?).ok()?;
            Some((file, Some(Arc::new(outline(super::decode(bytes).ok()?)))))
        };
        Ok(files.collect::<Vec<_>>().into_par_iter().filter_map(outline).collect())
    }

    /// The directory that the files lie in which count, absolute.
    pub(crate) fn directory(&self) -> &Path {
        &self.scope.directory
    }

    /// A path of the history as an absolute one.
    pub(crate) fn absolute(&self, file: &str) -> PathBuf {
        self.scope.top.join(file)
    }

    /// A file as the history calls it; `None` outside of the repository.
    pub(crate) fn relative(&self, absolute: &Path) -> Option<String> {
        path::below(absolute, &self.scope.top)
    }
}

/// The releases from the one of that name on.
fn since(list: Vec<ReleaseCommit>, since: Option<&str>) -> Result<Vec<ReleaseCommit>, Error> {
    let Some(since) = since else { return Ok(list) };
    let is_it = |release: &ReleaseCommit| release.name == since || release.others.iter().any(|other| other == since);
    let Some(at) = list.iter().position(is_it) else {
        let names = list.iter().map(|release| release.name.as_str());
        let error = Error::new(format!("`{since}` is not a release of this branch"));
        return Err(match nearest(since, names) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        });
    };
    Ok(list.into_iter().skip(at).collect())
}

impl Scope {
    fn new(settings: &Settings, repository: &Repository) -> Scope {
        let top = repository.top().to_owned();
        let configured = settings.config.source.is_some().then(|| settings.config.directory.clone());
        let directory = configured.filter(|directory| directory.starts_with(&top)).unwrap_or_else(|| top.clone());
        Scope { top, directory, config: Arc::clone(&settings.config) }
    }

    fn exclude(&self) -> Exclude<'_> {
        excluded(&self.config, &self.config.directory)
    }

    /// Whether a file of the repository counts.
    fn has(&self, file: &str, exclude: &Exclude<'_>) -> bool {
        let absolute = self.top.join(file);
        let below = path::below(&absolute, &self.directory);
        below.is_some_and(|rest| walk::is_wanted_below(&rest, &self.directory, exclude))
    }

    /// Tells scopes apart.
    fn key(&self) -> String {
        let directory = path::below(&self.directory, &self.top).unwrap_or_default();
        let patterns = |of: &PathPatterns| of.patterns().join("\n");
        format!("{directory}\n{}\n\n{}", patterns(&self.config.exclude), patterns(&self.config.only))
    }
}

/// Reads what changed from release to release.
struct Reading<'r> {
    repository: &'r Repository,
    scope: &'r Scope,
    outlines: FxHashMap<BlobId, Result<Arc<FileOutline>, Error>>,
}

/// What changed in a release.
type Step = Result<Vec<(String, Option<BlobId>)>, GitFault>;

impl Reading<'_> {
    /// The history of all releases, of which the builder knows so many; with those that could be read, and what could not.
    fn read(
        &mut self,
        mut builder: Builder,
        list: Vec<ReleaseCommit>,
        known: usize,
    ) -> (History, Vec<ReleaseCommit>, Vec<Error>) {
        let (mut commits, mut faults) = (list[..known].to_vec(), Vec::new());
        // A builder that goes on has to see all files once.
        let mut has_seen_all = false;
        for chunk in list[known..].chunks(TOGETHER) {
            let last = |commits: &[ReleaseCommit]| commits.last().map(|release| release.commit);
            let first = last(&commits).filter(|_| has_seen_all);
            let starts = std::iter::once(first).chain(chunk.iter().map(|release| Some(release.commit)));
            let pairs: Vec<_> = starts.zip(chunk).collect();
            let changed = |&(before, release): &(_, &ReleaseCommit)| self.changed(before, release);
            let steps: Vec<Step> = pairs.par_iter().map(changed).collect();
            self.parse(&steps);
            for ((before, release), mut step) in pairs.into_iter().zip(steps) {
                let known = last(&commits).filter(|_| has_seen_all);
                if before != known {
                    // The release before could not be read: this one is compared with the one before that.
                    step = self.changed(known, release);
                    self.parse(std::slice::from_ref(&step));
                }
                match step {
                    Ok(files) => {
                        let changed = self.outlines(release, files, &mut faults);
                        builder.release(named(release), with_gone(changed, &builder, has_seen_all));
                        commits.push(release.clone());
                        has_seen_all = true;
                    }
                    Err(fault) => {
                        let message = format!("release `{}` was skipped: {}", release.name, fault.message);
                        faults.push(Error { message, help: fault.help });
                    }
                }
            }
            if self.outlines.len() > MAX_KEPT {
                self.outlines.clear();
            }
        }
        (builder.finish(), commits, faults)
    }

    fn changed(&self, before: Option<super::git::CommitId>, release: &ReleaseCommit) -> Step {
        let exclude = self.scope.exclude();
        let mut files = self.repository.changed_files(before, release.commit)?;
        files.retain(|(file, _)| self.scope.has(file, &exclude));
        Ok(files)
    }

    /// Parses what is new, each blob once.
    fn parse(&mut self, steps: &[Step]) {
        let blobs = steps.iter().flatten().flatten().filter_map(|(_, blob)| *blob);
        let new: FxHashSet<BlobId> = blobs.filter(|blob| !self.outlines.contains_key(blob)).collect();
        let repository = self.repository;
        let read = |blob: BlobId| {
            let bytes = repository.read(blob).map_err(|fault| Error { message: fault.message, help: fault.help });
            // What is no text does not parse.
            let text = bytes.map(|bytes| super::decode(bytes).ok());
            let damaged = || FileOutline { is_damaged: true, ..FileOutline::default() };
            (blob, text.map(|text| Arc::new(text.map_or_else(damaged, outline))))
        };
        self.outlines.par_extend(new.into_par_iter().map(read));
    }

    /// The outlines of files of a release.
    fn outlines(
        &self,
        release: &ReleaseCommit,
        files: Vec<(String, Option<BlobId>)>,
        faults: &mut Vec<Error>,
    ) -> Vec<Changed> {
        let outline = |(file, blob): (String, Option<BlobId>)| {
            let Some(blob) = blob else { return Some((file, None)) };
            match self.outlines.get(&blob)? {
                Ok(outline) => Some((file, Some(Arc::clone(outline)))),
                Err(error) => {
                    let message = format!("`{file}` of release `{}` was skipped: {}", release.name, error.message);
                    faults.push(Error { message, help: error.help.clone() });
                    None
                }
            }
        };
        files.into_iter().filter_map(outline).collect()
    }
}

/// Adds the files that a builder knows from an earlier run and that are not there any more.
fn with_gone(mut changed: Vec<Changed>, builder: &Builder, has_seen_all: bool) -> Vec<Changed> {
    if has_seen_all {
        return changed;
    }
    let there: FxHashSet<&str> = changed.iter().map(|(path, _)| path.as_str()).collect();
    let gone: Vec<Changed> =
        builder.paths().filter(|path| !there.contains(path)).map(|path| (path.to_owned(), None)).collect();
    changed.extend(gone);
    changed
}

fn named(release: &ReleaseCommit) -> Release {
    let (name, others) = (release.name.clone(), release.others.clone());
    Release { name, others, day: Date::from_seconds(release.time) }
}

fn outline(text: String) -> FileOutline {
    FileOutline::new(&parse(&SourceFile::new(String::new(), text)).0)
}
