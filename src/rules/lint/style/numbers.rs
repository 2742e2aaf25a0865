//! Whether the members of messages and enums are declared in the order of their numbers.

use crate::rules::Cx;
use crate::schema::{Enum, EnumValue, Field, Message, Part};

pub(super) fn fields_in_order(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.is_map_entry() {
        return;
    }
    let mut before: Option<Field<'_>> = None;
    for field in message.fields() {
        if let Some(before) = before.filter(|before| before.number() > field.number()) {
            let (name, number) = (field.name(), field.number());
            let message = format!("field `{name}` with number {number} should stand above `{}`", before.name());
            cx.report(field, Part::Number, message).label(before, Part::Number, "the number before it is higher");
        }
        before = Some(field);
    }
}

/// Zero has to come first in an open enum, so a negative number after it is in order.
pub(super) fn values_in_order(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let has_zero_first = enumeration.values().next().is_some_and(|first| first.number() == 0);
    let mut before: Option<EnumValue<'_>> = None;
    for value in enumeration.values().skip(usize::from(has_zero_first)) {
        if let Some(before) = before.filter(|before| before.number() > value.number()) {
            let (name, number) = (value.name(), value.number());
            let message = format!("enum value `{name}` with number {number} should stand above `{}`", before.name());
            cx.report(value, Part::Number, message).label(before, Part::Number, "the number before it is higher");
        }
        before = Some(value);
    }
}
