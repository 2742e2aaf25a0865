//! Picks names that are free: those of keywords, those that shadow others, in all manners of writing.

use super::model::{Kind, Language, World, join};
use crate::schema::tests::random::Random;

/// How a name has to be written where the style of edition 2024 is enforced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Title,
    Lower,
    Upper,
}

const WORDS: [&str; 34] = [
    "order",
    "total",
    "email",
    "acme",
    "v1",
    "inner",
    "message",
    "enum",
    "service",
    "rpc",
    "option",
    "optional",
    "repeated",
    "required",
    "reserved",
    "extensions",
    "extend",
    "group",
    "map",
    "oneof",
    "stream",
    "returns",
    "to",
    "max",
    "import",
    "package",
    "syntax",
    "edition",
    "weak",
    "string",
    "true",
    "inf",
    "nan",
    "default",
];
const ODD: [&str; 12] = ["A", "a", "_", "_q", "aB", "A_b", "HTTPServer", "x__y", "Z9", "export", "local", "json_name"];

fn written(word: &str, manner: Manner) -> String {
    match manner {
        Manner::Title => word[..1].to_uppercase() + &word[1..],
        Manner::Lower => word.to_owned(),
        Manner::Upper => word.to_uppercase(),
    }
}

/// A name that nothing in `scope` has and `is_free` likes; it is not noted yet.
pub(super) fn pick(
    world: &World,
    file: usize,
    scope: &str,
    manner: Manner,
    random: &mut Random,
    is_free: impl Fn(&str) -> bool,
) -> String {
    let file = &world.files[file];
    let word = match random.below(10) {
        0 if !file.switches.is_strict => random.pick(&ODD).to_owned(),
        1 if !file.switches.is_strict => written(random.pick(&WORDS), Manner::Lower),
        2..5 => {
            let (one, other) = (random.pick(&WORDS), random.pick(&WORDS));
            match manner {
                Manner::Title => written(one, manner) + &written(other, manner),
                _ => written(&format!("{one}_{other}"), manner),
            }
        }
        _ => written(random.pick(&WORDS), manner),
    };
    let is_free = |name: &str| !world.symbols.contains_key(&join(scope, name)) && is_free(name);
    if is_free(&word) {
        return word;
    }
    let numbered = |number: usize| format!("{word}{number}");
    (2..).map(numbered).find(|name| is_free(name)).expect("numbers do not end")
}

impl World {
    pub(super) fn note(&mut self, full_name: String, kind: Kind, file: usize) {
        let before = self.symbols.insert(full_name.clone(), (kind, file));
        assert!(before.is_none() || kind == Kind::Package, "{full_name} is there twice");
    }

    /// Picks a name in `scope` and notes it; gives it alone and in full.
    pub(super) fn name(
        &mut self,
        file: usize,
        scope: &str,
        (manner, kind): (Manner, Kind),
        random: &mut Random,
    ) -> (String, String) {
        let name = pick(self, file, scope, manner, random, |_| true);
        let full_name = join(scope, &name);
        self.note(full_name.clone(), kind, file);
        (name, full_name)
    }

    /// Whether a declaration is seen from other files, with the word before it; decided by chance.
    pub(super) fn visibility(&self, file: usize, is_nested: bool, random: &mut Random) -> (&'static str, bool) {
        let file = &self.files[file];
        if !matches!(file.language, Language::Edition(2024..)) {
            return ("", true);
        }
        let by_default = match file.switches.visibility {
            "EXPORT_ALL" => true,
            "LOCAL_ALL" | "STRICT" => false,
            _ => !is_nested,
        };
        match random.below(8) {
            0 => ("local", false),
            1 if !(is_nested && file.switches.visibility == "STRICT") => ("export", true),
            _ => ("", by_default),
        }
    }
}

/// The name of a field in JSON.
pub(super) fn json_key(name: &str) -> String {
    let mut key = String::new();
    let mut is_next_upper = false;
    for letter in name.chars() {
        match letter {
            '_' => is_next_upper = true,
            _ if is_next_upper => {
                key.extend(letter.to_uppercase());
                is_next_upper = false;
            }
            _ => key.push(letter),
        }
    }
    key
}

/// The name of the message that the entries of a map are.
pub(super) fn entry_name(field: &str) -> String {
    let key = json_key(field);
    let mut letters = key.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect()) + "Entry"
}

/// What names of one enum's values may not share.
pub(super) fn value_keys(enumeration: &str, value: &str) -> [String; 2] {
    let plain = |text: &str| text.replace('_', "").to_lowercase();
    let (own, prefix) = (plain(value), plain(enumeration));
    let short = own.strip_prefix(&prefix).filter(|rest| !rest.is_empty()).unwrap_or(&own).to_owned();
    [own, short]
}
