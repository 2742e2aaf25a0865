//! What each byte of a message means: every item covers some of them, and all items together are the message. What is
//! damaged is an item too. It shows values, and counts nothing.

mod notes;
mod walk;

use crate::payload::wire::WireError;

pub(crate) use walk::explain;

/// A message, explained.
pub(crate) struct Explained {
    pub(crate) items: Vec<Item>,
    /// Why runtimes reject the message.
    pub(crate) error: Option<WireError>,
}

/// Some bytes of a message, and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) at: usize,
    /// The place after the last byte.
    pub(crate) end: usize,
    pub(crate) depth: usize,
    pub(crate) kind: ItemKind,
    /// The fields that lead here: `order.items.sku`; an unknown one is its number.
    pub(crate) path: String,
    pub(crate) number: Option<u32>,
    pub(crate) wire: Option<u8>,
    /// The name of the field; `None` where it is unknown.
    pub(crate) field: Option<String>,
    pub(crate) type_name: String,
    pub(crate) value: Option<String>,
    pub(crate) notes: Vec<String>,
    /// Of what is absent, each field with what it reads as.
    pub(crate) absent: Vec<(String, Option<String>)>,
}

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    /// A field with its value.
    Field,
    /// Tag and length of a message whose content follows.
    Message,
    GroupStart,
    GroupEnd,
    /// Tag and length of values that follow.
    Packed,
    /// One of these.
    Element,
    /// Bytes that cannot be read.
    Damaged,
    /// Bytes that were not taken apart.
    Rest,
    /// No bytes: what a message does not have.
    Absent,
}

impl ItemKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ItemKind::Field => "field",
            ItemKind::Message => "message",
            ItemKind::GroupStart => "group_start",
            ItemKind::GroupEnd => "group_end",
            ItemKind::Packed => "packed",
            ItemKind::Element => "element",
            ItemKind::Damaged => "damaged",
            ItemKind::Rest => "rest",
            ItemKind::Absent => "absent",
        }
    }
}

/// What two schemas make of the same bytes.
pub(crate) struct Row<'e> {
    pub(crate) old: Option<&'e Item>,
    pub(crate) new: Option<&'e Item>,
}

impl Row<'_> {
    /// Whether both read something else.
    pub(crate) fn differs(&self) -> bool {
        let (Some(old), Some(new)) = (self.old, self.new) else { return true };
        let read = |item: &Item| (item.kind, item.field.clone(), item.type_name.clone(), item.value.clone());
        read(old) != read(new) || old.absent != new.absent || old.notes != new.notes || old.end != new.end
    }
}

/// Brings together what two schemas make of the same bytes, in the order of these.
pub(crate) fn side_by_side<'e>(old: &'e Explained, new: &'e Explained) -> Vec<Row<'e>> {
    // What a message lacks is said at its end, before what follows there; inner messages end first.
    let key = |item: &Item| {
        let is_absent = item.kind == ItemKind::Absent;
        (item.at, !is_absent, if is_absent { usize::MAX - item.depth } else { 0 })
    };
    let (mut rows, mut old, mut new) = (Vec::new(), old.items.iter().peekable(), new.items.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return rows,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(one), Some(other)) => key(one).cmp(&key(other)),
        };
        rows.push(Row {
            old: if order.is_le() { old.next() } else { None },
            new: if order.is_ge() { new.next() } else { None },
        });
    }
}
