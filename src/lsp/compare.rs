//! What the schemas of a folder change, against the base that `protolint breaking` would take there. What was read of the
//! base is kept from edit to edit. It knows no protocol.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustc_hash::FxHashMap;

use super::folder::{Held, Snapshot};
use crate::error::Error;
use crate::project::base::{Base, FoundBase};
use crate::project::path::PathSet;
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
    found: Option<Found>,
    /// Why nothing is compared, as it was said last.
    said: Option<String>,
}

/// A base that was found.
struct Found {
    base: Base,
    /// The files that are the same on both sides by the state of the disk.
    unchanged: PathSet,
    sides: Option<Arc<Sides>>,
    /// What files that were edited held before.
    texts: FxHashMap<PathBuf, Option<String>>,
    /// The edited files that hold what they held before, when the sides were read.
    same: BTreeSet<PathBuf>,
    of: FoundOf,
}

impl Found {
    /// Reads what is to be compared, or takes a look at what was edited since.
    fn sides(&mut self, edited: &Edited, held: &Held) -> Result<Arc<Sides>, Error> {
        for path in edited.keys().filter(|path| !self.texts.contains_key(*path)).collect::<Vec<_>>() {
            self.texts.insert(path.clone(), self.base.text_before(path));
        }
        let is_same =
            |(path, text): &(&PathBuf, &String)| self.texts.get(*path).and_then(Option::as_ref) == Some(*text);
        let same: BTreeSet<PathBuf> = edited.iter().filter(is_same).map(|(path, _)| path.clone()).collect();
        let others = edited.iter().filter(|(path, _)| !same.contains(*path));
        let others: Edited = others.map(|(path, text)| (path.clone(), text.clone())).collect();
        let known = self.sides.as_ref().filter(|_| same == self.same);
        let sides = known.and_then(|sides| sides.edited(&others, &self.base, !self.unchanged.is_empty()));
        let sides = match sides {
            Some(sides) => sides,
            None => {
                self.base.edit_all(edited.clone(), &self.unchanged, &same);
                Sides::open(&held.breaking, &mut self.base, &|| ())?
            }
        };
        let sides = Arc::new(sides);
        (self.same, self.sides) = (same, Some(Arc::clone(&sides)));
        Ok(sides)
    }
}

/// What a base was found by: it is looked for again when that is another.
#[derive(PartialEq, Eq)]
struct FoundOf {
    epoch: u64,
    /// Whether open documents are others than on the disk.
    is_edited: bool,
    stamp: Vec<Option<SystemTime>>,
    held: usize,
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
            Ok(Some(changes)) => {
                self.said = None;
                Compared::Changes(changes)
            }
            Ok(None) => Compared::Nothing(None),
            Err(error) => {
                self.found = None;
                let help = error.help.iter().flat_map(|help| help.lines().map(str::trim)).collect::<Vec<_>>().join(" ");
                let why = if help.is_empty() { error.message } else { format!("{}; {help}", error.message) };
                let is_new = self.said.as_ref() != Some(&why);
                self.said = Some(why.clone());
                Compared::Nothing(is_new.then_some(why))
            }
        }
    }

    /// Forgets the base, as the repository or the disk have changed.
    pub(super) fn forget(&mut self) {
        self.found = None;
    }

    fn changes(&mut self, snapshot: &Snapshot, held: &Arc<Held>) -> Result<Option<Changes>, Error> {
        let is_other = |(path, text): (&PathBuf, &String)| View::default().read(path).ok().as_ref() != Some(text);
        let of = FoundOf {
            epoch: snapshot.epoch,
            is_edited: snapshot.edited.iter().any(is_other),
            stamp: stamp(&snapshot.folder),
            held: Arc::as_ptr(held).addr(),
        };
        if self.found.as_ref().is_none_or(|found| found.of != of) {
            self.found = None;
            let found = match of.is_edited {
                true => Base::find_published(&held.breaking)?,
                false => Base::find(&held.breaking)?,
            };
            let base = match found {
                FoundBase::Base(base) => *base,
                FoundBase::Nothing(why) => return Err(Error::new(format!("{why}: nothing to compare with"))),
            };
            let unchanged = base.unchanged.clone();
            let (texts, same) = (FxHashMap::default(), BTreeSet::new());
            self.found = Some(Found { base, unchanged, sides: None, texts, same, of });
        }
        let Some(found) = &mut self.found else { return Ok(None) };
        let sides = found.sides(&snapshot.edited, held)?;
        let mut report = sides.compare(&held.policy);
        held.accepted.apply(&held.breaking, &held.policy, &found.base, &sides, &mut report);
        Ok(Some(Changes { report, sides, asked: found.base.asked.clone() }))
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
    let names = ["HEAD", "index", "packed-refs", "FETCH_HEAD", "ORIG_HEAD", "logs/HEAD"];
    names.iter().map(|name| git.join(name).metadata().and_then(|found| found.modified()).ok()).collect()
}
