//! Reads and parses files, each once, and reports what is wrong with those that cannot be read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{AlreadyRead, Request};
use crate::finding::{Edit, Finding, Fix};
use crate::project::path::{self, PathSet};
use crate::project::roots::Holders;
use crate::project::view::{KnownFile, View};
use crate::project::{self, InputFile, ReadFault};
use crate::rules::compile::{COMPILE_EDITION, COMPILE_ENCODING, COMPILE_NESTING, COMPILE_SYNTAX, INPUT_UNREADABLE};
use crate::schema::{self, Fault, FaultKind, ParsedFile};
use crate::source::{FILES_OF_A_TASK, FileId, Place, SourceFile, Sources, Span};

/// A file that was read, and what came of it.
pub(super) struct Read {
    pub(super) found: InputFile,
    source: Arc<SourceFile>,
    /// The text, where it is among those of the run already.
    id: Option<FileId>,
    pub(super) parsed: Option<ParsedFile>,
    faults: Vec<Fault>,
    unread: Option<ReadFault>,
}

/// A parsed file with where it lies.
pub(super) struct Kept {
    pub(super) parsed: ParsedFile,
    pub(super) target: bool,
    pub(super) root: usize,
}

/// Reads files once each.
pub(super) struct Reader<'a> {
    pub(super) request: &'a Request<'a>,
    seen: PathSet,
    pub(super) kept: Vec<Kept>,
    /// Files that were read but could not be parsed, with the path as shown.
    pub(super) broken: FxHashMap<PathBuf, String>,
    pub(super) findings: Vec<Finding>,
    pub(super) targets: usize,
    /// The absolute path of each text.
    pub(super) places: Vec<(FileId, PathBuf)>,
    /// Files that need not be read, absolute.
    pub(super) unread: Vec<PathBuf>,
    /// What need not be read.
    pub(super) already: AlreadyRead,
    /// Files that are not compared, as what they are on the other side is not known: their absolute paths.
    pub(super) unpaired: FxHashSet<PathBuf>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(request: &'a Request<'a>) -> Reader<'a> {
        Reader {
            request,
            seen: PathSet::default(),
            kept: Vec::new(),
            broken: FxHashMap::default(),
            findings: Vec::new(),
            targets: 0,
            places: Vec::new(),
            unread: Vec::new(),
            already: AlreadyRead::default(),
            unpaired: FxHashSet::default(),
        }
    }

    /// The files that are worth reading; the others are noted.
    pub(super) fn wanted(&mut self, files: Vec<InputFile>) -> Vec<InputFile> {
        let Some(skip) = self.request.skip else { return files };
        let (wanted, rest): (Vec<InputFile>, Vec<InputFile>) =
            files.into_iter().partition(|file| !skip.contains(&file.absolute));
        self.targets += rest.iter().filter(|file| file.target).count();
        self.unread.extend(rest.into_iter().map(|file| file.absolute));
        wanted
    }

    /// Reads and parses in parallel what was not read before, sorted by path; a target file named twice is read once.
    pub(super) fn read(&mut self, mut files: Vec<InputFile>) -> Vec<Read> {
        files.sort_by(|one, other| one.absolute.cmp(&other.absolute).then(other.target.cmp(&one.target)));
        files.retain(|file| self.seen.insert(file.absolute.clone()));
        let Request { stdin, progress, view, .. } = self.request;
        let stdin = stdin.as_ref().map(|stdin| (path::absolute(&stdin.path), &stdin.bytes));
        files
            .into_par_iter()
            .with_max_len(FILES_OF_A_TASK)
            .map(|found| {
                let given = stdin.as_ref().filter(|(path, _)| *path == found.absolute);
                let read = read(found, given.map(|(_, bytes)| (*bytes).clone()), *view);
                progress();
                read
            })
            .collect()
    }

    /// Reads what is imported, each file with the root that holds it.
    pub(super) fn import(&mut self, mut files: Vec<InputFile>, roots: &Holders, sources: &mut Sources) {
        files.retain(|file| !self.keep_already(&file.absolute, roots));
        let batch = self.read(files);
        self.keep(batch, roots, sources);
    }

    /// Takes a file as one that was not read.
    pub(super) fn forget(&mut self, file: &Path) {
        self.seen.remove(file);
    }

    /// The path of a file that was read by another one, as links are on the way to it.
    pub(super) fn seen_behind_links(&self, file: &Path, holders: &Holders) -> Option<PathBuf> {
        if self.seen.contains(file) {
            return None;
        }
        let (_, directory) = holders.holding(file)?;
        self.request.view.behind_links(file, directory).filter(|real| self.seen.contains(real))
    }

    /// Takes in a file that need not be read, if it is one, and has the same name here as there.
    fn keep_already(&mut self, file: &Path, roots: &Holders) -> bool {
        let (Some(parsed), Some((root, directory))) = (self.already.get(file), roots.holding(file)) else {
            return false;
        };
        if path::below(file, directory).is_none_or(|name| name != parsed.name()) {
            return false;
        }
        if self.seen.insert(file.to_owned()) {
            self.kept.push(Kept { parsed: parsed.clone(), target: false, root });
        }
        true
    }

    /// Takes files in, each with the root that holds it.
    pub(super) fn keep(&mut self, batch: Vec<Read>, roots: &Holders, sources: &mut Sources) {
        let place = |read: &Read| {
            let (root, directory) = roots.holding(&read.found.absolute)?;
            Some((root, path::below(&read.found.absolute, directory)?))
        };
        let places: Vec<Option<(usize, String)>> = batch.par_iter().map(place).collect();
        for (read, place) in batch.into_iter().zip(places) {
            self.keep_one(read, place, sources);
        }
    }

    /// Takes in a file that has a name in a root, if it lies in one.
    fn keep_one(&mut self, read: Read, place: Option<(usize, String)>, sources: &mut Sources) {
        let Read { found, source, id, parsed, faults, unread } = read;
        let shown = source.path().to_owned();
        let id = id.unwrap_or_else(|| sources.share(source));
        self.places.push((id, found.absolute.clone()));
        if found.target {
            self.targets += 1;
            self.findings.extend(faults.iter().map(|fault| fault_finding(fault, id)));
            self.findings.extend(unread.map(|fault| unread_finding(&fault, id, sources.get(id).text())));
        }
        match parsed {
            Some(mut parsed) => {
                let (root, name) = place.unwrap_or_else(|| (0, shown.clone()));
                parsed.identify(name, Some(id));
                let target = found.target && !self.unpaired.contains(&found.absolute);
                self.kept.push(Kept { parsed, target, root });
            }
            None => {
                self.broken.insert(found.absolute, shown);
            }
        }
    }
}

fn read(found: InputFile, given: Option<Vec<u8>>, view: View<'_>) -> Read {
    if let (None, Some(described)) = (&given, view.described(&found.absolute)) {
        let source = SourceFile::without_text(found.shown.clone(), described.positions.clone());
        let (source, parsed) = (labelled(source, &found, view), Some(described.parsed.clone()));
        return Read { found, source: Arc::new(source), id: None, parsed, faults: Vec::new(), unread: None };
    }
    let is_it = |known: &&KnownFile| {
        known.source.path() == found.shown
            && (known.id.is_some() || known.source.revision() == view.label_of(&found.absolute))
    };
    if let (None, Some(known)) = (&given, view.known(&found.absolute).filter(is_it)) {
        let (source, parsed) = (Arc::clone(&known.source), Some(known.parsed.clone()));
        return Read { found, source, id: known.id, parsed, faults: Vec::new(), unread: None };
    }
    let text = given.map_or_else(|| view.read_found(&found), project::decode);
    let (text, unread) = match text {
        Ok(text) => (text, None),
        Err(ReadFault::NotUtf8 { offset, text, encoding }) => {
            (text, Some(ReadFault::NotUtf8 { offset, text: String::new(), encoding }))
        }
        Err(fault) => (String::new(), Some(fault)),
    };
    let source = labelled(SourceFile::new(found.shown.clone(), text), &found, view);
    let (parsed, faults) = match unread {
        Some(_) => (None, Vec::new()),
        None => {
            let (parsed, faults) = schema::parse(&source);
            (Some(parsed), faults)
        }
    };
    Read { found, source: Arc::new(source), id: None, parsed, faults, unread }
}

fn labelled(source: SourceFile, found: &InputFile, view: View<'_>) -> SourceFile {
    match view.label_of(&found.absolute) {
        Some(label) => source.of_revision(label),
        None => source,
    }
}

/// The package of a file that need not be parsed.
pub(super) fn package(absolute: &Path, view: View<'_>) -> Option<String> {
    if let Some(described) = view.described(absolute) {
        return Some(described.parsed.package().unwrap_or_default().to_owned());
    }
    Some(schema::package(&view.read(absolute).ok()?))
}

/// What is reported of a fault in a text.
pub(in crate::project) fn fault_finding(fault: &Fault, file: FileId) -> Finding {
    let rule = match fault.kind {
        FaultKind::Syntax => &COMPILE_SYNTAX,
        FaultKind::Edition => &COMPILE_EDITION,
        FaultKind::Nesting => &COMPILE_NESTING,
    };
    let mut finding = Finding::error(rule.id, Place { file, span: fault.span }, fault.message.clone());
    finding.help.clone_from(&fault.help);
    finding.fix = fault.repair.as_ref().map(|repair| {
        let place = Place { file, span: repair.span };
        Box::new(Fix::Edits(vec![Edit { place, text: repair.text.clone() }]))
    });
    match &fault.label {
        Some((span, text)) => finding.label(Place { file, span: *span }, text.clone()),
        None => finding,
    }
}

/// What is reported of a file that cannot be read, or of which `text` is what could be made of it.
fn unread_finding(fault: &ReadFault, file: FileId, text: &str) -> Finding {
    match fault {
        ReadFault::Unreadable(message) => {
            let place = Place { file, span: Span::new(0, 0) };
            Finding::error(INPUT_UNREADABLE.id, place, message.clone())
                .help("make it readable, or add it to `exclude:` in protolint.yaml")
        }
        ReadFault::LeadsOut(target) => {
            let place = Place { file, span: Span::new(0, 0) };
            let target = path::shown(target);
            let message = format!("the directory is a link to `{target}`, outside of the repository, and is skipped");
            Finding::warning(INPUT_UNREADABLE.id, place, message)
                .help("add it to `exclude:` in protolint.yaml, or check its target as a separate path")
        }
        ReadFault::NotUtf8 { offset, encoding, .. } => {
            // The text has another character where the bytes had none.
            let length = text.get(*offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            let place = Place { file, span: Span::of(*offset..*offset + length) };
            let message = match encoding {
                Some(encoding) => format!("the file is {encoding}, not UTF-8"),
                None => format!("the file is not UTF-8: invalid byte at offset {offset}"),
            };
            Finding::error(COMPILE_ENCODING.id, place, message).help("save the file as UTF-8")
        }
    }
}
