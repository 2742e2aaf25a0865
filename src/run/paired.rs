//! Counts what a comparison paired: whatever of the base is not among it is gone, and reported as that.

use std::fmt;

use crate::compare::pairing::{Comparison, RootPairs, own_files};
use crate::project::sides::Sides;
use crate::report::summary::grouped;
use crate::schema::{File, Schema};

/// How many messages, fields, enums, services and rpcs were compared. Files that are the same on both sides are not read
/// and do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paired {
    /// Those of the base.
    pub base: usize,
    /// Those of the later side.
    pub after: usize,
    /// Those of the base that the later side has too.
    pub paired: usize,
}

impl Sides {
    /// How much of both sides was compared; of several merge bases, with the first.
    pub fn paired(&self) -> Paired {
        let roots = RootPairs::new(&self.roots.later, self.roots.count);
        let comparison = Comparison::new(&self.before.schema, &self.after.schema, roots, true);
        let messages = comparison.messages.iter().filter(|pair| !pair.before.is_map_entry()).count();
        let fields = comparison.fields.iter().filter(|pair| !pair.before.is_in_map_entry()).count();
        let rest = comparison.enums.len() + comparison.services.len() + comparison.methods.len();
        let paired = messages + fields + rest;
        Paired { base: elements(&self.before.schema), after: elements(&self.after.schema), paired }
    }
}

fn elements(schema: &Schema) -> usize {
    let in_file = |file: File<'_>| {
        let messages = file.all_messages().filter(|message| !message.is_map_entry()).count();
        let fields = file.all_fields().filter(|field| !field.is_in_map_entry()).count();
        let services = file.services().map(|service| 1 + service.methods().len()).sum::<usize>();
        messages + fields + file.all_enums().count() + services
    };
    own_files(schema).map(in_file).sum()
}

impl fmt::Display for Paired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Paired { base, after, paired } = *self;
        let [gone, new] = [base, after].map(|count| grouped(count.saturating_sub(paired)));
        let paired = grouped(paired);
        write!(f, "paired {paired} messages, fields, enums, services and rpcs of changed files; {gone} gone, {new} new")
    }
}
