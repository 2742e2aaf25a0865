//! Reserved numbers and names of messages and enums, and extension ranges.

use rustc_hash::FxHashSet;

use crate::compare::impact;
use crate::compare::pairing::Pair;
use crate::finding::Verdict;
use crate::rules::edit::add_to_body;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{
    Element, Enum, LAST_FIELD, Message, NumberRange, Part, ReservedOf, Syntax, listed_ranges, merged_ranges, uncovered,
};

pub(super) const RULES: &[&Rule] =
    &[&EXTENSION_MESSAGE_NO_DELETE, &RESERVED_ENUM_NO_DELETE, &RESERVED_MESSAGE_NO_DELETE];

rule!(breaking EXTENSION_MESSAGE_NO_DELETE: Check::MessagePair(extension_message_no_delete));
rule!(breaking RESERVED_ENUM_NO_DELETE: Check::EnumPair(reserved_enum_no_delete));
rule!(breaking RESERVED_MESSAGE_NO_DELETE: Check::MessagePair(reserved_message_no_delete));

fn extension_message_no_delete<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    let kept = merged_ranges(pair.after.extension_ranges());
    for range in pair.before.extension_ranges() {
        let missing = uncovered(range, &kept);
        if !missing.is_empty() {
            let list = listed_ranges(&missing, LAST_FIELD);
            let message = format!("message `{}` no longer declares extension numbers {list}", pair.after.name());
            let after = pair.after;
            let is_in = |number: i32| missing.iter().any(|(start, end)| (*start..=*end).contains(&i64::from(number)));
            let field = after.fields().find(|field| is_in(field.number()));
            let overlaps = |kept: NumberRange<'_>| {
                missing.iter().any(|(start, end)| i64::from(kept.start) <= *end && *start <= i64::from(kept.end))
            };
            let help = match field {
                _ if after.file().syntax() == Syntax::Proto3 => {
                    "keep the file in proto2, or use an edition: proto3 has no extension ranges".to_owned()
                }
                Some(field) => format!(
                    "declare `extensions {list};` again, and give `{}` a number that was never used",
                    field.name()
                ),
                // Message sets have more numbers than other messages.
                None if missing.iter().any(|(start, _)| *start > LAST_FIELD) => {
                    "declare the extension numbers again: numbers this large need `option message_set_wire_format = true;`".to_owned()
                }
                None if after.reserved().ranges().any(overlaps) => {
                    format!("declare `extensions {list};` again, instead of the reserved numbers")
                }
                None => format!("declare the extension numbers again: add `extensions {list};`"),
            };
            cx.report(pair.after, Part::Declaration, message)
                .before(pair.before, Part::Exactly(range.span))
                .help(help)
                .breaks(Verdict::source());
        }
    }
}

fn reserved_message_no_delete<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    Reserved {
        before: (pair.before.into(), pair.before.reserved()),
        after: (pair.after.into(), pair.after.reserved()),
        what: impact::Unreserved::Field,
        described: format!("message `{}`", pair.after.name()),
        most: LAST_FIELD,
        taken: &|(start, end)| {
            let extensions =
                pair.after.extension_ranges().map(|range| range.start.max(i32::try_from(start).unwrap_or(0)));
            let extensions =
                extensions.filter(|&number| pair.after.extension_ranges().any(|range| range.contains(number)));
            let mut numbers = pair.after.fields().map(|field| field.number()).chain(extensions);
            numbers.find(|&number| start <= i64::from(number) && i64::from(number) <= end)
        },
    }
    .report(cx);
}

fn reserved_enum_no_delete<'s>(pair: Pair<Enum<'s>>, cx: &mut ChangeCx<'s>) {
    Reserved {
        before: (pair.before.into(), pair.before.reserved()),
        after: (pair.after.into(), pair.after.reserved()),
        what: impact::Unreserved::Value,
        described: format!("enum `{}`", pair.after.name()),
        most: i64::from(i32::MAX),
        taken: &|(start, end)| {
            let mut numbers = pair.after.values().map(|value| value.number());
            numbers.find(|&number| start <= i64::from(number) && i64::from(number) <= end)
        },
    }
    .report(cx);
}

/// What a message or an enum reserved, and what it reserves now.
struct Reserved<'a, 's> {
    before: (Element<'s>, ReservedOf<'s>),
    after: (Element<'s>, ReservedOf<'s>),
    what: impact::Unreserved,
    described: String,
    /// The highest number there is.
    most: i64,
    /// A number in a range that is already in use.
    taken: &'a dyn Fn((i64, i64)) -> Option<i32>,
}

impl<'s> Reserved<'_, 's> {
    /// Reports what is no longer reserved.
    fn report(&self, cx: &mut ChangeCx<'s>) {
        let ((old, before), (new, after)) = (self.before, self.after);
        let kept = merged_ranges(after.ranges());
        for range in before.ranges() {
            let missing = uncovered(range, &kept);
            let Some(&(first, _)) = missing.first() else { continue };
            let list = listed_ranges(&missing, self.most);
            let number = missing.iter().find_map(|&range| (self.taken)(range));
            let number = number.or(i32::try_from(first).ok()).unwrap_or(range.start);
            let statement = format!("reserved {list};");
            let taken = missing.iter().find_map(|&range| (self.taken)(range));
            let is_free = taken.is_none();
            let help = match taken {
                None => format!("restore the reservation: add `{statement}`"),
                Some(number) => {
                    format!("reserve {list} again, and replace number {number} with one that was never used")
                }
            };
            let edit =
                is_free.then(|| add_to_body(&cx.tree(new.file()), new, std::slice::from_ref(&statement))).flatten();
            cx.report(new, Part::Declaration, format!("{} no longer reserves {list}", self.described))
                .before(old, Part::Exactly(range.span))
                .help(help)
                .fix(edit)
                .breaks(impact::number_unreserved(self.what, number));
        }
        let kept: FxHashSet<&str> = after.names().map(|(name, _)| name).collect();
        for (name, span) in before.names().filter(|(name, _)| !kept.contains(name)) {
            let statement = format!("reserved {};", super::reserved_name(new.file(), name));
            let is_used = match new {
                Element::Message(message) => message.field_named(name).is_some(),
                Element::Enum(enumeration) => enumeration.value_named(name).is_some(),
                _ => false,
            };
            let (edit, help) = match is_used {
                true => (None, format!("rename `{name}`, and reserve that name again")),
                false => {
                    let edit = add_to_body(&cx.tree(new.file()), new, std::slice::from_ref(&statement));
                    (edit, format!("restore the reservation: add `{statement}`"))
                }
            };
            cx.report(new, Part::Declaration, format!("{} no longer reserves the name `{name}`", self.described))
                .before(old, Part::Exactly(span))
                .help(help)
                .fix(edit)
                .breaks(impact::name_unreserved(self.what, name));
        }
    }
}
