//! Links files: what each name stands for, by the rule of protoc's `DescriptorBuilder::LookupSymbol`: the innermost
//! scope that has the first component decides, and only the file itself and what it imports (public imports
//! transitively) can be seen. It records what cannot be resolved; compile rules report it. It works on the data of
//! files and must not know the handles of elements.

mod ambiguity;
mod bracket_names;
mod cycles;
mod duplicates;

mod file;
mod files;
mod interface;
mod lookup;
mod members;
mod names;
mod public_imports;
mod reuse;
mod symbols;
mod used;
mod visible;

use rayon::prelude::*;
use std::sync::Arc;

use super::data::FileIndex;
use super::graph;
use super::member_index::MemberIndex;
use crate::source::FILES_OF_A_TASK;
pub(crate) use ambiguity::Ambiguity;
pub(crate) use bracket_names::BracketNames;
pub(crate) use cycles::ImportCycle;
pub(crate) use duplicates::Duplicate;
pub(crate) use files::{FilePlace, Files, MissingImport};
pub(crate) use lookup::{Missing, Misuse, NameUse};
pub(crate) use names::{Names, SeenNames};
use public_imports::PublicImports;
pub(super) use reuse::since;
use symbols::Symbols;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Message(FileIndex, u32),
    Enum(FileIndex, u32),
    Service(FileIndex, u32),
    /// An extension, or a field of a message.
    Field(FileIndex, u32),
}

impl Target {
    fn file(self) -> FileIndex {
        match self {
            Target::Message(file, _) | Target::Enum(file, _) | Target::Service(file, _) | Target::Field(file, _) => {
                file
            }
        }
    }
}

/// The target of a name, if it has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypeRef(Option<Target>);

impl From<Target> for TypeRef {
    fn from(target: Target) -> TypeRef {
        TypeRef(Some(target))
    }
}

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
    /// The names that stand for two things within the file.
    pub(crate) duplicates: Vec<Duplicate>,
    pub(crate) members: MemberIndex,
    pub(crate) bracket_names: BracketNames,
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

/// Files that were linked, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Linked<'f> {
    pub(super) files: Files<'f>,
    pub(super) links: &'f [Arc<Links>],
    pub(super) faults: &'f LinkFaults,
}

/// Links files: the links of each, and what is wrong between them. What no change since `before` reaches is taken over.
pub(super) fn link(files: Files<'_>, before: Linked<'_>) -> (Vec<Arc<Links>>, LinkFaults) {
    let links = || {
        let public_imports = PublicImports::new(files);
        let reached = reuse::reached(files, before.files);
        let symbols = Symbols::new(files, &reuse::seen_by(&reached, files));
        let link = |at: FileIndex| match reached[at as usize] {
            false => Arc::clone(&before.links[at as usize]),
            true => Arc::new(file::link(at, files, &symbols, &public_imports)),
        };
        match files.are_few() {
            true => files.indexes().map(link).collect(),
            false => files.indexes().into_par_iter().with_max_len(FILES_OF_A_TASK).map(link).collect(),
        }
    };
    let between = || LinkFaults::between(files, before);
    // Not all of either can be done by several at once.
    let (between, links): (_, Vec<Arc<Links>>) =
        if files.are_few() { (between(), links()) } else { rayon::join(between, links) };
    let within = links.iter().flat_map(|links| links.duplicates.iter().cloned());
    let duplicates = within.chain(between.duplicates).collect();
    (links, LinkFaults { duplicates, ..between })
}

/// What is wrong between files.
#[derive(Debug, Default)]
pub(crate) struct LinkFaults {
    /// Full names that stand for two things.
    pub(crate) duplicates: Vec<Duplicate>,
    /// Imports that are part of a circle.
    pub(crate) cycles: Vec<ImportCycle>,
    /// Files of one name that meet in a third.
    pub(crate) ambiguities: Vec<Ambiguity>,
}

impl LinkFaults {
    /// The faults for which several files have to be looked at.
    fn between(files: Files<'_>, before: Linked<'_>) -> LinkFaults {
        if !reuse::has_same_graph(files, before.files) {
            let imports = files.indexes().map(|at| files.imported(at).copied().collect());
            let circles = graph::components(&imports.collect::<Vec<Vec<FileIndex>>>());
            return LinkFaults {
                duplicates: duplicates::across_files(files),
                cycles: cycles::find(files, &circles),
                ambiguities: ambiguity::find(files, &circles),
            };
        }
        let within: usize = before.links.iter().map(|links| links.duplicates.len()).sum();
        let had_none = before.faults.duplicates.len() == within;
        let duplicates = match had_none && duplicates::declares_same(files, before.files) {
            true => Vec::new(),
            false => duplicates::across_files(files),
        };
        LinkFaults { duplicates, cycles: before.faults.cycles.clone(), ambiguities: before.faults.ambiguities.clone() }
    }
}
