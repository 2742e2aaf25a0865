//! What names mean where they are used, and how they may be written there.

use std::collections::BTreeSet;

use super::{Kind, Sought, World, join};
use crate::schema::tests::random::Random;

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

impl World {
    /// The files whose names a file sees: its own, those it imports, and what these import publicly.
    pub(in super::super) fn visible(&self, file: usize, with_options: bool) -> BTreeSet<usize> {
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
    pub(in super::super) fn spell(
        &self,
        (file, element): (usize, &str),
        target: &str,
        of: Sought,
        random: &mut Random,
    ) -> String {
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
    pub(in super::super) fn is_found(&self, file: usize, element: &str, target: &str) -> bool {
        self.lookup(file, element, target, Sought::Option).as_deref() == Some(target)
    }
}
