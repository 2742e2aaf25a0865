//! One file of buf that is being read: where it stands, what is wrong with it, what of it has no effect here, and the
//! paths in it.

use crate::config::buf_version::BufVersion;
use crate::config::model::Note;
use crate::config::reader::{Reader, Word};
use crate::source::{FileId, Place, Span};

/// A path below the configuration's directory, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub(super) path: String,
    pub(super) place: Place,
}

/// Reads one file, gathering faults and notes.
pub(super) struct Source {
    pub(super) reader: Reader,
    pub(super) notes: Vec<Note>,
    pub(super) version: BufVersion,
    /// The directory that its paths count from, below that of the configuration; `.` for that itself.
    pub(super) base: String,
    /// Whether plugins are named, whose rules are not known here.
    pub(super) has_plugins: bool,
}

impl Source {
    pub(super) fn new(file: FileId, base: &str) -> Source {
        let reader = Reader { file, findings: Vec::new() };
        let base = base.to_owned();
        Source { reader, notes: Vec::new(), version: BufVersion::V2, base, has_plugins: false }
    }

    pub(super) fn note(&mut self, span: Span, text: impl Into<String>) {
        self.notes.push(Note { place: self.reader.place(span), text: text.into() });
    }

    pub(super) fn located(&self, path: String, word: &Word) -> Located {
        Located { path, place: self.reader.place(word.span) }
    }

    /// A path as written, below the configuration's directory; reports one that leads nowhere.
    pub(super) fn path(&mut self, word: &Word, from: &str) -> Option<String> {
        let mut parts: Vec<&str> = from.split('/').filter(|part| *part != ".").collect();
        let own = parts.len();
        if word.text.starts_with('/') || word.text.contains('\\') || word.text.is_empty() {
            let help = "write a path relative to this file, with `/` between directories";
            self.reader.fault(word.span, format!("`{word}` is not a relative path"), help);
            return None;
        }
        for part in word.text.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.len() > own => drop(parts.pop()),
                ".." => {
                    let message = format!("`{word}` leads out of its base directory");
                    self.reader.fault(word.span, message, "use a path in that directory");
                    return None;
                }
                _ => parts.push(part),
            }
        }
        Some(joined(&parts))
    }
}

fn joined(parts: &[&str]) -> String {
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// Whether `path` is `directory` or below it.
pub(super) fn is_within(path: &str, directory: &str) -> bool {
    directory == "." || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
