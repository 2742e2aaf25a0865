//! Files and their imports, as rules see them.

use super::super::Schema;
use super::super::data::{FileData, FileIndex, ImportData, ImportKind, Run, Syntax};
use super::super::link::{Links, MissingImport, Site, Target, Unresolved};
use super::super::member_index::MemberIndex;
use super::super::option::Options;
use super::{Enum, Field, Message, Method, Service};
use crate::source::{FileId, Span};

/// A file of the schema.
#[derive(Clone, Copy)]
pub struct File<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) index: FileIndex,
}

handle!(
    /// An import statement.
    Import, ImportData, imports
);

impl PartialEq for File<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.schema, other.schema)
    }
}

impl Eq for File<'_> {}

impl<'s> File<'s> {
    pub(crate) fn data(self) -> &'s FileData {
        &self.schema.files[self.index as usize]
    }

    fn file(self) -> File<'s> {
        self
    }

    /// Whether anything is wrong with its text, also where all of it could be read.
    pub(crate) fn has_faults(self) -> bool {
        self.data().has_faults
    }

    /// Whether a part of it could not be read.
    pub(crate) fn is_damaged(self) -> bool {
        self.data().damage.is_some()
    }

    /// Whether it can be known which syntax it is written in.
    pub(crate) fn is_syntax_known(self) -> bool {
        self.data().damage.as_ref().is_none_or(|damage| !damage.syntax)
    }

    /// Whether its package can be known.
    pub(crate) fn is_package_known(self) -> bool {
        self.data().damage.as_ref().is_none_or(|damage| !damage.package)
    }

    /// The package, where it can be known.
    pub(crate) fn known_package(self) -> Option<&'s str> {
        self.package().filter(|_| self.is_package_known())
    }

    /// Whether all options are known that it sets for what is in it.
    pub(crate) fn are_options_known(self) -> bool {
        self.data().damage.as_ref().is_none_or(|damage| !damage.options)
    }

    /// The path relative to the root, as imports name it.
    pub fn name(self) -> &'s str {
        &self.data().name
    }

    /// The text it was read from; built-in files have none.
    pub fn source(self) -> Option<FileId> {
        self.data().source
    }

    /// Which import root it belongs to; rules over packages look at one root at a time.
    pub(crate) fn root(self) -> u32 {
        self.schema.places[self.index as usize].root
    }

    /// What its import root is called, where that was inferred.
    pub(crate) fn inferred_root(self) -> Option<&'s str> {
        self.schema.places[self.index as usize].inferred_root.as_deref()
    }

    /// Whether findings on it are wanted.
    pub(crate) fn is_target(self) -> bool {
        self.schema.places[self.index as usize].target
    }

    pub(crate) fn links(self) -> &'s Links {
        &self.schema.links[self.index as usize]
    }

    pub(super) fn members(self) -> &'s MemberIndex {
        &self.links().members
    }

    /// The imports that were not found, each with what is known about it.
    pub(crate) fn missing_imports(self) -> impl Iterator<Item = (Import<'s>, &'s MissingImport)> {
        let missing = &self.schema.places[self.index as usize].missing;
        missing.iter().map(move |(index, missing)| (Import { file: self, index: *index }, missing))
    }

    pub(crate) fn field_at(self, index: u32) -> Field<'s> {
        Field { file: self, index }
    }

    pub(crate) fn method_at(self, index: u32) -> Method<'s> {
        Method { file: self, index }
    }

    /// The names of enums where messages are asked for: extended, or carried by an rpc.
    pub(crate) fn enums_for_messages(self) -> impl Iterator<Item = Site> {
        let (data, links) = (self.data(), self.links());
        let extensions = (0..)
            .zip(&data.fields)
            .filter_map(|(at, field)| Some((Site::Extendee(at), links.extendees[field.extendee? as usize].target()?)));
        let inputs = (0..).zip(&links.inputs).filter_map(|(at, input)| Some((Site::Input(at), input.target()?)));
        let outputs = (0..).zip(&links.outputs).filter_map(|(at, output)| Some((Site::Output(at), output.target()?)));
        let all = extensions.chain(inputs).chain(outputs);
        all.filter(|(_, target)| !matches!(target, Target::Message(..))).map(|(site, _)| site)
    }

    /// The names in it that stand for nothing.
    pub(crate) fn unresolved(self) -> &'s [Unresolved] {
        &self.links().unresolved
    }

    /// How it says which language it is written in.
    pub fn syntax(self) -> Syntax {
        self.data().syntax
    }

    /// The package; `None` where the file has no `package` statement.
    pub fn package(self) -> Option<&'s str> {
        self.data().package.map(|text| self.data().text(text))
    }

    /// The directory part of its name, without a trailing slash; `.` at the root.
    pub fn directory(self) -> &'s str {
        self.name().rsplit_once('/').map_or(".", |(directory, _)| directory)
    }

    /// Its options as written.
    pub(crate) fn options(self) -> Options<'s> {
        Options::new(self, self.data().options_run)
    }

    /// All messages of the file, at every depth, map entries included.
    pub fn all_messages(self) -> impl Iterator<Item = Message<'s>> {
        (0..self.data().messages.len() as u32).map(move |index| Message { file: self, index })
    }

    /// All enums of the file, at every depth.
    pub fn all_enums(self) -> impl Iterator<Item = Enum<'s>> {
        (0..self.data().enums.len() as u32).map(move |index| Enum { file: self, index })
    }

    /// All fields and extensions of the file, those of map entries included.
    pub fn all_fields(self) -> impl Iterator<Item = Field<'s>> {
        (0..self.data().fields.len() as u32).map(move |index| Field { file: self, index })
    }

    children!(
        /// The import statements.
        imports, Import, |data| Run { start: 0, len: data.imports.len() as u32 }
    );
    children!(
        /// The messages at the top level.
        messages, Message, |data| data.top_messages
    );
    children!(
        /// The enums at the top level.
        enums, Enum, |data| data.top_enums
    );
    children!(
        /// The extensions at the top level.
        extensions, Field, |data| data.top_extensions
    );
    children!(
        /// The services.
        services, Service, |data| Run { start: 0, len: data.services.len() as u32 }
    );
}

impl<'s> Import<'s> {
    /// The path as written.
    pub fn path(self) -> &'s str {
        self.file.data().text(self.data().path)
    }

    /// Which word stands before the path.
    pub fn kind(self) -> ImportKind {
        self.data().kind
    }

    /// The file meant; `None` where it was not found.
    pub fn target(self) -> Option<File<'s>> {
        let target = self.file.links().imports[self.index as usize]?;
        Some(File { schema: self.file.schema, index: target })
    }

    pub(crate) fn span(self) -> Span {
        self.data().span
    }

    /// Whether it supplies a name that its file uses; true where that is not known.
    pub fn is_used(self) -> bool {
        let links = self.file.links();
        links.used[self.index as usize] || links.incomplete || !links.unresolved.is_empty()
    }
}
