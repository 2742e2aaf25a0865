//! Which base is taken. The first that is there: what the command line names, what the configuration names, what CI
//! names, the default branch of the repository.

use std::path::{Path, PathBuf};

use super::releases::{self, Selected};
use super::{Base, CompareRequest, FoundBase, Since, commit, on_disk, with_descriptor_set};
use crate::error::Error;
use crate::nearest::nearest;
use crate::project::git::{DefaultBase, GitFault, GitFaultKind, Repository};
use crate::project::path;
use crate::project::settings::Settings;

/// What names a reference as it is now.
pub(super) const TIP: &str = "tip:";
/// What files of descriptor sets are called, mostly.
const SETS: [&str; 9] = ["binpb", "pb", "bin", "desc", "protoset", "fds", "fdset", "json", "gz"];

/// What is to be compared with.
pub(super) enum Wanted {
    /// A reference, or `tip:REFERENCE`.
    Reference(String),
    /// Release tags.
    Releases(Selected),
    /// A branch by its full name, where `HEAD` left it.
    Branch(String),
    /// The last commit, or the one before, for `HEAD` is on this branch and has nothing that it has not.
    OwnBranch(String, Since),
}

/// What is to be compared with, and who asked for it where it was not the command line.
pub(super) struct Choice {
    pub(super) wanted: Wanted,
    pub(super) by: Option<String>,
}

/// What was asked for.
struct Asked {
    base: String,
    by: Option<String>,
    /// Whether CI says it.
    is_by_ci: bool,
    /// Whether it can only be a branch.
    is_branch: bool,
    /// Whether CI named the state before a push.
    is_push: bool,
    /// What CI calls the default branch.
    default_branch: Option<String>,
}

pub(super) fn find(settings: &Settings, since: Since) -> Result<FoundBase, Error> {
    let mut found = search(settings, since)?;
    if let FoundBase::Base(base) = &mut found {
        base.asked = own_question(settings);
        base.is_for_changelog = settings.base.exact;
    }
    Ok(found)
}

/// What is asked for and is neither configured, nor a branch other than the one that is checked out, nor what CI would
/// say of a request to merge.
fn own_question(settings: &Settings) -> Option<String> {
    let asked = asked(settings)?;
    if settings.base.against.is_none() {
        return Some(asked.base).filter(|_| asked.is_push);
    }
    let repository = Repository::find(&start_of(settings)).ok().flatten();
    let is_branch = repository.is_some_and(|repository| repository.is_other_branch(&asked.base));
    Some(asked.base).filter(|base| !is_branch && settings.config.breaking.against.as_ref() != Some(base))
}

fn search(settings: &Settings, since: Since) -> Result<FoundBase, Error> {
    let start = start_of(settings);
    let repository = match Repository::find(&start) {
        // What a commit is compared with may lie outside of its repository.
        Ok(None) if settings.base.exact => Repository::find(&path::absolute(Path::new("."))),
        found => found,
    };
    let Some(asked) = asked(settings) else {
        let Some(repository) = repository.map_err(plain)? else {
            return Err(Error::new("no base given, and this is not a git repository")
                .help(format!("{} --against DIRECTORY", settings.base.command)));
        };
        return of_repository(settings, repository, since, None, None);
    };
    let is_nothing = asked.base.strip_prefix(TIP).unwrap_or(&asked.base).trim().is_empty();
    if is_nothing {
        // As a variable of CI that is not set makes it.
        return Err(Error::new("`--against` is empty").help(format!("{} --against BRANCH", settings.base.command)));
    }
    let path = PathBuf::from(&asked.base);
    // What CI names is no path.
    let may_be_path = !asked.is_by_ci;
    let releases = Selected::parse(&asked.base, settings.base.command)?;
    let exists = may_be_path && path.exists();
    let base_on_disk = || match &settings.base.to {
        Some(to) => before_commit(settings, &path, to),
        None => on_disk(settings, &path).map(|base| FoundBase::Base(Box::new(base))),
    };
    if may_be_path && is_path(&asked.base) {
        return if exists || !path.to_string_lossy().contains('#') {
            base_on_disk()
        } else {
            Err(as_in_buf(settings, &asked.base))
        };
    }
    let repository = match repository {
        Ok(Some(repository)) => repository,
        Ok(None) | Err(_) if exists => return base_on_disk(),
        Ok(None) => return Err(not_on_disk(settings, &asked.base, releases.as_ref())),
        Err(fault) => return Err(plain(fault)),
    };
    let named = match &releases {
        Some(releases) => Some(releases.kind()),
        None => repository.kind_of(&asked.base),
    };
    if exists && named.is_none() {
        return base_on_disk();
    }
    let mut found = match releases {
        Some(releases) => {
            let choice = Choice { wanted: Wanted::Releases(releases), by: asked.by };
            finished(settings, commit::base(settings, repository, &choice), |fault| {
                releases::failure(fault, &asked.base)
            })?
        }
        None => named_in(settings, repository, since, &start, asked)?,
    };
    if let (FoundBase::Base(base), true, Some(kind)) = (&mut found, exists, named) {
        let shown = path::shown(&path);
        let what = if path.is_dir() { "directory" } else { "file" };
        base.notes
            .push(format!("`{shown}` is the {kind}; to compare with the {what} of that name: --against ./{shown}"));
    }
    Ok(found)
}

/// A directory or a descriptor set as the earlier state of a commit: what a commit is compared with, the other way round.
fn before_commit(settings: &Settings, path: &Path, to: &str) -> Result<FoundBase, Error> {
    let base = CompareRequest { against: Some(to.to_owned()), to: None, exact: true, ..settings.base.clone() };
    let turned = Settings { paths: vec![path.to_owned()], base, ..settings.clone() };
    Ok(match search(&turned, Since::LastChange)? {
        FoundBase::Base(base) => FoundBase::Base(Box::new(base.reversed(path))),
        nothing => nothing,
    })
}

/// Whether a name is that of a directory or file, and not of a commit of the repository here.
pub(super) fn is_on_disk(name: &str) -> bool {
    let repository = || Repository::find(&path::absolute(Path::new("."))).ok().flatten();
    is_path(name) || Path::new(name).exists() && repository().is_none_or(|found| found.kind_of(name).is_none())
}

/// What the repository has under the name that was asked for.
fn named_in(
    settings: &Settings,
    repository: Repository,
    since: Since,
    start: &Path,
    asked: Asked,
) -> Result<FoundBase, Error> {
    let reference = asked.base.strip_prefix(TIP).unwrap_or(&asked.base);
    if asked.by.is_some() && is_zero(reference) {
        // A branch that is pushed for the first time has no commit before that.
        let default_branch = asked.default_branch.as_deref();
        return of_repository(settings, repository, since, default_branch, asked.by.as_deref());
    }
    let wanted = match asked.is_branch {
        true => Wanted::Branch(repository.branch(&asked.base).map_err(plain)?),
        false if settings.base.exact => Wanted::Reference(format!("{TIP}{reference}")),
        false => Wanted::Reference(asked.base.clone()),
    };
    let choice = Choice { wanted, by: asked.by };
    finished(settings, commit::base(settings, repository, &choice), |fault| {
        failure(settings, fault, start, &asked.base)
    })
}

/// What the repository suggests.
fn of_repository(
    settings: &Settings,
    repository: Repository,
    since: Since,
    default_branch: Option<&str>,
    by: Option<&str>,
) -> Result<FoundBase, Error> {
    let wanted = match repository.default_base(default_branch).map_err(plain)? {
        Some(DefaultBase::Branch(full)) => Wanted::Branch(full),
        Some(DefaultBase::Own(name)) => Wanted::OwnBranch(name, since),
        None => match repository.tip("HEAD") {
            Err(fault) => return finished(settings, Err(fault), plain),
            Ok(_) => return Err(no_default_branch(settings, &repository)),
        },
    };
    let choice = Choice { wanted, by: by.map(str::to_owned) };
    match commit::base(settings, repository, &choice) {
        // On a branch that was just made in an empty repository there is nothing to compare, whatever else is there.
        Err(fault) if fault.kind == GitFaultKind::Unrelated && default_branch.is_none() => Err(plain(fault)),
        found => finished(settings, found, plain),
    }
}

fn finished(
    settings: &Settings,
    found: Result<Base, GitFault>,
    failure: impl FnOnce(GitFault) -> Error,
) -> Result<FoundBase, Error> {
    match found {
        Err(fault) if fault.kind == GitFaultKind::NothingToCompare => Ok(FoundBase::Nothing(fault.message)),
        Err(fault) => Err(failure(fault)),
        Ok(base) => Ok(FoundBase::Base(Box::new(with_descriptor_set(settings, base)?))),
    }
}

fn no_default_branch(settings: &Settings, repository: &Repository) -> Error {
    let names = repository.branch_names();
    let quoted: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let message = match quoted.is_empty() {
        true => "no base given, and this repository has no branch to compare with".to_owned(),
        false => {
            format!("no base given, and the default branch is not clear: there are {}", quoted.join(", "))
        }
    };
    Error::new(message).help(format!("{} --against BRANCH", settings.base.command))
}

/// The nearest directory that exists at or above the first path.
pub(in crate::project) fn start_of(settings: &Settings) -> PathBuf {
    let first = settings.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let absolute = path::absolute(first);
    let found = absolute.ancestors().find(|above| above.is_dir()).map(Path::to_owned);
    found.unwrap_or(absolute)
}

/// What the command line, the configuration or CI ask for.
fn asked(settings: &Settings) -> Option<Asked> {
    let new = |base, by| {
        let (is_by_ci, is_branch, is_push, default_branch) = (false, false, false, None);
        Asked { base, by, is_by_ci, is_branch, is_push, default_branch }
    };
    if let Some(base) = settings.base.against.clone() {
        return Some(new(base, None));
    }
    if let Some(base) = settings.config.breaking.against.clone() {
        return Some(new(base, Some("the configuration".to_owned())));
    }
    let ci = settings.base.by_ci.clone()?;
    let (is_branch, is_push, default_branch) = (ci.is_branch, ci.is_push, ci.default_branch);
    Some(Asked { is_by_ci: true, is_branch, is_push, default_branch, ..new(ci.base, Some(ci.by)) })
}

/// Whether this is what CI says where there was no commit before.
fn is_zero(reference: &str) -> bool {
    reference.len() >= 40 && reference.bytes().all(|digit| digit == b'0')
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

fn plain(fault: GitFault) -> Error {
    Error { message: fault.message, help: fault.help }
}

fn failure(settings: &Settings, fault: GitFault, start: &Path, asked: &str) -> Error {
    if fault.kind != GitFaultKind::UnknownReference {
        return plain(fault);
    }
    if asked.contains('#') {
        return as_in_buf(settings, asked);
    }
    if is_set(asked) {
        return no_file(settings, asked, "and no branch, tag or commit has that name");
    }
    let near = || {
        let repository = Repository::find(start).ok().flatten()?;
        let names = repository.reference_names();
        let (prefix, name) = if let Some(name) = asked.strip_prefix(TIP) { (TIP, name) } else { ("", asked) };
        nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{prefix}{near}`?"))
    };
    let near = near();
    Error { help: near.or(fault.help), message: fault.message }
}

/// Whether a name is that of a file, most likely.
fn is_set(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| SETS.iter().any(|known| extension == *known))
}

fn no_file(settings: &Settings, name: &str, more: &str) -> Error {
    let shown = path::shown(Path::new(name));
    let error = Error::new(format!("there is no file `{shown}`, {more}"));
    error.help(format!(
        "create it first: protoc --descriptor_set_out={shown} --include_imports …, or {} --against BRANCH",
        settings.base.command
    ))
}

fn not_on_disk(settings: &Settings, name: &str, releases: Option<&Selected>) -> Error {
    if releases.is_some_and(Selected::are_several) {
        let message = format!("`{name}` selects release tags, and this is not a git repository");
        return Error::new(message).help(format!("{} --against DIRECTORY", settings.base.command));
    }
    if name.contains('#') {
        return as_in_buf(settings, name);
    }
    if is_set(name) {
        return no_file(settings, name, "and this is not a git repository");
    }
    let message = format!("there is no directory `{name}`, and this is not a git repository");
    Error::new(message).help(format!("{} --against DIRECTORY", settings.base.command))
}

/// What `.git#branch=main,subdir=proto` is here, as buf takes it.
fn as_in_buf(settings: &Settings, asked: &str) -> Error {
    let (place, options) = asked.split_once('#').unwrap_or((asked, ""));
    let value = |key: &str| {
        let mut pairs = options.split(',').filter_map(|option| option.split_once('='));
        pairs.find(|(known, _)| *known == key).map(|(_, value)| value).filter(|value| !value.is_empty())
    };
    let reference = ["branch", "tag", "ref", "commit"].into_iter().find_map(value);
    let error =
        Error::new(format!("`{}` is not a base: options after `#` are not supported", path::shown(Path::new(asked))));
    let paths = value("subdir").map(|directory| format!(" {directory}")).unwrap_or_default();
    let is_here = matches!(place.trim_end_matches('/'), "" | "." | ".git" | "./.git") || place.ends_with("../.git");
    let command = settings.base.command;
    match (reference, is_here) {
        (Some(reference), true) if paths.is_empty() => error.help(format!("use --against {reference}")),
        (Some(reference), true) => error.help(format!("use --against {reference}: {command}{paths} --against {reference}")),
        (Some(reference), false) => error.help(format!(
            "use --against {reference} in a clone of it, or fetch it here: git fetch {place} {reference} && {command}{paths} --against FETCH_HEAD"
        )),
        (None, true) => error.help(format!("use --against HEAD: {command}{paths} --against HEAD")),
        (None, false) => error.help(format!("pass a branch, tag, commit, directory or descriptor set: {command} --against BRANCH")),
    }
}
