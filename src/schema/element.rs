//! Handles of a schema's elements: small, `Copy`, and all that rules see. A handle is an index with the schema it
//! belongs to; what it says about other files comes from name resolution.

use std::hash::{Hash, Hasher};

use super::data::{
    Declared, EnumData, EnumValueData, FieldData, FileData, ImportData, ImportKind, Label, MessageData, MethodData,
    OneofData, Run, Scalar, ServiceData, Syntax, Visibility, WrittenType,
};
use super::option::Options;
use super::reserved::ReservedOf;
use super::resolve::{Links, Site, Target, TypeRef, Unresolved};
use super::{MissingImport, Schema};
use crate::source::{FileId, Span};

/// Position of a file in its schema, 0-based.
pub(crate) type FileIndex = u32;

/// A file of the schema.
#[derive(Clone, Copy)]
pub struct File<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) index: FileIndex,
}

macro_rules! handle {
    ($(#[$doc:meta])* $Handle:ident, $Data:ty, $arena:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $Handle<'s> {
            pub(crate) file: File<'s>,
            pub(crate) index: u32,
        }

        impl<'s> $Handle<'s> {
            pub(crate) fn data(self) -> &'s $Data {
                &self.file.data().$arena[self.index as usize]
            }

            /// The file it is declared in.
            pub fn file(self) -> File<'s> {
                self.file
            }
        }

        impl PartialEq for $Handle<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.file == other.file && self.index == other.index
            }
        }

        impl Eq for $Handle<'_> {}
    };
}

macro_rules! declared {
    ($($Handle:ident)*) => { $(
        impl<'s> $Handle<'s> {
            /// The short name, as written; groups' fields in lower case.
            pub fn name(self) -> &'s str {
                self.file.data().text(self.data().name)
            }

            /// Where its declaration stands.
            pub(crate) fn place(self) -> Declared {
                self.data().place
            }

            /// Whether a leading comment says something about it.
            pub fn is_documented(self) -> bool {
                self.data().place.documented
            }

            /// Its options as written.
            pub(crate) fn options(self) -> Options<'s> {
                Options::new(self.file, self.data().options)
            }
        }
    )* };
}

handle!(
    /// An import statement.
    Import, ImportData, imports
);
handle!(
    /// A message, map entries and groups' messages included.
    Message, MessageData, messages
);
handle!(
    /// A field of a message, or an extension.
    Field, FieldData, fields
);
handle!(
    /// A oneof, the synthetic ones of proto3 `optional` included.
    Oneof, OneofData, oneofs
);
handle!(
    /// An enum.
    Enum, EnumData, enums
);
handle!(
    /// A value of an enum.
    EnumValue, EnumValueData, values
);
handle!(
    /// A service.
    Service, ServiceData, services
);
handle!(
    /// An rpc of a service.
    Method, MethodData, methods
);
declared!(Message Field Oneof Enum EnumValue Service Method);

impl PartialEq for File<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.schema, other.schema)
    }
}

impl Eq for File<'_> {}

impl Hash for File<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

macro_rules! children {
    ($(#[$doc:meta])* $method:ident, $Handle:ident, |$data:ident| $run:expr) => {
        $(#[$doc])*
        pub fn $method(self) -> impl DoubleEndedIterator<Item = $Handle<'s>> + ExactSizeIterator + Clone {
            let $data = self.data();
            let run: Run = $run;
            let file = self.file();
            run.indexes().map(move |index| $Handle { file, index })
        }
    };
}

impl<'s> File<'s> {
    pub(crate) fn data(self) -> &'s FileData {
        &self.schema.files[self.index as usize]
    }

    fn file(self) -> File<'s> {
        self
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

    /// Whether findings on it are wanted.
    pub(crate) fn is_target(self) -> bool {
        self.schema.places[self.index as usize].target
    }

    pub(crate) fn links(self) -> &'s Links {
        &self.schema.links[self.index as usize]
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

    /// The names that stand for a type of the wrong kind.
    pub(crate) fn wrong_targets(self) -> impl Iterator<Item = (Site, Target)> {
        let (data, links) = (self.data(), self.links());
        let extensions = (0..).zip(&data.fields).filter_map(|(at, field)| {
            Some((Site::Extendee(at), links.extendees[field.extendee? as usize].target()?))
        });
        let inputs = (0..).zip(&links.inputs).filter_map(|(at, input)| Some((Site::Input(at), input.target()?)));
        let outputs = (0..).zip(&links.outputs).filter_map(|(at, output)| Some((Site::Output(at), output.target()?)));
        extensions.chain(inputs).chain(outputs).filter(|(_, target)| !matches!(target, Target::Message(..)))
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

    /// Whether it supplies a name that its file uses; true where that cannot be told.
    pub fn is_used(self) -> bool {
        let links = self.file.links();
        links.used[self.index as usize] || links.incomplete || !links.unresolved.is_empty()
    }
}

impl<'s> Message<'s> {
    /// Package and all enclosing names, joined by dots.
    pub fn full_name(self) -> &'s str {
        self.file.data().text(self.data().full_name)
    }

    /// The message it is nested in.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|index| Message { file: self.file, index })
    }

    /// Whether it was made for a map field.
    pub fn is_map_entry(self) -> bool {
        self.data().map_entry
    }

    /// `export` or `local`.
    pub fn visibility(self) -> Visibility {
        self.data().visibility
    }

    /// What it reserves.
    pub(crate) fn reserved(self) -> ReservedOf<'s> {
        ReservedOf::new(self.file, self.data().reserved)
    }

    children!(
        /// Its fields in the order of declaration.
        fields, Field, |data| data.fields
    );
    children!(
        /// Its oneofs, synthetic ones last.
        oneofs, Oneof, |data| data.oneofs
    );
    children!(
        /// The messages nested in it.
        messages, Message, |data| data.messages
    );
    children!(
        /// The enums nested in it.
        enums, Enum, |data| data.enums
    );
    children!(
        /// The extensions declared in it.
        extensions, Field, |data| data.extensions
    );
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldType<'s> {
    /// A scalar.
    Scalar(Scalar),
    /// A message, map entries and groups included.
    Message(Message<'s>),
    /// An enum.
    Enum(Enum<'s>),
    /// A name that could not be resolved; nothing may be concluded from it.
    Unresolved,
}

impl<'s> Field<'s> {
    /// Package, enclosing names and name, joined by dots.
    pub fn full_name(self) -> String {
        let scope = match self.parent() {
            Some(message) => message.full_name(),
            None => self.file.package().unwrap_or_default(),
        };
        if scope.is_empty() { self.name().to_owned() } else { format!("{scope}.{}", self.name()) }
    }

    /// The field number.
    pub fn number(self) -> i32 {
        self.data().number
    }

    /// The label of the descriptor.
    pub fn label(self) -> Label {
        self.data().label
    }

    /// The message it is declared in; for a field the one it belongs to.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|index| Message { file: self.file, index })
    }

    /// Whether it extends a message from outside.
    pub fn is_extension(self) -> bool {
        self.data().extendee.is_some()
    }

    /// The message an extension extends, where that could be resolved.
    pub fn extendee(self) -> Option<Message<'s>> {
        match self.file.links().extendees[self.data().extendee? as usize].target() {
            Some(Target::Message(file, index)) => Some(Message { file: File { schema: self.file.schema, index: file }, index }),
            _ => None,
        }
    }

    /// Whether it was made for a map entry.
    pub fn is_in_map_entry(self) -> bool {
        !self.is_extension() && self.parent().is_some_and(Message::is_map_entry)
    }

    /// Whether it is written as a `group`.
    pub fn is_group(self) -> bool {
        self.data().written_type == WrittenType::Group
    }

    /// Whether it is a `map<K, V>`.
    pub fn is_map(self) -> bool {
        matches!(self.field_type(), FieldType::Message(message) if message.is_map_entry() && self.label() == Label::Repeated)
    }

    /// The oneof it is in, synthetic ones included.
    pub fn oneof(self) -> Option<Oneof<'s>> {
        self.data().oneof.map(|index| Oneof { file: self.file, index })
    }

    /// Whether `optional` is written in proto3.
    pub fn is_proto3_optional(self) -> bool {
        self.data().proto3_optional
    }

    /// What it holds.
    pub fn field_type(self) -> FieldType<'s> {
        match self.data().written_type {
            WrittenType::Scalar(scalar) => FieldType::Scalar(scalar),
            _ => self.file.schema.type_of(self.file.links().field_types[self.index as usize]),
        }
    }

    /// The name of the extended message as written; empty for fields that are no extensions.
    pub(crate) fn written_extendee(self) -> &'s str {
        let data = self.file.data();
        self.data().extendee.map_or("", |at| data.text(data.extendees[at as usize].name))
    }

    /// The type name as written; empty for scalars.
    pub(crate) fn written_type_name(self) -> &'s str {
        self.file.data().text(self.data().type_name)
    }

    /// `json_name` as written.
    pub fn written_json_name(self) -> Option<&'s str> {
        self.data().json_name.map(|text| self.file.data().text(text))
    }

    /// `default` as written, strings unescaped.
    pub fn written_default(self) -> Option<&'s str> {
        self.data().default.map(|text| self.file.data().text(text))
    }
}

impl<'s> Oneof<'s> {
    /// The message it belongs to.
    pub fn parent(self) -> Message<'s> {
        Message { file: self.file, index: self.data().parent }
    }

    /// Whether it was made for a proto3 `optional` field.
    pub fn is_synthetic(self) -> bool {
        self.data().synthetic
    }

    /// Its fields.
    pub fn fields(self) -> impl Iterator<Item = Field<'s>> {
        self.parent().fields().filter(move |field| field.data().oneof == Some(self.index))
    }
}

impl<'s> Enum<'s> {
    /// Package and all enclosing names, joined by dots.
    pub fn full_name(self) -> &'s str {
        self.file.data().text(self.data().full_name)
    }

    /// The message it is nested in.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|index| Message { file: self.file, index })
    }

    /// `export` or `local`.
    pub fn visibility(self) -> Visibility {
        self.data().visibility
    }

    /// What it reserves.
    pub(crate) fn reserved(self) -> ReservedOf<'s> {
        ReservedOf::new(self.file, self.data().reserved)
    }

    children!(
        /// Its values in the order of declaration.
        values, EnumValue, |data| data.values
    );
}

impl<'s> EnumValue<'s> {
    /// The enum it belongs to.
    pub fn parent(self) -> Enum<'s> {
        Enum { file: self.file, index: self.data().parent }
    }

    /// The number on the wire.
    pub fn number(self) -> i32 {
        self.data().number
    }
}

impl<'s> Service<'s> {
    /// Package and name, joined by a dot.
    pub fn full_name(self) -> &'s str {
        self.file.data().text(self.data().full_name)
    }

    children!(
        /// Its rpcs in the order of declaration.
        methods, Method, |data| data.methods
    );
}

impl<'s> Method<'s> {
    /// The service it belongs to.
    pub fn parent(self) -> Service<'s> {
        Service { file: self.file, index: self.data().parent }
    }

    /// The request type, where it could be resolved.
    pub fn input(self) -> Option<Message<'s>> {
        self.message(self.file.links().inputs[self.index as usize])
    }

    /// The response type, where it could be resolved.
    pub fn output(self) -> Option<Message<'s>> {
        self.message(self.file.links().outputs[self.index as usize])
    }

    fn message(self, reference: TypeRef) -> Option<Message<'s>> {
        match self.file.schema.type_of(reference) {
            FieldType::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The name of the request type as written.
    pub fn written_input(self) -> &'s str {
        self.file.data().text(self.data().input)
    }

    /// The name of the response type as written.
    pub fn written_output(self) -> &'s str {
        self.file.data().text(self.data().output)
    }

    /// Whether the request is a stream.
    pub fn is_client_streaming(self) -> bool {
        self.data().client_streaming
    }

    /// Whether the response is a stream.
    pub fn is_server_streaming(self) -> bool {
        self.data().server_streaming
    }
}
