//! Which messages findings are about, and which hold one of those, however deep.

use rustc_hash::FxHashSet;

use super::world::{holder, inner, members};
use crate::compare::evidence::Subject;
use crate::compare::pairing::Comparison;
use crate::finding::{Direction, Layer};
use crate::rules::PendingFinding;
use crate::schema::{Enum, Field, FieldType, Message, Schema};

/// Messages of both schemas.
pub(super) struct Tainted {
    names: [FxHashSet<String>; 2],
    before: *const Schema,
}

impl Tainted {
    /// The subjects of findings about a layer and direction.
    pub(super) fn new(
        comparison: &Comparison<'_>,
        claims: &[PendingFinding<'_>],
        layer: Layer,
        direction: Direction,
    ) -> Tainted {
        let mut tainted = Tainted { names: [FxHashSet::default(), FxHashSet::default()], before: comparison.before };
        let proofs = claims.iter().flat_map(|claim| &claim.proofs);
        // JSON uses names, and messages are written and compared by number: numbers that changed their names say
        // nothing.
        let is_by_name = |subject: &Subject<'_>| matches!(subject, Subject::Renamed { .. } | Subject::Enums { .. });
        let counts =
            |layer_of: Layer, subject: &Subject<'_>| layer_of == layer || (layer == Layer::Json && is_by_name(subject));
        for proof in proofs.filter(|proof| counts(proof.layer, &proof.subject) && proof.direction == direction) {
            tainted.add_subject(&proof.subject);
        }
        for schema in [comparison.before, comparison.after] {
            tainted.spread(schema);
        }
        tainted
    }

    pub(super) fn has(&self, message: Message<'_>) -> bool {
        self.names[self.side(message.file().schema)].contains(message.full_name())
    }

    fn side(&self, schema: &Schema) -> usize {
        usize::from(!std::ptr::eq(schema, self.before))
    }

    fn add(&mut self, message: Option<Message<'_>>) {
        if let Some(message) = message {
            let side = self.side(message.file().schema);
            self.names[side].insert(message.full_name().to_owned());
        }
    }

    fn add_subject(&mut self, subject: &Subject<'_>) {
        match subject {
            Subject::Field { writer, reader } | Subject::Renamed { writer, reader } => {
                [*writer, *reader].into_iter().for_each(|field| self.add(holder(field)));
            }
            Subject::Missing { writer, reader } => {
                self.add(holder(*writer));
                self.add(Some(*reader));
            }
            Subject::Together { writer, reader } => {
                writer.iter().chain(reader).for_each(|field| self.add(holder(*field)));
            }
            Subject::Absent { writer, reader } => {
                self.add(writer.and_then(holder));
                self.add(holder(*reader));
            }
            Subject::Messages { writer, reader } => {
                [*writer, *reader].into_iter().for_each(|message| self.add(Some(message)))
            }
            Subject::Enums { writer, reader, .. } => {
                [*writer, *reader].into_iter().for_each(|found| self.add_users(found))
            }
            // They are about what may come.
            Subject::Unreserved { .. } | Subject::UnreservedName { .. } | Subject::Found { .. } => {}
        }
    }

    fn add_users(&mut self, enumeration: Enum<'_>) {
        let fields = enumeration.file().schema.files().flat_map(|file| file.all_fields());
        for field in fields.filter(|field| field.field_type() == FieldType::Enum(enumeration)) {
            self.add(holder(field));
        }
    }

    /// Adds what holds a message that is in already.
    fn spread(&mut self, schema: &Schema) {
        let messages = || schema.files().flat_map(|file| file.all_messages());
        loop {
            let holds = |field: Field<'_>| inner(field).is_some_and(|message| self.has(message));
            let next: Vec<String> = messages()
                .filter(|&message| !self.has(message) && members(message).into_iter().any(holds))
                .map(|message| message.full_name().to_owned())
                .collect();
            if next.is_empty() {
                return;
            }
            let side = self.side(schema);
            self.names[side].extend(next);
        }
    }
}
