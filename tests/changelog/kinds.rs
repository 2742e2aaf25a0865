//! Kinds of changes and their mirrors: what one direction says, the other says the other way round.

use std::collections::{BTreeMap, BTreeSet};

use protolint::{ChangeKind, Entry};
use rayon::prelude::*;

use super::laws::{changelog, pairs};

/// What a change is, seen from the later state.
const MIRRORS: [(ChangeKind, ChangeKind); 5] = [
    (ChangeKind::Added, ChangeKind::Deleted),
    (ChangeKind::Deleted, ChangeKind::Added),
    (ChangeKind::Changed, ChangeKind::Changed),
    // Who takes a deprecation back changes an option.
    (ChangeKind::Deprecated, ChangeKind::Changed),
    (ChangeKind::Documented, ChangeKind::Documented),
];

/// Kinds without a mirror, each with the reason.
const WAIVED: [(&str, &str); 1] = [(
    "changed (only in what it means)",
    "no property differs, so that only a finding says it, and what breaks in one direction may not break in the other",
)];

/// A part of a change, so that the other direction has the same part: the kind of change, the kind of element, its names
/// before and after, and the property with both values.
type Part = (String, String, [Option<String>; 2], String, [Option<String>; 2]);

fn parts(entry: &Entry) -> Vec<Part> {
    let (kind, now) = (entry.kind.name().to_owned(), entry.symbol.clone());
    let former = entry.former_symbol.clone().unwrap_or_else(|| now.clone());
    match entry.change {
        ChangeKind::Added => {
            vec![("added".to_owned(), kind, [None, Some(now)], String::new(), [None, entry.after.clone()])]
        }
        ChangeKind::Deleted => {
            vec![("deleted".to_owned(), kind, [Some(now), None], String::new(), [entry.before.clone(), None])]
        }
        _ if entry.details.is_empty() => {
            vec![(WAIVED[0].0.to_owned(), kind, [Some(former), Some(now)], String::new(), [None, None])]
        }
        change => entry
            .details
            .iter()
            .map(|detail| {
                let values = [detail.before.clone(), detail.after.clone()];
                let names = [Some(former.clone()), Some(now.clone())];
                (change.name().to_owned(), kind.clone(), names, detail.property.clone(), values)
            })
            .collect(),
    }
}

/// The same part, seen from the other side; a deprecation and the option that it is are one.
fn turned((change, kind, [before, after], property, [old, new]): Part) -> Part {
    let (_, mirror) =
        MIRRORS.iter().find(|(known, _)| known.name() == change).unwrap_or_else(|| panic!("no mirror of `{change}`"));
    (mirror.name().to_owned(), kind, [after, before], property, [new, old])
}

fn plain((change, kind, names, property, values): Part) -> Part {
    let change = if change == "deprecated" { "changed".to_owned() } else { change };
    (change, kind, names, property, values)
}

/// What a part is an example of.
fn kind_of((change, kind, _, property, _): &Part) -> String {
    let property = if property.starts_with("option ") { "option" } else { property };
    format!("{change} {kind} {property}").trim_end().to_owned()
}

#[test]
fn changes_mirror_those_of_the_other_direction() {
    let is_waived = |part: &Part| WAIVED.iter().any(|(kind, _)| *kind == part.0);
    let found: Vec<(Vec<Part>, String)> = pairs()
        .into_par_iter()
        .map(|(name, before, after)| {
            let of = |before, after| -> BTreeSet<Part> {
                let entries = changelog(before, after).entries;
                entries.iter().flat_map(parts).filter(|part| !is_waived(part)).collect()
            };
            let (there, back) = (of(&before, &after), of(&after, &before));
            let mirrored: BTreeSet<Part> = back.into_iter().map(turned).map(plain).collect();
            let plainly: BTreeSet<Part> = there.iter().cloned().map(plain).collect();
            let mut fault = String::new();
            for part in plainly.symmetric_difference(&mirrored) {
                fault += &format!("{name}: {part:?}\n");
            }
            (there.into_iter().collect(), fault)
        })
        .collect();
    let faults: String = found.iter().map(|(_, fault)| fault.as_str()).collect();
    assert!(faults.is_empty(), "\n{faults}");
    // Every kind that is there has a mirror that was seen.
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for part in found.into_iter().flat_map(|(parts, _)| parts) {
        seen.insert(kind_of(&part), kind_of(&turned(part)));
    }
    let lonely: Vec<&String> =
        seen.iter().filter(|(_, mirror)| !seen.contains_key(*mirror)).map(|(kind, _)| kind).collect();
    assert!(lonely.is_empty(), "without a mirror: {lonely:?}");
    let missing: Vec<&&str> = KINDS.iter().filter(|kind| !seen.contains_key(**kind)).collect();
    let unknown: Vec<&String> = seen.keys().filter(|kind| !KINDS.contains(&kind.as_str())).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "not seen: {missing:#?}\nnot in the list: {unknown:#?}");
}

/// Every kind of change there is.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "added enum",
    "added enum_value",
    "added extension",
    "added field",
    "added file",
    "added message",
    "added oneof",
    "added package",
    "added rpc",
    "added service",
    "changed enum closed",
    "changed enum file",
    "changed enum first_value",
    "changed enum option",
    "changed enum reserved",
    "changed enum reserved_name",
    "changed enum visibility",
    "changed enum_value name",
    "changed enum_value number",
    "changed enum_value option",
    "changed extension default",
    "changed extension file",
    "changed extension in",
    "changed extension name",
    "changed extension option",
    "changed extension presence",
    "changed extension type",
    "changed field default",
    "changed field encoding",
    "changed field json_name",
    "changed field name",
    "changed field number",
    "changed field oneof",
    "changed field option",
    "changed field presence",
    "changed field type",
    "changed file import",
    "changed file option",
    "changed file package",
    "changed file path",
    "changed file syntax",
    "changed message extensions",
    "changed message file",
    "changed message option",
    "changed message reserved",
    "changed message reserved_name",
    "changed message visibility",
    "changed oneof option",
    "changed rpc option",
    "changed rpc request",
    "changed rpc request_stream",
    "changed rpc response",
    "changed rpc response_stream",
    "changed service file",
    "changed service option",
    "deleted enum",
    "deleted enum_value",
    "deleted extension",
    "deleted field",
    "deleted file",
    "deleted message",
    "deleted oneof",
    "deleted package",
    "deleted rpc",
    "deleted service",
    "deprecated enum option",
    "deprecated enum_value option",
    "deprecated extension option",
    "deprecated field option",
    "deprecated file option",
    "deprecated message option",
    "deprecated rpc option",
    "deprecated service option",
    "documented enum comment",
    "documented enum_value comment",
    "documented extension comment",
    "documented field comment",
    "documented message comment",
    "documented oneof comment",
    "documented rpc comment",
    "documented service comment",
];
