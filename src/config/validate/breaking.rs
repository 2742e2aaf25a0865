//! What the `breaking` section means.

use super::sections::{BREAKING, POLICY, SECTIONS, defaults};
use super::{options, patterns, severity};
use crate::config::breaking::{BreakingConfig, LayerPolicy};
use crate::config::names::{self, RuleList, listed};
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Fields, Reader, Word};
use crate::config::sets::{Sets, select_alone};
use crate::finding::{DirectionFilter, Layer};
use crate::nearest::nearest;
use crate::rules::Family;
use crate::source::Span;

pub(super) fn breaking(reader: &mut Reader, entry: &Entry, sets: Sets) -> BreakingConfig {
    let mut breaking = defaults(sets).1;
    let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[BREAKING], &SECTIONS);
    let mut text = |key: &str| fields.get(key).and_then(|entry| reader.word(entry));
    let (against, tag_pattern) = (text("against"), text("tag_pattern"));
    for (key, word) in [("against", &against), ("tag_pattern", &tag_pattern)] {
        if let Some(word) = word.as_ref().filter(|word| word.text.is_empty()) {
            reader.fault(word.span, format!("`{key}` is empty"), "remove the key to use the default");
        }
    }
    breaking.against = against.map(|word| word.text);
    breaking.tag_pattern = tag_pattern.map(|word| word.text);
    if let Some(entry) = fields.get("layers") {
        let layers = layers(reader, entry);
        if matches!(&entry.value.value, Value::List(items) if items.is_empty()) {
            reader.fault(
                entry.key.span,
                "`layers` is empty, so no change would be reported",
                "layers: [wire, json, grpc, rest, validation]",
            );
        }
        breaking.layers = Some(layers);
    }
    if let Some(direction) = fields.get("direction").and_then(|entry| direction(reader, entry)) {
        breaking.direction = direction;
    }
    selection(reader, &fields, &mut breaking);
    if select_alone(&breaking.uses) && !fields.contains_key("layers") {
        breaking.layers = None;
    }
    if let Some(entry) = fields.get("severity") {
        breaking.severity = severity::severities(reader, entry, Family::Breaking);
    }
    if let Some(entry) = fields.get("ignore") {
        breaking.ignore = patterns::ignores(reader, entry, Family::Breaking);
    }
    if let Some(entry) = fields.get("ignore_packages") {
        breaking.ignore_packages = options::name_patterns(reader, entry, "write a package, such as acme.internal.**");
    }
    if let Some(on) = fields.get("ignore_comments").and_then(|entry| reader.boolean(entry)) {
        breaking.ignore_comments = on;
    }
    if let Some(on) = fields.get("ignore_unstable_packages").and_then(|entry| reader.boolean(entry)) {
        breaking.ignore_unstable_packages = on;
    }
    if let Some(entry) = fields.get("policies") {
        breaking.policies = policies(reader, entry);
    }
    breaking
}

fn layers(reader: &mut Reader, entry: &Entry) -> Vec<Layer> {
    let mut layers = Vec::new();
    for word in reader.word_or_words(entry) {
        match Layer::ALL.into_iter().find(|layer| layer.name() == word.text) {
            Some(layer) => layers.push(layer),
            None => {
                let names = Layer::ALL.map(Layer::name);
                let help = match nearest(&word.text, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("layers are {}", listed(&names)),
                };
                reader.fault(word.span, format!("unknown layer `{word}`"), help);
            }
        }
    }
    layers.sort_unstable();
    layers.dedup();
    layers
}

fn direction(reader: &mut Reader, entry: &Entry) -> Option<DirectionFilter> {
    let word = reader.word(entry)?;
    let found = DirectionFilter::ALL.into_iter().find(|direction| direction.name() == word.text);
    if found.is_none() {
        let names = DirectionFilter::ALL.map(DirectionFilter::name);
        let help = match nearest(&word.text, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("directions are {}", listed(&names)),
        };
        reader.fault(word.span, format!("unknown direction `{word}`"), help);
    }
    found
}

fn selection(reader: &mut Reader, fields: &Fields<'_>, breaking: &mut BreakingConfig) {
    let mut words = |key: &str| fields.get(key).map_or_else(Vec::new, |entry| reader.words(entry));
    let (uses, except) = (words("use"), words("except"));
    let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    (breaking.uses, breaking.except) = (texts(&uses), texts(&except));
    let unknown = names::select(breaking.sets, Family::Breaking, &breaking.uses, &breaking.except).err();
    for unknown in unknown.unwrap_or_default() {
        let words = if unknown.list == RuleList::Use { &uses } else { &except };
        let span = words.get(unknown.index).map_or(Span::new(0, 0), |word| word.span);
        reader.fault(span, unknown.message, unknown.help);
    }
}

fn policies(reader: &mut Reader, entry: &Entry) -> Vec<LayerPolicy> {
    const EXAMPLE: &str = "- {match: acme.internal.**, layers: [wire]}";
    let Value::List(items) = &entry.value.value else {
        reader.wrong(entry, "a list of policies", EXAMPLE);
        return Vec::new();
    };
    let mut policies = Vec::new();
    for item in items {
        let fields = reader.fields(item, item.span, &SECTIONS[POLICY], &SECTIONS);
        let (Some(matching), Some(chosen)) = (fields.get("match"), fields.get("layers")) else {
            reader.fault(item.span, "a policy needs `match` and `layers`", EXAMPLE);
            continue;
        };
        let pattern = options::name_pattern(reader, matching, "write a full name, such as acme.internal.**");
        let direction = fields.get("direction").and_then(|entry| direction(reader, entry));
        policies.push(LayerPolicy { pattern, layers: layers(reader, chosen), direction });
    }
    policies
}
