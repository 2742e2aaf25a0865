//! Numbers and names that an earlier release had for something else, and reservations that such a release makes necessary.
//! Which release that is, is found by the history; here its schema is compared with the later one.

use super::field_types::{free_number, of_message, written_type};
use super::{Body, reserved_name};
use crate::compare::impact;
use crate::compare::names::TypeName;
use crate::compare::pairing::Pair;
use crate::finding::{Edit, Verdict};
use crate::rules::edit::add_to_body;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, Enum, EnumValue, Field, Message, Method, Part};

pub(crate) const RULES: &[&Rule] = &[
    &ENUM_VALUE_NUMBER_EVER_USED,
    &FIELD_NAME_EVER_USED,
    &FIELD_NUMBER_EVER_USED,
    &RESERVED_DROPPED_EVER,
    &RPC_NAME_EVER_USED,
];

// More than two schemas are compared.
rule!(breaking ENUM_VALUE_NUMBER_EVER_USED: Check::Elsewhere);
rule!(breaking FIELD_NAME_EVER_USED: Check::Elsewhere);
rule!(breaking FIELD_NUMBER_EVER_USED: Check::Elsewhere);
rule!(breaking RESERVED_DROPPED_EVER: Check::Elsewhere);
rule!(breaking RPC_NAME_EVER_USED: Check::Elsewhere);

/// What an earlier release had, and what takes its number or name now, or may take it.
#[derive(Clone, Copy)]
pub(crate) enum EverUsed<'s> {
    /// Fields of one number.
    FieldNumber(Pair<Field<'s>>),
    /// Fields of two numbers with one key in JSON.
    FieldName(Pair<Field<'s>>),
    /// Values of one number.
    ValueNumber(Pair<EnumValue<'s>>),
    /// Rpcs of one name.
    Rpc(Pair<Method<'s>>),
    /// A field or a value whose number a message or an enum does not reserve any more.
    Number(Element<'s>, Element<'s>),
    /// The same with its name.
    Name(Element<'s>, Element<'s>),
}

/// What is known of the releases.
pub(crate) struct Known<'r> {
    /// Those that had it: `v1.50.0 to v1.54.0`.
    pub(crate) releases: &'r str,
    /// The highest number that any release had in the container.
    pub(crate) highest: i32,
    /// How many numbers that were taken again in the container come before this one.
    pub(crate) before: usize,
}

impl<'s> EverUsed<'s> {
    /// The rule that reports it.
    pub(crate) fn rule(&self) -> &'static Rule {
        match self {
            EverUsed::FieldNumber(_) => &FIELD_NUMBER_EVER_USED,
            EverUsed::FieldName(_) => &FIELD_NAME_EVER_USED,
            EverUsed::ValueNumber(_) => &ENUM_VALUE_NUMBER_EVER_USED,
            EverUsed::Rpc(_) => &RPC_NAME_EVER_USED,
            EverUsed::Number(..) | EverUsed::Name(..) => &RESERVED_DROPPED_EVER,
        }
    }

    /// Reports it, where it breaks anything; `cx` compares the release with the later schema.
    pub(crate) fn report(self, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
        match self {
            EverUsed::FieldNumber(pair) => field_number(pair, known, cx),
            EverUsed::FieldName(pair) => field_name(pair, known, cx),
            EverUsed::ValueNumber(pair) => value_number(pair, known, cx),
            EverUsed::Rpc(pair) => rpc_name(pair, known, cx),
            EverUsed::Number(before, after) => number_dropped(before, after, known, cx),
            EverUsed::Name(before, after) => name_dropped(before, after, known, cx),
        }
    }
}

fn field_number<'s>(pair: Pair<Field<'s>>, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
    let Pair { before, after } = pair;
    let (Some(message), number) = (after.parent(), after.number()) else { return };
    let is_same_type = impact::has_same_type(pair, cx.comparison);
    let is_other_name = before.name() != after.name();
    if is_same_type && !is_other_name {
        return;
    }
    let (name, of, releases) = (after.name(), of_message(after), known.releases);
    let was = format!("which was `{}`, a `{}`, in {releases}", before.name(), written_type(before));
    let free = free_numbers(message, known.highest).nth(known.before);
    let help = match free {
        Some(free) => {
            format!("give `{name}` a number that was never used, such as {free}, and add `reserved {number};`")
        }
        None => format!("give `{name}` a number that was never used, and add `reserved {number};`"),
    };
    let edits = free.map(|free| renumbered(after.into(), Body::Message(message), (number, free), before.name(), cx));
    let impact = impact::number_taken_again(pair, is_other_name, cx.comparison);
    cx.report(after, Part::Number, format!("field `{name}` takes number {number}{of}, {was}"))
        .before(before, Part::Declaration)
        .help(help)
        .fix(edits.into_iter().flatten())
        .breaks(impact);
}

/// The edits that give an element another number, and reserve the old one with its name.
fn renumbered(
    element: Element<'_>,
    body: Body<'_>,
    (number, free): (i32, i32),
    old_name: &str,
    cx: &ChangeCx<'_>,
) -> Vec<Edit> {
    let Some(place) = element.locate(Part::Number) else { return Vec::new() };
    let mut statements = vec![format!("reserved {number};")];
    if !body.has_name(old_name) {
        statements.push(format!("reserved {};", reserved_name(element.file(), old_name)));
    }
    let Some(reserve) = add_to_body(&cx.tree(element.file()), body.element(), &statements) else { return Vec::new() };
    vec![Edit { place, text: free.to_string() }, reserve]
}

/// Numbers that no field of a message has, nor had in any release, rising.
fn free_numbers(message: Message<'_>, highest: i32) -> impl Iterator<Item = i32> {
    let next = move |known: &i32| free_number(message, *known);
    std::iter::successors(free_number(message, highest), next)
}

fn field_name<'s>(pair: Pair<Field<'s>>, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
    let Pair { before, after } = pair;
    let impact = impact::key_taken_again(pair, cx.comparison);
    if impact.verdict.is_empty() {
        return;
    }
    let (name, of, number, releases) = (after.name(), of_message(after), before.number(), known.releases);
    let was = format!("number {number} had in {releases}, a `{}`", written_type(before));
    let message = format!("field `{name}`{of} takes the JSON name that {was}");
    let help = format!("give it another name, and add `reserved {};`", reserved_name(after.file(), before.name()));
    cx.report(after, Part::Name, message).before(before, Part::Declaration).help(help).breaks(impact);
}

fn value_number<'s>(pair: Pair<EnumValue<'s>>, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
    let Pair { before, after } = pair;
    let enums = Pair { before: before.parent(), after: after.parent() };
    let impact = impact::value_taken_again(enums, after.number());
    if impact.verdict == Verdict::NONE {
        return;
    }
    let (name, number, enumeration) = (after.name(), after.number(), enums.after.name());
    let was = format!("which was `{}` in {}", before.name(), known.releases);
    let message = format!("enum value `{name}` takes number {number} of enum `{enumeration}`, {was}");
    let free = i32::try_from(known.before).ok().and_then(|before| highest(enums.after, known)?.checked_add(1 + before));
    let help = match free {
        Some(free) => {
            format!("give `{name}` a number that was never used, such as {free}, and add `reserved {number};`")
        }
        None => format!("give `{name}` a number that was never used, and add `reserved {number};`"),
    };
    let edits = free.map(|free| renumbered(after.into(), Body::Enum(enums.after), (number, free), before.name(), cx));
    cx.report(after, Part::Number, message)
        .before(before, Part::Declaration)
        .help(help)
        .fix(edits.into_iter().flatten())
        .breaks(impact);
}

/// The highest number that an enum has, had or reserves; reservations up to the last number do not count.
fn highest(enumeration: Enum<'_>, known: &Known<'_>) -> Option<i32> {
    let reserved = enumeration.reserved().ranges().map(|range| range.end).filter(|end| *end < i32::MAX);
    enumeration.values().map(|value| value.number()).chain(reserved).chain([known.highest]).max()
}

fn rpc_name<'s>(pair: Pair<Method<'s>>, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
    let Pair { before, after } = pair;
    let impact = impact::rpc_taken_again(pair, cx.comparison);
    if impact.verdict.is_empty() {
        return;
    }
    let (name, service) = (after.name(), after.parent().name());
    let signature = |rpc: Method<'s>| {
        let stream = |is_stream| if is_stream { "stream " } else { "" };
        let (request, response) = (TypeName::of_request(rpc).shown(), TypeName::of_response(rpc).shown());
        let (one, two) = (stream(rpc.is_client_streaming()), stream(rpc.is_server_streaming()));
        format!("({one}{request}) returns ({two}{response})")
    };
    let message = format!(
        "rpc `{name}` of service `{service}` takes the name of an rpc that was `{}` in {}, and is `{}`",
        signature(before),
        known.releases,
        signature(after)
    );
    cx.report(after, Part::Name, message)
        .before(before, Part::Declaration)
        .help("give the new rpc a name that was never used: old clients still call the old one")
        .breaks(impact);
}

/// A message or an enum, as messages of rules name it.
fn described(element: Element<'_>) -> String {
    match element {
        Element::Enum(enumeration) => format!("enum `{}`", enumeration.name()),
        Element::Message(message) => format!("message `{}`", message.name()),
        other => format!("`{}`", other.full_name()),
    }
}

fn number_dropped<'s>(before: Element<'s>, after: Element<'s>, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
    let (number, was, what) = match before {
        Element::Field(field) => {
            let was = format!("`{}`, a `{}`,", field.name(), written_type(field));
            (field.number(), was, impact::Unreserved::Field)
        }
        Element::EnumValue(value) => (value.number(), format!("`{}`", value.name()), impact::Unreserved::Value),
        _ => return,
    };
    let statement = format!("reserved {number};");
    let message =
        format!("{} no longer reserves number {number}, which was {was} in {}", described(after), known.releases);
    let edit = add_to_body(&cx.tree(after.file()), after, std::slice::from_ref(&statement));
    cx.report(after, Part::Declaration, message)
        .before(before, Part::Declaration)
        .help(format!("restore the reservation: add `{statement}`"))
        .fix(edit)
        .breaks(impact::number_unreserved(what, number));
}

fn name_dropped<'s>(before: Element<'s>, after: Element<'s>, known: &Known<'_>, cx: &mut ChangeCx<'s>) {
    let (name, number, what) = match before {
        Element::Field(field) => (field.name(), field.number(), impact::Unreserved::Field),
        Element::EnumValue(value) => (value.name(), value.number(), impact::Unreserved::Value),
        _ => return,
    };
    let statement = format!("reserved {};", reserved_name(after.file(), name));
    let releases = known.releases;
    let message =
        format!("{} no longer reserves the name `{name}`, which number {number} had in {releases}", described(after));
    let edit = add_to_body(&cx.tree(after.file()), after, std::slice::from_ref(&statement));
    cx.report(after, Part::Declaration, message)
        .before(before, Part::Declaration)
        .help(format!("restore the reservation: add `{statement}`"))
        .fix(edit)
        .breaks(impact::name_unreserved(what, name));
}
