//! What `scopes` means: sections that hold for some files instead of those for all.

use super::sections::{SCOPE, SECTIONS};
use super::{breaking, check, patterns};
use crate::config::model::{Config, MAX_SCOPES, Scope};
use crate::config::raw::{Entry, Value};
use crate::config::reader::Reader;

const EXAMPLE: &str = "- {paths: [legacy], check: {use: [MINIMAL]}}";

/// The scopes.
pub(super) fn scopes(reader: &mut Reader, entry: &Entry, config: &Config) -> Vec<Scope> {
    let Value::List(items) = &entry.value.value else {
        reader.wrong(entry, "a list of scopes", EXAMPLE);
        return Vec::new();
    };
    if items.len() > MAX_SCOPES {
        let message = format!("too many scopes: {}, at most {MAX_SCOPES} are supported", items.len());
        reader.fault(entry.key.span, message, "use patterns that match more files");
        return Vec::new();
    }
    let mut scopes = Vec::new();
    for item in items {
        let fields = reader.fields(item, item.span, &SECTIONS[SCOPE], &SECTIONS);
        let Some(named) = fields.get("paths") else {
            reader.fault(item.span, "a scope needs `paths`", EXAMPLE);
            continue;
        };
        let (paths, places) = patterns::paths(reader, named);
        if paths.is_empty() && matches!(&named.value.value, Value::List(items) if items.is_empty()) {
            reader.fault(named.key.span, "`paths` is empty, so the scope applies to no file", EXAMPLE);
        }
        let check = fields.get("check").map(|entry| check::check(reader, entry, config.check.sets));
        let breaking = fields.get("breaking").map(|entry| breaking::breaking(reader, entry, config.breaking.sets));
        scopes.push(Scope { paths, places, check, breaking });
    }
    scopes
}
