//! What a `buf.work.yaml` says: the directories of its modules.

use std::path::Path;

use super::document::version;
use super::source::{Located, Source};
use crate::config::files::WORKSPACE_FILE;
use crate::config::model::MAX_SCOPES;
use crate::config::raw::{self, Value};
use crate::config::reader::Section;
use crate::source::Span;

const SECTIONS: [Section; 1] = [Section { path: "", keys: &["version", "directories"] }];
const EXAMPLE: &str = "directories: [proto]";

/// The directories of the modules, below that of the file; nothing where the file is no workspace of v1.
pub(super) fn directories(source: &mut Source, path: &Path, text: &str) -> Option<Vec<Located>> {
    if path.file_name().is_none_or(|name| name != WORKSPACE_FILE) {
        return None;
    }
    let root = match raw::read(text) {
        Ok(root) => root,
        Err(fault) => {
            source.reader.fault(fault.span, fault.message, fault.help);
            return Some(Vec::new());
        }
    };
    if version(source, &root, "version: v1").is_none() {
        return Some(Vec::new());
    }
    let fields = source.reader.fields(&root, Span::new(0, 0), &SECTIONS[0], &SECTIONS);
    let Some(entry) = fields.get("directories") else {
        source.reader.fault(Span::new(0, 0), "`directories` is missing", EXAMPLE);
        return Some(Vec::new());
    };
    if matches!(&entry.value.value, Value::List(items) if items.is_empty()) {
        source.reader.fault(entry.key.span, "`directories` is empty", EXAMPLE);
    }
    if let Value::List(items) = &entry.value.value
        && items.len() > MAX_SCOPES
    {
        let message = format!("too many directories: {}, at most {MAX_SCOPES} are supported", items.len());
        source.reader.fault(entry.key.span, message, "split them into several files");
        return Some(Vec::new());
    }
    let mut found: Vec<Located> = Vec::new();
    for word in source.reader.words(entry) {
        let Some(path) = source.path(&word, ".") else { continue };
        if found.iter().any(|earlier| earlier.path == path) {
            source.reader.fault(word.span, format!("directory `{word}` is listed twice"), "remove one of them");
            continue;
        }
        found.push(source.located(path, &word));
    }
    Some(found)
}

/// Whether the workspace of a text has a module in a directory, which is given below its own.
pub(in crate::config) fn holds(text: &str, directory: &str) -> bool {
    let Ok(root) = raw::read(text) else { return false };
    let Value::Mapping(entries) = &root.value else { return false };
    let listed = entries.iter().filter(|entry| matches!(&entry.key.value, Value::Text(key) if key == "directories"));
    let items = listed.flat_map(|entry| match &entry.value.value {
        Value::List(items) => items.as_slice(),
        _ => &[],
    });
    items.into_iter().any(|item| {
        matches!(&item.value, Value::Text(path) if path.trim_start_matches("./").trim_end_matches('/') == directory)
    })
}
