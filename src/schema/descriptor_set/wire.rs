//! Reads the records of the protobuf wire format in place, <https://protobuf.dev/programming-guides/encoding/>. It uses
//! no message types.

/// Groups may nest this deep, as in protobuf's own decoders.
const MAX_GROUPS: usize = 100;

/// Why bytes cannot be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WireFault {
    /// Of the record that cannot be read, 0-based, in bytes.
    pub(crate) offset: usize,
    pub(crate) kind: WireFaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireFaultKind {
    /// The bytes end within a record, or a length reaches beyond what encloses it.
    Truncated,
    /// A tag that no writer writes, or a group that does not end.
    Malformed,
    /// Groups in groups without end.
    TooDeep,
}

impl WireFault {
    /// As a message says it.
    pub(crate) fn words(self) -> String {
        let offset = self.offset;
        match self.kind {
            WireFaultKind::Truncated => format!("it is truncated: the record at byte {offset} does not end"),
            WireFaultKind::Malformed => format!("there is no protobuf record at byte {offset}"),
            WireFaultKind::TooDeep => {
                format!("the groups at byte {offset} are nested more than {MAX_GROUPS} levels deep")
            }
        }
    }
}

/// Bytes of a message, and where they start in the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) bytes: &'a [u8],
    /// In bytes, 0-based.
    pub(crate) offset: usize,
}

/// One record's value, by its wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(Part<'a>),
    /// What stands between the start and the end of a group.
    Group(Part<'a>),
}

/// The records of a message in order; stops after the first fault.
pub(crate) struct Records<'a> {
    part: Part<'a>,
    at: usize,
}

impl<'a> Part<'a> {
    pub(crate) fn records(self) -> Records<'a> {
        Records { part: self, at: 0 }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<(u32, Value<'a>), WireFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.part.bytes.len() {
            return None;
        }
        let start = self.at;
        let record = self.record().map_err(|kind| WireFault { offset: self.part.offset + start, kind });
        if record.is_err() {
            self.at = self.part.bytes.len();
        }
        Some(record)
    }
}

impl<'a> Records<'a> {
    fn record(&mut self) -> Result<(u32, Value<'a>), WireFaultKind> {
        let (number, wire_type) = self.tag()?;
        let value = match wire_type {
            3 => Value::Group(self.group(number)?),
            4 => return Err(WireFaultKind::Malformed),
            _ => self.value(wire_type)?,
        };
        Ok((number, value))
    }

    fn tag(&mut self) -> Result<(u32, u8), WireFaultKind> {
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).map_err(|_| WireFaultKind::Malformed)?;
        if number == 0 || number >= 1 << 29 {
            return Err(WireFaultKind::Malformed);
        }
        Ok((number, (tag & 7) as u8))
    }

    fn varint(&mut self) -> Result<u64, WireFaultKind> {
        let mut value = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = *self.part.bytes.get(self.at).ok_or(WireFaultKind::Truncated)?;
            self.at += 1;
            value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or_default();
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(WireFaultKind::Malformed)
    }

    fn take(&mut self, length: u64) -> Result<Part<'a>, WireFaultKind> {
        let length = usize::try_from(length).map_err(|_| WireFaultKind::Truncated)?;
        let end = self.at.checked_add(length).ok_or(WireFaultKind::Truncated)?;
        let bytes = self.part.bytes.get(self.at..end).ok_or(WireFaultKind::Truncated)?;
        let offset = self.part.offset + self.at;
        self.at = end;
        Ok(Part { bytes, offset })
    }

    /// A value that is no group.
    fn value(&mut self, wire_type: u8) -> Result<Value<'a>, WireFaultKind> {
        Ok(match wire_type {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.take(8)?.array())),
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.take(4)?.array())),
            _ => return Err(WireFaultKind::Malformed),
        })
    }

    /// Reads to the end of the group `number`.
    fn group(&mut self, number: u32) -> Result<Part<'a>, WireFaultKind> {
        let start = self.at;
        let mut open = vec![number];
        loop {
            let before = self.at;
            match self.tag()? {
                (inner, 3) if open.len() < MAX_GROUPS => open.push(inner),
                (_, 3) => return Err(WireFaultKind::TooDeep),
                (closed, 4) if open.pop() != Some(closed) => return Err(WireFaultKind::Malformed),
                (_, 4) if open.is_empty() => {
                    let bytes = &self.part.bytes[start..before];
                    return Ok(Part { bytes, offset: self.part.offset + start });
                }
                (_, 4) => {}
                (_, wire_type) => _ = self.value(wire_type)?,
            }
        }
    }
}

impl Part<'_> {
    /// The bytes of a part that was taken with that length.
    fn array<const N: usize>(self) -> [u8; N] {
        self.bytes.try_into().expect("taken with this length")
    }
}

/// The varints of a packed field; `None` where they are malformed.
pub(crate) fn packed_varints(bytes: &[u8]) -> Option<Vec<u64>> {
    let mut numbers = Vec::new();
    let (mut value, mut shift) = (0u64, 0u32);
    for &byte in bytes {
        value |= u64::from(byte & 0x7F).checked_shl(shift)?;
        shift += 7;
        if byte < 0x80 {
            numbers.push(std::mem::take(&mut value));
            shift = 0;
        }
    }
    (shift == 0).then_some(numbers)
}
