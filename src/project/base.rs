//! What is compared with what: understands what was asked for, or what CI and the repository say.

mod commit;
mod descriptor_set;
mod directory;
mod request;
mod unread;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::nearest::nearest;
use crate::project::git::{GitFault, GitFaultKind, Repository};
use crate::project::path::{self, PathSet};
use crate::project::settings::Settings;
use crate::project::view::{Edited, Snapshot, View};
pub use request::{CiBase, CompareRequest};
use unread::Unread;

/// One side of a comparison.
#[derive(Default)]
pub(crate) struct Side {
    /// What is read instead of the disk.
    pub(crate) snapshot: Option<Snapshot>,
    /// What is compared, where it is not what the settings name.
    pub(crate) paths: Option<Vec<PathBuf>>,
    /// Texts that stand in for those of files.
    pub(crate) edited: Edited,
}

impl Side {
    pub(crate) fn view(&self) -> View<'_> {
        self.snapshot.as_ref().map_or_else(View::default, View::of).with(&self.edited)
    }
}

/// What is compared with what: where the earlier state lies, and where the later one. Nothing of it is read yet.
pub struct Base {
    pub(crate) before: Side,
    pub(crate) after: Side,
    described: String,
    /// The absolute paths of files that are the same on both sides.
    pub(crate) unchanged: PathSet,
    /// A directory of each side, before and after, absolute, that are the same one; `None` where all paths are the same.
    moved: Option<(PathBuf, PathBuf)>,
    /// The branch that is compared with as it is now, if it has moved on since.
    pub(crate) tip: Option<Tip>,
    /// What the repository turned out to lack.
    pub(crate) unread: Unread,
    /// What was asked for, unless that is a branch to be merged into: somebody's own comparison, which says little of what
    /// the others miss.
    pub(crate) asked: Option<String>,
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
    /// What the earlier state is called: `3f2c1a9 (merge base of HEAD and main)`.
    pub fn described(&self) -> &str {
        &self.described
    }

    /// Lays edited texts over the later side, in the place of those that were laid there before.
    pub(crate) fn edit(&mut self, edited: Edited) {
        for path in edited.keys() {
            self.unchanged.remove(path);
        }
        self.after.edited = edited;
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

/// What names a reference as it is now.
const TIP: &str = "tip:";

/// What there is to compare with.
pub enum FoundBase {
    /// This.
    Base(Box<Base>),
    /// Nothing yet, which is no fault: why.
    Nothing(String),
}

/// What was asked for, and who asked where it was not the command line.
struct Asked {
    base: String,
    by: Option<String>,
    /// Whether CI named the state before a push.
    is_push: bool,
}

impl Asked {
    fn new(base: String) -> Asked {
        Asked { base, by: None, is_push: false }
    }
}

impl Base {
    /// Finds what the settings name, what CI names, or the branch that the one that is checked out will be merged into.
    ///
    /// # Errors
    ///
    /// What was asked for is not there, or nothing says what to compare with.
    pub fn find(settings: &Settings) -> Result<FoundBase, Error> {
        let mut found = search(settings)?;
        if let (FoundBase::Base(base), Some(asked)) = (&mut found, own_question(settings)) {
            base.asked = Some(asked);
        }
        Ok(found)
    }
}

/// What is asked for and is neither configured, nor a branch other than the one that is checked out, nor what CI would
/// say of a request to merge.
fn own_question(settings: &Settings) -> Option<String> {
    let asked = asked(settings)?;
    if settings.base.against.is_none() {
        return Some(asked.base).filter(|_| asked.is_push);
    }
    let repository = Repository::discover(&start_of(settings)).ok().flatten();
    let is_branch = repository.is_some_and(|repository| repository.is_other_branch(&asked.base));
    Some(asked.base).filter(|base| !is_branch && settings.config.breaking.against.as_ref() != Some(base))
}

fn search(settings: &Settings) -> Result<FoundBase, Error> {
    let start = start_of(settings);
    let repository = || Repository::discover(&start).map_err(|fault| failure(fault, None));
    let asked = match asked(settings) {
        Some(asked) => asked,
        None => match repository()? {
            Some(repository) => match by_repository(settings, &repository)? {
                Ok(asked) => asked,
                Err(nothing) => return Ok(FoundBase::Nothing(nothing)),
            },
            None => {
                return Err(Error::new("nobody says what to compare with, and this is no git repository")
                    .help(format!("{} --against DIRECTORY", settings.base.command)));
            }
        },
    };
    if asked.base.strip_prefix(TIP).unwrap_or(&asked.base).trim().is_empty() {
        // As a variable of CI that is not set makes it.
        return Err(Error::new("`--against` names nothing").help(format!("{} --against BRANCH", settings.base.command)));
    }
    let path = PathBuf::from(&asked.base);
    if is_path(&asked.base) || path.is_file() {
        return on_disk(settings, &path).map(|base| FoundBase::Base(Box::new(base)));
    }
    let Some(repository) = repository()? else {
        if path.is_dir() {
            return on_disk(settings, &path).map(|base| FoundBase::Base(Box::new(base)));
        }
        let message = format!("`{}` is no directory, and this is no git repository", asked.base);
        return Err(Error::new(message).help(format!("{} --against DIRECTORY", settings.base.command)));
    };
    let asked = if asked.by.is_some() { instead_of_no_commit(&repository, asked) } else { asked };
    match commit::base(settings, repository, &asked) {
        Err(fault) if fault.kind == GitFaultKind::NothingToCompare => Ok(FoundBase::Nothing(fault.message)),
        Err(fault) if fault.kind == GitFaultKind::UnknownReference && path.is_dir() => {
            on_disk(settings, &path).map(|base| FoundBase::Base(Box::new(base)))
        }
        Err(fault) => Err(failure(fault, Some((&start, &asked.base)))),
        Ok(base) => Ok(FoundBase::Base(Box::new(with_descriptor_set(settings, base)?))),
    }
}

/// The nearest directory that exists at or above the first path.
fn start_of(settings: &Settings) -> PathBuf {
    let first = settings.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let absolute = path::absolute(first);
    let found = absolute.ancestors().find(|above| above.is_dir()).map(Path::to_owned);
    found.unwrap_or(absolute)
}

/// What the command line, the configuration or CI ask for.
fn asked(settings: &Settings) -> Option<Asked> {
    let given = settings.base.against.clone().map(Asked::new);
    let configured = || {
        let base = settings.config.breaking.against.clone()?;
        Some(Asked { by: Some("the configuration".to_owned()), ..Asked::new(base) })
    };
    let by_ci = || {
        let CiBase { base, by, is_push } = settings.base.by_ci.clone()?;
        Some(Asked { base, by: Some(by), is_push })
    };
    given.or_else(configured).or_else(by_ci)
}

/// What the repository suggests; the inner error says why there is nothing to compare with.
fn by_repository(settings: &Settings, repository: &Repository) -> Result<Result<Asked, String>, Error> {
    if let Some(base) = repository.default_reference() {
        return Ok(Ok(Asked::new(base)));
    }
    let parent = repository.tip("HEAD").and_then(|_| repository.tip("HEAD^"));
    match parent {
        Err(fault) if fault.kind == GitFaultKind::NothingToCompare => Ok(Err(fault.message)),
        Err(fault) if fault.kind == GitFaultKind::UnknownReference && !repository.is_shallow() => {
            Ok(Err("this is the first commit".to_owned()))
        }
        _ => Err(Error::new("nobody says what to compare with: there is neither an upstream nor a main branch")
            .help(format!("{} --against BRANCH", settings.base.command))),
    }
}

/// A branch that is pushed for the first time has no commit before that, but may have left another branch.
fn instead_of_no_commit(repository: &Repository, asked: Asked) -> Asked {
    let reference = asked.base.strip_prefix(TIP).unwrap_or(&asked.base);
    let is_none = repository.tip(reference).is_err_and(|fault| fault.kind == GitFaultKind::NothingToCompare);
    let left = || {
        let other = repository.default_reference().filter(|_| is_none)?;
        let (base, head) = (repository.merge_base(&other).ok()?, repository.tip("HEAD").ok()?);
        (base.commit != head.commit).then_some(other)
    };
    left().map_or(asked, Asked::new)
}

/// Whether a name can only be a path.
fn is_path(base: &str) -> bool {
    let first = Path::new(base).components().next();
    let leads = matches!(
        first,
        Some(std::path::Component::CurDir | std::path::Component::ParentDir | std::path::Component::RootDir)
    );
    leads || matches!(first, Some(std::path::Component::Prefix(_))) || base.ends_with('/')
}

fn failure(fault: GitFault, asked: Option<(&Path, &str)>) -> Error {
    let near = asked.filter(|_| fault.kind == GitFaultKind::UnknownReference).and_then(|(start, name)| {
        let repository = Repository::discover(start).ok().flatten()?;
        let names = repository.reference_names();
        let (prefix, name) = if let Some(name) = name.strip_prefix(TIP) { (TIP, name) } else { ("", name) };
        nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{prefix}{near}`?"))
    });
    let other_tags = "name what the tags look like: --tag-pattern GLOB";
    let other_tags = (fault.kind == GitFaultKind::NoTag).then(|| other_tags.to_owned());
    Error { message: fault.message, help: near.or(fault.help).or(other_tags) }
}

/// A directory or a descriptor set.
fn on_disk(settings: &Settings, base: &Path) -> Result<Base, Error> {
    let shown = path::shown(base);
    if settings.base.index {
        let message = format!("`--index` compares what is staged with a commit, and `{shown}` is none");
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

/// The descriptor set that is to be compared.
fn descriptor_set_of(settings: &Settings) -> Option<&Path> {
    match &settings.paths[..] {
        [only] if descriptor_set::is_one(only) => Some(only),
        _ => None,
    }
}

/// What a commit is compared with, where that is a descriptor set instead of the work tree.
fn with_descriptor_set(settings: &Settings, found: Base) -> Result<Base, Error> {
    let Some(set) = descriptor_set_of(settings) else { return Ok(found) };
    let in_config =
        |root: &String| PathBuf::from(path::shown_from_here(&path::absolute(&settings.config.directory.join(root))));
    let roots: Vec<PathBuf> = settings.config.roots.iter().map(in_config).collect();
    let paths = if roots.is_empty() { vec![PathBuf::from(".")] } else { roots };
    let moved = paths.first().map(|first| (path::absolute(first), path::absolute(set)));
    let before = Side { paths: Some(paths), ..found.before };
    Ok(Base { before, after: descriptor_set::side(set)?, unchanged: PathSet::default(), moved, ..found })
}
