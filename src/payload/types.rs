//! Finds message types by name. It does not depend on payloads.

use crate::nearest::nearest;
use crate::schema::{Message, Schema, built_in_types};

/// The message of that full name, a leading dot or not; else the closest name, where one is close.
pub(crate) fn find<'s>(schema: &'s Schema, name: &str) -> Result<Message<'s>, Option<&'s str>> {
    let name = name.strip_prefix('.').unwrap_or(name);
    let is_it = |message: &Message<'s>| message.full_name() == name;
    all(schema).find(is_it).ok_or_else(|| {
        let last = |name: &'s str| name.rsplit('.').next().unwrap_or(name);
        let by_last = all(schema).map(Message::full_name).find(|full| last(full) == name);
        let by_full_name = || nearest(name, all(schema).map(Message::full_name));
        let alike = || {
            let near = nearest(name, all(schema).map(Message::full_name).map(last))?;
            all(schema).map(Message::full_name).find(|full| last(full) == near)
        };
        by_last.or_else(by_full_name).or_else(alike)
    })
}

/// All messages that can be sent on their own, those of target files first.
fn all(schema: &Schema) -> impl Iterator<Item = Message<'_>> {
    let of = |targets: bool| schema.files().filter(move |file| file.is_target() == targets);
    of(true).chain(of(false)).flat_map(|file| file.all_messages()).filter(|message| !message.is_map_entry())
}

/// The file that declares a well-known type.
pub(crate) fn built_in_file(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix('.').unwrap_or(name);
    built_in_types().find(|(full, _)| *full == name).map(|(_, file)| file)
}

/// The name of the type in the `type_url` of an `Any`.
pub(crate) fn of_url(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}
