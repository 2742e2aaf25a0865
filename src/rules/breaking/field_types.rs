//! Changes of what fields hold.

use crate::compare::impact::{self, Impact};
use crate::compare::names::are_unknown_and_differ;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::Verdict;
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Enum, Field, FieldType, Message, Part, Presence, Scalar};

pub(super) const RULES: &[&Rule] = &[
    &FIELD_SAME_CARDINALITY,
    &FIELD_SAME_TYPE,
    &FIELD_WIRE_COMPATIBLE_CARDINALITY,
    &FIELD_WIRE_COMPATIBLE_TYPE,
    &FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY,
    &FIELD_WIRE_JSON_COMPATIBLE_TYPE,
];

rule!(breaking FIELD_SAME_CARDINALITY: Check::FieldPair(|pair, cx| cardinality(pair, cx, Cardinality::may_be)));
rule!(breaking FIELD_SAME_TYPE: Check::FieldPair(field_same_type));
rule!(breaking FIELD_WIRE_COMPATIBLE_CARDINALITY: Check::FieldPair(|pair, cx| cardinality(pair, cx, same_on_wire)));
rule!(breaking FIELD_WIRE_COMPATIBLE_TYPE: Check::FieldPair(|pair, cx| compatible_type(pair, cx, wire_compatible)));
rule!(breaking FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY: Check::FieldPair(|pair, cx| cardinality(pair, cx, same_in_json)));
rule!(breaking FIELD_WIRE_JSON_COMPATIBLE_TYPE: Check::FieldPair(|pair, cx| compatible_type(pair, cx, json_compatible)));

/// How many values a field holds, and whether it distinguishes "not set" from zero.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cardinality {
    Explicit,
    Implicit,
    Required,
    Repeated,
    Map,
    /// One at most, of a type that is not known.
    Optional,
}

impl Cardinality {
    fn from_field(field: Field<'_>) -> Cardinality {
        match field.presence() {
            _ if field.is_map() => Cardinality::Map,
            _ if !field.is_presence_known() => Cardinality::Optional,
            Presence::Explicit => Cardinality::Explicit,
            Presence::Implicit => Cardinality::Implicit,
            Presence::Required => Cardinality::Required,
            Presence::Repeated => Cardinality::Repeated,
        }
    }

    /// The two as messages name them: by presence where that is all that changed.
    fn names(before: Cardinality, after: Cardinality) -> [&'static str; 2] {
        let both_single = |one: Cardinality, other: Cardinality| one.is_single() && other.is_single();
        [(before, after), (after, before)].map(|(own, other)| match own {
            Cardinality::Explicit if other == Cardinality::Implicit => "explicit presence",
            Cardinality::Implicit if other == Cardinality::Explicit => "implicit presence",
            Cardinality::Explicit | Cardinality::Implicit if both_single(own, other) => "optional",
            Cardinality::Explicit | Cardinality::Implicit => "singular",
            Cardinality::Required => "required",
            Cardinality::Repeated => "repeated",
            Cardinality::Map => "map",
            Cardinality::Optional => "optional",
        })
    }

    fn is_single(self) -> bool {
        self.is_optional() || self == Cardinality::Required
    }

    fn is_optional(self) -> bool {
        matches!(self, Cardinality::Explicit | Cardinality::Implicit | Cardinality::Optional)
    }

    /// Whether it may be the same as another one.
    fn may_be(self, other: Cardinality) -> bool {
        let is_open = self == Cardinality::Optional || other == Cardinality::Optional;
        self == other || (is_open && self.is_optional() && other.is_optional())
    }
}

fn same_in_json(before: Cardinality, after: Cardinality) -> bool {
    before == after || (before.is_optional() && after.is_optional())
}

fn same_on_wire(before: Cardinality, after: Cardinality) -> bool {
    let is_list = |cardinality| matches!(cardinality, Cardinality::Repeated | Cardinality::Map);
    same_in_json(before, after) || (is_list(before) && is_list(after))
}

fn cardinality<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>, is_same: fn(Cardinality, Cardinality) -> bool) {
    if pair.before.is_in_map_entry() && pair.after.is_in_map_entry() {
        return;
    }
    let [before, after] = [pair.before, pair.after].map(Cardinality::from_field);
    if !is_same(before, after) {
        let [old, new] = Cardinality::names(before, after);
        let message = format!("{} changed from {old} to {new}", described(pair.after));
        // Where layers select, FIELD_REQUIRED_ADDED reports a field that becomes required.
        let became_required = after == Cardinality::Required && before.is_optional();
        let impact = match cx.by_layers && became_required {
            true => Verdict::source().into(),
            false => impact::cardinality_changed(pair, cx.comparison),
        };
        let is_one_value = before.is_optional() && after.is_optional();
        let aspect = if is_one_value { Aspect::Presence } else { Aspect::Cardinality };
        cx.report(pair.after, Part::Declaration, message)
            .before(pair.before, Part::Declaration)
            .help(instead(pair))
            .about(pair.before, aspect)
            .breaks(impact);
    }
}

/// What to do instead of changing what a field holds.
fn instead(pair: Pair<Field<'_>>) -> String {
    let (before, number) = (pair.before, pair.before.number());
    let keep = format!("keep `{}` ({number}) as it was, mark it `deprecated`", before.name());
    match pair.after.parent().filter(|_| !pair.after.is_extension()).and_then(|message| free_number(message, 0)) {
        Some(free) => format!("{keep}, and add a new field, for example with number {free}"),
        None => format!("{keep}, and add a new field with another number"),
    }
}

/// The number after the highest that a message uses or reserves, and after `known`; none where there is no room for one.
pub(super) fn free_number(message: Message<'_>, known: i32) -> Option<i32> {
    let kept = message.reserved().ranges().chain(message.extension_ranges()).map(|range| range.end);
    let highest = message.fields().map(Field::number).chain(kept).chain([known]).max().unwrap_or(0);
    // Protobuf keeps 19000 to 19999 for itself, <https://protobuf.dev/programming-guides/proto3/#assigning>.
    let next = if (18_999..19_999).contains(&highest) { 20_000 } else { highest.checked_add(1)? };
    (next < 1 << 29).then_some(next)
}

/// A field with its number and message, as messages of rules name it; a field of a map entry is named by its map.
pub(super) fn described(field: Field<'_>) -> String {
    let (what, field) = match map_of(field) {
        Some(map) if field.number() == 1 => ("keys of map", map),
        Some(map) => ("values of map", map),
        None if field.is_extension() => ("extension", field),
        None => ("field", field),
    };
    format!("{what} `{}` ({}){}", field.name(), field.number(), of_message(field))
}

/// The message that has a field, or that an extension extends, as messages of rules name it.
pub(super) fn of_message(field: Field<'_>) -> String {
    let holder = if field.is_extension() { field.extendee() } else { field.parent() };
    holder.map_or(String::new(), |message| format!(" of message `{}`", message.name()))
}

/// What a field holds, without the names of types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalar(Scalar),
    Message,
    /// A group, or a message that is encoded like one.
    Delimited,
    Enum,
    Unknown,
}

fn kind(field: Field<'_>) -> Kind {
    match field.field_type() {
        FieldType::Scalar(scalar) => Kind::Scalar(scalar),
        FieldType::Message(_) if field.is_delimited() => Kind::Delimited,
        FieldType::Message(_) => Kind::Message,
        FieldType::Enum(_) => Kind::Enum,
        FieldType::Unresolved => Kind::Unknown,
    }
}

/// The map that a field of an entry is for.
fn map_of(field: Field<'_>) -> Option<Field<'_>> {
    let entry = field.parent().filter(|_| field.is_in_map_entry())?;
    entry.parent()?.fields().find(|map| map.field_type() == FieldType::Message(entry))
}

/// The type as a schema writes it.
pub(super) fn type_name(field: Field<'_>) -> String {
    match field.field_type() {
        FieldType::Scalar(scalar) => scalar.name().to_owned(),
        FieldType::Message(entry) if field.is_map() => {
            let types: Vec<String> = entry.fields().map(type_name).collect();
            format!("map<{}>", types.join(", "))
        }
        FieldType::Message(message) if field.is_delimited() => format!("group {}", message.full_name()),
        FieldType::Message(message) => message.full_name().to_owned(),
        FieldType::Enum(enumeration) => enumeration.full_name().to_owned(),
        FieldType::Unresolved => field.written_type_name().to_owned(),
    }
}

/// The same with `repeated` before it.
pub(super) fn written_type(field: Field<'_>) -> String {
    let is_list = field.presence() == Presence::Repeated && !field.is_map();
    if is_list { format!("repeated {}", type_name(field)) } else { type_name(field) }
}

fn is_unknown(pair: Pair<Field<'_>>) -> bool {
    kind(pair.before) == Kind::Unknown || kind(pair.after) == Kind::Unknown
}

fn report<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let impact = impact::type_changed(pair, cx.comparison);
    report_breaking(pair, cx, impact);
}

fn report_breaking<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>, impact: Impact<'s>) {
    let is_list = |field: Field<'_>| field.presence() == Presence::Repeated;
    let types = [pair.before, pair.after].map(|field| match is_list(pair.before) == is_list(pair.after) {
        true => type_name(field),
        false => written_type(field),
    });
    let message = format!("{} changed type from `{}` to `{}`", described(pair.after), types[0], types[1]);
    let aspect = if pair.before.name() == pair.after.name() { Aspect::Type } else { Aspect::NameAndType };
    cx.report(pair.after, Part::Type, message)
        .before(pair.before, Part::Type)
        .help(instead(pair))
        .about(pair.before, aspect)
        .breaks(impact);
}

/// Whether both hold the same type; renamed packages are looked through where `comparison` does.
fn is_same_type<'s>(pair: Pair<Field<'s>>, comparison: &'s Comparison<'s>) -> bool {
    match (pair.before.field_type(), pair.after.field_type()) {
        (FieldType::Message(before), FieldType::Message(after)) => comparison.is_same_message(before, after),
        (FieldType::Enum(before), FieldType::Enum(after)) => comparison.is_same_enum(before, after),
        _ => true,
    }
}

fn same_named_type(pair: Pair<Field<'_>>) -> bool {
    match (pair.before.field_type(), pair.after.field_type()) {
        (FieldType::Message(before), FieldType::Message(after)) => before.full_name() == after.full_name(),
        (FieldType::Enum(before), FieldType::Enum(after)) => before.full_name() == after.full_name(),
        _ => true,
    }
}

fn field_same_type<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    if is_unknown(pair) {
        return unknown_type_changed(pair, cx);
    }
    let is_same = match pair.before.is_map() && pair.after.is_map() {
        // Where layers select, a map is one thing with its keys and values.
        true if cx.by_layers => impact::has_same_entries(pair, cx.comparison),
        _ if cx.by_layers && pair.before.is_in_map_entry() => true,
        _ => kind(pair.before) == kind(pair.after) && is_same_type(pair, cx.comparison),
    };
    if !is_same {
        report(pair, cx);
    }
}

/// A field that had, or has, an unresolved type. It is certain that a scalar is none of these; of two types with
/// different names it is not known how they read each other's data.
fn unknown_type_changed<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let is_scalar = |field: Field<'_>| matches!(kind(field), Kind::Scalar(_));
    if is_scalar(pair.before) || is_scalar(pair.after) {
        report(pair, cx);
    } else if are_unknown_and_differ(pair.before, pair.after) {
        report_breaking(pair, cx, Verdict::source().into());
    }
}

/// Types of one group read each other's bytes.
fn wire_group(kind: Kind) -> u8 {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    match kind {
        Kind::Scalar(Int32 | Int64 | Uint32 | Uint64 | Bool) => 0,
        Kind::Scalar(Sint32 | Sint64) => 1,
        Kind::Scalar(Fixed32 | Sfixed32) => 2,
        Kind::Scalar(Fixed64 | Sfixed64) => 3,
        Kind::Scalar(String) => 4,
        Kind::Scalar(Bytes) => 5,
        Kind::Scalar(Double) => 6,
        Kind::Scalar(Float) => 7,
        Kind::Delimited => 8,
        Kind::Message => 9,
        Kind::Enum => 10,
        Kind::Unknown => 11,
    }
}

fn wire_compatible(before: Kind, after: Kind) -> bool {
    let text_to_bytes = before == Kind::Scalar(Scalar::String) && after == Kind::Scalar(Scalar::Bytes);
    wire_group(before) == wire_group(after) || text_to_bytes
}

/// Types that read each other's bytes and each other's JSON.
fn json_compatible(before: Kind, after: Kind) -> bool {
    use Scalar::{Fixed32, Fixed64, Int32, Int64, Sfixed32, Sfixed64, Uint32, Uint64};
    let group = |kind| match kind {
        Kind::Scalar(Int32 | Uint32) => Some(0),
        Kind::Scalar(Int64 | Uint64) => Some(1),
        Kind::Scalar(Fixed32 | Sfixed32) => Some(2),
        Kind::Scalar(Fixed64 | Sfixed64) => Some(3),
        _ => None,
    };
    before == after || (group(before).is_some() && group(before) == group(after))
}

fn compatible_type<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>, is_compatible: fn(Kind, Kind) -> bool) {
    if is_unknown(pair) {
        return unknown_type_changed(pair, cx);
    }
    let compatible = is_compatible(kind(pair.before), kind(pair.after))
        && match (pair.before.field_type(), pair.after.field_type()) {
            (FieldType::Enum(before), FieldType::Enum(after)) if before.full_name() != after.full_name() => {
                is_superset(before, after)
            }
            _ => same_named_type(pair),
        };
    if !compatible {
        report(pair, cx);
    }
}

/// Whether `after` has the short name and all values of `before`.
fn is_superset(before: Enum<'_>, after: Enum<'_>) -> bool {
    let has = |name: &str, number: i32| after.value_named(name).is_some_and(|value| value.number() == number);
    before.name() == after.name() && before.values().all(|value| has(value.name(), value.number()))
}
