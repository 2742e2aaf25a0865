//! The later schema's types, services and extensions by the root they lie in and their names.

use rustc_hash::FxHashMap;

use super::roots::{RootKey, RootPairs};
use super::{Pair, all_files, by_key, nested_name, own_files};
use crate::schema::{Enum, Field, File, FileIndex, Message, Schema, Service};

/// Elements by root and full name.
type ByName<'s, T> = FxHashMap<(RootKey, &'s str), T>;

/// What the later schema declares, and the files whose package was renamed.
pub(super) struct Names<'s> {
    messages: ByName<'s, Message<'s>>,
    enums: ByName<'s, Enum<'s>>,
    services: ByName<'s, Service<'s>>,
    /// By the extended message and the number.
    extensions: FxHashMap<(RootKey, &'s str, i32), Field<'s>>,
    /// By the earlier file; empty where renames are not followed.
    renamed: FxHashMap<FileIndex, File<'s>>,
    /// What each earlier file is now.
    pub(super) files: FxHashMap<FileIndex, File<'s>>,
    /// Whether anything extends a message that is not known.
    has_unknown_extendees: bool,
    pub(super) roots: RootPairs,
}

impl<'s> Names<'s> {
    /// Where `follow_renames` is set, names are looked for in the package that their file has now.
    pub(super) fn new(
        after: &'s Schema,
        paired: &[Pair<File<'s>>],
        roots: RootPairs,
        follow_renames: bool,
    ) -> Names<'s> {
        let renamed = paired.iter().filter(|pair| follow_renames && pair.before.package() != pair.after.package());
        let renamed = renamed.map(|pair| (pair.before.index, pair.after)).collect();
        let has_unknown = |file: File<'s>| file.all_fields().any(|f| f.is_extension() && f.extendee().is_none());
        let files = || all_files(after).map(|file| (roots.key(file), file));
        let messages =
            by_key(files().flat_map(|(root, file)| file.all_messages().map(move |m| ((root, m.full_name()), m))));
        let enums = by_key(files().flat_map(|(root, file)| file.all_enums().map(move |e| ((root, e.full_name()), e))));
        let services =
            by_key(files().flat_map(|(root, file)| file.services().map(move |s| ((root, s.full_name()), s))));
        let extensions = files().flat_map(|(root, file)| {
            keyed_extensions(file).map(move |((extended, number), field)| ((root, extended, number), field))
        });
        let extensions = by_key(extensions);
        let paired = paired.iter();
        let has_unknown_extendees = own_files(after).any(has_unknown);
        let files = paired.map(|pair| (pair.before.index, pair.after)).collect();
        Names { messages, enums, services, extensions, renamed, files, has_unknown_extendees, roots }
    }

    fn find<T: Copy>(&self, by_name: &ByName<'s, T>, file: File<'s>, full_name: &str) -> Option<T> {
        let in_roots = |name: &str| self.roots.keys(file).iter().find_map(|root| by_name.get(&(*root, name)).copied());
        in_roots(full_name).or_else(|| {
            let package = self.renamed.get(&file.index)?.package().unwrap_or_default();
            let nested = nested_name(full_name, file);
            let renamed = if package.is_empty() { nested.to_owned() } else { format!("{package}.{nested}") };
            in_roots(&renamed)
        })
    }

    pub(super) fn message(&self, before: Message<'s>) -> Option<Message<'s>> {
        self.find(&self.messages, before.file(), before.full_name())
    }

    pub(super) fn enumeration(&self, before: Enum<'s>) -> Option<Enum<'s>> {
        self.find(&self.enums, before.file(), before.full_name())
    }

    pub(super) fn service(&self, before: Service<'s>) -> Option<Service<'s>> {
        self.find(&self.services, before.file(), before.full_name())
    }

    /// What extends the same message with the same number.
    pub(super) fn extension(&self, before: Field<'s>) -> Option<Field<'s>> {
        let extended = match before.extendee() {
            Some(extendee) => self.message(extendee).unwrap_or(extendee).full_name(),
            None => before.written_extendee().trim_start_matches('.'),
        };
        let in_root = |root: &RootKey| self.extensions.get(&(*root, extended, before.number())).copied();
        let found = self.roots.keys(before.file()).iter().find_map(in_root);
        found.or_else(|| self.extension_of_unknown(before))
    }

    /// The same where one of them extends a message that is not known, and is called the same in the same file.
    fn extension_of_unknown(&self, before: Field<'s>) -> Option<Field<'s>> {
        let is_unknown = before.extendee().is_none();
        if !is_unknown && !self.has_unknown_extendees {
            return None;
        }
        let file = self.files.get(&before.file().index)?;
        let mut extensions = file.all_fields().filter(|field| field.is_extension());
        extensions.find(|field| {
            let is_either_unknown = is_unknown || field.extendee().is_none();
            is_either_unknown && field.number() == before.number() && field.full_name() == before.full_name()
        })
    }

    pub(super) fn pair_message(&self, before: Message<'s>) -> Option<Pair<Message<'s>>> {
        Some(Pair { before, after: self.message(before)? })
    }

    pub(super) fn pair_enum(&self, before: Enum<'s>) -> Option<Pair<Enum<'s>>> {
        Some(Pair { before, after: self.enumeration(before)? })
    }

    pub(super) fn pair_service(&self, before: Service<'s>) -> Option<Pair<Service<'s>>> {
        Some(Pair { before, after: self.service(before)? })
    }
}

/// Extensions by the message they extend and their number.
pub(super) fn keyed_extensions<'s>(file: File<'s>) -> impl Iterator<Item = ((&'s str, i32), Field<'s>)> {
    let extensions = file.all_fields().filter(|field| field.is_extension());
    extensions.map(|field| {
        let written = || field.written_extendee().trim_start_matches('.');
        ((field.extendee().map_or_else(written, Message::full_name), field.number()), field)
    })
}
