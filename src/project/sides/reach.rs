//! Which changes reach files that did not change, so that these have to be read too.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Sides;
use crate::config::select_alone;
use crate::finding::Layer;
use crate::project::load::Loaded;
use crate::project::settings::Settings;
use crate::schema::{Enum, FieldType};

impl Settings {
    /// Whether a change counts by the rpcs that carry it, and not by the bytes or the JSON that change.
    pub(super) fn looks_at_calls_alone(&self) -> bool {
        let layers = self.counting_layers();
        let has = |layer: Layer| layers.contains(&layer);
        has(Layer::Grpc) && !has(Layer::Wire) || has(Layer::Rest) && !has(Layer::Json)
    }

    /// The layers that select; none where rules do.
    fn counting_layers(&self) -> Vec<Layer> {
        let configured = || self.config.breaking.layers.clone().filter(|_| !select_alone(&self.rule_names.uses));
        if self.layers.is_empty() { configured().unwrap_or_default() } else { self.layers.clone() }
    }

    /// Whether what generated clients rely on may count: `source` is a layer here, or rules are selected.
    pub(super) fn may_look_at_source(&self) -> bool {
        let has_source = |layers: &Option<Vec<Layer>>| layers.as_ref().is_none_or(|all| all.contains(&Layer::Source));
        let sections = self.config.scopes.iter().map(|scope| self.config.breaking_in(scope));
        match self.layers.is_empty() {
            true => {
                !self.rule_names.uses.is_empty()
                    || sections.chain([&self.config.breaking]).any(|section| has_source(&section.layers))
            }
            false => self.layers.contains(&Layer::Source),
        }
    }
}

impl Sides {
    /// Whether a change reaches files that did not change, wherever they are: their fields read as the first value of a
    /// closed enum where they are not set, require one of its values, and their extensions are lost where a field holds
    /// another type than the one that they extend.
    pub(super) fn changes_other_files(&self) -> bool {
        let (before, after) = (closed_enums(&self.before), closed_enums(&self.after));
        let reaches = |old: &ClosedEnum, new: &ClosedEnum| {
            old.first != new.first || new.numbers.iter().any(|number| old.numbers.binary_search(number).is_err())
        };
        before.iter().any(|(name, old)| after.get(name).is_some_and(|new| reaches(old, new)))
            || extendable_fields(&self.before) != extendable_fields(&self.after)
    }

    /// Whether files that did not change say what became of a resource: another one may declare it, and which resource
    /// is the parent of which can be written anywhere.
    pub(super) fn changes_resources(&self) -> bool {
        let after = resource_patterns(&self.after);
        if resource_patterns(&self.before).iter().any(|old| !after.contains(old)) {
            return true;
        }
        let after = references(&self.after);
        let is_another = |(name, is_child): (String, bool)| match after.get(&name) {
            Some(now) => *now != is_child,
            None => is_child,
        };
        references(&self.before).into_iter().any(is_another)
    }
}

/// The patterns of resources by package and type; where there are none, the type alone.
fn resource_patterns(side: &Loaded) -> FxHashSet<(&str, &str, Option<&str>)> {
    let mut all = FxHashSet::default();
    for file in side.schema.files().filter(|file| file.is_target()) {
        let package = file.package().unwrap_or_default();
        for found in file.resources() {
            all.insert((package, found.kind, None));
            all.extend(found.patterns.iter().map(|(pattern, _)| (package, found.kind, Some(*pattern))));
        }
    }
    all
}

/// The fields that refer to resources, and whether each refers to the parent of one.
fn references(side: &Loaded) -> FxHashMap<String, bool> {
    let files = side.schema.files().filter(|file| file.is_target());
    let fields = files.flat_map(|file| file.all_fields());
    fields.filter_map(|field| Some((field.full_name(), field.resource_reference()?.is_child))).collect()
}

/// What files that did not change make of a closed enum.
struct ClosedEnum {
    first: Option<i32>,
    /// Sorted.
    numbers: Vec<i32>,
}

fn closed_enums(side: &Loaded) -> FxHashMap<&str, ClosedEnum> {
    let files = side.schema.files().filter(|file| file.is_target());
    let closed = files.flat_map(|file| file.all_enums()).filter(|enumeration| enumeration.is_closed());
    let read = |enumeration: Enum<'_>| {
        let mut numbers: Vec<i32> = enumeration.values().map(|value| value.number()).collect();
        let first = numbers.first().copied();
        numbers.sort_unstable();
        ClosedEnum { first, numbers }
    };
    closed.map(|enumeration| (enumeration.full_name(), read(enumeration))).collect()
}

/// The fields that hold messages which may be extended, and these.
fn extendable_fields(side: &Loaded) -> FxHashSet<(String, &str)> {
    let files = side.schema.files().filter(|file| file.is_target());
    let fields = files.flat_map(|file| file.all_fields());
    let extendable = fields.filter_map(|field| match field.field_type() {
        FieldType::Message(message) if message.extension_ranges().next().is_some() => {
            Some((field.full_name(), message.full_name()))
        }
        _ => None,
    });
    extendable.collect()
}
