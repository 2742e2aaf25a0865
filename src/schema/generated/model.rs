//! What a made up tree of files declares. It uses no syntax.

mod lookup;

use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Whether the file says so.
    Proto2 {
        is_written: bool,
    },
    Proto3,
    Edition(u32),
}

impl Language {
    pub(super) fn is_edition(self) -> bool {
        matches!(self, Language::Edition(_))
    }
}

/// What a name is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// The type of a field; what is none is skipped.
    Type,
    /// What is extended, or what an rpc takes and gives.
    Message,
    Option,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Package,
    Message,
    Enum,
    Service,
    /// Fields, values, oneofs, rpcs.
    Other,
}

/// What a file switches for all it declares.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Switches {
    pub(super) is_implicit: bool,
    pub(super) is_closed: bool,
    pub(super) is_strict: bool,
    /// The default of what is seen elsewhere, of edition 2024.
    pub(super) visibility: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: &'static str,
    pub(super) package: &'static str,
    pub(super) language: Language,
    pub(super) switches: Switches,
    /// `public`, `weak`, `option` or nothing, and which file.
    pub(super) imports: Vec<(&'static str, usize)>,
    /// The files of protobuf itself that it imports.
    pub(super) well_known: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Scalar(&'static str),
    Message(usize),
    Enum(usize),
    Group(usize),
    Map(&'static str, Box<Type>),
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    None,
    Optional,
    Required,
    Repeated,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) number: i32,
    pub(super) label: Label,
    pub(super) of: Type,
    pub(super) oneof: Option<usize>,
    /// A feature of its own.
    pub(super) presence: Option<&'static str>,
    pub(super) json_name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extendee {
    Message(usize),
    /// A message of options.
    Options(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Extension {
    pub(super) file: usize,
    pub(super) scope: Option<usize>,
    pub(super) full_name: String,
    pub(super) extendee: Extendee,
    pub(super) field: Field,
}

#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) number: i32,
    pub(super) is_reserved: bool,
    pub(super) is_repeated: bool,
    pub(super) full_name: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) name: String,
    pub(super) full_name: String,
    /// `export`, `local` or nothing.
    pub(super) visibility: &'static str,
    pub(super) is_exported: bool,
    pub(super) is_group: bool,
    pub(super) is_message_set: bool,
    pub(super) fields: Vec<Field>,
    pub(super) oneofs: Vec<String>,
    pub(super) reserved: Vec<(i32, i32)>,
    pub(super) reserved_names: Vec<String>,
    pub(super) extensible: Vec<(i32, i32)>,
    pub(super) declared: Vec<Declared>,
    /// The keys of the fields in JSON.
    pub(super) keys: BTreeSet<String>,
    pub(super) next_number: i32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Enum {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) visibility: &'static str,
    pub(super) is_exported: bool,
    /// Whether it says itself whether it is closed.
    pub(super) says_type: bool,
    pub(super) is_closed: bool,
    pub(super) has_aliases: bool,
    pub(super) values: Vec<(String, i32)>,
    pub(super) reserved: Vec<(i32, i32)>,
    pub(super) reserved_names: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) input: usize,
    pub(super) output: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) file: usize,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) methods: Vec<Method>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) files: Vec<File>,
    pub(super) messages: Vec<Message>,
    pub(super) enums: Vec<Enum>,
    pub(super) services: Vec<Service>,
    pub(super) extensions: Vec<Extension>,
    /// All full names: what they are, and the file they are of.
    pub(super) symbols: BTreeMap<String, (Kind, usize)>,
    pub(super) next_option: i32,
}

pub(super) fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

impl World {
    /// The full name that `parent` gives to what is in it.
    pub(super) fn scope(&self, file: usize, parent: Option<usize>) -> String {
        parent.map_or(self.files[file].package.to_owned(), |parent| self.messages[parent].full_name.clone())
    }

    pub(super) fn is_implicit(&self, message: usize, field: &Field) -> bool {
        let file = &self.files[self.messages[message].file];
        match file.language {
            Language::Proto2 { .. } => false,
            Language::Proto3 => field.label == Label::None && field.oneof.is_none(),
            Language::Edition(_) if field.oneof.is_some() || field.label == Label::Repeated => false,
            Language::Edition(_) => field.presence.map_or(file.switches.is_implicit, |presence| presence == "IMPLICIT"),
        }
    }
}
