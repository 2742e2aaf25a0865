//! The schema: all files of a run, parsed and linked, as rules see it. Names are resolved by protoc's scoping rule
//! within what each file imports; what cannot be resolved stays an element of its own kind. It knows no rules.

mod comment;
mod data;
mod default;
mod descriptor;
pub(crate) mod descriptor_set;
mod element;
mod features;
#[cfg(test)]
pub(crate) mod generated;
pub(crate) mod graph;
mod json;
mod kinds;
mod lexer;
mod locate;
mod lower;
mod named;
mod option;
mod parse;
mod reserved;
mod resolve;
mod root;
mod standard;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use crate::syntax::{Fault, FaultKind};
pub(crate) use comment::{Directive, DirectiveKind, DirectiveScope};
pub use element::{Enum, EnumValue, Field, FieldType, File, Import, Message, Method, Oneof, Service};
pub(crate) use features::JsonFormat;
pub use features::Presence;
pub use kinds::{ImportKind, Label, Scalar, Syntax, Visibility};
pub(crate) use lexer::{Token, TokenKind, tokens};
pub(crate) use locate::{Element, Part};
pub(crate) use option::{MessageValue, OptionEntry, OptionStep, OptionValue, Options, ValueField};
pub(crate) use parse::{ParsedFile, built_in, is_built_in, package, parse};
pub(crate) use reserved::{NumberRange, ReservedOf};
pub(crate) use resolve::{LinkFaults, Missing, Site, Target};
pub(crate) use root::Root;
pub(crate) use standard::{built_in_types, options_message};

use data::FileData;
pub(crate) use element::FileIndex;
use resolve::{Links, TypeRef};
use std::sync::Arc;

/// All files of a run, linked.
pub struct Schema {
    files: Vec<Arc<FileData>>,
    links: Vec<Links>,
    places: Vec<FilePlace>,
    faults: LinkFaults,
}

/// Where a file belongs.
#[derive(Clone, Debug)]
pub(crate) struct FilePlace {
    /// Which import root holds it.
    pub(crate) root: u32,
    /// Whether findings on it are wanted.
    pub(crate) target: bool,
    /// The files its imports mean, in the order of the statements.
    pub(crate) imports: Vec<Option<FileIndex>>,
    /// The imports that were not found, by the index of the statement.
    pub(crate) missing: Vec<(u32, MissingImport)>,
}

/// An import that was not found.
#[derive(Clone, Debug)]
pub(crate) struct MissingImport {
    /// The first directories that were searched, as the user would write them.
    pub(crate) searched: Vec<String>,
    /// How many more were.
    pub(crate) more_searched: usize,
    /// A directory that was not searched and holds the file.
    pub(crate) held_by: Option<String>,
    /// The file was found but cannot be parsed: its path.
    pub(crate) broken: Option<String>,
}

impl Schema {
    /// Links parsed files. `places` says for each file where it belongs and what its imports mean.
    pub(crate) fn link(files: Vec<ParsedFile>, places: Vec<FilePlace>) -> Schema {
        let files: Vec<Arc<FileData>> = files.into_iter().map(|file| file.data).collect();
        resolve::resolve(files, places)
    }

    /// Links parsed files that are all of one root and asked about, sorted by name. What they import from elsewhere is
    /// not found, and not told.
    pub(crate) fn link_one_root(files: Vec<ParsedFile>) -> Schema {
        let index = |name: &str| files.binary_search_by(|file| file.name().cmp(name)).ok().map(|at| at as u32);
        let place = |file: &ParsedFile| FilePlace {
            root: 0,
            target: true,
            imports: file.imports().map(index).collect(),
            missing: Vec::new(),
        };
        let places = files.iter().map(place).collect();
        Schema::link(files, places)
    }

    /// All files, imports included, sorted by root and name.
    pub fn files(&self) -> impl ExactSizeIterator<Item = File<'_>> {
        (0..self.files.len() as u32).map(move |index| File { schema: self, index })
    }

    pub(crate) fn file_at(&self, index: FileIndex) -> File<'_> {
        File { schema: self, index }
    }

    /// What is wrong between files.
    pub(crate) fn faults(&self) -> &LinkFaults {
        &self.faults
    }

    fn type_of(&self, reference: TypeRef) -> FieldType<'_> {
        match reference.target() {
            Some(Target::Message(file, index)) => FieldType::Message(Message { file: self.file_at(file), index }),
            Some(Target::Enum(file, index)) => FieldType::Enum(Enum { file: self.file_at(file), index }),
            _ => FieldType::Unresolved,
        }
    }
}
