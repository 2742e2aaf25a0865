//! The schema: all files of a run, parsed and linked, as rules see it. Names are resolved by protoc's scoping rule
//! within what each file imports; what cannot be resolved stays an element of its own kind. It uses no rules.

mod annotation;
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
mod judge;
mod kinds;
mod link;
mod locate;
mod lower;
mod member_index;
mod option;
mod parse;
mod reached;
mod reserved;
mod resource;
mod root;
mod standard;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use crate::syntax::{Fault, FaultKind};
pub(crate) use annotation::{Annotation, AnnotationValue, Annotations, quoted};
pub(crate) use comment::{Directive, DirectiveKind, DirectiveScope, Idle, IdleKind, without_directives};
pub use element::{Enum, EnumValue, Field, FieldType, File, Import, Message, Method, Oneof, Service};
pub use features::Presence;
pub(crate) use features::{FeatureOrigin, JsonFormat};
pub(crate) use judge::{Difference, Judgement, changed_meaning, judge};
pub use kinds::{ImportKind, Label, Scalar, Syntax, Visibility};
pub(crate) use link::{
    FilePlace, LinkFaults, Missing, MissingImport, Misuse, NameUse, Names, SeenNames, Site, Target, Unresolved,
};
pub(crate) use locate::{Element, ElementKey, Part};
pub(crate) use option::{MessageValue, OptionEntry, OptionStep, OptionValue, Options, ValueField};
pub(crate) use parse::{ParsedFile, built_in, is_built_in, is_common, is_of_protobuf, package, parse};
pub(crate) use reached::Reached;
pub(crate) use reserved::{NumberRange, ReservedOf};
pub(crate) use resource::{Resource, ResourceReference};
pub(crate) use root::Root;
pub(crate) use standard::{built_in_types, options_message};

use data::FileData;
pub(crate) use data::{FileIndex, derived_json_name};
use link::{Files, Linked, Links, TypeRef};
use std::collections::BTreeSet;
use std::sync::Arc;

/// All files of a run, linked.
#[derive(Default)]
pub struct Schema {
    files: Vec<Arc<FileData>>,
    links: Vec<Arc<Links>>,
    places: Vec<FilePlace>,
    faults: LinkFaults,
}

impl Schema {
    /// Links parsed files. `places` says for each file where it belongs and what its imports mean.
    pub(crate) fn link(files: Vec<ParsedFile>, places: Vec<FilePlace>) -> Schema {
        Schema::default().relink(files, places)
    }

    /// Links the files of this schema once more after some of them changed. Names are resolved again only in files that
    /// are not those of this schema (a copy of a [`ParsedFile`] is), whose imports mean other files now, or that see
    /// such a file; all else is shared with this schema. `files` and `places` are as for [`Schema::link`], of all
    /// files, and the outcome is the same.
    pub(crate) fn relink(&self, files: Vec<ParsedFile>, places: Vec<FilePlace>) -> Schema {
        let files: Vec<Arc<FileData>> = files.into_iter().map(|file| file.data).collect();
        let before = Linked { files: self.linked_files(), links: &self.links, faults: &self.faults };
        let (links, faults) = link::link(Files::new(&files, &places), before);
        Schema { files, links, places, faults }
    }

    /// Links parsed files that are all target files of one root, sorted by name. What they import from elsewhere is
    /// not found, and not reported.
    pub(crate) fn link_one_root(files: Vec<ParsedFile>) -> Schema {
        let index = |name: &str| files.binary_search_by(|file| file.name().cmp(name)).ok().map(|at| at as u32);
        let place = |file: &ParsedFile| FilePlace {
            root: 0,
            target: true,
            imports: file.imports().map(index).collect(),
            missing: Vec::new(),
            inferred_root: None,
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

    /// The built-in files that stand for those that compilers have to be given, where files with a text import them;
    /// sorted by name.
    pub fn common_built_in(&self) -> BTreeSet<&str> {
        let is_common = |file: &File<'_>| file.source().is_none() && is_common(file.name());
        if !self.files().any(|file| is_common(&file)) {
            return BTreeSet::new();
        }
        let imports = self.files().filter(|file| file.source().is_some()).flat_map(|file| file.imports());
        imports.filter_map(|import| import.target().filter(is_common)).map(|file| file.name()).collect()
    }

    /// What is wrong between files.
    pub(crate) fn faults(&self) -> &LinkFaults {
        &self.faults
    }

    /// The names that a file sees; `more` are files that it could import.
    pub(crate) fn names_seen_by(&self, file: File<'_>, more: &[FileIndex]) -> SeenNames<'_> {
        SeenNames::new(file.index, self.linked_files(), more)
    }

    fn linked_files(&self) -> Files<'_> {
        Files::new(&self.files, &self.places)
    }

    fn type_of(&self, reference: TypeRef) -> FieldType<'_> {
        match reference.target() {
            Some(Target::Message(file, index)) => FieldType::Message(Message { file: self.file_at(file), index }),
            Some(Target::Enum(file, index)) => FieldType::Enum(Enum { file: self.file_at(file), index }),
            _ => FieldType::Unresolved,
        }
    }
}
