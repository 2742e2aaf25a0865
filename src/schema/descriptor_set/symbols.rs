//! The names of a descriptor set as a tree of scopes, and its extensions by number. Full names are never spelled out, so
//! the tree is as large as the set.

use rustc_hash::FxHashMap;

use super::model::{Enum, Field, File, Kind, Message, Syntax};
use super::standard::Standard;

/// A scope or a type of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node(u32);

/// The scope that holds all others.
pub(crate) const ROOT: Node = Node(0);

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meaning<'f> {
    Package,
    Message(&'f Message<'f>),
    /// And whether its fields take numbers that no value has.
    Enum(&'f Enum<'f>, bool),
    Service,
}

struct Entry<'f> {
    name: &'f str,
    parent: Node,
    meaning: Meaning<'f>,
    /// Whether options may use it.
    is_used: bool,
}

/// A field or an extension of a message that options use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'f> {
    pub(crate) field: &'f Field<'f>,
    /// Never [`Kind::Unsaid`].
    pub(crate) kind: Kind,
    /// Its type, where that is known.
    pub(crate) target: Option<Node>,
    /// The scope that declares it, where it is an extension.
    pub(crate) extension_of: Option<Node>,
}

pub(crate) struct Symbols<'f> {
    entries: Vec<Entry<'f>>,
    children: FxHashMap<(Node, &'f str), Node>,
    /// Of messages that options may use.
    members: FxHashMap<(Node, i32), Member<'f>>,
    /// Of enums that options may use.
    values: FxHashMap<(Node, i32), &'f str>,
    /// Further declarations of a name: a set's own `descriptor.proto` may know more than this version does.
    doubles: Vec<(Node, Meaning<'f>)>,
}

impl<'f> Symbols<'f> {
    /// The names of `files` and of what protobuf itself defines, which wins.
    pub(crate) fn new(standard: &'f [Standard], files: &[&'f File<'f>]) -> Symbols<'f> {
        let root = Entry { name: "", parent: ROOT, meaning: Meaning::Package, is_used: false };
        let mut symbols = Symbols {
            entries: vec![root],
            children: FxHashMap::default(),
            members: FxHashMap::default(),
            values: FxHashMap::default(),
            doubles: Vec::new(),
        };
        for item in standard {
            symbols.add_standard(item);
        }
        for file in files {
            let package = symbols.add_path(file.package);
            symbols.add_types(package, &file.messages, &file.enums, file.syntax == Syntax::Proto3);
            for service in &file.services {
                symbols.add(package, service.name, Meaning::Service);
            }
        }
        symbols.use_standard(standard);
        let mut queue = Vec::new();
        for file in files {
            if let Some(package) = symbols.find(file.package) {
                symbols.add_extensions(package, &file.extensions, &mut queue);
                symbols.add_nested_extensions(package, &file.messages, &mut queue);
            }
        }
        symbols.add_used(queue);
        symbols
    }

    fn add_standard(&mut self, item: &'f Standard) {
        let (path, meaning) = match item {
            Standard::Message(path, message) => (*path, Meaning::Message(message)),
            Standard::Enum(path, enumeration) => (*path, Meaning::Enum(enumeration, false)),
            Standard::Extensions(..) => return,
        };
        let node = self.add_path(path);
        self.entries[node.0 as usize].meaning = meaning;
    }

    /// Makes the members of the options that protobuf defines, and of what a set adds to them.
    fn use_standard(&mut self, standard: &'f [Standard]) {
        let mut queue = Vec::new();
        for item in standard {
            match item {
                Standard::Message(path, _) | Standard::Enum(path, _) => queue.extend(self.find(path)),
                Standard::Extensions(package, fields) => {
                    let scope = self.add_path(package);
                    self.add_extensions(scope, fields, &mut queue);
                }
            }
        }
        self.add_used(queue);
        for (node, meaning) in std::mem::take(&mut self.doubles) {
            let mut queue = Vec::new();
            self.add_members(node, meaning, &mut queue);
            self.add_used(queue);
        }
    }

    /// Makes the members of the types in `queue` and of those they use.
    fn add_used(&mut self, mut queue: Vec<Node>) {
        while let Some(node) = queue.pop() {
            let entry = &mut self.entries[node.0 as usize];
            if !std::mem::replace(&mut entry.is_used, true) {
                let meaning = entry.meaning;
                self.add_members(node, meaning, &mut queue);
            }
        }
    }

    fn add_members(&mut self, node: Node, meaning: Meaning<'f>, queue: &mut Vec<Node>) {
        match meaning {
            Meaning::Message(message) => {
                for field in &message.fields {
                    let member = self.member_of(field, None);
                    queue.extend(member.target);
                    self.members.entry((node, field.number)).or_insert(member);
                }
            }
            Meaning::Enum(enumeration, _) => {
                for value in &enumeration.values {
                    self.values.entry((node, value.number)).or_insert(value.name);
                }
            }
            Meaning::Package | Meaning::Service => {}
        }
    }

    fn member_of(&self, field: &'f Field<'f>, extension_of: Option<Node>) -> Member<'f> {
        let target = if field.type_name.is_empty() { None } else { self.find(field.type_name) };
        let kind = match (field.kind, target.map(|node| self.meaning(node))) {
            (Kind::Unsaid, Some(Meaning::Enum(..))) => Kind::Enum,
            (Kind::Unsaid, _) => Kind::Message,
            (kind, _) => kind,
        };
        Member { field, kind, target, extension_of }
    }

    /// The scope of that full name; packages are made of what is not known yet.
    fn add_path(&mut self, path: &'f str) -> Node {
        let parts = path.split('.').filter(|part| !part.is_empty());
        parts.fold(ROOT, |scope, part| self.add(scope, part, Meaning::Package))
    }

    /// Declares a name; of several declarations of one name the first counts, packages aside.
    fn add(&mut self, parent: Node, name: &'f str, meaning: Meaning<'f>) -> Node {
        let next = Node(u32::try_from(self.entries.len()).expect("sets hold fewer than 2^32 names"));
        let node = *self.children.entry((parent, name)).or_insert(next);
        if node == next {
            self.entries.push(Entry { name, parent, meaning, is_used: false });
            return node;
        }
        let entry = &mut self.entries[node.0 as usize];
        match (entry.meaning, meaning) {
            (_, Meaning::Package) => {}
            (Meaning::Package, _) => entry.meaning = meaning,
            _ => self.doubles.push((node, meaning)),
        }
        node
    }

    fn add_types(&mut self, scope: Node, messages: &'f [Message<'f>], enums: &'f [Enum<'f>], is_open: bool) {
        for enumeration in enums {
            self.add(scope, enumeration.name, Meaning::Enum(enumeration, is_open));
        }
        for message in messages {
            let node = self.add(scope, message.name, Meaning::Message(message));
            self.add_types(node, &message.messages, &message.enums, is_open);
        }
    }

    fn add_nested_extensions(&mut self, scope: Node, messages: &'f [Message<'f>], queue: &mut Vec<Node>) {
        for message in messages {
            if let Some(node) = self.child(scope, message.name) {
                self.add_extensions(node, &message.extensions, queue);
                self.add_nested_extensions(node, &message.messages, queue);
            }
        }
    }

    fn add_extensions(&mut self, scope: Node, fields: &'f [Field<'f>], queue: &mut Vec<Node>) {
        for field in fields {
            if let Some(extendee) = self.find(field.extendee) {
                let member = self.member_of(field, Some(scope));
                queue.extend(member.target);
                self.members.entry((extendee, field.number)).or_insert(member);
            }
        }
    }

    pub(crate) fn is_root(&self, node: Node) -> bool {
        node == ROOT
    }

    pub(crate) fn child(&self, scope: Node, name: &str) -> Option<Node> {
        self.children.get(&(scope, name)).copied()
    }

    /// What a full name, with a leading dot or without, stands for.
    pub(crate) fn find(&self, full_name: &str) -> Option<Node> {
        let path = full_name.strip_prefix('.').unwrap_or(full_name);
        if path.is_empty() {
            return Some(ROOT);
        }
        path.split('.').try_fold(ROOT, |scope, part| self.child(scope, part))
    }

    pub(crate) fn meaning(&self, node: Node) -> Meaning<'f> {
        self.entries[node.0 as usize].meaning
    }

    /// The field or the extension of that number, of a message that options use.
    pub(crate) fn member(&self, message: Node, number: u32) -> Option<Member<'f>> {
        self.members.get(&(message, i32::try_from(number).ok()?)).copied()
    }

    /// The first value of that number, of an enum that options use.
    pub(crate) fn value(&self, of: Node, number: i32) -> Option<&'f str> {
        self.values.get(&(of, number)).copied()
    }

    /// Writes the full name of what `scope` declares as `name`, without a leading dot.
    pub(crate) fn write_full_name(&self, scope: Node, name: &str, out: &mut String) {
        let mut parts = vec![name];
        let mut at = scope;
        while at != ROOT {
            parts.push(self.entries[at.0 as usize].name);
            at = self.entries[at.0 as usize].parent;
        }
        for (index, part) in parts.iter().rev().enumerate() {
            if index > 0 {
                out.push('.');
            }
            out.push_str(part);
        }
    }
}
