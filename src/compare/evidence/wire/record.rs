//! Takes bytes apart into records, and puts numbers together. It uses no fields.

/// One record of a message.
pub(super) struct Record<'b> {
    pub(super) number: u64,
    pub(super) wire_type: u8,
    /// Tag included.
    pub(super) whole: &'b [u8],
    /// What follows the tag, or the length; of groups what is between the tags.
    pub(super) content: &'b [u8],
}

/// Takes a number off the front.
pub(super) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for at in 0..10 {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f).checked_shl(7 * at).unwrap_or(0);
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Appends a number.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes a record off the front; `None` where there is none.
pub(super) fn record<'b>(bytes: &mut &'b [u8], depth: usize) -> Option<Record<'b>> {
    let start = *bytes;
    let tag = varint(bytes)?;
    let (number, wire_type) = (tag >> 3, (tag & 7) as u8);
    if number == 0 || number >= 1 << 29 || depth > 100 {
        return None;
    }
    let mut content = *bytes;
    let length = match wire_type {
        0 => {
            varint(bytes)?;
            content.len() - bytes.len()
        }
        1 => 8,
        2 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            content = bytes;
            length
        }
        3 => {
            let inside = *bytes;
            let length = loop {
                let before = bytes.len();
                let mut ahead = *bytes;
                let tag = varint(&mut ahead)?;
                if tag & 7 == 4 {
                    *bytes = ahead;
                    break if tag >> 3 == number { inside.len() - before } else { return None };
                }
                record(bytes, depth + 1)?;
            };
            let whole = &start[..start.len() - bytes.len()];
            return Some(Record { number, wire_type, whole, content: &inside[..length] });
        }
        5 => 4,
        _ => return None,
    };
    let end = content.get(length..)?;
    *bytes = end;
    Some(Record { number, wire_type, whole: &start[..start.len() - end.len()], content: &content[..length] })
}

/// Whether packed elements fill the bytes.
pub(super) fn is_whole(mut bytes: &[u8], wire_type: u8) -> bool {
    match wire_type {
        1 => bytes.len().is_multiple_of(8),
        5 => bytes.len().is_multiple_of(4),
        _ => {
            while !bytes.is_empty() {
                if varint(&mut bytes).is_none() {
                    return false;
                }
            }
            true
        }
    }
}
