//! Names of enum values that say "nothing was set", in whatever words.

use super::case;
use crate::schema::EnumValue;

/// What such a name says besides words of what it belongs to.
const WORDS: [&str; 11] = [
    "DEFAULT",
    "INVALID",
    "NONE",
    "NOT_SET",
    "NOT_SPECIFIED",
    "UNDEFINED",
    "UNINITIALIZED",
    "UNKNOWN",
    "UNSET",
    "UNSPECIFIED",
    "UNSPEC",
];

/// Longer names say something.
const MAX_WORDS: usize = 32;

/// Whether a value only stands for "nothing", so that another name means the same: `UNKNOWN`, and `STATUS_UNKNOWN` or
/// `UNKNOWN_STATUS` of `Status`. What the enum and the messages around it are called may stand before it or after it.
pub(crate) fn is_placeholder(value: EnumValue<'_>) -> bool {
    let name = case::upper_snake(value.name());
    let is_known = |rest: &str| WORDS.contains(&rest);
    if is_known(&name) {
        return true;
    }
    let mut owners = case::upper_snake(value.parent().name());
    let mut around = value.parent().parent();
    while let Some(message) = around {
        owners = format!("{}_{owners}", case::upper_snake(message.name()));
        around = message.parent();
    }
    let owners: Vec<&str> = owners.split('_').collect();
    let words: Vec<&str> = name.split('_').collect();
    if words.len() > MAX_WORDS {
        return false;
    }
    let of_owner = |words: &[&str]| words.iter().all(|word| owners.contains(word));
    (0..words.len()).any(|from| {
        let ends = from + 1..=words.len();
        of_owner(&words[..from])
            && ends.into_iter().any(|to| of_owner(&words[to..]) && is_known(&words[from..to].join("_")))
    })
}
