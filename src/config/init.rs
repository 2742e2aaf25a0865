//! The text of a new `protolint.yaml`: the keys that most projects set, as `init/short.yaml` has them, or every key with
//! its default and its meaning, as `init/full.yaml` has them. Defaults and groups are taken from where they are defined,
//! and stand there as `{name}`.

use std::fmt::Write;

use super::sets::{PRESETS, Sets};
use crate::finding::Layer;
use crate::rules::own::Kind;
use crate::rules::settings::{Commented, NameCase};
use crate::rules::{self, DEFAULT_USE, Family, Settings};

/// Where editors find the JSON Schema.
pub(super) const SCHEMA_URL: &str =
    "https://raw.githubusercontent.com/protolint-rs/protolint/main/protolint.schema.json";

/// A short configuration that says what an absent one means; reading it gives [`super::Config::default`].
pub fn short_text() -> String {
    format!(
        include_str!("init/short.yaml"),
        schema = SCHEMA_URL,
        uses = DEFAULT_USE.join(", "),
        layers = rules::DEFAULT_LAYERS.map(Layer::name).join(", "),
    )
}

/// The same in full, with the preset of this version.
pub fn full_text() -> String {
    let settings = Settings::default();
    format!(
        include_str!("init/full.yaml"),
        schema = SCHEMA_URL,
        preset = PRESETS.last().map_or(0, |preset| preset.year),
        layers = rules::DEFAULT_LAYERS.map(Layer::name).join(", "),
        kinds = Kind::ALL.map(Kind::name).join(", "),
        breaking_groups = groups(Family::Breaking),
        groups = groups(Family::Lint),
        uses = DEFAULT_USE.join(", "),
        warnings = Sets::default().warnings().map(|rule| rule.id).collect::<Vec<_>>().join(", "),
        zero_suffixes = settings.enum_zero_value_suffix.join(", "),
        service_suffix = settings.service_suffix,
        same = settings.rpc_allow_same_request_response,
        empty_requests = settings.rpc_allow_google_protobuf_empty_requests,
        empty_responses = settings.rpc_allow_google_protobuf_empty_responses,
        hot_fields = settings.hot_fields.patterns().join(", "),
        quote = settings.quote.name(),
        indent = settings.indent.name(),
        line_length = settings.line_length,
        tab_width = settings.tab_width,
        plurals = settings.plurals.join(", "),
        syntax = settings.syntax,
        prepositions = quoted(&settings.prepositions),
        preposition_exceptions = settings.preposition_exceptions.join(", "),
        name_cases = NameCase::ALL.map(NameCase::name).join(", "),
        rpc_name_case = settings.rpc_name_case.name(),
        exempt_messages = settings.comment_exempt_requests_and_responses,
        commented = Commented::ALL.map(Commented::name).join(", "),
        starts_with_name =
            settings.comment_starts_with_name.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "),
    )
}

/// Words in quotes: `on` by itself is a switch in YAML.
fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

/// A comment line for each group, and one for the rules that are in none.
fn groups(family: Family) -> String {
    let mut text = String::new();
    let of_registry = |group: &str| family.named(group)[0].page.registry();
    let (of_registries, others): (Vec<&str>, Vec<&str>) =
        family.groups().into_iter().partition(|group| of_registry(group).is_some());
    for group in others {
        let _ = writeln!(text, "  #   {group} ({} rules)", family.named(group).len());
    }
    for groups in of_registries.chunk_by(|one, other| of_registry(one) == of_registry(other)) {
        let registry = of_registry(groups[0]).unwrap_or_default();
        let _ = writeln!(text, "  #   {}: what {registry} rejects, beside what breaks the layers", groups.join(", "));
    }
    let alone: Vec<&str> =
        family.rules().iter().filter(|rule| rule.page.groups().next().is_none()).map(|rule| rule.id).collect();
    if !alone.is_empty() {
        let _ = writeln!(text, "  # In no group: {}", alone.join(", "));
    }
    text
}
