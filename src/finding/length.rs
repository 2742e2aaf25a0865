//! Bounds what findings repeat of names that no person writes, so that many findings about one of them take no more
//! room than the text they are about.

use super::fingerprint::hash;

/// The most bytes of a name that is repeated whole; names in use have a tenth of that.
const MAX_NAME: usize = 1000;

/// How many bytes of a longer one are shown, less what would be half a character.
const TOLD: usize = 200;

/// The full name or file name, or what stands for a very long one: its start, and a hash of all of it.
pub(crate) fn symbol(name: String) -> String {
    if name.len() > MAX_NAME { cut(&name) } else { name }
}

/// Whether a symbol only stands for a name.
pub(crate) fn is_cut(symbol: &str) -> bool {
    symbol.contains(ELLIPSIS)
}

/// The text with very long quoted names cut as [`symbol`] does.
pub(crate) fn text(text: String) -> String {
    if text.len() <= MAX_NAME || text.split('`').skip(1).step_by(2).all(|name| name.len() <= MAX_NAME) {
        return text;
    }
    let mut cut_text = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            cut_text.push('`');
        }
        if index % 2 == 1 && part.len() > MAX_NAME {
            cut_text.push_str(&cut(part));
        } else {
            cut_text.push_str(part);
        }
    }
    cut_text
}

/// No name of an element has it.
const ELLIPSIS: char = '…';

fn cut(name: &str) -> String {
    let end = (0..=TOLD).rev().find(|&at| name.is_char_boundary(at)).unwrap_or_default();
    format!("{}{ELLIPSIS}{}", &name[..end], hash(name))
}

#[cfg(test)]
mod tests {
    use super::{is_cut, symbol, text};

    #[test]
    fn only_very_long_names_are_cut_and_stay_different() {
        let (one, other) = ("é".repeat(600), "é".repeat(601));
        assert_eq!(symbol("x".repeat(1000)), "x".repeat(1000));
        assert!(symbol(one.clone()).len() < 250 && is_cut(&symbol(one.clone())));
        assert_ne!(symbol(one.clone()), symbol(other.clone()));
        let whole = format!("{} `a` is not `b`", "w".repeat(2000));
        assert_eq!(text(whole.clone()), whole);
        let other = text(format!("field `{one}` is `{other}` and `c`"));
        let one = symbol(one);
        assert!(other.starts_with(&format!("field `{one}` is `")) && other.ends_with("` and `c`"), "{other}");
    }
}
