//! The elements of a schema as expressions of CEL see them: objects with the attributes of one table, which the page
//! `OWN_RULES.md` shows too. It knows the schema, and nothing of configuration, rules or findings but what a change is.

mod any;
mod change;
mod common;
mod fields;
mod functions;
mod kinds;
mod options;
mod reader;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use change::{CHANGE, ChangeSeen};
pub(crate) use functions::LANGUAGE;
pub(crate) use kinds::{ENUM, ENUM_VALUE, EXTENSION, FIELD, FILE, IMPORT, MESSAGE, ONEOF, RPC, SERVICE};
pub(crate) use reader::{Comments, Elements};
