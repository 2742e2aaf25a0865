//! Rules of a message: its `oneof` entries and its CEL expressions. It must not know of field rules.

use std::collections::{BTreeMap, HashSet};

use prost_reflect::MessageDescriptor;

use super::expressions;
use super::lookup::{View, index_i32};
use super::report::Reporter;

pub(super) fn check(message: &MessageDescriptor, rules: View<'_>, out: &mut Reporter<'_>) {
    check_oneofs(message, rules, out);
    expressions::check_message(message, rules, out);
}

fn check_oneofs(message: &MessageDescriptor, rules: View<'_>, out: &mut Reporter<'_>) {
    let (number, entries) = rules.list("oneof");
    let mut entries_by_field: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = entry.as_message() else {
            continue;
        };
        let index = index_i32(index);
        for field in check_entry(message, View(entry), &[number, index], out) {
            entries_by_field.entry(field).or_default().push(index);
        }
    }
    for (field, indexes) in entries_by_field.into_iter().filter(|(_, indexes)| indexes.len() > 1) {
        let text = format!("the field `{field}` is in {} `oneof` entries of `{}`", indexes.len(), message.name());
        indexes.iter().for_each(|index| out.report(&[number, *index], text.clone()));
    }
}

/// Checks one entry and returns the fields it rightly names.
fn check_entry(message: &MessageDescriptor, entry: View<'_>, path: &[i32], out: &mut Reporter<'_>) -> Vec<String> {
    let (number, fields) = entry.strings("fields");
    if fields.is_empty() {
        out.report(path, format!("a `oneof` entry of `{}` names no field", message.name()));
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut known = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let problem = if !seen.insert(field) {
            format!("a `oneof` entry of `{}` names the field `{field}` twice", message.name())
        } else if message.get_field_by_name(field).is_none() {
            format!("a `oneof` entry of `{}` names `{field}`, which is not one of its fields", message.name())
        } else {
            known.push(field.clone());
            continue;
        };
        out.report(&[path, &[number, index_i32(index)]].concat(), problem);
    }
    known
}
