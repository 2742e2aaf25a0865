//! The rules over two schemas, grouped by subject: each detects one kind of change.

mod annotations;
mod collision;
mod deleted;
mod deprecated;
mod enums;
mod ever_used;
mod field_types;
mod fields;
mod files;
mod http;
mod messages;
mod packages;
mod policies;
mod registries;
mod reserved;
mod reuse;
mod rpcs;

pub(crate) use collision::{BASE_COLLISION, collisions};
pub(crate) use deprecated::{DELETED_BEFORE_DEPRECATION_ENDS, gone, gone_with};
pub(crate) use ever_used::{EverUsed, Known, RULES as EVER_USED};
pub(crate) use policies::POLICY_REACHES_EXEMPT;

use super::Rule;
use super::edit::add_to_body;
use crate::finding::Edit;
use crate::schema::{Element, Enum, File, Message, Syntax};
use crate::syntax::Tree;

/// The rules of every subject.
pub(super) const SUBJECTS: &[&[&Rule]] = &[
    annotations::fields::RULES,
    annotations::references::RULES,
    annotations::resources::RULES,
    annotations::rpcs::RULES,
    annotations::services::RULES,
    collision::RULES,
    deleted::RULES,
    deprecated::RULES,
    enums::RULES,
    ever_used::RULES,
    field_types::RULES,
    fields::RULES,
    files::RULES,
    http::RULES,
    messages::RULES,
    packages::RULES,
    policies::RULES,
    registries::RULES,
    reserved::RULES,
    reuse::RULES,
    rpcs::RULES,
];

/// A message or enum that lost something.
#[derive(Clone, Copy)]
pub(crate) enum Body<'s> {
    Message(Message<'s>),
    Enum(Enum<'s>),
}

impl<'s> Body<'s> {
    pub(crate) fn element(self) -> Element<'s> {
        match self {
            Body::Message(message) => message.into(),
            Body::Enum(enumeration) => enumeration.into(),
        }
    }

    /// Whether a name is there still, or reserved.
    pub(crate) fn has_name(self, name: &str) -> bool {
        match self {
            Body::Message(message) => message.field_named(name).is_some() || message.reserves(name),
            Body::Enum(enumeration) => enumeration.value_named(name).is_some() || enumeration.reserves(name),
        }
    }

    /// Whether a number is there still, or kept free.
    pub(crate) fn has_number(self, number: i32) -> bool {
        match self {
            Body::Message(message) => {
                let mut kept = message.reserved().ranges().chain(message.extension_ranges());
                kept.any(|range| range.contains(number)) || message.field_numbered(number).is_some()
            }
            Body::Enum(enumeration) => {
                let mut kept = enumeration.reserved().ranges();
                kept.any(|range| range.contains(number)) || enumeration.value_numbered(number).is_some()
            }
        }
    }

    /// The statements that reserve what is neither there nor kept free already.
    fn statements(self, numbers: &[i32], names: &[&str]) -> Vec<String> {
        let file = self.element().file();
        let mut statements = Vec::new();
        let numbers: Vec<i32> = numbers.iter().copied().filter(|number| !self.has_number(*number)).collect();
        if !numbers.is_empty() {
            statements.push(format!("reserved {};", ranges(numbers)));
        }
        let names = names.iter().filter(|name| !self.has_name(name)).map(|name| reserved_name(file, name));
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            statements.push(format!("reserved {};", names.join(", ")));
        }
        statements
    }

    /// The same in one line; none where nothing is left to reserve.
    fn reservation(self, number: Option<i32>, names: &[&str]) -> Option<String> {
        let statements = self.statements(number.as_slice(), names);
        (!statements.is_empty()).then(|| statements.join(" "))
    }

    /// The edit that reserves what nothing has, in the tree of its file.
    pub(crate) fn reserve(self, numbers: &[i32], names: &[&str], tree: &Tree<'_>) -> Option<Edit> {
        let statements = self.statements(numbers, names);
        if statements.is_empty() { None } else { add_to_body(tree, self.element(), &statements) }
    }
}

/// Numbers as `reserved` takes them: `3, 7 to 9`.
fn ranges(mut numbers: Vec<i32>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    let runs = numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let range = |run: &[i32]| match run {
        [first, _, .., last] => format!("{first} to {last}"),
        few => few.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
    };
    runs.map(range).collect::<Vec<_>>().join(", ")
}

/// A name as `reserved` takes it: editions want it bare, older syntaxes in quotes.
pub(crate) fn reserved_name(file: File<'_>, name: &str) -> String {
    if matches!(file.syntax(), Syntax::Edition(_)) { name.to_owned() } else { format!("\"{name}\"") }
}
