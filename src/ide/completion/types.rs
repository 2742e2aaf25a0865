//! Types by the shortest name that stands for them, also those of files that are not imported yet, together with the
//! import; and behind a dot what the package or message before it has.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Completion, CompletionKind, Request, may_be};

use crate::schema::{Element, File, NameUse, Names, Part, SeenNames, Target, built_in_types};
use crate::source::Span;

/// So many types of files that are not imported are shown at once.
const MAX_ELSEWHERE: usize = 50;

/// The ranks of candidates: those nearer stand first.
const OWN: u8 = 0;
const IMPORTED: u8 = 2;
const PACKAGE: u8 = 3;
const ELSEWHERE: u8 = 6;

/// Words that begin a statement, or stand before a type: a name that starts with one would be read as that.
const KEYWORDS: [&str; 15] = [
    "enum",
    "export",
    "extend",
    "extensions",
    "group",
    "local",
    "map",
    "message",
    "oneof",
    "option",
    "optional",
    "repeated",
    "required",
    "reserved",
    "stream",
];

/// A type or an extension that may be named.
#[derive(Clone, Copy)]
struct Candidate<'s> {
    target: Target,
    file: File<'s>,
    name: &'s str,
    full_name: &'s str,
    element: Element<'s>,
    kind: CompletionKind,
}

/// What a candidate has to be.
struct Wanted<'q> {
    typed: &'q str,
    /// The full names that what stands before the dot may have; nothing where there is no dot.
    parents: Option<Vec<String>>,
}

impl Wanted<'_> {
    fn fits(&self, full_name: &str, name: &str) -> bool {
        let is_in = |parents: &Vec<String>| {
            let parent = full_name[..full_name.len() - name.len()].trim_end_matches('.');
            parents.iter().any(|known| known == parent)
        };
        may_be(self.typed, name) && self.parents.as_ref().is_none_or(is_in)
    }
}

/// The full names that a name with its dot, as `a.b.`, may have in a scope.
fn parents(scope: &str, qualifier: &str) -> Vec<String> {
    let name = qualifier.trim_end_matches('.');
    if let Some(absolute) = name.strip_prefix('.') {
        return vec![absolute.to_owned()];
    }
    let ends = std::iter::once(scope.len()).chain(scope.rmatch_indices('.').map(|(at, _)| at));
    let within = ends.filter(|end| *end > 0 && !name.is_empty()).map(|end| format!("{}.{name}", &scope[..end]));
    within.chain([name.to_owned()]).collect()
}

/// Adds the types that may be named in `scope`. `qualifier` is what stands before the word, up to its last dot.
pub(super) fn complete(request: &mut Request<'_>, scope: &str, name_use: NameUse, qualifier: &str) {
    let schema = request.schema;
    let typed = request.cursor.typed();
    let wanted = Wanted { typed, parents: (!qualifier.is_empty()).then(|| parents(scope, qualifier)) };
    let seen = schema.names_seen_by(request.file, &[]);
    let files: FxHashSet<u32> = seen.files().collect();
    for index in &files {
        for candidate in candidates(schema.file_at(*index), name_use).filter(|own| wanted.fits(own.full_name, own.name))
        {
            add_seen(request, &seen, &candidate, (scope, name_use, qualifier));
        }
    }
    if !qualifier.is_empty() || !typed.is_empty() {
        elsewhere(request, &files, &wanted, (scope, name_use, qualifier));
        packages(request, &files, &wanted);
    } else {
        request.found.is_incomplete = true;
    }
}

/// The types of a file that may be named as such.
fn candidates<'s>(file: File<'s>, name_use: NameUse) -> impl Iterator<Item = Candidate<'s>> {
    let messages = file.all_messages().filter(|message| !message.is_map_entry()).map(move |message| Candidate {
        target: Target::Message(file.index, message.index),
        file,
        name: message.name(),
        full_name: message.full_name(),
        element: message.into(),
        kind: CompletionKind::Message,
    });
    let enums = file.all_enums().filter(move |_| name_use == NameUse::FieldType).map(move |enumeration| Candidate {
        target: Target::Enum(file.index, enumeration.index),
        file,
        name: enumeration.name(),
        full_name: enumeration.full_name(),
        element: enumeration.into(),
        kind: CompletionKind::Enum,
    });
    messages.chain(enums)
}

/// How a type is written: by its shortest name, or behind a dot by its last component.
fn written(
    names: &mut Names<'_>,
    candidate: &Candidate<'_>,
    (scope, name_use, qualifier): (&str, NameUse, &str),
) -> Option<String> {
    let Candidate { target, name, full_name, .. } = *candidate;
    if !qualifier.is_empty() {
        let is_meant = names.get(scope, &format!("{qualifier}{name}"), name_use) == Some(target);
        return is_meant.then(|| name.to_owned());
    }
    let shortest = names.shortest(scope, full_name, target, name_use)?;
    let is_keyword = shortest.split('.').next().is_some_and(|first| KEYWORDS.contains(&first));
    Some(if is_keyword { format!(".{full_name}") } else { shortest })
}

/// Adds a type that the file sees already.
fn add_seen(request: &mut Request<'_>, seen: &SeenNames<'_>, candidate: &Candidate<'_>, place: (&str, NameUse, &str)) {
    let is_own = candidate.file == request.file;
    if !is_own && is_local(candidate.element) {
        return;
    }
    let Some(written) = seen.now(|names| written(names, candidate, place)) else { return };
    let completion = described(request, candidate, written, if is_own { OWN } else { IMPORTED });
    request.add(completion.detail(candidate.full_name));
}

fn described(request: &Request<'_>, candidate: &Candidate<'_>, written: String, rank: u8) -> Completion {
    let mut completion =
        Completion::new(written, candidate.kind, request.cursor.word).rank(rank).filter(candidate.name);
    completion.is_deprecated = candidate.element.options().boolean("deprecated") == Some(true);
    completion.declared = candidate.element.locate(Part::Name);
    completion
}

fn is_local(element: Element<'_>) -> bool {
    match element {
        Element::Message(message) => message.is_local(),
        Element::Enum(enumeration) => enumeration.is_local(),
        _ => false,
    }
}

/// Adds types of files that are not imported, each with its import.
fn elsewhere(
    request: &mut Request<'_>,
    seen: &FxHashSet<u32>,
    wanted: &Wanted<'_>,
    (scope, name_use, qualifier): (&str, NameUse, &str),
) {
    let schema = request.schema;
    let unseen = schema.files().filter(|file| !seen.contains(&file.index) && !file.name().is_empty());
    let mut found: Vec<Candidate<'_>> = unseen
        .flat_map(|file| candidates(file, name_use))
        .filter(|other| wanted.fits(other.full_name, other.name) && !is_local(other.element))
        .collect();
    let (own_root, package) = (request.file.root(), request.file.package().unwrap_or_default());
    if found.len() > MAX_ELSEWHERE {
        request.found.is_incomplete = true;
        let typed = wanted.typed;
        let closeness = |one: &Candidate<'_>| {
            let starts = one.name.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed));
            let is_own = one.file.package().unwrap_or_default() == package;
            (Reverse(starts), Reverse(is_own), one.name.len(), one.file.root() != own_root)
        };
        let order = |one: &Candidate<'_>, other: &Candidate<'_>| {
            closeness(one).cmp(&closeness(other)).then_with(|| one.full_name.cmp(other.full_name))
        };
        found.select_nth_unstable_by(MAX_ELSEWHERE, order);
        found.truncate(MAX_ELSEWHERE);
    }
    let mut importers = Importers::new(request.file);
    found.retain(|other| importers.may_be_imported(other.file));
    let mut files: Vec<u32> = found.iter().map(|other| other.file.index).collect();
    files.sort_unstable();
    files.dedup();
    let names = schema.names_seen_by(request.file, &files);
    for other in &found {
        let Candidate { full_name, file, .. } = *other;
        let written = names.with(file.index, |names| written(names, other, (scope, name_use, qualifier)));
        let Some(written) = written else { continue };
        let mut completion = described(request, other, written, ELSEWHERE);
        completion.more_edits.push(request.import(file.name()));
        request.add(completion.detail(format!("{full_name} (import \"{}\")", file.name())));
    }
    well_known(request, seen, wanted, (scope, qualifier));
}

/// Adds the well-known types that no file of the project imports.
fn well_known(request: &mut Request<'_>, seen: &FxHashSet<u32>, wanted: &Wanted<'_>, (scope, qualifier): (&str, &str)) {
    let schema = request.schema;
    let known: FxHashSet<&str> =
        schema.files().filter(|file| file.source().is_none() || seen.contains(&file.index)).map(File::name).collect();
    let seen = schema.names_seen_by(request.file, &[]);
    for (full_name, path) in built_in_types().filter(|(_, path)| !known.contains(path)) {
        let name = last(full_name);
        if !wanted.fits(full_name, name) || schema.files().any(|file| file.name() == path) {
            continue;
        }
        let written = seen.now(|names| names.of_new(scope, full_name));
        let is_whole = || {
            full_name.strip_suffix(name) == Some(qualifier) && written == *full_name
                || format!(".{full_name}").strip_suffix(name) == Some(qualifier)
        };
        if !qualifier.is_empty() && !is_whole() {
            continue;
        }
        let written = if qualifier.is_empty() { written } else { name.to_owned() };
        let mut completion =
            Completion::new(written, CompletionKind::Message, request.cursor.word).rank(ELSEWHERE).filter(name);
        completion.more_edits.push(request.import(path));
        request.add(completion.detail(format!("{full_name} (import \"{path}\")")));
    }
}

/// Adds the next components of packages.
fn packages(request: &mut Request<'_>, seen: &FxHashSet<u32>, wanted: &Wanted<'_>) {
    let schema = request.schema;
    let mut found: FxHashSet<&str> = FxHashSet::default();
    for file in schema.files() {
        let Some(package) = file.package() else { continue };
        match &wanted.parents {
            None if seen.contains(&file.index) => _ = found.insert(package.split('.').next().unwrap_or(package)),
            None => {}
            Some(parents) => {
                let within = |parent: &String| match parent.as_str() {
                    "" => Some(package),
                    parent => package.strip_prefix(parent)?.strip_prefix('.'),
                };
                let rest = parents.iter().filter_map(within);
                found.extend(rest.filter_map(|rest| rest.split('.').next()));
            }
        }
    }
    for name in found.into_iter().filter(|name| may_be(wanted.typed, name)) {
        request.add(Completion::new(name, CompletionKind::Package, request.cursor.word).rank(PACKAGE));
    }
}

/// Which files may be imported: not those that import the file themselves, nor those that another one of the same name
/// in the root of the file hides.
pub(in crate::ide) struct Importers<'s> {
    file: File<'s>,
    reaches: FxHashMap<u32, bool>,
}

impl<'s> Importers<'s> {
    pub(in crate::ide) fn new(file: File<'s>) -> Importers<'s> {
        Importers { file, reaches: FxHashMap::default() }
    }

    pub(in crate::ide) fn may_be_imported(&mut self, other: File<'s>) -> bool {
        let is_hidden = || {
            let mut files = other.schema.files();
            files.any(|file| file.root() == self.file.root() && file.name() == other.name())
        };
        if other == self.file || (other.root() != self.file.root() && other.source().is_some() && is_hidden()) {
            return false;
        }
        !self.reaches(other)
    }

    /// Whether a file imports the one at hand, at any distance.
    fn reaches(&mut self, from: File<'s>) -> bool {
        let mut stack = vec![from];
        let mut passed = FxHashSet::default();
        while let Some(file) = stack.pop() {
            if file == self.file || self.reaches.get(&file.index) == Some(&true) {
                self.reaches.insert(from.index, true);
                return true;
            }
            if self.reaches.get(&file.index) == Some(&false) || !passed.insert(file.index) {
                continue;
            }
            stack.extend(file.imports().filter_map(|import| import.target()));
        }
        self.reaches.extend(passed.into_iter().map(|index| (index, false)));
        false
    }
}

/// The name of an extension that begins with what is typed of it up to a dot, else the shortest.
fn extension_name(
    names: &mut Names<'_>,
    (scope, qualifier): (&str, &str),
    full_name: &str,
    target: Target,
) -> Option<String> {
    if qualifier.is_empty() {
        return names.shortest(scope, full_name, target, NameUse::Extension);
    }
    let starts = std::iter::once(0).chain(full_name.match_indices('.').map(|(at, _)| at + 1));
    let dotted = starts.map(|start| full_name[start..].to_owned()).chain([format!(".{full_name}")]);
    let mut typed = dotted.filter(|name| name.starts_with(qualifier));
    typed.find(|name| names.get(scope, name, NameUse::Extension) == Some(target))
}

/// Adds the extensions of a message, given by its full name, by names that stand for them in a scope and begin with
/// what is typed up to a dot; `write` makes of a name what is inserted.
pub(super) fn extensions(
    request: &mut Request<'_>,
    extended: &str,
    place: (&str, &str),
    write: &dyn Fn(&str, Completion) -> Completion,
) {
    let schema = request.schema;
    let typed = request.cursor.typed();
    let seen = schema.names_seen_by(request.file, &[]);
    let mut importers = Importers::new(request.file);
    let mut files: Vec<u32> = Vec::new();
    let mut found = Vec::new();
    for file in schema.files() {
        let is_seen = seen.files_for_options().binary_search(&file.index).is_ok();
        let nested = file.all_messages().flat_map(|message| message.extensions());
        for extension in file.extensions().chain(nested) {
            let extends = extension.extendee().is_some_and(|message| message.full_name() == extended);
            let is_typed = !typed.is_empty() || !place.1.is_empty();
            if extends && (is_seen || (is_typed && importers.may_be_imported(file))) {
                found.push((extension, is_seen));
                files.push(file.index);
            }
        }
    }
    files.dedup();
    let names = schema.names_seen_by(request.file, &files);
    let replaced = request.cursor.word;
    for (extension, is_seen) in found {
        let file = extension.file();
        let (full_name, target) = (extension.full_name(), Target::Field(file.index, extension.index));
        let written = match is_seen {
            true => names.now(|names| extension_name(names, place, &full_name, target)),
            false => names.with(file.index, |names| extension_name(names, place, &full_name, target)),
        };
        let Some(written) = written else { continue };
        let rank = if is_seen { IMPORTED } else { ELSEWHERE };
        let mut completion = Completion::new(written.as_str(), CompletionKind::Extension, replaced).rank(rank);
        completion.is_deprecated = extension.options().boolean("deprecated") == Some(true);
        completion.declared = Element::from(extension).locate(Part::Name);
        completion.detail = Some(full_name.clone());
        if !is_seen {
            completion.detail = Some(format!("{full_name} (import \"{}\")", file.name()));
            completion.more_edits.push(request.import(file.name()));
        }
        request.add(write(&written, completion));
    }
}

/// The last component of a name.
pub(super) fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Adds the messages that may be packed in a value, by the name that stands in brackets for one.
pub(super) fn packed(request: &mut Request<'_>, replaced: Span, end: &str) {
    const PREFIX: &str = "type.googleapis.com/";
    let schema = request.schema;
    let seen = schema.names_seen_by(request.file, &[]);
    for index in seen.files() {
        for candidate in candidates(schema.file_at(index), NameUse::Message) {
            let name = format!("{PREFIX}{}", candidate.full_name);
            let completion = Completion::new(name.as_str(), CompletionKind::Message, replaced).rank(IMPORTED);
            request.add(completion.text(format!("{name}{end}")));
        }
    }
}
