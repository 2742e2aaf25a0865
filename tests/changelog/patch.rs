//! A changelog as a patch: taken to the facts of the earlier descriptors, it gives those of the later ones.

use std::collections::{BTreeMap, BTreeSet};

use protolint::{ChangeKind, Detail, Entry};

use super::facts::Fact;

/// What things are called now.
struct Renames {
    /// By the kind and the earlier name of an element.
    exact: BTreeMap<(String, String), String>,
    /// Types and services, with all that is named after them.
    scopes: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl Renames {
    fn new(facts: &BTreeSet<Fact>, entries: &[Entry]) -> Renames {
        let mut renames = Renames { exact: BTreeMap::new(), scopes: BTreeMap::new(), files: BTreeMap::new() };
        let moved: BTreeSet<&str> = entries
            .iter()
            .filter(|entry| entry.details.iter().any(|detail| detail.property == "file"))
            .map(|entry| entry.former_symbol.as_deref().unwrap_or(&entry.symbol))
            .collect();
        let in_files = |file: &str| -> Vec<&String> {
            facts.iter().filter(|fact| fact.2 == "file" && fact.3 == file).map(|fact| &fact.1).collect()
        };
        for entry in entries.iter().filter(|entry| entry.change == ChangeKind::Changed) {
            let (kind, former) = (entry.kind.name(), entry.former_symbol.as_deref());
            match (kind, former) {
                ("file", Some(former)) => drop(renames.files.insert(former.to_owned(), entry.symbol.clone())),
                ("message" | "enum" | "service", Some(former)) => {
                    renames.scopes.insert(former.to_owned(), entry.symbol.clone());
                }
                (kind, Some(former)) => {
                    renames.exact.insert((kind.to_owned(), former.to_owned()), entry.symbol.clone());
                }
                _ => {}
            }
            let package = entry.details.iter().find(|detail| kind == "file" && detail.property == "package");
            let Some((before, after)) = package.and_then(|package| package.before.as_ref().zip(package.after.as_ref()))
            else {
                continue;
            };
            for symbol in in_files(former.unwrap_or(&entry.symbol)) {
                if !moved.contains(symbol.as_str()) {
                    let nested = symbol.strip_prefix(before.as_str()).unwrap_or(symbol).trim_start_matches('.');
                    let now = if after.is_empty() { nested.to_owned() } else { format!("{after}.{nested}") };
                    renames.scopes.insert(symbol.clone(), now);
                }
            }
        }
        renames
    }

    fn scoped(&self, name: &str) -> String {
        let outer = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let mut found = outer.filter_map(|end| Some((end, self.scopes.get(&name[..end])?)));
        found.next_back().map_or_else(|| name.to_owned(), |(end, now)| format!("{now}{}", &name[end..]))
    }

    fn symbol(&self, kind: &str, name: &str) -> String {
        if let Some(now) = self.exact.get(&(kind.to_owned(), name.to_owned())) {
            return now.clone();
        }
        match kind {
            "file" => self.files.get(name).cloned().unwrap_or_else(|| name.to_owned()),
            _ => self.scoped(name),
        }
    }

    fn value(&self, property: &str, value: &str) -> String {
        match property {
            "file" => self.files.get(value).cloned().unwrap_or_else(|| value.to_owned()),
            "in" | "type" | "extendee" | "request" | "response" => match value.strip_prefix("map<") {
                Some(map) => {
                    let (key, held) = map.trim_end_matches('>').split_once(", ").unwrap();
                    format!("map<{key}, {}>", self.scoped(held))
                }
                None => self.scoped(value),
            },
            _ => value.to_owned(),
        }
    }
}

/// The options of extension ranges, which descriptors without their types do not show.
fn plain(property: &str, value: &str) -> String {
    let plain = if property == "extensions" { value.split(" [").next().unwrap() } else { value };
    plain.to_owned()
}

/// The facts after all changes.
pub(crate) fn applied(facts: &BTreeSet<Fact>, entries: &[Entry]) -> Result<BTreeSet<Fact>, String> {
    let renames = Renames::new(facts, entries);
    let fact = |detail: &Detail, value: &str| -> Fact {
        let value = plain(&detail.property, value);
        (detail.kind.name().to_owned(), detail.symbol.clone(), detail.property.clone(), value)
    };
    let details = |wanted: ChangeKind| {
        let entries = entries.iter().filter(move |entry| entry.change == wanted);
        entries.flat_map(|entry| &entry.details).filter(|detail| !matches!(detail.property.as_str(), "name" | "path"))
    };
    let mut facts = facts.clone();
    for detail in details(ChangeKind::Deleted) {
        let gone = fact(detail, detail.before.as_ref().unwrap());
        if !facts.remove(&gone) {
            return Err(format!("deletes {gone:?}, which is not there"));
        }
    }
    let rename = |(kind, symbol, property, value): Fact| {
        let (symbol, value) = (renames.symbol(&kind, &symbol), renames.value(&property, &value));
        (kind, symbol, property, value)
    };
    let mut facts: BTreeSet<Fact> = facts.into_iter().map(rename).collect();
    let changed = || details(ChangeKind::Changed).chain(details(ChangeKind::Deprecated));
    for detail in changed() {
        if let Some(before) = &detail.before {
            let gone = fact(detail, &renames.value(&detail.property, before));
            if !facts.remove(&gone) {
                return Err(format!("changes {gone:?}, which is not there"));
            }
        }
    }
    for detail in changed().chain(details(ChangeKind::Added)) {
        if let Some(after) = &detail.after {
            let new = fact(detail, after);
            if !facts.insert(new.clone()) {
                return Err(format!("adds {new:?}, which is there"));
            }
        }
    }
    Ok(facts)
}
