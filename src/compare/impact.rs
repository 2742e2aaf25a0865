//! What a change breaks: layers and directions, from what the code of one schema makes of what the other's wrote. Types
//! are compared by structure, not by name. It knows no rules; `evidence` proves what it says.

mod enums;
mod fields;
mod structure;
mod types;
mod whole;

pub(crate) use crate::compare::evidence::Freed;
pub(crate) use enums::{of_closedness, of_deleted_value, of_value_names};
pub(crate) use fields::{
    of_cardinality, of_default, of_deleted_extension, of_deleted_field, of_field_name, of_json_name, of_oneof,
    of_required_added, of_required_removed, of_reuse, of_type, of_utf8,
};
pub(crate) use whole::{
    of_freed_name, of_freed_number, of_gone, of_gone_enum, of_gone_message, of_name_collision, of_number_collision,
    of_rpc_type, of_symbol_collision, of_value_collision,
};

use std::sync::MutexGuard;

use crate::compare::compatibility::{Remembered, Survival};
use crate::compare::evidence::Subject;
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Enum, Message};

/// What a change breaks, and what would prove it.
#[derive(Clone, Default)]
pub(crate) struct Judged<'s> {
    pub(crate) verdict: Verdict,
    pub(crate) proofs: Vec<Proof<'s>>,
}

/// What to write and read to see that a layer is broken.
#[derive(Clone)]
pub(crate) struct Proof<'s> {
    pub(crate) layer: Layer,
    pub(crate) direction: Direction,
    pub(crate) subject: Subject<'s>,
}

impl From<Verdict> for Judged<'_> {
    fn from(verdict: Verdict) -> Self {
        Judged { verdict, proofs: Vec::new() }
    }
}

impl<'s> Judged<'s> {
    /// Adds what else is broken, with a proof for each layer and direction.
    pub(crate) fn and(mut self, verdict: Verdict, subject: impl Fn(Direction) -> Subject<'s>) -> Judged<'s> {
        self.verdict = self.verdict.and(verdict);
        for layer in [Layer::Wire, Layer::Json] {
            for direction in Direction::ALL.into_iter().filter(|&direction| verdict.has(layer, direction)) {
                self.proofs.push(Proof { layer, direction, subject: subject(direction) });
            }
        }
        self
    }

    /// Adds what something else breaks.
    pub(crate) fn merge(mut self, other: Judged<'s>) -> Judged<'s> {
        self.verdict = self.verdict.and(other.verdict);
        self.proofs.extend(other.proofs);
        self
    }

    /// Adds what needs no proof.
    pub(crate) fn with(mut self, verdict: Verdict) -> Judged<'s> {
        self.verdict = self.verdict.and(verdict);
        self
    }
}

impl Survival {
    /// What it means for a layer, in a direction.
    fn verdict(self, layer: Layer, direction: Direction) -> Verdict {
        match self {
            Survival::All => Verdict::NONE,
            Survival::Some => Verdict::lossy(layer, direction),
            Survival::None => Verdict::breaks(layer, direction),
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
        self.comparison.memory.of(self.layer == Layer::Json, self.direction == Direction::Forward)
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
fn readings<'s>(comparison: &'s Comparison<'s>, survives: impl Fn(Reading<'s>) -> Survival) -> Verdict {
    let mut verdict = Verdict::NONE;
    for layer in [Layer::Wire, Layer::Json] {
        for direction in Direction::ALL {
            let survival = survives(Reading { comparison, layer, direction });
            verdict = verdict.and(survival.verdict(layer, direction));
        }
    }
    verdict
}
