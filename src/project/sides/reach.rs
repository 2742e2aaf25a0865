//! Which changes reach files that did not change, so that these have to be read too.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Sides;
use crate::config::{ALL, select_alone};
use crate::finding::Layer;
use crate::project::load::Loaded;
use crate::project::settings::Settings;
use crate::rules::{DEFAULT_LAYERS, Family};
use crate::schema::{Annotations, Element, Enum, Field, FieldType};

impl Settings {
    /// Whether a change counts by the rpcs that carry it, and not by the bytes or the JSON that change.
    pub(super) fn looks_at_calls_alone(&self) -> bool {
        let layers = self.counting_layers();
        let has = |layer: Layer| layers.contains(&layer);
        has(Layer::Grpc) && !has(Layer::Wire) || has(Layer::Rest) && !has(Layer::Json)
    }

    /// The layers that select; none where rules do.
    fn counting_layers(&self) -> Vec<Layer> {
        let configured =
            || self.config.breaking.layers.clone().filter(|_| !select_alone(&self.rule_names.uses, &self.config.own));
        if self.layers.is_empty() { configured().unwrap_or_default() } else { self.layers.clone() }
    }

    /// Whether requests to HTTP bindings may count.
    pub(super) fn may_look_at_bindings(&self) -> bool {
        self.may_count(Layer::Rest, "REST")
    }

    /// Whether what generated clients rely on may count.
    pub(super) fn may_look_at_source(&self) -> bool {
        self.may_count(Layer::Source, "ANNOTATIONS")
    }

    /// Whether a layer selects somewhere, be it for some names alone, or a rule of a group is selected.
    fn may_count(&self, layer: Layer, group: &str) -> bool {
        let sections = || {
            let scopes = self.config.scopes.iter().map(|scope| self.config.breaking_in(scope));
            scopes.chain([&self.config.breaking])
        };
        let uses = &self.rule_names.uses;
        let selects = match (self.layers.is_empty(), select_alone(uses, &self.config.own)) {
            (false, _) => self.layers.contains(&layer),
            (true, true) => false,
            (true, false) => sections().any(|section| match &section.layers {
                Some(layers) => layers.contains(&layer),
                // Registries report beside the layers.
                None => !uses.is_empty() && DEFAULT_LAYERS.contains(&layer),
            }),
        };
        let of_names = || sections().flat_map(|section| &section.policies).any(|policy| policy.layers.contains(&layer));
        selects || of_names() || self.names_one_of(group)
    }

    /// Whether rules of a group are among those that are named for this run or in the configuration.
    fn names_one_of(&self, group: &str) -> bool {
        let sections = self.config.scopes.iter().map(|scope| &self.config.breaking_in(scope).uses);
        let configured = sections.chain([&self.config.breaking.uses]).flatten();
        let is_of_group = |name: &String| {
            name == ALL || Family::Breaking.named(name).iter().any(|rule| rule.page.groups().any(|of| of == group))
        };
        self.rule_names.uses.iter().chain(configured).any(is_of_group)
    }
}

impl Sides {
    /// Whether a change reaches files that did not change, wherever they are: their fields read as the first value of a
    /// closed enum where they are not set, require one of its values, and their extensions are lost where a field holds
    /// another type than the one that they extend. Their rpcs say for whom other validation rules matter.
    pub(super) fn changes_other_files(&self) -> bool {
        let (before, after) = (closed_enums(&self.before), closed_enums(&self.after));
        let reaches = |old: &ClosedEnum, new: &ClosedEnum| {
            old.first != new.first || new.numbers.iter().any(|number| old.numbers.binary_search(number).is_err())
        };
        before.iter().any(|(name, old)| after.get(name).is_some_and(|new| reaches(old, new)))
            || extendable_fields(&self.before) != extendable_fields(&self.after)
            || (self.can_break(Layer::Validation) && validation_rules(&self.before) != validation_rules(&self.after))
    }

    /// Whether files that did not change say what the annotations of others mean: another one may declare a resource,
    /// which resource is the parent of which can be written anywhere, and rpcs say which fields clients write.
    pub(super) fn changes_annotations(&self) -> bool {
        let after = resource_patterns(&self.after);
        if resource_patterns(&self.before).iter().any(|old| !after.contains(old)) {
            return true;
        }
        if gain_behaviors(&self.before, &self.after) {
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

/// Whether fields have behaviors that they had not, or are not only output any more; of new fields only those matter
/// that have to be set.
fn gain_behaviors(before: &Loaded, after: &Loaded) -> bool {
    fn fields(side: &Loaded) -> impl Iterator<Item = Field<'_>> {
        side.schema.files().filter(|file| file.is_target()).flat_map(|file| file.all_fields())
    }
    const OUTPUT_ONLY: &str = "OUTPUT_ONLY";
    let behaviors = |field: Field<'_>| -> Vec<String> {
        field.behaviors().map(|(behavior, _)| behavior.to_owned()).filter(|behavior| behavior != "OPTIONAL").collect()
    };
    let old: FxHashMap<String, Vec<String>> =
        fields(before).map(|field| (field.full_name(), behaviors(field))).collect();
    let messages: FxHashSet<&str> =
        fields(before).filter_map(|field| field.parent()).map(|message| message.full_name()).collect();
    let is_changed = |field: Field<'_>| {
        let now = behaviors(field);
        match old.get(&field.full_name()) {
            Some(known) => {
                let is_output = |all: &[String]| all.iter().any(|behavior| behavior == OUTPUT_ONLY);
                now.iter().any(|behavior| !known.contains(behavior)) || (is_output(known) && !is_output(&now))
            }
            None => {
                let is_known = || field.parent().is_some_and(|message| messages.contains(message.full_name()));
                now.iter().any(|behavior| behavior == "REQUIRED") && is_known()
            }
        }
    };
    fields(after).any(is_changed)
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

/// What has validation rules, with these.
fn validation_rules(side: &Loaded) -> BTreeSet<(String, String)> {
    const PACKAGE: &str = "buf.validate";
    let rules = |element: Element<'_>| {
        let has_rules = element.options().has_extension_of(PACKAGE);
        has_rules.then(|| {
            let rules =
                Annotations::of_element(element).iter().map(|(name, value)| format!("{name}{value};")).collect();
            (element.full_name(), rules)
        })
    };
    let files = side.schema.files().filter(|file| file.is_target());
    let uses_them = files.filter(|file| file.option_extensions().any(|e| e.file().package() == Some(PACKAGE)));
    let elements = uses_them.flat_map(|file| {
        let messages = file.all_messages();
        let own = messages.flat_map(|message| {
            message.oneofs().map(Element::from).chain([Element::from(message)]).collect::<Vec<_>>()
        });
        file.all_fields().map(Element::from).chain(own).collect::<Vec<_>>()
    });
    elements.filter_map(rules).collect()
}
