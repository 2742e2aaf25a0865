//! A finding's name across commits and releases, for files of accepted changes.

use super::Finding;

/// What is put after a message to say which of several bases a change was found with.
const COMPARED_WITH: &str = " (compared with ";

/// What is put before the day and the releases after which a deletion is allowed; these move on while it stays the same.
pub(crate) const MAY_BE: &str = " and may be ";

impl Finding {
    /// Says which of several bases the change was found with, which does not change its fingerprint.
    pub(crate) fn compared_with(&mut self, bases: &str) {
        let message = format!("{}{COMPARED_WITH}{bases})", self.message);
        self.message = super::length::text(message);
    }
}

/// A hash of the rule, of what the finding is about, and of what its message quotes: names, types and numbers. Where it
/// stands and how the message is worded do not count.
pub(super) fn of(finding: &Finding) -> String {
    let mut hash = Fnv(START);
    hash.part(finding.rule);
    hash.part(finding.symbol.as_deref().unwrap_or_default());
    let message = finding.message.split(COMPARED_WITH).next().unwrap_or_default();
    let message = message.split(MAY_BE).next().unwrap_or_default();
    for (index, part) in message.split('`').enumerate() {
        if index % 2 == 1 {
            hash.part(part);
            continue;
        }
        let numbers = part.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        numbers.for_each(|number| hash.part(number));
    }
    format!("{:016x}", hash.0)
}

/// A hash of one text, in 16 hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    let mut hash = Fnv(START);
    hash.part(text);
    format!("{:016x}", hash.0)
}

/// What the hash starts from.
const START: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash FNV-1a with 64 bits; the same in every release and on every machine.
struct Fnv(u64);

impl Fnv {
    /// Takes in a text and an end mark, so that two texts are not one.
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
