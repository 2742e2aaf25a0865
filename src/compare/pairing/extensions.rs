//! The extensions of one schema by the message that they extend.

use rustc_hash::FxHashMap;

use super::all_files;
use crate::schema::{Field, Message, Schema};

/// By the file of the extended message and its place there.
pub(crate) struct Extensions<'s>(FxHashMap<(u32, u32), Vec<Field<'s>>>);

impl<'s> Extensions<'s> {
    pub(super) fn new(schema: &'s Schema) -> Extensions<'s> {
        let mut map: FxHashMap<(u32, u32), Vec<Field<'s>>> = FxHashMap::default();
        for field in all_files(schema).flat_map(|file| file.all_fields()).filter(|field| field.is_extension()) {
            if let Some(extendee) = field.extendee() {
                map.entry((extendee.file().index, extendee.index)).or_default().push(field);
            }
        }
        Extensions(map)
    }

    pub(super) fn of(&self, message: Message<'_>) -> &[Field<'s>] {
        self.0.get(&(message.file().index, message.index)).map_or(&[], Vec::as_slice)
    }
}
