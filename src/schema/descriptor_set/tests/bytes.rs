//! Writes records of the wire format for tests.

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A number as a record.
pub(super) fn number(field: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint(field << 3, &mut out);
    varint(value, &mut out);
    out
}

/// A true flag.
pub(super) fn flag(field: u64) -> Vec<u8> {
    number(field, 1)
}

/// Bytes as a record.
pub(super) fn part(field: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    varint(field << 3 | 2, &mut out);
    varint(bytes.len() as u64, &mut out);
    out.extend_from_slice(bytes);
    out
}

pub(super) fn text(field: u64, text: &str) -> Vec<u8> {
    part(field, text.as_bytes())
}

/// A file of a set.
pub(super) fn file(name: &str, records: &[Vec<u8>]) -> Vec<u8> {
    part(1, &[text(1, name), records.concat()].concat())
}

pub(super) fn set(files: &[Vec<u8>]) -> Vec<u8> {
    files.concat()
}

/// A message of a file.
pub(super) fn message(name: &str, records: &[Vec<u8>]) -> Vec<u8> {
    part(4, &[text(1, name), records.concat()].concat())
}

/// A field of a message; `kind` is a number of `FieldDescriptorProto.Type`.
pub(super) fn field(name: &str, of: u64, kind: u64, records: &[Vec<u8>]) -> Vec<u8> {
    part(2, &[text(1, name), number(3, of), number(5, kind), records.concat()].concat())
}
