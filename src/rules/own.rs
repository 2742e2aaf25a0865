//! Rules of one's own: what a configuration declares becomes a rule like any other, with a page that is made of it.
//! Conditions are CEL over the elements of a schema. It does not know how a configuration is written, or where it is.

mod compile;
pub(crate) mod elements;
mod intern;
mod page;
mod place;
mod run;

pub(crate) use compile::ExpressionFault;
pub(crate) use elements::{ChangeSeen, Elements};
pub(crate) use intern::{declare, rule_of};
pub(crate) use page::is_address;
pub(crate) use place::At;

use crate::cel::Program;
use crate::finding::Severity;

/// What a rule is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Each file.
    File,
    /// Each import of a file.
    Import,
    /// Messages at every depth, map entries aside.
    Message,
    /// Fields of messages, those of map entries aside.
    Field,
    /// Oneofs, as far as they are written.
    Oneof,
    /// Enums at every depth.
    Enum,
    /// Values of enums.
    EnumValue,
    /// Services.
    Service,
    /// Rpcs of services.
    Rpc,
    /// Extension fields at every depth.
    Extension,
    /// Changes that `breaking` finds.
    Change,
}

impl Kind {
    /// All of them, in the order in which they are listed.
    pub(crate) const ALL: [Kind; 11] = [
        Kind::File,
        Kind::Import,
        Kind::Message,
        Kind::Field,
        Kind::Oneof,
        Kind::Enum,
        Kind::EnumValue,
        Kind::Service,
        Kind::Rpc,
        Kind::Extension,
        Kind::Change,
    ];

    /// The word that configurations use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Import => "import",
            Kind::Message => "message",
            Kind::Field => "field",
            Kind::Oneof => "oneof",
            Kind::Enum => "enum",
            Kind::EnumValue => "enum_value",
            Kind::Service => "service",
            Kind::Rpc => "rpc",
            Kind::Extension => "extension",
            Kind::Change => "change",
        }
    }

    /// The variable that stands for the element beside `this`; none for imports, as CEL reserves the word.
    pub(crate) fn variable(self) -> Option<&'static str> {
        (self != Kind::Import).then(|| self.name())
    }

    /// As texts name it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::EnumValue => "enum value",
            kind => kind.name(),
        }
    }
}

/// What a configuration says of a rule. Two that are equal are one rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Declaration {
    /// SCREAMING_SNAKE_CASE.
    pub(crate) id: String,
    pub(crate) on: Kind,
    /// Which elements it is about, in CEL; all where there is none.
    pub(crate) condition: Option<String>,
    /// What must hold, in CEL.
    pub(crate) require: String,
    /// What a finding says, in CEL.
    pub(crate) message: Option<String>,
    /// What to do, ready to paste.
    pub(crate) help: Option<String>,
    pub(crate) at: At,
    pub(crate) severity: Severity,
    /// An address, or a path relative to the directory of the configuration.
    pub(crate) docs: Option<String>,
    pub(crate) good: Vec<Example>,
    pub(crate) bad: Vec<Example>,
}

/// What a rule can be tried on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Example {
    /// The text of a file.
    File(String),
    /// The text of a file before and after a change.
    Change { before: String, after: String },
}

impl Example {
    /// Whether rules of a kind are tried on such.
    pub(crate) fn fits(&self, kind: Kind) -> bool {
        matches!(self, Example::Change { .. }) == (kind == Kind::Change)
    }
}

/// A rule of one's own.
#[derive(Debug)]
pub(crate) struct OwnRule {
    pub(crate) declaration: Declaration,
    condition: Option<Program>,
    require: Program,
    message: Option<Program>,
}
