//! Whether two names look like one written anew: an old field's and its new name, a deleted type's and that of another.

use crate::nearest;

/// How alike two words are that are one word spelled anew: `colour` and `color`.
const SPELLED_ANEW: f32 = 0.8;

/// Words that say what kind of type something is, and not which.
const KINDS: [&str; 16] = [
    "config", "data", "enum", "event", "info", "item", "kind", "list", "message", "options", "record", "reply",
    "request", "response", "status", "type",
];

/// Whether one name looks like the other written anew: they share a word, or nearly.
pub(crate) fn are_alike(before: &str, after: &str) -> bool {
    share_a_word(&words(before), &words(after))
}

/// The name of a type, where a word such as `Request` says nothing.
pub(super) struct TypeName<'n> {
    name: &'n str,
    words: Vec<String>,
    /// The words that say which type it is.
    telling: Vec<String>,
}

impl<'n> TypeName<'n> {
    pub(super) fn new(name: &'n str) -> TypeName<'n> {
        let words = words(name);
        let telling = words.iter().filter(|word| !KINDS.contains(&word.as_str())).cloned().collect();
        TypeName { name, words, telling }
    }

    /// Whether another name looks like this one written anew.
    pub(super) fn is_like(&self, other: &str) -> bool {
        if self.name == other {
            return true;
        }
        let other = TypeName::new(other);
        match self.telling.is_empty() || other.telling.is_empty() {
            true => share_a_word(&self.words, &other.words),
            false => share_a_word(&self.telling, &other.telling),
        }
    }
}

/// Whether two values of one enum look like one: the words that the whole enum shares say nothing.
pub(crate) fn are_values_alike(before: &str, after: &str, enumeration: &str) -> bool {
    let prefix = words(enumeration);
    let telling = |name: &str| -> Vec<String> {
        let words = words(name);
        let shared = words.iter().zip(&prefix).take_while(|(one, other)| one == other).count();
        if shared < words.len() { words[shared..].to_vec() } else { words }
    };
    share_a_word(&telling(before), &telling(after))
}

fn share_a_word(before: &[String], after: &[String]) -> bool {
    before.iter().any(|one| {
        after.iter().any(|other| {
            let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
            one == other || abbreviates(short, long) || nearest::are_alike(one, other, SPELLED_ANEW)
        })
    })
}

/// Whether a word is another one with letters left out: `id` and `identifier`, `addr` and `address`, `qty` and `quantity`.
/// Behind a gap vowels are left out too: `use` is not `unspecified`.
fn abbreviates(short: &str, long: &str) -> bool {
    let shared = short.chars().zip(long.chars()).take_while(|(one, other)| one == other).count();
    let (mut tail, mut rest) = (short.chars().skip(shared), long.chars().skip(shared));
    let is_prefix = shared == short.chars().count();
    shared > 0
        && short.len() >= if is_prefix { 2 } else { 3 }
        && tail.all(|letter| !"aeiou".contains(letter) && rest.any(|other| other == letter))
}

/// The words of a name in lower case: it is cut at underscores and before capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        if character == '_' || (character.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase() || character.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| character != '_') {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
