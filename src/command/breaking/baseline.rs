//! What is compared with what: understands what was asked for, or what CI and the repository say.

mod ci;
mod from_directory;
mod from_git;
mod from_image;
mod unread;
mod wanted;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::command::Failure;
use crate::config::Config;
use crate::project::git::{GitFault, GitFaultKind, Repository};
use crate::project::path::{self, PathSet};
use crate::project::view::{Edited, Snapshot, View};
use crate::rules::nearest::nearest;
use unread::Unread;
pub(in crate::command) use wanted::Wanted;

/// One side of a comparison.
#[derive(Default)]
pub(in crate::command) struct Side {
    /// What is read instead of the disk.
    pub(in crate::command) snapshot: Option<Snapshot>,
    /// What is compared, where it is not what the command line names.
    pub(in crate::command) paths: Option<Vec<PathBuf>>,
    /// Texts that stand in for those of files.
    pub(in crate::command) edited: Edited,
}

impl Side {
    pub(in crate::command) fn view(&self) -> View<'_> {
        self.snapshot.as_ref().map_or_else(View::default, View::of).with(&self.edited)
    }
}

/// What is compared with what.
pub(in crate::command) struct Baseline {
    pub(in crate::command) before: Side,
    pub(in crate::command) after: Side,
    /// As the summary says it.
    pub(in crate::command) described: String,
    /// The absolute paths of files that are the same on both sides.
    pub(in crate::command) unchanged: PathSet,
    /// A directory of each side, before and after, absolute, that are the same one; `None` where all paths are the same.
    moved: Option<(PathBuf, PathBuf)>,
    /// The branch that is compared with as it is now, if it has moved on since.
    pub(in crate::command) tip: Option<Tip>,
    /// What the repository turned out to lack.
    pub(in crate::command) unread: Unread,
    /// What the command line asks for, unless that is a branch to be merged into: somebody's own comparison, which says
    /// little of what the others miss.
    pub(in crate::command) asked: Option<String>,
}

/// A branch as it is now.
pub(in crate::command) struct Tip {
    pub(in crate::command) side: Side,
    /// What people call it.
    pub(in crate::command) name: String,
    /// The absolute paths of files that are as in the baseline.
    pub(in crate::command) unchanged: PathSet,
}

impl Baseline {
    /// Where a directory of the later side lies in the earlier one.
    pub(in crate::command) fn before_of(&self, after: &Path) -> PathBuf {
        translated(after, self.moved.as_ref().map(|(before, after)| (after, before)))
    }

    /// The absolute paths, on the earlier side, of files that are the same on both.
    pub(in crate::command) fn unchanged_before(&self) -> Cow<'_, PathSet> {
        match &self.moved {
            Some(_) => Cow::Owned(self.unchanged.iter().map(|file| self.before_of(file)).collect()),
            None => Cow::Borrowed(&self.unchanged),
        }
    }

    /// Where a directory of the earlier side lies in the later one.
    pub(in crate::command) fn after_of(&self, before: &Path) -> PathBuf {
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
pub(in crate::command) enum Against {
    Baseline(Box<Baseline>),
    /// Nothing yet, which is no fault: why.
    Nothing(String),
}

/// What was asked for, and who asked where it was not the command line.
struct Asked {
    baseline: String,
    by: Option<String>,
}

/// Finds the baseline.
///
/// # Errors
///
/// What was asked for is not there, or nobody says what to compare with.
pub(in crate::command) fn find(args: &Wanted, config: &Config) -> Result<Against, Failure> {
    let mut found = search(args, config)?;
    if let (Against::Baseline(baseline), Some(asked)) = (&mut found, own_question(args, config)) {
        baseline.asked = Some(asked);
    }
    Ok(found)
}

/// What is asked for and is neither configured, nor a branch other than the one that is checked out, nor what CI would
/// say of a request to merge.
fn own_question(args: &Wanted, config: &Config) -> Option<String> {
    let asked = asked(args, config)?;
    if args.against.is_none() {
        return Some(asked.baseline).filter(|_| asked.by.as_deref() == Some(ci::EVENT));
    }
    let repository = Repository::discover(&start_of(args)).ok().flatten();
    let is_branch = repository.is_some_and(|repository| repository.is_other_branch(&asked.baseline));
    Some(asked.baseline).filter(|baseline| !is_branch && config.breaking.against.as_ref() != Some(baseline))
}

fn search(args: &Wanted, config: &Config) -> Result<Against, Failure> {
    let start = start_of(args);
    let repository = || Repository::discover(&start).map_err(|fault| failure(fault, None));
    let asked = match asked(args, config) {
        Some(asked) => asked,
        None => match repository()? {
            Some(repository) => match by_repository(args, &repository)? {
                Ok(asked) => asked,
                Err(nothing) => return Ok(Against::Nothing(nothing)),
            },
            None => {
                return Err(Failure::new("nobody says what to compare with, and this is no git repository")
                    .help(format!("{} --against DIRECTORY", args.command)));
            }
        },
    };
    if asked.baseline.strip_prefix(TIP).unwrap_or(&asked.baseline).trim().is_empty() {
        // As a variable of CI that is not set makes it.
        return Err(Failure::new("`--against` names nothing").help(format!("{} --against BRANCH", args.command)));
    }
    let path = PathBuf::from(&asked.baseline);
    if is_path(&asked.baseline) || path.is_file() {
        return on_disk(args, &path).map(|baseline| Against::Baseline(Box::new(baseline)));
    }
    let Some(repository) = repository()? else {
        if path.is_dir() {
            return on_disk(args, &path).map(|baseline| Against::Baseline(Box::new(baseline)));
        }
        let message = format!("`{}` is no directory, and this is no git repository", asked.baseline);
        return Err(Failure::new(message).help(format!("{} --against DIRECTORY", args.command)));
    };
    let asked = if asked.by.is_some() { instead_of_no_commit(&repository, asked) } else { asked };
    match from_git::baseline(args, config, repository, &asked) {
        Err(fault) if fault.kind == GitFaultKind::NothingToCompare => Ok(Against::Nothing(fault.message)),
        Err(fault) if fault.kind == GitFaultKind::UnknownReference && path.is_dir() => {
            on_disk(args, &path).map(|baseline| Against::Baseline(Box::new(baseline)))
        }
        Err(fault) => Err(failure(fault, Some((&start, &asked.baseline)))),
        Ok(baseline) => Ok(Against::Baseline(Box::new(against_image(args, config, baseline)?))),
    }
}

/// The nearest directory that exists at or above the first path.
fn start_of(args: &Wanted) -> PathBuf {
    let first = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let absolute = path::absolute(first);
    let found = absolute.ancestors().find(|above| above.is_dir()).map(Path::to_owned);
    found.unwrap_or(absolute)
}

/// What the command line, the configuration or CI ask for.
fn asked(args: &Wanted, config: &Config) -> Option<Asked> {
    let given = args.against.clone().map(|baseline| Asked { baseline, by: None });
    let configured = || {
        let baseline = config.breaking.against.clone()?;
        Some(Asked { baseline, by: Some("the configuration".to_owned()) })
    };
    let by_ci = || ci::baseline().map(|(baseline, by)| Asked { baseline, by: Some(by) });
    given.or_else(configured).or_else(by_ci)
}

/// What the repository suggests; the inner error says why there is nothing to compare with.
fn by_repository(args: &Wanted, repository: &Repository) -> Result<Result<Asked, String>, Failure> {
    if let Some(baseline) = repository.default_reference() {
        return Ok(Ok(Asked { baseline, by: None }));
    }
    let parent = repository.tip("HEAD").and_then(|_| repository.tip("HEAD^"));
    match parent {
        Err(fault) if fault.kind == GitFaultKind::NothingToCompare => Ok(Err(fault.message)),
        Err(fault) if fault.kind == GitFaultKind::UnknownReference && !repository.is_shallow() => {
            Ok(Err("this is the first commit".to_owned()))
        }
        _ => Err(Failure::new("nobody says what to compare with: there is neither an upstream nor a main branch")
            .help(format!("{} --against BRANCH", args.command))),
    }
}

/// A branch that is pushed for the first time has no commit before that, but may have left another branch.
fn instead_of_no_commit(repository: &Repository, asked: Asked) -> Asked {
    let reference = asked.baseline.strip_prefix(TIP).unwrap_or(&asked.baseline);
    let is_none = repository.tip(reference).is_err_and(|fault| fault.kind == GitFaultKind::NothingToCompare);
    let left = || {
        let other = repository.default_reference().filter(|_| is_none)?;
        let (base, head) = (repository.merge_base(&other).ok()?, repository.tip("HEAD").ok()?);
        (base.commit != head.commit).then_some(other)
    };
    left().map_or(asked, |baseline| Asked { baseline, by: None })
}

/// Whether a name can only be a path.
fn is_path(baseline: &str) -> bool {
    let first = Path::new(baseline).components().next();
    let leads = matches!(
        first,
        Some(std::path::Component::CurDir | std::path::Component::ParentDir | std::path::Component::RootDir)
    );
    leads || matches!(first, Some(std::path::Component::Prefix(_))) || baseline.ends_with('/')
}

fn failure(fault: GitFault, asked: Option<(&Path, &str)>) -> Failure {
    let near = asked.filter(|_| fault.kind == GitFaultKind::UnknownReference).and_then(|(start, name)| {
        let repository = Repository::discover(start).ok().flatten()?;
        let names = repository.reference_names();
        let (prefix, name) = if let Some(name) = name.strip_prefix(TIP) { (TIP, name) } else { ("", name) };
        nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{prefix}{near}`?"))
    });
    let other_tags = "name what the tags look like: --tag-pattern GLOB";
    let other_tags = (fault.kind == GitFaultKind::NoTag).then(|| other_tags.to_owned());
    Failure { message: fault.message, help: near.or(fault.help).or(other_tags) }
}

/// A directory or a descriptor set.
fn on_disk(args: &Wanted, baseline: &Path) -> Result<Baseline, Failure> {
    let shown = path::shown(baseline);
    if args.index {
        let message = format!("`--index` compares what is staged with a commit, and `{shown}` is none");
        return Err(Failure::new(message).help("protolint breaking --index --against HEAD"));
    }
    let metadata = std::fs::metadata(baseline)
        .map_err(|error| Failure::new(format!("`{shown}` cannot be read: {}", crate::source::reason(&error))))?;
    let mut found =
        if metadata.is_dir() { from_directory::baseline(args, baseline) } else { from_image::baseline(baseline)? };
    if let Some(image) = image(args) {
        found.after = from_image::side(image)?;
        // Nothing on disk belongs to the later side.
        found.unchanged = PathSet::default();
        if metadata.is_dir() {
            found.before.paths = Some(vec![baseline.to_owned()]);
        }
        // The files of a set stand below the set.
        found.moved = Some((path::absolute(baseline), path::absolute(image)));
    }
    Ok(found)
}

/// The descriptor set that is to be compared.
fn image(args: &Wanted) -> Option<&Path> {
    match &args.paths[..] {
        [only] if from_image::is_image(only) => Some(only),
        _ => None,
    }
}

/// What a commit is compared with, where that is a descriptor set instead of the work tree.
fn against_image(args: &Wanted, config: &Config, found: Baseline) -> Result<Baseline, Failure> {
    let Some(image) = image(args) else { return Ok(found) };
    let in_config = |root: &String| PathBuf::from(path::shown_from_here(&path::absolute(&config.directory.join(root))));
    let roots: Vec<PathBuf> = config.roots.iter().map(in_config).collect();
    let paths = if roots.is_empty() { vec![PathBuf::from(".")] } else { roots };
    let moved = paths.first().map(|first| (path::absolute(first), path::absolute(image)));
    let before = Side { paths: Some(paths), ..found.before };
    Ok(Baseline { before, after: from_image::side(image)?, unchanged: PathSet::default(), moved, ..found })
}
