//! What `scopes` means: sections that hold for some files instead of those for all.

use super::{SCOPE, SECTIONS, breaking, check, patterns};
use crate::config::raw::{Entry, Value};
use crate::config::reader::Reader;
use crate::config::{Config, Scope};

const EXAMPLE: &str = "- {paths: [legacy], check: {use: [MINIMAL]}}";

/// The scopes; where one has no section of a kind, that for all holds.
pub(super) fn scopes(reader: &mut Reader, entry: &Entry, config: &Config) -> Vec<Scope> {
    let Value::List(items) = &entry.value.value else {
        reader.wrong(entry, "a list of scopes", EXAMPLE);
        return Vec::new();
    };
    let mut scopes = Vec::new();
    for item in items {
        let fields = reader.fields(item, item.span, &SECTIONS[SCOPE], &SECTIONS);
        let Some(named) = fields.get("paths") else {
            reader.fault(item.span, "a scope needs `paths`", EXAMPLE);
            continue;
        };
        let (paths, places) = patterns::paths(reader, named);
        if paths.is_empty() && matches!(&named.value.value, Value::List(items) if items.is_empty()) {
            reader.fault(named.key.span, "`paths` is empty, so the scope is for no file", EXAMPLE);
        }
        let (mut own, mut changes) = (config.check.clone(), config.breaking.clone());
        if let Some(entry) = fields.get("check") {
            own = check(reader, entry, config.check.sets);
        }
        if let Some(entry) = fields.get("breaking") {
            changes = breaking::breaking(reader, entry, config.breaking.sets);
        }
        scopes.push(Scope { paths, places, check: own, breaking: changes });
    }
    scopes
}
