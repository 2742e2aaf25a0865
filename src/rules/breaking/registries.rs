//! What schema registries decide about a file, each in the two directions that its modes are made of.

use super::Body;
use crate::compare::pairing::Pair;
use crate::compare::registry::{Difference, REMOVED, Registry};
use crate::finding::Direction;
use crate::rules::{ChangeCx, Check, Rejection, Rule, rule};
use crate::schema::{Element, File};

pub(super) const RULES: &[&Rule] = &[
    &APICURIO_BACKWARD_COMPATIBLE,
    &APICURIO_FORWARD_COMPATIBLE,
    &CONFLUENT_BACKWARD_COMPATIBLE,
    &CONFLUENT_FORWARD_COMPATIBLE,
    &KARAPACE_BACKWARD_COMPATIBLE,
    &KARAPACE_FORWARD_COMPATIBLE,
    &REDPANDA_BACKWARD_COMPATIBLE,
    &REDPANDA_FORWARD_COMPATIBLE,
];

macro_rules! decisions {
    ($($registry:ident: $BACKWARD:ident $FORWARD:ident;)*) => { $(
        rule!(breaking $BACKWARD: Check::FilePair(|pair, cx| decide(Registry::$registry, Direction::Backward, pair, cx)));
        rule!(breaking $FORWARD: Check::FilePair(|pair, cx| decide(Registry::$registry, Direction::Forward, pair, cx)));
    )* };
}
decisions! {
    Apicurio: APICURIO_BACKWARD_COMPATIBLE APICURIO_FORWARD_COMPATIBLE;
    Confluent: CONFLUENT_BACKWARD_COMPATIBLE CONFLUENT_FORWARD_COMPATIBLE;
    Karapace: KARAPACE_BACKWARD_COMPATIBLE KARAPACE_FORWARD_COMPATIBLE;
    Redpanda: REDPANDA_BACKWARD_COMPATIBLE REDPANDA_FORWARD_COMPATIBLE;
}

/// Reports what a registry rejects in one direction; for the other one it compares with the sides swapped.
fn decide<'s>(registry: Registry, direction: Direction, pair: Pair<File<'s>>, cx: &mut ChangeCx<'s>) {
    let is_backward = direction == Direction::Backward;
    let (writer, reader) = if is_backward { (pair.before, pair.after) } else { (pair.after, pair.before) };
    let found = registry.rejections(writer, reader);
    // No registry has a file that it would reject beside itself.
    let alone = if found.is_empty() { Vec::new() } else { registry.rejections(reader, reader) };
    let is_of_change = |found: &Difference<'_>| {
        let text = found.change.text(is_backward);
        !alone.iter().any(|own| own.code == found.code && own.change.text(is_backward) == text)
    };
    for Difference { code, writer, reader, change } in found.into_iter().filter(is_of_change) {
        let (before, after) = if is_backward { (writer, reader) } else { (reader, writer) };
        let change = change.text(is_backward);
        let rejection = Rejection { registry: registry.name(), direction, change, code };
        let report = cx.report(after.element, after.part, rejection.message()).before(before.element, before.part);
        let report = report.by_registry(rejection);
        if let Some(help) = help(code, before.element, after.element) {
            report.help(help);
        }
    }
}

/// How a deletion becomes one that the registry accepts.
fn help(code: &str, before: Element<'_>, after: Element<'_>) -> Option<String> {
    match (before, after) {
        (Element::Field(field), Element::Message(message)) if code == REMOVED => {
            let reserved = Body::Message(message).reservation(Some(field.number()), &[field.name()])?;
            Some(format!("reserve the number and the name: add `{reserved}`"))
        }
        _ => None,
    }
}
