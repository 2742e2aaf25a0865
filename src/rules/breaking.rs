//! The rules over two schemas, grouped by subject: each detects one kind of change.

mod collision;
mod deleted;
mod deprecated;
mod enums;
mod ever_used;
mod field_types;
mod fields;
mod files;
mod messages;
mod packages;
mod policies;
mod reserved;
mod reuse;
mod rpcs;

pub(crate) use collision::{BASE_COLLISION, collisions};
pub(crate) use deprecated::{DELETED_BEFORE_DEPRECATION_ENDS, gone, gone_with};
pub(crate) use ever_used::{EverUsed, Known, RULES as EVER_USED};
pub(crate) use policies::POLICY_REACHES_EXEMPT;

use super::edit::add_to_body;
use super::{ChangeCx, Rule};
use crate::finding::Edit;
use crate::schema::{Element, Enum, File, Message, Syntax};

/// The rules of every subject.
pub(super) const SUBJECTS: &[&[&Rule]] = &[
    collision::RULES,
    deleted::RULES,
    deprecated::RULES,
    enums::RULES,
    ever_used::RULES,
    field_types::RULES,
    fields::RULES,
    files::RULES,
    messages::RULES,
    packages::RULES,
    policies::RULES,
    reserved::RULES,
    reuse::RULES,
    rpcs::RULES,
];

/// A message or enum that lost something.
#[derive(Clone, Copy)]
enum Body<'s> {
    Message(Message<'s>),
    Enum(Enum<'s>),
}

impl<'s> Body<'s> {
    fn element(self) -> Element<'s> {
        match self {
            Body::Message(message) => message.into(),
            Body::Enum(enumeration) => enumeration.into(),
        }
    }

    /// Whether a name is there still, or reserved.
    fn has_name(self, name: &str) -> bool {
        match self {
            Body::Message(message) => message.field_named(name).is_some() || message.reserves(name),
            Body::Enum(enumeration) => enumeration.value_named(name).is_some() || enumeration.reserves(name),
        }
    }

    /// Whether a number is there still, or kept free.
    fn has_number(self, number: i32) -> bool {
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
    fn statements(self, number: Option<i32>, names: &[&str]) -> Vec<String> {
        let file = self.element().file();
        let number = number.filter(|number| !self.has_number(*number));
        let mut statements: Vec<String> = number.map(|number| format!("reserved {number};")).into_iter().collect();
        let names = names.iter().filter(|name| !self.has_name(name)).map(|name| reserved_name(file, name));
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            statements.push(format!("reserved {};", names.join(", ")));
        }
        statements
    }

    /// The same in one line; none where nothing is left to reserve.
    fn reservation(self, number: Option<i32>, names: &[&str]) -> Option<String> {
        let statements = self.statements(number, names);
        (!statements.is_empty()).then(|| statements.join(" "))
    }

    /// The edit that reserves what nothing has.
    fn reserve(self, number: i32, names: &[&str], cx: &ChangeCx<'_>) -> Option<Edit> {
        let (element, statements) = (self.element(), self.statements(Some(number), names));
        if statements.is_empty() { None } else { add_to_body(&cx.tree(element.file()), element, &statements) }
    }
}

/// A name as `reserved` takes it: editions want it bare, older syntaxes in quotes.
pub(crate) fn reserved_name(file: File<'_>, name: &str) -> String {
    if matches!(file.syntax(), Syntax::Edition(_)) { name.to_owned() } else { format!("\"{name}\"") }
}
