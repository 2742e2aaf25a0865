//! Which fields a value in braces has set, and which it may not set beside them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::schema::{Field, Label, Oneof};

/// The fields that one value has set.
#[derive(Default)]
pub(super) struct Seen<'t> {
    numbers: FxHashSet<i32>,
    oneofs: FxHashMap<u32, &'t str>,
}

impl<'t> Seen<'t> {
    /// Only repeated fields occur again, and only one field of a oneof occurs.
    pub(super) fn note(&mut self, field: Field<'_>, name: &'t str) -> Result<(), String> {
        if field.label() != Label::Repeated && !self.numbers.insert(field.number()) {
            return Err(format!("has the field `{name}` twice"));
        }
        if let Some(oneof) = field.oneof() {
            let first = *self.oneofs.entry(oneof.index).or_insert(name);
            if first != name {
                return Err(format!("has both `{first}` and `{name}` of oneof `{}`", Oneof::name(oneof)));
            }
        }
        Ok(())
    }

    pub(super) fn has(&self, field: Field<'_>) -> bool {
        self.numbers.contains(&field.number())
    }

    /// An `Any` contains one message, noted as number 0, which no field has.
    pub(super) fn note_packed(&mut self) -> Result<(), String> {
        if self.numbers.insert(0) {
            Ok(())
        } else {
            Err("contains two messages in one `google.protobuf.Any`".to_owned())
        }
    }
}
