//! Names in brackets of option values, as rules see them.

use super::super::link::Target;
use super::{Field, File, Message};

impl<'s> File<'s> {
    /// The extension that `name` stands for in a value of `holder`.
    pub(crate) fn extension_in_braces(self, holder: Message<'_>, name: &str) -> Option<Field<'s>> {
        let names = &self.links().bracket_names;
        match names.extension(self.index, self.schema.linked_files(), holder.full_name(), name)? {
            Target::Extension(file, index) => Some(self.schema.file_at(file).field_at(index)),
            _ => None,
        }
    }

    /// The message that `name` stands for in a value of `holder`.
    pub(crate) fn message_in_braces(self, holder: Message<'_>, name: &str) -> Option<Message<'s>> {
        let names = &self.links().bracket_names;
        match names.message(self.index, self.schema.linked_files(), holder.full_name(), name)? {
            Target::Message(file, index) => Some(Message { file: self.schema.file_at(file), index }),
            _ => None,
        }
    }

    /// Whether all files that supply names were found; otherwise an unknown name proves nothing.
    pub(crate) fn sees_all(self) -> bool {
        !self.links().incomplete
    }
}
