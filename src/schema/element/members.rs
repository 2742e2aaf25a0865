//! Members of messages and enums by name or number, as rules see them.

use super::{Enum, EnumValue, Field, Message};

impl<'s> Message<'s> {
    fn field_at(self, index: u32) -> Field<'s> {
        Field { file: self.file, index }
    }

    /// Its field of that name, the first declared.
    pub(crate) fn field_named(self, name: &str) -> Option<Field<'s>> {
        let found = self.file.members().field_named(self.file.data(), self.data().fields, name);
        found.map(|index| self.field_at(index))
    }

    /// Its field of that key in JSON, the first declared.
    pub(crate) fn field_keyed(self, key: &str) -> Option<Field<'s>> {
        let found = self.file.members().field_keyed(self.file.data(), self.data().fields, key);
        found.map(|index| self.field_at(index))
    }

    /// Its field of that number, the first declared.
    pub(crate) fn field_numbered(self, number: i32) -> Option<Field<'s>> {
        let found = self.file.members().field_numbered(self.file.data(), self.data().fields, number);
        found.map(|index| self.field_at(index))
    }

    /// Whether it reserves that name.
    pub(crate) fn reserves(self, name: &str) -> bool {
        self.file.members().reserves(self.file.data(), self.data().reserved.names, name)
    }
}

impl<'s> Enum<'s> {
    /// Its value of that name, the first declared.
    pub(crate) fn value_named(self, name: &str) -> Option<EnumValue<'s>> {
        let found = self.file.members().value_named(self.file.data(), self.data().values, name);
        found.map(|index| EnumValue { file: self.file, index })
    }

    /// Its value of that number, the first declared.
    pub(crate) fn value_numbered(self, number: i32) -> Option<EnumValue<'s>> {
        self.values_numbered(number).next()
    }

    /// Its values of that number in the order of declaration: one, or aliases.
    pub(crate) fn values_numbered(self, number: i32) -> impl Iterator<Item = EnumValue<'s>> {
        let found = self.file.members().values_numbered(self.file.data(), self.data().values, number);
        found.map(move |index| EnumValue { file: self.file, index })
    }

    /// Whether it reserves that name.
    pub(crate) fn reserves(self, name: &str) -> bool {
        self.file.members().reserves(self.file.data(), self.data().reserved.names, name)
    }
}
