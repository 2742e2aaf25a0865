//! From the paths of a request to the files they mean. It reads no file, but lists directories.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Request, unasked};
use crate::error::Error;
use crate::project::roots::Holders;
use crate::project::settings::StdinText;
use crate::project::view::{Kind, View};
use crate::project::{InputFile, path};
use crate::source;

/// The files of a request, and what they were given as.
#[derive(Default)]
pub(super) struct ResolvedPaths {
    pub(super) files: Vec<InputFile>,
    /// The directories given, absolute.
    pub(super) directories: Vec<PathBuf>,
    /// The files given by their own names, absolute.
    pub(super) single: Vec<PathBuf>,
    /// Tops of repositories below the directories.
    pub(super) repositories: Vec<PathBuf>,
    /// Where the links lead that were followed.
    pub(super) behind_links: Vec<PathBuf>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A path that was given and is not looked at, as the user gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) path: String,
    /// Whether it lies in a directory that only supplies imports, and not outside of all roots.
    pub(crate) is_included: bool,
}

/// Finds the files of a request, and those beside them in the roots of the configuration.
pub(super) fn resolve(request: &Request<'_>) -> Result<ResolvedPaths, Error> {
    let mut given = ResolvedPaths::default();
    let scope = Scope::new(request);
    if let Some(StdinText { path: file, .. }) = &request.stdin {
        let absolute = path::absolute(file);
        // A text that is no file yet belongs nowhere else.
        match scope.outside(&absolute).filter(|_| request.view.is_file(&absolute)) {
            Some(is_included) => given.left_out.push(LeftOut { path: path::shown(file), is_included }),
            None => given.file(file, absolute, request.view),
        }
    }
    let here = [PathBuf::from(".")];
    let nothing_given = request.paths.is_empty() && request.stdin.is_none();
    let roots: Vec<PathBuf> = request.roots.iter().map(|root| PathBuf::from(path::shown_from_here(root))).collect();
    let paths = match (nothing_given, roots.is_empty()) {
        (true, true) => &here[..],
        (true, false) => &roots,
        (false, _) => request.paths,
    };
    let mut links = Vec::new();
    for asked in paths {
        given.path(asked, request, &scope, &mut links)?;
    }
    if nothing_given {
        // Below a root that is named by the way up to it, the shortest path is another one.
        for file in given.files.iter_mut().filter(|file| file.shown.starts_with("../")) {
            file.shown = request.view.shown_from_here(&file.absolute);
        }
    }
    let Links { skipped, behind } = Links::new(links, &given.directories);
    given.files.retain(|file| !file.absolute.ancestors().any(|above| skipped.contains(above)));
    given.behind_links = behind;
    if !nothing_given {
        for root in &request.roots {
            let beside = beside(root, request)?.into_iter();
            given.files.extend(beside.filter(|file| scope.outside(&file.absolute).is_none()));
        }
    }
    Ok(given)
}

impl ResolvedPaths {
    /// Takes in one path. One of several that cannot be read is reported like a file of that name that cannot, so that
    /// it hides nothing of the others.
    fn path(
        &mut self,
        asked: &Path,
        request: &Request<'_>,
        scope: &Scope<'_>,
        links: &mut Vec<(PathBuf, PathBuf)>,
    ) -> Result<(), Error> {
        let absolute = path::absolute(asked);
        let is_alone = request.paths.len() < 2;
        let fault = match request.view.kind(asked) {
            Ok(Kind::NotYet) => return Ok(()),
            Ok(Kind::Directory) => match request.view.protos(asked, &request.exclude, true) {
                Ok(found) => {
                    self.repositories.extend(found.repositories);
                    links.extend(found.links);
                    self.directory(asked, absolute, found.files, scope);
                    return Ok(());
                }
                Err(fault) => fault,
            },
            Err(_) if request.may_lack.is_some_and(|may_lack| may_lack(asked)) => return Ok(()),
            Err(error) if is_alone => cannot_open(asked, &error),
            _ => {
                if !request.exclude.covers(&absolute) {
                    match scope.outside(&absolute) {
                        Some(is_included) => self.left_out.push(LeftOut { path: path::shown(asked), is_included }),
                        None => self.file(asked, absolute, request.view),
                    }
                }
                return Ok(());
            }
        };
        if is_alone {
            return Err(fault);
        }
        self.file(asked, absolute, request.view);
        Ok(())
    }

    /// Takes in a directory with what was found there. What lies in no root is left out; that is said where nothing
    /// else was found.
    fn directory(&mut self, asked: &Path, absolute: PathBuf, found: Vec<InputFile>, scope: &Scope<'_>) {
        let (mut is_included, mut is_empty) = (None, true);
        for file in found {
            match scope.outside_in(&file.absolute, &absolute) {
                Some(fault) => is_included = Some(fault),
                None => {
                    is_empty = false;
                    self.files.push(file);
                }
            }
        }
        if let Some(is_included) = is_included.filter(|_| is_empty) {
            self.left_out.push(LeftOut { path: path::shown(asked), is_included });
        }
        self.directories.push(absolute);
    }

    fn file(&mut self, asked: &Path, absolute: PathBuf, view: View<'_>) {
        let shown = view.shown_in_snapshot(&absolute).unwrap_or_else(|| path::shown(asked));
        self.single.push(absolute.clone());
        self.files.push(InputFile { absolute, shown, target: true, is_regular: false });
    }
}

/// What a request is about: the roots of the configuration, without what only supplies imports.
struct Scope<'r> {
    request: &'r Request<'r>,
    /// The roots first.
    holders: Holders,
    directories: usize,
}

impl<'r> Scope<'r> {
    fn new(request: &'r Request<'r>) -> Scope<'r> {
        let includes = &request.includes;
        // Where a configuration names its own directory for imports, that leaves nothing out.
        let configured = includes.configured.iter().filter(|include| !request.exclude.directory.starts_with(include));
        let holders = Holders::of(request.roots.iter().chain(configured));
        Scope { request, holders, directories: request.roots.len() }
    }

    /// Why a file is not looked at that was named: because it lies in an include (`true`), or in no root (`false`).
    fn outside(&self, file: &Path) -> Option<bool> {
        match self.holders.holding(file) {
            Some((at, _)) if at < self.directories => None,
            Some(_) => Some(true),
            None => Some(false).filter(|_| self.directories > 0),
        }
    }

    /// The same of a file that was found in a directory.
    fn outside_in(&self, file: &Path, directory: &Path) -> Option<bool> {
        let given = &self.request.includes.given;
        let is_within = |include: &Path| include.starts_with(directory) && include != directory;
        if given.iter().any(|include| file.starts_with(include) && is_within(include)) {
            return Some(true);
        }
        self.outside(file)
    }
}

/// The links that were followed from several directories.
struct Links {
    /// Those that lead into another directory that is walked.
    skipped: FxHashSet<PathBuf>,
    /// Where the others lead.
    behind: Vec<PathBuf>,
}

impl Links {
    fn new(links: Vec<(PathBuf, PathBuf)>, walked: &[PathBuf]) -> Links {
        let walked: FxHashSet<&Path> = walked.iter().map(PathBuf::as_path).collect();
        let is_walked = |target: &Path| target.ancestors().any(|above| walked.contains(above));
        let (skipped, behind): (Vec<_>, Vec<_>) = links.into_iter().partition(|(_, target)| is_walked(target));
        Links {
            skipped: skipped.into_iter().map(|(link, _)| link).collect(),
            behind: behind.into_iter().map(|(_, target)| target).collect(),
        }
    }
}

/// The files of a root that are not target files; rules over packages look at them too.
pub(super) fn beside(root: &Path, request: &Request<'_>) -> Result<Vec<InputFile>, Error> {
    let found = request.view.protos(root, &request.exclude, false)?;
    Ok(found.files.into_iter().map(|file| unasked(&file.absolute, request.view)).collect())
}

fn cannot_open(asked: &Path, error: &std::io::Error) -> Error {
    let message = format!("`{}` cannot be read: {}", path::shown(asked), source::reason(error));
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let error = Error::new(message);
    if missing { error.help("pass an existing directory or .proto file") } else { error }
}
