//! What is compared with what: understands what was asked for, or what CI and the repository say.

mod choice;
mod commit;
mod descriptor_set;
mod directory;
mod mainline;
mod releases;
mod request;
mod submodules;
mod unread;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::error::Error;
use crate::project::descriptor_set::is_one;
use crate::project::path::{self, PathSet};
use crate::project::settings::Settings;
use crate::project::view::{Edited, Snapshot, View};
pub(super) use choice::start_of;
pub(super) use commit::side_of_commit;
pub use request::{CiBase, CompareRequest};
use unread::Unread;

/// One side of a comparison.
#[derive(Default)]
pub(crate) struct Side {
    /// What is read instead of the disk.
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    /// What is compared, where it is not what the settings name.
    pub(crate) paths: Option<Vec<PathBuf>>,
    /// Texts that stand in for those of files.
    pub(crate) edited: Edited,
}

impl Side {
    pub(crate) fn view(&self) -> View<'_> {
        self.snapshot.as_deref().map_or_else(View::default, View::of).with(&self.edited)
    }
}

/// What is compared with what: where the earlier state lies, and where the later one. Nothing of it is read yet.
pub struct Base {
    pub(crate) before: Side,
    pub(crate) after: Side,
    described: String,
    /// The absolute paths of files that are the same on both sides.
    pub(crate) unchanged: PathSet,
    /// A directory of each side, before and after, absolute, that are the same one; `None` where all paths are the
    /// same.
    moved: Option<(PathBuf, PathBuf)>,
    /// The branch that is compared with as it is now, if it has moved on since.
    pub(crate) tip: Option<Tip>,
    /// What the repository turned out to lack.
    pub(crate) unread: Unread,
    /// Other bases, each with the same later side: merge bases where crossing merges left several, or older releases.
    pub(crate) others: Vec<Base>,
    /// Which of several releases it is.
    pub(crate) releases: Option<ReleaseSet>,
    /// Where this branch left the one that it will be merged into, if the base is a release.
    pub(crate) mainline: Option<Arc<Mainline>>,
    /// What it is called without the others.
    alone: Option<String>,
    /// What could not be compared.
    pub(crate) uncompared: Vec<Uncompared>,
    /// What is said of the choice of this base.
    notes: Vec<String>,
    /// What was asked for, unless that is a branch to be merged into: a comparison of one's own, which says little of
    /// what the others miss.
    pub(crate) asked: Option<String>,
    /// The name by which the earlier state was found: `v1.4.0`, or a path.
    pub(crate) name: String,
    /// Whether packages that only the later side has matter.
    pub(crate) is_for_changelog: bool,
}

/// Releases among others that are compared with too; several where all their schemas are the same.
#[derive(Clone)]
pub(crate) struct ReleaseSet {
    /// The names of all that are compared with, newest first.
    pub(crate) names: Arc<[String]>,
    /// The indexes of these.
    pub(crate) own: Vec<usize>,
}

/// A branch as it was when this one left it, against the same releases.
pub(crate) struct Mainline {
    /// What people call the branch.
    pub(crate) name: String,
    /// For each base, first the one and then the others: the same with the branch as the later side, for each place where
    /// this one left it; none where that came before the release.
    pub(crate) bases: Mutex<Vec<Vec<Base>>>,
}

/// A directory that is the same on both sides as far as is known, and is not.
#[derive(Clone)]
pub(crate) struct Uncompared {
    /// As findings show it.
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A branch as it is now.
pub(crate) struct Tip {
    pub(crate) side: Side,
    /// What people call it.
    pub(crate) name: String,
    /// The absolute paths of files that are as in the base.
    pub(crate) unchanged: PathSet,
}

impl Base {
    /// Two sides, of which no more is known.
    fn new(before: Side, after: Side, described: String) -> Base {
        let name = described.trim_matches('`').to_owned();
        Base {
            before,
            after,
            described,
            unchanged: PathSet::default(),
            moved: None,
            tip: None,
            unread: Unread::default(),
            others: Vec::new(),
            releases: None,
            mainline: None,
            alone: None,
            uncompared: Vec::new(),
            notes: Vec::new(),
            asked: None,
            name,
            is_for_changelog: false,
        }
    }

    /// What the earlier state is called: `3f2c1a9 (merge base of HEAD and main)`.
    pub fn described(&self) -> &str {
        &self.described
    }

    /// Its first word: of a commit the first digits.
    pub(crate) fn short(&self) -> &str {
        self.described.split(' ').next().unwrap_or_default()
    }

    /// What is to be said of the choice of this base: that a name has another meaning too.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether a side is a descriptor set.
    pub(crate) fn has_descriptor_set(&self) -> bool {
        [&self.before, &self.after].into_iter().any(|side| side.snapshot.as_ref().is_some_and(|set| set.is_described()))
    }

    /// Leaves the first base alone: the first merge base, or the newest release.
    pub(crate) fn leave_first(&mut self) {
        self.others.clear();
        (self.releases, self.mainline) = (None, None);
        if let Some(alone) = self.alone.take() {
            self.described = alone;
        }
    }

    /// The same with both sides exchanged; the later one was at `path`.
    fn reversed(self, path: &Path) -> Base {
        let described = format!("`{}`", path::shown(path));
        let unchanged = self.unchanged_before().into_owned();
        let after = Side { paths: self.before.paths.or_else(|| Some(vec![path.to_owned()])), ..self.before };
        let before = Side { paths: self.after.paths.or_else(|| Some(vec![path.to_owned()])), ..self.after };
        let moved = self.moved.map(|(before, after)| (after, before));
        Base { before, after, moved, unchanged, described, name: path::shown(path), ..self }
    }

    /// Lays edited texts over the later side, in the place of those that were laid there before.
    pub(crate) fn edit(&mut self, edited: Edited) {
        for path in edited.keys() {
            self.unchanged.remove(path);
        }
        for other in &mut self.others {
            other.edit(edited.clone());
        }
        self.after.edited = edited;
    }

    /// What a file of the later side held before; `None` where that is not one and the same text in all bases.
    pub(crate) fn text_before(&self, after: &Path) -> Option<String> {
        let text = self.before.view().read(&self.before_of(after)).ok()?;
        self.others.iter().all(|other| other.text_before(after).as_ref() == Some(&text)).then_some(text)
    }

    /// The directory that the later side is, where it was given as one.
    pub(crate) fn later_top(&self) -> Option<&Path> {
        self.moved.as_ref().map(|(_, after)| after.as_path())
    }

    /// The directory that the earlier side is, where it was given as one.
    pub(crate) fn earlier_top(&self) -> Option<&Path> {
        self.moved.as_ref().map(|(before, _)| before.as_path())
    }

    /// Where a directory of the later side lies in the earlier one.
    pub(crate) fn before_of(&self, after: &Path) -> PathBuf {
        translated(after, self.moved.as_ref().map(|(before, after)| (after, before)))
    }

    /// The absolute paths, on the earlier side, of files that are the same on both.
    pub(crate) fn unchanged_before(&self) -> Cow<'_, PathSet> {
        match &self.moved {
            Some(_) => Cow::Owned(self.unchanged.iter().map(|file| self.before_of(file)).collect()),
            None => Cow::Borrowed(&self.unchanged),
        }
    }

    /// Where a directory of the earlier side lies in the later one.
    pub(crate) fn after_of(&self, before: &Path) -> PathBuf {
        translated(before, self.moved.as_ref().map(|(before, after)| (before, after)))
    }
}

fn translated(directory: &Path, moved: Option<(&PathBuf, &PathBuf)>) -> PathBuf {
    let Some((from, to)) = moved else { return directory.to_owned() };
    if let Ok(rest) = directory.strip_prefix(from) {
        return to.join(rest);
    }
    // A directory above: as far above the other one, if that is called the same.
    match from.strip_prefix(directory) {
        Ok(rest) if to.ends_with(rest) => to.ancestors().nth(rest.iter().count()).unwrap_or(to).to_owned(),
        Ok(_) => to.clone(),
        Err(_) => directory.to_owned(),
    }
}

/// What there is to compare with.
pub enum FoundBase {
    /// This.
    Base(Box<Base>),
    /// Nothing yet, which is no fault: why.
    Nothing(String),
}

impl Base {
    /// Finds what the settings name, what CI names, or the branch that the one that is checked out will be merged into;
    /// on that branch itself, the last commit or, where nothing was changed since, the one before.
    ///
    /// # Errors
    ///
    /// What was asked for is not there, or nothing says what to compare with.
    pub fn find(settings: &Settings) -> Result<FoundBase, Error> {
        choice::find(settings, Since::LastChange)
    }

    /// Whether a name is that of a directory or file, and not of a commit of the repository here.
    pub fn is_on_disk(name: &str) -> bool {
        choice::is_on_disk(name)
    }

    /// The same for what others know already: on the default branch the last commit, whatever was changed since.
    pub(crate) fn find_published(settings: &Settings) -> Result<FoundBase, Error> {
        choice::find(settings, Since::LastCommit)
    }
}

/// What is compared on the default branch itself, where no base is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    /// What was changed last: since the last commit or, if nothing was, by it.
    LastChange,
    /// What was changed since the last commit.
    LastCommit,
}

/// A directory or a descriptor set.
fn on_disk(settings: &Settings, base: &Path) -> Result<Base, Error> {
    let shown = path::shown(base);
    if base.is_dir() && is_repository(base) {
        let error = Error::new(format!("`{shown}` is a git repository, not a directory of schemas"));
        return Err(error.help(format!("pass a branch, tag or commit: {} --against HEAD", settings.base.command)));
    }
    if settings.base.index {
        let message = format!("`--index` compares staged files with a commit, and `{shown}` is not a commit");
        return Err(Error::new(message).help("protolint breaking --index --against HEAD"));
    }
    let metadata = std::fs::metadata(base)
        .map_err(|error| Error::new(format!("`{shown}` cannot be read: {}", crate::source::reason(&error))))?;
    let mut found = if metadata.is_dir() { directory::base(settings, base) } else { descriptor_set::base(base)? };
    if let Some(set) = descriptor_set_of(settings) {
        found.after = descriptor_set::side(set)?;
        // Nothing on disk belongs to the later side.
        found.unchanged = PathSet::default();
        if metadata.is_dir() {
            found.before.paths = Some(vec![base.to_owned()]);
        }
        // The files of a set stand below the set.
        found.moved = Some((path::absolute(base), path::absolute(set)));
    }
    Ok(found)
}

/// Whether a directory is what git keeps a repository in.
fn is_repository(directory: &Path) -> bool {
    directory.join("HEAD").is_file() && directory.join("objects").is_dir() && directory.join("refs").is_dir()
}

/// The descriptor set that is to be compared.
fn descriptor_set_of(settings: &Settings) -> Option<&Path> {
    match &settings.paths[..] {
        [only] if is_one(only) => Some(only),
        _ => None,
    }
}

/// What commits are compared with, where that is a descriptor set instead of the work tree.
fn with_descriptor_set(settings: &Settings, mut found: Base) -> Result<Base, Error> {
    let Some(set) = descriptor_set_of(settings) else { return Ok(found) };
    let others = std::mem::take(&mut found.others);
    let others = others.into_iter().map(|other| with_descriptor_set(settings, other)).collect::<Result<_, Error>>()?;
    let in_config =
        |root: &String| PathBuf::from(path::shown_from_here(&path::absolute(&settings.config.directory.join(root))));
    let roots: Vec<PathBuf> = settings.config.roots.iter().map(in_config).collect();
    let paths = if roots.is_empty() { vec![PathBuf::from(".")] } else { roots };
    let moved = paths.first().map(|first| (path::absolute(first), path::absolute(set)));
    let before = Side { paths: Some(paths), ..found.before };
    // What was compiled is not compared with what a branch has as texts.
    let mainline = None;
    Ok(Base {
        before,
        after: descriptor_set::side(set)?,
        unchanged: PathSet::default(),
        moved,
        others,
        mainline,
        ..found
    })
}
