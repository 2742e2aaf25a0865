//! Reads one file: the only place that knows the parser. Faults come back with places in the user's own text.

mod builtin;
mod default;
mod empty;
mod limits;
mod restore;

use std::sync::{Arc, OnceLock};

use miette::Diagnostic;
use protox::file::{File, FileResolver, GoogleFileResolver};

use super::comment;
use super::data::FileData;
use super::lower::{TextMap, lower};
pub(crate) use super::prepare::FaultKind;
use super::prepare::{self, Prepared};
use super::search;
pub(super) use builtin::WELL_KNOWN;
pub(crate) use builtin::is_built_in;

use crate::source::{FileId, SourceFile, Span, line_starts};

/// A file that could be read. A copy shares what was read.
#[derive(Clone)]
pub(crate) struct ParsedFile {
    pub(super) data: Arc<FileData>,
}

impl ParsedFile {
    /// The paths it imports, as written.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &str> {
        self.data.imports.iter().map(|import| self.data.text(import.path))
    }

    /// Its package; `None` without a `package` statement.
    pub(crate) fn package(&self) -> Option<&str> {
        self.data.package.map(|package| self.data.text(package))
    }

    /// Gives it the name that imports use and the text that findings show.
    pub(crate) fn identify(&mut self, name: String, source: Option<FileId>) {
        let data = Arc::get_mut(&mut self.data).expect("a file has its name before it is shared");
        data.name = name;
        data.source = source;
    }

    /// The text that findings show, if there is one.
    pub(crate) fn source(&self) -> Option<FileId> {
        self.data.source
    }

    /// The path relative to its root.
    pub(crate) fn name(&self) -> &str {
        &self.data.name
    }
}

/// Something in a text that cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// A second place, and what is there.
    pub(crate) label: Option<(Span, String)>,
}

/// Parses a text. There is no file where the parser cannot make sense of it, and there may be faults beside a file.
pub(crate) fn parse(source: &SourceFile) -> (Option<ParsedFile>, Vec<Fault>) {
    let mut prepared = prepare::prepare(source.text());
    if !prepared.is_parsable() {
        return (None, prepared.faults.iter().map(fault_of).collect());
    }
    let mut parsed = from_source(source.path(), &prepared.text);
    if parsed.is_err()
        && let Some(second) = prepared.retry()
    {
        parsed = from_source(source.path(), &second.text);
        prepared = second;
    }
    let mut faults: Vec<Fault> = prepared.faults.iter().map(fault_of).collect();
    match parsed {
        Ok(file) => {
            let mut data = convert(file.into(), source, &prepared, &mut faults);
            data.directives = comment::directives(source.text());
            data.hot = comment::hot(&data.directives);
            faults.extend(empty::statements(&data, source.text()));
            faults.extend(nul_in_comment(source.text()));
            match limits::exceeded(&data) {
                Some(fault) => (None, vec![fault]),
                None => (Some(ParsedFile { data: Arc::new(data) }), faults),
            }
        }
        Err(refused) => {
            parser_faults(&refused, source, &prepared, &mut faults);
            faults.sort_by_key(|fault| fault.span);
            (None, faults)
        }
    }
}

/// Why the parser gave no file.
struct Refused {
    /// The first fault, with the others as related ones.
    error: protox::Error,
    /// Whether only a part from the start of the text was looked at, as that alone has more faults than are told.
    is_part: bool,
}

/// Texts of up to so many bytes are given to the parser at once.
const WHOLE: usize = 1 << 22;

/// More faults than cutting a text anywhere can cause.
const CAUSED_BY_CUT: usize = 100;

/// Runs the parser, which holds every fault until the end, each in a hundred times the bytes it is about. Of a large text
/// parts from the start come first, each twice as long as the one before, so that the memory is not filled with faults
/// that nobody gets to see.
fn from_source(name: &str, text: &str) -> Result<File, Refused> {
    let mut part = WHOLE;
    while part < text.len() {
        let end = (0..=part).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
        if let Err(error) = File::from_source(name, &text[..end])
            && error.related().into_iter().flatten().count() > MOST_FAULTS + CAUSED_BY_CUT
        {
            return Err(Refused { error, is_part: true });
        }
        part = part.saturating_mul(2);
    }
    File::from_source(name, text).map_err(|error| Refused { error, is_part: false })
}

/// Of a text the parser takes: its first NUL, which can only be in a comment. To protoc the comment ends there.
fn nul_in_comment(text: &str) -> Option<Fault> {
    let at = u32::try_from(search::nul(text)?).unwrap_or(u32::MAX);
    let message = "a NUL in a comment: what follows it is no comment to protoc".to_owned();
    let help = Some("remove the character".to_owned());
    Some(Fault { kind: FaultKind::Syntax, span: Span::new(at, at + 1), message, help, label: None })
}

fn fault_of(fault: &prepare::Fault) -> Fault {
    let (message, help) = (fault.message.clone(), fault.help.clone());
    Fault { kind: fault.kind, span: Span::new(fault.start, fault.end), message, help, label: None }
}

fn convert(
    proto: prost_reflect::prost_types::FileDescriptorProto,
    source: &SourceFile,
    prepared: &Prepared<'_>,
    faults: &mut Vec<Fault>,
) -> FileData {
    if !prepared.is_edited() {
        return lower(proto, Some(&TextMap { text: source.text(), line_starts: source.line_starts(), original: None }));
    }
    let starts = line_starts(&prepared.text);
    let original = |offset| prepared.original(offset);
    let mut data =
        lower(proto, Some(&TextMap { text: source.text(), line_starts: &starts, original: Some(&original) }));
    faults.extend(restore::restore(&mut data, prepared));
    data
}

/// The parser reports one error with the others as related ones.
fn parser_faults(refused: &Refused, source: &SourceFile, prepared: &Prepared<'_>, faults: &mut Vec<Fault>) {
    let end = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    // The prepare step's faults are sorted.
    let known: Vec<u32> = faults.iter().map(|fault| fault.span.start).collect();
    let mut note = |diagnostic: &dyn Diagnostic| {
        let mut spans = diagnostic.labels().into_iter().flatten().map(|label| {
            let at = |offset: usize| prepared.original(u32::try_from(offset).unwrap_or(u32::MAX));
            let span = Span::new(at(label.offset()), at(label.offset() + label.len()));
            (span, label.label().unwrap_or_default().trim_matches('…').to_owned())
        });
        let (message, help) = words(diagnostic);
        let (first, second) = (spans.next(), spans.next());
        // What the prepare step told already, the parser words worse.
        if first.iter().any(|(span, _)| known.binary_search(&span.start).is_ok()) {
            return;
        }
        let (span, label) = match (first, second) {
            (Some(first), Some((span, _))) => (span, Some(first)),
            (Some((span, _)), None) => (span, None),
            _ => (Span::new(end, end), None),
        };
        faults.push(Fault { kind: FaultKind::Syntax, span, message, help, label });
    };
    note(&refused.error);
    let mut related = refused.error.related().into_iter().flatten();
    related.by_ref().take(MOST_FAULTS - 1).for_each(&mut note);
    let left_out = related.count();
    let at_least = if refused.is_part { "more than " } else { "" };
    if let Some(last) = faults.last_mut().filter(|_| left_out > 0) {
        last.message.push_str(&format!(", and {at_least}{left_out} more faults like it or caused by it follow"));
    }
}

/// How many of the parser's faults are told of one file: a file that is no schema at all has one a token.
const MOST_FAULTS: usize = 100;

fn words(diagnostic: &dyn Diagnostic) -> (String, Option<String>) {
    let help = diagnostic.help().map(|help| help.to_string());
    let message = diagnostic.to_string().replace('\'', "`");
    // The parser words a bad import path as a bad group name.
    match &help {
        Some(text) if text.starts_with("imports may") => ("invalid import path".to_owned(), help),
        _ => (message, help),
    }
}

/// The well-known file of that name: those of protobuf itself, protovalidate's options, and what generators declare.
pub(crate) fn built_in(name: &str) -> Option<ParsedFile> {
    if !is_built_in(name) {
        return None;
    }
    static GOOGLE: OnceLock<GoogleFileResolver> = OnceLock::new();
    let file = match builtin::own(name) {
        Some(text) => File::from_source(name, text),
        None => GOOGLE.get_or_init(GoogleFileResolver::new).open_file(name),
    };
    let mut proto = file.ok()?.into();
    if let Some(text) = builtin::later(name) {
        builtin::join(&mut proto, File::from_source(name, text).ok()?.into());
    }
    let mut data = lower(proto, None);
    data.name = name.to_owned();
    Some(ParsedFile { data: Arc::new(data) })
}
