//! The names in brackets of option values in braces, `[ext.name]: …` and `[type.googleapis.com/some.Type] {…}`: what
//! they stand for depends on the message that holds them, so it is looked up when the value is read.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::files::Files;
use super::{Target, visible};
use crate::schema::data::FileIndex;

/// Extensions and messages that one file sees, by full name; made when the first value asks.
#[derive(Debug, Default)]
pub(crate) struct BracketNames(OnceLock<Names>);

#[derive(Debug)]
struct Names {
    extensions: FxHashMap<String, Target>,
    messages: FxHashMap<String, Target>,
}

impl BracketNames {
    /// The extension that `name` stands for in a value of the message `holder`, in an option of the file at `at`.
    pub(crate) fn extension(&self, at: FileIndex, files: Files<'_>, holder: &str, name: &str) -> Option<Target> {
        outwards(&self.names(at, files).extensions, holder, name)
    }

    /// The message that `name` stands for in a value of the message `holder`, in an option of the file at `at`.
    pub(crate) fn message(&self, at: FileIndex, files: Files<'_>, holder: &str, name: &str) -> Option<Target> {
        outwards(&self.names(at, files).messages, holder, name)
    }

    fn names(&self, at: FileIndex, files: Files<'_>) -> &Names {
        self.0.get_or_init(|| {
            let visible = visible::listed(at, files);
            let mut messages = FxHashMap::default();
            for &at in &visible {
                let file = files.data(at);
                for (index, message) in (0..).zip(&file.messages) {
                    messages.entry(file.text(message.full_name).to_owned()).or_insert(Target::Message(at, index));
                }
            }
            Names { extensions: visible::extensions(files, &visible), messages }
        })
    }
}

/// What `name` stands for in the innermost scope around `holder`; what is declared in `holder` itself is not looked at,
/// nor does protoc.
fn outwards(known: &FxHashMap<String, Target>, holder: &str, name: &str) -> Option<Target> {
    let mut here = holder;
    while let Some(dot) = here.rfind('.') {
        here = &here[..dot];
        if let Some(&found) = known.get(&format!("{here}.{name}")) {
            return Some(found);
        }
    }
    known.get(name).copied()
}
