//! Within quotes: paths to import, and the few strings that the language knows; and names of packages.

use rustc_hash::FxHashSet;

use super::types::Importers;
use super::{Completion, CompletionKind, Request, may_be, options};
use crate::schema::{File, built_in_types};
use crate::source::Span;
use crate::syntax::{EDITIONS, Token};

/// So many paths are shown at once.
const MAX_PATHS: usize = 200;

/// In the string at the offset.
pub(super) fn complete(request: &mut Request<'_>, string: Token) {
    let before = request.cursor.before();
    let words: Vec<&str> = before.iter().map(|token| request.cursor.slice(*token)).collect();
    let inner = inner(request, string);
    match words[..] {
        ["import"] | ["import", "public" | "weak" | "option"] => imports(request, inner, false),
        ["syntax", "="] => values(request, &["proto3", "proto2"], inner),
        ["edition", "="] => values(request, &EDITIONS, inner),
        ["json_name", "="] => {
            if let Some(name) = options::json_name(request) {
                request.add(Completion::new(name, CompletionKind::Value, inner));
            }
        }
        _ => {}
    }
}

/// What is between the quotes.
fn inner(request: &Request<'_>, string: Token) -> Span {
    let text = request.cursor.slice(string);
    let quote = text.chars().next().unwrap_or('"');
    let has_end = text.len() > 1 && text.ends_with(quote);
    Span::new(string.start + 1, if has_end { string.end - 1 } else { string.end })
}

fn values(request: &mut Request<'_>, values: &[&str], replaced: Span) {
    for (value, rank) in values.iter().zip(0..) {
        request.add(Completion::new(*value, CompletionKind::Value, replaced).rank(rank));
    }
}

/// Adds the paths that may be imported and are not; in quotes where none are there.
pub(super) fn imports(request: &mut Request<'_>, replaced: Span, with_quotes: bool) {
    let at = request.cursor.offset;
    let typed = Span::new(replaced.start.min(at), at).slice(request.tree.source());
    let own: FxHashSet<&str> = request
        .file
        .imports()
        .filter(|import| at < import.span().start || import.span().end < at)
        .map(|import| import.path())
        .collect();
    let fits = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        !own.contains(path) && (may_be(typed, path) || may_be(typed, name))
    };
    let mut importers = Importers::new(request.file);
    let mut files: Vec<File<'_>> =
        request.schema.files().filter(|file| fits(file.name()) && !file.name().is_empty()).collect();
    // Those that begin as typed come first, by path or by name.
    files.sort_by_key(|file| {
        let name = file.name().rsplit('/').next().unwrap_or_default();
        (!file.name().starts_with(typed), !name.starts_with(typed), file.name())
    });
    let mut files = files.into_iter().filter(|file| importers.may_be_imported(*file));
    let mut paths: Vec<&str> = files.by_ref().take(MAX_PATHS).map(File::name).collect();
    request.found.is_incomplete |= files.next().is_some();
    let built_in = built_in_types().map(|(_, path)| path).filter(|path| fits(path));
    paths.extend(built_in.chain(["google/protobuf/descriptor.proto"]).filter(|path| fits(path)));
    paths.sort_unstable();
    paths.dedup();
    let directory = request.directory().to_owned();
    for path in paths {
        let is_near = path.rsplit_once('/').map_or("", |(directory, _)| directory) == directory;
        let completion = Completion::new(path, CompletionKind::File, replaced).rank(u8::from(!is_near));
        request.add(if with_quotes { completion.text(format!("\"{path}\"")) } else { completion });
    }
}

/// The package that the directory of the file stands for.
pub(super) fn package_of_directory(request: &Request<'_>) -> String {
    let is_word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let parts = request.directory().split('/').filter(|part| is_word(part));
    parts.collect::<Vec<_>>().join(".")
}

/// Adds the packages that the file may be in: that of its directory, and those of the files beside it.
pub(super) fn packages(request: &mut Request<'_>) {
    let (before, qualifier) = request.cursor.before_name();
    if before.len() != 1 {
        return;
    }
    let word = request.cursor.word;
    let replaced = Span::new(word.start - qualifier.len() as u32, word.end);
    let end = if request.cursor.next().is(b';') { "" } else { ";" };
    let mut names = vec![package_of_directory(request)];
    let (directory, file) = (request.directory(), request.file);
    let beside = request
        .schema
        .files()
        .filter(|other| *other != file && other.root() == file.root() && other.directory() == directory);
    names.extend(beside.filter_map(|other| other.package()).map(str::to_owned));
    let mut added = FxHashSet::default();
    for (name, rank) in names.into_iter().zip((0..=u8::MAX).chain(std::iter::repeat(u8::MAX))) {
        if !name.is_empty() && added.insert(name.clone()) {
            let completion = Completion::new(name.as_str(), CompletionKind::Package, replaced).rank(rank);
            request.add(completion.text(format!("{name}{end}")));
        }
    }
}
