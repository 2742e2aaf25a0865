//! The names in brackets of option values in braces, `[ext.name]: …` and `[type.googleapis.com/some.Type] {…}`: what
//! they stand for depends on the message that holds them, so it is looked up when the value is read.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Target, visible};
use crate::schema::element::{Field, File, Message};

/// Extensions and messages that a file sees, by full name; made when the first value asks.
#[derive(Debug, Default)]
pub(crate) struct Seen(OnceLock<Names>);

#[derive(Debug)]
struct Names {
    extensions: FxHashMap<String, Target>,
    messages: FxHashMap<String, Target>,
}

impl<'s> File<'s> {
    fn seen(self) -> &'s Names {
        self.links().seen.0.get_or_init(|| {
            let (files, places) = (&self.schema.files, &self.schema.places);
            let visible = visible::listed(self.index, files, places);
            let mut messages = FxHashMap::default();
            for &at in &visible {
                let file = &files[at as usize];
                for (index, message) in (0..).zip(&file.messages) {
                    messages.entry(file.text(message.full_name).to_owned()).or_insert(Target::Message(at, index));
                }
            }
            Names { extensions: visible::extensions(files, &visible), messages }
        })
    }

    /// The extension that `name` stands for in a value of `holder`.
    pub(crate) fn extension_in_braces(self, holder: Message<'_>, name: &str) -> Option<Field<'s>> {
        match outwards(&self.seen().extensions, holder.full_name(), name)? {
            Target::Extension(file, index) => Some(self.schema.file_at(file).field_at(index)),
            _ => None,
        }
    }

    /// The message that `name` stands for in a value of `holder`.
    pub(crate) fn message_in_braces(self, holder: Message<'_>, name: &str) -> Option<Message<'s>> {
        match outwards(&self.seen().messages, holder.full_name(), name)? {
            Target::Message(file, index) => Some(Message { file: self.schema.file_at(file), index }),
            _ => None,
        }
    }

    /// Whether all files that supply names were found; otherwise an unknown name proves nothing.
    pub(crate) fn sees_all(self) -> bool {
        !self.links().incomplete
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
