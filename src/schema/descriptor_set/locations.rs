//! Where a set says that things stand, and the comments beside them: the `SourceCodeInfo` of a file. It uses no
//! elements, only the paths that lead to them.

use rustc_hash::FxHashMap;

use super::decode::{Read, each, integers};
use super::wire::{Part, Value};
use crate::source::Position;

/// One place, with the comments that the compiler attached to it, their marks taken off.
#[derive(Debug)]
pub(crate) struct Location<'a> {
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// Whether it is that of the whole file.
    pub(crate) is_file: bool,
    pub(crate) leading: &'a str,
    pub(crate) trailing: &'a str,
    /// Those above the leading one, with a blank line in between.
    pub(crate) detached: Vec<&'a str>,
}

/// The places of a file, in the order of the set.
#[derive(Debug, Default)]
pub(crate) struct Locations<'a> {
    all: Vec<Location<'a>>,
    /// The first of each path.
    by_path: FxHashMap<Vec<i32>, usize>,
}

impl<'a> Locations<'a> {
    /// Decodes a `SourceCodeInfo`. A place that is none is left out.
    pub(crate) fn decode(parts: &[Part<'a>]) -> Read<Locations<'a>> {
        let mut locations = Locations::default();
        for part in parts {
            each(*part, |number, value| {
                if let (1, Value::Bytes(part)) = (number, value)
                    && let Some((path, location)) = location(part)?
                {
                    locations.by_path.entry(path).or_insert(locations.all.len());
                    locations.all.push(location);
                }
                Ok(())
            })?;
        }
        Ok(locations)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Location<'a>> {
        self.all.iter()
    }

    /// The index of the first place of a path.
    pub(crate) fn find(&self, path: &[i32]) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    pub(crate) fn get(&self, index: usize) -> &Location<'a> {
        &self.all[index]
    }
}

fn location(part: Part<'_>) -> Read<Option<(Vec<i32>, Location<'_>)>> {
    let (mut path, mut span) = (Vec::new(), Vec::new());
    let (mut leading, mut trailing, mut detached) = ("", "", Vec::new());
    each(part, |number, value| {
        match (number, value) {
            (1, value) => integers(value, &mut path)?,
            (2, value) => integers(value, &mut span)?,
            (3, Value::Bytes(part)) => leading = comment(part),
            (4, Value::Bytes(part)) => trailing = comment(part),
            (6, Value::Bytes(part)) => detached.push(comment(part)),
            _ => {}
        }
        Ok(())
    })?;
    let (start, end) = match span[..] {
        [line, column, end] => (position(line, column), position(line, end)),
        [line, column, last, end] => (position(line, column), position(last, end)),
        _ => return Ok(None),
    };
    let (Some(start), Some(end)) = (start, end) else { return Ok(None) };
    let path: Vec<i32> = path.into_iter().map(|step| i32::try_from(step).unwrap_or(-1)).collect();
    let is_file = path.is_empty();
    Ok(Some((path, Location { start, end: end.max(start), is_file, leading, trailing, detached })))
}

/// A comment; what is no UTF-8 says nothing.
fn comment(part: Part<'_>) -> &str {
    std::str::from_utf8(part.bytes).unwrap_or_default()
}

/// From 0-based numbers.
fn position(line: i64, column: i64) -> Option<Position> {
    let one_based = |number: i64| u32::try_from(number).ok().map(|number| number.saturating_add(1));
    Some(Position { line: one_based(line)?, column: one_based(column)? })
}
