//! Names of what is neither a type nor a package: fields, extensions, oneofs, enum values and rpcs. Such a name hides
//! others of the scopes around it. It does not know which files are seen.

use rustc_hash::FxHashMap;

use super::files::Files;
use super::{Target, lookup::Symbol};
use crate::schema::data::{FileData, FileIndex, Run};

/// What stands in a scope under a name.
#[derive(Default)]
pub(super) struct Members<'f>(FxHashMap<(&'f str, &'f str), Symbol>);

impl<'f> Members<'f> {
    /// What the messages and services of `file` hold.
    pub(super) fn of_file(at: FileIndex, file: &'f FileData) -> Members<'f> {
        let mut members = Members::default();
        for message in &file.messages {
            let scope = file.text(message.full_name);
            for index in message.fields.indexes().chain(message.extensions.indexes()) {
                let name = file.text(file.fields[index as usize].name);
                members.0.entry((scope, name)).or_insert(Symbol::Target(Target::Field(at, index)));
            }
            for oneof in &file.oneofs[message.oneofs.range()] {
                members.0.entry((scope, file.text(oneof.name))).or_insert(Symbol::Other("a oneof"));
            }
            members.values(file, message.enums, scope);
        }
        for service in &file.services {
            let scope = file.text(service.full_name);
            for method in &file.methods[service.methods.range()] {
                members.0.entry((scope, file.text(method.name))).or_insert(Symbol::Other("an rpc"));
            }
        }
        members
    }

    /// The values of the enums that stand directly in the packages of `visible` files.
    pub(super) fn of_packages(files: Files<'f>, visible: &[FileIndex]) -> Members<'f> {
        let mut members = Members::default();
        for &at in visible {
            let file = files.data(at);
            members.values(file, file.top_enums, file.package_name());
        }
        members
    }

    fn values(&mut self, file: &'f FileData, enums: Run, scope: &'f str) {
        for enumeration in &file.enums[enums.range()] {
            for value in &file.values[enumeration.values.range()] {
                self.0.entry((scope, file.text(value.name))).or_insert(Symbol::Other("an enum value"));
            }
        }
    }

    pub(super) fn get(&self, scope: &str, name: &str) -> Option<Symbol> {
        self.0.get(&(scope, name)).copied()
    }
}

/// The field or extension `name` of the message at `index` of `file`.
pub(super) fn field(at: FileIndex, file: &FileData, index: u32, name: &str) -> Option<Symbol> {
    let message = &file.messages[index as usize];
    let mut fields = message.fields.indexes().chain(message.extensions.indexes());
    let field = fields.find(|&field| file.text(file.fields[field as usize].name) == name)?;
    Some(Symbol::Target(Target::Field(at, field)))
}
