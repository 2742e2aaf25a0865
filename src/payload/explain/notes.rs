//! What there is to say of single values. It does not depend on where they are.

use super::Item;
use crate::payload::plan::FieldDetail;
use crate::payload::wire::{Cursor, FIXED32, FIXED64, VARINT, WireError, varint_len};
use crate::schema::Presence;

/// What is said of a zero that is written nevertheless.
pub(super) const LEFT_OUT: &str = "the default, which writers leave out";

/// Whether a zero is not written.
pub(super) fn is_implicit(detail: &FieldDetail) -> bool {
    detail.presence == Presence::Implicit && !detail.has_written_default
}

/// Whether bytes can be those of a message.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(bytes);
    while !cursor.is_at_end() {
        if cursor.tag().and_then(|tag| cursor.skip(tag, 0)).is_err() {
            return false;
        }
    }
    !bytes.is_empty()
}

/// A number as it is on the wire.
pub(super) fn raw(cursor: &mut Cursor<'_>, wire: u8) -> Result<u64, WireError> {
    match wire {
        FIXED32 => cursor.fixed(4),
        FIXED64 => cursor.fixed(8),
        _ => cursor.varint(),
    }
}

/// Says that a varint is longer than it has to be.
pub(super) fn note_varint(item: &mut Item, wire: u8, length: usize, raw: u64) {
    if wire == VARINT && length as u64 > varint_len(raw) {
        item.notes.push(format!("the varint takes {length} bytes instead of {}", varint_len(raw)));
    }
}

/// Says that a length is longer than it has to be.
pub(super) fn note_length(item: &mut Item, length: usize, content: usize) {
    if length as u64 > varint_len(content as u64) {
        item.notes.push(format!("the length takes {length} bytes instead of {}", varint_len(content as u64)));
    }
}
