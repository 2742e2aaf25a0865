//! What the language itself forbids, and what is wrong with the input: always on, whatever is selected.

mod enums;
mod features;
mod fields;
mod imports;
mod input;
mod names;
mod numbers;
mod options;

pub(crate) use imports::{COMPILE_IMPORT_DUPLICATE, COMPILE_IMPORT_NOT_FOUND};
pub(crate) use input::{
    ACCEPTED_EXPIRED, ACCEPTED_STALE, BASELINE_STALE, COMPILE_EDITION, COMPILE_ENCODING, COMPILE_NESTING,
    COMPILE_SYNTAX, CONFIG_INVALID, CONFIG_UNUSED_IGNORE, INPUT_UNREADABLE, NOT_COMPARED, SELF_CHECK, UNUSED_IGNORE,
};
pub(crate) use names::{COMPILE_UNRESOLVED_NAME, used_at};

use super::Rule;

/// The rules of every subject.
pub(super) const SUBJECTS: &[&[&Rule]] = &[
    enums::RULES,
    features::RULES,
    fields::RULES,
    imports::RULES,
    input::RULES,
    names::RULES,
    numbers::RULES,
    options::RULES,
];
