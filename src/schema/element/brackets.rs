//! Names in brackets of option values, as rules see them.

use super::super::link::Target;
use super::{Field, File, Message};

impl<'s> File<'s> {
    /// The field that `name` stands for in a value of `holder`: an extension, in all but odd cases.
    pub(crate) fn field_in_braces(self, holder: Message<'_>, name: &str) -> Option<Field<'s>> {
        match self.in_braces(holder, name)? {
            Target::Field(file, index) => Some(self.schema.file_at(file).field_at(index)),
            _ => None,
        }
    }

    /// The message that `name` stands for in a value of `holder`.
    pub(crate) fn message_in_braces(self, holder: Message<'_>, name: &str) -> Option<Message<'s>> {
        self.message_of(self.in_braces(holder, name))
    }

    /// The message of that full name, packed in a value.
    pub(crate) fn message_packed(self, full_name: &str) -> Option<Message<'s>> {
        self.message_of(self.links().bracket_names.get_full(self.index, self.schema.linked_files(), full_name))
    }

    fn in_braces(self, holder: Message<'_>, name: &str) -> Option<Target> {
        self.links().bracket_names.get(self.index, self.schema.linked_files(), holder.full_name(), name)
    }

    fn message_of(self, target: Option<Target>) -> Option<Message<'s>> {
        match target? {
            Target::Message(file, index) => Some(Message { file: self.schema.file_at(file), index }),
            _ => None,
        }
    }

    /// Whether all files that supply names were found; otherwise an unknown name proves nothing.
    pub(crate) fn sees_all(self) -> bool {
        !self.links().incomplete
    }
}
