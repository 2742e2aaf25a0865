//! What the language asks of field numbers, enum numbers and reserved ranges,
//! <https://protobuf.dev/programming-guides/proto3/#assigning>.

use rustc_hash::FxHashMap;

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Element, Enum, EnumValue, Field, Message, NumberRange, Part, ReservedOf, Schema, Syntax};

pub(super) const RULES: &[&Rule] =
    &[&COMPILE_DUPLICATE_NUMBER, &COMPILE_NUMBER_RANGE, &COMPILE_RANGE_OVERLAP, &COMPILE_RESERVED_USED];

rule!(compile COMPILE_DUPLICATE_NUMBER: Check::Each(&[
    Check::Message(number_twice_in_message),
    Check::Enum(number_twice_in_enum),
    Check::Schema(number_twice_in_extensions),
]));
rule!(compile COMPILE_NUMBER_RANGE: Check::Each(&[
    Check::Field(compile_number_range),
    Check::Message(ranges_in_proto3),
    Check::Message(ranges_too_large),
    Check::File(super::options::extensions_as_declared),
]));
rule!(compile COMPILE_RANGE_OVERLAP: Check::Each(&[Check::Message(ranges_of_message), Check::Enum(ranges_of_enum)]));
rule!(compile COMPILE_RESERVED_USED: Check::Each(&[Check::Message(reserved_in_message), Check::Enum(reserved_in_enum)]));

fn number_twice_in_message(message: Message<'_>, cx: &mut Cx<'_>) {
    let mut numbers: Vec<i32> = message.fields().map(Field::number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).all(|pair| pair[0] != pair[1]) {
        return;
    }
    let mut first: FxHashMap<i32, Field<'_>> = FxHashMap::default();
    for field in message.fields() {
        let earlier = *first.entry(field.number()).or_insert(field);
        if earlier != field {
            let message = format!("fields `{}` and `{}` share number {}", earlier.name(), field.name(), field.number());
            cx.report(field, Part::Number, message)
                .label(earlier, Part::Number, "first used here")
                .help(next_free(&numbers));
        }
    }
}

fn next_free(numbers: &[i32]) -> String {
    let next = numbers.last().map_or(1, |last| last.saturating_add(1));
    format!("use {next}, the next number that was never used here")
}

fn number_twice_in_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    if enumeration.options().boolean("allow_alias") == Some(true) {
        return;
    }
    let mut first: FxHashMap<i32, EnumValue<'_>> = FxHashMap::default();
    for value in enumeration.values() {
        let earlier = *first.entry(value.number()).or_insert(value);
        if earlier != value {
            let message = format!("values `{}` and `{}` share number {}", earlier.name(), value.name(), value.number());
            cx.report(value, Part::Number, message)
                .label(earlier, Part::Number, "first used here")
                .help("if both names are intended, add `option allow_alias = true;`");
        }
    }
}

/// Extensions of one message, wherever they are declared; within one root.
fn number_twice_in_extensions(schema: &Schema, cx: &mut Cx<'_>) {
    let mut first: FxHashMap<(u32, &str, i32), Field<'_>> = FxHashMap::default();
    for file in schema.files() {
        let mut extensions: Vec<Field<'_>> = file.all_fields().filter(|field| field.is_extension()).collect();
        extensions.sort_by_key(|field| field.place().span.start);
        for field in extensions {
            let Some(extendee) = field.extendee() else { continue };
            let earlier = *first.entry((file.root(), extendee.full_name(), field.number())).or_insert(field);
            if earlier != field {
                let (name, number) = (extendee.full_name(), field.number());
                let message =
                    format!("extensions `{}` and `{}` of `{name}` share number {number}", earlier.name(), field.name());
                cx.report(field, Part::Number, message).label(earlier, Part::Number, "first used here");
            }
        }
    }
}

/// Numbers protobuf keeps for itself.
const KEPT: std::ops::RangeInclusive<i32> = 19_000..=19_999;

fn compile_number_range(field: Field<'_>, cx: &mut Cx<'_>) {
    let number = field.number();
    if KEPT.contains(&number) {
        let message =
            format!("number {number} of `{}` is in the range 19000 to 19999, which protobuf reserves", field.name());
        cx.report(field, Part::Number, message);
    }
    let Some(extendee) = field.extendee() else { return };
    if extendee.extension_ranges().all(|range| !range.contains(number)) {
        let message = format!("`{}` has no extension range with number {number}", extendee.full_name());
        cx.report(field, Part::Number, message).label(extendee, Part::Name, "declared here");
    }
}

/// The largest number of a field; only message sets have more room.
const MAX_FIELD_NUMBER: i32 = (1 << 29) - 1;

fn ranges_too_large(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.options().boolean("message_set_wire_format") == Some(true) {
        return;
    }
    for range in message.extension_ranges().filter(|range| range.end > MAX_FIELD_NUMBER) {
        let text =
            format!("extension range {} ends beyond {MAX_FIELD_NUMBER}, the largest field number", written(range));
        cx.report(message, Part::Exactly(range.span), text).help(format!("write `extensions {} to max;`", range.start));
    }
}

fn ranges_in_proto3(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.file().syntax() != Syntax::Proto3 {
        return;
    }
    for range in message.extension_ranges() {
        let text = format!("proto3 message `{}` cannot have extension ranges", message.name());
        cx.report(message, Part::Exactly(range.span), text)
            .help("use a `google.protobuf.Any` field, or declare the message in proto2 or an edition");
    }
}

fn ranges_of_message(message: Message<'_>, cx: &mut Cx<'_>) {
    let reserved = message.reserved().ranges().map(|range| (range, "reserved range"));
    let extensions = message.extension_ranges().map(|range| (range, "extension range"));
    overlaps(message.into(), reserved.chain(extensions).collect(), cx);
    names_twice(message.into(), message.reserved(), cx);
    let mut extensions: Vec<NumberRange<'_>> = message.extension_ranges().collect();
    extensions.sort_by_key(|range| range.start);
    for field in message.fields() {
        if let Some(range) = range_with(&extensions, field.number()) {
            let message = format!("number {} of field `{}` is in an extension range", field.number(), field.name());
            cx.report(field, Part::Number, message).label(
                message_of(field),
                Part::Exactly(range.span),
                "the extension range",
            );
        }
    }
}

fn message_of(field: Field<'_>) -> Element<'_> {
    field.parent().map_or(field.into(), Element::from)
}

/// The range that holds a number, of ranges sorted by their start that do not overlap.
fn range_with<'s>(ranges: &[NumberRange<'s>], number: i32) -> Option<NumberRange<'s>> {
    let next = ranges.partition_point(|range| range.start <= number);
    ranges[..next].last().copied().filter(|range| range.contains(number))
}

fn ranges_of_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    overlaps(enumeration.into(), enumeration.reserved().ranges().map(|range| (range, "reserved range")).collect(), cx);
    names_twice(enumeration.into(), enumeration.reserved(), cx);
}

fn written(range: NumberRange<'_>) -> String {
    if range.start == range.end { range.start.to_string() } else { format!("{} to {}", range.start, range.end) }
}

/// Ranges sorted by start overlap only with the one that reaches farthest so far.
fn overlaps(element: Element<'_>, ranges: Vec<(NumberRange<'_>, &str)>, cx: &mut Cx<'_>) {
    let (mut ranges, inverted): (Vec<_>, Vec<_>) = ranges.into_iter().partition(|(range, _)| range.start <= range.end);
    for (range, what) in inverted {
        let message = format!("{what} {} ends before it starts", written(range));
        cx.report(element, Part::Exactly(range.span), message).help(format!("{} to {}", range.end, range.start));
    }
    ranges.sort_by_key(|(range, _)| (range.start, range.span));
    let mut farthest: Option<(NumberRange<'_>, &str)> = None;
    for (range, what) in ranges {
        if let Some((before, before_what)) = farthest.filter(|(before, _)| before.end >= range.start) {
            let ((first, first_what), (second, second_what)) = if before.span.start <= range.span.start {
                ((before, before_what), (range, what))
            } else {
                ((range, what), (before, before_what))
            };
            let message = format!("{second_what} {} overlaps {first_what} {}", written(second), written(first));
            cx.report(element, Part::Exactly(second.span), message).label(
                element,
                Part::Exactly(first.span),
                "the other range",
            );
        }
        if farthest.is_none_or(|(before, _)| range.end > before.end) {
            farthest = Some((range, what));
        }
    }
}

fn names_twice(element: Element<'_>, reserved: ReservedOf<'_>, cx: &mut Cx<'_>) {
    let mut first = FxHashMap::default();
    for (name, span) in reserved.names() {
        let earlier = *first.entry(name).or_insert(span);
        if earlier != span {
            cx.report(element, Part::Exactly(span), format!("name `{name}` is reserved twice")).label(
                element,
                Part::Exactly(earlier),
                "first reserved here",
            );
        }
    }
}

fn reserved_in_message(message: Message<'_>, cx: &mut Cx<'_>) {
    let fields = message.fields().map(|field| (field.into(), field.name(), field.number()));
    reserved_used("field", fields, message.into(), message.reserved(), cx);
}

fn reserved_in_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let values = enumeration.values().map(|value| (value.into(), value.name(), value.number()));
    reserved_used("enum value", values, enumeration.into(), enumeration.reserved(), cx);
}

fn reserved_used<'s>(
    what: &str,
    members: impl Iterator<Item = (Element<'s>, &'s str, i32)>,
    owner: Element<'s>,
    reserved: ReservedOf<'s>,
    cx: &mut Cx<'_>,
) {
    let mut ranges: Vec<NumberRange<'_>> = reserved.ranges().collect();
    let names: FxHashMap<&str, _> = reserved.names().collect();
    if ranges.is_empty() && names.is_empty() {
        return;
    }
    ranges.sort_by_key(|range| range.start);
    for (member, name, number) in members {
        if let Some(range) = range_with(&ranges, number) {
            cx.report(member, Part::Number, format!("{what} `{name}` has the reserved number {number}"))
                .label(owner, Part::Exactly(range.span), "reserved here")
                .help("use a number that was never used");
        }
        if let Some(&span) = names.get(name) {
            cx.report(member, Part::Name, format!("{what} `{name}` has a reserved name"))
                .label(owner, Part::Exactly(span), "reserved here")
                .help("use a name that was never used");
        }
    }
}
