//! From what was read of one file to the compact [`FileData`]: from the tree of a text, from the descriptors that are built
//! in, and from descriptor sets. This file holds what all share.

pub(super) mod descriptor;
pub(super) mod descriptor_set;
pub(super) mod tree;
mod values;

use super::data::{FileData, Run, Text};
use crate::syntax::Fault;

/// The most bytes of a full name: protoc's `descriptor.cc` keeps the length in 16 bits.
const MAX_NAME: usize = u16::MAX as usize;

/// The most bytes that the full names of a file may repeat of what encloses them.
const MAX_REPEATED: usize = 1 << 27;

/// The most dots in the name of a package: `kPackageLimit` of protoc's `descriptor.cc`.
const MAX_PACKAGE_DOTS: usize = 100;

/// The largest number of a field.
const MAX_NUMBER: i32 = (1 << 29) - 1;

struct Lowering {
    data: FileData,
    /// How many bytes full names repeated so far.
    repeated: usize,
    /// What is wrong with what was read, in no particular order.
    faults: Vec<Fault>,
}

/// A run at the end of an arena that `count` elements are about to be pushed to.
fn run_at<T>(arena: &[T], count: usize) -> Run {
    Run { start: index(arena.len()), len: index(count) }
}

fn index(count: usize) -> u32 {
    u32::try_from(count).expect("a file of at most 2 GiB has fewer than 2^32 elements")
}

impl Lowering {
    fn intern(&mut self, text: &str) -> Text {
        let start = index(self.data.strings.len());
        self.data.strings.push_str(text);
        Text { start, len: index(text.len()) }
    }

    /// The full name of an element called `name` in `scope`, which may be empty.
    fn full_name(&mut self, scope: Text, name: &str) -> Text {
        if scope.len as usize + name.len() >= MAX_NAME || self.repeated > MAX_REPEATED {
            self.data.has_long_names = true;
            return self.intern(name);
        }
        self.repeated += scope.len as usize;
        let start = index(self.data.strings.len());
        if scope.len > 0 {
            let scope = scope.start as usize..(scope.start + scope.len) as usize;
            self.data.strings.extend_from_within(scope);
            self.data.strings.push('.');
        }
        self.data.strings.push_str(name);
        Text { start, len: index(self.data.strings.len()) - start }
    }
}
