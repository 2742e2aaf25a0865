//! Which names are taken, so that nothing is called what another thing is called already.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{Finding, length};
use crate::rules::mentions::named;
use crate::schema::{Element, File, Schema};
use crate::source::FileId;

/// The names of a schema, those given to something in this pass included.
#[derive(Default)]
pub(crate) struct Names<'s> {
    taken: FxHashSet<String>,
    /// The full names of what has a name of its own.
    declared: FxHashSet<String>,
    /// Full names that several files declare, as different import roots may.
    ambiguous: FxHashSet<String>,
    values: FxHashSet<String>,
    files: FxHashMap<FileId, File<'s>>,
    given: FxHashMap<String, String>,
}

impl<'s> Names<'s> {
    pub(crate) fn of(schema: &'s Schema) -> Names<'s> {
        let files = schema.files().filter_map(|file| Some((file.source()?, file))).collect();
        let mut names = Names { files, ..Names::default() };
        for element in schema.files().flat_map(named) {
            let full_name = element.full_name();
            if let Element::EnumValue(_) = element {
                names.taken.extend(beside_enum(&full_name));
                names.values.insert(full_name.clone());
            }
            if !names.declared.insert(full_name.clone()) {
                names.ambiguous.insert(full_name.clone());
            }
            names.taken.insert(full_name);
        }
        names
    }

    /// What a finding wants to have the new name `to`: its full name, or its package; `None` where another finding gave
    /// it another name in this pass.
    ///
    /// # Errors
    ///
    /// Why it cannot have it.
    pub(crate) fn take(&mut self, finding: &Finding, to: &str) -> Result<Option<String>, String> {
        let symbol = finding.symbol.clone().unwrap_or_default();
        let file = finding.place.and_then(|place| self.files.get(&place.file));
        if let Some(package) = file.filter(|file| file.name() == symbol).and_then(|file| file.package()) {
            return words_only(to).map(|()| Some(package.to_owned()));
        }
        if length::is_cut(&symbol) {
            return Err("the name is too long".to_owned());
        }
        if let Some(given) = self.given.get(&symbol) {
            return Ok((given == to).then_some(symbol));
        }
        self.take_for(&symbol, to)?;
        Ok(Some(symbol))
    }

    /// Gives the element of that full name the new name `to`.
    ///
    /// # Errors
    ///
    /// Why it cannot have it.
    pub(crate) fn take_for(&mut self, symbol: &str, to: &str) -> Result<(), String> {
        words_only(to)?;
        if !self.declared.contains(symbol) {
            return Err("a group and its field share the name".to_owned());
        }
        if self.ambiguous.contains(symbol) {
            return Err("several files declare that name".to_owned());
        }
        let wanted = within(scope(symbol), to);
        let beside = if self.values.contains(symbol) { beside_enum(&wanted) } else { None };
        if let Some(other) =
            [Some(&wanted), beside.as_ref()].into_iter().flatten().find(|name| self.taken.contains(*name))
        {
            return Err(format!("`{other}` already exists"));
        }
        self.taken.extend([wanted].into_iter().chain(beside));
        self.given.insert(symbol.to_owned(), to.to_owned());
        Ok(())
    }
}

impl Names<'_> {
    /// Gives a package the new last component `to`; elements beside it may be in the way, other packages are not.
    ///
    /// # Errors
    ///
    /// Why it cannot have it.
    pub(crate) fn take_for_package(&self, package: &str, to: &str) -> Result<(), String> {
        words_only(to)?;
        let wanted = within(scope(package), to);
        if self.taken.contains(&wanted) { Err(format!("`{wanted}` already exists")) } else { Ok(()) }
    }
}

/// Whether a name is a word, or words joined by dots.
fn words_only(name: &str) -> Result<(), String> {
    let is_word = |word: &str| {
        let mut bytes = word.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if name.split('.').all(is_word) { Ok(()) } else { Err(format!("`{name}` is not a name")) }
}

fn scope(full_name: &str) -> &str {
    full_name.rsplit_once('.').map_or("", |(scope, _)| scope)
}

fn within(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

/// The name that an enum value has beside its enum, where it may be met too
/// (<https://protobuf.dev/reference/protobuf/proto3-spec/#enum_definition>).
fn beside_enum(value: &str) -> Option<String> {
    let (enumeration, name) = value.rsplit_once('.')?;
    Some(within(scope(enumeration), name))
}
