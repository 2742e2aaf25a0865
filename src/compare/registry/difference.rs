//! A difference that a registry rejects: what it calls it, where it is on either side, and what changed, in words that
//! hold in both directions of time.

use super::written::{described, map_with};
use crate::schema::{Element, Field, File, Part};

/// A part of an element.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub(crate) element: Element<'s>,
    pub(crate) part: Part<'static>,
}

impl<'s> Spot<'s> {
    pub(super) fn new(element: impl Into<Element<'s>>, part: Part<'static>) -> Spot<'s> {
        Spot { element: element.into(), part }
    }

    /// The name of an element, or of a file its start.
    pub(super) fn name(element: impl Into<Element<'s>>) -> Spot<'s> {
        Spot::new(element, Part::Name)
    }
}

/// What differs between what the writer and what the reader has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Only the writer has it.
    Gone(String),
    /// Only the reader has it.
    New(String),
    /// Something of it differs: its type, its label.
    Differs { what: String, property: &'static str, writer: String, reader: String },
    /// What its type refers to differs, in another file.
    TypeDiffers(String),
    /// Its type is the same, and the registry finds it on one side only.
    FoundOnce(String),
    /// Fields of the writer are in a oneof of the reader.
    Joined { what: String, is_one: bool, oneof: String },
    /// A field of the writer's oneof is none of the reader's.
    Left { what: String, oneof: String },
    /// The reader uses what the writer reserves.
    Taken(String),
    /// The writer reserves what the reader does not.
    Released { message: String, what: String },
}

impl Change {
    /// The change as a sentence without a full stop. The earlier side is the writer's, or else the reader's.
    pub(crate) fn text(&self, writer_is_earlier: bool) -> String {
        match self {
            Change::Gone(what) if writer_is_earlier => format!("{what} was deleted"),
            Change::New(what) if !writer_is_earlier => format!("{what} was deleted"),
            Change::Gone(what) | Change::New(what) => format!("{what} was added"),
            Change::Differs { what, property, writer, reader } => {
                let (from, to) = if writer_is_earlier { (writer, reader) } else { (reader, writer) };
                format!("{what} changed its {property} from {from} to {to}")
            }
            Change::TypeDiffers(what) => format!("{what} has a type that changed in another file"),
            Change::FoundOnce(what) => format!("{what} has a type that the registry finds on one side only"),
            Change::Joined { what, is_one, oneof } => {
                let verb = if writer_is_earlier { "moved into" } else { "moved out of" };
                let one = if *is_one { " with other fields" } else { "" };
                format!("{what} {verb} oneof `{oneof}`{one}")
            }
            Change::Left { what, oneof } => {
                let verb = if writer_is_earlier { "moved out of" } else { "moved into" };
                format!("{what} {verb} oneof `{oneof}`")
            }
            Change::Taken(what) if writer_is_earlier => format!("{what} uses what was reserved"),
            Change::Taken(what) => format!("{what} was deleted and reserved"),
            Change::Released { message, what } => {
                let verb = if writer_is_earlier { "no longer reserves" } else { "now reserves" };
                format!("{message} {verb} {what}")
            }
        }
    }
}

/// A difference that a registry rejects.
pub(crate) struct Difference<'s> {
    /// What the registry calls it in its answer.
    pub(crate) code: &'static str,
    /// Where it is, or where it is missed, in the file that writes.
    pub(crate) writer: Spot<'s>,
    /// The same in the file that reads.
    pub(crate) reader: Spot<'s>,
    pub(crate) change: Change,
}

/// Differences of two files, found in them or in what they import.
pub(super) struct Differences<'s> {
    files: (File<'s>, File<'s>),
    found: Vec<Difference<'s>>,
}

/// The fields of the two files whose types led to what is compared; none in the files themselves.
pub(super) type Entry<'s> = Option<(Field<'s>, Field<'s>)>;

impl<'s> Differences<'s> {
    pub(super) fn new(writer: File<'s>, reader: File<'s>) -> Differences<'s> {
        Differences { files: (writer, reader), found: Vec::new() }
    }

    /// Adds one. What is in other files is reported at the field that leads there, except where both are versions of
    /// one file, which is compared for itself.
    pub(super) fn add(
        &mut self,
        code: &'static str,
        (writer, reader): (Spot<'s>, Spot<'s>),
        change: Change,
        entry: Entry<'s>,
    ) {
        let (own, other) = (writer.element.file(), reader.element.file());
        let is_inside = own == self.files.0 && other == self.files.1;
        match entry {
            Some((from, to)) if !is_inside => {
                if own.name() == other.name() && own.is_target() && other.is_target() {
                    return;
                }
                let [writer, reader] = [from, to].map(|field| Spot::new(map_with(field), Part::Type));
                let change = Change::TypeDiffers(described(to));
                let is_known =
                    |known: &Difference<'s>| known.change == change && known.reader.element == reader.element;
                if !self.found.iter().any(is_known) {
                    self.found.push(Difference { code, writer, reader, change });
                }
            }
            _ => self.found.push(Difference { code, writer, reader, change }),
        }
    }

    pub(super) fn into_vec(self) -> Vec<Difference<'s>> {
        self.found
    }
}
