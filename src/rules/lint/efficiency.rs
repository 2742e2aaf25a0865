//! What fields cost on the wire. A field's tag takes one byte up to number 15,
//! <https://protobuf.dev/programming-guides/encoding/#structure>.

use rustc_hash::FxHashSet;

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Field, Label, Message, Part};

pub(super) const RULES: &[&Rule] = &[&FIELD_HOT_NUMBER, &MESSAGE_LOW_NUMBERS_FREE];

rule!(lint FIELD_HOT_NUMBER: Check::Field(field_hot_number));
rule!(lint MESSAGE_LOW_NUMBERS_FREE: Check::Message(message_low_numbers_free));

/// The highest number whose tag takes one byte.
const LAST_ONE_BYTE_NUMBER: i32 = 15;

/// Bytes of the tag: a varint of the number and three bits of wire type.
fn tag_bytes(number: i32) -> u32 {
    let bits = i32::BITS - number.leading_zeros() + 3;
    bits.div_ceil(7)
}

fn field_hot_number(field: Field<'_>, cx: &mut Cx<'_>) {
    let number = field.number();
    if number > LAST_ONE_BYTE_NUMBER && cx.is_hot(field) {
        let bytes = tag_bytes(number);
        let message = format!(
            "hot field `{}` has number {number}: its tag takes {bytes} bytes in each message, not 1",
            field.name()
        );
        cx.report(field, Part::Number, message)
            .help("give fields that are often set a number from 1 to 15, before data of this message is stored");
    }
}

fn message_low_numbers_free(message: Message<'_>, cx: &mut Cx<'_>) {
    let is_costly = |field: &Field<'_>, cx: &Cx<'_>| {
        field.number() > LAST_ONE_BYTE_NUMBER && (field.label() == Label::Repeated || cx.is_hot(*field))
    };
    if message.is_map_entry() || message.fields().all(|field| field.number() <= LAST_ONE_BYTE_NUMBER) {
        return;
    }
    let used: FxHashSet<i32> = message.fields().map(Field::number).collect();
    let taken = |number: &i32| {
        let reserved =
            message.reserved().ranges().chain(message.extension_ranges()).any(|range| range.contains(*number));
        used.contains(number) || reserved
    };
    let free: Vec<String> = (1..=LAST_ONE_BYTE_NUMBER).filter(|number| !taken(number)).map(|n| n.to_string()).collect();
    if free.is_empty() {
        return;
    }
    for field in message.fields().filter(|field| field.number() > LAST_ONE_BYTE_NUMBER) {
        if is_costly(&field, cx) {
            let why = if field.label() == Label::Repeated { "repeated" } else { "hot" };
            let bytes = tag_bytes(field.number());
            let message = format!(
                "{why} field `{}` takes {bytes} bytes for its tag while one-byte numbers are free",
                field.name()
            );
            cx.report(field, Part::Number, message).help(format!(
                "free in this message: {}; renumber only fields that were never stored",
                free.join(", ")
            ));
        }
    }
}
