//! Reads and parses everything a run needs: the target files, what stands beside them in their roots, and what
//! they import, wherever that lies. It joins files and `schema`; what it cannot read becomes findings.

mod given;
mod imports;
mod infer;
mod read;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Error;
use crate::finding::Finding;
use crate::project::InputFile;
use crate::project::path::PathSet;
use crate::project::roots;
use crate::project::settings::{Includes, StdinText};
use crate::project::view::View;
use crate::project::walk::Exclude;
use crate::schema::{FilePlace, ParsedFile, Schema};
use crate::source::Sources;
pub(crate) use given::LeftOut;
use infer::Roots;
pub(super) use read::fault_finding;
use read::{Read, Reader};

/// What to load.
pub(crate) struct Request<'a> {
    /// Files and directories as given; none means `default`.
    pub(crate) paths: &'a [PathBuf],
    /// A text that stands in for a file.
    pub(crate) stdin: Option<StdinText>,
    /// The roots of the configuration, absolute; where there are none they are inferred.
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) includes: Includes,
    /// The directory that is the top of what it holds, whatever lies above.
    pub(crate) project: Option<PathBuf>,
    pub(crate) exclude: Exclude<'a>,
    /// Where files are read from.
    pub(crate) view: View<'a>,
    /// The absolute paths of files that are not target files after all, and only read where they are imported.
    pub(crate) skip: Option<&'a PathSet>,
    /// Says of a path that is not there whether that is as it may be.
    pub(crate) may_lack: Option<&'a (dyn Fn(&Path) -> bool + Sync)>,
    /// Called once for each file read.
    pub(crate) progress: &'a (dyn Fn() + Sync),
}

/// Everything that was read, linked.
pub(crate) struct Loaded {
    pub(crate) schema: Schema,
    /// What was parsed, and where it belongs; side by side, as the schema has it.
    pub(super) files: Vec<ParsedFile>,
    pub(super) places: Vec<FilePlace>,
    /// What could not be read or parsed.
    pub(crate) findings: Vec<Finding>,
    /// How many files findings were wanted on, unreadable ones included.
    pub(crate) targets: usize,
    /// What was given and is not looked at.
    pub(crate) left_out: Vec<LeftOut>,
    /// For each text, by its index, its absolute path; empty for what is no schema.
    pub(crate) absolute: Arc<Vec<PathBuf>>,
    /// The directories that imports count from, absolute; files name theirs by its index.
    pub(crate) roots: Vec<PathBuf>,
    /// Target files that are not read, as others hold the same; absolute.
    pub(crate) unread: Vec<PathBuf>,
}

/// Reads, parses and links; what is as in the schema `before` is taken from that.
///
/// # Errors
///
/// A path that does not exist or cannot be walked, if it is the only one.
pub(crate) fn load(request: &Request<'_>, before: &Schema, sources: &mut Sources) -> Result<Loaded, Error> {
    Ok(read(request, sources)?.link_after(before))
}

/// Reads and parses.
///
/// # Errors
///
/// As those of [`load`].
pub(crate) fn read(request: &Request<'_>, sources: &mut Sources) -> Result<Complete, Error> {
    Ok(start(request)?.finish(&[], FxHashSet::default(), AlreadyRead::default(), sources))
}

/// The target files, sorted by path, each once; and what was given and is not looked at.
///
/// # Errors
///
/// As those of [`load`].
pub(crate) fn target_files(request: &Request<'_>) -> Result<(Vec<InputFile>, Vec<LeftOut>), Error> {
    let mut given = given::resolve(request)?;
    given.files.retain(|file| file.target);
    given.files.sort_by(|one, other| one.absolute.cmp(&other.absolute));
    given.files.dedup_by(|one, other| one.absolute == other.absolute);
    Ok((given.files, given.left_out))
}

/// Starts the threads that files are read by. Where the system grants none, this one does their work.
pub(crate) fn threads() {
    if rayon::ThreadPoolBuilder::new().build_global().is_err() {
        // Fails where there are some already, and then nothing is missing.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    }
}

/// Files that need not be read, as others hold the same: by absolute path what was read of these.
pub(crate) type AlreadyRead = FxHashMap<PathBuf, ParsedFile>;

/// The target files, read and parsed, before anything they import.
pub(crate) struct Started<'a> {
    reader: Reader<'a>,
    batch: Vec<Read>,
    roots: Roots,
    left_out: Vec<LeftOut>,
}

/// Reads and parses the target files.
///
/// # Errors
///
/// A path that does not exist or cannot be walked, if it is the only one.
pub(crate) fn start<'a>(request: &'a Request<'a>) -> Result<Started<'a>, Error> {
    let mut given = given::resolve(request)?;
    let mut reader = Reader::new(request);
    let files = reader.wanted(std::mem::take(&mut given.files));
    let mut batch = reader.read(files);
    let roots = if request.roots.is_empty() {
        infer::roots(&given, &mut batch, &mut reader)
    } else {
        Roots::configured(request)
    };
    Ok(Started { reader, batch, roots, left_out: given.left_out })
}

/// How many files are read at once in search of something.
const CHUNK: usize = 256;

impl Started<'_> {
    /// The directories that imports count from, absolute.
    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots.directories
    }

    /// The same with others that are none of them yet.
    pub(crate) fn roots_with(&self, more: &[PathBuf]) -> Vec<PathBuf> {
        let known: FxHashSet<&PathBuf> = self.roots().iter().collect();
        self.roots().iter().chain(more.iter().filter(|root| !known.contains(root))).cloned().collect()
    }

    /// The packages of the target files that were read, with the indexes of their roots.
    pub(crate) fn packages(&self, roots: &[PathBuf]) -> FxHashSet<(u32, &str)> {
        let holders = roots::Holders::of(roots);
        let asked = self.batch.iter().filter(|read| read.found.target);
        let root = |read: &Read| holders.holding(&read.found.absolute).map(|(root, _)| root as u32);
        asked.filter_map(|read| Some((root(read)?, read.parsed.as_ref()?.package().unwrap_or_default()))).collect()
    }

    /// Those of `packages` of files that need not be read otherwise.
    pub(crate) fn unread_in(&self, packages: &FxHashSet<(u32, &str)>, roots: &[PathBuf]) -> FxHashSet<(u32, String)> {
        let (view, mut found) = (self.reader.request.view, FxHashSet::default());
        let holders = roots::Holders::of(roots);
        let own: FxHashSet<&Path> = self.batch.iter().filter_map(|read| read.found.absolute.parent()).collect();
        let wanted_roots: FxHashSet<u32> = packages.iter().map(|(root, _)| *root).collect();
        let root = |path: &Path| holders.holding(path).map(|(root, _)| root as u32);
        let unread = self.reader.unread.iter().filter_map(|path| Some((root(path)?, path)));
        let mut unread: Vec<(u32, &PathBuf)> = unread.filter(|(root, _)| wanted_roots.contains(root)).collect();
        // Most likely beside what was read.
        unread.sort_by_key(|(_, path)| !path.parent().is_some_and(|parent| own.contains(parent)));
        for files in unread.chunks(CHUNK) {
            if found.len() == packages.len() {
                break;
            }
            let package = |(root, path): &(u32, &PathBuf)| Some((*root, read::package(path, view)?));
            let is_wanted = |(root, package): &(u32, String)| packages.contains(&(*root, package.as_str()));
            found.par_extend(files.par_iter().filter_map(package).filter(is_wanted));
        }
        found
    }

    /// The files that cannot be read, or not without faults: absolute paths.
    pub(crate) fn unparsed(&self) -> impl Iterator<Item = &Path> {
        let is_unparsed = |read: &&Read| read.parsed.as_ref().is_none_or(ParsedFile::has_faults);
        self.batch.iter().filter(is_unparsed).map(|read| read.found.absolute.as_path())
    }

    /// What the files of a descriptor set import that is none of them.
    pub(crate) fn lacking(&self) -> FxHashSet<&str> {
        let parsed = || self.batch.iter().filter_map(|read| read.parsed.as_ref());
        let own: FxHashSet<&str> = parsed().map(ParsedFile::name).collect();
        parsed().flat_map(ParsedFile::imports).filter(|import| !own.contains(import)).collect()
    }

    /// Whether a file was read and is a target file.
    pub(crate) fn is_target(&self, file: &Path) -> bool {
        let at = self.batch.binary_search_by(|read| read.found.absolute.as_path().cmp(file));
        at.is_ok_and(|at| self.batch[at].found.target)
    }

    /// The files that a file of the other side may have been: the one at `path`, or else those of its name in any root.
    pub(crate) fn formerly(&self, path: PathBuf, name: Option<&str>) -> Vec<PathBuf> {
        if self.reader.request.view.is_file(&path) {
            return vec![path];
        }
        let has_name = |file: &&PathBuf| name.is_some_and(|name| file.ends_with(name));
        self.batch.iter().map(|read| &read.found.absolute).filter(has_name).cloned().collect()
    }

    /// Reads what is imported, unless it is among what was `read`. Imports count from `more` roots too. The files
    /// `unpaired` are not compared.
    pub(crate) fn finish(
        self,
        more: &[PathBuf],
        unpaired: FxHashSet<PathBuf>,
        read: AlreadyRead,
        sources: &mut Sources,
    ) -> Complete {
        let Started { mut reader, mut batch, mut roots, left_out } = self;
        (reader.unpaired, reader.already) = (unpaired, read);
        roots.add(more);
        let holders = roots::Holders::of(&roots.directories);
        if roots.are_inferred() && reader.request.skip.is_none() {
            infer::leave_unrelated(&mut batch, &holders, &mut reader);
        }
        reader.keep(batch, &holders, sources);
        let directories: Vec<PathBuf> =
            roots.directories.iter().chain(reader.request.includes.all()).cloned().collect();
        let (files, mut places) = imports::complete(&mut reader, &directories, sources);
        for place in &mut places {
            place.inferred_root = roots.shown(place.root);
        }
        let Reader { findings, targets, places: read, unread, .. } = reader;
        let mut absolute = vec![PathBuf::new(); sources.len()];
        for (file, path) in read {
            absolute[file.index()] = path;
        }
        let roots = roots.directories;
        Complete { files, places, findings, targets, left_out, absolute, roots, unread }
    }
}

/// Everything that was read, with what it imports, not linked yet.
#[derive(Clone)]
pub(crate) struct Complete {
    pub(super) files: Vec<ParsedFile>,
    pub(super) places: Vec<FilePlace>,
    pub(super) findings: Vec<Finding>,
    pub(super) targets: usize,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) absolute: Vec<PathBuf>,
    roots: Vec<PathBuf>,
    unread: Vec<PathBuf>,
}

impl Complete {
    /// What it read, with the absolute paths.
    pub(crate) fn read(&self) -> impl Iterator<Item = (&Path, &ParsedFile)> {
        self.files.iter().filter_map(|file| Some((self.absolute[file.source()?.index()].as_path(), file)))
    }

    /// Links the files.
    pub(crate) fn link(self) -> Loaded {
        self.link_after(&Schema::default())
    }

    /// Links the files, some of which may be those of a schema that was linked before.
    pub(crate) fn link_after(self, before: &Schema) -> Loaded {
        let Complete { files, places, findings, targets, left_out, absolute, roots, unread } = self;
        let schema = before.relink(files.clone(), places.clone());
        let absolute = Arc::new(absolute);
        Loaded { schema, files, places, findings, targets, left_out, absolute, roots, unread }
    }
}

/// Files and places in the order that the schema wants.
type Linked = (Vec<ParsedFile>, Vec<FilePlace>);

/// A file that is not a target file.
fn unasked(absolute: &Path, view: View<'_>) -> InputFile {
    let shown = view.shown_from_here(absolute);
    InputFile { shown, absolute: absolute.to_owned(), target: false, is_regular: false }
}
