//! Names in brackets of option values, as rules see them.

use super::super::link::Target;
use super::super::locate::Element;
use super::{Field, FieldType, File, Message};

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

    /// The message or enum that `name` stands for in a scope, by the innermost scope that has it: where a damaged
    /// statement is in no schema.
    pub(crate) fn type_from(self, scope: &str, name: &str) -> Option<Element<'s>> {
        let find = |full_name: &str| {
            let found = self.links().bracket_names.get_full(self.index, self.schema.linked_files(), full_name)?;
            match self.schema.type_of(found.into()) {
                FieldType::Message(message) => Some(Element::from(message)),
                FieldType::Enum(enumeration) => Some(Element::from(enumeration)),
                FieldType::Scalar(_) | FieldType::Unresolved => None,
            }
        };
        if let Some(absolute) = name.strip_prefix('.') {
            return find(absolute);
        }
        let ends = std::iter::once(scope.len()).chain(scope.rmatch_indices('.').map(|(at, _)| at));
        let mut scopes = ends.map(|end| &scope[..end]).filter(|scope| !scope.is_empty());
        scopes.find_map(|scope| find(&format!("{scope}.{name}"))).or_else(|| find(name))
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
