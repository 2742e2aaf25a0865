//! What the `history` section means.

use super::sections::{HISTORY, SECTIONS};
use super::{options, patterns};
use crate::config::history::{HistoryConfig, HistoryIgnore};
use crate::config::raw::Entry;
use crate::config::reader::{Reader, Word};

pub(super) fn history(reader: &mut Reader, entry: &Entry) -> HistoryConfig {
    let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[HISTORY], &SECTIONS);
    let mut history = HistoryConfig::default();
    if let Some(entry) = fields.get("tags") {
        let words = reader.word_or_words(entry);
        history.tags = patterns::compiled(reader, entry, words, "`v*` matches all tags that start with v").0;
    }
    if let Some(word) = fields.get("since").and_then(|entry| reader.word(entry)) {
        if word.text.is_empty() {
            reader.fault(word.span, "`since` is empty", "name a release, such as v1.0.0, or remove the key");
        }
        history.since = Some(word.text);
    }
    if let Some(entry) = fields.get("ignore") {
        history.ignore = ignore(reader, entry);
    }
    history
}

/// Paths contain a `/` or end as files do; all else are full names, which have neither.
fn ignore(reader: &mut Reader, entry: &Entry) -> HistoryIgnore {
    let is_path = |word: &Word| word.text.contains('/') || word.text.ends_with(".proto");
    let (paths, names): (Vec<Word>, Vec<Word>) = reader.words(entry).into_iter().partition(is_path);
    let help = "write a full name, such as acme.internal.**, or a path, such as legacy/**";
    HistoryIgnore {
        names: options::patterns_of(reader, names, help),
        paths: patterns::compiled(reader, entry, paths, help).0,
    }
}
