//! Full names that stand for two things. Names share one space per scope, whatever they name; enum values are
//! siblings of their enum, <https://protobuf.dev/programming-guides/proto3/#enum>. Files of one root are linked
//! together sooner or later, so their names must differ; files of two roots only matter where one file reaches both.

use std::collections::hash_map::Entry;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::files::Files;
use crate::schema::data::{FileData, FileIndex, Run};
use crate::schema::graph;
use crate::source::Span;

/// A name with two meanings.
#[derive(Clone, Debug)]
pub(crate) struct Duplicate {
    pub(crate) name: String,
    pub(crate) first: Meaning,
    pub(crate) second: Meaning,
}

/// One of the meanings of a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    pub(crate) file: FileIndex,
    /// The name token.
    pub(crate) span: Span,
    /// What it names, such as "message".
    pub(crate) kind: &'static str,
}

/// What a name stands for in files of several roots; most names stand for one thing.
struct Meanings {
    first: Meaning,
    others: Vec<Meaning>,
}

type Named<'f> = (&'f str, Meaning);

/// The duplicates in the scopes of one file, in the order of declaration.
pub(super) fn within_file(at: FileIndex, file: &FileData) -> Vec<Duplicate> {
    let mut found = Vec::new();
    let mut seen: FxHashMap<&str, Meaning> = FxHashMap::default();
    for message in &file.messages {
        if message.map_entry {
            continue;
        }
        seen.clear();
        let members = synthetic_oneofs_of(at, file, message.fields)
            .chain(fields_of(at, file, message.fields, "field"))
            .chain(oneofs_of(at, file, message.oneofs))
            .chain(fields_of(at, file, message.extensions, "extension"))
            .chain(types_of(at, file, message.messages, message.enums));
        note(members, &mut seen, file.text(message.full_name), &mut found);
    }
    for service in &file.services {
        seen.clear();
        let methods = file.methods[service.methods.range()]
            .iter()
            .map(|method| (file.text(method.name), Meaning { file: at, span: method.place.name, kind: "rpc" }));
        note(methods, &mut seen, file.text(service.full_name), &mut found);
    }
    found
}

fn note<'f>(
    members: impl Iterator<Item = Named<'f>>,
    seen: &mut FxHashMap<&'f str, Meaning>,
    scope: &str,
    found: &mut Vec<Duplicate>,
) {
    for (name, meaning) in members {
        let known = seen.entry(name).or_insert(meaning);
        if known.span != meaning.span || known.file != meaning.file {
            let (first, second) = in_order(known, meaning);
            found.push(Duplicate { name: format!("{scope}.{name}"), first, second });
        }
    }
}

/// The two meanings of a name in the order of their file; `known` becomes the first.
fn in_order(known: &mut Meaning, new: Meaning) -> (Meaning, Meaning) {
    let is_before = known.file == new.file && new.span.start < known.span.start && known.kind != SYNTHETIC_ONEOF;
    let second = if is_before { std::mem::replace(known, new) } else { new };
    (*known, second)
}

fn fields_of<'f>(at: FileIndex, file: &'f FileData, run: Run, kind: &'static str) -> impl Iterator<Item = Named<'f>> {
    file.fields[run.range()]
        .iter()
        .map(move |field| (file.text(field.name), Meaning { file: at, span: field.place.name, kind }))
}

/// What a `oneof` is that is not written: the one around a field that is `optional` in proto3, called after it.
const SYNTHETIC_ONEOF: &str = "oneof of an optional field";

fn synthetic_oneofs_of(at: FileIndex, file: &FileData, fields: Run) -> impl Iterator<Item = Named<'_>> {
    let optional = file.fields[fields.range()].iter().filter(|field| field.proto3_optional);
    optional.filter_map(move |field| {
        let oneof = &file.oneofs[field.oneof? as usize];
        let meaning = Meaning { file: at, span: field.place.name, kind: SYNTHETIC_ONEOF };
        oneof.synthetic.then(|| (file.text(oneof.name), meaning))
    })
}

fn oneofs_of(at: FileIndex, file: &FileData, run: Run) -> impl Iterator<Item = Named<'_>> {
    let written = file.oneofs[run.range()].iter().filter(|oneof| !oneof.synthetic);
    written.map(move |oneof| (file.text(oneof.name), Meaning { file: at, span: oneof.place.name, kind: "oneof" }))
}

fn types_of(at: FileIndex, file: &FileData, messages: Run, enums: Run) -> impl Iterator<Item = Named<'_>> {
    let messages = file.messages[messages.range()].iter().map(move |message| {
        let kind = if message.map_entry { "map field" } else { "message" };
        (file.text(message.name), Meaning { file: at, span: message.place.name, kind })
    });
    let enums = file.enums[enums.range()].iter().flat_map(move |enumeration| {
        let own = (file.text(enumeration.name), Meaning { file: at, span: enumeration.place.name, kind: "enum" });
        let values = file.values[enumeration.values.range()].iter().map(move |value| {
            (file.text(value.name), Meaning { file: at, span: value.place.name, kind: "enum value" })
        });
        std::iter::once(own).chain(values)
    });
    messages.chain(enums)
}

fn top_level(at: FileIndex, file: &FileData) -> impl Iterator<Item = Named<'_>> {
    let services = file
        .services
        .iter()
        .map(move |service| (file.text(service.name), Meaning { file: at, span: service.place.name, kind: "service" }));
    types_of(at, file, file.top_messages, file.top_enums)
        .chain(fields_of(at, file, file.top_extensions, "extension"))
        .chain(services)
}

/// Whether the top levels of all files declare the same names in the same order as `before`, which has as many files.
pub(super) fn declares_same(files: Files<'_>, before: Files<'_>) -> bool {
    files.indexes().filter(|&at| !files.is_same(at, before)).all(|at| {
        let has_same_package = files.data(at).package_name() == before.data(at).package_name();
        has_same_package && declared(at, files).eq(declared(at, before))
    })
}

fn declared<'f>(at: FileIndex, files: Files<'f>) -> impl Iterator<Item = (&'f str, &'static str)> {
    top_level(at, files.data(at)).map(|(name, meaning)| (name, meaning.kind))
}

/// The duplicates at the top level of packages, in the order of files.
pub(super) fn across_files(files: Files<'_>) -> Vec<Duplicate> {
    // Names of a file with a damaged package may be those of another one.
    let is_known = |at: &FileIndex| files.data(*at).damage.as_ref().is_none_or(|damage| !damage.package);
    let mut groups: FxHashMap<&str, Vec<FileIndex>> = FxHashMap::default();
    for at in files.indexes().filter(is_known) {
        groups.entry(files.data(at).package_name()).or_default().push(at);
    }
    let mut within: FxHashMap<&str, Vec<(&str, FileIndex)>> = FxHashMap::default();
    for ((_, package), at) in packages(files) {
        let scope = package.rsplit_once('.').map_or("", |(scope, _)| scope);
        within.entry(scope).or_default().push((package, at));
    }
    let of_package = |(package, own): (&str, Vec<FileIndex>)| {
        let packages = within.get(package).map_or(&[][..], Vec::as_slice);
        in_package(files, package, &own, packages)
    };
    let mut found: Vec<(FileIndex, Duplicate)> = match files.are_few() {
        true => groups.into_iter().flat_map(of_package).collect(),
        false => groups.into_par_iter().flat_map_iter(of_package).collect(),
    };
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, duplicate)| duplicate).collect()
}

/// The duplicates at the top level of one package, by the later file. `own` are its files, in order, and `packages`
/// those directly within it, each with its first file.
fn in_package(
    files: Files<'_>,
    package: &str,
    own: &[FileIndex],
    packages: &[(&str, FileIndex)],
) -> Vec<(FileIndex, Duplicate)> {
    let mut seen: FxHashMap<&str, Meanings> = FxHashMap::default();
    let of_file = |file: &FileData| file.top_messages.len as usize + file.values.len() + file.services.len();
    seen.reserve(own.iter().map(|&at| of_file(files.data(at))).sum());
    let mut found = Vec::new();
    let mut reach = Reach::new(files);
    for &at in own {
        for (name, meaning) in top_level(at, files.data(at)) {
            let meanings = match seen.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(Meanings { first: meaning, others: Vec::new() });
                    continue;
                }
                Entry::Occupied(entry) => entry.into_mut(),
            };
            let mut known = std::iter::once(&mut meanings.first).chain(&mut meanings.others);
            if let Some(known) = known.find(|known| reach.both(known.file, at)) {
                let (first, second) = in_order(known, meaning);
                found.push((at, Duplicate { name: join(package, name), first, second }));
            } else {
                meanings.others.push(meaning);
            }
        }
    }
    for &(inner, at) in packages {
        let own = Meaning { file: at, span: files.data(at).package_span, kind: "package" };
        let name = inner.rsplit_once('.').map_or(inner, |(_, name)| name);
        let meanings = seen.get(name).into_iter();
        let meanings = meanings.flat_map(|meanings| std::iter::once(&meanings.first).chain(&meanings.others));
        found.extend(meanings.filter(|meaning| reach.both(meaning.file, at)).map(|&meaning| {
            let (first, second) = if meaning.file < at { (meaning, own) } else { (own, meaning) };
            (second.file, Duplicate { name: inner.to_owned(), first, second })
        }));
    }
    found
}

/// For each root and each package, those that only enclose others included, the first file within.
fn packages(files: Files<'_>) -> FxHashMap<(u32, &str), FileIndex> {
    let mut packages = FxHashMap::default();
    for at in files.indexes() {
        let package = files.data(at).package_name();
        for (dot, _) in package.match_indices('.').chain([(package.len(), "")]) {
            packages.entry((files.root(at), &package[..dot])).or_insert(at);
        }
    }
    packages
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

/// Answers whether two files can end up in one program.
struct Reach<'f> {
    files: Files<'f>,
    /// The files that import each file; made when it is first asked for.
    importers: Option<Vec<Vec<FileIndex>>>,
    /// The file asked for last, and what reaches it.
    reaching: Option<(FileIndex, FxHashSet<FileIndex>)>,
    known: FxHashMap<(FileIndex, FileIndex), bool>,
}

impl<'f> Reach<'f> {
    fn new(files: Files<'f>) -> Reach<'f> {
        Reach { files, importers: None, reaching: None, known: FxHashMap::default() }
    }

    fn both(&mut self, one: FileIndex, other: FileIndex) -> bool {
        if self.files.root(one) == self.files.root(other) {
            return true;
        }
        // Where files of one name meet, that is reported once for the files, not for each name in them.
        if self.files.name(one) == self.files.name(other) {
            return false;
        }
        if let Some(known) = self.known.get(&(one, other)) {
            return *known;
        }
        let files = self.files;
        let importers = self.importers.get_or_insert_with(|| importers(files));
        let ways = |at: FileIndex| &importers[at as usize];
        let reaching = match self.reaching.take() {
            Some((at, reaching)) if at == other => reaching,
            _ => graph::reached(other, ways).collect(),
        };
        let meet = graph::reached(one, ways).any(|at| reaching.contains(&at));
        self.reaching = Some((other, reaching));
        self.known.insert((one, other), meet);
        meet
    }
}

fn importers(files: Files<'_>) -> Vec<Vec<FileIndex>> {
    let mut importers = vec![Vec::new(); files.count()];
    for at in files.indexes() {
        files.imported(at).for_each(|&target| importers[target as usize].push(at));
    }
    importers
}
