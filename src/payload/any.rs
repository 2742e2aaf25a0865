//! `google.protobuf.Any`: a message with the name of its type. It does not depend on schemas.

use std::ops::Range;

use super::wire::{Cursor, LENGTH, Tag};

/// The `type_url` of an `Any`, and where the bytes of its value are; `None` where the bytes are no `Any`.
pub(super) fn parts(bytes: &[u8]) -> Option<(&str, Range<usize>)> {
    let (mut url, mut value) = (None, 0..0);
    let mut cursor = Cursor::new(bytes);
    while !cursor.is_at_end() {
        let tag = cursor.tag().ok()?;
        let Tag { number: number @ (1 | 2), wire: LENGTH } = tag else { return None };
        let end = cursor.length().ok()?;
        let start = cursor.at;
        cursor.at = end;
        match number {
            1 => url = std::str::from_utf8(cursor.since(start)).ok(),
            _ => value = start..end,
        }
    }
    Some((url.filter(|url| !url.is_empty())?, value))
}
