//! What a file shows to those that see it: names, where they are among its elements, and what it imports publicly. The
//! rest of a file may change without a link of another file changing.

use super::files::Files;
use crate::schema::data::{FileData, FileIndex};

/// Whether the file at `at` shows what it showed `before`.
pub(super) fn is_same(at: FileIndex, files: Files<'_>, before: Files<'_>) -> bool {
    if (at as usize) >= before.count() {
        return false;
    }
    let (now, then) = (files.data(at), before.data(at));
    package(now) == package(then)
        && now.damage == then.damage
        && types(now).eq(types(then))
        && extensions(now).eq(extensions(then))
        && files.public_imports(at).eq(before.public_imports(at))
}

fn package(file: &FileData) -> Option<&str> {
    file.package.map(|package| file.text(package))
}

/// The full names of messages, enums and services with what kind of thing each is, all in the order of their arenas.
fn types(file: &FileData) -> impl Iterator<Item = (&str, u8)> {
    let messages = file.messages.iter().map(|message| (message.full_name, u8::from(message.map_entry)));
    let enums = file.enums.iter().map(|enumeration| (enumeration.full_name, 2));
    let services = file.services.iter().map(|service| (service.full_name, 3));
    messages.chain(enums).chain(services).map(|(name, kind)| (file.text(name), kind))
}

/// The extensions: where each is among the fields, its scope and its name.
fn extensions(file: &FileData) -> impl Iterator<Item = (u32, &str, &str)> {
    file.extensions().map(|(index, field)| (index, file.scope(field.parent), file.text(field.name)))
}
