//! Traces of what was deleted: numbers and names that could be taken again by accident.

use crate::rules::edit::add_to_body;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Element, Enum, Message, Part, ReservedOf};

pub(super) const RULES: &[&Rule] = &[&FIELD_NUMBER_GAP_RESERVED, &RESERVED_NAME_WITH_NUMBER];

rule!(lint FIELD_NUMBER_GAP_RESERVED: Check::Each(&[Check::Message(gaps_of_message), Check::Enum(gaps_of_enum)]));
rule!(lint RESERVED_NAME_WITH_NUMBER: Check::Each(&[Check::Message(reserved_by_message), Check::Enum(reserved_by_enum)]));

/// A gap of more numbers is a numbering scheme, not the trace of a deletion.
const MAX_GAP: i64 = 1000;

/// A range of numbers, both ends included.
type Numbers = (i64, i64);

fn gaps_of_message(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.is_map_entry() {
        return;
    }
    let fields = message.fields().map(|field| (i64::from(field.number()), i64::from(field.number())));
    let kept = message.reserved().ranges().chain(message.extension_ranges());
    // Protobuf keeps 19000 to 19999 for itself, <https://protobuf.dev/programming-guides/proto3/#assigning>.
    let own = std::iter::once((19_000, 19_999));
    let taken = fields.clone().chain(kept.map(|range| (i64::from(range.start), i64::from(range.end)))).chain(own);
    let Some(last) = fields.map(|(number, _)| number).max() else { return };
    report_gaps(message.into(), "message", message.name(), &gaps((1, last), taken.collect()), cx);
}

fn gaps_of_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let values = enumeration.values().map(|value| (i64::from(value.number()), i64::from(value.number())));
    let kept = enumeration.reserved().ranges().map(|range| (i64::from(range.start), i64::from(range.end)));
    let (first, last) = (values.clone().min(), values.clone().max());
    let (Some((first, _)), Some((last, _))) = (first, last) else { return };
    report_gaps(enumeration.into(), "enum", enumeration.name(), &gaps((first, last), values.chain(kept).collect()), cx);
}

/// What lies within `bounds` and in none of the `taken` ranges.
fn gaps((first, last): Numbers, mut taken: Vec<Numbers>) -> Vec<Numbers> {
    taken.sort_unstable();
    let mut next = first;
    let mut gaps = Vec::new();
    for (start, end) in taken {
        if start > last {
            break;
        }
        if start > next && start - next <= MAX_GAP {
            gaps.push((next, start - 1));
        }
        next = next.max(end + 1);
    }
    gaps
}

fn report_gaps(element: Element<'_>, what: &str, name: &str, gaps: &[Numbers], cx: &mut Cx<'_>) {
    if gaps.is_empty() {
        return;
    }
    let one = |&(start, end): &Numbers| if start == end { start.to_string() } else { format!("{start} to {end}") };
    let list = gaps.iter().map(one).collect::<Vec<_>>().join(", ");
    let tree = cx.tree(element.file());
    let statement = format!("reserved {list};");
    cx.report(element, Part::Name, format!("{what} `{name}` skips {list} without reserving them"))
        .help(format!("if they were ever in use, add `{statement}`"))
        .fix(|_| add_to_body(&tree, element, &[statement]).into_iter().collect());
}

fn reserved_by_message(message: Message<'_>, cx: &mut Cx<'_>) {
    one_sided(message.into(), "message", message.name(), message.reserved(), cx);
}

fn reserved_by_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    one_sided(enumeration.into(), "enum", enumeration.name(), enumeration.reserved(), cx);
}

fn one_sided(element: Element<'_>, what: &str, name: &str, reserved: ReservedOf<'_>, cx: &mut Cx<'_>) {
    let (numbers, names) = (reserved.ranges().count(), reserved.names().count());
    let (has, lacks, why) = match (numbers, names) {
        (1.., 0) => ("numbers", "names", "JSON and text format find fields by name"),
        (0, 1..) => ("names", "numbers", "the wire format finds fields by number"),
        _ => return,
    };
    cx.report(element, Part::Reserved, format!("{what} `{name}` reserves {has} but no {lacks}"))
        .help(format!("also reserve the deleted {lacks}: {why}"));
}
