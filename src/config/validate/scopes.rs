//! What `scopes` means: sections that hold for some files instead of those for all.

use super::own::DeclaredIn;
use super::sections::{SCOPE, SECTIONS};
use super::{breaking, check, own, patterns};
use crate::config::model::{Config, MAX_SCOPES, Scope};
use crate::config::own::OwnRules;
use crate::config::raw::{Entry, Value};
use crate::config::reader::Reader;

const EXAMPLE: &str = "- {paths: [legacy], check: {use: [MINIMAL]}}";

/// Adds the rules of one's own that scopes declare. What else is wrong with scopes is not reported here.
pub(super) fn rules(reader: &mut Reader, entry: &Entry, text: &str, own: &mut OwnRules) {
    let Value::List(items) = &entry.value.value else { return };
    for (at, item) in items.iter().take(MAX_SCOPES).enumerate() {
        let Value::Mapping(fields) = &item.value else { continue };
        let is_rules = |field: &&Entry| matches!(&field.key.value, Value::Text(key) if key == "rules");
        if let Some(entry) = fields.iter().find(is_rules) {
            own::rules(reader, entry, &DeclaredIn { text, path: "", scope: Some(at) }, own);
        }
    }
}

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
        let check = fields.get("check").map(|entry| check::check(reader, entry, (config.check.sets, &config.own)));
        let breaking =
            fields.get("breaking").map(|entry| breaking::breaking(reader, entry, (config.breaking.sets, &config.own)));
        scopes.push(Scope { paths, places, check, breaking });
    }
    scopes
}
