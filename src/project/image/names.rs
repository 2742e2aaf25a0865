//! References to types and extensions, as short as they can be and still resolve from where they stand,
//! <https://protobuf.dev/programming-guides/proto3/#name-resolution>.

use rustc_hash::FxHashSet;

use super::model::{File, Message};
use super::symbols::{Meaning, Node, ROOT, Symbols};

/// Where references stand: a file and the messages or the service they are in.
pub(super) struct Scopes<'f> {
    file: &'f File<'f>,
    /// The scopes of the package, from the outermost; the root is left out.
    packages: Vec<Node>,
    /// The scopes within the package, from the outermost, with their names.
    inner: Vec<(&'f str, Option<Node>)>,
    /// What else the file declares in its messages and services: names that may hide others.
    hiding: FxHashSet<&'f str>,
    /// Of the scope at hand, with a leading dot; empty at the root.
    path: String,
}

impl<'f> Scopes<'f> {
    pub(super) fn of(file: &'f File<'f>, symbols: &Symbols<'f>) -> Scopes<'f> {
        let mut packages = Vec::new();
        let mut at = ROOT;
        for part in file.package.split('.').filter(|part| !part.is_empty()) {
            let Some(node) = symbols.child(at, part) else { break };
            packages.push(node);
            at = node;
        }
        let mut hiding = FxHashSet::default();
        hiding.extend(file.extensions.iter().map(|extension| extension.name));
        hiding.extend(file.enums.iter().flat_map(|of| &of.values).map(|value| value.name));
        hiding.extend(file.services.iter().flat_map(|service| &service.methods).map(|method| method.name));
        for message in &file.messages {
            add_names(message, &mut hiding);
        }
        let path = if file.package.is_empty() { String::new() } else { format!(".{}", file.package) };
        Scopes { file, packages, inner: Vec::new(), hiding, path }
    }

    pub(super) fn enter(&mut self, name: &'f str, symbols: &Symbols<'f>) {
        let outer = match self.inner.last() {
            Some((_, node)) => *node,
            None => Some(self.packages.last().copied().unwrap_or(ROOT)),
        };
        self.inner.push((name, outer.and_then(|outer| symbols.child(outer, name))));
        self.path.push('.');
        self.path.push_str(name);
    }

    pub(super) fn leave(&mut self) {
        if let Some((name, _)) = self.inner.pop() {
            self.path.truncate(self.path.len() - name.len() - 1);
        }
    }

    /// The name of a type that the scope at hand declares, of its full name.
    pub(super) fn own<'n>(&self, full_name: &'n str) -> Option<&'n str> {
        let name = full_name.strip_prefix(self.path.as_str())?.strip_prefix('.')?;
        (!name.contains('.')).then_some(name)
    }

    /// A reference to the type of that full name.
    pub(super) fn reference<'n>(&self, full_name: &'n str, symbols: &Symbols<'f>) -> &'n str {
        let Some(name) = full_name.strip_prefix('.') else { return full_name };
        self.within_package(name, symbols)
            .or_else(|| self.is_seen(name, 0, true, symbols).then_some(name))
            .unwrap_or(full_name)
    }

    /// The name relative to the innermost scope that holds it, where the package holds it.
    fn within_package<'n>(&self, name: &'n str, symbols: &Symbols<'f>) -> Option<&'n str> {
        let package = self.file.package;
        let mut rest = match package {
            "" => name,
            _ => name.strip_prefix(package)?.strip_prefix('.')?,
        };
        let node = symbols.child(self.packages.last().copied().unwrap_or(ROOT), first(rest))?;
        if !matches!(symbols.meaning(node), Meaning::Message(_) | Meaning::Enum(..)) {
            return None;
        }
        let mut levels = 0;
        for (scope, _) in &self.inner {
            let Some(deeper) = rest.strip_prefix(scope).and_then(|rest| rest.strip_prefix('.')) else { break };
            (rest, levels) = (deeper, levels + 1);
        }
        self.is_seen(rest, levels, false, symbols).then_some(rest)
    }

    /// Whether nothing hides `name` that is sought from the scope at hand: in the scopes within the package below the
    /// outermost `levels`, and in the packages too if it is a full name.
    fn is_seen(&self, name: &str, levels: usize, is_full: bool, symbols: &Symbols<'f>) -> bool {
        let first = first(name);
        let packages = self.packages.iter().filter(|_| is_full).copied();
        let mut scopes = self.inner[levels..].iter().filter_map(|(_, node)| *node).chain(packages);
        let is_hidden = scopes.any(|scope| symbols.child(scope, first).is_some());
        // Of a name of several components only what can hold names hides the first.
        let is_simple = first.len() == name.len();
        let is_hidden = is_hidden || is_simple && self.hiding.contains(first);
        !is_hidden && !is_keyword(first)
    }

    /// `(full.name)` of an extension.
    pub(super) fn extension(&self, scope: Node, name: &str, symbols: &Symbols<'f>) -> String {
        let mut full_name = String::from("(");
        symbols.write_full_name(scope, name, &mut full_name);
        let is_simple = full_name.len() == name.len() + 1;
        let is_hidden = if is_simple {
            scope == ROOT && (!self.file.package.is_empty() || !self.inner.is_empty())
        } else {
            !self.is_seen(&full_name[1..], 0, true, symbols)
        };
        if is_hidden {
            full_name.insert(1, '.');
        }
        full_name.push(')');
        full_name
    }
}

fn first(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn add_names<'f>(message: &'f Message<'f>, names: &mut FxHashSet<&'f str>) {
    names.extend(message.fields.iter().chain(&message.extensions).map(|field| field.name));
    names.extend(message.oneofs.iter().map(|oneof| oneof.name));
    names.extend(message.enums.iter().flat_map(|of| &of.values).map(|value| value.name));
    for nested in &message.messages {
        add_names(nested, names);
    }
}

/// Words that a parser takes for something else where a type is due.
fn is_keyword(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "enum",
        "export",
        "extend",
        "extensions",
        "group",
        "import",
        "local",
        "map",
        "message",
        "oneof",
        "option",
        "optional",
        "package",
        "repeated",
        "required",
        "reserved",
        "rpc",
        "stream",
    ];
    WORDS.binary_search(&word).is_ok() || super::model::Kind::of_keyword(word).is_some()
}
