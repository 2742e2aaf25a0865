//! What schema registries decide about a file, each in the two directions that its modes are made of.

use crate::compare::pairing::Pair;
use crate::compare::registry::{Registry, Spot};
use crate::finding::Direction;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::File;

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
    let mode = if is_backward { "BACKWARD" } else { "FORWARD" };
    for difference in registry.rejections(writer, reader) {
        let text = difference.change.text(is_backward);
        let message = format!("{text}: {} rejects this under {mode} (`{}`)", registry.name(), difference.code);
        let Spot { element, part } = if is_backward { difference.reader } else { difference.writer };
        let before = if is_backward { difference.writer } else { difference.reader };
        cx.report(element, part, message).before(before.element, before.part).by_registry();
    }
}
