//! Before and after: which element of one schema is which of another. Files are paired by path, messages, enums and
//! services by full name wherever they live in their root, fields by number. It says what belongs together, not what
//! changed.

mod additions;
mod carriers;
mod extensions;
mod files;
mod names;
mod packages;
mod referrers;
mod roots;
mod servers;

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) use files::{nearest_survivor, nested_name, scopes};
pub(crate) use roots::RootPairs;

use super::compatibility::Memory;
use super::http::has_any;
use crate::schema::{Element, Enum, EnumValue, Field, FieldType, File, Message, Method, Schema, Service};
use additions::Additions;
use carriers::Carriers;
use extensions::Extensions;
use files::PairedFiles;
use names::{Names, keyed_extensions};
use referrers::Referrers;
use servers::Servers;

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
    additions: OnceLock<Additions<'s>>,
    carriers: OnceLock<Carriers<'s>>,
    /// The same for rpcs with HTTP bindings.
    http_carriers: OnceLock<Carriers<'s>>,
    servers: Servers<'s>,
    referrers: OnceLock<Referrers<'s>>,
    /// The extensions of each schema.
    extended: [OnceLock<Extensions<'s>>; 2],
    /// What was found of messages that are read as others.
    pub(crate) memory: Memory,
    /// Packages of files that are the same on both sides, and in neither schema for that, with their later roots.
    unread_packages: FxHashSet<(u32, String)>,
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
    /// Pairs two schemas root by root. Where `follow_renames` is set, what a file declares under another package than
    /// before is still the same; buf's groups do not see it so.
    pub(crate) fn new(before: &'s Schema, after: &'s Schema, roots: RootPairs, follow_renames: bool) -> Comparison<'s> {
        let PairedFiles { paired: files, gone: gone_files } = files::pair(before, after, &roots);
        let names = Names::new(after, &files, roots, follow_renames);
        let old = || own_files(before);
        let messages: Vec<Pair<Message<'s>>> =
            firsts(old().flat_map(File::all_messages), |message| (message.file().root(), message.full_name()))
                .filter_map(|message| names.pair_message(message))
                .collect();
        let enums = firsts(old().flat_map(File::all_enums), |found| (found.file().root(), found.full_name()))
            .filter_map(|found| names.pair_enum(found))
            .collect();
        let services: Vec<Pair<Service<'s>>> =
            firsts(old().flat_map(File::services), |service| (service.file().root(), service.full_name()))
                .filter_map(|service| names.pair_service(service))
                .collect();
        let methods = services.iter().flat_map(|&pair| methods(pair)).collect();
        let pairs_of_extensions = firsts(old().flat_map(keyed_extensions), |(key, field)| (field.file().root(), key))
            .filter_map(|(_, before)| Some(Pair { before, after: names.extension(before)? }))
            .collect::<Vec<_>>();
        // Entries of one name are of two maps where the number of the map changed.
        let is_compared = |pair: &&Pair<Message<'s>>| !follow_renames || !is_entry_of_another_map(**pair);
        let fields =
            messages.iter().filter(is_compared).flat_map(|&pair| fields(pair)).chain(pairs_of_extensions).collect();
        let (additions, carriers, referrers) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let (http_carriers, servers) = (OnceLock::new(), Servers::default());
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
            additions,
            carriers,
            http_carriers,
            servers,
            referrers,
            extended,
            memory,
            unread_packages,
        }
    }

    /// The same where files of these packages were left out of both schemas as they are the same.
    pub(crate) fn beside_packages(self, unread_packages: FxHashSet<(u32, String)>) -> Comparison<'s> {
        Comparison { unread_packages, ..self }
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
        self.names.extension(before)
    }

    /// An rpc of both schemas that carries what an element, of either, is part of.
    pub(crate) fn carrier(&self, element: Element<'s>) -> Option<Method<'s>> {
        self.carriers.get_or_init(|| Carriers::new(self, |_| true)).element(element)
    }

    /// The same of rpcs with HTTP bindings.
    pub(crate) fn http_carrier(&self, element: Element<'s>) -> Option<Method<'s>> {
        let carriers = || self.http_carriers.get_or_init(|| Carriers::new(self, has_any));
        if self.has_routes() { carriers().element(element) } else { None }
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
    fn additions(&self) -> &Additions<'s> {
        self.additions.get_or_init(|| Additions::new(self))
    }

    /// New messages of the later schema that may stand in for one that is gone, the likeliest first.
    pub(crate) fn messages_like(&self, gone: Message<'_>) -> impl Iterator<Item = Message<'s>> {
        self.additions().messages_like(gone, &self.names.roots)
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

/// The values of an enum by number, sorted: aliases share one.
pub(crate) fn values(enumeration: Enum<'_>) -> Vec<(i32, Vec<EnumValue<'_>>)> {
    let mut values: Vec<EnumValue<'_>> = enumeration.values().collect();
    values.sort_by_key(|value| value.number());
    let runs = values.chunk_by(|one, other| one.number() == other.number());
    runs.map(|run| (run[0].number(), run.to_vec())).collect()
}

/// Whether a number means in one enum what another number means in the other one.
pub(crate) fn is_moved(one: Enum<'_>, other: Enum<'_>, number: i32) -> bool {
    let has = |enumeration: Enum<'_>, name: &str| enumeration.value_named(name).is_some();
    let keeps = |value: EnumValue<'_>| other.value_named(value.name()).is_some_and(|found| found.number() == number);
    !one.values_numbered(number).any(keeps)
        && (one.values_numbered(number).any(|value| has(other, value.name()))
            || other.values_numbered(number).any(|value| has(one, value.name())))
}
