//! What a made up tree of files declares, and how its names may be written where they are used. It knows no syntax.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::tests::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Whether the file says so.
    Proto2 {
        is_written: bool,
    },
    Proto3,
    Edition(u32),
}

impl Language {
    pub(super) fn is_edition(self) -> bool {
        matches!(self, Language::Edition(_))
    }
}

/// What a name is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// The type of a field; what is none is passed over.
    Type,
    /// What is extended, or what an rpc takes and gives.
    Message,
    Option,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Package,
    Message,
    Enum,
    Service,
    /// Fields, values, oneofs, rpcs.
    Other,
}

/// What a file switches for all it declares.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Switches {
    pub(super) is_implicit: bool,
    pub(super) is_closed: bool,
    pub(super) is_strict: bool,
    /// The default of what is seen elsewhere, of edition 2024.
    pub(super) visibility: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: &'static str,
    pub(super) package: &'static str,
    pub(super) language: Language,
    pub(super) switches: Switches,
    /// `public`, `weak`, `option` or nothing, and which file.
    pub(super) imports: Vec<(&'static str, usize)>,
    /// The files of protobuf itself that it imports.
    pub(super) well_known: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Scalar(&'static str),
    Message(usize),
    Enum(usize),
    Group(usize),
    Map(&'static str, Box<Type>),
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    None,
    Optional,
    Required,
    Repeated,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) number: i32,
    pub(super) label: Label,
    pub(super) of: Type,
    pub(super) oneof: Option<usize>,
    /// A feature of its own.
    pub(super) presence: Option<&'static str>,
    pub(super) json_name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extendee {
    Message(usize),
    /// A message of options.
    Options(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Extension {
    pub(super) file: usize,
    pub(super) scope: Option<usize>,
    pub(super) full_name: String,
    pub(super) extendee: Extendee,
    pub(super) field: Field,
}

#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) number: i32,
    pub(super) is_reserved: bool,
    pub(super) is_repeated: bool,
    pub(super) full_name: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) name: String,
    pub(super) full_name: String,
    /// `export`, `local` or nothing.
    pub(super) visibility: &'static str,
    pub(super) is_exported: bool,
    pub(super) is_group: bool,
    pub(super) is_message_set: bool,
    pub(super) fields: Vec<Field>,
    pub(super) oneofs: Vec<String>,
    pub(super) reserved: Vec<(i32, i32)>,
    pub(super) reserved_names: Vec<String>,
    pub(super) extensible: Vec<(i32, i32)>,
    pub(super) declared: Vec<Declared>,
    /// The keys of the fields in JSON.
    pub(super) keys: BTreeSet<String>,
    pub(super) next_number: i32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Enum {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) visibility: &'static str,
    pub(super) is_exported: bool,
    /// Whether it says itself whether it is closed.
    pub(super) says_type: bool,
    pub(super) is_closed: bool,
    pub(super) has_aliases: bool,
    pub(super) values: Vec<(String, i32)>,
    pub(super) reserved: Vec<(i32, i32)>,
    pub(super) reserved_names: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) input: usize,
    pub(super) output: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) file: usize,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) methods: Vec<Method>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) files: Vec<File>,
    pub(super) messages: Vec<Message>,
    pub(super) enums: Vec<Enum>,
    pub(super) services: Vec<Service>,
    pub(super) extensions: Vec<Extension>,
    /// All full names: what they are, and the file they are of.
    pub(super) symbols: BTreeMap<String, (Kind, usize)>,
    pub(super) next_option: i32,
}

pub(super) fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

impl World {
    /// The full name that `parent` gives to what is in it.
    pub(super) fn scope(&self, file: usize, parent: Option<usize>) -> String {
        parent.map_or(self.files[file].package.to_owned(), |parent| self.messages[parent].full_name.clone())
    }

    /// The files whose names a file sees: its own, those it imports, and what these import publicly.
    pub(super) fn visible(&self, file: usize, with_options: bool) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([file]);
        let wanted = |kind: &str| with_options || kind != "option";
        let own = self.files[file].imports.iter().filter(|(kind, _)| wanted(kind));
        let mut open: Vec<usize> = own.map(|(_, target)| *target).collect();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                let public = self.files[next].imports.iter().filter(|(kind, _)| *kind == "public");
                open.extend(public.map(|(_, target)| *target));
            }
        }
        seen
    }

    fn find(&self, visible: &BTreeSet<usize>, name: &str) -> Option<Kind> {
        let (kind, file) = self.symbols.get(name)?;
        let is_of = |file: &usize| format!("{}.", self.files[*file].package).starts_with(&format!("{name}."));
        let is_visible = if *kind == Kind::Package { visible.iter().any(is_of) } else { visible.contains(file) };
        is_visible.then_some(*kind)
    }

    /// What a name means within `element`, by the rules of protobuf: innermost scope first.
    fn lookup(&self, file: usize, element: &str, name: &str, of: Sought) -> Option<String> {
        let plain = self.visible(file, false);
        let visible = if of == Sought::Option { &self.visible(file, true) } else { &plain };
        let only_types = of == Sought::Type;
        let (first, is_compound) = name.split_once('.').map_or((name, false), |(first, _)| (first, true));
        let mut scope = element;
        loop {
            let Some(dot) = scope.rfind('.') else {
                return self.find(visible, name).map(|_| name.to_owned());
            };
            scope = &scope[..dot];
            // What supplies options alone gives no beginning of a name.
            let found = self.find(if is_compound { &plain } else { visible }, &join(scope, first));
            let package = || self.find(visible, &join(scope, first)).filter(|kind| *kind == Kind::Package);
            match found.or_else(package) {
                None | Some(Kind::Other) if is_compound => {}
                None => {}
                Some(_) if is_compound => {
                    let full = join(scope, name);
                    return self.find(visible, &full).map(|_| full);
                }
                Some(kind) if only_types && !matches!(kind, Kind::Message | Kind::Enum) => {}
                Some(_) => return Some(join(scope, first)),
            }
        }
    }

    /// How `target` may be written within `element` of a file.
    pub(super) fn spell(&self, file: usize, element: &str, target: &str, of: Sought, random: &mut Random) -> String {
        let parts: Vec<&str> = target.split('.').collect();
        if random.chance(85) {
            let most = parts.len();
            let start = random.below(most);
            for shift in 0..most {
                let name = parts[(start + shift) % most..].join(".");
                let is_target = self.lookup(file, element, &name, of).as_deref() == Some(target);
                let is_keyword = KEYWORDS.contains(&name.split('.').next().unwrap_or_default());
                if !is_keyword && is_target {
                    return name;
                }
            }
        }
        format!(".{target}")
    }

    /// Whether protobuf finds `target` by its full name within `element`.
    pub(super) fn is_found(&self, file: usize, element: &str, target: &str) -> bool {
        self.lookup(file, element, target, Sought::Option).as_deref() == Some(target)
    }

    pub(super) fn is_implicit(&self, message: usize, field: &Field) -> bool {
        let file = &self.files[self.messages[message].file];
        match file.language {
            Language::Proto2 { .. } => false,
            Language::Proto3 => field.label == Label::None && field.oneof.is_none(),
            Language::Edition(_) if field.oneof.is_some() || field.label == Label::Repeated => false,
            Language::Edition(_) => field.presence.map_or(file.switches.is_implicit, |presence| presence == "IMPLICIT"),
        }
    }
}

/// Words that begin a statement or a type: names that begin with them are written with a dot in front.
pub(super) const KEYWORDS: [&str; 36] = [
    "bool",
    "bytes",
    "double",
    "enum",
    "export",
    "extend",
    "extensions",
    "fixed32",
    "fixed64",
    "float",
    "group",
    "import",
    "int32",
    "int64",
    "local",
    "map",
    "max",
    "message",
    "oneof",
    "option",
    "optional",
    "package",
    "public",
    "repeated",
    "required",
    "reserved",
    "returns",
    "rpc",
    "service",
    "sfixed32",
    "sint32",
    "stream",
    "string",
    "syntax",
    "to",
    "weak",
];
