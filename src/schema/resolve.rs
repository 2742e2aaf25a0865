//! Links files: what each name stands for, by the rule of protoc's `DescriptorBuilder::LookupSymbol`: the innermost
//! scope that knows the first component decides, and only the file itself and what it imports (public imports
//! transitively) can be seen. It records what cannot be resolved; compile rules tell it.

mod ambiguity;
mod cycles;
mod duplicates;
mod lookup;
mod publics;
mod seen;
mod symbols;
mod used;
mod visible;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

use super::data::{FileData, Run, Text, WrittenType};
use super::element::FileIndex;
use super::named::Sorted;
use super::{FilePlace, Schema, graph};
use crate::source::FILES_OF_A_TASK;
pub(crate) use ambiguity::Ambiguity;
pub(crate) use cycles::ImportCycle;
pub(crate) use duplicates::Duplicate;
use lookup::Lookup;
pub(crate) use lookup::Missing;
use publics::Publics;
pub(crate) use seen::Seen;
use symbols::Symbols;
use visible::Visible;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Message(FileIndex, u32),
    Enum(FileIndex, u32),
    Service(FileIndex, u32),
    Extension(FileIndex, u32),
    Method(FileIndex, u32),
}

impl Target {
    fn file(self) -> FileIndex {
        match self {
            Target::Message(file, _)
            | Target::Enum(file, _)
            | Target::Service(file, _)
            | Target::Extension(file, _)
            | Target::Method(file, _) => file,
        }
    }
}

/// The target of a name, if it has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypeRef(Option<Target>);

impl TypeRef {
    pub(crate) fn target(self) -> Option<Target> {
        self.0
    }
}

/// What the names of one file stand for; the vectors run beside the arenas of its `FileData`.
#[derive(Debug, Default)]
pub(crate) struct Links {
    pub(crate) imports: Vec<Option<FileIndex>>,
    /// Whether each import supplies a name that the file uses.
    pub(crate) used: Vec<bool>,
    pub(crate) field_types: Vec<TypeRef>,
    pub(crate) extendees: Vec<TypeRef>,
    pub(crate) inputs: Vec<TypeRef>,
    pub(crate) outputs: Vec<TypeRef>,
    /// For each component of an option's name that stands in parentheses, the extension.
    pub(crate) option_parts: Vec<TypeRef>,
    /// The names that stand for nothing, in files that see all they import.
    pub(crate) unresolved: Vec<Unresolved>,
    /// Whether a file it can see names an import that was not found: then an unresolved name proves nothing.
    pub(crate) incomplete: bool,
    pub(crate) sorted: Sorted,
    pub(crate) seen: Seen,
}

/// A name that stands for nothing.
#[derive(Debug)]
pub(crate) struct Unresolved {
    pub(crate) site: Site,
    pub(crate) reason: Missing,
}

/// Where a name is used; the indexes are those of the file's arenas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    FieldType(u32),
    Extendee(u32),
    Input(u32),
    Output(u32),
    /// An option, and the component of its name.
    Option(u32, u32),
}

/// Links `files`, which are sorted by root and name.
pub(super) fn resolve(files: Vec<Arc<FileData>>, places: Vec<FilePlace>) -> Schema {
    let symbols = Symbols::of(&files);
    let publics = Publics::of(&files, &places);
    let link = |at| link(at as FileIndex, (&files, &places), &symbols, &publics);
    let links = || (0..files.len()).into_par_iter().with_max_len(FILES_OF_A_TASK).map(link).collect();
    let faults = || {
        let imports = places.iter().map(|place| place.imports.iter().flatten().copied().collect());
        let circles = graph::components(&imports.collect::<Vec<Vec<FileIndex>>>());
        LinkFaults {
            duplicates: duplicates::find(&files, &places),
            cycles: cycles::find(&places, &circles),
            ambiguities: ambiguity::find(&files, &places, &circles),
        }
    };
    // Not all of the faults can be looked for by several at once.
    let (faults, links) = rayon::join(faults, links);
    Schema { files, links, places, faults }
}

/// What is wrong between files.
pub(crate) struct LinkFaults {
    /// Full names that stand for two things.
    pub(crate) duplicates: Vec<Duplicate>,
    /// Imports that are part of a circle.
    pub(crate) cycles: Vec<ImportCycle>,
    /// Files of one name that meet in a third.
    pub(crate) ambiguities: Vec<Ambiguity>,
}

fn link(
    at: FileIndex,
    (files, places): (&[Arc<FileData>], &[FilePlace]),
    symbols: &Symbols<'_>,
    publics: &Publics,
) -> Links {
    let file = &files[at as usize];
    let visible = Visible::to(at, (files, places), publics);
    let incomplete = visible.incomplete;
    let mut lookup = Lookup::new(at, (files, places), symbols, &visible);
    let mut links = Links { imports: places[at as usize].imports.clone(), incomplete, ..Links::default() };
    fields(file, &mut lookup, &mut links);
    methods(file, &mut lookup, &mut links);
    options(file, &mut lookup, &mut links);
    links.used = used::used_imports(at, (files, places), lookup.used(), &visible);
    if !incomplete {
        links.unresolved = lookup.into_unresolved();
    }
    links
}

fn fields<'f>(file: &'f FileData, lookup: &mut Lookup<'f>, links: &mut Links) {
    let package = file.package.map_or("", |package| file.text(package));
    links.field_types.reserve_exact(file.fields.len());
    let mut neighbour: Option<(Option<u32>, Text, TypeRef)> = None;
    for (index, field) in (0..).zip(&file.fields) {
        let scope = match field.parent {
            Some(parent) => file.text(file.messages[parent as usize].full_name),
            None => package,
        };
        links.field_types.push(match field.written_type {
            WrittenType::Scalar(_) => TypeRef::default(),
            WrittenType::Map => lookup.map_entry(scope, file.text(field.type_name)),
            WrittenType::Group | WrittenType::Named => {
                lookup.resolve(scope, file.text(field.type_name), Site::FieldType(index))
            }
        });
        if let Some(extendee) = field.extendee {
            // Neighbours mostly extend the same message.
            let name = file.extendees[extendee as usize].name;
            let known =
                neighbour.filter(|(parent, text, _)| *parent == field.parent && file.text(*text) == file.text(name));
            let resolve = || lookup.resolve(scope, file.text(name), Site::Extendee(index));
            let target = known.map_or_else(resolve, |(.., target)| target);
            neighbour = Some((field.parent, name, target));
            links.extendees.push(target);
        }
    }
}

fn methods<'f>(file: &'f FileData, lookup: &mut Lookup<'f>, links: &mut Links) {
    for service in &file.services {
        let named = |at: u32| (file.text(file.methods[at as usize].name), at);
        let rpcs: FxHashMap<&str, u32> = service.methods.indexes().map(named).collect();
        let scope = file.text(service.full_name);
        let mut resolve = |name: Text, site: Site| match rpcs.get(file.text(name)) {
            // protoc takes the innermost element of that name, and here that is no type.
            Some(&rpc) => lookup.reject(site, Target::Method(lookup.own(), rpc)),
            None => lookup.resolve(scope, file.text(name), site),
        };
        for index in service.methods.indexes() {
            let method = &file.methods[index as usize];
            links.inputs.push(resolve(method.input, Site::Input(index)));
            links.outputs.push(resolve(method.output, Site::Output(index)));
        }
    }
}

/// Options are resolved in the scope that encloses their element.
fn options<'f>(file: &'f FileData, lookup: &mut Lookup<'f>, links: &mut Links) {
    if file.options.is_empty() {
        return;
    }
    links.option_parts = vec![TypeRef::default(); file.option_parts.len()];
    let package = file.package.map_or("", |package| file.text(package));
    let parent_scope =
        |parent: Option<u32>| parent.map_or(package, |at| file.text(file.messages[at as usize].full_name));
    let mut visit = |scope: &'f str, run: Run| {
        for option in run.indexes() {
            lookup.option(scope, file, option, &mut links.option_parts);
        }
    };
    visit(package, file.options_run);
    for message in &file.messages {
        visit(parent_scope(message.parent), message.options);
        for range in &file.ranges[message.extension_ranges.range()] {
            // protoc too looks them up around the message, not in it.
            visit(parent_scope(message.parent), range.options);
        }
    }
    for field in &file.fields {
        visit(parent_scope(field.parent), field.options);
    }
    for oneof in &file.oneofs {
        visit(parent_scope(Some(oneof.parent)), oneof.options);
    }
    for enumeration in &file.enums {
        let scope = parent_scope(enumeration.parent);
        visit(scope, enumeration.options);
        for value in &file.values[enumeration.values.range()] {
            visit(scope, value.options);
        }
    }
    for service in &file.services {
        visit(package, service.options);
        for method in &file.methods[service.methods.range()] {
            visit(file.text(service.full_name), method.options);
        }
    }
}
