//! The rules of both sides as values, which takes descriptors of a file and all that it imports. They are made where
//! something changed only, and kept for the next message of the same file.

use std::rc::Rc;

use prost_reflect::DescriptorPool;

use crate::rules::protovalidate::Rules;
use crate::schema::File;

/// The rules of a file, or why its options cannot be interpreted.
type OfFile = Result<Rc<Rules>, String>;

/// The rules of the file that was asked for last, with its index, of each side.
#[derive(Default)]
pub(crate) struct RuleSets {
    sides: [Option<(u32, OfFile)>; 2],
    /// The last file whose fault was reported.
    reported: Option<u32>,
}

impl RuleSets {
    /// The rules of a file of the earlier side.
    pub(super) fn before(&mut self, file: File<'_>) -> OfFile {
        get(&mut self.sides[0], file)
    }

    /// The rules of a file of the later side.
    pub(super) fn after(&mut self, file: File<'_>) -> OfFile {
        get(&mut self.sides[1], file)
    }

    /// Whether nothing was reported yet of a file whose options cannot be interpreted.
    pub(super) fn is_first_fault(&mut self, file: File<'_>) -> bool {
        self.reported.replace(file.index) != Some(file.index)
    }
}

fn get(known: &mut Option<(u32, OfFile)>, file: File<'_>) -> OfFile {
    match known {
        Some((index, rules)) if *index == file.index => rules.clone(),
        _ => known.insert((file.index, read(file))).1.clone(),
    }
}

fn read(file: File<'_>) -> OfFile {
    let mut pool = DescriptorPool::new();
    for reached in file.closure() {
        reached.add_to(&mut pool)?;
    }
    Ok(Rc::new(Rules::new(pool)))
}
