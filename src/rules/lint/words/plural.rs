//! English plurals, as far as names need them. A word that could be a plural, or has none, passes: a rule that asks for
//! `metadatas` does not help. The lists are short on purpose and hold what schemas are seen to use.

/// The name in the plural; none where it passes as it is.
pub(super) fn plural_name(name: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    let mut words: Vec<&str> = name.split('_').collect();
    let mut head = head(&words)?;
    let last = words[words.len() - 1];
    if is_known(name) || [last, words[head]].into_iter().any(|word| is_known(word) || is_plural(word)) {
        return None;
    }
    if words[head] == "list" && head > 0 {
        words.remove(head);
        head -= 1;
        if is_known(words[head]) || is_plural(words[head]) {
            return Some(words.join("_"));
        }
    }
    let plural = plural(words[head]);
    words[head] = &plural;
    Some(words.join("_"))
}

/// Which word says what there are many of: the last, or the one before a preposition, as in `reasons_for_error`.
fn head(words: &[&str]) -> Option<usize> {
    const BETWEEN: [&str; 14] =
        ["at", "by", "for", "from", "in", "of", "on", "per", "that", "to", "under", "when", "with", "without"];
    let end = (1..words.len()).find(|&at| BETWEEN.contains(&words[at])).unwrap_or(words.len());
    // Numbers and what ends in one, such as `sha256` or `v1`, have no plural.
    words[..end].iter().rposition(|word| !word.ends_with(|last: char| last.is_ascii_digit()))
}

fn is_plural(word: &str) -> bool {
    let ends_like_one = word.ends_with('s') && !word.ends_with("ss") && !SINGULAR.contains(&word);
    // What is left out, included, allowed: a participle stands for many as it is.
    let is_participle = word.ends_with("ed") && !word.ends_with("eed") && !["bed", "embed", "shed"].contains(&word);
    // As in `unreachable`, and collections such as an `allowlist`.
    let is_adjective = word.ends_with("ble") && !NOUNS_IN_BLE.contains(&word);
    let is_collection = word.ends_with("list") && !["list", "checklist", "playlist"].contains(&word);
    let is_abbreviated = word.len() <= 2 && !["id", "ip", "op"].contains(&word);
    ends_like_one
        || is_participle
        || is_adjective
        || is_collection
        || is_abbreviated
        || !word.is_ascii()
        || PLURAL.contains(&word)
        || WITHOUT_PLURAL.contains(&word)
        || NO_NOUN.contains(&word)
        || ENDINGS.iter().any(|ending| word.ends_with(ending))
        || IRREGULAR.iter().any(|(_, plural)| word == *plural)
}

fn plural(word: &str) -> String {
    if let Some((_, plural)) = IRREGULAR.iter().find(|(singular, _)| word == *singular) {
        return (*plural).to_owned();
    }
    let is_vowel = |letter: char| "aeiou".contains(letter);
    if let Some(stem) = word.strip_suffix("sis") {
        return format!("{stem}ses");
    }
    if let Some(stem) = word.strip_suffix('y')
        && !stem.is_empty()
        && !stem.ends_with(is_vowel)
    {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending));
    if hisses { format!("{word}es") } else { format!("{word}s") }
}

/// Nouns in the singular that end in a single `s`.
const SINGULAR: [&str; 19] = [
    "alias",
    "analysis",
    "atlas",
    "axis",
    "basis",
    "bias",
    "bonus",
    "bus",
    "campus",
    "canvas",
    "census",
    "corpus",
    "crisis",
    "diagnosis",
    "gas",
    "hypothesis",
    "lens",
    "synopsis",
    "virus",
];

/// Nouns that end like adjectives.
const NOUNS_IN_BLE: [&str; 9] =
    ["bible", "cable", "crucible", "deliverable", "double", "table", "timetable", "trouble", "variable"];

/// What no rule gives.
const IRREGULAR: [(&str, &str); 29] = [
    ("axis", "axes"),
    ("calf", "calves"),
    ("child", "children"),
    ("criterion", "criteria"),
    ("datum", "data"),
    ("foot", "feet"),
    ("goose", "geese"),
    ("half", "halves"),
    ("hero", "heroes"),
    ("index", "indexes"),
    ("knife", "knives"),
    ("leaf", "leaves"),
    ("life", "lives"),
    ("man", "men"),
    ("matrix", "matrices"),
    ("medium", "media"),
    ("mouse", "mice"),
    ("ox", "oxen"),
    ("person", "people"),
    ("phenomenon", "phenomena"),
    ("potato", "potatoes"),
    ("quiz", "quizzes"),
    ("self", "selves"),
    ("shelf", "shelves"),
    ("tomato", "tomatoes"),
    ("tooth", "teeth"),
    ("vertex", "vertices"),
    ("wife", "wives"),
    ("woman", "women"),
];

/// Further plurals that do not end in `s`.
const PLURAL: [&str; 15] = [
    "addenda",
    "alumni",
    "bacteria",
    "corpora",
    "curricula",
    "dice",
    "errata",
    "foci",
    "loci",
    "memoranda",
    "minutiae",
    "nuclei",
    "radii",
    "schemata",
    "strata",
];

/// Nouns that have no plural, or the same one.
const WITHOUT_PLURAL: [&str; 61] = [
    "access",
    "advice",
    "aircraft",
    "baggage",
    "behavior",
    "cash",
    "clothing",
    "compliance",
    "consent",
    "content",
    "coverage",
    "debris",
    "deer",
    "documentation",
    "encryption",
    "env",
    "equipment",
    "etc",
    "evidence",
    "feedback",
    "fish",
    "food",
    "freight",
    "furniture",
    "guidance",
    "health",
    "history",
    "homework",
    "integrity",
    "json",
    "knowledge",
    "logic",
    "luck",
    "luggage",
    "mail",
    "merchandise",
    "meta",
    "money",
    "offspring",
    "performance",
    "privacy",
    "progress",
    "provenance",
    "rest",
    "sheep",
    "spam",
    "speech",
    "staff",
    "storage",
    "stuff",
    "support",
    "telemetry",
    "text",
    "traffic",
    "trivia",
    "usage",
    "weather",
    "work",
    "xml",
    "yaml",
    "youth",
];

/// What is no noun and may well name a list of operands or of conditions.
const NO_NOUN: [&str; 54] = [
    "above",
    "absent",
    "accept",
    "actual",
    "add",
    "after",
    "all",
    "allow",
    "and",
    "any",
    "before",
    "below",
    "block",
    "both",
    "built",
    "chosen",
    "deny",
    "disallow",
    "each",
    "else",
    "exact",
    "except",
    "exclude",
    "extra",
    "found",
    "given",
    "healthy",
    "hidden",
    "if",
    "ignore",
    "include",
    "inline",
    "known",
    "misc",
    "missing",
    "none",
    "nor",
    "not",
    "only",
    "or",
    "other",
    "present",
    "remaining",
    "remove",
    "require",
    "seen",
    "sent",
    "set",
    "spoken",
    "sub",
    "taken",
    "unset",
    "written",
    "xor",
];

/// Endings of words that have no plural, or are one.
const ENDINGS: [&str; 8] = ["children", "craft", "data", "info", "information", "people", "ware", "women"];
