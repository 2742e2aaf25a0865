//! Before and after: which element of one schema is which of another. Files are paired by path, messages, enums and
//! services by full name wherever they live, fields by number. It says what belongs together, not what changed.

mod additions;
mod carriers;
mod extensions;
mod files;
mod referrers;

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) use files::{nearest_survivor, nested_name};

use super::compatibility::Memory;
use crate::schema::{Element, Enum, EnumValue, Field, FieldType, File, FileIndex, Message, Method, Schema, Service};
use additions::Additions;
use carriers::Carriers;
use extensions::Extensions;
use files::PairedFiles;
use referrers::Referrers;

/// The same element in two schemas.
#[derive(Clone, Copy)]
pub(crate) struct Pair<T> {
    pub(crate) before: T,
    pub(crate) after: T,
}

/// Two schemas with what belongs together.
pub(crate) struct Comparison<'s> {
    pub(crate) before: &'s Schema,
    pub(crate) after: &'s Schema,
    pub(crate) files: Vec<Pair<File<'s>>>,
    /// Files that are no more.
    pub(crate) gone_files: Vec<File<'s>>,
    pub(crate) messages: Vec<Pair<Message<'s>>>,
    pub(crate) fields: Vec<Pair<Field<'s>>>,
    pub(crate) enums: Vec<Pair<Enum<'s>>>,
    pub(crate) services: Vec<Pair<Service<'s>>>,
    pub(crate) methods: Vec<Pair<Method<'s>>>,
    names: Names<'s>,
    extensions: FxHashMap<(&'s str, i32), Field<'s>>,
    additions: OnceLock<Additions<'s>>,
    carriers: OnceLock<Carriers<'s>>,
    referrers: OnceLock<Referrers<'s>>,
    /// The extensions of each schema.
    extended: [OnceLock<Extensions<'s>>; 2],
    /// What was found of messages that are read as others.
    pub(crate) memory: Memory,
    /// Packages of files that are the same on both sides, and in neither schema for that.
    unread_packages: FxHashSet<String>,
}

/// The later schema's types and services by full name, and the files whose package was renamed.
struct Names<'s> {
    messages: FxHashMap<&'s str, Message<'s>>,
    enums: FxHashMap<&'s str, Enum<'s>>,
    services: FxHashMap<&'s str, Service<'s>>,
    /// By the earlier file; empty where renames are not followed.
    renamed: FxHashMap<FileIndex, File<'s>>,
}

/// The files of a schema that are the project's own, includes and built-in files left out.
pub(crate) fn own_files(schema: &Schema) -> impl Iterator<Item = File<'_>> {
    schema.files().filter(|file| file.is_target())
}

/// Own files first, so that they count where an include declares the same.
fn all_files(schema: &Schema) -> impl Iterator<Item = File<'_>> {
    own_files(schema).chain(schema.files().filter(|file| !file.is_target()))
}

/// Elements by a key; the first of a key counts.
fn by_key<K: std::hash::Hash + Eq, T>(elements: impl Iterator<Item = (K, T)>) -> FxHashMap<K, T> {
    let mut map = FxHashMap::default();
    for (key, element) in elements {
        map.entry(key).or_insert(element);
    }
    map
}

/// Elements without those whose key an earlier one has: what is declared twice is compared once.
fn firsts<K: std::hash::Hash + Eq, T: Copy>(
    elements: impl Iterator<Item = T>,
    key: impl Fn(T) -> K,
) -> impl Iterator<Item = T> {
    let mut seen = FxHashSet::default();
    elements.filter(move |element| seen.insert(key(*element)))
}

impl<'s> Comparison<'s> {
    /// Pairs two schemas. Where `follow_renames` is set, what a file declares under another package than before is
    /// still the same; buf's groups do not see it so.
    pub(crate) fn new(before: &'s Schema, after: &'s Schema, follow_renames: bool) -> Comparison<'s> {
        let PairedFiles { paired: files, gone: gone_files } = files::pair(before, after);
        let renamed = files.iter().filter(|pair| follow_renames && pair.before.package() != pair.after.package());
        let names = Names {
            messages: by_key(all_files(after).flat_map(File::all_messages).map(|m| (m.full_name(), m))),
            enums: by_key(all_files(after).flat_map(File::all_enums).map(|e| (e.full_name(), e))),
            services: by_key(all_files(after).flat_map(File::services).map(|s| (s.full_name(), s))),
            renamed: renamed.map(|pair| (pair.before.index, pair.after)).collect(),
        };
        let old = || own_files(before);
        let messages: Vec<Pair<Message<'s>>> = firsts(old().flat_map(File::all_messages), Message::full_name)
            .filter_map(|m| names.pair_message(m))
            .collect();
        let enums =
            firsts(old().flat_map(File::all_enums), Enum::full_name).filter_map(|e| names.pair_enum(e)).collect();
        let services: Vec<Pair<Service<'s>>> =
            firsts(old().flat_map(File::services), Service::full_name).filter_map(|s| names.pair_service(s)).collect();
        let methods = services.iter().flat_map(|&pair| methods(pair)).collect();
        let extensions = by_key(all_files(after).flat_map(keyed_extensions));
        let pairs_of_extensions = firsts(old().flat_map(keyed_extensions), |(key, _)| key)
            .filter_map(|(_, before)| Some(Pair { before, after: *extensions.get(&names.extension_key(before)?)? }))
            .collect::<Vec<_>>();
        // Entries of one name are of two maps where the number of the map changed.
        let is_compared = |pair: &&Pair<Message<'s>>| !follow_renames || !is_entry_of_another_map(**pair);
        let fields =
            messages.iter().filter(is_compared).flat_map(|&pair| fields(pair)).chain(pairs_of_extensions).collect();
        let (additions, carriers, referrers) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let extended = [OnceLock::new(), OnceLock::new()];
        let memory = Memory::default();
        let unread_packages = FxHashSet::default();
        Comparison {
            before,
            after,
            files,
            gone_files,
            messages,
            fields,
            enums,
            services,
            methods,
            names,
            extensions,
            additions,
            carriers,
            referrers,
            extended,
            memory,
            unread_packages,
        }
    }

    /// The same where files of these packages were left out of both schemas as they are the same.
    pub(crate) fn beside_packages(self, unread_packages: FxHashSet<String>) -> Comparison<'s> {
        Comparison { unread_packages, ..self }
    }

    /// The files of each package that is left, those known by their package alone left out.
    pub(crate) fn kept_packages(&self) -> FxHashMap<&str, Vec<File<'s>>> {
        let mut packages = Comparison::packages(self.after);
        for package in &self.unread_packages {
            packages.entry(package).or_default();
        }
        packages
    }

    /// Whether two message types, one of each schema, are the same one.
    pub(crate) fn is_same_message(&self, before: Message<'s>, after: Message<'s>) -> bool {
        before.full_name() == after.full_name() || self.names.message(before) == Some(after)
    }

    /// Whether two enums, one of each schema, are the same one.
    pub(crate) fn is_same_enum(&self, before: Enum<'s>, after: Enum<'s>) -> bool {
        before.full_name() == after.full_name() || self.names.enumeration(before) == Some(after)
    }

    /// What a message of the earlier schema is in the later one.
    pub(crate) fn message(&self, before: Message<'s>) -> Option<Message<'s>> {
        // A file that is only imported did not change, and may not have been read on the later side.
        let is_unchanged = !before.file().is_target();
        self.names.message(before).or_else(|| is_unchanged.then_some(before))
    }

    /// What an enum of the earlier schema is in the later one.
    pub(crate) fn enumeration(&self, before: Enum<'s>) -> Option<Enum<'s>> {
        self.names.enumeration(before)
    }

    /// What a service of the earlier schema is in the later one.
    pub(crate) fn service(&self, before: Service<'s>) -> Option<Service<'s>> {
        self.names.service(before)
    }

    /// What an extension of the earlier schema is in the later one, whatever it is called there.
    pub(crate) fn extension(&self, before: Field<'s>) -> Option<Field<'s>> {
        self.extensions.get(&self.names.extension_key(before)?).copied()
    }

    /// An rpc of both schemas that carries what an element, of either, is part of.
    pub(crate) fn carrier(&self, element: Element<'s>) -> Option<Method<'s>> {
        self.carriers.get_or_init(|| Carriers::new(self)).element(element)
    }

    /// The fields and rpcs of the earlier schema that hold a message, with what they hold in the later one.
    pub(crate) fn referrers(&self) -> &Referrers<'s> {
        self.referrers.get_or_init(|| Referrers::new(self))
    }

    /// The extensions of a message in its own schema.
    pub(crate) fn extensions_of(&self, message: Message<'s>) -> &[Field<'s>] {
        let is_after = std::ptr::eq(message.file().schema, self.after);
        let schema = if is_after { self.after } else { self.before };
        self.extended[usize::from(is_after)].get_or_init(|| Extensions::new(schema)).of(message)
    }

    /// What the later schema has and the earlier one has not, to look there for what is gone.
    pub(crate) fn additions(&self) -> &Additions<'s> {
        self.additions.get_or_init(|| Additions::new(self))
    }

    /// The packages of a schema, each with its files.
    pub(crate) fn packages(schema: &'s Schema) -> FxHashMap<&'s str, Vec<File<'s>>> {
        let mut packages: FxHashMap<&str, Vec<File<'_>>> = FxHashMap::default();
        for file in own_files(schema) {
            packages.entry(file.package().unwrap_or_default()).or_default().push(file);
        }
        packages
    }
}

impl<'s> Names<'s> {
    fn find<T: Copy>(&self, by_name: &FxHashMap<&'s str, T>, file: File<'s>, full_name: &str) -> Option<T> {
        by_name.get(full_name).copied().or_else(|| {
            let package = self.renamed.get(&file.index)?.package().unwrap_or_default();
            let nested = nested_name(full_name, file);
            let renamed = if package.is_empty() { nested.to_owned() } else { format!("{package}.{nested}") };
            by_name.get(renamed.as_str()).copied()
        })
    }

    fn message(&self, before: Message<'s>) -> Option<Message<'s>> {
        self.find(&self.messages, before.file(), before.full_name())
    }

    fn enumeration(&self, before: Enum<'s>) -> Option<Enum<'s>> {
        self.find(&self.enums, before.file(), before.full_name())
    }

    fn service(&self, before: Service<'s>) -> Option<Service<'s>> {
        self.find(&self.services, before.file(), before.full_name())
    }

    /// The message that an extension extends in the later schema, and its number.
    fn extension_key(&self, before: Field<'s>) -> Option<(&'s str, i32)> {
        let extendee = before.extendee()?;
        Some((self.message(extendee).unwrap_or(extendee).full_name(), before.number()))
    }

    fn pair_message(&self, before: Message<'s>) -> Option<Pair<Message<'s>>> {
        Some(Pair { before, after: self.message(before)? })
    }

    fn pair_enum(&self, before: Enum<'s>) -> Option<Pair<Enum<'s>>> {
        Some(Pair { before, after: self.enumeration(before)? })
    }

    fn pair_service(&self, before: Service<'s>) -> Option<Pair<Service<'s>>> {
        Some(Pair { before, after: self.service(before)? })
    }
}

fn methods<'s>(pair: Pair<Service<'s>>) -> impl Iterator<Item = Pair<Method<'s>>> {
    let names = by_key(pair.after.methods().map(|method| (method.name(), method)));
    firsts(pair.before.methods(), Method::name)
        .filter_map(move |before| Some(Pair { before, after: *names.get(before.name())? }))
}

/// Whether two messages are the entries of maps of different numbers.
fn is_entry_of_another_map(pair: Pair<Message<'_>>) -> bool {
    if !pair.before.is_map_entry() || !pair.after.is_map_entry() {
        return false;
    }
    let number = |entry: Message<'_>| {
        let map = entry.parent()?.fields().find(|map| map.field_type() == FieldType::Message(entry));
        map.map(Field::number)
    };
    number(pair.before) != number(pair.after)
}

/// The fields of two messages by number.
pub(crate) fn fields<'s>(pair: Pair<Message<'s>>) -> impl Iterator<Item = Pair<Field<'s>>> {
    let numbers = by_key(pair.after.fields().map(|field| (field.number(), field)));
    firsts(pair.before.fields(), Field::number)
        .filter_map(move |before| Some(Pair { before, after: *numbers.get(&before.number())? }))
}

/// Extensions by the message they extend and their number.
fn keyed_extensions<'s>(file: File<'s>) -> impl Iterator<Item = ((&'s str, i32), Field<'s>)> {
    let extensions = file.all_fields().filter(|field| field.is_extension());
    extensions.filter_map(|field| Some(((field.extendee()?.full_name(), field.number()), field)))
}

/// The values of an enum by number, sorted: aliases share one.
pub(crate) fn values(enumeration: Enum<'_>) -> Vec<(i32, Vec<EnumValue<'_>>)> {
    let mut values: Vec<EnumValue<'_>> = enumeration.values().collect();
    values.sort_by_key(|value| value.number());
    let runs = values.chunk_by(|one, other| one.number() == other.number());
    runs.map(|run| (run[0].number(), run.to_vec())).collect()
}
