//! Reads and parses everything a run needs: the files asked about, what stands beside them in their roots, and what
//! they import, wherever that lies. It joins `input` and `schema`; what it cannot read becomes findings.

mod imports;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Finding;
use crate::input::roots::{self, Facts};
use crate::input::walk::{self, Exclude};
use crate::input::{self, Found, InputFault, ReadFault, path};
use crate::rules::compile::{
    COMPILE_EDITION, COMPILE_ENCODING, COMPILE_NESTING, COMPILE_SYNTAX, INPUT_UNREADABLE,
};
use crate::schema::{self, Fault, FaultKind, FilePlace, ParsedFile, Schema};
use crate::source::{FileId, Place, SourceFile, Sources, Span};

/// What to load.
pub(crate) struct Request<'a> {
    /// Files and directories as given; none means `default`.
    pub(crate) paths: &'a [PathBuf],
    /// A text that stands in for the file of that path.
    pub(crate) stdin: Option<(PathBuf, String)>,
    /// The roots of the configuration, absolute; where there are none they are inferred.
    pub(crate) roots: Vec<PathBuf>,
    /// Directories for imports only.
    pub(crate) includes: Vec<PathBuf>,
    pub(crate) exclude: Exclude<'a>,
    /// Called once for each file read.
    pub(crate) progress: &'a (dyn Fn() + Sync),
}

/// Everything that was read.
pub(crate) struct Loaded {
    pub(crate) schema: Schema,
    /// What could not be read or parsed.
    pub(crate) findings: Vec<Finding>,
    /// How many files findings were wanted on, unreadable ones included.
    pub(crate) targets: usize,
    /// For each text, by its index, its absolute path.
    pub(crate) absolute: Vec<PathBuf>,
}

/// Reads, parses and links.
///
/// # Errors
///
/// A path that does not exist or cannot be walked.
pub(crate) fn load(request: &Request<'_>, sources: &mut Sources) -> Result<Loaded, InputFault> {
    let given = given(request)?;
    let mut reader = Reader::new(sources, request);
    let mut batch = reader.read(given.files);
    let roots = if request.roots.is_empty() { infer(&given.asked, &mut batch, &mut reader)? } else { request.roots.clone() };
    reader.keep(batch, &roots);
    let (files, places) = imports::complete(&mut reader, &roots, &request.includes);
    let Reader { findings, targets, absolute, .. } = reader;
    Ok(Loaded { schema: Schema::link(files, places), findings, targets, absolute })
}

/// The files of a request, and what they were given as.
struct Given {
    files: Vec<Found>,
    asked: Vec<Asked>,
}

/// One path of the command line.
enum Asked {
    Directory(PathBuf),
    File(PathBuf),
}

fn given(request: &Request<'_>) -> Result<Given, InputFault> {
    let mut given = Given { files: Vec::new(), asked: Vec::new() };
    if let Some((file, _)) = &request.stdin {
        let absolute = path::absolute(file);
        given.asked.push(Asked::File(absolute.clone()));
        given.files.push(Found { absolute, shown: path::shown(file), target: true });
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
        let absolute = path::absolute(asked);
        let metadata = std::fs::metadata(asked).map_err(|error| cannot_open(asked, &error))?;
        if metadata.is_dir() {
            given.files.extend(walk::protos(asked, &request.exclude, true)?);
            given.asked.push(Asked::Directory(absolute));
        } else if !request.exclude.covers(&absolute) {
            given.files.push(Found { absolute: absolute.clone(), shown: path::shown(asked), target: true });
            given.asked.push(Asked::File(absolute));
        }
    }
    let included = |file: &Found| request.includes.iter().any(|include| file.absolute.starts_with(include));
    let named = |file: &Found| given.asked.iter().any(|asked| matches!(asked, Asked::File(path) if *path == file.absolute));
    given.files = std::mem::take(&mut given.files).into_iter().filter(|file| !included(file) || named(file)).collect();
    if !nothing_given {
        for root in &request.roots {
            given.files.extend(beside(root, &request.exclude)?);
        }
    }
    Ok(given)
}

/// The files of a root that nobody asked about; rules over packages look at them too.
fn beside(root: &Path, exclude: &Exclude<'_>) -> Result<Vec<Found>, InputFault> {
    let mut found = walk::protos(root, exclude, false)?;
    for file in &mut found {
        file.shown = path::shown_from_here(&file.absolute);
    }
    Ok(found)
}

fn cannot_open(asked: &Path, error: &std::io::Error) -> InputFault {
    let message = format!("`{}` cannot be read: {}", path::shown(asked), input::reason(error));
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    InputFault { message, help: missing.then(|| "name a directory or a .proto file that exists".to_owned()) }
}

/// A file that was read, and what came of it.
struct Read {
    found: Found,
    source: SourceFile,
    parsed: Option<ParsedFile>,
    faults: Vec<Fault>,
    unread: Option<ReadFault>,
}

/// A parsed file with where it lies.
struct Kept {
    parsed: ParsedFile,
    absolute: PathBuf,
    target: bool,
    root: usize,
}

/// Reads files once each.
struct Reader<'a> {
    sources: &'a mut Sources,
    request: &'a Request<'a>,
    seen: FxHashSet<PathBuf>,
    kept: Vec<Kept>,
    /// Files that were read but could not be parsed, with the path as shown.
    broken: FxHashMap<PathBuf, String>,
    findings: Vec<Finding>,
    targets: usize,
    absolute: Vec<PathBuf>,
}

impl<'a> Reader<'a> {
    fn new(sources: &'a mut Sources, request: &'a Request<'a>) -> Reader<'a> {
        let absolute = sources.iter().map(|_| PathBuf::new()).collect();
        Reader {
            sources,
            request,
            seen: FxHashSet::default(),
            kept: Vec::new(),
            broken: FxHashMap::default(),
            findings: Vec::new(),
            targets: 0,
            absolute,
        }
    }

    /// Reads and parses in parallel what was not read before; a file asked about twice is read once.
    fn read(&mut self, mut files: Vec<Found>) -> Vec<Read> {
        files.sort_by(|one, other| one.absolute.cmp(&other.absolute).then(other.target.cmp(&one.target)));
        files.retain(|file| self.seen.insert(file.absolute.clone()));
        let (stdin, progress) = (&self.request.stdin, self.request.progress);
        let stdin = stdin.as_ref().map(|(path, text)| (path::absolute(path), text));
        files
            .into_par_iter()
            .map(|found| {
                let text = stdin.as_ref().filter(|(path, _)| *path == found.absolute).map(|(_, text)| (*text).clone());
                let read = read(found, text);
                progress();
                read
            })
            .collect()
    }

    /// Takes files in, each with the root that holds it.
    fn keep(&mut self, batch: Vec<Read>, roots: &[PathBuf]) {
        for read in batch {
            self.keep_one(read, roots);
        }
    }

    fn keep_one(&mut self, read: Read, roots: &[PathBuf]) {
        let Read { found, source, parsed, faults, unread } = read;
        let shown = source.path().to_owned();
        let id = self.sources.add(source);
        self.absolute.push(found.absolute.clone());
        if found.target {
            self.targets += 1;
            self.findings.extend(faults.iter().map(|fault| fault_finding(fault, id)));
            self.findings.extend(unread.map(|fault| unread_finding(&fault, id)));
        }
        match parsed {
            Some(mut parsed) => {
                let (root, directory) = roots::holding(&found.absolute, roots).unwrap_or((0, Path::new("/")));
                let name = path::below(&found.absolute, directory).unwrap_or_else(|| shown.clone());
                parsed.identify(name, Some(id));
                self.kept.push(Kept { parsed, absolute: found.absolute, target: found.target, root });
            }
            None => {
                self.broken.insert(found.absolute, shown);
            }
        }
    }
}

fn read(found: Found, stdin: Option<String>) -> Read {
    let text = stdin.map_or_else(|| input::read(&found.absolute), Ok);
    let (text, unread) = match text {
        Ok(text) => (text, None),
        Err(fault) => match fault {
            ReadFault::NotUtf8 { offset, ref text } => (text.clone(), Some(ReadFault::NotUtf8 { offset, text: String::new() })),
            ReadFault::Unreadable(_) => (String::new(), Some(fault)),
        },
    };
    let source = SourceFile::new(found.shown.clone(), text);
    let (parsed, faults) = if unread.is_some() { (None, Vec::new()) } else { schema::parse(&source) };
    Read { found, source, parsed, faults, unread }
}

fn fault_finding(fault: &Fault, file: FileId) -> Finding {
    let rule = match fault.kind {
        FaultKind::Syntax => &COMPILE_SYNTAX,
        FaultKind::Edition => &COMPILE_EDITION,
        FaultKind::Nesting => &COMPILE_NESTING,
    };
    let mut finding = Finding::error(rule.id, Place { file, span: fault.span }, fault.message.clone());
    finding.help.clone_from(&fault.help);
    match &fault.label {
        Some((span, text)) => finding.label(Place { file, span: *span }, text.clone()),
        None => finding,
    }
}

fn unread_finding(fault: &ReadFault, file: FileId) -> Finding {
    match fault {
        ReadFault::Unreadable(reason) => {
            let place = Place { file, span: Span::new(0, 0) };
            Finding::error(INPUT_UNREADABLE.id, place, format!("the file cannot be read: {reason}"))
        }
        ReadFault::NotUtf8 { offset, .. } => {
            let place = Place { file, span: Span::of(*offset..*offset + 1) };
            let message = format!("the file is not UTF-8: byte {offset} begins no character");
            Finding::error(COMPILE_ENCODING.id, place, message).help("save the file as UTF-8")
        }
    }
}

/// Infers the roots of what was given, and reads what stands beside single files.
fn infer(asked: &[Asked], batch: &mut Vec<Read>, reader: &mut Reader<'_>) -> Result<Vec<PathBuf>, InputFault> {
    let is_built_in = |import: &str| schema::is_built_in(import) || !imports::is_plain(import);
    let mut roots: Vec<PathBuf> = Vec::new();
    let mut directories: Vec<PathBuf> = Vec::new();
    for asked in asked {
        match asked {
            Asked::Directory(directory) => directories.push(directory.clone()),
            Asked::File(file) if directories.iter().any(|directory| file.starts_with(directory)) => {}
            Asked::File(file) => {
                let read = batch.iter().find(|read| read.found.absolute == *file);
                let directory = read.map(|read| roots::of_file(&facts(read), is_built_in));
                directories.extend(directory);
            }
        }
    }
    directories.sort();
    directories.dedup_by(|inner, outer| inner.starts_with(outer.as_path()));
    for directory in directories {
        let walked = asked.iter().any(|asked| matches!(asked, Asked::Directory(path) if *path == directory));
        if !walked {
            batch.extend(reader.read(beside(&directory, &reader.request.exclude)?));
        }
        let below: Vec<Facts<'_>> =
            batch.iter().filter(|read| read.found.absolute.starts_with(&directory)).map(facts).collect();
        roots.extend(roots::infer(&directory, &below, is_built_in));
    }
    Ok(roots)
}

fn facts(read: &Read) -> Facts<'_> {
    let parsed = read.parsed.as_ref();
    Facts {
        path: &read.found.absolute,
        package: parsed.and_then(ParsedFile::package),
        imports: parsed.map(|parsed| parsed.imports().collect()).unwrap_or_default(),
    }
}

/// Files and places in the order that the schema wants.
type Linked = (Vec<ParsedFile>, Vec<FilePlace>);
