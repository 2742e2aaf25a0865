//! Turns fixes into new texts, tried in memory before anything is written. It leaves to its callers which fixes are
//! wanted.

mod diff;
mod formatted;

mod names;
mod new_name;
mod objection;
pub(crate) mod published;
mod quoted;
mod rename;
mod reserve;
mod same;
mod session;
#[cfg(test)]
mod tests;
pub(crate) mod unreserved;
mod write;

pub(crate) use diff::{line_edits, unified};
pub use formatted::{DamagedFile, FormattedFiles};
use names::Names;
pub(crate) use new_name::rename;
use rename::{Rename, edits as rename_edits};
pub use reserve::Reserved;
use same::means_the_same;
pub(crate) use session::Only;
pub use session::{FixSession, Fixes, Skipped};
pub use write::{TextEdit, differences, write_texts};

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Edit;
use crate::source::{FileId, Sources};

/// The texts that edits make, where none meets another; those that meet one before them are left.
pub(crate) fn edited_texts(edits: &[Edit], sources: &Sources) -> BTreeMap<FileId, String> {
    let mut changes = Changes::default();
    for edit in edits {
        changes.add(std::slice::from_ref(edit));
    }
    changes.texts(sources)
}

/// Edits that can be made together.
#[derive(Default)]
struct Changes {
    edits: BTreeSet<Edit>,
    /// Where each edit starts, with where it ends.
    taken: BTreeMap<(FileId, u32), u32>,
}

impl Changes {
    /// Takes the edits of one fix in, all or none: none where one of them meets another fix's. Edits that are there
    /// already are no hindrance, nor is what is inserted at the same place.
    fn add(&mut self, edits: &[Edit]) -> bool {
        let is_new = |edit: &&Edit| !self.edits.contains(*edit);
        let new: Vec<&Edit> = edits.iter().filter(is_new).collect();
        if new.iter().any(|edit| self.meets_another(edit)) {
            return false;
        }
        for edit in new {
            self.taken.insert((edit.place.file, edit.place.span.start), edit.place.span.end);
            self.edits.insert(edit.clone());
        }
        true
    }

    fn meets_another(&self, edit: &Edit) -> bool {
        let (file, span) = (edit.place.file, edit.place.span);
        let is_insertion = |start: u32, end: u32| start == end;
        let meets = |(&(of, start), &end): (&(FileId, u32), &u32)| {
            let both_insert = start == span.start && is_insertion(start, end) && is_insertion(span.start, span.end);
            of == file && !both_insert && (start == span.start || (start < span.end && span.start < end))
        };
        let before = self.taken.range(..=(file, span.start)).next_back();
        before.is_some_and(meets) || self.taken.range((file, span.start)..).next().is_some_and(meets)
    }

    /// The new texts.
    fn texts(&self, sources: &Sources) -> BTreeMap<FileId, String> {
        let mut texts: BTreeMap<FileId, (String, usize)> = BTreeMap::new();
        for edit in &self.edits {
            let old = sources.get(edit.place.file).text();
            let (text, done) = texts.entry(edit.place.file).or_default();
            let range = edit.place.span.range();
            text.push_str(old.get(*done..range.start).unwrap_or_default());
            match line_end(old) {
                "\n" => text.push_str(&edit.text),
                end => text.push_str(&edit.text.replace('\n', end)),
            }
            *done = range.end;
        }
        let finish = |(file, (mut text, done)): (FileId, (String, usize))| {
            text.push_str(sources.get(file).text().get(done..).unwrap_or_default());
            (file, text)
        };
        texts.into_iter().map(finish).collect()
    }
}

/// What ends the first line of a text.
pub(crate) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
