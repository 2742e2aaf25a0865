//! Names of options as a configuration writes them.

use crate::source::Place;

/// The name of an option: `deprecated`, `(acme.authz)`, or a part of one, `(acme.authz).permission`.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionName {
    /// As written.
    pub text: String,
    /// Its components: a plain name, or an extension in parentheses, then fields.
    pub parts: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

impl OptionName {
    /// Reads a name; `None` where it is none.
    pub fn parse(text: &str, place: Place) -> Option<OptionName> {
        let (mut parts, mut rest) = (Vec::new(), text);
        loop {
            let end = if rest.starts_with('(') { rest.find(')')? + 1 } else { rest.find('.').unwrap_or(rest.len()) };
            let part = &rest[..end];
            let name = part.strip_prefix('(').map_or(part, |name| name.trim_end_matches(')'));
            let mut words = name.strip_prefix('.').filter(|_| part.starts_with('(')).unwrap_or(name).split('.');
            if !words.all(is_identifier) {
                return None;
            }
            parts.push(part.replacen("(.", "(", 1));
            rest = &rest[end..];
            match rest.strip_prefix('.') {
                Some(next) => rest = next,
                None if rest.is_empty() => break,
                None => return None,
            }
        }
        Some(OptionName { text: text.to_owned(), parts, place })
    }

    /// Whether it names a part of what another one names.
    pub(crate) fn is_part_of(&self, other: &OptionName) -> bool {
        self.parts.len() > other.parts.len() && self.parts.starts_with(&other.parts)
    }
}

fn is_identifier(word: &str) -> bool {
    let is_letter = |c: char| c == '_' || c.is_ascii_alphabetic();
    word.starts_with(is_letter) && word.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}
