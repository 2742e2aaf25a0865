//! Looks names up as one file sees them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::files::Files;
use super::members::{self, Members};
use super::symbols::Symbols;
use super::visible::{self, Visible};
use super::{Site, Target, TypeRef, Unresolved};
use crate::schema::data::{Damage, FileData, FileIndex, ValueData};

/// Why a name stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing of that name can be seen.
    Nowhere,
    /// The first component stands for something nearer, which has nothing of that name: the full name that was tried.
    Hidden(String),
    /// It stands for something of another kind.
    Misused(Box<Misuse>),
}

/// A name that stands for something of another kind than its place takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misuse {
    /// What it stands for, such as "an enum value".
    pub(crate) kind: &'static str,
    pub(crate) full_name: String,
    /// The full name of what fits and is hidden.
    pub(crate) hides: Option<String>,
}

/// What takes a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameUse {
    /// The type of a field.
    FieldType,
    /// A message that is extended, or that an rpc carries.
    Message,
    /// An extension in the name of an option.
    Extension,
}

/// What a full name stands for.
#[derive(Clone, Copy)]
pub(super) enum Symbol {
    Target(Target),
    /// A package, oneof, enum value or rpc.
    Other(&'static str),
}

/// The names one file can see.
pub(super) struct Lookup<'f> {
    symbols: &'f Symbols<'f>,
    visible: &'f Visible<'f>,
    /// The packages of the visible files that are listed.
    packages: Vec<&'f str>,
    /// Extensions of the visible files by full name; made when the first option asks.
    extensions: Option<FxHashMap<String, Target>>,
    /// What the messages and services of the file hold beside types; made when it first matters.
    members: Option<Members<'f>>,
    /// The values of enums outside of messages, in all files that are seen; made when it first matters.
    values: Option<Members<'f>>,
    /// What the extensions in options' names stand for, by scope and name as written: most options of a file are alike.
    options: FxHashMap<(&'f str, &'f str), Result<Target, Missing>>,
    files: Files<'f>,
    /// Whether a file that is seen, but not listed, has a package of that name or within it.
    packages_through: FxHashMap<String, bool>,
    used: FxHashSet<FileIndex>,
    unresolved: Vec<Unresolved>,
    own: FileIndex,
    buffer: String,
    /// What damaged files that are seen may declare; nothing where all are whole.
    lost: Option<Lost<'f>>,
}

/// What the damaged parts of files may declare.
struct Lost<'f> {
    any_name: bool,
    /// The words in them.
    names: FxHashSet<&'f str>,
}

impl<'f> Lost<'f> {
    fn new(own: FileIndex, files: Files<'f>, visible: &Visible<'_>) -> Option<Lost<'f>> {
        let damage = |&at: &FileIndex| files.data(at).damage.as_deref();
        let damages: Vec<&Damage> = visible.files.iter().filter_map(damage).collect();
        let is_own =
            |damage: &&Damage| files.data(own).damage.as_deref().is_some_and(|other| std::ptr::eq(*damage, other));
        if damages.is_empty() {
            return None;
        }
        let any_name =
            damages.iter().any(|damage| damage.any_name || damage.package || damage.imports && is_own(damage));
        Some(Lost { any_name, names: damages.iter().flat_map(|damage| &damage.names).map(|name| &**name).collect() })
    }

    /// Whether a name may stand for what is damaged.
    fn may_be(&self, name: &str) -> bool {
        self.any_name || name.split('.').any(|part| self.names.contains(part))
    }
}

impl<'f> Lookup<'f> {
    pub(super) fn new(
        own: FileIndex,
        files: Files<'f>,
        symbols: &'f Symbols<'f>,
        visible: &'f Visible<'f>,
    ) -> Lookup<'f> {
        let package = |&at: &FileIndex| files.data(at).package.map(|text| files.data(at).text(text));
        let mut packages: Vec<&str> = visible.files.iter().filter_map(package).collect();
        packages.sort_unstable();
        packages.dedup();
        let (extensions, used, packages_through) = (None, FxHashSet::default(), FxHashMap::default());
        let (unresolved, buffer, options) = (Vec::new(), String::new(), FxHashMap::default());
        Lookup {
            symbols,
            visible,
            packages,
            extensions,
            members: None,
            values: None,
            options,
            files,
            packages_through,
            used,
            unresolved,
            own,
            buffer,
            lost: Lost::new(own, files, visible),
        }
    }

    /// Whether a file that is seen is damaged: what it supplies is not all known.
    pub(super) fn sees_damage(&self) -> bool {
        self.lost.is_some()
    }

    /// Whether unresolved names prove nothing, as damaged files may declare any.
    pub(super) fn misses_names(&self) -> bool {
        self.lost.as_ref().is_some_and(|lost| lost.any_name)
    }

    fn note_unresolved(&mut self, name: &str, site: Site, reason: Missing) {
        if !self.lost.as_ref().is_some_and(|lost| lost.may_be(name)) {
            self.unresolved.push(Unresolved { site, reason });
        }
    }

    /// The files that supplied a name.
    pub(super) fn used(&self) -> &FxHashSet<FileIndex> {
        &self.used
    }

    /// The names that stood for nothing.
    pub(super) fn into_unresolved(self) -> Vec<Unresolved> {
        self.unresolved
    }

    /// What type `name` stands for as that of a field declared directly in `scope`: what is no type hides none.
    pub(super) fn resolve(&mut self, scope: &str, name: &str, site: Site) -> TypeRef {
        let found = self.search(scope, name, Self::find_type);
        if found.is_none() {
            let reason = match self.search(scope, name, Self::find_symbol) {
                Some(symbol) => self.misused(scope, name, symbol, None),
                None => self.missing(scope, name),
            };
            self.note_unresolved(name, site, reason);
        }
        self.note(found)
    }

    /// What message `name` stands for, as that which is extended or which an rpc carries: the innermost thing of that
    /// name counts, whatever it is. Like protoc, it takes the entry of a map for the message it is.
    pub(super) fn message(&mut self, scope: &str, name: &str, site: Site) -> TypeRef {
        let found = self.innermost_type(scope, name);
        let found = found.map_err(|reason| self.note_unresolved(name, site, reason)).ok();
        self.note(found)
    }

    /// What `name` stands for in `scope`, without a note of it.
    pub(super) fn stands_for(&mut self, scope: &str, name: &str, name_use: NameUse) -> Option<Target> {
        match name_use {
            NameUse::FieldType => self.search(scope, name, Self::find_type),
            NameUse::Message => self.innermost_type(scope, name).ok(),
            NameUse::Extension => self.innermost_extension(scope, name).ok(),
        }
    }

    /// Whether something nearer to `scope` has the first component of a full name.
    pub(super) fn hides(&mut self, scope: &str, full_name: &str) -> bool {
        self.hidden(scope, full_name).is_some()
    }

    fn innermost_type(&mut self, scope: &str, name: &str) -> Result<Target, Missing> {
        let is_type = |_: &Self, target| matches!(target, Target::Message(..) | Target::Enum(..));
        self.innermost(scope, name, is_type, Self::find_type)
    }

    fn innermost_extension(&mut self, scope: &str, name: &str) -> Result<Target, Missing> {
        let is_field = |_: &Self, target| matches!(target, Target::Field(..));
        self.innermost(scope, name, is_field, Self::find_extension)
    }

    /// The innermost thing of that name, if it `fits`; `find` finds what would fit.
    fn innermost(
        &mut self,
        scope: &str,
        name: &str,
        fits: fn(&Self, Target) -> bool,
        find: fn(&mut Self, &str) -> Option<Target>,
    ) -> Result<Target, Missing> {
        match self.search(scope, name, Self::find_symbol) {
            Some(Symbol::Target(target)) if fits(self, target) => Ok(target),
            Some(symbol) => {
                let hides = self.search(scope, name, |lookup, full| find(lookup, full).map(|_| full.to_owned()));
                Err(self.misused(scope, name, symbol, hides))
            }
            None => Err(self.missing(scope, name)),
        }
    }

    fn missing(&mut self, scope: &str, name: &str) -> Missing {
        self.hidden(scope, name).map_or(Missing::Nowhere, Missing::Hidden)
    }

    fn misused(&mut self, scope: &str, name: &str, symbol: Symbol, hides: Option<String>) -> Missing {
        let full_name = self.search(scope, name, |lookup, full| lookup.find_symbol(full).map(|_| full.to_owned()));
        let full_name = full_name.unwrap_or_else(|| name.to_owned());
        let kind = match symbol {
            Symbol::Other(kind) => kind,
            // Any other message is a type.
            Symbol::Target(Target::Message(file, at)) => match self.files.data(file).messages[at as usize].map_entry {
                true => "the entry of a map",
                false => "a message",
            },
            Symbol::Target(Target::Enum(..)) => "an enum",
            Symbol::Target(Target::Service(..)) => "a service",
            Symbol::Target(Target::Field(file, at)) => {
                match self.files.data(file).fields[at as usize].extendee.is_some() {
                    true => "an extension",
                    false => "a field",
                }
            }
        };
        Missing::Misused(Box::new(Misuse { kind, full_name, hides }))
    }

    /// The message that the parser made for the map field whose type has that name.
    pub(super) fn map_entry(&mut self, scope: &str, name: &str) -> TypeRef {
        let full_name = format!("{scope}.{name}");
        let mut targets = self.symbols.get(&full_name);
        TypeRef(targets.find(|target| target.file() == self.own && self.is_map_entry(*target)))
    }

    pub(super) fn note(&mut self, target: Option<Target>) -> TypeRef {
        if let Some(target) = target.filter(|target| target.file() != self.own) {
            self.used.insert(target.file());
        }
        TypeRef(target)
    }

    /// The full name a compound name was taken for, where a scope has its first component.
    fn hidden(&mut self, scope: &str, name: &str) -> Option<String> {
        let (first, rest) = name.split_once('.').filter(|(first, _)| !first.is_empty())?;
        let mut scope = Some(scope).filter(|scope| !scope.is_empty());
        while let Some(here) = scope {
            let holder = format!("{here}.{first}");
            if self.holds_names(&holder) {
                return Some(format!("{holder}.{rest}"));
            }
            scope = here.rfind('.').map(|dot| &here[..dot]);
        }
        None
    }

    /// Goes from `scope` outwards. The innermost scope that has the first component as something that can hold names
    /// decides; for a name of one component, the innermost that has it as what `find` looks for.
    fn search<T>(&mut self, scope: &str, name: &str, find: impl Fn(&mut Self, &str) -> Option<T>) -> Option<T> {
        if let Some(absolute) = name.strip_prefix('.') {
            return find(self, absolute);
        }
        let first = name.split('.').next().unwrap_or(name);
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut scope = scope;
        let found = loop {
            buffer.clear();
            buffer.push_str(scope);
            if !scope.is_empty() {
                buffer.push('.');
            }
            if first.len() == name.len() {
                buffer.push_str(name);
                let found = find(self, &buffer);
                if found.is_some() {
                    break found;
                }
            } else {
                let prefix = buffer.len();
                buffer.push_str(first);
                // Outside all scopes the name is the full one, and there is nothing left to decide.
                if scope.is_empty() || self.holds_names(&buffer) {
                    buffer.truncate(prefix);
                    buffer.push_str(name);
                    break find(self, &buffer);
                }
            }
            if scope.is_empty() {
                break None;
            }
            scope = scope.rfind('.').map_or("", |dot| &scope[..dot]);
        };
        self.buffer = buffer;
        found
    }

    fn is_visible(&self, file: FileIndex) -> bool {
        self.visible.sees(file)
    }

    fn is_map_entry(&self, target: Target) -> bool {
        matches!(target, Target::Message(file, index) if self.files.data(file).messages[index as usize].map_entry)
    }

    fn is_type(&self, target: Target) -> bool {
        matches!(target, Target::Message(..) | Target::Enum(..)) && !self.is_map_entry(target)
    }

    fn find(&mut self, full_name: &str) -> Option<Target> {
        self.symbols.get(full_name).find(|target| self.is_visible(target.file()))
    }

    /// Whatever has that full name.
    fn find_symbol(&mut self, full_name: &str) -> Option<Symbol> {
        let mut types = self.symbols.get(full_name);
        let found = types.find(|target| self.is_visible(target.file()) && !self.is_for_options(target.file()));
        let found = found.map(Symbol::Target).or_else(|| self.find_member(full_name));
        found.or_else(|| self.is_package(full_name).then_some(Symbol::Other("a package")))
    }

    /// What is neither a type, a service nor a package.
    fn find_member(&mut self, full_name: &str) -> Option<Symbol> {
        let (scope, name) = full_name.rsplit_once('.').unwrap_or(("", full_name));
        let Lookup { own, files, visible, .. } = *self;
        match self.find(scope) {
            Some(holder) if holder.file() == own => {
                self.members.get_or_insert_with(|| Members::of_file(own, files.data(own))).get(scope, name)
            }
            Some(Target::Message(at, index)) => members::field(at, files.data(at), index, name),
            Some(_) => None,
            None => {
                let values = || match visible.through {
                    None => Members::of_packages(files, &visible.files),
                    Some(_) => Members::of_packages(files, &visible::listed(own, files)),
                };
                let extension = self.find_extension(full_name).map(Symbol::Target);
                extension.or_else(|| self.values.get_or_insert_with(values).get(scope, name))
            }
        }
    }

    fn find_type(&mut self, full_name: &str) -> Option<Target> {
        let mut targets = self.symbols.get(full_name).filter(|target| self.is_visible(target.file()));
        targets.find(|target| self.is_type(*target) && !self.is_for_options(target.file()))
    }

    /// Whether a file that is seen supplies options only.
    fn is_for_options(&self, file: FileIndex) -> bool {
        self.visible.for_options.binary_search(&file).is_ok()
    }

    /// Whether `full_name` is a message, enum, service or package: what protoc calls an aggregate. Of what supplies
    /// options only, it takes packages alone as the beginning of a name.
    fn holds_names(&mut self, full_name: &str) -> bool {
        let mut targets = self.symbols.get(full_name).map(Target::file);
        self.is_package(full_name) || targets.any(|file| self.is_visible(file) && !self.is_for_options(file))
    }

    /// Whether a file that is seen is in the package of that name, or in one within it.
    fn is_package(&mut self, full_name: &str) -> bool {
        let within = |package: &&str| {
            package.strip_prefix(full_name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.packages.iter().any(within) || self.is_package_through(full_name)
    }

    fn is_package_through(&mut self, full_name: &str) -> bool {
        if self.visible.through.is_none() {
            return false;
        }
        if let Some(&known) = self.packages_through.get(full_name) {
            return known;
        }
        let found = self.symbols.files_within(full_name).any(|file| self.visible.sees(file));
        self.packages_through.insert(full_name.to_owned(), found);
        found
    }

    pub(super) fn find_extension(&mut self, full_name: &str) -> Option<Target> {
        let Lookup { own, files, visible, .. } = *self;
        let extensions = || match visible.through {
            None => visible::extensions(files, &visible.files),
            Some(_) => visible::extensions(files, &visible::listed(own, files)),
        };
        self.extensions.get_or_insert_with(extensions).get(full_name).copied()
    }

    /// Resolves the extensions that the name and the value of the option at `index` mention.
    pub(super) fn option(&mut self, scope: &'f str, file: &'f FileData, index: u32, parts: &mut [TypeRef]) {
        let option = &file.options[index as usize];
        for at in option.parts.indexes() {
            let part = &file.option_parts[at as usize];
            if part.extension {
                let name = file.text(part.name);
                let known = self.options.get(&(scope, name)).cloned();
                let found = known.unwrap_or_else(|| self.innermost_extension(scope, name));
                self.options.insert((scope, name), found.clone());
                let found = found.map_err(|reason| self.note_unresolved(name, Site::Option(index, at), reason)).ok();
                parts[at as usize] = self.note(found);
            }
        }
        self.names_in_value(scope, file, option.value);
    }

    /// Marks what `[ext.name]: …` and `[type.googleapis.com/some.Type]: …` refer to as used,
    /// <https://protobuf.dev/reference/protobuf/textformat-spec/#fields>.
    fn names_in_value(&mut self, scope: &str, file: &FileData, value: ValueData) {
        match value {
            ValueData::Message(fields) => {
                for field in &file.value_fields[fields.range()] {
                    if field.is_bracketed {
                        let name = file.text(field.name);
                        let found = match name.rsplit_once('/') {
                            Some((_, message)) => self.find(message),
                            None => self.search(scope, name, Self::find_extension),
                        };
                        self.note(found);
                    }
                    self.names_in_value(scope, file, field.value.value);
                }
            }
            ValueData::List(elements) => {
                for element in &file.value_elements[elements.range()] {
                    self.names_in_value(scope, file, element.value);
                }
            }
            _ => {}
        }
    }
}
