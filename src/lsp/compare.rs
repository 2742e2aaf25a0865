//! What the schemas of a folder change, against the base that `protolint breaking` would take there. What was read of the
//! base is kept from edit to edit. It knows no protocol.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustc_hash::FxHashMap;

use super::folder::{Held, Snapshot};
use crate::error::Error;
use crate::project::base::{Base, FoundBase};
use crate::project::path::{self, PathSet};
use crate::project::releases::Releases;
use crate::project::sides::Sides;
use crate::project::view::{Edited, View};
use crate::report::Report;

/// What changed, and between what.
pub(super) struct Changes {
    pub(super) report: Report,
    pub(super) sides: Arc<Sides>,
    /// What was asked to be compared with, if anything was.
    pub(super) asked: Option<String>,
}

/// Compares one folder with its base, again and again.
#[derive(Default)]
pub(super) struct Comparer {
    /// The bases where no open document is another one than on the disk, and where some are: on the default branch these
    /// are two.
    known: [Option<Known>; 2],
    /// Why nothing is compared, as it was said last.
    said: Option<String>,
}

/// A base that was found, or why there is none.
struct Known {
    of: FoundBy,
    found: Result<Found, Error>,
}

/// What a base was found by: it is looked for again when that is another.
#[derive(PartialEq, Eq)]
struct FoundBy {
    epoch: u64,
    stamp: Vec<Option<SystemTime>>,
    held: usize,
}

/// A base with what was read to compare with it.
struct Found {
    base: Base,
    /// The files that are the same on both sides by the state of the disk.
    unchanged: PathSet,
    sides: Option<Arc<Sides>>,
    /// The releases before, where a rule looks at them.
    releases: Option<Arc<Releases>>,
    /// What files that were edited held before.
    texts: FxHashMap<PathBuf, Option<String>>,
}

impl Found {
    fn new(held: &Held, is_edited: bool) -> Result<Found, Error> {
        let found = match is_edited {
            true => Base::find_published(&held.breaking)?,
            false => Base::find(&held.breaking)?,
        };
        let base = match found {
            FoundBase::Base(base) => *base,
            FoundBase::Nothing(why) => return Err(Error::new(format!("{why}: nothing to compare with"))),
        };
        let releases = if held.policy.looks_back() { held.breaking.earlier_releases()? } else { None };
        let unchanged = base.unchanged.clone();
        Ok(Found { unchanged, base, sides: None, releases, texts: FxHashMap::default() })
    }

    /// Compares; what was read before is read again only where it has changed.
    fn compare(&mut self, edited: &Edited, held: &Held) -> Result<Changes, Error> {
        let skips_unchanged = !self.unchanged.is_empty();
        let known = self.sides.as_ref();
        let mut sides = match known.and_then(|sides| sides.edited(edited, &self.base, skips_unchanged)) {
            Some(sides) => sides,
            None => {
                self.base.unchanged = self.unchanged.clone();
                self.base.edit(edited.clone());
                Sides::open(&held.breaking, &mut self.base, &|| ())?
            }
        };
        if let Some(releases) = &self.releases {
            sides.look_back(&held.breaking, releases)?;
        }
        let sides = Arc::new(sides);
        self.sides = Some(Arc::clone(&sides));
        let mut report = sides.compare(&held.policy);
        if sides.skips_unchanged() {
            self.leave_unchanged(edited, &sides, &mut report);
        }
        held.accepted.apply(&held.breaking, &held.policy, &self.base, &sides, &mut report);
        Ok(Changes { report, sides, asked: self.base.asked.clone() })
    }

    /// Leaves out what is about files that hold again what they held before: the command line does not look at them.
    fn leave_unchanged(&mut self, edited: &Edited, sides: &Sides, report: &mut Report) {
        let mut same: Vec<&PathBuf> = Vec::new();
        for (path, text) in edited {
            let before = self.texts.entry(path.clone()).or_insert_with(|| self.base.text_before(path));
            if before.as_ref() == Some(text) {
                same.push(path);
            }
        }
        if same.is_empty() {
            return;
        }
        let sources = report.sources.clone();
        report.findings.retain(|finding| {
            let path = finding.place.map(|place| match sides.absolute(place.file) {
                Some(path) => path.to_owned(),
                None => path::absolute(Path::new(sources.get(place.file).path())),
            });
            path.is_none_or(|path| !same.contains(&&path))
        });
    }
}

/// What a comparison came to.
pub(super) enum Compared {
    Changes(Changes),
    /// Nothing was compared; why, where that was not said yet.
    Nothing(Option<String>),
}

impl Comparer {
    /// Compares the schemas of a snapshot with their base.
    pub(super) fn compare(&mut self, snapshot: &Snapshot, held: &Arc<Held>) -> Compared {
        if held.breaking.stdin.is_some() {
            return Compared::Nothing(None);
        }
        match self.changes(snapshot, held) {
            Ok(changes) => {
                self.said = None;
                Compared::Changes(changes)
            }
            Err(error) => {
                let help = error.help.iter().flat_map(|help| help.lines().map(str::trim)).collect::<Vec<_>>().join(" ");
                let why = if help.is_empty() { error.message } else { format!("{}; {help}", error.message) };
                let is_new = self.said.as_ref() != Some(&why);
                self.said = Some(why.clone());
                Compared::Nothing(is_new.then_some(why))
            }
        }
    }

    /// Forgets the bases, as the repository or the disk have changed.
    pub(super) fn forget(&mut self) {
        self.known = [None, None];
    }

    fn changes(&mut self, snapshot: &Snapshot, held: &Arc<Held>) -> Result<Changes, Error> {
        let is_other = |(path, text): (&PathBuf, &String)| View::default().read(path).ok().as_ref() != Some(text);
        let is_edited = snapshot.edited.iter().any(is_other);
        let of = FoundBy { epoch: snapshot.epoch, stamp: stamp(&snapshot.folder), held: Arc::as_ptr(held).addr() };
        let slot = &mut self.known[usize::from(is_edited)];
        if slot.as_ref().is_some_and(|known| known.of != of) {
            *slot = None;
        }
        let known = slot.get_or_insert_with(|| Known { of, found: Found::new(held, is_edited) });
        let changes = match &mut known.found {
            Ok(found) => found.compare(&snapshot.edited, held),
            Err(error) => return Err(error.clone()),
        };
        if changes.is_err() {
            *slot = None;
        }
        changes
    }
}

/// When the files of the repository that a directory is in changed last that say what is checked out, staged, and where
/// branches are.
fn stamp(directory: &Path) -> Vec<Option<SystemTime>> {
    let Some(git) = directory.ancestors().map(|above| above.join(".git")).find(|git| git.exists()) else {
        return Vec::new();
    };
    let git = match std::fs::read_to_string(&git) {
        Ok(link) => link.trim().strip_prefix("gitdir: ").map_or(git.clone(), |to| git.with_file_name(to)),
        Err(_) => git,
    };
    let names = ["HEAD", "index", "packed-refs", "FETCH_HEAD", "ORIG_HEAD", "logs/HEAD", "refs/tags"];
    names.iter().map(|name| git.join(name).metadata().and_then(|found| found.modified()).ok()).collect()
}
