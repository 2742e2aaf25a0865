//! Which messages clients write: requests of rpcs, and what these hold in fields that are not only output.

use rustc_hash::FxHashSet;

use super::{Comparison, own_files};
use crate::compare::compatibility::{MessageKey, message_key};
use crate::schema::{Field, FieldType, File, Message};

/// The messages of both schemas that are written by clients.
#[derive(Default)]
pub(super) struct Accepted(FxHashSet<MessageKey>);

impl Accepted {
    pub(super) fn new(comparison: &Comparison<'_>) -> Accepted {
        let mut accepted = Accepted::default();
        for schema in [comparison.before, comparison.after] {
            let methods = own_files(schema).flat_map(File::services).flat_map(|service| service.methods());
            let mut next: Vec<Message<'_>> = methods.filter_map(|method| method.input()).collect();
            while let Some(message) = next.pop() {
                if !accepted.0.insert(message_key(message)) {
                    continue;
                }
                let fields = message.fields().chain(comparison.extensions_of(message).iter().copied());
                next.extend(fields.filter(|field| !is_output_only(*field)).filter_map(
                    |field| match field.field_type() {
                        FieldType::Message(inner) => Some(inner),
                        _ => None,
                    },
                ));
            }
        }
        accepted
    }

    pub(super) fn has(&self, message: Message<'_>) -> bool {
        self.0.contains(&message_key(message))
    }
}

fn is_output_only(field: Field<'_>) -> bool {
    field.behaviors().any(|(behavior, _)| behavior == "OUTPUT_ONLY")
}
