//! The rules over two schemas, grouped by subject: each detects one kind of change.

mod collision;
mod deleted;
mod enums;
mod field_types;
mod fields;
mod files;
mod messages;
mod own;
mod packages;
mod reserved;
mod rpcs;

pub(crate) use collision::collisions;
pub(crate) use own::{BASE_COLLISION, POLICY_REACHES_EXEMPT};

use super::Rule;
use crate::schema::{File, Syntax};

/// The rules of every subject.
pub(super) const SUBJECTS: &[&[&Rule]] = &[
    deleted::RULES,
    enums::RULES,
    field_types::RULES,
    fields::RULES,
    files::RULES,
    messages::RULES,
    own::RULES,
    packages::RULES,
    reserved::RULES,
    rpcs::RULES,
];

/// The statements that keep a number and names from coming back as something else, as the file's syntax has them.
fn reserve(file: File<'_>, number: i32, names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| reserved_name(file, name)).collect();
    format!("reserved {number}; reserved {};", names.join(", "))
}

/// A name as `reserved` takes it: editions want it bare, older syntaxes in quotes.
fn reserved_name(file: File<'_>, name: &str) -> String {
    if matches!(file.syntax(), Syntax::Edition(_)) { name.to_owned() } else { format!("\"{name}\"") }
}
