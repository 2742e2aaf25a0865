//! What `default_symbol_visibility = STRICT` forbids, <https://protobuf.dev/programming-guides/symbol_visibility/>.

use crate::rules::Cx;
use crate::schema::{Element, Enum, Message, Part, Visibility};

pub(super) fn check_message(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.visibility() == Visibility::Export
        && message.parent().is_some()
        && message.file().has_strict_visibility()
    {
        report(message, "message", message.name(), cx);
    }
}

pub(super) fn check_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let Some(parent) = enumeration.parent().filter(|_| enumeration.visibility() == Visibility::Export) else { return };
    if enumeration.file().has_strict_visibility() && !is_namespace(parent) {
        report(enumeration, "enum", enumeration.name(), cx);
    }
}

fn report<'e>(element: impl Into<Element<'e>>, what: &str, name: &str, cx: &mut Cx<'_>) {
    let message = format!("nested {what} `{name}` cannot be exported while `default_symbol_visibility` is STRICT");
    cx.report(element, Part::Name, message).help("move it to the top level, or remove `export`");
}

/// Messages that only give enums a scope: at the top level, and without room for a field.
fn is_namespace(message: Message<'_>) -> bool {
    let mut ranges = message.reserved().ranges();
    let reserves_all = ranges.next().is_some_and(|range| range.start == 1 && range.end == (1 << 29) - 1);
    message.parent().is_none() && message.fields().len() == 0 && reserves_all && ranges.next().is_none()
}
