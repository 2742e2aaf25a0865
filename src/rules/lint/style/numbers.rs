//! Whether the members of messages and enums are declared in the order of their numbers.

use rustc_hash::FxHashMap;

use crate::rules::Cx;
use crate::schema::{Enum, EnumValue, Field, Message, Part};

/// Fields of a oneof are compared with each other, and so are those outside: a oneof grows long after what is below it.
pub(super) fn fields_in_order(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.is_map_entry() {
        return;
    }
    let mut last: FxHashMap<Option<u32>, Field<'_>> = FxHashMap::default();
    for field in message.fields() {
        let oneof = field.oneof().filter(|oneof| !oneof.is_synthetic()).map(|oneof| oneof.index);
        if let Some(before) = last.insert(oneof, field).filter(|before| before.number() > field.number()) {
            let (name, number) = (field.name(), field.number());
            let message = format!("field `{name}` with number {number} should be above `{}`", before.name());
            cx.report(field, Part::Number, message).label(before, Part::Number, "the number before it is higher");
        }
    }
}

/// Zero has to come first in an open enum, so a negative number after it is in order.
pub(super) fn values_in_order(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let has_zero_first = enumeration.values().next().is_some_and(|first| first.number() == 0);
    let mut before: Option<EnumValue<'_>> = None;
    for value in enumeration.values().skip(usize::from(has_zero_first)) {
        if let Some(before) = before.filter(|before| before.number() > value.number()) {
            let (name, number) = (value.name(), value.number());
            let message = format!("enum value `{name}` with number {number} should be above `{}`", before.name());
            cx.report(value, Part::Number, message).label(before, Part::Number, "the number before it is higher");
        }
        before = Some(value);
    }
}
