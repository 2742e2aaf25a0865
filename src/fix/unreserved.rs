//! What was released in messages and enums that are still there, is gone from them and is not reserved: finds it, and
//! reserves it.

use std::path::Path;

use super::{Changes, Reserved, TextEdit};
use crate::history::{ContainerKind, History, Key};
use crate::project::Project;
use crate::rules::breaking::Body;
use crate::schema::{self, Element};
use crate::source::SourceFile;
use crate::syntax;

/// What is to be reserved.
pub(crate) struct Unreserved<'h>(Vec<Gone<'h>>);

/// An element that is gone from a message or an enum.
struct Gone<'h> {
    /// The indices of its container and its slot.
    place: (usize, usize),
    body: Body<'h>,
    /// Its number, where that is not reserved.
    number: Option<i32>,
    /// Those of its names that are not reserved.
    names: Vec<&'h str>,
}

impl Project {
    /// Compares what is here with what releases had. `relative` is the path of a file as the history has it.
    pub(crate) fn unreserved<'h>(
        &'h self,
        history: &'h History,
        relative: impl Fn(&Path) -> Option<String>,
    ) -> Unreserved<'h> {
        let mut found = Unreserved(Vec::new());
        for file in self.loaded.schema.files().filter(|file| file.is_target()) {
            let source = file.source();
            let Some(absolute) = source.and_then(|source| self.loaded.absolute.get(source.index())) else { continue };
            let path = relative(absolute);
            let messages = file.all_messages().filter(|message| !message.is_map_entry()).map(Body::Message);
            for body in messages.chain(file.all_enums().map(Body::Enum)) {
                found.add(history, body, path.as_deref());
            }
        }
        found.0.sort_by_key(|gone| gone.place);
        found
    }

    /// Reserves it in memory.
    pub(crate) fn reserve(&self, unreserved: &Unreserved<'_>) -> Reserved {
        let (mut changes, mut reserved) = (Changes::default(), Reserved::default());
        for gone in unreserved.0.chunk_by(|one, other| one.place.0 == other.place.0) {
            let body = gone[0].body;
            let numbers: Vec<i32> = gone.iter().filter_map(|gone| gone.number).collect();
            let mut names: Vec<&str> = Vec::new();
            for name in gone.iter().flat_map(|gone| &gone.names) {
                if !names.contains(name) {
                    names.push(name);
                }
            }
            let Some(source) = body.element().file().source() else { continue };
            let tree = syntax::parse(self.sources.get(source).text());
            if let Some(edit) = body.reserve(&numbers, &names, &tree) {
                reserved.fixed += if changes.add(std::slice::from_ref(&edit)) { gone.len() } else { 0 };
            }
        }
        for (file, new) in changes.texts(&self.sources) {
            let old = self.sources.get(file);
            let (_, faults) = schema::parse(&SourceFile::new(old.path().to_owned(), new.clone()));
            let path = self.loaded.absolute.get(file.index()).filter(|path| path.is_file());
            if let Some(path) = path.filter(|_| faults.is_empty()) {
                let (path, shown) = (path.clone(), old.path().to_owned());
                reserved.texts.push(TextEdit { path, shown, old: old.text().to_owned(), new });
            }
        }
        reserved
    }
}

impl<'h> Unreserved<'h> {
    /// Adds what releases had in a message or an enum, and what it neither has nor reserves.
    fn add(&mut self, history: &'h History, body: Body<'h>, path: Option<&str>) {
        let (kind, name) = match body.element() {
            Element::Enum(enumeration) => (ContainerKind::Enum, enumeration.full_name()),
            Element::Message(message) => (ContainerKind::Message, message.full_name()),
            _ => return,
        };
        let Some(at) = history.index_of(kind, name, path) else { return };
        for (slot_at, slot) in history.containers[at].slots.iter().enumerate() {
            let Key::Number(number) = slot.key else { continue };
            let is_gone = slot.lives.last().is_some_and(|life| life.last < history.present());
            let number = Some(number).filter(|number| !body.has_number(*number));
            let names = slot.lives.iter().map(|life| &*life.name);
            let names: Vec<&str> = names.filter(|name| !body.has_name(name)).collect();
            if is_gone && (number.is_some() || !names.is_empty()) {
                self.0.push(Gone { place: (at, slot_at), body, number, names });
            }
        }
    }

    /// Keeps those in some places.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&(usize, usize)) -> bool) {
        self.0.retain(|gone| is_kept(&gone.place));
    }

    /// The elements that are gone, by the indices of container and slot.
    pub(crate) fn places(&self) -> Vec<(usize, usize)> {
        self.0.iter().map(|gone| gone.place).collect()
    }
}
