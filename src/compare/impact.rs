//! What a change breaks: layers and directions, from what the code of one schema makes of what the other's wrote. Types
//! are compared by structure, not by name. It uses no rules; `evidence` proves what it says.

mod again;
mod enums;
mod fields;
mod gone;
mod json;
mod names;
mod rest;
mod structure;
mod types;
mod whole;

pub(crate) use crate::compare::evidence::Unreserved;
pub(crate) use again::{key_taken_again, number_taken_again, rpc_taken_again, value_taken_again};
pub(crate) use enums::{closedness_changed, required_value_added, value_deleted, value_names_changed};
pub(crate) use fields::{
    cardinality_changed, default_changed, field_renamed, has_same_entries, has_same_type, is_incompatible_on_wire,
    json_name_changed, number_reused, oneof_changed, required_added, required_removed, type_changed,
    utf8_validation_changed,
};
pub(crate) use gone::{Heir, extension_deleted, field_deleted, heir};
pub(crate) use names::{are_alike, are_values_alike};
pub(crate) use rest::{
    BrokenRoute, broken_routes, carried_type_changed, lost_parameter, lost_parameters, rpc_deleted, services_deleted,
    streaming_changed,
};
pub(crate) use types::have_same_bytes;
pub(crate) use whole::{
    element_deleted, message_deleted, message_set_changed, name_collision, name_unreserved, number_collision,
    number_unreserved, rpc_type_changed, stored_data_lost, symbol_collision, value_collision,
};

use std::sync::MutexGuard;

use crate::compare::compatibility::{Compatibility, Remembered};
use crate::compare::evidence::Subject;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Enum, Message};

/// What a change breaks, and what would prove it.
#[derive(Clone, Default)]
pub(crate) struct Impact<'s> {
    pub(crate) verdict: Verdict,
    pub(crate) proofs: Vec<Proof<'s>>,
    /// Whether what is suspected matters as much as what is certain.
    pub(crate) is_grave: bool,
}

/// What to write and read to see that a layer is broken.
#[derive(Clone)]
pub(crate) struct Proof<'s> {
    pub(crate) layer: Layer,
    pub(crate) direction: Direction,
    pub(crate) subject: Subject<'s>,
}

impl From<Verdict> for Impact<'_> {
    fn from(verdict: Verdict) -> Self {
        Impact { verdict, ..Impact::default() }
    }
}

impl<'s> Impact<'s> {
    /// Adds what else is broken, with a proof for each layer and direction.
    pub(crate) fn and(mut self, verdict: Verdict, subject: impl Fn(Direction) -> Subject<'s>) -> Impact<'s> {
        self.verdict = self.verdict.and(verdict);
        for layer in [Layer::Wire, Layer::Json] {
            for direction in Direction::ALL.into_iter().filter(|&direction| verdict.has(layer, direction)) {
                self.proofs.push(Proof { layer, direction, subject: subject(direction) });
            }
        }
        self
    }

    /// Adds what may be broken, with what would show it.
    fn and_maybe(self, verdict: Verdict, subject: impl Fn(Direction) -> Subject<'s>) -> Impact<'s> {
        let certain = self.verdict;
        let whole = self.and(verdict, subject);
        Impact { verdict: certain.and(verdict.as_suspicion()), ..whole }
    }

    /// Adds what is broken in a layer and a direction, with what shows it, if something does.
    pub(crate) fn shown(mut self, layer: Layer, direction: Direction, subject: Option<Subject<'s>>) -> Impact<'s> {
        self.verdict = self.verdict.and(Verdict::breaks(layer, direction));
        self.proofs.extend(subject.map(|subject| Proof { layer, direction, subject }));
        self
    }

    /// Adds what something else breaks.
    pub(crate) fn merge(mut self, other: Impact<'s>) -> Impact<'s> {
        self.verdict = self.verdict.and(other.verdict);
        self.proofs.extend(other.proofs);
        self.is_grave |= other.is_grave;
        self
    }

    /// Adds what needs no proof.
    pub(crate) fn with(mut self, verdict: Verdict) -> Impact<'s> {
        self.verdict = self.verdict.and(verdict);
        self
    }
}

impl Compatibility {
    /// What it means for a layer, in a direction.
    fn verdict(self, layer: Layer, direction: Direction) -> Verdict {
        match self {
            Compatibility::Full => Verdict::NONE,
            Compatibility::Lossy => Verdict::lossy(layer, direction),
            Compatibility::None => Verdict::breaks(layer, direction),
        }
    }
}

/// One form of data, written by one side and read by the other.
#[derive(Clone, Copy)]
struct Reading<'s> {
    comparison: &'s Comparison<'s>,
    layer: Layer,
    direction: Direction,
}

impl<'s> Reading<'s> {
    /// What is known of messages in this form and direction. Nothing else may be asked for while it is held.
    fn memory(&self) -> MutexGuard<'s, Remembered> {
        self.comparison.memory.lock(self.layer == Layer::Json, self.direction == Direction::Forward)
    }

    /// Whether two messages are one that is compared itself. Entries of maps are compared with their maps.
    fn has_one_fate(self, writer: Message<'s>, reader: Message<'s>) -> bool {
        !writer.is_map_entry() && self.is_same_message(writer, reader)
    }

    fn is_same_message(self, writer: Message<'s>, reader: Message<'s>) -> bool {
        let pair = self.direction.sides(Pair { before: writer, after: reader });
        self.comparison.is_same_message(pair.writer, pair.reader)
    }

    fn is_same_enum(self, writer: Enum<'s>, reader: Enum<'s>) -> bool {
        let pair = self.direction.sides(Pair { before: writer, after: reader });
        self.comparison.is_same_enum(pair.writer, pair.reader)
    }
}

/// Who writes and who reads.
struct Sides<T> {
    writer: T,
    reader: T,
}

impl Direction {
    fn sides<T>(self, pair: Pair<T>) -> Sides<T> {
        match self {
            Direction::Backward => Sides { writer: pair.before, reader: pair.after },
            Direction::Forward => Sides { writer: pair.after, reader: pair.before },
        }
    }
}

/// Asks for both forms and both directions, and adds up the answers.
fn readings<'s>(comparison: &'s Comparison<'s>, compatibility: impl Fn(Reading<'s>) -> Compatibility) -> Verdict {
    let mut verdict = Verdict::NONE;
    for layer in [Layer::Wire, Layer::Json] {
        for direction in Direction::ALL {
            let found = compatibility(Reading { comparison, layer, direction });
            verdict = verdict.and(found.verdict(layer, direction));
        }
    }
    verdict
}
