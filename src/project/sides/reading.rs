//! Reads one base after the other, all with the same later side, into one set of texts. A file is parsed once, whatever
//! many bases have it.

use rustc_hash::FxHashMap;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError};

use super::Sides;
use crate::error::Error;
use crate::project::base::{Base, Mainline, Side};
use crate::project::git::BlobId;
use crate::project::load::Loaded;
use crate::project::settings::Settings;
use crate::project::view::{Known, KnownFile};
use crate::source::Sources;

/// Files that were parsed without faults.
#[derive(Clone, Default)]
pub(super) struct Parsed {
    /// Those of the later side on disk, by path.
    on_disk: FxHashMap<PathBuf, KnownFile>,
    /// Those of commits, by content.
    of_commits: FxHashMap<BlobId, Vec<(PathBuf, KnownFile)>>,
}

impl Parsed {
    /// Those that the later side has.
    fn after(&self, side: &Side) -> Known {
        match &side.snapshot {
            Some(snapshot) if !snapshot.is_beside_disk() => self.before(side),
            _ => known(self.on_disk.iter().map(|(path, file)| (path.clone(), file.clone()))),
        }
    }

    /// Those that an earlier side has.
    fn before(&self, side: &Side) -> Known {
        let contents = side.snapshot.iter().flat_map(|snapshot| snapshot.contents());
        known(contents.filter_map(|(path, content)| {
            let (_, file) = self.of_commits.get(&content)?.iter().find(|(known, _)| *known == path)?;
            Some((path, file.clone()))
        }))
    }

    /// Adds what was read of a side.
    fn add(&mut self, side: &Side, is_later: bool, loaded: &Loaded, sources: &Sources) {
        let is_on_disk = side.snapshot.as_ref().is_none_or(|snapshot| snapshot.is_beside_disk());
        for file in loaded.files.iter().filter(|file| !file.has_faults()) {
            let Some(id) = file.source() else { continue };
            let Some(path) = loaded.absolute.get(id.index()).filter(|path| !path.as_os_str().is_empty()) else {
                continue;
            };
            let known = || KnownFile { source: sources.shared(id), parsed: file.clone(), id: Some(id) };
            if is_on_disk {
                if is_later && !side.edited.contains_key(path) {
                    self.on_disk.entry(path.clone()).or_insert_with(known);
                }
                continue;
            }
            let content = side.snapshot.as_ref().and_then(|snapshot| snapshot.content(path));
            let Some(content) = content.filter(|_| !side.edited.contains_key(path)) else { continue };
            let files = self.of_commits.entry(content).or_default();
            if files.iter().all(|(known, _)| known != path) {
                files.push((path.clone(), known()));
            }
        }
    }
}

fn known(files: impl Iterator<Item = (PathBuf, KnownFile)>) -> Known {
    Known(files.map(|(path, file)| (path.into_os_string(), file)).collect())
}

/// What was read so far.
pub(super) struct Reading<'a> {
    pub(super) settings: &'a Settings,
    pub(super) progress: &'a (dyn Fn() + Sync),
    pub(super) sources: Sources,
    pub(super) parsed: Parsed,
    /// Whether what is parsed is kept, as there are other bases.
    pub(super) keeps: bool,
}

impl Reading<'_> {
    /// Reads a base and what is compared with it: all of both where what changed reaches files that did not, and those
    /// whose HTTP bindings it reaches.
    pub(super) fn open(&mut self, base: &mut Base) -> Result<Sides, Error> {
        if self.settings.looks_at_calls_alone() {
            // Rpcs of files that did not change carry messages of files that did.
            base.unchanged.clear();
        }
        let before = self.sources.clone();
        let sides = self.read(base)?;
        if base.unchanged.is_empty() {
            return Ok(sides);
        }
        if sides.changes_other_files() || (self.settings.may_look_at_source() && sides.changes_annotations()) {
            base.unchanged.clear();
        } else {
            let files = match self.settings.may_look_at_bindings() {
                true => sides.files_with_other_requests(base),
                false => Vec::new(),
            };
            if files.is_empty() {
                return Ok(sides);
            }
            files.iter().for_each(|file| base.unchanged.remove(file));
        }
        if !self.keeps {
            // The texts are read again.
            self.sources = before;
        }
        self.read(base)
    }

    /// Reads a base and what is compared with it.
    pub(super) fn read(&mut self, base: &Base) -> Result<Sides, Error> {
        let known = match self.keeps {
            true => [self.parsed.before(&base.before), self.parsed.after(&base.after)],
            false => Default::default(),
        };
        let sides = Sides::read_after(self.settings, base, (&known, std::mem::take(&mut self.sources)), self.progress)?;
        self.sources = sides.sources.clone();
        if self.keeps {
            self.parsed.add(&base.before, false, &sides.before, &self.sources);
            self.parsed.add(&base.after, true, &sides.after, &self.sources);
        }
        Ok(sides)
    }
}

/// What is done with sides before they are compared.
type Prepare<'p> = dyn Fn(&mut Sides) -> Result<(), Error> + 'p;

/// What the branch that this one will be merged into changes against the same bases, read where it is needed.
pub(crate) struct MainlineSides {
    mainline: Arc<Mainline>,
    settings: Arc<Settings>,
    parsed: Parsed,
    sources: Sources,
    read: OnceLock<Result<Vec<Vec<Sides>>, Error>>,
}

impl MainlineSides {
    /// That of a base which was read.
    pub(super) fn new(mainline: &Arc<Mainline>, settings: &Arc<Settings>, reading: Reading<'_>) -> MainlineSides {
        let (mainline, settings) = (Arc::clone(mainline), Arc::clone(settings));
        let Reading { parsed, sources, .. } = reading;
        MainlineSides { mainline, settings, parsed, sources, read: OnceLock::new() }
    }

    /// What people call the branch.
    pub(crate) fn branch(&self) -> &str {
        &self.mainline.name
    }

    /// For each base the sides that have the branch as the later one, for each place where this one left it; those with
    /// the first base as `prepare` leaves them, when they are read.
    ///
    /// # Errors
    ///
    /// The repository cannot give a file, or `prepare` fails.
    pub(crate) fn sides(&self, prepare: &Prepare<'_>) -> Result<&[Vec<Sides>], &Error> {
        let read = self.read.get_or_init(|| {
            let mut reading = Reading {
                settings: &self.settings,
                progress: &|| (),
                sources: self.sources.clone(),
                parsed: self.parsed.clone(),
                keeps: true,
            };
            let mut bases = self.mainline.bases.lock().unwrap_or_else(PoisonError::into_inner);
            let of_base = |bases: &mut Vec<Base>| bases.iter_mut().map(|base| reading.open(base)).collect();
            let mut sides: Vec<Vec<Sides>> = bases.iter_mut().map(of_base).collect::<Result<_, Error>>()?;
            sides.iter_mut().take(1).flatten().try_for_each(prepare)?;
            bases.iter().flatten().next().map_or(Ok(()), |base| base.unread.check())?;
            Ok(sides)
        });
        read.as_deref()
    }
}
