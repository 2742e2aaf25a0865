//! The wire format, <https://protobuf.dev/programming-guides/encoding/>, a step at a time: tags, varints, lengths and
//! groups, each with its place in the bytes. It does not depend on schemas.

use std::fmt;

/// How deep messages and groups may be nested: what runtimes take unless they are set up otherwise.
pub(crate) const MAX_DEPTH: usize = 100;
/// The largest number of a field.
const MAX_NUMBER: u32 = (1 << 29) - 1;

pub(super) const VARINT: u8 = 0;
pub(super) const FIXED64: u8 = 1;
pub(super) const LENGTH: u8 = 2;
pub(super) const GROUP_START: u8 = 3;
pub(super) const GROUP_END: u8 = 4;
pub(super) const FIXED32: u8 = 5;

/// Why bytes are not a message, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WireError {
    /// The byte where what is wrong begins, counted from the start of the whole message.
    pub(crate) at: usize,
    pub(crate) kind: WireErrorKind,
}

/// What is wrong with bytes that are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireErrorKind {
    /// The bytes end in a tag or in a value.
    CutOff,
    /// A length leads beyond the end: it says so many bytes, and there are so many.
    TooLong(u64, usize),
    /// A varint has more than ten bytes, or a tag more than five.
    EndlessVarint,
    /// Six or seven.
    WireType(u8),
    FieldNumber(u32),
    /// A group ends that did not start, or another one than that which started.
    GroupEnd(u32),
    /// The bytes end in a group.
    OpenGroup(u32),
    TooDeep,
    /// A string has bytes that are not UTF-8, where runtimes check that.
    NotUtf8,
    /// Packed values do not fill their record.
    Packed,
}

impl fmt::Display for WireErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireErrorKind::CutOff => f.write_str("the message is cut off"),
            WireErrorKind::TooLong(length, left) => write!(f, "a length of {length} bytes, and {left} are left"),
            WireErrorKind::EndlessVarint => f.write_str("a varint is too long"),
            WireErrorKind::WireType(wire) => write!(f, "there is no wire type {wire}"),
            WireErrorKind::FieldNumber(number) => write!(f, "a field cannot have number {number}"),
            WireErrorKind::GroupEnd(number) => write!(f, "group {number} ends, and it did not start"),
            WireErrorKind::OpenGroup(number) => write!(f, "group {number} does not end"),
            WireErrorKind::TooDeep => write!(f, "messages are nested more than {MAX_DEPTH} deep"),
            WireErrorKind::NotUtf8 => f.write_str("a string is not UTF-8"),
            WireErrorKind::Packed => f.write_str("packed values are cut off"),
        }
    }
}

/// The start of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) number: u32,
    pub(super) wire: u8,
}

/// A place in the bytes of a message. A nested message is read by a cursor that ends where that does; places are those
/// in the whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'b> {
    /// The whole message up to the end of the one that is read.
    bytes: &'b [u8],
    pub(super) at: usize,
}

impl<'b> Cursor<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Cursor<'b> {
        Cursor { bytes, at: 0 }
    }

    /// The same over a part of the same bytes.
    pub(super) fn part(self, start: usize, end: usize) -> Cursor<'b> {
        Cursor { bytes: &self.bytes[..end.min(self.bytes.len())], at: start }
    }

    pub(super) fn end(self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_at_end(self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The bytes from a place to where the cursor is.
    pub(super) fn since(self, start: usize) -> &'b [u8] {
        &self.bytes[start..self.at]
    }

    /// The bytes that are left.
    pub(super) fn rest(self) -> &'b [u8] {
        &self.bytes[self.at..]
    }

    fn error(self, at: usize, kind: WireErrorKind) -> WireError {
        WireError { at, kind }
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, WireError> {
        match self.bytes.get(self.at) {
            Some(&byte) if byte < 0x80 => {
                self.at += 1;
                Ok(u64::from(byte))
            }
            _ => self.long_varint(10),
        }
    }

    fn long_varint(&mut self, most: usize) -> Result<u64, WireError> {
        let start = self.at;
        let mut value = 0;
        for (index, &byte) in self.bytes[start..].iter().take(most).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                self.at = start + index + 1;
                return Ok(value);
            }
        }
        let kind = if self.bytes.len() - start < most { WireErrorKind::CutOff } else { WireErrorKind::EndlessVarint };
        Err(self.error(start, kind))
    }

    #[inline]
    pub(super) fn tag(&mut self) -> Result<Tag, WireError> {
        let start = self.at;
        let value = match self.bytes.get(start) {
            Some(&byte) if byte < 0x80 => {
                self.at += 1;
                u64::from(byte)
            }
            _ => self.long_varint(5)?,
        };
        let (number, wire) = (u32::try_from(value >> 3).unwrap_or(u32::MAX), (value & 7) as u8);
        if number == 0 || number > MAX_NUMBER {
            return Err(self.error(start, WireErrorKind::FieldNumber(number)));
        }
        if wire > FIXED32 {
            return Err(self.error(start, WireErrorKind::WireType(wire)));
        }
        Ok(Tag { number, wire })
    }

    /// A length, and the place where what it counts ends.
    #[inline]
    pub(super) fn length(&mut self) -> Result<usize, WireError> {
        let start = self.at;
        let length = self.varint()?;
        let left = self.bytes.len() - self.at;
        match usize::try_from(length) {
            Ok(length) if length <= left => Ok(self.at + length),
            _ => Err(self.error(start, WireErrorKind::TooLong(length, left))),
        }
    }

    /// So many bytes, as a number.
    #[inline]
    pub(super) fn fixed(&mut self, count: usize) -> Result<u64, WireError> {
        let start = self.at;
        let Some(bytes) = self.bytes.get(start..start + count) else {
            return Err(self.error(start, WireErrorKind::CutOff));
        };
        self.at += count;
        Ok(bytes.iter().rev().fold(0, |value, &byte| (value << 8) | u64::from(byte)))
    }

    /// Goes to the end of the value of a record; of a group, to the end of the tag that ends it.
    pub(super) fn skip(&mut self, tag: Tag, depth: usize) -> Result<(), WireError> {
        match tag.wire {
            VARINT => self.varint().map(drop),
            FIXED64 => self.fixed(8).map(drop),
            FIXED32 => self.fixed(4).map(drop),
            LENGTH => {
                self.at = self.length()?;
                Ok(())
            }
            GROUP_START => self.skip_group(tag.number, depth + 1),
            _ => Err(self.error(self.at, WireErrorKind::GroupEnd(tag.number))),
        }
    }

    /// Goes to the end of the groups that are open, the outermost of which has that number.
    fn skip_group(&mut self, number: u32, depth: usize) -> Result<(), WireError> {
        let mut open = vec![number];
        while let Some(&innermost) = open.last() {
            if depth + open.len() - 1 > MAX_DEPTH {
                return Err(self.error(self.at, WireErrorKind::TooDeep));
            }
            if self.is_at_end() {
                return Err(self.error(self.at, WireErrorKind::OpenGroup(innermost)));
            }
            let start = self.at;
            let tag = self.tag()?;
            match tag.wire {
                GROUP_START => open.push(tag.number),
                GROUP_END if tag.number == innermost => drop(open.pop()),
                GROUP_END => return Err(self.error(start, WireErrorKind::GroupEnd(tag.number))),
                _ => self.skip(tag, depth)?,
            }
        }
        Ok(())
    }
}

/// How many bytes a varint takes.
#[inline]
pub(super) fn varint_len(value: u64) -> u64 {
    u64::from((70 - (value | 1).leading_zeros()) / 7)
}

/// How many bytes the tag of a field takes.
pub(super) fn tag_len(number: u32) -> u64 {
    varint_len(u64::from(number) << 3)
}

/// A number as `sint64` has it on the wire.
pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// What `zigzag` was made of.
pub(super) fn unzigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::{Cursor, LENGTH, Tag, VARINT, WireErrorKind, tag_len, unzigzag, varint_len, zigzag};

    fn put(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    }

    #[test]
    fn varints_have_the_length_that_is_computed() {
        for shift in 0..64 {
            for value in [1_u64 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let bytes = put(value);
                assert_eq!(varint_len(value), bytes.len() as u64, "{value}");
                assert_eq!(Cursor::new(&bytes).varint(), Ok(value));
                let signed = value as i64;
                assert_eq!(unzigzag(zigzag(signed)), signed);
            }
        }
        assert_eq!((tag_len(15), tag_len(16), tag_len(2047), tag_len(2048)), (1, 2, 2, 3));
    }

    #[test]
    fn errors_have_their_places() {
        let error = |bytes: &[u8]| {
            let mut cursor = Cursor::new(bytes);
            let error = cursor.tag().and_then(|tag| cursor.skip(tag, 0)).expect_err("damage");
            (error.at, error.kind)
        };
        assert_eq!(error(&[0x08]), (1, WireErrorKind::CutOff));
        assert_eq!(error(&[0x88]), (0, WireErrorKind::CutOff));
        assert_eq!(error(&[0x0d, 1, 2, 3]), (1, WireErrorKind::CutOff));
        assert_eq!(error(&[0x0a, 3, 1]), (1, WireErrorKind::TooLong(3, 1)));
        assert_eq!(error(&[0x0e]), (0, WireErrorKind::WireType(6)));
        assert_eq!(error(&[0x00, 0]), (0, WireErrorKind::FieldNumber(0)));
        assert_eq!(error(&[0x88, 0x80, 0x80, 0x80, 0x80, 0x01]), (0, WireErrorKind::EndlessVarint));
        assert_eq!(error(&[&[0x08][..], &[0x80; 10], &[0]].concat()), (1, WireErrorKind::EndlessVarint));
        assert_eq!(error(&[0x0b, 0x08, 1]), (3, WireErrorKind::OpenGroup(1)));
        assert_eq!(error(&[0x0b, 0x14]), (1, WireErrorKind::GroupEnd(2)));
        assert_eq!(error(&[0x0c]), (1, WireErrorKind::GroupEnd(1)));
        assert_eq!(error(&[0x0b; 200]), (101, WireErrorKind::TooDeep));
    }

    #[test]
    fn a_part_keeps_the_places_of_the_whole() {
        let bytes = [0x0a, 2, 0x10, 5, 0x18, 1];
        let mut cursor = Cursor::new(&bytes);
        assert_eq!(cursor.tag(), Ok(Tag { number: 1, wire: LENGTH }));
        let end = cursor.length().expect("a length");
        let mut inner = cursor.part(cursor.at, end);
        assert_eq!(inner.tag(), Ok(Tag { number: 2, wire: VARINT }));
        assert_eq!((inner.varint(), inner.at, inner.is_at_end()), (Ok(5), 4, true));
    }
}
