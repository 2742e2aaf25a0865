//! Schemas as trees of plain data: what is generated, changed and written as text. Types are referred to by index, so that
//! a type can change its name or its place and its users follow.

use crate::schema::Scalar;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Proto2,
    Proto3,
    Edition,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) files: Vec<FileModel>,
    pub(super) messages: Vec<MessageModel>,
    pub(super) enums: Vec<EnumModel>,
    pub(super) extensions: Vec<ExtensionModel>,
    /// Grows by each name that is made up.
    pub(super) names: usize,
}

#[derive(Clone, Debug)]
pub(super) struct FileModel {
    pub(super) package: String,
    pub(super) language: Language,
}

/// Where a type is declared: in a file, or in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    File(usize),
    Message(usize),
}

#[derive(Clone, Debug)]
pub(super) struct MessageModel {
    pub(super) name: String,
    pub(super) home: Home,
    pub(super) fields: Vec<FieldModel>,
    pub(super) reserved: Reserved,
    pub(super) is_extensible: bool,
    pub(super) is_gone: bool,
}

#[derive(Clone, Debug)]
pub(super) struct EnumModel {
    pub(super) name: String,
    pub(super) home: Home,
    pub(super) values: Vec<(String, i32)>,
    /// As far as the language leaves a choice.
    pub(super) is_closed: bool,
    pub(super) reserved: Reserved,
    pub(super) is_gone: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Reserved {
    pub(super) numbers: Vec<i32>,
    pub(super) names: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct ExtensionModel {
    pub(super) file: usize,
    pub(super) extendee: usize,
    pub(super) field: FieldModel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Scalar(Scalar),
    Message(usize),
    Enum(usize),
    /// The key, and what the values are.
    Map(Scalar, Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Scalar(Scalar),
    Message(usize),
    Enum(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Without presence, where the language has such fields.
    Plain,
    Optional,
    Required,
    Repeated,
}

#[derive(Clone, Debug)]
pub(super) struct FieldModel {
    pub(super) name: String,
    pub(super) number: i32,
    pub(super) of: Type,
    pub(super) label: Label,
    pub(super) oneof: Option<String>,
    pub(super) default: Option<String>,
    pub(super) packed: Option<bool>,
    pub(super) json_name: Option<String>,
    /// A group, or what editions have for it.
    pub(super) is_delimited: bool,
    /// A string of an edition that may hold what is no UTF-8.
    pub(super) is_unchecked: bool,
}

impl FieldModel {
    pub(super) fn new(name: String, number: i32, of: Type, label: Label) -> FieldModel {
        FieldModel {
            name,
            number,
            of,
            label,
            oneof: None,
            default: None,
            packed: None,
            json_name: None,
            is_delimited: false,
            is_unchecked: false,
        }
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.of, Type::Map(..))
    }

    /// The message or the enum that it needs.
    pub(super) fn target(&self) -> Option<Type> {
        match self.of {
            Type::Scalar(_) | Type::Map(_, Value::Scalar(_)) => None,
            Type::Map(_, Value::Message(at)) => Some(Type::Message(at)),
            Type::Map(_, Value::Enum(at)) => Some(Type::Enum(at)),
            named => Some(named),
        }
    }
}

impl Model {
    pub(super) fn file_of(&self, home: Home) -> usize {
        match home {
            Home::File(file) => file,
            Home::Message(at) => self.file_of(self.messages[at].home),
        }
    }

    pub(super) fn language(&self, home: Home) -> Language {
        self.files[self.file_of(home)].language
    }

    pub(super) fn is_closed(&self, at: usize) -> bool {
        match self.language(self.enums[at].home) {
            Language::Proto2 => true,
            Language::Proto3 => false,
            Language::Edition => self.enums[at].is_closed,
        }
    }

    /// The indexes of the messages that there are.
    pub(super) fn living(&self) -> Vec<usize> {
        (0..self.messages.len()).filter(|&at| self.is_living(at)).collect()
    }

    pub(super) fn is_living(&self, at: usize) -> bool {
        let above = match self.messages[at].home {
            Home::File(_) => true,
            Home::Message(parent) => self.is_living(parent),
        };
        above && !self.messages[at].is_gone
    }

    /// The indexes of the enums that there are.
    pub(super) fn living_enums(&self) -> Vec<usize> {
        let is_there = |home| match home {
            Home::File(_) => true,
            Home::Message(parent) => self.is_living(parent),
        };
        let all = 0..self.enums.len();
        all.filter(|&at| !self.enums[at].is_gone && is_there(self.enums[at].home)).collect()
    }

    /// A word and a number that no other name has.
    pub(super) fn new_name(&mut self, word: &str) -> String {
        self.names += 1;
        format!("{word}{}", self.names)
    }

    /// The full name of a type, with a dot in front.
    pub(super) fn full_name(&self, home: Home, name: &str) -> String {
        match home {
            Home::Message(at) => format!("{}.{name}", self.full_name(self.messages[at].home, &self.messages[at].name)),
            Home::File(file) if self.files[file].package.is_empty() => format!(".{name}"),
            Home::File(file) => format!(".{}.{name}", self.files[file].package),
        }
    }
}
