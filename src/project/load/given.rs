//! From the paths of a request to the files they mean. It reads no file, but lists directories.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Request, unasked};
use crate::error::Error;
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
}

/// Finds the files of a request, and those beside them in the roots of the configuration.
pub(super) fn resolve(request: &Request<'_>) -> Result<ResolvedPaths, Error> {
    let mut given = ResolvedPaths::default();
    if let Some(StdinText { path: file, .. }) = &request.stdin {
        given.file(file, path::absolute(file), request.view);
    }
    let here = [PathBuf::from(".")];
    let nothing_given = request.paths.is_empty() && request.stdin.is_none();
    let roots: Vec<PathBuf> = request.roots.iter().map(|root| PathBuf::from(path::shown_from_here(root))).collect();
    let paths = match (nothing_given, roots.is_empty()) {
        (true, true) => &here[..],
        (true, false) => &roots,
        (false, _) => request.paths,
    };
    for asked in paths {
        given.path(asked, request)?;
    }
    if !request.includes.is_empty() {
        let named: FxHashSet<&Path> = given.single.iter().map(PathBuf::as_path).collect();
        let included = |file: &InputFile| request.includes.iter().any(|include| file.absolute.starts_with(include));
        given.files.retain(|file| named.contains(file.absolute.as_path()) || !included(file));
    }
    if !nothing_given {
        for root in &request.roots {
            given.files.extend(beside(root, request)?);
        }
    }
    Ok(given)
}

impl ResolvedPaths {
    /// Takes in one path. One of several that cannot be read is told like a file of that name that cannot, so that it
    /// hides nothing of the others.
    fn path(&mut self, asked: &Path, request: &Request<'_>) -> Result<(), Error> {
        let absolute = path::absolute(asked);
        let is_alone = request.paths.len() < 2;
        let fault = match request.view.kind(asked) {
            Ok(Kind::NotYet) => return Ok(()),
            Ok(Kind::Directory) => match request.view.protos(asked, &request.exclude, true) {
                Ok(files) => {
                    self.files.extend(files);
                    self.directories.push(absolute);
                    return Ok(());
                }
                Err(fault) => fault,
            },
            Err(_) if request.may_lack.is_some_and(|may_lack| may_lack(asked)) => return Ok(()),
            Err(error) if is_alone => cannot_open(asked, &error),
            _ => {
                if !request.exclude.covers(&absolute) {
                    self.file(asked, absolute, request.view);
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

    fn file(&mut self, asked: &Path, absolute: PathBuf, view: View<'_>) {
        let shown = view.shown_in_snapshot(&absolute).unwrap_or_else(|| path::shown(asked));
        self.single.push(absolute.clone());
        self.files.push(InputFile { absolute, shown, target: true });
    }
}

/// The files of a root that nobody asked about; rules over packages look at them too.
pub(super) fn beside(root: &Path, request: &Request<'_>) -> Result<Vec<InputFile>, Error> {
    let found = request.view.protos(root, &request.exclude, false)?;
    Ok(found.into_iter().map(|file| unasked(&file.absolute, request.view)).collect())
}

fn cannot_open(asked: &Path, error: &std::io::Error) -> Error {
    let message = format!("`{}` cannot be read: {}", path::shown(asked), source::reason(error));
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let error = Error::new(message);
    if missing { error.help("name a directory or a .proto file that exists") } else { error }
}
