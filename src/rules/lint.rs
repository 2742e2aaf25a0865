//! The lint rules, grouped by subject.

mod comments;
mod deprecated;
mod efficiency;
mod enums;
mod files;
mod history;
mod imports;
mod naming;
mod packages;
mod rpcs;
mod style;
mod validation;
mod words;

use super::Rule;
pub(crate) use deprecated::{DEPRECATED_HAS_REASON, DEPRECATED_USED};
pub(crate) use imports::IMPORT_USED;

/// The rules of every subject.
pub(super) const SUBJECTS: &[&[&Rule]] = &[
    comments::RULES,
    deprecated::RULES,
    efficiency::RULES,
    enums::RULES,
    files::RULES,
    history::RULES,
    imports::RULES,
    naming::RULES,
    packages::RULES,
    rpcs::RULES,
    style::RULES,
    validation::RULES,
    words::RULES,
];
